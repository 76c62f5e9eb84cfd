"""Read columns of tokens and tags: CoNLL files, and the HIPE-2022 tables of historical newspapers."""
