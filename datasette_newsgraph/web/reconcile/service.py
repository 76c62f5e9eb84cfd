"""The addresses of the service, and what is answered at each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils.asgi import BadRequest, NotFound, Response
from datasette.views.base import DatasetteError

from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.arguments import text_argument
from datasette_newsgraph.web.access.posted import FORM, body_of, fields_of, media_type, once
from datasette_newsgraph.web.access.visit import Visit, answered_to, begin
from datasette_newsgraph.web.reconcile.asked import (
    BATCH,
    Question,
    read_batch,
    read_draft_batch,
    read_query,
)
from datasette_newsgraph.web.reconcile.entity_rows import description_of
from datasette_newsgraph.web.reconcile.entity_types import chosen_types, known_types
from datasette_newsgraph.web.reconcile.extending import extended, proposed
from datasette_newsgraph.web.reconcile.manifest import described_type, manifest
from datasette_newsgraph.web.reconcile.matching import Candidate, candidates
from datasette_newsgraph.web.reconcile.previewing import preview
from datasette_newsgraph.web.reconcile.slowness import answering_slow
from datasette_newsgraph.web.reconcile.suggesting import suggested_entities, suggested_types
from datasette_newsgraph.web.search.hits import may_search, may_search_later, read_in_time

#: What may be asked at the address of version 0.2, one of these at a time.
_ASKED = ("queries", "query", "extend")
#: What is wrong with a request is of no use to anybody later.
_NOT_KEPT = {"Cache-Control": "private, no-store"}
#: A preview has no styles, scripts or links that could be run in somebody's frame.
_PREVIEW = {"Referrer-Policy": "no-referrer"}

_Handler = Callable[[Visit], Awaitable[Any]]


def reconcile_routes(graph: str) -> list[tuple[str, Any]]:
    """Return the routes below the address of a graph, a regular expression."""
    service = rf"{graph}/reconcile(?P<draft>/draft)?"
    return [
        (rf"{service}$", endpoint),
        (rf"{service}/match$", match),
        (rf"{service}/suggest/(?P<what>entity|type)$", suggest),
        (rf"{service}/preview$", show_preview),
        # Of version 0.2 only.
        (rf"{graph}/reconcile/extend$", propose),
    ]


def _in_json(*methods: str) -> Callable[[_Handler], Callable[[Any, Any], Awaitable[Any]]]:
    """Answer in JSON with what a handler returns, or with one line on what is wrong with a request."""

    def decorate(handler: _Handler) -> Callable[[Any, Any], Awaitable[Any]]:
        # Not by functools.wraps: Datasette gives a view what the signature of the innermost asks for.
        @answered_to(*methods)
        async def route(datasette: Any, request: Any) -> Any:
            try:
                visit = await begin(datasette, request)
                visit.require("entities")
                answer = await handler(visit)
            except (BadRequest, DatasetteError) as error:
                status = error.status if isinstance(error, DatasetteError) else 400
                headers = responses.INERT | _NOT_KEPT
                return Response.json({"error": str(error.args[0])}, status, headers)
            headers = await responses.data_headers(datasette, visit.sight)
            return Response.json(answer, headers=headers)

        return route

    return decorate


@_in_json("GET", "HEAD", "POST")
async def endpoint(visit: Visit) -> Any:
    """Answer with the manifest or, in the form of version 0.2, what is found for queries, or what else
    is known of entities.
    """
    request, is_draft = visit.request, bool(visit.request.url_vars["draft"])
    if request.method == "POST":
        if is_draft:
            raise BadRequest("Post queries to /match under this address.")
        form = _form(request, await body_of(request))
        batch, query, extension = (once(form, each) for each in _ASKED)
        if batch is None and query is None and extension is None:
            raise BadRequest("A form has to have a field queries, with a batch of queries in JSON.")
    else:
        batch, query, extension = (text_argument(request, each) for each in _ASKED)
        if is_draft or (batch is None and query is None and extension is None):
            return await manifest(visit, is_draft=is_draft)
    if extension is not None:
        return await extended(visit, extension)
    if batch is None:
        return {"result": (await _answers(visit, [read_query(query or "")]))[0]}
    questions = read_batch(batch)
    found = await _answers(visit, list(questions.values()))
    return {name: {"result": each} for name, each in zip(questions, found, strict=True)}


@_in_json("POST")
async def match(visit: Visit) -> Any:
    """Answer a batch of queries in the form of the draft."""
    found = await _answers(visit, read_draft_batch(await body_of(visit.request)))
    return {"results": [{"candidates": each} for each in found]}


@_in_json("GET", "HEAD")
async def suggest(visit: Visit) -> Any:
    """Answer with entities or types that begin with what somebody types."""
    if visit.request.url_vars["what"] == "type":
        return {"result": await suggested_types(visit)}
    _require_search(visit)
    return {"result": await suggested_entities(visit)}


@_in_json("GET", "HEAD")
async def propose(visit: Visit) -> Any:
    """Answer with the properties of entities that a client may ask for."""
    return proposed(visit)


@answered_to("GET", "HEAD")
async def show_preview(datasette: Any, request: Any) -> Response:
    """Show a few lines about an entity."""
    visit = await begin(datasette, request)
    visit.require("entities")
    key = text_argument(request, "id")
    if key is None:
        raise NotFound("There is no such entity")
    headers = await responses.data_headers(datasette, visit.sight)
    return Response.html(await preview(visit, key), headers=headers | _PREVIEW)


def _require_search(visit: Visit) -> None:
    if may_search_later(visit, "entities"):
        # The first load makes what is searched at its end.
        raise DatasetteError("Names can be looked up when the first load is done.", status=503)
    if not may_search(visit, "entities"):
        visit.require("entities_fts")


async def _answers(visit: Visit, questions: list[Question]) -> list[list[dict[str, Any]]]:
    """Return the candidates of each question."""
    if len(questions) > BATCH:
        raise DatasetteError(f"A batch may have up to {BATCH} queries.", status=413)
    _require_search(visit)
    known = await known_types(visit) if any(each.types for each in questions) else []
    return [await _answer(visit, each, known) for each in questions]


async def _answer(visit: Visit, question: Question, known: list[str]) -> list[dict[str, Any]]:
    types = chosen_types(known, question.types)
    with answering_slow(visit):
        found = await read_in_time(
            visit, lambda connection: candidates(visit, connection, question, types)
        )
    return [_described(each) for each in found]


def _described(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as both versions have it."""
    description = description_of(candidate.description, candidate.articles)
    return {
        "id": candidate.key,
        "name": candidate.name,
        **({"description": description} if description else {}),
        "type": [described_type(candidate.type)],
        "score": candidate.score,
        "match": candidate.is_match,
    }


def _form(request: Any, body: bytes) -> dict[str, list[str]]:
    if media_type(request) != FORM:
        raise BadRequest(f"Queries have to be posted as {FORM}.")
    return fields_of(body)
