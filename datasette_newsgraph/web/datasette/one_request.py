"""What lives for one request: what was found in it, the request itself, and questions asked apart.

A plugin may ask Datasette for another page, as somebody else, in the middle of a request. So what is
found in a request is kept for this request alone, and ends with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import Context, ContextVar
from typing import Any, TypeVar

from datasette.utils import tilde_decode

_Answer = TypeVar("_Answer")

#: True while we ask for the permissions that tables have of themselves.
_asking: ContextVar[bool] = ContextVar("newsgraph_asking", default=False)
#: What was found in the request under way, which is not asked for again in it.
_found: ContextVar[dict[Any, Any] | None] = ContextVar("newsgraph_found", default=None)
#: The request under way.
_request: ContextVar[Any] = ContextVar("newsgraph_request", default=None)


def keep_requests_apart(app: Any) -> Any:
    """Wrap Datasette's application so that what is found in a request ends with it."""

    async def one_request(scope: Any, receive: Any, send: Any) -> None:
        found, request = _found.set({}), _request.set(None)
        try:
            await app(scope, receive, send)
        finally:
            _found.reset(found)
            _request.reset(request)

    return one_request


def begin_request(request: Any) -> None:
    """Remember the request, which will know its actor when that has been found."""
    _request.set(request)


def request_under_way() -> Any:
    """Return the request; None outside of requests."""
    return _request.get()


def route_under_way() -> dict[str, str]:
    """Return the parts of the address asked for, by the names in Datasette's route, decoded; nothing
    before the request has found its route.
    """
    request = _request.get()
    route = request.scope.get("url_route", {}).get("kwargs", {}) if request is not None else {}
    return {name: tilde_decode(part) for name, part in route.items() if part}


def query_shown() -> str | None:
    """Return the name of the canned query whose page the request under way asks for, or None.

    Both lines serve it at the address of a table, and tell the hooks of neither.
    """
    return route_under_way().get("table")


def remembered() -> dict[Any, Any]:
    """Return what is known for the request under way, to be added to; nothing outside of requests."""
    found = _found.get()
    return {} if found is None else found


def is_asking() -> bool:
    """Tell whether our own rules are off, as we are asking what holds without them."""
    return _asking.get()


async def ask_apart(question: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Return the answer to a question that is asked with our own rules off.

    It is asked in a context of its own: 1.0 keeps the answers of a request in one, and answers that
    were given with our rules off are not those that the request may use.
    """

    async def without_our_rules() -> _Answer:
        _asking.set(True)
        return await question

    return await Context().run(asyncio.ensure_future, without_our_rules())
