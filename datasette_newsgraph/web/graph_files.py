"""Files for graph tools over HTTP: of the whole graph, and of what is about an entity.

Each is made of all that its format holds, or not at all: who may not see a table of it is refused.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import BadRequest, NotFound
from sqlite_utils import Database

from datasette_newsgraph.kinds import ENTITY
from datasette_newsgraph.property_graphs import FORMATS, GraphFormat
from datasette_newsgraph.property_graphs.export import stream
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.visit import Visit, answered, begin
from datasette_newsgraph.web.rdf import described_by, downloads
from datasette_newsgraph.web.rdf.conditional import unchanged
from datasette_newsgraph.web.rdf.former import now_under_key

#: The formats that are one file: an answer is one.
OFFERED = tuple(each for each in FORMATS if not each.is_folder)
#: Articles that name an entity, from which on what is about it takes a place of whole graphs.
_LARGE = 500


def graph_file_routes(graph: str) -> list[tuple[str, Any]]:
    """Return the routes below the address of a graph, a regular expression."""
    endings = "|".join(each.ending.removeprefix(".") for each in OFFERED)
    ending = rf"\.(?P<format>{endings})$"
    return [
        (f"{graph}{ending}", whole_graph),
        (f"{graph}/{ENTITY.name}/(?P<name>[^/]+){ending}", around_entity),
    ]


def offered_of_graph(visit: Visit) -> dict[GraphFormat, str]:
    """Return where the whole graph is to be had, as far as the visitor may have it."""
    if not visit.settings.whole_graph_downloads:
        return {}
    return {each: f"{visit.links.home}{each.ending}" for each in OFFERED if _may_read(visit, each)}


def offered_of_entity(visit: Visit, key: str) -> dict[GraphFormat, str]:
    """Return where what is about an entity is to be had, as far as the visitor may have it."""
    page = visit.links.page(ENTITY.name, key)
    return {each: f"{page}{each.ending}" for each in OFFERED if _may_read(visit, each)}


def _may_read(visit: Visit, format_: GraphFormat) -> bool:
    return visit.sight.sees(*format_.reads(with_text=False))


def _asked_for(visit: Visit) -> GraphFormat:
    """Return the format that the address names; raises Forbidden if the visitor may not have it."""
    ending = f".{visit.request.url_vars['format']}"
    (format_,) = (each for each in OFFERED if each.ending == ending)
    visit.require(*sorted(format_.reads(with_text=False)))
    return format_


@answered
async def whole_graph(datasette: Any, request: Any) -> Any:
    """Serve the whole graph as a download."""
    visit = await begin(datasette, request)
    if not visit.settings.whole_graph_downloads:
        raise NotFound("This server does not offer the whole graph as a download")
    format_ = _asked_for(visit)
    name = f"{visit.graph.name}{format_.ending}"
    turnstile = downloads.turnstiles_of(datasette).whole
    return await _respond(visit, format_, name, turnstile, ())


@answered
async def around_entity(datasette: Any, request: Any) -> Any:
    """Serve what is about an entity: its statements and the articles that name it."""
    visit = await begin(datasette, request)
    format_ = _asked_for(visit)
    key = tilde_decode(request.url_vars["name"])
    try:
        await visit.found("There is no such entity", "SELECT 1 FROM entities WHERE key = ?", key)
    except NotFound:
        now = await now_under_key(visit, ENTITY, key)
        if now is None:
            raise
        asked = request.query_string
        address = f"{visit.links.page(ENTITY.name, now)}{format_.ending}"
        return await responses.moved(visit, f"{address}?{asked}" if asked else address)
    turnstiles = downloads.turnstiles_of(datasette)
    turnstile = turnstiles.whole if await _is_large(visit, key) else turnstiles.part
    return await _respond(visit, format_, f"{key}{format_.ending}", turnstile, (key,))


async def _is_large(visit: Visit, key: str) -> bool:
    (number,) = await visit.row(
        "SELECT count(*) FROM (SELECT 1 FROM appearances WHERE entity_id ="
        f" (SELECT id FROM entities WHERE key = ?) LIMIT {_LARGE})",
        key,
    )
    return bool(number == _LARGE)


async def _respond(
    visit: Visit,
    format_: GraphFormat,
    name: str,
    turnstile: downloads.Turnstile,
    entities: tuple[str, ...],
) -> Any:
    """Serve a graph, or what is about some entities, as a download of a name."""
    together = _together(visit, format_)
    headers = await responses.data_headers(visit.datasette, visit.sight)
    content_type = str(format_.media_type)
    headers["Content-Disposition"] = responses.attachment(name)
    headers["Link"] = await _links(visit, entities)
    told = unchanged(visit, headers, content_type, format_.name, together, *entities)
    if told is not None:
        return told
    tables = visit.sight.readable

    def blocks(db: Database) -> Generator[bytes, None, None]:
        return stream(db.conn, format_, together=together, entities=entities, tables=tables)

    return await downloads.respond(
        visit.request,
        visit.database,
        blocks,
        turnstile,
        headers,
        content_type,
        visit.sight.parts,
        first_at_once=not entities,
    )


async def _links(visit: Visit, entities: tuple[str, ...]) -> str:
    """Return the Link header of a graph, or of what is about some entities: to the pages about them."""
    if not entities:
        home = f'<{visit.links.home}>; rel="collection"; type="text/html"'
        return f"{home}, {await described_by.links_of(visit)}"
    pages = (visit.links.page(ENTITY.name, key) for key in entities)
    return ", ".join(f'<{page}>; rel="describes"; type="text/html"' for page in pages)


def _together(visit: Visit, format_: GraphFormat) -> int:
    """Return from how many articles on pairs are written; raises BadRequest for no number."""
    given = visit.request.args.get("together")
    if given is None:
        return 1
    if "together" not in format_.options:
        raise BadRequest(f"together is not for {format_.title}")
    if not (given.isascii() and given.isdecimal() and int(given[:10]) > 0 and len(given) < 10):
        raise BadRequest("together is a number of articles, 1 or more")
    return int(given)
