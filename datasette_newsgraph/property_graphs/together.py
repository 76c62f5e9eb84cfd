"""Who is named together: pairs of entities, in how many articles, and from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datasette_newsgraph.property_graphs.columns import Column, Type, chosen
from datasette_newsgraph.property_graphs.rows import Rows

TABLES = ("appearances", "articles", "entities")
# Grouped by numbers, which are short, and only what is left is sorted by keys. What does not fit into
# memory, SQLite keeps on the disk.
_PAIRS = (
    "WITH pairs AS (SELECT one.entity_id AS one_id, other.entity_id AS other_id,"
    " count(DISTINCT articles.id) AS together, min(published) AS first, max(published) AS last"
    " FROM articles CROSS JOIN appearances AS one ON one.article_id = articles.id"
    " CROSS JOIN appearances AS other ON other.article_id = articles.id"
    f" AND other.entity_id > one.entity_id WHERE {chosen('articles')}"
    " GROUP BY one.entity_id, other.entity_id HAVING together >= :1)"
    " SELECT one_id, other_id, min(ones.key, others.key), max(ones.key, others.key),"
    " together, first, last FROM pairs CROSS JOIN entities AS ones ON ones.id = one_id"
    " CROSS JOIN entities AS others ON others.id = other_id ORDER BY 3, 4"
)
_COLUMNS = (
    Column("one_id", "", Type.INTEGER),
    Column("other_id", "", Type.INTEGER),
    Column("one_key", ""),
    Column("other_key", ""),
    Column("together", "", Type.INTEGER),
    Column("first", ""),
    Column("last", ""),
)


class Pair(NamedTuple):
    """Two entities by their row numbers and keys, the smaller key first; the number of articles that
    name both, and when the first and the last of these were published.
    """

    one_id: int
    other_id: int
    one_key: str
    other_key: str
    together: int
    first: str | None
    last: str | None


def pairs(rows: Rows, least: int) -> Iterator[Pair]:
    """Yield the pairs that at least so many of the chosen articles name, by their keys."""
    found = rows.checked(rows.execute(_PAIRS, least), _COLUMNS, TABLES)
    return (Pair(*each) for each in found)
