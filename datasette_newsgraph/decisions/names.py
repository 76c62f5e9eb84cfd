"""The names of what decisions are on, for people who read them."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable

from datasette_newsgraph.decisions.decision import Decision


def _taken_out(kind: str) -> str:
    """Return the query of the words of spans that are not shown any more."""
    return (
        f"SELECT key, json_extract(record, '$.row.surface') FROM as_given"
        f" WHERE kind = '{kind}' AND key IN ({{keys}})"
    )


def _called(column: str) -> str:
    return f"(SELECT name FROM entities WHERE entities.key = {column})"


def _of_relation(column: str) -> str:
    return f"(SELECT {column} FROM relations WHERE relations.key = shown_key)"


#: How what has a key is called, by its kind: queries of keys and names, of which the first counts.
_CALLED: dict[str, tuple[str, ...]] = {
    "entity": (
        "SELECT key, name FROM entities WHERE key IN ({keys})",
        # One that is shown as another, or not at all: as most of its articles call it.
        "SELECT subject_key, coalesce(json_extract(record, '$.name'), (SELECT name FROM appearances"
        " WHERE appearances.article_id = as_given.article_id AND entity_id ="
        " (SELECT entities.id FROM entities WHERE entities.key = shown_key))) AS called"
        " FROM as_given WHERE kind = 'appearance' AND subject_key IN ({keys})"
        " GROUP BY subject_key, called ORDER BY count(*), called DESC",
    ),
    "mention": ("SELECT key, surface FROM mentions WHERE key IN ({keys})", _taken_out("mention")),
    "evidence": ("SELECT key, surface FROM evidence WHERE key IN ({keys})", _taken_out("evidence")),
    "quote": ("SELECT key, surface FROM quotes WHERE key IN ({keys})", _taken_out("quote")),
    "relation": (
        "SELECT relations.key, subjects.name || ' ' || predicate || ' '"
        " || coalesce(objects.name, value, '') FROM relations"
        " JOIN entities AS subjects ON subjects.id = subject_id"
        " LEFT JOIN entities AS objects ON objects.id = object_id"
        " WHERE relations.key IN ({keys})",
        f"SELECT relation_key, coalesce({_called('subject_key')}, subject_key) || ' '"
        f" || coalesce(json_extract(record, '$.statement[0]'), {_of_relation('predicate')})"
        f" || ' ' || coalesce({_called('object_key')}, object_key,"
        f" json_extract(record, '$.statement[1]'), {_of_relation('value')}, '') FROM as_given"
        " WHERE kind = 'evidence' AND relation_key IN ({keys})",
    ),
}


def names_of(
    connection: sqlite3.Connection, decisions: Iterable[Decision]
) -> Callable[[str, str], str]:
    """Return what gives the name of a thing by its kind and key; it is empty where none is known, as of
    what is not loaded.
    """
    asked: dict[str, set[str]] = defaultdict(set)
    names: dict[tuple[str, str], str] = {}
    for each in decisions:
        asked[each.kind or ""].add(each.left)
        if each.right:
            asked["entity"].add(each.right)
        if each.verdict == "split" and each.value:
            names["entity", each.right] = each.value
    for kind, queries in _CALLED.items():
        if not asked[kind]:
            continue
        keys = json.dumps(sorted(asked[kind]))
        # The first query is asked last.
        for query in reversed(queries):
            select = query.replace("{keys}", "SELECT value FROM json_each(?)")
            names.update(
                ((kind, key), name) for key, name in connection.execute(select, [keys]) if name
            )
    return lambda kind, key: names.get((kind, key), "")
