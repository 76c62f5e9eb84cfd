"""Identifier IRIs: 303 to what describes the thing, in the representation that the client wants.

As "Cool URIs for the Semantic Web" (W3C Interest Group Note, section 4.2) has it: the thing has one
IRI, each of its descriptions another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from datasette.utils import tilde_decode
from datasette.utils.asgi import Forbidden, NotFound, Response
from datasette.views.base import DatasetteError

from datasette_newsgraph import mapping
from datasette_newsgraph.kinds import ARTICLE, BY_NAME, Kind, Place
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.decision_nodes import decider_key
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.deciding import hides_people
from datasette_newsgraph.web.access.visit import Visit, answered, begin
from datasette_newsgraph.web.rdf import graph_rdf, named_sources, profiles
from datasette_newsgraph.web.rdf.documents import span_of
from datasette_newsgraph.web.rdf.former import now_under_key
from datasette_newsgraph.web.rdf.negotiation import HTML, TEXT, choose

_TYPES = tuple(each.media_type for each in FORMATS)
_VARY = {"Vary": "Accept"}
_OF_DECISIONS = tuple(each.kind for each in mapping.OF_PEOPLE)


@dataclass(frozen=True)
class _Described:
    """Where a thing is described: by media type, the server's favourite first; ``hidden`` are those of
    which the visitor may not see what is there.
    """

    offers: Mapping[str, str]
    hidden: Mapping[str, str] = field(default_factory=dict)


@answered
async def dereference(datasette: Any, request: Any) -> Response:
    """Answer a request for an identifier IRI."""
    headers = dict(_VARY)
    accept = request.headers.get("accept")
    visit = await begin(datasette, request)
    path = tilde_decode(request.url_vars["path"])
    try:
        described = await _described(visit, path)
    except (NotFound, DatasetteError) as error:
        if choose(accept, (*_TYPES, HTML)) != HTML:
            return Response.text(f"{error}\n", status=error.status, headers=headers)
        # Whoever prefers a page is shown one; what is gone has one of its own.
        page = _page_of_gone(visit, path) if error.status == HTTPStatus.GONE else None
        if page is None:
            raise
        described = _Described({HTML: page})
    headers["Cache-Control"] = await responses.cache_control(datasette, visit.sight)
    offers = described.offers
    headers["Link"] = responses.links_to_alternates(offers)
    chosen = choose(accept, tuple(offers))
    if chosen is None:
        if described.hidden and choose(accept, tuple(described.hidden)):
            raise Forbidden("You do not have permission to view this")
        return graph_rdf.not_acceptable(offers, headers)
    location = offers[chosen]
    if chosen in _TYPES:
        is_ours = location.startswith(f"{visit.links.home}/")
        name = profiles.ARGUMENT if is_ours else profiles.OF_ROWS
        location = profiles.with_profile(location, profiles.profile_argument(request), name)
    headers["Location"] = location
    return Response("", status=303, headers=headers, content_type="text/plain; charset=utf-8")


async def _described(visit: Visit, path: str) -> _Described:
    """Return where a thing is described.

    Raises NotFound, a DatasetteError for what is gone, and Forbidden before it has looked whether there
    is such a thing.
    """
    name, _, key = path.partition("/")
    is_text = name == ARTICLE.name and key.endswith("/text")
    if is_text:
        key = key.removesuffix("/text")
    if name in named_sources.KINDS:
        page, formats = await named_sources.described(visit, name, key)
        return _offered(page, formats)
    kind = BY_NAME.get(name)
    if name in _OF_DECISIONS:
        return await _decided(visit, name, key)
    if kind is None:
        raise NotFound("There is no such kind of thing")
    visit.require(kind.table, *kind.needs)
    if kind.place is Place.SPAN:
        return await _span(visit, kind, key)
    query = f"SELECT id FROM {kind.table} WHERE key = ?"
    row = await visit.row(query, key)
    if row is None:
        now = await now_under_key(visit, kind, key)
        if now is None:
            raise NotFound(graph_rdf.MISSING)
        key, row = now, await visit.row(query, now)
    links = visit.links
    if kind.place is Place.PAGE:
        formats = graph_rdf.format_links(links, name, key)
        page = links.page(name, key)
    else:
        formats = {each: links.row(kind.table, row["id"], each) for each in FORMATS}
        page = links.home
    found = _offered(page, formats)
    if not is_text:
        return found
    words = {TEXT: links.text(key)}
    sees_words = visit.sight.sees("article_texts")
    return _Described({**found.offers, **words}) if sees_words else replace(found, hidden=words)


def _offered(page: str, formats: Mapping[Format, str]) -> _Described:
    """Return a page, and the same as RDF, as what there is."""
    return _Described({HTML: page, **{each.media_type: path for each, path in formats.items()}})


async def _decided(visit: Visit, name: str, key: str) -> _Described:
    """Return where a decision is shown, or who decided; exports alone have RDF of these.

    Either key follows from a name, so who is not told of people is told of neither.
    """
    visit.require("decisions")
    if await hides_people(visit.datasette, visit.request.actor, visit.graph):
        raise NotFound(graph_rdf.MISSING)
    page = f"{visit.links.home}/decisions"
    if name == mapping.DECISION.kind:
        query = "SELECT batch FROM decisions WHERE key = ?"
        (batch,) = await visit.found(graph_rdf.MISSING, query, key)
        return _Described({HTML: f"{page}?{urlencode({'batch': batch})}"})
    named = await visit.rows("SELECT DISTINCT decided_by FROM decisions")
    if key not in {decider_key(name) for (name,) in named if name}:
        raise NotFound(graph_rdf.MISSING)
    return _Described({HTML: page})


def _page_of_gone(visit: Visit, path: str) -> str | None:
    """Return the page that says why there is nothing, if a thing of this kind has a page."""
    name, _, key = path.partition("/")
    kind = BY_NAME.get(name)
    return visit.links.page(name, key) if kind and kind.place is Place.PAGE else None


async def _span(visit: Visit, kind: Kind, key: str) -> _Described:
    try:
        _, page = await span_of(visit, kind, key)
    except NotFound:
        # It keeps its key whatever is decided, unless that it is wrong.
        await now_under_key(visit, kind, key)
        raise
    formats = graph_rdf.format_links(visit.links, kind.name, key)
    return _Described({HTML: page} | {each.media_type: path for each, path in formats.items()})
