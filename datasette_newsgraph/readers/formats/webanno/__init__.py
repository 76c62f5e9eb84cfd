"""Read WebAnno TSV 3: a document whose tokens stand a line each, with a column for each feature."""
