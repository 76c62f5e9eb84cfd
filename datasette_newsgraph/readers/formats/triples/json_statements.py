"""Statements in JSON: an object or a list of three each, by themselves or in a document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from datasette_newsgraph.errors import InputError, RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed, cutting, shapes
from datasette_newsgraph.readers.formats.triples.columns import Columns, columns_of, lacking_column
from datasette_newsgraph.readers.formats.triples.named import Known, name_and_type, named, words
from datasette_newsgraph.readers.formats.triples.statements import Statements
from datasette_newsgraph.readers.gathering import Gathering, in_order
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

#: What lists of statements are called in documents; the last is what they are put together in here.
_LISTS = ("triples", "triplets", "relations", "relationships", "facts", "statements")
_ENDS = ("subject", "object")
#: What a document calls its text; in a table "document" is an id.
_TEXTS = ("text", "document", "passage", "content")


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield documents and the statements of each article that stand by themselves, by the first one's
    line. From the first of these all is held, as others may be about the same article.
    """
    articles: Gathering[bytes] = Gathering(source.path, source.limit)
    held: list[Entry] = []
    damage = None
    try:
        for entry in cutting.records(source, resume):
            article = None if entry.fault else _article_of(entry.raw)
            if article is not None:
                articles.add(article, entry.line, entry.raw)
            elif articles:
                # Reading could not go on behind it: what is held would be lost.
                held.append(Entry(entry.line, entry.raw, fault=entry.fault))
                articles.held.add(len(entry.raw))
            else:
                yield entry
    except InputError as error:
        damage = error
    yield from in_order(
        held, articles, lambda each: b'{"statements": [%b]}' % b", ".join(each.pieces)
    )
    if damage is not None:
        raise damage


def _article_of(raw: bytes) -> str | None:
    """Return what tells the article of a statement that stands by itself; None if it is none."""
    try:
        given = shapes.decode(raw, Any)
    except RecordError:
        return None
    if not _is_statement(given):
        return None
    cells = _cells(given) if isinstance(given, dict) else {}
    return cells.get("article") or cells.get("url") or cells.get("text", "")


def _is_statement(given: Any) -> bool:
    if isinstance(given, list):
        return len(given) == 3 and all(isinstance(each, str) for each in given)
    return isinstance(given, dict) and lacking_column(_places(tuple(given))) is None


def parse(raw: bytes) -> Parsed:
    """Make a document an article; raises RecordError where there are no statements in it."""
    given = shapes.decode(raw, Any)
    document = given if isinstance(given, dict) else {}
    lists = {key: document[key] for key in _LISTS if isinstance(document.get(key), list)}
    unknown = _unknown(document, lists) if lists else []
    if not lists:
        if not isinstance(given, list) and not _is_statement(given):
            raise RecordError("no statement in it: it has neither triples nor a subject")
        lists = {"statements": [given] if _is_statement(given) else given}
    about = _cells(document)
    for each in lists.get("statements", ()):
        # They were told apart by these.
        if isinstance(each, dict):
            about = {**_cells(each), **{key: cell for key, cell in about.items() if cell}}
    members = [
        (f"{key}[{number}]", member, _cells(member))
        for key, each in lists.items()
        for number, member in enumerate(each)
    ]
    statements = Statements(_text(document, lists))
    ends = [cells[end] for *_, cells in members for end in _ENDS if cells.get(end)]
    for entity in named(document.get("entities"), Known(ends, statements.building.text)):
        statements.entity(entity)
    for place, member, cells in members:
        fault: str | None = "it is no statement"
        if {"subject", "predicate"} <= cells.keys():
            fault = statements.statement(cells)
        if fault is not None:
            statements.building.fault(f"{place}: {fault}", member)
    if statements.building.text is None and not any(lists.values()):
        raise RecordLeftOut("no statement in it, and no text")
    parsed = statements.finish("statements", about)
    parsed.notes.unknown_fields.update(unknown)
    return parsed


def _unknown(document: dict[str, Any], lists: dict[str, list[Any]]) -> list[str]:
    """Return the fields of a document that nothing is taken of; there may be names in them."""
    keys = list(document)
    known = {keys[place] for place in _places(tuple(keys)).values()}
    known |= {"id", "entities", *_TEXTS, *lists}
    return [key for key, value in document.items() if key not in known and value]


def _text(document: dict[str, Any], lists: dict[str, list[Any]]) -> str | None:
    members = (each for each in lists.get("statements", ()) if isinstance(each, dict))
    texts = (each.get(key) for each in (document, *members) for key in _TEXTS)
    return next((each for each in texts if isinstance(each, str) and each.strip()), None)


# The same keys in every statement.
@lru_cache(maxsize=64)
def _places(keys: tuple[str, ...]) -> Columns:
    return columns_of(list(keys))


def _cells(given: Any) -> dict[str, str]:
    """Return a statement, or what a document says of itself, as the cells of a row."""
    if isinstance(given, list):
        given = dict(zip(("subject", "predicate", "object"), given, strict=False))
    if not isinstance(given, dict):
        return {}
    places = _places(tuple(given))
    values = list(given.values())
    cells: dict[str, str] = {}
    for column, place in places.items():
        value = values[place]
        if column in _ENDS and isinstance(value, dict):
            cells[column], label = name_and_type(value)
            cells.setdefault(f"{column}_type", label)
        elif column == "object" and isinstance(value, (bool, int, float)):
            cells["value"] = json.dumps(value)
            cells["datatype"] = "boolean" if isinstance(value, bool) else "number"
            cells["object"] = ""
        elif isinstance(value, list) and value and isinstance(value[0], str):
            cells[column] = value[0].strip()
        else:
            cells[column] = words(value)
    return cells
