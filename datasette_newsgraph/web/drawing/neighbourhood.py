"""The neighbourhood of an entity: whom it has most to do with, and they with one another."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from markupsafe import Markup

from datasette_newsgraph.confidence import doubt
from datasette_newsgraph.facets.among_rows import ViewRows, count_with
from datasette_newsgraph.facets.catalogue import IN_ALL_ZONES
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.drawing.layout import (
    NARROW,
    NODES,
    WIDE,
    Neighbour,
    Node,
    Statement,
    Tie,
    weight_of,
)
from datasette_newsgraph.web.drawing.lettering import LONGEST, cleaned
from datasette_newsgraph.web.drawing.side_table import listed, typed
from datasette_newsgraph.web.drawing.svg import draw
from datasette_newsgraph.web.faults import passing_over_slow
from datasette_newsgraph.web.parts.facet_values import values_among
from datasette_newsgraph.web.parts.together import LOOKED_AT, by_weight
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign

#: Relations of each side that are looked through for neighbours, and that are read of these.
_LOOKED_THROUGH, _READ = 500, 1_000
#: Relations among neighbours that are read, those of the weightiest first, and pairs that are shown:
#: more would be a thicket.
_AMONG, TIES = 600, 40

#: Being named in a single article together says little: so many neighbours are filled up with such.
FILLED = 12

_VIEW = "article_index"
_BY_ENTITY = IN_ALL_ZONES[_VIEW]["entity"]
_ARTICLES = "SELECT article_id AS id FROM appearances WHERE entity_id = :entity"

# The index that counts are sorted by here has no more than what is asked for.
_FOREMOST = (
    "SELECT {other} AS other, articles FROM relation_counts WHERE {other} IS NOT NULL"
    " AND relation_id IN (SELECT relation_id FROM relation_counts WHERE {side} = ?1"
    f" ORDER BY articles DESC, relation_id DESC LIMIT {_LOOKED_THROUGH})"
)
_FIRST = (
    "SELECT * FROM (SELECT {other} AS other, 1 AS articles FROM relations"
    f" WHERE {{side}} = ?1 ORDER BY {{order}} LIMIT {_LOOKED_THROUGH})"
    " WHERE other IS NOT NULL"
)
_PAIRS = (
    "SELECT relations.key, relations.subject_id, relations.predicate, relations.object_id, {articles},"
    " {rating} FROM json_each(?1) AS pair CROSS JOIN relations"
    " ON relations.subject_id = json_extract(pair.value, '$[0]')"
    " AND relations.object_id = json_extract(pair.value, '$[1]'){counted} LIMIT {limit}"
)
_COUNTED = " LEFT JOIN relation_counts ON relation_counts.relation_id = relations.id"


@dataclass(frozen=True)
class Neighbourhood:
    """An entity, its neighbours by weight, and what is said among these: what is drawn and what the
    table beside the drawing has.
    """

    middle: Node
    neighbours: tuple[Neighbour, ...]
    ties: tuple[Tie, ...]

    @cached_property
    def wide(self) -> Markup:
        """Return the drawing for a wide page."""
        return draw(self.middle, self.neighbours, self.ties, WIDE)

    @cached_property
    def narrow(self) -> Markup:
        """Return the drawing for a narrow page."""
        return draw(self.middle, self.neighbours, self.ties, NARROW)

    listed = staticmethod(listed)
    typed = staticmethod(typed)

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Return the neighbours' nodes by key."""
        return {each.node.key: each.node for each in self.neighbours}

    @property
    def legend(self) -> list[tuple[int, str, str]]:
        """Return number, sign and name of each type that is drawn, as it comes up."""
        types = [self.middle.type, *(each.node.type for each in self.neighbours)]
        return [(type_number(each), type_sign(each), each) for each in dict.fromkeys(types)]

    @property
    def has_statements(self) -> bool:
        """Tell whether relations are drawn."""
        return any(each.statements for each in self.neighbours)

    @property
    def has_uncertain(self) -> bool:
        """Tell whether relations are drawn that are uncertain."""
        drawn = [*(each.statements for each in self.neighbours), *(t.statements for t in self.ties)]
        return any(each.is_uncertain for statements in drawn for each in statements)

    @property
    def has_together(self) -> bool:
        """Tell whether any is drawn only because it is named in the same articles."""
        return any(not each.statements for each in self.neighbours)

    @property
    def is_shared(self) -> bool:
        """Tell whether the number of shared articles is known of any."""
        return any(each.shared is not None for each in self.neighbours)


