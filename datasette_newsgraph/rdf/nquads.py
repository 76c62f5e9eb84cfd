"""N-Quads (RDF 1.1 N-Quads): N-Triples with the name of the graph behind what is said in an article."""

from __future__ import annotations

from collections.abc import Iterable

from datasette_newsgraph.mapping import Ref
from datasette_newsgraph.rdf.escapes import escape_template
from datasette_newsgraph.rdf.graph_syntax import GraphSyntax, Stated
from datasette_newsgraph.rdf.ntriples import NTriples


class NQuads(NTriples, GraphSyntax):
    """Writes N-Quads."""

    end_template = "{_graph}"

    def graph_template(self, graph: Ref | None) -> str:
        """Return the end of a line with the name of the graph."""
        if graph is None:
            return escape_template(self.end)
        return f" <{escape_template(self.ids)}{graph.path}>{escape_template(self.end)}"

    def stated(self, article: str, statements: Iterable[Stated]) -> str:
        """Return a line for each statement."""
        entity, end = f"<{self.ids}entity/", f" <{self.ids}article/{article}>{self.end}"
        return "".join(
            [f"{entity}{subject}> {said} {object_}{end}" for subject, said, object_ in statements]
        )
