"""The page on which pairs are reviewed that may be one thing."""
