"""Read ACE and ERE as they are prepared for OneIE, and what OneIE predicts."""
