"""The Link header of Datasette's own pages of our tables, views and rows: the same as RDF.

Such a page has a link to each format in its text; Datasette's templates have no place for one in its
head. The formats are noted as Datasette asks for them, and stand before its own link to JSON.
"""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.rdf import Format
from datasette_newsgraph.web.datasette import one_request
from datasette_newsgraph.web.responses import alternates, in_header

#: Under what the formats of a page are remembered for its request.
_OFFERED = "formats of rows"
#: Characters of an address that is named: proxies refuse headers of more than a few thousand.
_LONGEST = 600


def offer(datasette: Any, request: Any, format_: Format) -> None:
    """Note that the page under way is to be had in a format, with the filters that it has."""
    path = request.scope.get("route_path") or request.path
    ending = request.url_vars.get("format")
    path = datasette.urls.path(path.removesuffix(f".{ending}")) + format_.ending
    address = in_header(path)
    if request.query_string:
        # Its bytes, as they came.
        address += "?" + in_header(request.query_string.encode("latin-1"))
    if len(address) <= _LONGEST:
        one_request.remembered().setdefault(_OFFERED, {})[format_] = address


def add_links(app: Any) -> Any:
    """Wrap Datasette's application so that its pages name the formats that they offer."""

    async def with_links(scope: Any, receive: Any, send: Any) -> None:
        # What is found in the request is noted here while it is answered.
        found = one_request.remembered()

        async def send_with_links(message: Any) -> None:
            if _OFFERED in found and message["type"] == "http.response.start":
                message = message | {"headers": _linked(message, found[_OFFERED])}
            await send(message)

        await app(scope, receive, send_with_links)

    return with_links


def _linked(message: Any, offered: dict[Format, str]) -> list[tuple[bytes, bytes]]:
    """Return the headers of a message; if it is a page, with our links before those that it has."""
    headers = [(bytes(name).lower(), bytes(value)) for name, value in message["headers"]]
    is_page = any(
        name == b"content-type" and value.startswith(b"text/html") for name, value in headers
    )
    if message["status"] != 200 or not is_page:
        return headers
    # One field, as some who read it look at one only. 0.65 has no brackets around its own link, and who
    # goes by the specification reads no further than to there.
    links = [alternates(offered).encode("ascii")]
    links += [value for name, value in headers if name == b"link"]
    return [*(each for each in headers if each[0] != b"link"), (b"link", b", ".join(links))]
