"""Give row numbers to the entities, relations and extractions that drafts name by their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from datasette_newsgraph.drafting.draft import Draft
from datasette_newsgraph.drafting.draft_rows import EntityRow
from datasette_newsgraph.loading.rows import Rows

#: Row numbers kept in memory, by key; a larger cache is emptied.
CACHED_KEYS = 5_000

#: Given a table and keys, returns the row numbers of those keys that the table has.
LookUp = Callable[[str, Iterable[str]], Mapping[str, int]]


class Numbering:
    """The row numbers of entities, relations and extractions by table and key, ``ids``."""

    def __init__(self, look_up: LookUp) -> None:
        self.ids: dict[str, dict[str, int]] = {
            table: {} for table in ("entities", "relations", "extractions")
        }
        self._look_up = look_up

    def forget(self) -> None:
        """Empty the caches, as after a rollback."""
        for ids in self.ids.values():
            ids.clear()

    def resolve(self, drafts: list[Draft], rows: Rows) -> None:
        """Remember the row numbers of all that the drafts name, making rows for what is new.

        Row numbers follow the order of first appearance, wherever chunks begin and end.
        """
        extractions = {each.extraction.key: each.extraction for each in drafts if each.extraction}
        for key, number in self._number("extractions", extractions, rows):
            rows.add("extractions", number, *extractions[key])
        entities: dict[str, EntityRow] = {}
        for draft in drafts:
            for entity in draft.entities:
                entities.setdefault(entity.key, entity)
        for key, number in self._number("entities", entities, rows):
            # Their alias_text is null until settling gathers it.
            rows.add("entities", number, *entities[key])
        ids = self.ids["entities"]
        statements: dict[str, tuple[Any, ...]] = {}
        for draft in drafts:
            for each in draft.statements:
                if each.key not in statements:
                    object_ = None if each.object is None else draft.entities[each.object]
                    statements[each.key] = (
                        each.key,
                        ids[draft.entities[each.subject].key],
                        each.predicate,
                        None if object_ is None else ids[object_.key],
                        each.value,
                        each.datatype,
                    )
        for key, number in self._number("relations", statements, rows):
            rows.add("relations", number, *statements[key])

    def _number(self, table: str, keys: Iterable[str], rows: Rows) -> Iterator[tuple[str, int]]:
        """Look up the row numbers of ``keys``; number those that are new, and yield them."""
        ids = self.ids[table]
        if len(ids) > CACHED_KEYS:
            ids.clear()
        unknown = [key for key in keys if key not in ids]
        ids.update(self._look_up(table, unknown))
        for key in unknown:
            if key not in ids:
                ids[key] = rows.new_id(table)
                yield key, ids[key]
