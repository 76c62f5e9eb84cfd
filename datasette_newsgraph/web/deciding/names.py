"""What decisions are on, for pages: what people call it, and where it is shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from datasette_newsgraph.decisions import names as of_log
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.span_rows import SPANS
from datasette_newsgraph.web.access.visit import Visit

#: Code points of the words of a span.
_WORDS = 120
_KEYS = "IN (SELECT value FROM json_each(:keys))"
_OWN = "json_extract(record, '$.row.{}')".format


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
    """Return the things of which decisions say something, called as they were before. The caller has
    made sure that the visitor may see the log, and so all that it tells of.
    """
    given = [*decisions]
    keys: dict[str, set[str]] = defaultdict(set)
    for each in given:
        keys[each.kind or "entity"] |= {each.left, each.right if each.kind == "entity" else ""}
    sees_given = visit.sight.sees("as_given")
    name_of = await visit.read(
        lambda each: of_log.names_of(each, given, before=True, sees_given=sees_given)
    )
    found: dict[tuple[str, str], Named] = {}
    for kind, asked in keys.items():
        spans = await _spans(visit, kind, asked, sees_given) if kind in SPANS else {}
        nameless = await _shown_entities(visit, asked) if kind == "entity" else set()
        for key in asked - {""}:
            name = name_of(kind, key)[:_WORDS] or ("(without a name)" if key in nameless else "")
            if name:
                link = spans.get(key) if kind in SPANS else visit.links.page(kind, key)
                found[kind, key] = Named(kind, key, name, link)
    return Names(found)


async def _shown_entities(visit: Visit, keys: set[str]) -> set[str]:
    given = {"keys": json.dumps(sorted(keys))}
    return {
        row[0] for row in await visit.rows_of(f"SELECT key FROM entities WHERE key {_KEYS}", given)
    }


async def _spans(visit: Visit, kind: str, keys: set[str], sees_given: bool) -> dict[str, str]:
    """Return where spans stand: those that are shown, and those that were decided to be wrong."""
    given = {"keys": json.dumps(sorted(keys)), "kind": kind}
    rows = await visit.rows_of(
        f"SELECT spans.key, articles.key, start_char, end_char FROM {SPANS[kind][0]} AS spans"
        f" JOIN articles ON articles.id = article_id WHERE spans.key {_KEYS}",
        given,
    )
    if sees_given:
        rows += await visit.rows_of(
            f"SELECT as_given.key, articles.key, {_OWN('start_char')}, {_OWN('end_char')}"
            " FROM as_given JOIN articles ON articles.id = article_id"
            f" WHERE kind = :kind AND as_given.key {_KEYS} AND shown_key IS NULL",
            given,
        )
    return {key: visit.links.span(article, start, end) for key, article, start, end in rows}
