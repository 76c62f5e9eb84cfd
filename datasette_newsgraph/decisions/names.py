"""What people call that of which a decision has the key, whether it is shown or not."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.files.fields import NameOf
from datasette_newsgraph.decisions.span_rows import SPANS

_OF_APPEARANCE = (
    "coalesce(json_extract(record, '$.name'), (SELECT name FROM appearances"
    " WHERE appearances.article_id = as_given.article_id AND entity_id ="
    " (SELECT entities.id FROM entities WHERE entities.key = shown_key)))"
)


def _spans(kind: str) -> tuple[str, str]:
    """Return the queries of the words of spans: of those that are shown, and of those that are not."""
    return (
        f"SELECT key, surface FROM {SPANS[kind][0]} WHERE key IN ({{keys}})",
        f"SELECT key, json_extract(record, '$.row.surface') FROM as_given"
        f" WHERE kind = '{kind}' AND key IN ({{keys}}) AND shown_key IS NULL",
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
        f"SELECT subject_key, {_OF_APPEARANCE} AS called"
        " FROM as_given WHERE kind = 'appearance' AND subject_key IN ({keys})"
        " GROUP BY subject_key, called ORDER BY count(*), called DESC",
    ),
    **{kind: _spans(kind) for kind in SPANS},
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
_RENAMED = "SELECT key FROM decided WHERE verdict = 'name' AND kind = 'entity' AND key IN ({keys})"
#: How articles call entities of which somebody decided what they are called; only of these, as one that
#: many articles name costs as much to look at.
_BEFORE = (
    "SELECT key, called FROM ("
    "SELECT entities.key, appearances.name AS called, count(*) AS number"
    f" FROM entities JOIN appearances ON entity_id = entities.id WHERE entities.key IN ({_RENAMED})"
    " AND NOT EXISTS (SELECT 1 FROM as_given WHERE as_given.article_id = appearances.article_id"
    " AND as_given.kind = 'appearance' AND as_given.shown_key = entities.key) GROUP BY 1, 2"
    f" UNION ALL SELECT subject_key, {_OF_APPEARANCE} AS called, count(*) FROM as_given"
    f" WHERE kind = 'appearance' AND subject_key IN ({_RENAMED}) GROUP BY 1, 2"
    ") GROUP BY key, called ORDER BY sum(number), called DESC",
    # What was split off, as the first one called it who did that.
    "SELECT right_key, value FROM decisions WHERE verdict = 'split' AND right_key IN ({keys})"
    " AND value IS NOT NULL ORDER BY decided_at DESC, key DESC",
)


def names_of(
    connection: sqlite3.Connection,
    decisions: Iterable[Decision],
    *,
    before: bool = False,
    sees_given: bool = True,
) -> NameOf:
    """Return what gives the names of the things that decisions are on; none is known of what is not
    loaded.

    With ``before``, an entity is called as it was before somebody decided what it is called. Without
    ``sees_given``, what records gave of that which is not shown stays unsaid.
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
        if before and kind == "entity":
            queries = (*_BEFORE, *queries)
        # The first query is asked last.
        for query in reversed(queries):
            if sees_given or "as_given" not in query:
                names.update(_named(connection, kind, query, keys))
    return lambda kind, key: names.get((kind, key), "")


def _named(
    connection: sqlite3.Connection, kind: str, query: str, keys: str
) -> Iterable[tuple[tuple[str, str], str]]:
    select = query.replace("{keys}", "SELECT value FROM json_each(:keys)")
    rows = connection.execute(select, {"keys": keys})
    return (((kind, key), name) for key, name in rows if name)
