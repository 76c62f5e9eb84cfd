"""What a page is about, as schema.org in JSON-LD within the page, for search engines and clippers.

It is made of the very triples that the profile ``schema`` of an export has of the thing, as far as its
visitor may see them, and as far as a page has room. So page and export say the same of it.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from datasette.database import QueryInterrupted
from markupsafe import Markup
from sqlite_utils import Database

from datasette_newsgraph.errors import WrongValue
from datasette_newsgraph.iri import WEB
from datasette_newsgraph.kinds import ARTICLE, Kind
from datasette_newsgraph.mapping import NODES, Value
from datasette_newsgraph.mapping.profiles import profile_named
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.label_terms import read_vocabulary
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.store import get_base
from datasette_newsgraph.vocabulary import ID_PATH, Vocabulary, expand
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.frame.compact import IRI, Compact, Data, Object, Triples, read_triples
from datasette_newsgraph.web.frame.shown_part import PARTS, Reader

_PROFILE = profile_named("schema")
_N_TRIPLES = format_named("ntriples")


def _schema(name: str) -> str:
    return expand(f"schema:{name}", "")


#: What is said of a thing that another one names.
NAMING = frozenset(
    map(_schema, ("name", "headline", "url", "datePublished", "publisher", "sha256"))
)
#: Properties that hold addresses that users give.
ADDRESSES = frozenset(
    expand(each.term, "")
    for node in NODES
    for each in node.properties
    if each.value in (Value.IRI, Value.IRI_OR_STRING) and _PROFILE.has_term(each.term)
)
#: Whoever reads this may open what it leads to.
_TYPE = expand("rdf:type", "")
_URL, _PAGE, _BASED_ON = map(_schema, ("url", "mainEntityOfPage", "isBasedOn"))
#: What would end a script, or begin one; and what ends a line in JavaScript, but not in JSON.
_UNSAFE = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def script(data: Data) -> Markup:
    """Return JSON-LD as it may stand within a ``<script>``, whatever is in it."""
    return Markup(json.dumps(data, ensure_ascii=False).translate(_UNSAFE))  # noqa: S704  # escaped


async def thing(visit: Visit, kind: Kind, row: Any, page: str) -> Data | None:
    """Return the thing that is a row of the table of its kind as JSON-LD; ``page`` is the address of
    the page that is about it. None where its triples cannot be read.
    """

    def read(connection: sqlite3.Connection) -> tuple[str, Triples]:
        connection.execute("BEGIN")
        try:
            return _read(connection, visit, kind, row["id"])
        finally:
            connection.execute("ROLLBACK")

    try:
        base, triples = await visit.read(read)
    except WrongValue as error:
        # What cannot be written is for the download to complain of; a page can do without.
        report(Fault.UNSAID, visit.graph.name, error)
        return None
    except QueryInterrupted:
        report(Fault.SLOW, visit.graph.name)
        return None
    iri = f"{base}{ID_PATH}{kind.node.iri.path.format(key=row['key'])}"
    if iri not in triples:
        return None
    _lead_to_web(triples, base)
    _add_addresses(triples[iri], page, kind)
    return Compact(triples, NAMING).object_(iri)


def _read(
    connection: sqlite3.Connection, visit: Visit, kind: Kind, number: int
) -> tuple[str, Triples]:
    """Return the base of a graph, and what an export says of a thing and of what it names."""
    sight, base = visit.sight, get_base(Database(connection))
    vocabulary = read_vocabulary(connection, base) if sight.sees("vocabulary") else Vocabulary(base)
    stream = GraphStream(
        connection,
        _N_TRIPLES.syntax(base),
        profile=_PROFILE,
        assert_from=visit.settings.assert_from,
        selection=PARTS[kind](Reader(connection, sight.sees, vocabulary), number),
        tables=sight.readable,
    )
    return base, read_triples(b"".join(stream).decode().split("\n")[:-1])


def _lead_to_web(triples: Triples, base: str) -> None:
    """Take out what users gave as an address, and a browser must not open."""
    web = (*WEB, base)
    for properties in triples.values():
        for name in [each for each in properties if each != _TYPE]:
            kept = [
                each
                for each in properties[name]
                if (each.text.lower().startswith(web) if each.kind == IRI else _is_text(name, each))
            ]
            if kept:
                properties[name] = kept
            else:
                del properties[name]


def _is_text(name: str, literal: Object) -> bool:
    """Tell whether a literal cannot be taken for an address, where one is looked for."""
    return name not in ADDRESSES or ":" not in literal.text


def _add_addresses(properties: dict[str, list[Object]], page: str, kind: Kind) -> None:
    """Say which page is about a thing: of an article the one that it was taken from, where that is
    known, as it is somebody else's.
    """
    urls = properties.get(_URL, ()) if kind is ARTICLE else ()
    original = [each for each in urls if each.kind == IRI]
    properties[_PAGE] = original or [Object(page, IRI)]
    if original:
        properties[_BASED_ON] = original
