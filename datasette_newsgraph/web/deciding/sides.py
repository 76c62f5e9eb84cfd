"""An entity as one side of a pair: what it is called, who names it, and two of its sentences."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.passages import Passage, passages_of
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign

#: Sentences that are shown of an entity, and mentions that are looked at for them.
SENTENCES, LOOKED_AT = 2, 40

_ENTITIES = (
    "SELECT entities.*, (SELECT min(iri) FROM identifiers WHERE entity_id = entities.id) AS iri,"
    " coalesce(entity_counts.articles, 0) AS articles FROM entities"
    " LEFT JOIN entity_counts ON entity_counts.entity_id = entities.id"
    " WHERE key IN (SELECT value FROM json_each(?))"
)
#: Those of the text itself come first, along the index.
_MENTIONS = (
    "SELECT id, article_id FROM mentions WHERE entity_id = ? AND zone IS 'body'"
    " AND start_char IS NOT NULL LIMIT ?",
    "SELECT id, article_id FROM mentions WHERE entity_id = ? LIMIT ?",
)


@dataclass(frozen=True)
class Side:
    """An entity, with the number of its type's colour; ``identifier`` is one of its identifiers."""

    key: str
    name: str
    type: str
    number: int
    sign: str
    description: str | None
    names: list[str]
    identifier: str | None
    articles: int
    passages: list[Passage]

    @property
    def weight(self) -> tuple[bool, int, int, str]:
        """Return by what one stands for both, if nobody says otherwise: an identifier, then more
        articles, then the longer name.
        """
        return self.identifier is not None, self.articles, len(self.name), self.key


async def sides_of(visit: Visit, keys: Iterable[str]) -> dict[str, Side]:
    """Return the entities of these keys that are loaded. The caller has made sure that the visitor may
    see the log of decisions, and so all that it tells of.
    """
    rows = await visit.rows(_ENTITIES, json.dumps([*keys]))
    chosen = await visit.read(lambda each: _chosen(each, rows))
    numbers = [number for picked in chosen.values() for number in picked]
    passages = {each.row["id"]: each for each in await passages_of(visit, "mentions", numbers)}
    return {
        row["key"]: _side(row, [passages[each] for each in chosen[row["id"]] if each in passages])
        for row in rows
    }


def _chosen(connection: sqlite3.Connection, rows: Iterable[Any]) -> dict[int, list[int]]:
    """Return the mentions of each entity that are shown, of different articles if it has several."""
    found: dict[int, list[int]] = {}
    for row in rows:
        by_article: dict[int, int] = {}
        for query in _MENTIONS:
            if len(by_article) < SENTENCES:
                for number, article in connection.execute(query, [row["id"], LOOKED_AT]):
                    by_article.setdefault(article, number)
        found[row["id"]] = [*by_article.values()][:SENTENCES]
    return found


def _side(row: Any, passages: list[Passage]) -> Side:
    return Side(
        key=row["key"],
        name=row["name"] or "(without a name)",
        type=row["type"],
        number=type_number(row["type"]),
        sign=type_sign(row["type"]),
        description=row["description"],
        names=row["alias_text"].split("\n")[:5] if row["alias_text"] else [],
        identifier=row["iri"],
        articles=row["articles"],
        passages=passages,
    )
