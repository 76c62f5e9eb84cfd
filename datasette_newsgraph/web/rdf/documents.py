"""RDF of one thing: an article, an entity or a relation, a page of what is about it or all; a mention,
a piece of evidence or a quote by itself; and the text of an article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import BadRequest, Response
from sqlite_utils import Database

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.kinds import ARTICLE, ENTITY, EVIDENCE, MENTION, RELATION, Kind
from datasette_newsgraph.mapping.profiles import Profile
from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.export import stream, stream_page
from datasette_newsgraph.rdf.pages import Places, next_places
from datasette_newsgraph.store import get_base
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.arguments import choice_argument, text_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.rdf import downloads, graph_rdf, profiles
from datasette_newsgraph.web.rdf.conditional import unchanged
from datasette_newsgraph.web.rdf.negotiation import TEXT, takes_gzip
from datasette_newsgraph.web.rdf.packing import gzipped

#: Mentions, or evidence, from which on all about a thing takes one of the places of whole graphs.
_LARGE = 5_000
#: Places of a page, as they stand in its address.
_PLACES = re.compile(r"\w{1,30}\.[a-z0-9-]{1,200}(?:~\w{1,30}\.[a-z0-9-]{1,200}){0,20}", re.ASCII)


@dataclass(frozen=True)
class _Asked:
    """Which document of a thing is asked for: in a format, all that is about it, or the page ``after``
    some places; None is the first.
    """

    kind: Kind
    key: str
    format: Format
    profile: Profile
    is_whole: bool
    after: Places | None

    def address(self, visit: Visit, places: Places | None = None) -> str:
        """Return the path of the document, or of the page after other places."""
        path = visit.links.page(self.kind.name, self.key, self.format)
        given = profiles.arguments(self.profile)
        if places is not None:
            given["after"] = _written(places)
        return f"{path}?{urlencode(given)}" if given else path


def _asked(visit: Visit, kind: Kind, key: str, format_: Format) -> _Asked:
    """Return what a request asks for. Raises BadRequest."""
    is_whole = choice_argument(visit.request, "all", ("1",), "") == "1"
    profile = profiles.profile_argument(visit.request)
    given = text_argument(visit.request, "after")
    if given is None:
        return _Asked(kind, key, format_, profile, is_whole, None)
    if is_whole or not _PLACES.fullmatch(given):
        raise BadRequest("after has to come from a link to the next page.")
    pairs = (each.split(".") for each in given.split("~"))
    return _Asked(kind, key, format_, profile, is_whole, dict(pairs))


def _written(places: Places) -> str:
    return "~".join(f"{name}.{row}" for name, row in places.items())


async def thing(visit: Visit, kind: Kind, key: str, format_: Format) -> Any:
    """Serve an article, an entity or a relation with a page of what is about it, or all.

    Raises NotFound, BadRequest, and Forbidden before it has looked whether there is such a thing.
    """
    visit.require(kind.table, *kind.needs)
    asked = _asked(visit, kind, key, format_)
    # The command line also knows articles by the ids that they were given; an address has one form.
    missing, query = f"There is no such {kind.name}", f"SELECT 1 FROM {kind.table} WHERE key = ?"
    await visit.found(missing, query, key)
    base, further = await visit.read(partial(_described, visit, asked))
    headers = await responses.data_headers(visit.datasette, visit.sight)
    page = visit.links.page(kind.name, key)
    links = [f'<{page}>; rel="describes"; type="text/html"']
    if further is not None:
        links.insert(0, f'<{asked.address(visit, further)}>; rel="next"')
    here = asked.address(visit, asked.after)
    published = responses.canonical(base, visit.links.home, here)
    if published != here and not asked.is_whole:
        links.append(f'<{published}>; rel="canonical"')
    links.append(profiles.link(asked.profile))
    headers["Link"] = ", ".join([responses.alternates({}, page), *links])
    told = unchanged(visit, headers, format_.content_type, *_tag_of(visit, asked))
    if told is not None:
        return told
    blocks = _all(visit, asked) if asked.is_whole else _page(visit, asked, base)
    is_large = asked.is_whole and await _is_large(visit, kind, key)
    turnstiles = downloads.turnstiles_of(visit.datasette)
    return await downloads.respond(
        visit.request,
        visit.database,
        blocks,
        turnstiles.whole if is_large else turnstiles.part,
        headers,
        format_.content_type,
        visit.sight.parts,
    )


def _described(visit: Visit, asked: _Asked, connection: Any) -> tuple[str, Places | None]:
    """Return the base of the graph, and where the next page goes on. Raises BadRequest."""
    base = get_base(Database(connection))
    if asked.is_whole:
        return base, None
    tables = visit.sight.readable
    try:
        return base, next_places(
            connection, asked.kind, asked.key, asked.after, tables, asked.profile
        )
    except UsageError as error:
        raise BadRequest(f"after has to come from a link to the next page: {error}.") from error


def _tag_of(visit: Visit, asked: _Asked) -> tuple[str | float, ...]:
    """Return what a document follows from besides the graph."""
    place = "all" if asked.is_whole else _written(asked.after or {})
    # Where the base is no address of pages, the next page is under the one that was asked.
    host = visit.request.headers.get("host", "")
    named = (asked.kind.name, asked.key, place, host)
    return (asked.format.name, asked.profile.name, visit.settings.assert_from, *named)


_Blocks = Callable[[Database], Generator[bytes, None, None]]


def _page(visit: Visit, asked: _Asked, base: str) -> _Blocks:
    def address_of(places: Places) -> str:
        path = asked.address(visit, places)
        published = responses.canonical(base, visit.links.home, path)
        if published != path:
            return published
        try:
            return str(visit.datasette.absolute_url(visit.request, path))
        except ValueError:
            # The request names no host as there are: the path is no address, and none is written.
            return path

    return lambda db: stream_page(
        db,
        asked.format.of_things,
        asked.kind,
        asked.key,
        asked.after,
        address_of,
        profile=asked.profile,
        assert_from=visit.settings.assert_from,
        tables=visit.sight.readable,
    )


def _all(visit: Visit, asked: _Asked) -> _Blocks:
    about = {asked.kind: [asked.key]}
    return lambda db: stream(
        db,
        asked.format.of_things,
        profile=asked.profile,
        assert_from=visit.settings.assert_from,
        entities=about.get(ENTITY, ()),
        articles=about.get(ARTICLE, ()),
        relations=about.get(RELATION, ()),
        tables=visit.sight.readable,
    )


async def _is_large(visit: Visit, kind: Kind, key: str) -> bool:
    """Tell whether what is about a thing may be a good part of the whole graph."""
    about = {ENTITY: (MENTION, "entity_id"), RELATION: (EVIDENCE, "relation_id")}
    if kind not in about:
        return False
    annotated, column = about[kind]
    if not visit.sight.sees(annotated.table):
        return False
    counted = await visit.row(
        f"SELECT count(*) FROM (SELECT 1 FROM {annotated.table} WHERE {column} ="
        f" (SELECT id FROM {kind.table} WHERE key = ?) LIMIT {_LARGE})",
        key,
    )
    return bool(counted[0] == _LARGE)


async def annotation(visit: Visit, kind: Kind, key: str, format_: Format) -> Any:
    """Serve a mention, a piece of evidence or a quote, and what it refers to.

    Raises NotFound, and Forbidden before it has looked whether there is such a thing.
    """
    number, page = await span_of(visit, kind, key)
    headers = await responses.data_headers(visit.datasette, visit.sight)
    described = f'<{page}>; rel="describes"; type="text/html"'
    headers["Link"] = ", ".join([responses.alternates({}, page), described])
    assert_from, profile = visit.settings.assert_from, profiles.profile_argument(visit.request)
    headers["Link"] += f", {profiles.link(profile)}"
    parts = (format_.name, profile.name, assert_from, kind.name, key)
    told = unchanged(visit, headers, format_.content_type, *parts)
    if told is not None:
        return told
    rows, tables = (kind.table, [number]), visit.sight.readable
    return await downloads.respond(
        visit.request,
        visit.database,
        lambda db: stream(
            db,
            format_.of_things,
            profile=profile,
            assert_from=assert_from,
            rows=rows,
            tables=tables,
        ),
        downloads.turnstiles_of(visit.datasette).part,
        headers,
        format_.content_type,
        visit.sight.parts,
    )


async def span_of(visit: Visit, kind: Kind, key: str) -> tuple[int, str]:
    """Return the number of a mention, a piece of evidence or a quote, and where a page shows it.

    Raises NotFound, and Forbidden before it has looked whether there is such a thing.
    """
    visit.require(kind.table, *kind.needs)
    number, *place = await visit.found(
        graph_rdf.MISSING,
        f"SELECT {kind.table}.id, articles.key, start_char, end_char FROM {kind.table}"
        f" JOIN articles ON articles.id = article_id WHERE {kind.table}.key = ?",
        key,
    )
    return number, visit.links.span(*place)


async def text(visit: Visit, key: str) -> Response:
    """Serve the text of an article, into which the offsets of spans count its code points.

    Raises NotFound, and Forbidden before it has looked whether there is such an article.
    """
    visit.require(ARTICLE.table, "article_texts")
    row = await visit.found(
        "There is no such text",
        "SELECT text FROM article_texts JOIN articles ON articles.id = article_id"
        " WHERE articles.key = ? AND text IS NOT NULL",
        key,
    )
    headers = await responses.data_headers(visit.datasette, visit.sight)
    page = visit.links.page(ARTICLE.name, key)
    described = graph_rdf.format_links(visit.links, ARTICLE.name, key)
    # To FAIR Signposting a page and what it shows are a collection.
    links = [f'<{page}>; rel="collection"; type="text/html"']
    links += [
        f'<{path}>; rel="describedby"; type="{each.media_type}"' for each, path in described.items()
    ]
    headers["Link"] = ", ".join(links)
    content_type = f"{TEXT}; charset=utf-8"
    told = unchanged(visit, headers, content_type, TEXT, key)
    if told is not None:
        return told
    body = row[0].encode()
    headers["Vary"] = "Accept-Encoding"
    if takes_gzip(visit.request):
        headers["Content-Encoding"] = "gzip"
        body = b"".join(gzipped([body]))
    return Response(body, headers=headers, content_type=content_type)
