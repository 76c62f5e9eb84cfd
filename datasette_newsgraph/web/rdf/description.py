"""A graph described as a data set, over HTTP: at an address of its own, and at the base IRI and the
overview for programs; and a list of all graphs on the server.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from typing import Any

from datasette.utils.asgi import BadRequest, Response
from sqlite_utils import Database

from datasette_newsgraph.errors import NewsgraphError
from datasette_newsgraph.iri import web_address
from datasette_newsgraph.mapping.profiles import PROFILES
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.description.counting import Counts, count
from datasette_newsgraph.rdf.description.document import catalog, description, document
from datasette_newsgraph.rdf.description.nodes import Description
from datasette_newsgraph.rdf.description.told import Download, Told
from datasette_newsgraph.rdf.label_terms import read_vocabulary
from datasette_newsgraph.rdf.source_nodes import require_publishers
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.store import get_base
from datasette_newsgraph.store.journal import begin_reading
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.asking import may_ask
from datasette_newsgraph.web.access.graphs import find_graphs
from datasette_newsgraph.web.access.origin import origin_of
from datasette_newsgraph.web.access.sight import sight_of
from datasette_newsgraph.web.access.visit import Visit, answered, begin
from datasette_newsgraph.web.faults import Fault, report, report_sqlite
from datasette_newsgraph.web.rdf import described_by, downloads, graph_rdf, profiles
from datasette_newsgraph.web.rdf.conditional import unchanged
from datasette_newsgraph.web.rdf.kept_counts import kept_counts, state_seen
from datasette_newsgraph.web.rdf.negotiation import HTML, choose

_TYPES = tuple(each.media_type for each in FORMATS)
_VARY = {"Vary": "Accept"}
#: Where programs look for the data sets of a host (VoID, section 7.2).
WELL_KNOWN = "/.well-known/void"


@answered
async def described(datasette: Any, request: Any) -> Any:
    """Serve the description of a graph in a format, or in the one that is asked for."""
    visit = await begin(datasette, request)
    ending = request.url_vars.get("format")
    if ending is not None:
        return await _answer(visit, graph_rdf.format_asked_for(ending), {})
    format_ = _preferred(request, _TYPES)
    if format_ is None:
        return graph_rdf.not_acceptable(_TYPES, _VARY)
    return await _answer(visit, format_, _VARY)


async def in_place_of_page(visit: Visit) -> Any:
    """Return the description for who prefers RDF at the address of the overview; else None."""
    format_ = _preferred(visit.request, (HTML, *_TYPES))
    if format_ is None:
        return None
    address = {"Content-Location": described_by.address(visit.links, format_)}
    return await _answer(visit, format_, _VARY | address)


@answered
async def data_set(datasette: Any, request: Any) -> Response:
    """Lead from the base IRI, which names the graph as a data set, to the page or the description."""
    visit = await begin(datasette, request)
    format_ = _preferred(request, (HTML, *_TYPES))
    links = visit.links
    address = described_by.address(links, format_) if format_ else links.home
    asked = request.query_string
    headers = {
        **await responses.data_headers(datasette, visit.sight),
        **_VARY,
        "Link": await described_by.links_of(visit),
        "Location": address + (f"?{asked}" if asked and not format_ else ""),
    }
    return Response("", status=303, headers=headers, content_type="text/plain; charset=utf-8")


def _preferred(request: Any, offers: tuple[str, ...]) -> Format | None:
    """Return the format that a client wants, or None where it is none of RDF."""
    chosen = choose(request.headers.get("accept"), offers)
    return next((each for each in FORMATS if each.media_type == chosen), None)


async def _answer(visit: Visit, format_: Format, more: dict[str, str]) -> Any:
    """Serve the description of a graph: at once what is known, then what has to be counted."""
    datasette, sight, assert_from = visit.datasette, visit.sight, visit.settings.assert_from
    told = await _told(visit, await base_of(visit))
    headers = await responses.data_headers(datasette, sight) | more
    headers["Link"] = responses.alternates(described_by.formats(visit.links), visit.links.home)
    parts = ("void", format_.name, assert_from, repr(told))
    already = unchanged(visit, headers, format_.content_type, *parts)
    if already is not None:
        return already
    kept, key = kept_counts(datasette), state_seen(visit)

    def blocks(db: Database) -> Generator[bytes, None, None]:
        def counted(base: str) -> Counts:
            return count(db.conn, base, assert_from=assert_from, tables=sight.readable)

        begin_reading(db.conn)
        try:
            # What can be seen to be wrong at once is told of before anything is sent.
            if sight.sees("vocabulary"):
                read_vocabulary(db.conn, get_base(db))
            if sight.sees("articles"):
                require_publishers(db.conn)
            yield from description(
                db.conn,
                format_,
                told,
                lambda base: kept.of(visit.graph.name, key, lambda: counted(base)),
                sight.readable,
            )
        finally:
            db.conn.execute("ROLLBACK")

    turnstiles = downloads.turnstiles_of(datasette)
    return await downloads.respond(
        visit.request,
        visit.database,
        blocks,
        # To count takes as long as to export.
        turnstiles.part if kept.has(key) else turnstiles.whole,
        headers,
        format_.content_type,
        sight.parts,
        first_at_once=True,
    )


async def base_of(visit: Visit) -> str:
    """Return the base IRI of a graph."""
    base: str = await visit.database.execute_fn(lambda connection: get_base(Database(connection)))
    return base


async def _told(visit: Visit, base: str) -> Told:
    """Return what is told of a graph to its visitor, with addresses under the base where it is
    published there, else those of this server.
    """
    links = visit.links

    def absolute(path: str) -> str | None:
        return absolute_address(visit, base, path)

    offered = FORMATS if visit.settings.whole_graph_downloads else ()
    found = [
        (each, profile, absolute(profiles.with_profile(links.whole(each), profile)))
        for profile in PROFILES
        for each in offered
    ]
    return Told(
        visit.graph.name,
        absolute(described_by.address(links)) or f"{base}void",
        await origin_of(visit),
        tuple(Download(address, each, profile) for each, profile, address in found if address),
        absolute(links.home),
        absolute(links.sparql) if may_ask(visit) else None,
    )


def absolute_address(visit: Visit, base: str, path: str) -> str | None:
    """Return the address of a path under a graph: under the base where it is published there, else on
    this server; None where the request names no host as there are.
    """
    address = responses.canonical(base, visit.links.home, path)
    if address != path:
        return web_address(address)
    return _on_this_server(visit.datasette, visit.request, path)


def _on_this_server(datasette: Any, request: Any, path: str) -> str | None:
    """Return the address of a path, or None where the request names no host as there are."""
    try:
        return web_address(datasette.absolute_url(request, path))
    except ValueError:
        return None


async def of_all(datasette: Any, request: Any) -> Response:
    """Serve a list of the graphs of which the visitor may see anything, each with what is known of it
    at once, and where the rest stands.
    """
    format_ = _preferred(request, _TYPES)
    if format_ is None:
        return graph_rdf.not_acceptable(_TYPES, _VARY)
    address = _on_this_server(datasette, request, datasette.urls.path(WELL_KNOWN))
    if address is None:
        raise BadRequest("The header Host has to name a host")
    headers: dict[str, str] = {}
    listed: list[tuple[str, str]] = []
    for graph in await find_graphs(datasette):
        sight = await sight_of(datasette, request.actor, graph)
        if sight.is_blind or graph.trouble:
            continue
        visit = Visit(datasette, request, graph, sight)
        headers |= await responses.data_headers(datasette, sight)
        try:
            base = await base_of(visit)
            listed.append((base, await _entry(visit, base, format_)))
        # It says so itself, and is no reason to hide others.
        except NewsgraphError as error:
            report(Fault.REFUSED, graph.name, error)
        except sqlite3.DatabaseError as error:
            report_sqlite(graph.name, error)

    def pieces(syntax: Syntax) -> Iterator[str]:
        yield catalog(syntax, address, [base for base, _ in listed])
        for _, entry in listed:
            yield entry

    body = b"".join(document(format_, address, pieces))
    # It differs from visitor to visitor, by rules of every database here.
    headers |= _VARY | {"Cache-Control": "private, no-store"}
    return Response(body.decode(), headers=headers, content_type=format_.content_type)


async def _entry(visit: Visit, base: str, format_: Format) -> str:
    told, tables = await _told(visit, base), visit.sight.readable

    def read(connection: sqlite3.Connection) -> str:
        found = Description.in_format(format_, base, told)
        return "".join((*found.known(connection, tables), found.leading_on()))

    return await visit.read_at_leisure(read)
