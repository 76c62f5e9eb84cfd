"""GATE: documents with sets of annotations, as XML and as JSON."""
