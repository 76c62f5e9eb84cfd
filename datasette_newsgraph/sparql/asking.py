"""Ask a graph a question in SPARQL 1.1.

All of a question that SQL can surely answer the same becomes one SELECT. What cannot is worked out by
rdflib, part by part, over a store that reads the tables: see ``store``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Identifier, Literal, URIRef, Variable

from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.sparql import aggregates, evaluating, functions
from datasette_newsgraph.sparql.answer import Answer, Solutions, Term, Triple, Triples, Truth
from datasette_newsgraph.sparql.branch import Name, Untranslated, Workshop
from datasette_newsgraph.sparql.facts import Facts
from datasette_newsgraph.sparql.limits import Limits, too_long
from datasette_newsgraph.sparql.operators import Operators
from datasette_newsgraph.sparql.question import Question, read_question
from datasette_newsgraph.sparql.rows import rows_of
from datasette_newsgraph.sparql.sources.graph import Sources
from datasette_newsgraph.sparql.store import evaluated

#: Steps of SQLite between two looks at the clock.
_STEPS = 20_000


def ask(
    connection: sqlite3.Connection,
    base: str,
    text: str,
    *,
    tables: Container[str] = EVERY_TABLE,
    assert_from: float = ASSERT_FROM,
    limits: Limits | None = None,
) -> Answer:
    """Return the answer to a question about the graph that an export of these ``tables`` would be.

    The connection is used until the answer has been read; it should hold a read transaction. Raises
    BadQuery with the words of the parser, and QueryStopped; both also while the answer is read.
    """
    limits = limits or Limits()
    question = read_question(text)
    for each in (functions, evaluating, aggregates):
        each.install(connection)
    connection.set_progress_handler(lambda: int(limits.is_over), _STEPS)
    sources = Sources(Facts(connection, base, tables, assert_from))
    return _Asking(sources, question, limits).answer()


class _Asking:
    """One question on its way to an answer."""

    def __init__(self, sources: Sources, question: Question, limits: Limits) -> None:
        self.sources, self.question, self.limits = sources, question, limits

    def answer(self) -> Answer:
        """Return the answer."""
        algebra = self.question.algebra
        if algebra.name == "AskQuery":
            return Truth(next(iter(self._solutions(algebra.p, ())), None) is not None)
        if algebra.name == "SelectQuery":
            names = tuple(self.question.names)
            return Solutions(tuple(map(str, names)), self._counted(algebra.p, names))
        if algebra.name == "ConstructQuery":
            return Triples(self._limited(self._constructed(algebra)))
        return Triples(self._limited(self._described(algebra)))

    def _solutions(self, part: CompValue, names: tuple[Name, ...]) -> Iterator[tuple[Term, ...]]:
        """Yield the terms of some names in each solution of a part of the algebra."""
        try:
            workshop = Workshop(self.sources.facts)
            end, branch, found = Operators(workshop, self.sources).modifiers.select(part)
        except Untranslated:
            yield from self._guarded(evaluated(self.sources, self.question, part, names))
            return
        except sqlite3.OperationalError as error:
            raise self._stopped(error) from error
        yield from self._guarded(rows_of(workshop, branch, names or tuple(found), end))

    def _guarded(self, rows: Iterator[tuple[Term, ...]]) -> Iterator[tuple[Term, ...]]:
        """Yield rows while there is time."""
        try:
            for row in rows:
                self.limits.require_time()
                yield row
        except sqlite3.OperationalError as error:
            raise self._stopped(error) from error

    def _stopped(self, error: sqlite3.OperationalError) -> Exception:
        seconds = self.limits.seconds
        return too_long(seconds) if self.limits.is_over and seconds is not None else error

    def _counted(self, part: CompValue, names: tuple[Name, ...]) -> Iterator[tuple[Term, ...]]:
        for number, row in enumerate(self._solutions(part, names), 1):
            self.limits.require_few(number)
            yield row

    def _limited(self, triples: Iterator[Triple]) -> Iterator[Triple]:
        seen: set[Triple] = set()
        for triple in triples:
            if triple not in seen:
                seen.add(triple)
                self.limits.require_few(len(seen))
                yield triple

    # Graphs.

    def _constructed(self, algebra: CompValue) -> Iterator[Triple]:
        template = algebra.template
        if not template:
            pattern = algebra.p
            while pattern.name != "BGP":
                pattern = pattern.p
            template = pattern.triples
        terms = dict.fromkeys(term for triple in template for term in triple)
        names = tuple(each for each in terms if isinstance(each, Variable))
        for row in self._solutions(algebra.p, names):
            given = dict(zip(names, row, strict=True))
            blank: dict[BNode, BNode] = {}
            for triple in template:
                made = [_filled(each, given, blank) for each in triple]
                if _is_triple(made):
                    yield (made[0], made[1], made[2])

    def _described(self, algebra: CompValue) -> Iterator[Triple]:
        """Yield the triples of which something asked for is the subject."""
        asked = [each for each in algebra.PV if isinstance(each, URIRef)]
        names = tuple(each for each in algebra.PV if isinstance(each, Variable))
        found: dict[Identifier, None] = dict.fromkeys(asked)
        if algebra.p is not None:
            for row in self._solutions(algebra.p, names):
                found.update((each, None) for each in row if isinstance(each, URIRef))
        for subject in found:
            yield from self._of_subject(subject)

    def _of_subject(self, subject: Identifier) -> Iterator[Triple]:
        predicate, object_ = Variable("p"), Variable("o")
        pattern = CompValue("BGP", triples=[(subject, predicate, object_)])
        project = CompValue("Project", p=pattern, PV=[predicate, object_])
        for row in self._solutions(project, (predicate, object_)):
            if row[0] is not None and row[1] is not None:
                yield (subject, row[0], row[1])


def _filled(term: Any, given: dict[Variable, Term], blank: dict[BNode, BNode]) -> Any:
    if isinstance(term, BNode):
        return blank.setdefault(term, BNode())
    return given.get(term) if isinstance(term, Variable) else term


def _is_triple(terms: list[Any]) -> bool:
    subject, predicate, object_ = terms
    return (
        isinstance(subject, URIRef | BNode)
        and isinstance(predicate, URIRef)
        and isinstance(object_, URIRef | BNode | Literal)
    )
