"""The facets of the views, as data: what can be counted, and how.

Two kinds. A facet of a column counts the rows of each of its values, or for a JSON array of each of
its elements. A facet of entities counts the rows that are about each entity: an article may be about
many, so this is one that no column holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BY_COUNT = "count DESC, value"
#: Values that have an order of their own, such as months, the latest first.
BY_VALUE = "value DESC"


@dataclass(frozen=True)
class Facet:
    """A facet of a view.

    ``counted`` is the SELECT of (value, label, count) for the whole view, from tables that hold it
    already or have an index for it. ``is_array``: the column holds a JSON array. ``about``, for a
    facet of entities: where it stands which row of the view is about which entity, as table, column
    of the row's id, column of the entity, and what must hold beside.
    """

    name: str
    counted: str
    order: str = BY_COUNT
    is_array: bool = False
    about: tuple[tuple[str, str, str, str], ...] = ()
    #: The tables that are read, besides those that the view is made of.
    reads: frozenset[str] = frozenset()
    #: Words for values that are none themselves.
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def argument(self) -> str:
        """Return the argument of a query string that filters by a value."""
        if self.about:
            return f"_{self.name}"
        return f"{self.name}__arraycontains" if self.is_array else self.name

    def counted_in(self, rows: str, limit: int) -> str:
        """Return the SELECT of (value, label, count) in some rows of the view: a SELECT of them.

        ``limit`` is how many values will be looked at; there may be more of them.
        """
        if self.about:
            found = " UNION ALL ".join(
                f"SELECT {entity} AS entity_id FROM {table}"
                f" WHERE {row} IN (SELECT id FROM chosen) AND {condition}"
                for table, row, entity, condition in self.about
            )
            # Names are looked up at the end, for the few that are shown.
            return (
                f"WITH chosen AS MATERIALIZED (SELECT id FROM ({rows}))"
                " SELECT key AS value, name AS label, count FROM (SELECT entity_id,"
                f" count(*) AS count FROM ({found}) WHERE entity_id IS NOT NULL GROUP BY entity_id"
                f" ORDER BY count DESC, entity_id LIMIT {limit:d})"
                " JOIN entities ON entities.id = entity_id"
            )
        count = _count_elements if self.is_array else _count_values
        return count(f"({rows})", self.name)

    def rows_about(self, entity: str) -> str:
        """Return the SELECT of the ids of the rows that are about an entity: SQL of its row number."""
        return " UNION ".join(
            f"SELECT {row} FROM {table} WHERE {column} = ({entity})"
            for table, row, column, _ in self.about
        )


def _count_values(rows: str, value: str) -> str:
    """Return the SELECT of (value, label, count) of the values of an expression in a FROM clause."""
    return f"SELECT {value} AS value, {value} AS label, count(*) AS count FROM {rows} GROUP BY 1"


def _count_elements(rows: str, column: str) -> str:
    """Return the same of the elements of JSON arrays, each once a row."""
    return (
        "SELECT element.value AS value, element.value AS label, count(DISTINCT chosen.id) AS count"
        f" FROM {rows} AS chosen, json_each(chosen.{column}) AS element GROUP BY element.value"
    )


def _by_column(
    table: str,
    column: str,
    order: str = BY_COUNT,
    name: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Facet:
    return Facet(
        name or column,
        _count_values(table, column),
        order,
        labels=labels or {},
    )


def _by_entity(name: str, counts: str, *about: tuple[str, str, str, str]) -> Facet:
    return Facet(
        name,
        f"SELECT entities.key AS value, entities.name AS label, count FROM ({counts})"
        " JOIN entities ON entities.id = entity_id",
        about=about,
        reads=frozenset(table for table, *_ in about) | {"entities"},
    )


FACETS: dict[str, tuple[Facet, ...]] = {
    "article_index": (
        _by_column("articles", "publisher"),
        Facet("sections", _count_elements("articles", "sections"), is_array=True),
        _by_column("articles", "substr(published, 1, 7)", BY_VALUE, "month"),
        _by_column("articles", "language"),
        _by_entity(
            "entity",
            "SELECT entity_id, articles AS count FROM entity_counts",
            ("appearances", "article_id", "entity_id", "true"),
        ),
    ),
    "entity_index": (_by_column("entity_counts", "type"),),
    "mention_index": (
        Facet(
            "type",
            "SELECT type AS value, type AS label, sum(mentions) AS count FROM entity_counts"
            " GROUP BY type HAVING sum(mentions) > 0",
        ),
        _by_column("mentions", "zone"),
        _by_column("mentions", "offset_status"),
        _by_entity(
            "entity",
            "SELECT entity_id, mentions AS count FROM entity_counts WHERE mentions > 0",
            ("mentions", "id", "entity_id", "true"),
        ),
    ),
    "relation_index": (
        _by_column("relation_counts", "predicate"),
        _by_entity(
            "entity",
            "SELECT entity_id, count(*) AS count FROM (SELECT subject_id AS entity_id"
            " FROM relation_counts UNION ALL SELECT object_id FROM relation_counts"
            " WHERE object_id <> subject_id)"
            " GROUP BY entity_id",
            ("relation_counts", "relation_id", "subject_id", "true"),
            # A relation of a thing to itself is one row.
            ("relation_counts", "relation_id", "object_id", "object_id <> subject_id"),
        ),
    ),
    "quote_index": (
        _by_entity(
            "entity",
            "SELECT speaker_id AS entity_id, count(*) AS count FROM quotes GROUP BY speaker_id",
            ("quotes", "id", "speaker_id", "true"),
        ),
        _by_column("quotes", "verb"),
        _by_column("quotes", "direct", labels={"1": "own words", "0": "reported"}),
        _by_column("quotes", "offset_status"),
    ),
}


def facet_named(view: str, name: str) -> Facet | None:
    """Return the facet of a view by its name, or None."""
    return next((each for each in FACETS.get(view, ()) if each.name == name), None)
