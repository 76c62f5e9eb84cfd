"""What a facet of a view is: what can be counted, and how.

Two kinds. A facet of a column counts the rows of each of its values, or for a JSON array of each of
its elements. A linked facet counts the rows that go with each value where other tables say which: an
article mentions many entities, an entity is named by many publishers. No column holds that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BY_COUNT = "count DESC, value"
#: Values that have an order of their own, such as months, the latest first.
BY_VALUE = "value DESC"
#: Between the name of a facet of entities and the type that it is kept to; and what stands for the
#: facets of all frequent types.
OF_TYPE = ":"
EACH_TYPE = "*"
#: The SQL function that gives the row numbers that are in each of some stored sets, as a JSON array.
ROWS_FUNCTION = "newsgraph_rows"


@dataclass(frozen=True)
class Link:
    """Where it stands which row of a view goes with which value: a FROM clause, its columns with the
    id of the row and the value (of a facet of entities: the entity's row number), and what must hold.
    """

    source: str
    row: str
    value: str
    where: str = "true"


@dataclass(frozen=True)
class Facet:
    """A facet of a view.

    ``counted`` is the SELECT of (value, label, count) for the whole view, from tables that hold it
    already or have an index for it. ``is_array``: the column holds a JSON array. ``links``: what
    makes it a linked facet, whose values are entities if ``of_entities``, of one type if ``of_type``.
    """

    name: str
    counted: str
    order: str = BY_COUNT
    is_array: bool = False
    links: tuple[Link, ...] = ()
    of_entities: bool = False
    of_type: str | None = None
    #: The SELECT of all (value, row) of the view, if the rows of each value are to be kept.
    pairs: str = ""
    #: Of a facet over all zones: the same SELECT with a third column, whether the row goes with the
    #: value in the main zones, too; for the facet over these.
    pairs_in_zones: str = ""
    #: Of rows that an article each gives: the SELECT of the values in those of ``{articles}``, so that
    #: the counts can be kept by adding and taking away.
    given_by: str = ""
    #: Of entities by what holds of the articles that name them: the SELECT of the (value, row) of
    #: ``{articles}``, and the name of the facet that counts the articles by the same.
    named_by: str = ""
    of_articles: str = ""
    #: Of entities that are counted by a column: the SELECT of the (value, count) of ``{entities}``.
    counted_by: str = ""
    #: Of entities: the SELECT of all that can have a count of ``:least`` or more, if a table tells.
    counts_at_least: str = ""
    #: It counts the relations of each entity.
    counts_relations: bool = False
    #: The tables that are read, besides those that the view is made of.
    reads: frozenset[str] = frozenset()
    #: Words for values that are none themselves.
    labels: Mapping[str, str] = field(default_factory=dict)
    #: What a filter by a value says of the rows.
    says: str = "about “{}”"

    @property
    def argument(self) -> str:
        """Return the argument of a query string that filters by a value."""
        if self.links:
            return f"_{self.base}"
        return f"{self.name}__arraycontains" if self.is_array else self.name

    @property
    def base(self) -> str:
        """Return the name without the type and the zones that it is kept to."""
        return self.name.partition(OF_TYPE)[0].partition("@")[0]

    @property
    def kept(self) -> str:
        """Return the name under which the rows of its values are kept, of whatever type."""
        return self.name.partition(OF_TYPE)[0]

    def counted_in(self, view: str, rows: str) -> str:
        """Return the SELECT of (value, label, count), and for entities their type, in some rows of
        the view: ``view`` is a SELECT of these rows, ``rows`` one of their ids.
        """
        if not self.links:
            return (count_elements if self.is_array else count_values)(f"({view})", self.name)
        counts = (
            f"SELECT value, count(*) AS count FROM ({self.pairs_of(rows)})"
            " WHERE value IS NOT NULL GROUP BY value"
        )
        if not self.of_entities:
            return f"SELECT value, value AS label, count FROM ({counts})"
        return _with_names(counts)

    def pairs_of(self, rows: str) -> str:
        """Return the SELECT of the (value, row) of some rows, each once however often a row goes with
        the value; ``rows`` is a SELECT of their ids.
        """
        if not self.links:
            return f"SELECT value, row FROM ({self.pairs}) WHERE row IN ({rows})"
        return " UNION ALL ".join(
            f"SELECT DISTINCT {each.value} AS value, {each.row} AS row FROM {each.source}"
            f" WHERE {each.row} IN ({rows}) AND {each.where}"
            for each in self.links
        )

    def counted_for(self, entities: str) -> str:
        """Return the SELECT of (value, count) for some entities in the whole view, the value their row
        number; ``entities`` is a SELECT of these.
        """
        if self.counted_by:
            return self.counted_by.format(entities=entities)
        found = " UNION ALL ".join(
            f"SELECT {each.value} AS value FROM {each.source}"
            f" WHERE {each.value} IN ({entities}) AND {each.where}"
            for each in self.links
        )
        return f"SELECT value, count(*) AS count FROM ({found}) GROUP BY value"

    def counted_by_type(self, rows: str) -> str:
        """Return the same as ``counted_in`` for the entities of the type ``:type``, beginning at
        these: quicker where the rows are many and the entities of the type rarely named.
        """
        found = " UNION ALL ".join(
            f"SELECT entities.id AS entity_id FROM entities CROSS JOIN {each.source}"
            f" WHERE entities.type = :type AND {each.value} = entities.id"
            f" AND {each.row} IN ({rows}) AND {each.where}"
            for each in self.links
        )
        return (
            "SELECT entities.key AS value, entities.name AS label, count, entities.type FROM"
            f" (SELECT entity_id, count(*) AS count FROM ({found}) GROUP BY entity_id)"
            " JOIN entities ON entities.id = entity_id"
        )

    def rows_with(self, parameter: str) -> str:
        """Return the SELECT of the ids of the rows that go with a value, which a parameter gives."""
        value = f":{parameter}"
        if self.of_entities:
            value = f"(SELECT id FROM entities WHERE key = {value})"
        return " UNION ".join(
            f"SELECT {each.row} FROM {each.source} WHERE {each.value} = {value} AND {each.where}"
            for each in self.links
        )

    def row_has(self, row: str, parameter: str) -> str:
        """Return the condition that one row goes with an entity, which a parameter gives."""
        entity = f"(SELECT id FROM entities WHERE key = :{parameter})"
        found = (
            f"EXISTS (SELECT 1 FROM {each.source} WHERE {each.value} = {entity}"
            f" AND {each.row} = {row} AND {each.where})"
            for each in self.links
        )
        return f"({' OR '.join(found)})"

    def stored_set(self, view: str, parameter: str) -> str:
        """Return the expression of the stored set of the rows that go with a value."""
        return (
            f"(SELECT rows FROM facet_rows WHERE view = '{view}' AND facet = '{self.kept}'"
            f" AND value = :{parameter})"
        )


def _with_names(counts: str) -> str:
    """Return the SELECT of (value, label, count, type) for one of (the entity's row number, count)."""
    return (
        "SELECT entities.key AS value, entities.name AS label, count, entities.type"
        f" FROM ({counts}) AS counted JOIN entities ON entities.id = counted.value"
    )


def count_values(rows: str, value: str) -> str:
    """Return the SELECT of (value, label, count) of the values of an expression in a FROM clause."""
    return f"SELECT {value} AS value, {value} AS label, count(*) AS count FROM {rows} GROUP BY 1"


def count_elements(rows: str, column: str) -> str:
    """Return the same of the elements of JSON arrays, each once a row."""
    return (
        "SELECT element.value AS value, element.value AS label, count(DISTINCT chosen.id) AS count"
        f" FROM {rows} AS chosen, json_each(chosen.{column}) AS element GROUP BY element.value"
    )
