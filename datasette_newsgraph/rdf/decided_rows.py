"""What was decided of the entities and relations that are written: former keys, and what is different.

Where nothing was decided, none of it is looked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from operator import itemgetter
from typing import Any

from datasette_newsgraph.decisions.shown_keys import apart, shown_as
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.groups import Groups
from datasette_newsgraph.rdf.parts import Part

_first: Any = itemgetter(0)
_NONE: Iterable[Any] = ()

# By the plus, SQLite finds the few rows of a key, and does not go through all of a verdict each time.
_FORMER = (
    "entities CROSS JOIN decided ON decided.value = entities.key AND +decided.verdict = 'same'"
)
_LINKED = (
    f"{_FORMER} CROSS JOIN decisions ON decisions.left_key = decided.key"
    " AND +decisions.verdict = 'same' AND decisions.value IS NOT NULL"
)
# An entity may have been divided: then what was said of all of it is not what is said of one. So the
# ends of a former relation have to be the same as those of the one that is shown.
_FORMER_RELATIONS = (
    "relations CROSS JOIN as_given ON as_given.shown_key = relations.key"
    " CROSS JOIN entities AS subjects ON subjects.id = relations.subject_id"
    " LEFT JOIN entities AS objects ON objects.id = relations.object_id"
)
_SAME_ENDS = (
    "as_given.kind = 'evidence'",
    "as_given.relation_key <> as_given.shown_key",
    f"subjects.key = {shown_as('as_given.subject_key')}",
    f"objects.key IS {shown_as('as_given.object_key')}",
)


class DecidedRows:
    """Reads what was decided of the rows of a graph, or of a part of it, as far as it may be read."""

    def __init__(self, rows: GraphRows) -> None:
        self.rows = rows

    @cached_property
    def is_any(self) -> bool:
        """Tell whether anything was decided that may be read."""
        if not self.rows.may_read("decided", "entities"):
            return False
        return self.rows.connection.execute("SELECT 1 FROM decided LIMIT 1").fetchone() is not None

    def former_entities(self, part: Part) -> Groups:
        """Return the keys that are shown as entities, behind the number of the entity."""
        if not self.is_any:
            return Groups(_NONE, _first)
        conditions = ("decided.key <> decided.value",)
        columns = "entities.id, decided.key"
        cursor = self.rows.in_key_order(columns, _FORMER, "entities", part, conditions)
        return Groups(self.rows.checked(cursor, [(1, True)], ["decided"]), _first)

    def links(self, part: Part) -> Groups:
        """Return the IRIs elsewhere that were ever decided to be the same, behind the number of the
        entity; it may have been taken back of some.
        """
        if not (self.is_any and self.rows.may_read("identifiers", "decisions")):
            return Groups(_NONE, _first)
        columns = "entities.id, decisions.value"
        return Groups(self.rows.in_key_order(columns, _LINKED, "entities", part), _first)

    def former_relations(self, part: Part) -> Groups:
        """Return the keys of relations that were given and are shown as other relations, since what
        they are about is the same, behind the key of the relation.
        """
        if not (self.is_any and self.rows.may_read("relations", "as_given")):
            return Groups(_NONE, _first)
        columns = "relations.key, as_given.relation_key"
        cursor = self.rows.in_key_order(columns, _FORMER_RELATIONS, "relations", part, _SAME_ENDS)
        return Groups(self.rows.checked(cursor, [(1, True)], ["as_given"]), _first)

    @cached_property
    def different(self) -> dict[int, list[str]]:
        """Return the keys of entities that others are different from, by the number of the other, which
        has the smaller key. They are as many as people have decided on.
        """
        found: dict[int, list[str]] = defaultdict(list)
        if self.is_any:
            chosen = self.rows.selection
            for one, other, key in apart(self.rows.connection):
                if chosen is None or {one, other} <= chosen.entities:
                    found[one].append(key)
        return found
