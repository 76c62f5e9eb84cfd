"""The rows of ``appearances`` of one article: which entities of the record each of them shows.

Where one entity of the record is shown as another, its row only changes hands. Where several are shown
as one, or not all mentions are shown, a row is made of their records, and ``as_given`` keeps these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.decisions.article_state import ArticleState, Given, Shown, record_of
from datasette_newsgraph.decisions.as_given import AsGiven, Ends
from datasette_newsgraph.decisions.entity_rows import EntityRows
from datasette_newsgraph.decisions.intended import Intended
from datasette_newsgraph.zone_counts import count_zones

_VALUES = ("type", "name", "description", "latitude", "longitude")
_COUNTS = ("mentions", "main_mentions", "mentions_by_zone")


def arrange_appearances(
    state: ArticleState, intended: Intended, rows: EntityRows, as_given: AsGiven
) -> None:
    """Have the rows of an article show the entities that they are to show."""
    _Appearances(state, intended, rows, as_given).arrange()


class _Appearances:
    def __init__(
        self, state: ArticleState, intended: Intended, rows: EntityRows, as_given: AsGiven
    ) -> None:
        self._state = state
        self._rows = rows
        self._connection = rows.connection
        self._as_given = as_given
        self._after = intended.entities
        self._hidden = intended.hidden

    def arrange(self) -> None:
        """Change what is not as it should be."""
        groups: dict[str, list[str]] = defaultdict(list)
        for key, intended in self._after.items():
            if intended is not None:
                groups[intended].append(key)
        concerned = self._concerned(groups)
        if not concerned:
            return
        records = {key: self._record(key) for key in concerned if self._needs_record(key, groups)}
        unused: dict[int, Shown] = {}
        for key in concerned:
            given = self._state.entities[key]
            if given.kept is not None:
                self._as_given.forget(given.kept)
            if given.shown is not None:
                unused[given.shown.id] = given.shown
        self._take_over(groups, concerned, unused)
        for row in unused.values():
            self._delete(row)
        for shown, keys in groups.items():
            if concerned.intersection(keys):
                self._show(shown, keys, records)
        for key in sorted(concerned):
            if self._after[key] is None:
                self._as_given.keep(
                    self._state.id, "appearance", key, Ends(key), None, records[key]
                )

    def _concerned(self, groups: Mapping[str, list[str]]) -> set[str]:
        """Return the entities of the rows that are to change."""
        before: dict[str, set[str]] = defaultdict(set)
        for key, given in self._state.entities.items():
            if given.shown is not None:
                before[given.shown.key].add(key)
        concerned = {
            key
            for key, given in self._state.entities.items()
            if given.shown_key != self._after[key] or self._is_counted_otherwise(key)
        }
        touched = {self._after[key] for key in concerned} | {
            self._state.entities[key].shown_key for key in concerned
        }
        for each in touched:
            if each is not None:
                concerned |= {*groups.get(each, ()), *before.get(each, ())}
        return concerned

    def _is_counted_otherwise(self, key: str) -> bool:
        return any(
            (each.id is None) != (each.key in self._hidden) for each in self._state.mentions_of(key)
        )

    def _needs_record(self, key: str, groups: Mapping[str, list[str]]) -> bool:
        given, shown = self._state.entities[key], self._after[key]
        return not (given.is_whole and shown is not None and self._is_whole(groups[shown]))

    def _is_whole(self, keys: list[str]) -> bool:
        """Tell whether one entity is to be shown as its record gave it."""
        return len(keys) == 1 and not any(
            each.key in self._hidden for each in self._state.mentions_of(keys[0])
        )

    def _record(self, key: str) -> dict[str, Any]:
        given = self._state.entities[key]
        if given.kept is not None and given.kept.record is not None:
            return dict(given.kept.record)
        if given.shown is None:
            raise AssertionError(f"{key} of {self._state.key} is neither shown nor kept")
        return record_of(self._connection, given.shown)

    def _take_over(
        self,
        groups: Mapping[str, list[str]],
        concerned: set[str],
        unused: dict[int, Shown],
    ) -> None:
        """Have rows that show one entity, and are to do so, show it as what it is now."""
        for key in concerned:
            given, shown = self._state.entities[key], self._after[key]
            if given.shown is None or shown is None or not given.is_whole:
                continue
            if not self._is_whole(groups[shown]):
                continue
            del unused[given.shown.id]
            if given.shown.key != shown:
                self._turn(given, shown)
            if shown != key:
                self._as_given.keep(self._state.id, "appearance", key, Ends(key), shown)

    def _turn(self, given: Given, shown: str) -> None:
        assert given.shown is not None
        entity = self._rows.entity(shown, given.shown.entity_id)
        self._rows.touch(given.shown.entity_id)
        number = given.shown.id
        execute = self._connection.execute
        execute("UPDATE appearances SET entity_id = ? WHERE id = ?", [entity, number])
        for table in ("aliases", "identifiers"):
            execute(f"UPDATE {table} SET entity_id = ? WHERE appearance_id = ?", [entity, number])

    def _delete(self, shown: Shown) -> None:
        self._rows.touch(shown.entity_id)
        for table, column in (
            ("aliases", "appearance_id"),
            ("identifiers", "appearance_id"),
            ("appearances", "id"),
        ):
            self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", [shown.id])

    def _show(self, shown: str, keys: list[str], records: Mapping[str, dict[str, Any]]) -> None:
        """Insert the row of some entities of the record, if none shows them yet."""
        is_whole = self._is_whole(keys)
        if is_whole and keys[0] not in records:
            return
        first, *others = sorted(keys, key=lambda key: self._place(key, shown, records[key]))
        record = _merged(records[first], [records[key] for key in others])
        zones = [
            each.zone
            for key in keys
            for each in self._state.mentions_of(key)
            if each.key not in self._hidden
        ]
        entity = self._rows.entity_of_record(shown, record)
        counts = count_zones(tuple(zones))
        number = self._connection.execute(
            f"INSERT INTO appearances (article_id, entity_id, {', '.join((*_VALUES, *_COUNTS))})"
            f" VALUES ({', '.join('?' * (2 + len(_VALUES) + len(_COUNTS)))})",
            [self._state.id, entity, *(record[each] for each in _VALUES), *counts],
        ).lastrowid
        for table, column in (("aliases", "alias"), ("identifiers", "iri")):
            self._connection.executemany(
                f"INSERT INTO {table} (appearance_id, entity_id, {column}) VALUES (?, ?, ?)",
                [(number, entity, each) for each in record[table]],
            )
        for key in sorted(keys):
            if not is_whole:
                self._as_given.keep(
                    self._state.id, "appearance", key, Ends(key), shown, records[key]
                )
            elif shown != key:
                self._as_given.keep(self._state.id, "appearance", key, Ends(key), shown)

    def _place(self, key: str, shown: str, record: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the place of an entity among those that one row shows: it is called as the first."""
        mentions = len(self._state.mentions_of(key))
        return key != shown, -mentions, record["name"], key


def _merged(first: Mapping[str, Any], others: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the record of several entities of one article that are one."""
    merged = dict(first)
    if not others:
        return merged
    for columns in (("description",), ("latitude", "longitude")):
        for other in others:
            if merged[columns[0]] is None:
                merged.update({each: other[each] for each in columns})
    aliases = [*first["aliases"]]
    for other in others:
        aliases += [other["name"], *other["aliases"]]
    merged["aliases"] = sorted({*aliases} - {merged["name"]})
    merged["identifiers"] = sorted(
        {iri for each in (first, *others) for iri in each["identifiers"]}
    )
    return merged
