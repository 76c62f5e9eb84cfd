"""The page on which a graph is asked in SPARQL: the question, the answer, and examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import NotFound, Response
from sqlite_utils import Database

from datasette_newsgraph.sparql.examples import (
    Example,
    declared_prefixes,
    examples,
)
from datasette_newsgraph.sparql.prologue import namespaces
from datasette_newsgraph.sparql.results import FORMATS, ResultFormat
from datasette_newsgraph.store import get_base
from datasette_newsgraph.web.access.arguments import text_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.page_contexts import SparqlPage
from datasette_newsgraph.web.rendering import render
from datasette_newsgraph.web.sparql.asked import Asked, Table
from datasette_newsgraph.web.sparql.cells import Cells, Row, things_in
from datasette_newsgraph.web.sparql.names import names_of

#: Rows that a page shows; downloads have all.
SHOWN = 1_000
#: Characters of a question up to which it stands in the address of a download: not every server, nor
#: what stands before it, takes longer addresses.
IN_ADDRESS = 6_000
_TRIPLE = ("subject", "predicate", "object")
_LINE = re.compile(r"\bline:? ?(\d{1,7})\b")
_LONGEST_LINE = 300


@dataclass(frozen=True)
class ExampleShown:
    """An example with where it is looked at, and where it is asked at once."""

    example: Example
    look: str
    ask: str


@dataclass(frozen=True)
class Download:
    """The answer in a format."""

    format: ResultFormat
    href: str


async def sparql_page(visit: Visit, asked: Asked | None) -> Response:
    """Return the page: with what became of a question, or with the example that the address names
    (``example``), to be asked. Raises NotFound where the graph has no such example.
    """
    base, found = await visit.read_at_leisure(lambda each: _read(each, visit))
    address = visit.links.sparql
    context: SparqlPage = {
        "examples": [_shown(each, address) for each in found],
        "prefixes": declared_prefixes(base),
        "typed": asked.text if asked else _example(visit, found),
        "trail": [("SPARQL", None)],
    }
    if asked is not None:
        context |= await _outcome(visit, asked, base, address)
    headers = {"Vary": "Accept"}
    status = HTTPStatus(asked.status if asked else HTTPStatus.OK)
    if status >= HTTPStatus.BAD_REQUEST:
        headers["Cache-Control"] = "private, no-store"
    return await render(visit, "sparql", context, address, headers, status)


def _read(connection: Any, visit: Visit) -> tuple[str, list[Example]]:
    base = get_base(Database(connection))
    return base, examples(connection, base, visit.sight.readable)


def _example(visit: Visit, found: Sequence[Example]) -> str:
    slug = text_argument(visit.request, "example")
    if slug is None:
        return ""
    for each in found:
        if each.slug == slug:
            return each.text
    raise NotFound("There is no such example for this graph")


def _shown(example: Example, address: str) -> ExampleShown:
    look = f"{address}?{urlencode({'example': example.slug})}"
    return ExampleShown(example, look, f"{address}?{urlencode({'query': example.text})}")


async def _outcome(visit: Visit, asked: Asked, base: str, address: str) -> SparqlPage:
    """Return what a page shows of what became of a question."""
    if asked.outcome is None:
        return {"error": asked.error or "", "error_line": _line(asked)}
    seconds = f"{asked.seconds:.2f}" if asked.seconds >= 0.01 else "less than 0.01"
    context: SparqlPage = {"seconds": seconds, "downloads": _downloads(asked, address)}
    if isinstance(asked.outcome, bool):
        return {**context, "truth": asked.outcome}
    if isinstance(asked.outcome, Table):
        names, rows = asked.outcome.variables, asked.outcome.rows
        return context | await _table(visit, asked, base, names, rows)
    return {**context, "is_graph": True} | await _table(visit, asked, base, _TRIPLE, asked.outcome)


async def _table(
    visit: Visit, asked: Asked, base: str, names: Sequence[str], rows: Sequence[Row]
) -> SparqlPage:
    shown = rows[:SHOWN]
    called = await names_of(visit, things_in(shown, base))
    cells = Cells(base, visit.links, namespaces(base), called)
    return {
        "columns": cells.columns(names, shown),
        "rows": [[cells.cell(term) for term in row] for row in shown],
        "is_part": asked.is_cut or len(rows) > SHOWN,
    }


def _line(asked: Asked) -> tuple[int, str] | None:
    """Return the number and the words of the line that an error names, if it names one."""
    named = _LINE.search(asked.error or "")
    lines = asked.text.splitlines()
    if named is None or not 1 <= int(named[1]) <= len(lines):
        return None
    return int(named[1]), lines[int(named[1]) - 1][:_LONGEST_LINE]


def _downloads(asked: Asked, address: str) -> list[Download]:
    is_graph = isinstance(asked.outcome, list)
    if len(asked.text) > IN_ADDRESS:
        return []
    return [
        Download(each, f"{address}?{urlencode({'query': asked.text, 'format': each.name})}")
        for each in FORMATS
        if each.media_types and is_graph == (each.syntax is not None)
    ]
