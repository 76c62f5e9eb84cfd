"""Read a JSON dump of Wikidata, line by line: `latest-all.json.gz` or `.bz2`, or a part of it.

Items are taken that have enough sitelinks (`--sitelinks`, 5 if it is not given), a label in one of the
languages (`--language`, English if it is not given), and a class of which the type is known. Of other
classes, what has headquarters is an organization, and what has coordinates and inhabitants a place.
All else is left out: names, lists, categories, disambiguation pages, properties and lexemes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.authority.formats.choice import Choice, Read
from datasette_newsgraph.authority.things import Fault, LeftOut, Thing
from datasette_newsgraph.authority.types import type_of_given
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Source

_SIGNS = tuple(re.compile(sign) for sign in (r'"type":\s*"item"', r'"labels":', r'"id":\s*"Q[0-9]'))
_ITEM = re.compile(r"Q[1-9][0-9]*")


class _Text(Shape):
    value: str = ""


class _Class(Shape):
    id: str = ""


class _Value(Shape):
    value: _Class | str | None = None


class _Snak(Shape):
    datavalue: _Value | None = None


class _Statement(Shape):
    mainsnak: _Snak = msgspec.field(default_factory=_Snak)
    rank: str = "normal"


class _Claims(Shape):
    instance_of: list[_Statement] = msgspec.field(default_factory=list, name="P31")
    coordinates: list[msgspec.Raw] = msgspec.field(default_factory=list, name="P625")
    inhabitants: list[msgspec.Raw] = msgspec.field(default_factory=list, name="P1082")
    headquarters: list[msgspec.Raw] = msgspec.field(default_factory=list, name="P159")


class _Item(Shape):
    """An item; a dump has an empty list where an object would be empty."""

    type: str = ""
    id: str = ""
    labels: dict[str, _Text] | list[Any] = msgspec.field(default_factory=dict)
    aliases: dict[str, list[_Text]] | list[Any] = msgspec.field(default_factory=dict)
    descriptions: dict[str, _Text] | list[Any] = msgspec.field(default_factory=dict)
    claims: _Claims | list[Any] = msgspec.field(default_factory=_Claims)
    sitelinks: dict[str, msgspec.Raw] | list[Any] = msgspec.field(default_factory=dict)


def is_meant(sample: str) -> bool:
    """Tell whether a file that begins so is of this format."""
    return all(sign.search(sample) for sign in _SIGNS)


def things(source: Source, choice: Choice) -> Iterator[Read]:
    """Yield what each line has."""
    for entry in source.lines():
        if entry.fault is not None:
            yield Fault(entry.line, entry.fault)
            continue
        raw = entry.raw.strip().removesuffix(b",")
        # The dump is one array, with an item on each line.
        if raw in (b"[", b"]", b""):
            continue
        try:
            item = decode(raw, _Item)
        except RecordError as error:
            yield Fault(entry.line, str(error))
        else:
            yield _thing(entry.line, item, choice)


def _thing(line: int, item: _Item, choice: Choice) -> Read:
    if item.type != "item" or len(item.sitelinks) < choice.sitelinks:
        return LeftOut(line)
    if not _ITEM.fullmatch(item.id):
        return Fault(line, f"{item.id!r} is no number of an item")
    labels = _in_languages(item.labels, choice)
    type_ = _type(item.claims)
    if not labels or not type_:
        return LeftOut(line)
    others = [text for each in _in_languages(item.aliases, choice) for text in each]
    words = (collapse(text.value) for text in (*labels, *others))
    label, *names = dict.fromkeys(filter(None, words)) or [""]
    if not label:
        return LeftOut(line)
    description = next(iter(_in_languages(item.descriptions, choice)), _Text()).value
    return Thing(
        identifier_iri("Wikidata", item.id),
        label,
        tuple(names),
        collapse(description),
        type_,
        len(item.sitelinks),
    )


def _in_languages(given: Mapping[str, Any] | list[Any], choice: Choice) -> list[Any]:
    if isinstance(given, list):
        return []
    return [given[language] for language in choice.languages if language in given]


def _type(claims: _Claims | list[Any]) -> str:
    if isinstance(claims, list):
        return ""
    classes = []
    for statement in claims.instance_of:
        value = statement.mainsnak.datavalue and statement.mainsnak.datavalue.value
        if statement.rank != "deprecated" and isinstance(value, _Class):
            classes.append(value.id)
    if type_ := type_of_given(classes):
        return type_
    if claims.headquarters:
        return "Organization"
    return "Place" if claims.coordinates and claims.inhabitants else ""
