"""Read relations: a table of subject, predicate and object (CSV, TSV), or the same in JSON."""
