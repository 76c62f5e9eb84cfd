"""Cells of our tables and views as links to our pages."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from datasette_newsgraph.web import line
from datasette_newsgraph.web.graphs import known_graphs
from datasette_newsgraph.web.links import Links

#: Of a view: columns that lead to the page of a kind, with the column of the key.
_PAGES: dict[str, dict[str, tuple[str, str]]] = {
    "article_index": {"title": ("article", "key")},
    "entity_index": {"name": ("entity", "key")},
    "mention_index": {"entity": ("entity", "entity_key"), "article": ("article", "article_key")},
    "relation_index": {
        "subject": ("entity", "subject_key"),
        "predicate": ("relation", "key"),
        "object": ("entity", "object_key"),
    },
    "quote_index": {"speaker": ("entity", "speaker_key"), "article": ("article", "article_key")},
    "articles": {"title": ("article", "key")},
    "entities": {"name": ("entity", "key")},
    "relations": {"predicate": ("relation", "key")},
}
#: Columns that lead to a span in its article.
_SPANS = {"mention_index": "surface", "quote_index": "quote"}
#: The kinds of the identifier IRIs that the column ``key`` stands for.
KINDS = {
    "articles": "article",
    "entities": "entity",
    "relations": "relation",
    "mentions": "mention",
    "evidence": "evidence",
    "quotes": "quote",
    "extractions": "extraction",
    "article_index": "article",
    "entity_index": "entity",
    "mention_index": "mention",
    "relation_index": "relation",
    "quote_index": "quote",
}
_ARRAYS = ("sections", "authors")
#: All (table, column) that anything is made of: asked first, as a page has thousands of cells.
_OURS = frozenset(
    (table, column)
    for table in KINDS
    for column in (*_PAGES.get(table, {}), _SPANS.get(table), *_ARRAYS, "key")
    # An extraction has no page of its own; it leads to the overview, which may be hidden.
    if table != "extractions"
)


def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Markup | None:
    """Return the HTML of a cell, or None for Datasette's own.

    A query of a user's has no table: its values may be anything, so nothing is made of them.
    """
    if (table, column) not in _OURS or table is None or database not in known_graphs(datasette):
        return None
    if column in _ARRAYS:
        return _listed(value)
    remembered = line.remembered()
    links = remembered.get((Links, database))
    if links is None:
        links = remembered[Links, database] = Links(datasette, database)
    target = _target(row, column, table, links)
    if target is None:
        return None
    shown = "—" if value in (None, "") else value
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(target, shown)


def _target(row: Any, column: str, table: str, links: Links) -> str | None:
    """Return where a cell leads, if the row has the columns that tell it."""
    try:
        if column == _SPANS.get(table):
            return links.span(row["article_key"], row["start_char"], row["end_char"])
        if column in _PAGES.get(table, {}):
            kind, key_column = _PAGES[table][column]
            key = row[key_column]
            return links.page(kind, key) if isinstance(key, str) else None
        if column == "key" and isinstance(row["key"], str):
            return links.identifier(KINDS[table], row["key"])
    except (KeyError, IndexError):
        # The visitor has left the column out.
        return None
    return None


def _listed(value: Any) -> Markup | None:
    """Return the strings of a JSON array with separators."""
    try:
        listed = json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if not isinstance(listed, list):
        return None
    return Markup(" · ").join(Markup("<bdi>{}</bdi>").format(each) for each in listed)
