"""datasette-newsgraph: parsed news articles → SQLite → pages and RDF.

Datasette's hooks, and the Python interface: ``load``, ``decide``, ``undo`` and ``rdf_graph``. Datasette
imports this module at every start, so nothing else is imported until it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

if TYPE_CHECKING:
    from collections.abc import Generator

    import click

    from datasette_newsgraph.loading.deciding import decide, undo
    from datasette_newsgraph.loading.load import load
    from datasette_newsgraph.rdf.notebook import rdf_graph

__all__ = ["decide", "load", "rdf_graph", "undo"]

#: Datasette's own: what is imported of Datasette takes as long as a small command.
hookimpl = HookimplMarker("datasette")


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Offer the commands as ``datasette newsgraph …`` too."""
    from datasette_newsgraph.cli import cli as newsgraph

    cli.add_command(newsgraph, name="newsgraph")


@hookimpl
def startup(datasette: Any) -> Any:
    """Read the settings; find the graphs, and give them our metadata; carry out decisions that wait for
    it. Refuse graphs that are served as immutable and are not, and warn of those that RDF cannot tell
    apart.
    """
    import click

    from datasette_newsgraph.errors import UsageError
    from datasette_newsgraph.web import settings
    from datasette_newsgraph.web.access.graphs import find_graphs, is_view_of_graph
    from datasette_newsgraph.web.datasette import immutable, replacements
    from datasette_newsgraph.web.deciding.writing import carry_out_what_waits
    from datasette_newsgraph.web.rdf.shared_bases import warn_of_shared_bases

    try:
        settings.install(datasette)
        immutable.refuse_unfinished(datasette)
    except UsageError as error:
        # Both lines let it through to click, which prints it as one line.
        raise click.ClickException(str(error)) from error
    replacements.keep_labels(datasette)
    replacements.suggest_nothing(
        datasette, lambda route, view: is_view_of_graph(datasette, route, view)
    )

    async def begin() -> None:
        await find_graphs(datasette)
        await carry_out_what_waits(datasette)
        await warn_of_shared_bases(datasette)

    return begin


@hookimpl
def prepare_connection(conn: Any) -> None:
    """Let SQL read the sets of rows that facets keep, and put words in the form that is searched."""
    from datasette_newsgraph.facets.definition import ROWS_FUNCTION
    from datasette_newsgraph.facets.rowsets import numbers_in
    from datasette_newsgraph.search_form import PHRASE_FUNCTION, phrase

    conn.create_function(ROWS_FUNCTION, -1, numbers_in, deterministic=True)
    conn.create_function(PHRASE_FUNCTION, 1, phrase, deterministic=True)


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Remember nothing from one request to the next; name the RDF that a page of rows offers; take
    away the prefix that a proxy keeps; answer questions that are posted as to anybody.
    """
    from datasette_newsgraph.web.access.anybody import as_anybody
    from datasette_newsgraph.web.datasette.one_request import keep_requests_apart
    from datasette_newsgraph.web.datasette.prefix import without_prefix
    from datasette_newsgraph.web.rdf.link_header import add_links

    return lambda app: without_prefix(datasette, keep_requests_apart(as_anybody(add_links(app))))


@hookimpl
def skip_csrf(scope: Any) -> bool:
    """Let questions be posted from other sites, on 0.65."""
    from datasette_newsgraph.web.access.anybody import is_question

    return is_question(scope)


@hookimpl
def actor_from_request(request: Any) -> None:
    """Learn that a request begins; who sends it is for others to say."""
    from datasette_newsgraph.web.datasette.one_request import begin_request

    begin_request(request)


@hookimpl
def register_routes(datasette: Any) -> Any:
    """Serve our pages and RDF."""
    from datasette_newsgraph.web.routes import register_routes

    return register_routes(datasette)


@hookimpl
def register_output_renderer() -> Any:
    """Serve rows of our tables and views as RDF."""
    from datasette_newsgraph.web.rdf.graph_rdf import output_renderers

    return output_renderers()


@hookimpl
def register_facet_classes() -> Any:
    """Offer facets with stored counts."""
    from datasette_newsgraph.web.tables.counted_facets import CountedFacet

    return [CountedFacet]


@hookimpl(hookwrapper=True)  # has the last word on search
def filters_from_request(
    request: Any, database: str, table: str, datasette: Any
) -> Generator[None, Any, None]:
    """Filter by entity, search nothing that is hidden, and learn what else a page is filtered by."""
    from datasette_newsgraph.web.tables.page_filters import filters_from_request

    outcome = yield
    if outcome.excinfo is None:
        others = outcome.get_result()
        outcome.force_result(
            [lambda: filters_from_request(others, request, database, table, datasette)]
        )


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Any:
    """Link cells to our pages."""
    from datasette_newsgraph.web.tables.cells import render_cell

    return render_cell(row, value, column, table, database, datasette)


@hookimpl(specname="extra_template_vars")
def fill_cells(datasette: Any, request: Any) -> Any:
    """Fill the cells of a page that is about to be made with what one query reads for all of them."""
    from datasette_newsgraph.web.tables.waiting import fill_cells

    return lambda: fill_cells(datasette, request)


@hookimpl
def extra_css_urls(
    template: str,
    database: str | None,
    table: str | None,
    view_name: str,
    request: Any,
    datasette: Any,
) -> Any:
    """Style Datasette's pages of our tables, views and queries, and colour those at night."""
    from datasette_newsgraph.web.tables.styles import css_urls

    told = {"template": template, "view_name": view_name, "database": database, "table": table}
    return lambda: css_urls(datasette, request, **told)


