"""What Datasette serves of a news graph: pages, RDF, facets, and who may see which of it."""
