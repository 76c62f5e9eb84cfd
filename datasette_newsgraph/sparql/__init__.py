"""Questions in SPARQL over the file as it is: rdflib's algebra, and the tables as its graph."""
