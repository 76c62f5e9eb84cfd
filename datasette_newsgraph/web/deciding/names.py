"""What people call that of which a decision has the key, whether it is shown or not."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.span_rows import SPANS
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.relation_words import statement_query

#: Code points of the words of a span.
_WORDS = 120
_KEYS = "IN (SELECT value FROM json_each(:keys))"
#: An entity that is shown as another one is called as an article calls it.
_FORMER = (
    "SELECT subject_key, coalesce(json_extract(record, '$.name'), (SELECT appearances.name"
    " FROM appearances JOIN entities ON entities.id = entity_id WHERE entities.key = shown_key"
    " AND appearances.article_id = as_given.article_id)) FROM as_given"
    f" WHERE kind = 'appearance' AND subject_key {_KEYS} GROUP BY subject_key"
)


class Named(NamedTuple):
    """A thing of a kind: what it is called, if that is known, and its page, if there is one."""

    kind: str
    key: str
    name: str | None
    link: str | None


class Names:
    """The things of which some decisions say something, by kind and key."""

    def __init__(self, found: dict[tuple[str, str], Named]) -> None:
        self._found = found

    def of(self, kind: str, key: str) -> Named:
        """Return a thing."""
        return self._found.get((kind, key)) or Named(kind, key, None, None)


async def names_of(visit: Visit, decisions: Iterable[Decision]) -> Names:
    """Return the things of which decisions say something. The caller has made sure that the visitor may
    see the log, and so all that it tells of.
    """
    keys: dict[str, set[str]] = defaultdict(set)
    for each in decisions:
        keys[each.kind or "entity"] |= {each.left, each.right if each.kind == "entity" else ""}
    found: dict[tuple[str, str], Named] = {}
    for kind, asked in keys.items():
        for named in await _named(visit, kind, asked - {""}):
            found[kind, named.key] = named
    return Names(found)


async def entity_names(visit: Visit, keys: Iterable[str]) -> dict[str, str | None]:
    """Return what entities are called, by key: those that are shown, and those merged into others."""
    given = {"keys": json.dumps([*keys])}
    found: dict[str, str | None] = {}
    if visit.sight.sees("as_given"):
        found |= {row[0]: row[1] for row in await visit.rows_of(_FORMER, given)}
    shown = await visit.rows_of(f"SELECT key, name FROM entities WHERE key {_KEYS}", given)
    return found | {row[0]: row[1] for row in shown}


async def _named(visit: Visit, kind: str, keys: set[str]) -> list[Named]:
    if kind == "entity":
        names = await entity_names(visit, keys)
        return [
            Named(kind, key, name or "(without a name)", visit.links.page(kind, key))
            for key, name in names.items()
        ]
    given = {"keys": json.dumps([*keys])}
    if kind == "relation":
        query = f"{statement_query(visit)} WHERE relations.key {_KEYS}"
        return [
            Named(kind, row["key"], _statement(row), visit.links.page(kind, row["key"]))
            for row in await visit.rows_of(query, given)
        ]
    return await _spans(visit, kind, given) if kind in SPANS else []


def _statement(row: object) -> str:
    parts = (row["subject"], row["predicate"], row["object"] or row["value"])  # type: ignore[index]
    return " ".join(str(each) for each in parts if each)


async def _spans(visit: Visit, kind: str, given: dict[str, str]) -> list[Named]:
    """Return spans: those that are shown, and those that were decided to be wrong."""
    rows = await visit.rows_of(
        f"SELECT spans.key, articles.key, substr(surface, 1, {_WORDS}), start_char, end_char"
        f" FROM {SPANS[kind][0]} AS spans JOIN articles ON articles.id = article_id"
        f" WHERE spans.key {_KEYS}",
        given,
    )
    if visit.sight.sees("as_given"):
        own = "json_extract(record, '$.row.{}')".format
        rows += await visit.rows_of(
            f"SELECT as_given.key, articles.key, substr({own('surface')}, 1, {_WORDS}),"
            f" {own('start_char')}, {own('end_char')}"
            " FROM as_given JOIN articles ON articles.id = article_id"
            f" WHERE kind = :kind AND as_given.key {_KEYS} AND shown_key IS NULL",
            given | {"kind": kind},
        )
    return [
        Named(kind, key, words, visit.links.span(article, start, end))
        for key, article, words, start, end in rows
    ]