async def neighbourhood(
    visit: Visit, entity: Any, together: Mapping[str, int] | None = None
) -> Neighbourhood | None:
    """Return the neighbourhood of an entity (a row of ``entities``), or None where there is none or
    none may be seen.

    ``together`` are the numbers of articles that name it with others, by key, the weightiest first, as
    far as the visitor may see them; they are counted if they are not given.
    """
    visit.require("entities")
    drawn = visit.settings.drawn_neighbours
    if not drawn:
        return None
    if together is None:
        together = await _together(visit, entity)
    related = await _related(visit, entity["id"]) if visit.sight.sees("relations") else []
    rows = await visit.rows(
        "SELECT id, key, type, substr(name, 1, ?2) AS name FROM entities"
        " WHERE id IN (SELECT value FROM json_each(?1)) OR key IN (SELECT value FROM json_each(?3))",
        json.dumps(related),
        LONGEST + 1,
        json.dumps(list(together)[: NODES + len(related)]),
    )
    nodes = {row["id"]: _node(visit, row) for row in rows if row["id"] != entity["id"]}
    middle = _node(visit, entity)
    said, ties = await _said(visit, entity["id"], related)
    keys = [nodes[number].key for number in related if number in nodes]
    shared = await _shared(visit, entity, keys, together)
    neighbours = [
        Neighbour(
            nodes[number],
            tuple(said[entity["id"], number]),
            tuple(said[number, entity["id"]]),
            shared.get(nodes[number].key),
        )
        for number in related
        if number in nodes
    ]
    neighbours.sort(key=lambda each: (-each.weight, each.node.key))
    chosen = {each.node.key for each in neighbours}
    by_key = {node.key: node for node in nodes.values()}
    beside = [
        Neighbour(by_key[key], shared=count)
        for key, count in together.items()
        if key in by_key and key not in chosen
    ]
    neighbours += [each for each in beside if each.weight > 1]
    neighbours += [each for each in beside if each.weight == 1][: max(0, FILLED - len(neighbours))]
    if not neighbours:
        return None
    shown = tuple(neighbours[:drawn])
    keys_shown = {each.node.key for each in shown}
    among = {number: node for number, node in nodes.items() if node.key in keys_shown}
    return Neighbourhood(middle, shown, _ties(among, ties))


def _node(visit: Visit, row: Any) -> Node:
    return Node(
        row["key"],
        cleaned(row["name"]),
        cleaned(row["type"]),
        visit.links.page("entity", row["key"]),
    )


async def _together(visit: Visit, entity: Any) -> dict[str, int]:
    """Return the entities named in the same articles, the weightiest first, with how many articles."""
    if not visit.sight.sees("appearances", "articles"):
        return {}
    found = await values_among(
        visit, _VIEW, "entity", _ARTICLES, {"entity": entity["id"]}, LOOKED_AT, all_zones=True
    )
    others = await by_weight(visit, found, entity["key"])
    return {each.key: each.shared for each in others[: 2 * NODES]}


