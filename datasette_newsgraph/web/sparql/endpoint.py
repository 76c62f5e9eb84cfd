"""The endpoint: questions in SPARQL about what a visitor may see of a graph.

The whole answer is there before its first byte is sent: a question that is stopped at a limit has an
answer that says so, and never half of another.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from datasette.utils.asgi import BadRequest, Response
from datasette.views.base import DatasetteError

from datasette_newsgraph.errors import BadQuery, QueryStopped
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.asking import is_for_all, require_asking
from datasette_newsgraph.web.access.visit import Visit, answered_to, begin
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.sparql.answering import answer
from datasette_newsgraph.web.sparql.asked import Asked
from datasette_newsgraph.web.sparql.pool import Busy, pool_of
from datasette_newsgraph.web.sparql.process import Ended, Written
from datasette_newsgraph.web.sparql.protocol import (
    OF_SOLUTIONS,
    OF_TRIPLES,
    POSTED,
    SENT,
    Wanted,
    text_of,
    wanted_of,
)
from datasette_newsgraph.web.sparql.question import NotAcceptable, Question, Shown
from datasette_newsgraph.web.sparql.service import description_of
from datasette_newsgraph.web.sparql.whole import WholeAnswer

_VARY = {"Vary": "Accept"}
#: What is wrong with a question is of no use to anybody later.
_NOT_KEPT = {"Cache-Control": "private, no-store"}
#: Seconds after which who was refused may ask again.
_RETRY_AFTER = 10
#: Functions with another value each time.
_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


@answered_to("GET", "HEAD", "POST")
async def endpoint(datasette: Any, request: Any) -> Any:
    """Answer a question; describe the service where there is none; to a browser show the page."""
    visit = await begin(datasette, request)
    require_asking(visit)
    try:
        text, wanted = await text_of(request), wanted_of(request)
        if wanted.is_page:
            return await _page(visit, text)
        if text is None:
            return await _described(visit, wanted)
        return await _answered(visit, text, wanted)
    except Ended:
        # Nobody reads it.
        return _line("The client has gone.", 503, {})
    except (BadRequest, DatasetteError) as error:
        status = error.status if isinstance(error, DatasetteError) else 400
        more = {"Accept-Post": ", ".join(POSTED)} if status == 415 else {}
        return _line(str(error.args[0]), status, more)


async def _answered(visit: Visit, text: str, wanted: Wanted) -> Response:
    """Return the answer to a question as the client would have it, or one line on why there is none."""
    if wanted.is_nothing:
        return _not_acceptable(of_triples=None)
    headers = await _headers(visit)
    tag = _tag(visit, text, wanted)
    if tag is not None:
        headers["ETag"] = tag
        if responses.matches(visit.request, tag):
            return Response("", status=304, headers=headers)
    try:
        found = await _find(visit, _question(visit, text, wanted))
    except NotAcceptable as error:
        return _not_acceptable(of_triples=error.of_triples)
    except (BadQuery, QueryStopped, Busy) as error:
        status, words, more = _trouble(error)
        return _line(words, status, more)
    assert isinstance(found, Written)
    format_ = next(each for each in SENT if each.name == found.format)
    if wanted.is_named:
        name = f"{visit.graph.name}-answer{format_.ending}"
        headers["Content-Disposition"] = responses.attachment(name)
    if visit.request.method == "HEAD":
        found.file.close()
        return Response("", headers=headers, content_type=format_.content_type)
    return WholeAnswer(found, headers=headers, content_type=format_.content_type)


async def _page(visit: Visit, text: str | None) -> Response:
    """Show the page on which questions are asked, with the beginning of an answer."""
    # It knows RDF terms, and rdflib is slow to import: many a server is never asked.
    from datasette_newsgraph.web.sparql.sparql_page import SHOWN, sparql_page

    if text is None:
        return await sparql_page(visit, None)
    began = time.monotonic()
    try:
        found = await _find(visit, _question(visit, text, SHOWN))
    except (BadQuery, QueryStopped, Busy) as error:
        status, words, _ = _trouble(error)
        asked = Asked(text, None, words, status, time.monotonic() - began)
    else:
        assert isinstance(found, Shown)
        seconds = time.monotonic() - began
        asked = Asked(text, found.outcome, seconds=seconds, is_cut=found.is_cut)
    return await sparql_page(visit, asked)


async def _described(visit: Visit, wanted: Wanted) -> Response:
    """Return what the service says of itself, as RDF."""
    if wanted.of_triples is None or wanted.of_triples.syntax is None:
        raise BadRequest("There is no question: give one as query.")
    body = await description_of(visit, wanted.of_triples.syntax)
    headers = await _headers(visit)
    content_type = wanted.of_triples.content_type
    return Response(body.decode(), headers=headers, content_type=content_type)


async def _find(visit: Visit, question: Question) -> Written | Shown:
    """Return the answer to a question. Raises what ``answer`` raises."""
    try:
        pool = pool_of(visit.datasette)
        return await answer(pool, question, question.seconds, visit.request.receive)
    except QueryStopped:
        report(Fault.STOPPED, visit.graph.name)
        raise
    except Busy:
        report(Fault.CROWDED, visit.graph.name)
        raise


def _question(visit: Visit, text: str, wanted: Wanted | int) -> Question:
    """Return what a process is told; ``wanted`` is a number of rows for a page."""
    question = Question(
        _uri(visit),
        text,
        visit.sight.readable,
        visit.sight.parts,
        visit.settings.assert_from,
        visit.settings.sparql_time_limit_ms / 1000,
        visit.settings.sparql_rows,
    )
    if isinstance(wanted, int):
        return replace(question, shown=wanted)
    of_solutions, of_triples = wanted.of_solutions, wanted.of_triples
    return replace(
        question,
        of_solutions=of_solutions.name if of_solutions else None,
        of_triples=of_triples.name if of_triples else None,
    )


def _uri(visit: Visit) -> str:
    """Return what opens the file of a graph as Datasette does. Raises a DatasetteError of status 501
    where there is none: a question is answered by another process.
    """
    database = visit.database
    if not database.path:
        raise DatasetteError(
            "This graph is in the memory of the server, where it cannot be asked in SPARQL.",
            status=501,
        )
    how = "mode=ro" if database.is_mutable else "immutable=1"
    if database.is_mutable and visit.datasette.nolock:
        how += "&nolock=1"
    return f"file:{quote(os.fsencode(os.path.abspath(database.path)))}?{how}"


async def _headers(visit: Visit) -> dict[str, str]:
    headers = await responses.data_headers(visit.datasette, visit.sight) | _VARY
    return headers if is_for_all(visit) else headers | _NOT_KEPT


def _tag(visit: Visit, text: str, wanted: Wanted) -> str | None:
    """Return the ETag of an answer, where the same question has the same one while nothing changes."""
    if visit.request.method == "POST" or _CHANGING.search(text):
        return None
    formats = (wanted.of_solutions, wanted.of_triples)
    named = [each.name for each in formats if each]
    parts: tuple[str | float, ...] = ("sparql", text, visit.settings.assert_from, *named)
    return responses.state_tag(visit.datasette, visit.graph, visit.sight, *parts)


def _trouble(error: Exception) -> tuple[int, str, dict[str, str]]:
    """Return the status of what went wrong with a question, in words, and headers."""
    if isinstance(error, Busy):
        words = "Too many questions are under way; try again later."
        return 503, words, {"Retry-After": str(_RETRY_AFTER)}
    # A parser repeats lines of the question.
    words = " ".join(str(error).split())
    return 400 if isinstance(error, BadQuery) else 503, f"{words[:1].upper()}{words[1:]}", {}


def _not_acceptable(*, of_triples: bool | None) -> Response:
    """Return the answer to who takes no format of triples, or no other, or neither."""
    kinds = {True: OF_TRIPLES, False: OF_SOLUTIONS, None: SENT}
    types = ", ".join(each.media_types[0] for each in kinds[of_triples])
    return _line(f"Not acceptable. There is: {types}", 406, {})


def _line(words: str, status: int, more: dict[str, str]) -> Response:
    headers = responses.INERT | _NOT_KEPT | _VARY | more
    return Response.text(f"{words}\n", status=status, headers=headers)
