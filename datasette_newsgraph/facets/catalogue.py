"""The facets of the views, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from datasette_newsgraph.article import MAIN_ZONES
from datasette_newsgraph.facets.definition import (
    BY_COUNT,
    BY_VALUE,
    OF_TYPE,
    Facet,
    Link,
    count_elements,
    count_values,
)

#: The argument of a query string that has facets and filters look at all zones, and its values.
ZONES_ARGUMENT = "_zones"
MAIN, ALL = "main", "all"


def _by_column(
    table: str,
    column: str,
    order: str = BY_COUNT,
    name: str | None = None,
    labels: Mapping[str, str] | None = None,
    kept_by: str = "",
) -> Facet:
    """Return the facet of a column; ``kept_by``: keep the rows of its values, by this column."""
    pairs = f"SELECT {column} AS value, {kept_by} AS row FROM {table}" if kept_by else ""
    return Facet(
        name or column, count_values(table, column), order, labels=labels or {}, pairs=pairs
    )


def _given(table: str, column: str, labels: Mapping[str, str] | None = None) -> Facet:
    """Return the same for a table whose rows an article each gives, which has many of them."""
    given_by = f"SELECT {column} AS value FROM {table} WHERE article_id IN ({{articles}})"
    return replace(_by_column(table, column, labels=labels), given_by=given_by)


def _by_entity(
    counts: str, *links: Link, counted_by: str = "", counts_relations: bool = False
) -> Facet:
    """Return the facet of entities; ``counts`` is the SELECT of (entity_id, count)."""
    return Facet(
        "entity",
        "SELECT entities.key AS value, entities.name AS label, count, entities.type"
        f" FROM ({counts}) JOIN entities ON entities.id = entity_id",
        links=links,
        of_entities=True,
        counted_by=counted_by,
        counts_relations=counts_relations,
        reads=frozenset(each.source for each in links) | {"entities"},
    )


_MAIN_ZONES = ", ".join(f"'{each}'" for each in sorted(MAIN_ZONES))
#: What is named without a mention, or stated without a place, is in no other zone.
_MENTIONED_IN = {MAIN: "(main_mentions > 0 OR mentions = 0)", ALL: "true"}
_STATED_IN = {MAIN: f"(zone IS NULL OR zone IN ({_MAIN_ZONES}))", ALL: "true"}


def _in_zones(name: str, zones: str) -> str:
    return name if zones == MAIN else f"{name}@{zones}"


def _entities_of_articles(zones: str) -> Facet:
    """Return the facet of articles by the entities that they mention in the main zones, or all."""
    condition = _MENTIONED_IN[zones]
    counts = f"SELECT entity_id, count(*) AS count FROM appearances WHERE {condition} GROUP BY 1"
    link = Link("appearances", "article_id", "entity_id", condition)
    pairs = (
        "SELECT wanted.key, article_id{more} FROM entities AS wanted CROSS JOIN appearances"
        f" ON entity_id = wanted.id AND {condition} WHERE wanted.key IN ({{{{values}}}})"
    )
    facet = replace(
        _by_entity(counts, link),
        name=_in_zones("entity", zones),
        # In fewer than that, if not all zones count.
        counts_at_least="SELECT entity_id FROM entity_counts WHERE articles >= :least",
        says="mentions “{}”",
    )
    facet = replace(facet, reads=facet.reads | {"mentions"})
    return _with_pairs(facet, pairs, zones, _MENTIONED_IN)


def _predicates_of_articles(zones: str) -> Facet:
    """Return the facet of articles by the predicates of what they state in the main zones, or all."""
    condition = _STATED_IN[zones]
    source = "relations CROSS JOIN evidence ON relation_id = relations.id"
    facet = Facet(
        _in_zones("predicate", zones),
        "SELECT predicate AS value, predicate AS label, count(DISTINCT article_id) AS count"
        f" FROM {source} WHERE {condition} GROUP BY predicate",
        # Not a cross join: from few articles it is quicker to begin at these.
        links=(Link(source.replace("CROSS ", ""), "article_id", "predicate", condition),),
        reads=frozenset({"relations", "evidence"}),
        says="states “{}”",
    )
    # In the order of the relations, which are looked up then one behind the other.
    pairs = (
        "SELECT predicate, article_id{more} FROM evidence CROSS JOIN relations"
        f" ON relations.id = relation_id WHERE {condition}"
    )
    return _with_pairs(facet, pairs, zones, _STATED_IN)


def _with_pairs(facet: Facet, pairs: str, zones: str, condition: Mapping[str, str]) -> Facet:
    """Return a facet over some zones with the SELECT of its (value, row), ``{more}`` for more columns;
    the ``condition`` of the main zones tells whether a row goes with the value in these.
    """
    with_zones = pairs.format(more=f", {condition[MAIN]}") if zones == ALL else ""
    return replace(facet, pairs=pairs.format(more=""), pairs_in_zones=with_zones)


def _entities_by(name: str, of_articles: str, value: str, source: str, says: str) -> Facet:
    """Return a facet of entities by what holds of the articles that name them, of which there is a
    facet, too.
    """
    named = f"{source} CROSS JOIN appearances ON article_id = articles.id"
    return Facet(
        name,
        f"SELECT value, value AS label, count(*) AS count FROM (SELECT DISTINCT {value} AS value,"
        f" entity_id FROM {named}) GROUP BY value",
        links=(Link(named.replace("CROSS ", ""), "entity_id", value),),
        pairs=f"SELECT {value}, entity_id FROM {named}",
        named_by=f"SELECT {value}, entity_id FROM {named} WHERE articles.id IN ({{articles}})",
        of_articles=of_articles,
        reads=frozenset({"articles", "appearances"}),
        says=says,
    )


FACETS: dict[str, tuple[Facet, ...]] = {
    "article_index": (
        _by_column("articles", "publisher", kept_by="id"),
        Facet(
            "sections",
            count_elements("articles", "sections"),
            is_array=True,
            pairs="SELECT element.value AS value, articles.id AS row"
            " FROM articles, json_each(articles.sections) AS element",
        ),
        _by_column("articles", "substr(published, 1, 7)", BY_VALUE, "month", kept_by="id"),
        _by_column("articles", "language", kept_by="id"),
        _entities_of_articles(MAIN),
        _predicates_of_articles(MAIN),
    ),
    "entity_index": (
        _by_column("entity_counts", "type", kept_by="entity_id"),
        _entities_by("publisher", "publisher", "publisher", "articles", "named by “{}”"),
        _entities_by(
            "section",
            "sections",
            "element.value",
            "articles CROSS JOIN json_each(articles.sections) AS element",
            "named in the section “{}”",
        ),
    ),
    "mention_index": (
        Facet(
            "type",
            "SELECT type AS value, type AS label, sum(mentions) AS count FROM entity_counts"
            " GROUP BY type HAVING sum(mentions) > 0",
        ),
        # An index has the zones of each entity together.
        replace(
            _given("mentions", "zone"),
            counted="SELECT zone AS value, zone AS label, sum(count) AS count FROM (SELECT zone,"
            " count(*) AS count FROM mentions GROUP BY entity_id, zone) GROUP BY zone",
        ),
        _given("mentions", "offset_status"),
        _by_entity(
            "SELECT entity_id, mentions AS count FROM entity_counts WHERE mentions > 0",
            Link("mentions", "id", "entity_id"),
            counted_by="SELECT entity_id, mentions FROM entity_counts"
            " WHERE mentions > 0 AND entity_id IN ({entities})",
        ),
    ),
    "relation_index": (
        _by_column("relation_counts", "predicate"),
        _by_entity(
            # By the indexes that begin with them.
            "SELECT entity_id, sum(count) AS count FROM (SELECT subject_id AS entity_id,"
            " count(*) AS count FROM relation_counts GROUP BY subject_id UNION ALL SELECT object_id,"
            " count(*) FROM relation_counts GROUP BY object_id UNION ALL SELECT subject_id, -1"
            " FROM relation_counts WHERE object_id = subject_id) GROUP BY entity_id",
            Link("relation_counts", "relation_id", "subject_id"),
            # A relation of a thing to itself is one row.
            Link("relation_counts", "relation_id", "object_id", "object_id <> subject_id"),
            counts_relations=True,
        ),
    ),
    "quote_index": (
        _by_entity(
            "SELECT speaker_id AS entity_id, count(*) AS count FROM quotes GROUP BY speaker_id",
            Link("quotes", "id", "speaker_id"),
        ),
        _given("quotes", "verb"),
        _given("quotes", "direct", labels={"1": "own words", "0": "reported"}),
        _given("quotes", "offset_status"),
    ),
}


#: The same facets of articles over all zones, by the name of the one over the main zones.
IN_ALL_ZONES: dict[str, dict[str, Facet]] = {
    "article_index": {
        "entity": _entities_of_articles(ALL),
        "predicate": _predicates_of_articles(ALL),
    }
}


def all_facets() -> Iterator[tuple[str, Facet]]:
    """Yield the facets that are counted, over the main zones and over all: the view, the facet."""
    for view, facets in FACETS.items():
        for facet in (*facets, *IN_ALL_ZONES.get(view, {}).values()):
            yield view, facet


def facet_named(view: str, name: str, zones: str = MAIN) -> Facet | None:
    """Return the facet of a view by its name, which may end in a type of entities; or None."""
    base, colon, of_type = name.partition(OF_TYPE)
    found = next((each for each in FACETS.get(view, ()) if each.name == base), None)
    if found is not None and zones == ALL:
        found = IN_ALL_ZONES.get(view, {}).get(base, found)
    if found is None or not colon:
        return found
    return kept_to_type(found, of_type) if found.of_entities and of_type else None


def column_facet(view: str, column: str, is_array: bool | None) -> Facet | None:
    """Return the facet of a view by a column, or by the elements of its JSON arrays, if the rows of its
    values are kept; or None.
    """
    return next(
        (
            each
            for each in FACETS.get(view, ())
            if each.name == column and each.is_array == is_array and each.pairs and not each.links
        ),
        None,
    )


def kept_to_type(facet: Facet, of_type: str) -> Facet:
    """Return a facet of entities for those of one type."""
    return replace(facet, name=f"{facet.name}{OF_TYPE}{of_type}", of_type=of_type)
