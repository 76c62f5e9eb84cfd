"""Where in the tables the triples of spans stand: each place once, whatever is annotated there."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph import mapping
from datasette_newsgraph.article import ZONES
from datasette_newsgraph.sparql.facts import Facts
from datasette_newsgraph.sparql.forms import SPAN, TERM, Form
from datasette_newsgraph.sparql.sources.source import COUNT, PLACE, Source, literal, quoted, string
from datasette_newsgraph.vocabulary import expand, zone_class


def places(facts: Facts) -> str:
    """Return the SELECT of the places that are spans, each once."""
    tables = [each for each in ("mentions", "evidence", "quotes") if annotates(facts, each)]
    ways = [
        f"SELECT article_id, start_char, end_char FROM {table} WHERE start_char IS NOT NULL"
        for table in tables
    ]
    if facts.rows.may_read("zones"):
        ways.append("SELECT article_id, start_char, end_char FROM zones")
    if not ways:
        ways.append("SELECT 1 AS article_id, 1 AS start_char, 1 AS end_char WHERE 0")
    return f"({' UNION '.join(ways)})"


def annotates(facts: Facts, table: str) -> bool:
    """Tell whether a table of annotations may be read."""
    return facts.rows.may_read(table, "entities")


def start(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of where spans start."""
    yield _of_place(facts, iri, literal("CAST({s1} AS TEXT)", COUNT, number="{s1}"))


def end(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of where spans end."""
    yield _of_place(facts, iri, literal("CAST({s2} AS TEXT)", COUNT, number="{s2}"))


def context(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the texts of spans."""
    yield _of_place(facts, iri, Form(mapping.TEXT.kind, ("{s0}",)))


def _of_place(facts: Facts, iri: str, found: Form) -> Source:
    return Source(iri, Form(SPAN, PLACE), found, (f"{places(facts)} AS {{0}}",), held=True)


def words(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the words of mentions."""
    if annotates(facts, "mentions"):
        yield Source(
            iri,
            Form(SPAN, PLACE),
            string("{0}.surface"),
            ("mentions AS {0}",),
            (
                "{0}.start_char IS NOT NULL",
                "{0}.surface IS NOT NULL",
                "NOT EXISTS (SELECT 1 FROM mentions AS same WHERE"
                " same.article_id = {0}.article_id AND same.start_char = {0}.start_char"
                " AND same.end_char = {0}.end_char AND same.id < {0}.id)",
            ),
            words=True,
        )


def zones(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the classes of zones."""
    if facts.rows.may_read("zones"):
        yield Source(
            iri,
            Form(SPAN, PLACE),
            Form(TERM, (_zone_class_of("{0}.zone"),)),
            ("(SELECT DISTINCT article_id, start_char, end_char, zone FROM zones) AS {0}",),
        )


def _zone_class_of(sql: str) -> str:
    ways = " ".join(
        f"WHEN {quoted(zone)} THEN {quoted(expand(zone_class(zone), ''))}" for zone in ZONES
    )
    return f"CASE {sql} {ways} END"
