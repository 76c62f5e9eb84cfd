"""TEI P5 and P4: names, quotes and registers in the text itself."""