async def _shared(
    visit: Visit, entity: Any, keys: Iterable[str], together: Mapping[str, int]
) -> dict[str, int]:
    """Return in how many articles each of these is named with the entity, as far as that is known:
    those that are not among the foremost are counted, if it does not take too long.
    """
    shared = {key: together[key] for key in keys if key in together}
    others = [key for key in keys if key not in together]
    # Where nothing is known, it may not be seen, or took too long already.
    if not (together and others and visit.sight.sees("appearances", "articles")):
        return shared

    def count(connection: sqlite3.Connection) -> dict[str, int]:
        params = {"entity": entity["id"]}
        chosen = ViewRows.with_value(
            connection, _VIEW, _BY_ENTITY, entity["key"], _ARTICLES, params
        )
        return count_with(connection, _VIEW, _BY_ENTITY, others, chosen)

    with passing_over_slow(visit.graph.name):
        shared |= await visit.read(count)
    return shared


async def _related(visit: Visit, number: int) -> list[int]:
    """Return the entities that an entity has the weightiest relations with, these first."""
    query = _FOREMOST if visit.sight.sees("relation_counts") else _FIRST
    weights: Counter[int] = Counter()
    # Without counts, any will do, in the order of an index.
    for side, other, order in (
        ("subject_id", "object_id", "object_id DESC, id"),
        ("object_id", "subject_id", "id"),
    ):
        for row in await visit.rows(query.format(side=side, other=other, order=order), number):
            weights[row["other"]] += row["articles"]
    weights.pop(number, None)
    return sorted(weights, key=lambda each: (-weights[each], each))[: NODES - 1]


_Said = dict[tuple[int, int], list[Statement]]


async def _said(visit: Visit, number: int, related: Sequence[int]) -> tuple[_Said, _Said]:
    """Return what an entity and its neighbours say of one another, and what the neighbours say of
    each other, both by subject and object.
    """
    if not related:
        return defaultdict(list), {}
    is_counted = visit.sight.sees("relation_counts")
    articles, rating, counted = (
        ("articles", "asserted_up_to", _COUNTED)
        if is_counted
        else ("NULL AS articles", "NULL AS asserted_up_to", "")
    )

    async def read(pairs: Iterable[tuple[int, int]], limit: int) -> _Said:
        query = _PAIRS.format(articles=articles, rating=rating, counted=counted, limit=limit)
        return _by_pair(visit, await visit.rows(query, json.dumps(list(pairs))))

    # Both ranks count: a pair comes where the lesser of its two does.
    among = [pair for rank, one in enumerate(related) for pair in _with(one, related[:rank])]
    return await read(_with(number, related), _READ), await read(among, _AMONG)


def _with(one: int, others: Iterable[int]) -> list[tuple[int, int]]:
    """Return the pairs of one with each of the others, both ways round."""
    return [pair for other in others for pair in ((one, other), (other, one))]


def _by_pair(visit: Visit, rows: Sequence[Any]) -> _Said:
    found: _Said = defaultdict(list)
    page = partial(visit.links.page, "relation")
    assert_from = visit.settings.assert_from
    words = {name: cleaned(name) for name in {row["predicate"] for row in rows}}
    for key, subject, predicate, object_, articles, asserted_up_to in sorted(
        map(tuple, rows), key=_by_articles
    ):
        is_uncertain = doubt(asserted_up_to, assert_from) is not None
        statement = Statement(key, words[predicate], articles, page, is_uncertain)
        found[subject, object_].append(statement)
    return found


def _by_articles(row: tuple[Any, ...]) -> tuple[Any, ...]:
    key, _, predicate, _, articles, *_ = row
    return -(articles or 0), predicate, key


def _ties(nodes: Mapping[int, Node], said: _Said) -> tuple[Tie, ...]:
    """Return the weightiest pairs of neighbours."""
    ties = [
        Tie(nodes[subject].key, nodes[object_].key, tuple(statements))
        for (subject, object_), statements in said.items()
        if subject != object_ and subject in nodes and object_ in nodes
    ]
    ties.sort(key=lambda each: (-weight_of(each.statements), each.subject, each.object))
    return tuple(ties[:TIES])
