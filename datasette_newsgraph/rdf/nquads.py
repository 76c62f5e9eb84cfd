"""N-Quads (RDF 1.1 N-Quads): N-Triples whose statements stand in a named graph.

All of them are in the one graph that the base IRI names, so that several news graphs in one store
can be told apart, and each be replaced by a newer export.
"""

from __future__ import annotations

from datasette_newsgraph.rdf.escapes import narrow
from datasette_newsgraph.rdf.ntriples import NTriples


class NQuads(NTriples):
    """Writes N-Quads."""

    def __init__(self, base: str) -> None:
        super().__init__(base)
        self.end = f" <{narrow(base)}> .\n"
