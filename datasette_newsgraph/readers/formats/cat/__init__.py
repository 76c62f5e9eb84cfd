"""CAT XML, in which corpora of NewsReader (MEANTIME) and others were annotated."""
