"""Identifier IRIs: 303 to what describes the thing, in the representation that the client wants.

As "Cool URIs for the Semantic Web" (W3C Interest Group Note, section 4.2) has it: the thing has one
IRI, each of its descriptions another.
"""

from __future__ import annotations

from typing import Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound, Response
from datasette.views.base import DatasetteError

from datasette_newsgraph.kinds import ARTICLE, BY_NAME, Kind, Place
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.visit import Visit, answered, begin, cors_headers
from datasette_newsgraph.web.rdf import graph_rdf
from datasette_newsgraph.web.rdf.former import now_under_key
from datasette_newsgraph.web.rdf.negotiation import HTML, choose

_TYPES = tuple(each.media_type for each in FORMATS)
_OFFERS = (HTML, *_TYPES)
_VARY = {"Vary": "Accept"}
_MISSING = "There is no thing of this key"


@answered
async def dereference(datasette: Any, request: Any) -> Response:
    """Answer a request for an identifier IRI."""
    headers = {**_VARY, **cors_headers(datasette)}
    visit = await begin(datasette, request)
    try:
        page, formats = await _described(visit, tilde_decode(request.url_vars["path"]))
    except (NotFound, DatasetteError) as error:
        if choose(request.headers.get("accept"), (*_TYPES, HTML)) == HTML:
            # Whoever prefers a page is shown one.
            raise
        return Response.text(f"{error}\n", status=error.status, headers=headers)
    headers["Cache-Control"] = await responses.cache_control(datasette, visit.sight)
    headers["Link"] = responses.alternates(formats, page)
    chosen = choose(request.headers.get("accept"), _OFFERS)
    if chosen is None:
        return graph_rdf.not_acceptable(datasette, _OFFERS, headers)
    by_type = {each.media_type: path for each, path in formats.items()}
    headers["Location"] = by_type.get(chosen, page)
    return Response("", status=303, headers=headers, content_type="text/plain; charset=utf-8")


async def _described(visit: Visit, path: str) -> tuple[str, dict[Format, str]]:
    """Return where a thing is described: its page, and the same as RDF, by format.

    Raises NotFound, a DatasetteError for what is gone, and Forbidden before it has looked whether there
    is such a thing.
    """
    links = visit.links
    name, _, key = path.partition("/")
    if name == ARTICLE.name and key.endswith("/text"):
        key = key.removesuffix("/text")
    kind = BY_NAME.get(name)
    if kind is None:
        raise NotFound("There is no such kind of thing")
    visit.require(kind.table, *kind.needs)
    row = await _row(visit, kind, key)
    if row is None:
        now = await now_under_key(visit, kind, key)
        if now is None:
            raise NotFound(_MISSING)
        key, row = now, await _row(visit, kind, now)
    if kind.place is Place.SPAN:
        return links.span(*row), graph_rdf.format_links(links, ARTICLE.name, row["key"])
    if kind.place is Place.PAGE:
        return links.page(name, key), graph_rdf.format_links(links, name, key)
    return links.home, {each: links.row(kind.table, row["id"], each) for each in FORMATS}


async def _row(visit: Visit, kind: Kind, key: str) -> Any:
    if kind.place is not Place.SPAN:
        return await visit.row(f"SELECT id FROM {kind.table} WHERE key = ?", key)
    return await visit.row(
        f"SELECT articles.key, start_char, end_char FROM {kind.table}"
        f" JOIN articles ON articles.id = article_id WHERE {kind.table}.key = ?",
        key,
    )
