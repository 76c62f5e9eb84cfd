"""Read CoNLL-U with names or coreference in its last column: GUM, CorefUD, Stanza."""
