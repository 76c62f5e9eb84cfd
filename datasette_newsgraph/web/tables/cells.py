"""Cells of our tables and views as links to our pages."""

from __future__ import annotations

import json
from typing import Any

from datasette.utils import is_url
from markupsafe import Markup, escape

from datasette_newsgraph.kinds import (
    ANNOTATED,
    ARTICLE,
    BY_TABLE,
    ENTITY,
    EVIDENCE,
    EXTRACTION,
    QUOTE,
    RELATION,
    WITH_PAGE,
)
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.access.graphs import known_graphs
from datasette_newsgraph.web.datasette import one_request
from datasette_newsgraph.web.datasette.defaults import is_ours
from datasette_newsgraph.web.links import Links
from datasette_newsgraph.web.tables.additions import with_doubt, with_sentence
from datasette_newsgraph.web.tables.first_lines import untitled_cell
from datasette_newsgraph.web.tables.waiting import WaitingCell

#: Columns with the name of another thing, and its kind: ``{column}_key`` has its key.
_NAMED = {
    "entity": ENTITY,
    "subject": ENTITY,
    "object": ENTITY,
    "speaker": ENTITY,
    "article": ARTICLE,
}


def _pages_of(view: str) -> dict[str, tuple[str, str]]:
    """Return the columns of a view that lead to a page: its kind, and the column of the key."""
    kind, columns = BY_TABLE[view], VIEWS[view][0]
    own = {kind.heading: (kind.name, "key")} if kind.heading and kind in WITH_PAGE else {}
    others = {
        column: (named.name, f"{column}_key")
        for column, named in _NAMED.items()
        if column in columns and f"{column}_key" in columns
    }
    return own | others


#: Of a view or table: columns that lead to the page of a kind, with the column of the key.
_PAGES: dict[str, dict[str, tuple[str, str]]] = {
    **{view: _pages_of(view) for view in VIEWS},
    **{each.table: {each.heading: (each.name, "key")} for each in WITH_PAGE if each.heading},
}
#: The same of our canned queries, which name their columns alike; and of a quote, which leads to its
#: place in the article.
_QUERY_PAGES: dict[str, tuple[str, str]] = {
    **{column: (kind.name, f"{column}_key") for column, kind in _NAMED.items()},
    "name": (ENTITY.name, "entity_key"),
    "named_with": (ENTITY.name, "other_key"),
    "predicate": (RELATION.name, "key"),
}
#: Of a query of ours: columns that lead to where a span is marked in its article.
_QUERY_SPANS: dict[str, tuple[str, str]] = {
    "quote": (QUOTE.name, "key"),
    "sentence": (EVIDENCE.name, "evidence_key"),
}
#: The view whose rows have a sentence each, under the one column, and the other that may be uncertain.
_STATED = RELATION.view
_SENTENCE, _CONFIDENCE = "object", "confidence"
#: Of a view: columns that lead to its rows with the same value.
_FILTERS = {"article_index": ("publisher",), "entity_index": ("type",)}
#: Of a view: the column that leads to a span in its article.
_SPANS = {each.view: each.heading for each in ANNOTATED if each.view}
_ARRAYS = ("sections", "authors")
#: Of a table: columns that refer to articles, which Datasette labels with the title.
_ARTICLES = {
    name: tuple(column for column, other in table.references.items() if other == "articles")
    for name, table in TABLES.items()
}
#: All (table, column) that anything is made of: asked first, as a page has thousands of cells.
_OURS = (
    frozenset(
        (table, column)
        for table in BY_TABLE
        for column in (
            *_PAGES.get(table, {}),
            *_FILTERS.get(table, ()),
            _SPANS.get(table),
            *_ARRAYS,
            "key",
        )
        # An extraction has no page of its own; it leads to the overview, which may be hidden.
        if table != EXTRACTION.table
    )
    | {(table, column) for table, columns in _ARTICLES.items() for column in columns}
    | {(_STATED, _CONFIDENCE)}
)


def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Markup | WaitingCell | None:
    """Return the HTML of a cell, or None for Datasette's own.

    Of a query of a user's nothing is made: its values may be anything.
    """
    if table is None:
        # Datasette writes a space for nothing there, by which a style sheet cannot tell it.
        leads = column in _QUERY_PAGES or column in _QUERY_SPANS
        if not (leads or value is None) or not _is_query_of_ours(datasette, database):
            return None
        if not leads:
            return Markup("")
    elif (table, column) not in _OURS or database not in known_graphs(datasette):
        return None
    if column in _ARRAYS:
        return _listed(value)
    if table == _STATED and column == _CONFIDENCE:
        return _rated(row, value, database)
    remembered = one_request.remembered()
    links = remembered.get((Links, database))
    if links is None:
        links = remembered[Links, database] = Links(datasette, database)
    if column in _ARTICLES.get(table or "", ()):
        return _labelled(value, database, links)
    if table is None:
        target = _target_in_query(row, column, links)
    else:
        target = _target(row, column, table, links)
    if table == _STATED and column == _SENTENCE:
        return _stated(row, value, target, database)
    if target is None:
        return None
    if value in (None, ""):
        article = _untitled_article(row, column, table)
        if article is not None:
            return untitled_cell(database, article, f'<a href="{escape(target)}">', "</a>")
    html = _linked(value, target)
    if table is None and column == "sentence":
        html = f'<span class="ng-sentence" dir="auto">{html}</span>'
    return Markup(html)  # noqa: S704 - what is not ours in it is escaped


