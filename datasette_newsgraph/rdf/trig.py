"""TriG (RDF 1.1 TriG): Turtle with what is said in an article in braces, behind the graph's name."""

from __future__ import annotations

from collections.abc import Iterable

from datasette_newsgraph.mapping import Ref
from datasette_newsgraph.rdf.graph_syntax import GraphSyntax, Stated
from datasette_newsgraph.rdf.turtle import Turtle

_ARTICLE = Ref("article/{key}")


class TriG(Turtle, GraphSyntax):
    """Writes TriG."""

    graph_end = "}\n"

    def graph_begin(self, article: str) -> str:
        """Return the name of the graph and the opening brace."""
        return f"{self.separator}{self._own(_ARTICLE).format(key=article)} {{"

    def stated(self, article: str, statements: Iterable[Stated]) -> str:
        """Return a block of a line for each statement."""
        lines = [
            f"{self.entity(subject)} {said} {object_} .\n" for subject, said, object_ in statements
        ]
        return self.separator + "".join(lines) if lines else ""
