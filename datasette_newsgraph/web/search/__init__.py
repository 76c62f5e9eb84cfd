"""Search in articles, entities and quotes: the page, the same as RDF, and the jump menu."""
