"""RDF over HTTP: the whole graph, the rows of a page, and our own terms."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable
from typing import Any

from datasette.utils.asgi import BadRequest, Forbidden, NotFound, Response
from sqlite_utils import Database

from datasette_newsgraph.kinds import BY_TABLE, KINDS
from datasette_newsgraph.mapping.profiles import Profile
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.rdf.label_terms import OwnLabel, own_terms, read_vocabulary
from datasette_newsgraph.rdf.ontology import vocabulary_document
from datasette_newsgraph.store import get_base
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.vocabulary import Vocabulary
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import sight_of
from datasette_newsgraph.web.access.visit import Visit, answered, begin
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.links import Links
from datasette_newsgraph.web.rdf import described_by, downloads, link_header, profiles
from datasette_newsgraph.web.rdf.conditional import unchanged
from datasette_newsgraph.web.settings import settings_of

#: Tables and views of which a row is a thing in RDF: the table whose rows they show, and the column
#: with the number of the row.
SHOWN: dict[str, tuple[str, str]] = {
    **{each.table: (each.table, "id") for each in KINDS},
    "article_texts": ("articles", "article_id"),
    "zones": ("zones", "id"),
    **{view: (BY_TABLE[view].table, "id") for view in VIEWS},
}
#: What is said of a key under which there is nothing.
MISSING = "There is no thing of this key"


@answered
async def whole_graph(datasette: Any, request: Any) -> Any:
    """Serve the whole graph as a download."""
    format_ = format_asked_for(request.url_vars["format"])
    visit = await begin(datasette, request)
    settings = visit.settings
    if not settings.whole_graph_downloads:
        raise NotFound("This server does not offer the whole graph as a download")
    headers = await responses.data_headers(datasette, visit.sight)
    profile = profiles.profile_argument(request)
    headers["Content-Disposition"] = responses.attachment(
        "-".join([visit.graph.name, *profiles.arguments(profile).values()]) + format_.ending
    )
    # To FAIR Signposting the overview is a collection, and this an item of it.
    collection = f'<{visit.links.home}>; rel="collection"; type="text/html"'
    headers["Link"] = ", ".join(
        [collection, await described_by.links_of(visit), profiles.link(profile)]
    )
    told = unchanged(
        visit, headers, format_.content_type, format_.name, profile.name, settings.assert_from
    )
    if told is not None:
        return told
    return await downloads.respond(
        request,
        visit.database,
        lambda db: stream(
            db,
            format_,
            profile=profile,
            assert_from=settings.assert_from,
            tables=visit.sight.readable,
        ),
        downloads.turnstiles_of(datasette).whole,
        headers,
        format_.content_type,
        visit.sight.parts,
        first_at_once=True,
    )


async def terms(visit: Visit, format_: Format, headers: dict[str, str]) -> Response:
    """Serve the terms of ours that this graph uses, as far as its labels may be seen."""
    base, labels = await own_labels(visit)
    body = vocabulary_document(format_, base, labels)
    return Response(
        body.decode(),
        headers=await responses.data_headers(visit.datasette, visit.sight) | headers,
        content_type=format_.content_type,
    )


async def own_labels(visit: Visit) -> tuple[str, Collection[OwnLabel]]:
    """Return the base of a graph, and the terms of ours that its labels stand for, as far as those may
    be seen.
    """
    sees = visit.sight.sees

    def read(connection: Any) -> tuple[str, Collection[OwnLabel]]:
        base = get_base(Database(connection))
        vocabulary = read_vocabulary(connection, base) if sees("vocabulary") else Vocabulary(base)
        return base, own_terms(connection, vocabulary) if sees("entities", "relations") else ()

    return await visit.read_at_leisure(read)


def not_acceptable(offers: Iterable[str], headers: dict[str, str]) -> Response:
    """Return the answer to who accepts none of the media types."""
    words = f"Not acceptable. There is: {', '.join(offers)}\n"
    return Response.text(words, status=406, headers=headers)


def output_renderers() -> list[dict[str, Any]]:
    """Return Datasette's output renderers: one for each format."""
    return [
        {"extension": each.ending[1:], "render": _renderer(each), "can_render": _offerer(each)}
        for each in FORMATS
    ]


