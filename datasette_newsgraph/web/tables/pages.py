"""Datasette's own pages of a graph: which they are, and what their templates are told of it."""

from __future__ import annotations

from typing import Any

from datasette.version import __version__ as datasette_version

from datasette_newsgraph.metadata.descriptions import DESCRIPTIONS
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.access.graphs import known_graphs
from datasette_newsgraph.web.datasette import one_request
from datasette_newsgraph.web.datasette.defaults import is_ours

#: The kinds of pages: of the server, of a database, of a table or a row of it, of a view, and of the
#: results of a canned query.
SERVER, DATABASE, TABLE, VIEW, QUERY = "server", "database", "table", "view", "query"


def kind_of_page(
    datasette: Any,
    *,
    template: str | None,
    view_name: str | None,
    database: str | None,
    table: str | None,
) -> str | None:
    """Return what kind of page of Datasette's is under way, by what it tells its hooks; None for a page
    that shows no graph, or a table or query that is not ours.
    """
    graphs = known_graphs(datasette)
    if view_name == "index":
        return SERVER if graphs else None
    if database not in graphs:
        return None
    if (template or "").startswith("query"):
        # Both lines show the results of a user's SQL by the same template.
        query = one_request.query_shown()
        return QUERY if query is not None and is_ours(datasette, database, query) else None
    if view_name in ("table", "row") and table in DESCRIPTIONS:
        return VIEW if table in VIEWS else TABLE
    return DATABASE if view_name == "database" else None


def template_vars(datasette: Any, **told: Any) -> dict[str, str]:
    """Return what the templates of pages of ours go by: the kind of page, where it is Datasette's; for
    the footer of all others Datasette's version, which it tells its own pages alone.
    """
    if (told["template"] or "").startswith("newsgraph_"):
        return {"datasette_version": datasette_version}
    kind = kind_of_page(datasette, **told)
    return {"newsgraph_page": kind} if kind else {}