@hookimpl(specname="extra_template_vars")
def tell_tables(
    template: str, database: str | None, table: str | None, view_name: str, datasette: Any
) -> Any:
    """Tell our templates for Datasette's pages which pages are of ours."""
    from datasette_newsgraph.web.tables.pages import template_vars

    told = {"template": template, "view_name": view_name, "database": database, "table": table}
    return template_vars(datasette, **told)


@hookimpl(specname="extra_template_vars")
def put_prefix(datasette: Any) -> Any:
    """Give Datasette's templates addresses that have the prefix under which it is served."""
    from datasette_newsgraph.web.datasette.prefix import template_vars

    return template_vars(datasette)


@hookimpl(specname="extra_template_vars")
def lead_in(
    template: str,
    view_name: str | None,
    database: str | None,
    table: str | None,
    request: Any,
    datasette: Any,
) -> Any:
    """Give Datasette's own pages the way in to a graph."""
    from datasette_newsgraph.web.overview.entrance import template_vars

    return lambda: template_vars(datasette, template, view_name, database, table, request)


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Say what went wrong at an address of ours on a page with our navigation."""
    from datasette_newsgraph.web.frame.error_page import error_page

    return lambda: error_page(datasette, request, exception)


@hookimpl
def menu_links(datasette: Any, actor: Any) -> Any:
    """Link to the list of graphs from every page."""
    from datasette_newsgraph.web.tables import menus

    return lambda: menus.menu_links(datasette, actor)


@hookimpl
def database_actions(datasette: Any, actor: Any, database: str) -> Any:
    """Link to the overview from the database."""
    from datasette_newsgraph.web.tables import menus

    return lambda: menus.database_actions(datasette, actor, database)


@hookimpl
def table_actions(datasette: Any, actor: Any, database: str, table: str) -> Any:
    """Link to the overview from our tables, on 0.65 also from our views."""
    from datasette_newsgraph.web.tables import menus

    return lambda: menus.table_actions(datasette, actor, database, table)


@hookimpl
def view_actions(datasette: Any, actor: Any, database: str, view: str) -> Any:
    """Link to the overview from our views, on 1.0."""
    from datasette_newsgraph.web.tables import menus

    return lambda: menus.table_actions(datasette, actor, database, view)


@hookimpl
def row_actions(datasette: Any, actor: Any, database: str, table: str, row: Any) -> Any:
    """Link to our page from a row, on 1.0."""
    from datasette_newsgraph.web.tables import menus

    return lambda: menus.row_actions(datasette, actor, database, table, row)


@hookimpl
def jump_items_sql(datasette: Any, actor: Any, request: Any) -> Any:
    """Find articles and entities from the menu that jumps to things, on 1.0."""
    from datasette_newsgraph.web.search import jump

    return lambda: jump.jump_items(datasette, actor, request)


@hookimpl
def register_actions() -> Any:
    """Declare the action of whoever may decide, on 1.0."""
    from datasette_newsgraph.web.datasette import lines

    return lines.actions()


@hookimpl
def permission_allowed(datasette: Any, actor: Any, action: str, resource: Any) -> Any:
    """Deny what tells of something hidden, and allow to decide, on 0.65."""
    from datasette_newsgraph.web.access import denial

    return lambda: denial.permission_allowed(datasette, actor, action, resource)


@hookimpl
def permission_resources_sql(datasette: Any, actor: Any, action: str) -> Any:
    """Deny what tells of something hidden, and allow to decide, on 1.0."""
    from datasette_newsgraph.web.access import denial

    return denial.permission_resources_sql(datasette, actor, action)


@hookimpl
def get_metadata(datasette: Any, key: str | None) -> Any:
    """Give our metadata to each graph, on 0.65."""
    from datasette_newsgraph.web.access.graphs import known_graphs
    from datasette_newsgraph.web.datasette.defaults import get_metadata

    return get_metadata(datasette, key, known_graphs(datasette))


@hookimpl
def canned_queries(datasette: Any, database: str) -> Any:
    """Give our queries to each graph, on 0.65."""
    from datasette_newsgraph.web.access.graphs import known_graphs
    from datasette_newsgraph.web.datasette.defaults import canned_queries

    return canned_queries(datasette, database) if database in known_graphs(datasette) else {}


def __getattr__(name: str) -> Any:
    if name == "load":
        from datasette_newsgraph.loading.load import load

        return load
    if name in ("decide", "undo"):
        from datasette_newsgraph.loading import deciding

        return getattr(deciding, name)
    if name == "rdf_graph":
        from datasette_newsgraph.rdf.notebook import rdf_graph

        return rdf_graph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