async def _can_render(datasette: Any, database: str, table: str | None) -> bool:
    if table not in SHOWN:
        return False
    graph = await find_graph(datasette, database)
    return graph is not None and not graph.trouble


def _offerer(format_: Format) -> Any:
    async def can_render(
        datasette: Any, columns: list[str], database: str, table: str | None, request: Any
    ) -> bool:
        """Tell whether a page of rows is to be had as RDF, and note it for the page's header."""
        can = await _can_render(datasette, database, table)
        if not can or table is None or SHOWN[table][1] not in columns:
            return False
        link_header.offer(datasette, request, format_)
        return True

    return can_render


def _renderer(format_: Format) -> Any:
    async def render(
        datasette: Any,
        columns: list[str],
        rows: list[Any],
        database: str,
        table: str | None,
        request: Any,
        data: dict[str, Any],
    ) -> Any:
        """Serve the rows of a page as RDF."""
        if not await _can_render(datasette, database, table) or table is None:
            raise NotFound(f"There is no {format_.title} of this; only of {', '.join(SHOWN)}")
        id_column = SHOWN[table][1]
        if id_column not in columns:
            raise BadRequest(
                f"{format_.title} needs the column {id_column}; leave it in (_col, _nocol)"
            )
        numbers = [_number(row[id_column]) for row in rows]
        return await answered(_Rows(format_, database, table, numbers, data).respond)(
            datasette, request
        )

    return render


class _Rows:
    """The rows of one page of a table or view, as RDF."""

    def __init__(
        self, format_: Format, database: str, table: str, numbers: list[int], data: dict[str, Any]
    ) -> None:
        self.format = format_
        self.name, self.table, self.numbers = database, table, numbers
        self.next_url = data.get("next_url")

    async def respond(self, datasette: Any, request: Any) -> Any:
        graph = await find_graph(datasette, self.name)
        assert graph is not None  # _can_render has seen it
        sight = await sight_of(datasette, request.actor, graph)
        if not sight.lists(self.table):
            raise Forbidden("You do not have permission to view this table")
        profile = profiles.profile_of_rows(request)
        headers = await responses.data_headers(datasette, sight)
        headers["Link"] = profiles.link(profile)
        # 1.0 adds this to whatever a renderer gives.
        if self.next_url and not lines.LINKS_NEXT_PAGE:
            headers["Link"] = f'<{self.next_url}>; rel="next", {headers["Link"]}'
        assert_from = settings_of(datasette, self.name).assert_from
        return await downloads.respond(
            request,
            datasette.databases[self.name],
            lambda db: self._blocks(db, profile, assert_from, sight.readable),
            downloads.turnstiles_of(datasette).part,
            headers,
            self.format.content_type,
            sight.parts,
        )

    def _blocks(
        self, db: Database, profile: Profile, assert_from: float, tables: frozenset[str]
    ) -> Generator[bytes, None, None]:
        table, _ = SHOWN[self.table]
        if self.next_url and self.format.comment:
            note = f"A page of {len(self.numbers)} rows; there are more: {self.next_url}"
            yield self.format.comment.format(note).encode()
        rows = (table, self.numbers)
        yield from stream(
            db,
            self.format.of_things,
            profile=profile,
            assert_from=assert_from,
            rows=rows,
            tables=tables,
        )


def _number(value: Any) -> int:
    # With labels on, a foreign key is a dictionary.
    return int(value["value"] if isinstance(value, dict) else value)


def format_asked_for(ending: str) -> Format:
    """Return the format that the ending of an address names, without its dot. Raises NotFound."""
    format_ = responses.format_of_ending(ending)
    if format_ is None:
        endings = ", ".join(each.ending for each in FORMATS)
        raise NotFound(f"There is no such format; there is {endings}")
    return format_


def format_links(links: Links, kind: str, key: str) -> dict[Format, str]:
    """Return where a thing is as RDF, by format."""
    return {each: links.page(kind, key, each) for each in FORMATS}
