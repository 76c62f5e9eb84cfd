"""Our routes: pages, the same as RDF, and identifier IRIs."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import Forbidden, NotFound, Response
from datasette.views.base import DatasetteError

from datasette_newsgraph.kinds import ANNOTATED, ARTICLE, BY_NAME, ENTITY, RELATION, Kind
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.graphs import find_graphs, known_graphs
from datasette_newsgraph.web.access.sight import sees_any
from datasette_newsgraph.web.access.visit import Visit, answered, answered_forms, begin
from datasette_newsgraph.web.article.article_page import article
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.datasette.replacements import row_routes
from datasette_newsgraph.web.deciding.posting import decide_by_form
from datasette_newsgraph.web.entity.entity_page import entity
from datasette_newsgraph.web.frame import signposting
from datasette_newsgraph.web.frame.citation import cite_page
from datasette_newsgraph.web.frame.error_page import answering
from datasette_newsgraph.web.graph_files import (
    graph_file_routes,
    offered_of_entity,
    offered_of_graph,
)
from datasette_newsgraph.web.links import SEGMENT, TEXT_ENDING, graphs_page
from datasette_newsgraph.web.log.decisions_page import decisions
from datasette_newsgraph.web.log.gone_page import gone, may_be_told
from datasette_newsgraph.web.merging.merge_page import merging
from datasette_newsgraph.web.merging.split_page import splitting
from datasette_newsgraph.web.overview.graph_list import graphs_seen
from datasette_newsgraph.web.overview.overview_page import overview
from datasette_newsgraph.web.page_contexts import GraphsPage, ThingPage
from datasette_newsgraph.web.rdf import (
    described_by,
    description,
    documents,
    graph_rdf,
    ontology_page,
)
from datasette_newsgraph.web.rdf.dereference import dereference
from datasette_newsgraph.web.rdf.former import now_under_key
from datasette_newsgraph.web.reconcile.service import reconcile_routes
from datasette_newsgraph.web.relation.relation_page import relation
from datasette_newsgraph.web.rendering import render
from datasette_newsgraph.web.review.review_page import review
from datasette_newsgraph.web.search.finding import entities_called
from datasette_newsgraph.web.search.rdf import search_rdf
from datasette_newsgraph.web.search.search_page import search
from datasette_newsgraph.web.sparql.endpoint import endpoint

#: What reads the page of a thing, by its kind.
PAGES: dict[Kind, Callable[[Visit, str], Awaitable[ThingPage]]] = {
    ARTICLE: article,
    ENTITY: entity,
    RELATION: relation,
}


def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """Return our routes, as pairs of a regular expression and a view function."""
    graph = rf"^/(?P<database>[^/]+)/{SEGMENT}"
    kinds = "|".join(each.name for each in PAGES)
    spans = "|".join(each.name for each in ANNOTATED)
    ours = [
        (rf"^/{SEGMENT}$", graphs),
        (rf"^{re.escape(description.WELL_KNOWN)}$", well_known),
        (rf"{graph}$", home),
        (rf"{graph}/$", description.data_set),
        (rf"{graph}/void$", description.described),
        (rf"{graph}/void\.(?P<format>\w+)$", description.described),
        *graph_file_routes(graph),
        (rf"{graph}\.(?P<format>\w+)$", graph_rdf.whole_graph),
        (rf"{graph}/ns$", own_terms),
        (rf"{graph}/ns\.(?P<format>\w+)$", own_terms_rdf),
        (rf"{graph}/search$", found),
        (rf"{graph}/search\.(?P<format>\w+)$", search_rdf),
        (rf"{graph}/id/(?P<path>.+)$", dereference),
        (rf"{graph}/decisions$", log),
        (rf"{graph}/decide$", decide),
        (rf"{graph}/review$", pairs),
        (rf"{graph}/merge$", merge),
        (rf"{graph}/split$", split),
        (rf"{graph}/(?P<kind>{kinds})/(?P<name>[^/]+)$", thing),
        (rf"{graph}/(?P<kind>{spans})/(?P<name>[^/]+)$", annotation),
        *reconcile_routes(graph),
        (rf"{graph}/sparql$", endpoint),
        (rf"{graph}/.+$", nothing),
    ]
    return [
        *((pattern, answering(route)) for pattern, route in ours),
        *row_routes(datasette, TABLES, lambda name: name in known_graphs(datasette)),
    ]


@answered
async def graphs(datasette: Any, request: Any) -> Response:
    """Show the news graphs on this server of which the visitor may see anything."""
    found = await graphs_seen(datasette, request)
    if not found and not await _may_view_instance(datasette, request.actor):
        raise Forbidden("view-instance")
    context: GraphsPage = {"graphs": found, "canonical": graphs_page(datasette)}
    html = await datasette.render_template("newsgraph_graphs.html", context, request=request)
    # It differs from visitor to visitor, by rules of every database here.
    return Response.html(html, headers={"Cache-Control": "private, no-store", **responses.PAGE})


async def _may_view_instance(datasette: Any, actor: Any) -> bool:
    names = [name for name in datasette.databases if name != "_internal"]
    seen = [await lines.may_view_database(datasette, actor, name) for name in names]
    return any(seen) or not names


@answered
async def well_known(datasette: Any, request: Any) -> Response:
    """List the news graphs on this server of which the visitor may see anything, as data sets."""
    found = await sees_any(datasette, request.actor, await find_graphs(datasette))
    if not found and not await _may_view_instance(datasette, request.actor):
        raise Forbidden("view-instance")
    return await description.of_all(datasette, request)


@answered
async def home(datasette: Any, request: Any) -> Response:
    """Show the overview of a graph, or serve its description to who prefers RDF."""
    visit = await begin(datasette, request)
    as_rdf = await description.in_place_of_page(visit)
    if as_rdf is not None:
        return as_rdf
    context = await overview(visit)
    offered = FORMATS if visit.settings.whole_graph_downloads else ()
    context["formats"] = {each: visit.links.whole(each) for each in offered}
    context["graph_files"] = offered_of_graph(visit)
    link = await signposting.of_graph(visit, context, described_by.address(visit.links))
    headers = {"Vary": "Accept", "Link": link}
    return await render(visit, "overview", context, visit.links.home, headers)


@answered
async def own_terms(datasette: Any, request: Any) -> Response:
    """Show the terms of ours, or serve them as RDF."""
    visit = await begin(datasette, request)
    as_rdf = await ontology_page.answer(visit)
    if as_rdf is not None:
        return as_rdf
    context, headers = await ontology_page.terms_page(visit), ontology_page.headers(visit.links)
    return await render(visit, "terms", context, f"{visit.links.home}/ns", headers)


@answered
async def own_terms_rdf(datasette: Any, request: Any) -> Response:
    """Serve the terms of ours in a format."""
    format_ = graph_rdf.format_asked_for(request.url_vars["format"])
    return await graph_rdf.terms(await begin(datasette, request), format_, {})


@answered
async def found(datasette: Any, request: Any) -> Response:
    """Show what is found for words."""
    return await _page_of(datasette, request, "search", search)


@answered
async def log(datasette: Any, request: Any) -> Response:
    """Show what was decided."""
    return await _page_of(datasette, request, "decisions", decisions)


@answered
async def pairs(datasette: Any, request: Any) -> Response:
    """Show pairs that may be one thing."""
    return await _page_of(datasette, request, "review", review)


@answered
async def merge(datasette: Any, request: Any) -> Response:
    """Show an entity, and another one with which it may be merged."""
    return await _page_of(
        datasette, request, "merge", lambda visit: merging(visit, entities_called)
    )


@answered
async def split(datasette: Any, request: Any) -> Response:
    """Show the articles that name an entity, and may mean another one."""
    return await _page_of(
        datasette, request, "split", lambda visit: splitting(visit, entities_called)
    )


@answered_forms
async def decide(datasette: Any, request: Any) -> Response:
    """Decide what a form says, and lead back to where it stood."""
    return await decide_by_form(await begin(datasette, request))


@answered
async def thing(datasette: Any, request: Any) -> Any:
    """Show an article, an entity or a relation, or serve it as RDF if its name has an ending."""
    visit = await begin(datasette, request)
    kind = BY_NAME[request.url_vars["kind"]]
    key, ending = _key_and_ending(request)
    try:
        if ending is None:
            return await _page_of_thing(visit, kind, key)
        if kind is ARTICLE and ending == TEXT_ENDING:
            return await documents.text(visit, key)
        return await documents.thing(visit, kind, key, graph_rdf.format_asked_for(ending))
    except NotFound:
        try:
            now = await now_under_key(visit, kind, key)
        except DatasetteError as error:
            if error.status != HTTPStatus.GONE or ending is not None or not may_be_told(visit):
                raise
            return await _page_of_gone(visit, kind, key)
        if now is None:
            raise
    asked = visit.request.query_string
    address = visit.links.page(kind.name, now) + ("" if ending is None else f".{ending}")
    return await responses.moved(visit, address + (f"?{asked}" if asked else ""))


@answered
async def annotation(datasette: Any, request: Any) -> Any:
    """Serve a mention, a piece of evidence or a quote as RDF; without an ending, lead to the page that
    shows it.
    """
    visit = await begin(datasette, request)
    kind = BY_NAME[request.url_vars["kind"]]
    key, ending = _key_and_ending(request)
    try:
        if ending is not None:
            return await documents.annotation(visit, kind, key, graph_rdf.format_asked_for(ending))
        _, page = await documents.span_of(visit, kind, key)
    except NotFound:
        # It says so of what is gone.
        await now_under_key(visit, kind, key)
        raise
    kept = await responses.cache_control(datasette, visit.sight)
    return Response.redirect(page, headers={"Cache-Control": kept})


def _key_and_ending(request: Any) -> tuple[str, str | None]:
    """Return the key that a name has, and what stands behind its last dot, None without a dot."""
    name = tilde_decode(request.url_vars["name"])
    key, dot, ending = name.rpartition(".")
    return (key, ending) if dot else (name, None)


async def _page_of_thing(visit: Visit, kind: Kind, key: str) -> Response:
    context = await PAGES[kind](visit, key)
    context["formats"] = graph_rdf.format_links(visit.links, kind.name, key)
    context["wholes"] = {each: visit.links.all_of(kind.name, key, each) for each in FORMATS}
    if kind is ENTITY:
        context["graph_files"] = offered_of_entity(visit, key)
    context["identifier"] = visit.links.identifier(kind.name, key)
    context["citation"] = await cite_page(visit, kind, key, context)
    headers = {"Link": await signposting.of_thing(visit, kind, context)}
    address = visit.links.page(kind.name, key)
    return await render(visit, kind.name, context, address, headers)


async def _page_of_gone(visit: Visit, kind: Kind, key: str) -> Response:
    context, address = await gone(visit, kind, key), visit.links.page(kind.name, key)
    return await render(visit, "gone", context, address, {"Vary": "Accept"}, HTTPStatus.GONE)


@answered
async def nothing(datasette: Any, request: Any) -> Response:
    """Say of any other address under a graph that there is nothing."""
    await begin(datasette, request)
    raise NotFound("There is no such page")


async def _page_of(
    datasette: Any, request: Any, name: str, context_of: Callable[[Visit], Awaitable[Any]]
) -> Response:
    """Return the page of a name, at the address of this name."""
    visit = await begin(datasette, request)
    return await render(visit, name, await context_of(visit), f"{visit.links.home}/{name}", {})