def _linked(value: Any, target: str) -> str:
    shown = "—" if value in (None, "") else value
    # A page has thousands of cells, and this takes a third of the time of Markup.format.
    return f'<a href="{escape(target)}"><bdi>{escape(shown)}</bdi></a>'


def _stated(row: Any, value: Any, target: str | None, database: str) -> Markup | WaitingCell | None:
    """Return the object of a relation, under which its sentence will stand."""
    number = _relation(row)
    if target is None and is_url(str(value).strip()):
        # A value that is an address leads there.
        html = f'<a href="{escape(value)}" rel="nofollow"><bdi>{escape(value)}</bdi></a>'
    elif target is None:
        html = f"<bdi>{escape('' if value is None else value)}</bdi>"
    else:
        html = _linked(value, target)
    if number is None:
        return Markup(html)  # noqa: S704 - as above
    return with_sentence(database, number, html)


def _rated(row: Any, value: Any, database: str) -> WaitingCell | None:
    """Return a confidence beside which may stand that the relation is uncertain."""
    number = _relation(row)
    if number is None or not (value is None or isinstance(value, float)):
        return None
    return with_doubt(database, number, "" if value is None else str(escape(value)))


def _relation(row: Any) -> int | None:
    """Return the row number of the relation of a row; None where the column was left out."""
    try:
        number = row["id"]
    except (KeyError, IndexError):
        return None
    return number if isinstance(number, int) else None


def _labelled(value: Any, database: str, links: Links) -> WaitingCell | None:
    """Return the cell of a reference to an article without a title, as Datasette has the others."""
    if not isinstance(value, dict) or value.get("label") or not isinstance(value["value"], int):
        return None
    number = value["value"]
    before = f'<a href="{escape(links.row("articles", number))}">'
    return untitled_cell(database, number, before, f"</a>&nbsp;<em>{number}</em>")


def _untitled_article(row: Any, column: str, table: str | None) -> str | None:
    """Return the key of the article that an empty cell is to name, if it is of one."""
    pages = _QUERY_PAGES if table is None else _PAGES.get(table, {})
    kind, key_column = pages.get(column, ("", ""))
    key = row[key_column] if kind == ARTICLE.name else None
    return key if isinstance(key, str) else None


def _is_query_of_ours(datasette: Any, database: str) -> bool:
    """Tell whether the page is that of a canned query of ours; asked for once a page."""
    remembered = one_request.remembered()
    if "query" not in remembered:
        query = one_request.query_shown()
        remembered["query"] = (
            query is not None
            and database in known_graphs(datasette)
            and is_ours(datasette, database, query)
        )
    return bool(remembered["query"])


def _target_in_query(row: Any, column: str, links: Links) -> str | None:
    """Return where a cell of a query of ours leads."""
    is_span = column in _QUERY_SPANS
    kind, key_column = _QUERY_SPANS[column] if is_span else _QUERY_PAGES[column]
    try:
        key = row[key_column]
    except (KeyError, IndexError):
        return None
    if not isinstance(key, str):
        return None
    return links.identifier(kind, key) if is_span else links.page(kind, key)


def _target(row: Any, column: str, table: str, links: Links) -> str | None:
    """Return where a cell leads, if the row has the columns that tell it."""
    try:
        if column == _SPANS.get(table):
            # In a damaged database its article may not be there.
            if row["article_key"] is None:
                return None
            return links.span(row["article_key"], row["start_char"], row["end_char"])
        if column in _PAGES.get(table, {}):
            kind, key_column = _PAGES[table][column]
            key = row[key_column]
            return links.page(kind, key) if isinstance(key, str) else None
        if column in _FILTERS.get(table, ()) and isinstance(row[column], str):
            return links.rows(table, **{column: row[column]})
        if column == "key" and isinstance(row["key"], str):
            return links.identifier(BY_TABLE[table].name, row["key"])
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
    names = " · ".join(f"<bdi>{escape(each)}</bdi>" for each in listed)
    return Markup(names)  # noqa: S704 - as above
