"""RDF over HTTP: who is given which representation, and how it is sent."""
