"""How a term of RDF stands in SQL: as the number of a row, a place in a text, an IRI or a literal.

Joins compare these columns and never IRIs that are put together, so that SQLite's indexes serve them.
Each kind of term that the mapping has is a kind of form here; ``ENCODED`` holds any term as text, where
one variable has terms of several kinds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rdflib import Literal, URIRef
from rdflib.term import Identifier, Node

from datasette_newsgraph import mapping
from datasette_newsgraph.mapping import Node as Mapped
from datasette_newsgraph.mapping.profiles import FULL
from datasette_newsgraph.vocabulary import ID_PATH, PREFIXES

#: Kinds of forms beside the kinds of the mapping's nodes.
IRI, TERM, FORMER, LITERAL, ENCODED = "iri", "term", "former", "literal", "encoded"
#: Those that are IRIs as they are. Articles give the first; the second are of vocabularies and in
#: questions; the third were those of nodes.
IRIS = frozenset({IRI, TERM, FORMER})
SPAN = mapping.SPAN.kind
STRING = PREFIXES["xsd"] + "string"
LANGUAGE_STRING = PREFIXES["rdf"] + "langString"
_WHOLE = (PREFIXES["xsd"] + "integer", PREFIXES["xsd"] + "nonNegativeInteger")
_REAL = (PREFIXES["xsd"] + "decimal", PREFIXES["xsd"] + "double")
_SEPARATOR = "\x1f"
#: What an encoded term begins with.
_IRI, _LITERAL = "I", "L"


@dataclass(frozen=True)
class Form:
    """How a term stands in SQL: its kind, and one expression or more.

    ``values`` are by kind: the number of a row; article, start and end of a span; the key of a
    publisher or author; an IRI; lexical form, datatype and language of a literal (both empty where it
    has none), or the text of an encoded term. The first is null where there is no term. ``number``: the
    value of a number, ``words``: those of a span, where SQL knows them without looking further.
    ``is_sure``: there is a term in any case. ``is_exact``: equal numbers are the same literal.
    """

    kind: str
    values: tuple[str, ...]
    number: str | None = None
    words: str | None = None
    is_sure: bool = False
    is_exact: bool = False

    @property
    def is_plain(self) -> bool:
        """Tell whether it is surely a literal without datatype and language."""
        return self.kind == LITERAL and self.values[1:] == ("''", "''")

    @property
    def is_known(self) -> str:
        """Return the condition that there is a term."""
        return f"{self.number or self.values[0]} IS NOT NULL"


@dataclass(frozen=True)
class Numbered:
    """A kind whose terms follow from the key in a row: the table, and what stands around the key."""

    table: str
    before: str
    after: str


def _split(node: Mapped) -> tuple[str, str]:
    before, _, after = node.iri.path.partition("{key}")
    return before, after


#: The kinds of nodes that rows of tables are.
_TABLES = {
    mapping.EXTRACTION.kind: "extractions",
    mapping.AGENT.kind: "extractions",
    mapping.ENTITY.kind: "entities",
    mapping.GEOMETRY.kind: "entities",
    mapping.RELATION.kind: "relations",
    mapping.ARTICLE.kind: "articles",
    mapping.TEXT.kind: "articles",
    mapping.MENTION.kind: "mentions",
    mapping.EVIDENCE.kind: "evidence",
    mapping.QUOTE.kind: "quotes",
}
NUMBERED: dict[str, Numbered] = {
    kind: Numbered(table, *_split(FULL.nodes[kind])) for kind, table in _TABLES.items()
}
#: The kinds whose terms have a key that no table has.
KEYED: dict[str, str] = {node.kind: _split(node)[0] for node in (mapping.PUBLISHER, mapping.AUTHOR)}
_TEXT_OF = "article/{}/text"


class Forms:
    """Forms of the terms of one graph: to SQL and back. ``bind`` gives a value a place in the SQL."""

    def __init__(self, base: str, bind: Callable[[str], str]) -> None:
        self.ids = base + ID_PATH
        self.bind = bind

    # From a term to SQL.

    def literal(self, term: Literal) -> Form:
        """Return the form of a literal that a question names."""
        datatype = str(term.datatype or "")
        if datatype == STRING:
            datatype = ""
        language = (term.language or "").lower()
        values = (self.bind(str(term)), self._fixed(datatype), self._fixed(language))
        number = number_in(str(term), datatype)
        return Form(LITERAL, values, number, is_sure=True, is_exact=number == str(term))

    def iri(self, iri: str) -> Form:
        """Return the form of an IRI, whatever it names."""
        return Form(TERM, (self.bind(iri),), is_sure=True)

    def _fixed(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    # From one form to another.

    def iri_of(self, form: Form) -> str:
        """Return the SQL of the IRI that a form is, if it is one of a single kind."""
        if form.kind in IRIS:
            return form.values[0]
        if form.kind in NUMBERED:
            way = NUMBERED[form.kind]
            return self._around(way.before, self.key_of(form), way.after)
        if form.kind in KEYED:
            return self._around(KEYED[form.kind], form.values[0], "")
        article, start, end = form.values
        before, after = _TEXT_OF.split("{}")
        text = self._around(before, _key("articles", article), after)
        return f"({text} || '#char=' || {start} || ',' || {end})"

    def key_of(self, form: Form) -> str:
        """Return the SQL of the key of a numbered form; IRIs of a kind are in the order of keys."""
        return _key(NUMBERED[form.kind].table, form.values[0])

    def _around(self, before: str, key: str, after: str) -> str:
        found = f"({self.bind(self.ids + before)} || {key}"
        return found + (f" || {self.bind(after)})" if after else ")")

    def encoded(self, form: Form) -> Form:
        """Return the same term as an encoded one."""
        if form.kind == ENCODED:
            return form
        if form.kind == LITERAL:
            value, datatype, language = form.values
            text = f"('{_LITERAL}' || {datatype} || char(31) || {language} || char(31) || {value})"
        else:
            text = f"('{_IRI}' || {self.iri_of(form)})"
        return Form(ENCODED, (text,))

    # From SQL to a term.

    def read(self, form: Form) -> tuple[list[str], Callable[[Sequence[Any]], Node | None]]:
        """Return the columns to select for a form, and what makes the term of their values."""
        if form.kind in NUMBERED:
            way = NUMBERED[form.kind]
            before, after = self.ids + way.before, way.after
            return [
                self.key_of(form)
            ], lambda row: None if row[0] is None else _uri(f"{before}{row[0]}{after}")
        if form.kind in KEYED:
            before = self.ids + KEYED[form.kind]
            return [
                form.values[0]
            ], lambda row: None if row[0] is None else _uri(f"{before}{row[0]}")
        if form.kind == SPAN:
            article, start, end = form.values
            text = self.ids + _TEXT_OF
            return (
                [_key("articles", article), start, end],
                lambda row: (
                    None
                    if row[0] is None
                    else _uri(f"{text.format(row[0])}#char={row[1]},{row[2]}")
                ),
            )
        if form.kind == LITERAL:
            return list(
                form.values
            ), lambda row: None if row[0] is None else literal_of(row[0], row[1], row[2])
        if form.kind == ENCODED:
            return [form.values[0]], lambda row: decode(row[0])
        return [form.values[0]], lambda row: None if row[0] is None else _uri(row[0])


def number_in(text: str, datatype: str) -> str | None:
    """Return a number as SQL, where that is the same number; None for any other literal."""
    if datatype in _WHOLE and re.fullmatch(r"[+-]?\d{1,15}", text, re.ASCII):
        return str(int(text))
    if datatype in _REAL and re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text, re.ASCII):
        return repr(float(text))
    return None


def _key(table: str, number: str) -> str:
    return f"(SELECT named.key FROM {table} AS named WHERE named.id = {number})"


def _uri(text: str) -> URIRef:
    return URIRef(text)


def literal_of(value: str, datatype: str, language: str) -> Literal:
    """Return a literal just as it is written; rdflib would put another spelling of a value for it."""
    if language:
        return Literal(value, lang=language)
    return Literal(value, datatype=URIRef(datatype) if datatype else None, normalize=False)


def decode(text: str | None) -> Identifier | None:
    """Return the term that a text encodes."""
    if text is None:
        return None
    if text[0] == _IRI:
        return URIRef(text[1:])
    datatype, language, value = text[1:].split(_SEPARATOR, 2)
    return literal_of(value, datatype, language)


def encode(term: Node | None) -> str | None:
    """Return the text that encodes a term; None for none."""
    if isinstance(term, Literal):
        datatype = str(term.datatype or "")
        parts = ("" if datatype == STRING else datatype, (term.language or "").lower(), str(term))
        return _LITERAL + _SEPARATOR.join(parts)
    return None if term is None else _IRI + str(term)
