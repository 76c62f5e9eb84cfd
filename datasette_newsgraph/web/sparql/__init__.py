"""Questions in SPARQL over HTTP."""
