"""What a search finds, as RDF: the things on the page, each with what it is of itself."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

from sqlite_utils import Database

from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.selection import Selection, select_rows
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.store import get_base
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.visit import Visit, answered, begin
from datasette_newsgraph.web.rdf import downloads, graph_rdf
from datasette_newsgraph.web.search.search_page import read_search, run


@answered
async def search_rdf(datasette: Any, request: Any) -> Any:
    """Serve what is found for words."""
    format_ = graph_rdf.format_asked_for(request.url_vars["format"])
    visit = await begin(datasette, request)
    asked = read_search(visit)
    found = await run(visit, asked) if asked.words else {}
    numbers = {kind.table: [hit.row["id"] for hit in each.hits] for kind, each in found.items()}
    headers = await responses.data_headers(datasette, visit.sight)
    page = f"{visit.links.home}/search?{urlencode(asked.query)}"
    headers["Link"] = responses.alternates({}, page)
    return await downloads.respond(
        request,
        visit.database,
        lambda db: _blocks(db, format_, visit, numbers),
        downloads.turnstiles_of(datasette).part,
        headers,
        format_.content_type,
        visit.sight.parts,
    )


def _blocks(
    db: Database, format_: Format, visit: Visit, numbers: dict[str, list[int]]
) -> Generator[bytes, None, None]:
    tables = visit.sight.readable
    db.conn.execute("BEGIN")
    try:
        chosen = Selection()
        for table, found in numbers.items():
            _add(chosen, select_rows(db.conn, table, found, tables))
        yield from GraphStream(
            db.conn,
            format_.syntax(get_base(db)),
            assert_from=visit.settings.assert_from,
            selection=chosen,
            tables=tables,
        )
    finally:
        db.conn.execute("ROLLBACK")


def _add(chosen: Selection, more: Selection) -> None:
    """Put a selection into another. Each quote is in one article, so that no group is in both."""
    for field in fields(Selection):
        getattr(chosen, field.name).update(getattr(more, field.name))
