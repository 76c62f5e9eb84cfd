"""Syntaxes with named graphs: what an article says stands in a graph of its own.

The graph has the IRI of the article for its name, so that ``GRAPH ?article`` of SPARQL finds the
article of a statement with its properties, and the name leads to what is in the graph. It holds the
article, its text, the spans, mentions, evidence and quotes in it, and the plain statements that its own
evidence asserts. All else is of no article, and stands in the default graph.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from datasette_newsgraph.mapping import (
    ARTICLE,
    EVIDENCE,
    MENTION,
    PHRASE,
    QUOTE,
    SPAN,
    TEXT,
    ZONE,
    Ref,
)
from datasette_newsgraph.rdf.syntax import Syntax

#: The name of the graph in which nodes stand, by their kind; all others stand in the default graph.
GRAPHS: dict[str, Ref] = {
    **{node.kind: Ref("article/{key}") for node in (ARTICLE, TEXT)},
    **{
        node.kind: Ref("article/{article_key}")
        for node in (ZONE, SPAN, PHRASE, MENTION, EVIDENCE, QUOTE)
    },
}


#: The key of an entity, and a predicate and an object as they are written.
Stated = tuple[str, str, str]


class GraphSyntax(Syntax):
    """A syntax with named graphs. Its templates may name ``_graph``, too, for which ``graph_template``
    is put in.
    """

    has_graphs = True
    #: What stands behind the last node of a graph.
    graph_end: ClassVar[str] = ""

    def graph_template(self, graph: Ref | None) -> str:
        """Return the template that ``_graph`` stands for in nodes of a graph; None is the default
        graph.
        """
        return ""

    def graph_begin(self, article: str) -> str:
        """Return what stands before the first node of the graph of an article (its key)."""
        return ""

    @abstractmethod
    def stated(self, article: str, statements: Iterable[Stated]) -> str:
        """Return plain statements in the graph of an article (its key)."""
