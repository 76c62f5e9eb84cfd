"""What WebAnno and INCEpTION annotate, in whatever file: layers of spans, relations and chains."""
