"""What goes wrong at an address of ours, as a page with our navigation.

The page is the template ``error.html``, which Datasette renders for Forbidden by itself, so that other
plugins may send a visitor to where they log in.
"""

from __future__ import annotations

import functools
import re
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette.handle_exception import handle_exception
from datasette.utils.asgi import BadRequest, Base400, Response
from datasette.views.base import DatasetteError

from datasette_newsgraph.web.access.visit import cors_headers
from datasette_newsgraph.web.frame.damage import wrong_values
from datasette_newsgraph.web.links import SEGMENT
from datasette_newsgraph.web.responses import PAGE

#: What answers requests to an address.
Route = Callable[[Any, Any], Awaitable[Any]]

_OURS = re.compile(rf"/([^/]+/)?{SEGMENT}([/.].*)?", re.DOTALL)
#: Programs ask for these, and Datasette answers them in kind.
_DATA = (".json", ".csv")
_TITLES = {400: "Not understood", 404: "Not found"}
#: Who may see what is in it, and what a client prefers.
_HEADERS = {"Cache-Control": "private, no-store", "Vary": "Accept"}


def is_ours(request: Any) -> bool:
    """Tell whether a request is to an address of ours."""
    path = request.scope.get("route_path") or request.scope["path"]
    return _OURS.fullmatch(path) is not None


def answering(route: Route) -> Route:
    """Have a route answer by itself what a request asks wrongly, or what cannot be done now.

    Datasette would print where each exception was raised, with the values of all variables: with what
    somebody typed into a form. What is hidden, and what is not there, it has to answer itself.
    """

    @functools.wraps(route)
    async def answered(datasette: Any, request: Any) -> Any:
        try:
            return await route(datasette, request)
        except (BadRequest, DatasetteError) as error:
            page = await error_page(datasette, request, error)
            if page is None:
                raise
            return page

    return answered


async def error_page(datasette: Any, request: Any, exception: Exception) -> Response | None:
    """Return the page that says what went wrong at an address of ours; None leaves it to Datasette."""
    cause = await wrong_values(datasette, request, exception)
    if cause is not None:
        exception = DatasetteError(cause, title="News graph", status=409)
    if not is_ours(request) or request.path.endswith(_DATA):
        # On a page of Datasette's it answers in its own way, but to what is wrong.
        return cause and await handle_exception(datasette, request, exception)()
    if isinstance(exception, DatasetteError):
        status, message, title = exception.status, exception.message, exception.title
    elif isinstance(exception, Base400):
        status, message, title = exception.status, exception.args[0], None
    else:
        return None
    context = {
        "ok": False,
        "status": status,
        "error": message,
        "title": title or _TITLES.get(status),
    }
    try:
        html = await datasette.render_template(
            [f"{status}.html", "error.html"], context, request=request
        )
    except sqlite3.DatabaseError:
        # Even the navigation cannot be read.
        return None
    headers = {**_HEADERS, **PAGE, **cors_headers(datasette)}
    return Response.html(html, status=status, headers=headers)
