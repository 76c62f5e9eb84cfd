"""What of Datasette's own functions the plugin replaces: no hook does the same.

``REPLACEMENTS`` says of each why, on which line, and which hook would make it unnecessary. All else
goes by Datasette's hooks, in the package itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from datasette_newsgraph.web.datasette.lines import IS_1_0, may_view
from datasette_newsgraph.web.datasette.one_request import request_under_way, route_under_way
from datasette_newsgraph.web.datasette.row_view import row_view


class Replacement(NamedTuple):
    """A function of Datasette's that is replaced: ``replaced`` is its name there, ``lines`` are the
    lines of Datasette on which it is, ``by`` is the function here that does it, as MODULE.NAME.
    """

    replaced: str
    lines: tuple[str, ...]
    by: str
    why: str
    unnecessary_with: str


REPLACEMENTS = (
    Replacement(
        "Datasette.expand_foreign_keys",
        ("0.65",),
        "replacements.keep_labels",
        "It labels a foreign key from the table referred to, whether the visitor may see that or not.",
        "nothing, from 1.0 on: it is told the actor, and asks",
    ),
    Replacement(
        "Datasette.setting",
        ("0.65", "1.0"),
        "replacements.suggest_nothing",
        "`suggest_facets` is one for all tables. To try each column of a view of ours takes longer than"
        " its page, and the view has facets of its own.",
        "a `suggest_facets` in the metadata of a table or view",
    ),
    Replacement(
        "RowView",
        ("0.65",),
        "replacements.row_routes",
        "The page of a row counts rows of tables that the visitor may not see, and shows the number of"
        " another row without its label.",
        "nothing, from 1.0 on: it asks, and labels",
    ),
    Replacement(
        "path_with_replaced_args, in templates",
        ("0.65", "1.0"),
        "prefix.template_vars",
        "The address of all values of a facet lacks the prefix under which Datasette is served.",
        "a prefix in `path_with_replaced_args` itself; it is a fault of Datasette's",
    ),
    Replacement(
        "the path of each request",
        ("0.65", "1.0"),
        "prefix.without_prefix",
        "Where a proxy keeps the prefix, Datasette puts it a second time before the addresses that it"
        " makes of the path asked for.",
        "a `base_url` that is taken from the path before routing; the hook `asgi_wrapper` is used",
    ),
    Replacement(
        "Datasette.config",
        ("1.0",),
        "defaults.install",
        "Facets, sort order and search of our tables and views are configuration, for which 1.0 has no"
        " hook as 0.65 has `get_metadata`.",
        "a hook that gives the configuration of a table",
    ),
)


def keep_labels(datasette: Any) -> None:
    """Let 0.65 label foreign keys only from tables that the visitor may see, as 1.0 does."""
    if IS_1_0:
        return
    expand = datasette.expand_foreign_keys

    async def expand_foreign_keys(
        database: str, table: str, column: str, values: Iterable[Any]
    ) -> Any:
        keys = await datasette.databases[database].foreign_keys_for_table(table)
        others = [key["other_table"] for key in keys if key["column"] == column]
        request = request_under_way()
        if others and request is not None:
            is_seen = await may_view(datasette, request.actor, database, others[0])
            if not is_seen:
                return {}
        return await expand(database, table, column, values)

    datasette.expand_foreign_keys = expand_foreign_keys


def suggest_nothing(datasette: Any, is_ours: Callable[[str, str], bool]) -> None:
    """Keep Datasette from looking for more facets of our views, which have theirs. ``is_ours`` is told
    database and view.

    It tries each column, three times over. There is no setting for one view, so the answer to the
    setting for all depends on the request.
    """
    setting = datasette.setting

    def for_request(key: str) -> Any:
        if key == "suggest_facets":
            route = route_under_way()
            database, table = route.get("database"), route.get("table")
            if database and table and is_ours(database, table):
                return False
        return setting(key)

    datasette.setting = for_request


def row_routes(
    datasette: Any, tables: Iterable[str], has_graph: Callable[[str], bool]
) -> list[tuple[str, Any]]:
    """Return a route for the rows of ``tables`` on 0.65, which shows them as 1.0 does; ``has_graph`` is
    told a database.
    """
    if IS_1_0:
        return []
    view = row_view(datasette, has_graph)

    async def row(request: Any, send: Any) -> Any:
        return await view(request, send)

    names = "|".join(map(_encoded, tables))
    pattern = rf"/(?P<database>[^\/\.]+)/(?P<table>{names})/(?P<pks>[^/]+?)(\.(?P<format>\w+))?$"
    return [(pattern, row)]


def _encoded(name: str) -> str:
    """Return a regular expression of a table's name, in either case, as Datasette decodes it."""
    letters = (
        "".join((letter, f"|~{ord(letter.lower()):02x}", f"|~{ord(letter.upper()):02x}"))
        for letter in name
    )
    return "(?i:" + "".join(f"(?:{each})" for each in letters) + ")"
