"""What a client asks, and how it would have the answer (SPARQL 1.1 Protocol, W3C Recommendation, 2013,
section 2.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import BadRequest
from datasette.views.base import DatasetteError

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.sparql.results import FORMATS, ResultFormat, format_named
from datasette_newsgraph.web.access.arguments import text_argument
from datasette_newsgraph.web.access.posted import FORM, body_of, fields_of, media_type, once
from datasette_newsgraph.web.rdf.negotiation import HTML, choose
from datasette_newsgraph.web.sparql.question import UPDATES

QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
#: What may be posted.
POSTED = (QUERY, FORM)
#: Formats that are sent: the others are for terminals.
SENT = tuple(each for each in FORMATS if each.media_types)
OF_SOLUTIONS = tuple(each for each in SENT if each.syntax is None)
OF_TRIPLES = tuple(each for each in SENT if each.syntax is not None)
#: What the argument ``format`` names a page by.
_PAGE = "html"
#: What the protocol has besides, and why it is refused.
_NOT_DONE = {
    "default-graph-uri": "questions are about the whole graph; leave default-graph-uri out",
    "named-graph-uri": "questions are about the whole graph; leave named-graph-uri out",
    "update": UPDATES,
}


@dataclass(frozen=True)
class Wanted:
    """How a client would have an answer: the format for solutions and truth and that for triples, each
    None where it takes none; or as a page. ``is_named`` tells that the address names the format.
    """

    of_solutions: ResultFormat | None
    of_triples: ResultFormat | None
    is_page: bool = False
    is_named: bool = False

    @property
    def is_nothing(self) -> bool:
        """Tell whether the client takes nothing that there is."""
        return not (self.is_page or self.of_solutions or self.of_triples)


async def text_of(request: Any) -> str | None:
    """Return the question of a request, or None where there is none: then it asks about the service.

    Raises BadRequest for what is not done here, and a DatasetteError where a body is too long, or none
    that may be posted.
    """
    _require_done(lambda name: request.args.getlist(name))
    if request.method != "POST":
        return text_argument(request, "query")
    kind = media_type(request)
    if kind == _UPDATE:
        raise BadRequest(_sentence(_NOT_DONE["update"]))
    if kind not in POSTED:
        raise DatasetteError(f"A question has to be posted as {' or '.join(POSTED)}.", status=415)
    body = await body_of(request)
    if kind == FORM:
        form = fields_of(body)
        _require_done(lambda name: form.get(name))
        text = once(form, "query")
    else:
        text = _decoded(body)
    if not text:
        raise BadRequest("There is no question: give one as query.")
    return text


def wanted_of(request: Any) -> Wanted:
    """Return how a client would have the answer: by the argument ``format``, or else by its Accept.
    Raises BadRequest for a format that there is not.
    """
    name = text_argument(request, "format")
    if name is None:
        return _accepted(request.headers.get("accept"))
    if name == _PAGE:
        return Wanted(None, None, is_page=True)
    try:
        format_ = format_named(name)
    except UsageError:
        format_ = None
    if format_ not in SENT:
        names = ", ".join(each.name for each in SENT)
        raise BadRequest(f"There is no such format; there are {names} and {_PAGE}.")
    if format_.syntax is None:
        return Wanted(format_, None, is_named=True)
    return Wanted(None, format_, is_named=True)


def _accepted(accept: str | None) -> Wanted:
    chosen = choose(accept, (*_types(OF_SOLUTIONS), *_types(OF_TRIPLES), HTML))
    if chosen == HTML:
        return Wanted(None, None, is_page=True)
    return Wanted(_chosen(accept, OF_SOLUTIONS), _chosen(accept, OF_TRIPLES))


def _chosen(accept: str | None, formats: tuple[ResultFormat, ...]) -> ResultFormat | None:
    chosen = choose(accept, _types(formats))
    return next((each for each in formats if chosen in each.media_types), None)


def _types(formats: tuple[ResultFormat, ...]) -> tuple[str, ...]:
    return tuple(name for each in formats for name in each.media_types)


def _require_done(given: Callable[[str], Any]) -> None:
    for name, why in _NOT_DONE.items():
        if given(name):
            raise BadRequest(_sentence(why))


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("A question has to be in UTF-8.") from error


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
