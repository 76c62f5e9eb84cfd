"""Write the graph, or a part of it, as a document: a stream of bytes, rows → text, no object a triple.

Nodes come in key order: extractions, terms, entities, relations, publishers, authors, then articles
with all that lies in them, and decisions where they are asked for. So equal graphs are equal byte for
byte, whatever the order of loading, and memory holds a few hundred rows at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.mapping import Node
from datasette_newsgraph.mapping.profiles import FULL, Profile
from datasette_newsgraph.rdf.article_graphs import ArticleGraphs
from datasette_newsgraph.rdf.article_nodes import ArticleNodes
from datasette_newsgraph.rdf.compiled import Writer, compile_nodes
from datasette_newsgraph.rdf.decided_rows import DecidedRows
from datasette_newsgraph.rdf.decision_nodes import DecisionNodes
from datasette_newsgraph.rdf.entity_nodes import classes_of, entity_rows, geometry_row
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.graph_syntax import GraphSyntax
from datasette_newsgraph.rdf.label_terms import name_labels, read_vocabulary
from datasette_newsgraph.rdf.local_names import are_local_names
from datasette_newsgraph.rdf.parts import HEAD, WHOLE, Part
from datasette_newsgraph.rdf.relation_nodes import relation_rows
from datasette_newsgraph.rdf.selection import EVERY_TABLE, Selection
from datasette_newsgraph.rdf.source_nodes import author_rows, publisher_rows
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.vocabulary import LABEL_PREFIX, Vocabulary

#: Rows that are written as one piece, and articles with all that lies in them.
_ROWS = 100
_ARTICLES = 4


class GraphStream:
    """One pass over a database in one syntax. The connection should hold a read transaction.

    Only ``tables`` are read: what hangs on another is left out. A statement is written as a plain
    triple, too, if nothing may be read of its evidence.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        syntax: Syntax,
        *,
        profile: Profile = FULL,
        with_text: bool = False,
        with_decisions: bool = False,
        assert_from: float = ASSERT_FROM,
        selection: Selection | None = None,
        tables: Container[str] = EVERY_TABLE,
        writers: dict[str, Writer] | None = None,
    ) -> None:
        if syntax.has_local_names and not are_local_names(connection, tables):
            syntax = syntax.in_full
        self.syntax, self.profile = syntax, profile
        self.assert_from = assert_from
        self.with_decisions = with_decisions
        self.rows = GraphRows(connection, selection, tables, with_text=with_text)
        self.decided = DecidedRows(self.rows)
        self.vocabulary = (
            read_vocabulary(connection, syntax.base)
            if self.rows.may_read("vocabulary")
            else Vocabulary(syntax.base)
        )
        self._pieces: list[str] = []
        # Whoever counts nodes brings functions of their own.
        self._writers = writers or compile_nodes(syntax, profile, with_text=with_text)
        self._articles = ArticleNodes(
            syntax,
            self._writers,
            partial(classes_of, self.vocabulary, profile),
            self._pieces.append,
            with_text=with_text,
        )
        self._graphs = (
            ArticleGraphs(syntax, profile, self.vocabulary, self._pieces.append, assert_from)
            if isinstance(syntax, GraphSyntax)
            else None
        )

    def __iter__(self) -> Iterator[bytes]:
        """Yield the document in blocks; header and first nodes come at once."""
        return self.document(chain.from_iterable(map(self.part, WHOLE)))

    def document(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the document of which ``blocks`` are the parts of ``WHOLE`` in order, wherever they
        were written.
        """
        text, separator = self.syntax.header().encode("latin-1"), self.syntax.separator.encode()
        is_first = True
        for block in blocks:
            if is_first and block:
                block = block.removeprefix(separator)
                is_first = False
            yield text + block
            text = b""
        yield text + self.syntax.footer.encode("latin-1")

    def part(self, part: Part) -> Iterator[bytes]:
        """Yield a part of the document in blocks, its nodes only; each begins with the separator that
        the first of the document must not have. The head is one block. Raises WrongValue.
        """
        write, tables = self._written[part.kind]
        if self.rows.may_read(*tables):
            for _ in write(part):
                block = "".join(self._pieces)
                self._pieces.clear()
                yield block.encode("latin-1")

    @property
    def _written(self) -> dict[str, tuple[Callable[[Part], Iterator[None]], tuple[str, ...]]]:
        """Return what writes each kind of part, a block a step, and what it cannot do without."""
        return {
            HEAD: (self._head, ()),
            mapping.ENTITY.kind: (self._entities, ("entities",)),
            mapping.RELATION.kind: (self._relations, ("relations", "entities")),
            mapping.PUBLISHER.kind: (self._publishers, ("articles",)),
            mapping.AUTHOR.kind: (self._authors, ("articles",)),
            mapping.ARTICLE.kind: (self._all_of_articles, ("articles",)),
            mapping.DECISION.kind: (self._decisions, ("decisions", "decided", "as_given")),
        }

    def _head(self, part: Part) -> Iterator[None]:
        if self.rows.may_read("extractions") and mapping.EXTRACTION.kind in self._writers:
            for node in (mapping.EXTRACTION, mapping.AGENT):
                self._write(node, self.rows.nodes(node, part))
        self._write_terms()
        yield

    def _write(self, node: Node, rows: Iterable[Any]) -> None:
        self._writers[node.kind](rows, self._pieces.append)

    def _in_blocks(self, node: Node, rows: Iterator[Any]) -> Iterator[None]:
        while block := list(islice(rows, _ROWS)):
            self._write(node, block)
            yield

    def _write_terms(self) -> None:
        """Write the terms of ours that the labels of this database stand for. Raises UsageError before
        anything is written, if the syntax cannot write what one of them stands for.
        """
        syntax, profile = self.syntax, self.profile
        predicates = list(self.rows.predicates()) if profile.has_statements else []
        for label, object_ in predicates:
            iri = self.vocabulary.predicate(label, object_)
            if profile.has_iri(iri):
                syntax.require_predicate(iri)
        if not profile.has_term(f"{LABEL_PREFIX}:"):
            return
        labels = name_labels(self.vocabulary, predicates, self.rows.types())
        for term in sorted(labels):
            statements = [(syntax.iri("rdfs:label"), syntax.literal(term.label))]
            self._pieces.append(syntax.described(term.iri, term.class_, statements))

    def _entities(self, part: Part) -> Iterator[None]:
        rows = entity_rows(
            self.decided, part, self.syntax, self.vocabulary, self.profile, self.assert_from
        )
        if mapping.GEOMETRY.kind not in self._writers:
            yield from self._in_blocks(mapping.ENTITY, rows)
            return
        while block := list(islice(rows, _ROWS)):
            begin = 0
            for end, row in enumerate(block, 1):
                # Right behind its entity, wherever a part of the document begins.
                if (geometry := geometry_row(row)) is not None:
                    self._write(mapping.ENTITY, block[begin:end])
                    self._write(mapping.GEOMETRY, (geometry,))
                    begin = end
            self._write(mapping.ENTITY, block[begin:])
            yield

    def _relations(self, part: Part) -> Iterator[None]:
        if mapping.RELATION.kind in self._writers:
            columns = {each.column for each in self.profile.nodes[mapping.RELATION.kind].properties}
            rows = relation_rows(
                self.decided, part, self.vocabulary, as_claims="stated_in" in columns
            )
            yield from self._in_blocks(mapping.RELATION, rows)

    def _publishers(self, part: Part) -> Iterator[None]:
        if mapping.PUBLISHER.kind in self._writers:
            yield from self._in_blocks(mapping.PUBLISHER, publisher_rows(self.rows))

    def _authors(self, part: Part) -> Iterator[None]:
        if mapping.AUTHOR.kind in self._writers:
            yield from self._in_blocks(mapping.AUTHOR, author_rows(self.rows))

    def _decisions(self, part: Part) -> Iterator[None]:
        if self.with_decisions and mapping.DECISION.kind in self._writers:
            nodes = DecisionNodes(self.rows)
            self._write(mapping.DECIDER, nodes.decider_rows())
            yield
            yield from self._in_blocks(mapping.DECISION, nodes.decision_rows(part))

    def _all_of_articles(self, part: Part) -> Iterator[None]:
        articles = self._articles.write(self.rows, part, self._graphs)
        while True:
            written = len(list(islice(articles, _ARTICLES)))
            if written:
                yield
            if written < _ARTICLES:
                return
