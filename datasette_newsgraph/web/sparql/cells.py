"""The terms of an answer as a page shows them: names with links to our pages, values, web addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rdflib.term import BNode, Literal, Node, URIRef

from datasette_newsgraph.iri import web_address
from datasette_newsgraph.kinds import ARTICLE, BY_NAME, Place
from datasette_newsgraph.sparql.answer import Term
from datasette_newsgraph.sparql.forms import STRING
from datasette_newsgraph.sparql.values import NUMBERS
from datasette_newsgraph.vocabulary import ID_PATH, LABEL_PATH, OWN_NAMESPACE
from datasette_newsgraph.web.links import Links
from datasette_newsgraph.web.sparql.names import Thing

#: Characters of a value that are shown; downloads have all.
LONGEST = 1_000
_THING = re.compile(r"(?P<kind>[a-z]+)/(?P<key>[^/#?]+)(?P<rest>(?:/text)?(?:#.*)?)", re.DOTALL)
_SPAN = re.compile(r"/text#char=(\d{1,18}),(\d{1,18})")
_LOCAL = re.compile(r"[\w.~-]+")

Row: TypeAlias = Sequence[Term]


@dataclass(frozen=True)
class Cell:
    """A term as it is shown. ``note`` stands small behind it: a datatype, a language, what is left out.

    ``href`` is where it leads; ``is_outward``, that this is to a server of somebody else.
    """

    text: str
    href: str | None = None
    is_outward: bool = False
    is_number: bool = False
    language: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Column:
    """The head of a column. ``note`` is the datatype of all its values, where they have one."""

    name: str
    is_number: bool
    note: str


class Cells:
    """Makes cells of the terms of one graph. ``names`` are those of its things."""

    def __init__(
        self,
        base: str,
        links: Links,
        prefixes: Mapping[str, str],
        names: Mapping[Thing, str],
    ) -> None:
        self._base = base
        self._links = links
        self._names = names
        # The longest namespace is the nearest.
        by_length = sorted(prefixes.items(), key=lambda each: -len(each[1]))
        self._prefixes = [(namespace, prefix) for prefix, namespace in by_length]

    def cell(self, term: Term) -> Cell | None:
        """Return how a term is shown; None for what is not bound."""
        if term is None:
            return None
        if isinstance(term, URIRef):
            return self._of_iri(str(term))
        if isinstance(term, Literal):
            return self._of_literal(term)
        return Cell(f"_:{term}" if isinstance(term, BNode) else str(term))

    def columns(self, names: Sequence[str], rows: Sequence[Row]) -> list[Column]:
        """Return the heads of the columns of a table."""
        found = []
        for place, name in enumerate(names):
            datatypes = {_datatype(row[place]) for row in rows if row[place] is not None}
            (only,) = datatypes if len(datatypes) == 1 else ("",)
            found.append(Column(name, only in NUMBERS, self.short(only) if only else ""))
        return found

    def short(self, iri: str) -> str:
        """Return an IRI with a prefix, where it has one of the graph's; else as it is."""
        for namespace, prefix in self._prefixes:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def _of_iri(self, iri: str) -> Cell:
        own = thing_of(iri, self._base)
        if own is not None:
            return self._of_thing(own, iri)
        text = _cut(self.short(iri))
        for namespace in (self._base + LABEL_PATH, OWN_NAMESPACE):
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return Cell(text, f"{self._links.home}/ns#{iri[len(namespace) :]}")
        address = web_address(iri)
        return Cell(text, address, is_outward=address is not None)

    def _of_thing(self, own: re.Match[str], iri: str) -> Cell:
        kind, key, rest = own["kind"], own["key"], own["rest"]
        span = _SPAN.fullmatch(rest) if kind == ARTICLE.name else None
        if span is not None:
            place = self._links.span(key, int(span[1]), int(span[2]))
            return Cell(f"characters {span[1]}–{span[2]}", place)
        declared = BY_NAME.get(kind)
        if declared is not None and declared.place is not Place.OVERVIEW:
            href = self._links.page(kind, key)
        else:
            href = self._links.identifier(kind, key)
        name = None if rest else self._names.get((kind, key))
        return Cell(_cut(name or self.short(iri).removeprefix(self._base + ID_PATH)), href)

    def _of_literal(self, literal: Literal) -> Cell:
        datatype = _datatype(literal)
        note = f"@{literal.language}" if literal.language else self.short(datatype)
        return Cell(
            _cut(str(literal)),
            is_number=datatype in NUMBERS,
            language=literal.language,
            note=note,
        )


def things_in(rows: Iterable[Row], base: str) -> set[Thing]:
    """Return the things of the graph that stand in some rows."""
    terms = {term for row in rows for term in row if isinstance(term, URIRef)}
    found = (thing_of(str(term), base) for term in terms)
    return {(each["kind"], each["key"]) for each in found if each and not each["rest"]}


def thing_of(iri: str, base: str) -> re.Match[str] | None:
    """Return kind, key and the rest of the identifier IRI of a thing of a graph; None for others."""
    if not iri.startswith(base + ID_PATH):
        return None
    return _THING.fullmatch(iri, len(base + ID_PATH))


def _datatype(term: Node | None) -> str:
    """Return the IRI of a datatype that is worth to be said; nothing for plain words."""
    if not isinstance(term, Literal) or term.language or term.datatype is None:
        return ""
    return "" if str(term.datatype) == STRING else str(term.datatype)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
