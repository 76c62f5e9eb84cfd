"""What a client has already is not sent again (RFC 9110, section 13)."""

from __future__ import annotations

from datasette.utils.asgi import Response

from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.rdf.downloads import varying_with_packing
from datasette_newsgraph.web.rdf.negotiation import takes_gzip

#: What of the headers is of the body alone.
_OF_BODY = ("Content-Disposition", "Content-Encoding")


def unchanged(
    visit: Visit, headers: dict[str, str], content_type: str, *parts: str | float
) -> Response | None:
    """Return 304 where a client has what it asks for, else None, with its ETag among the ``headers``.

    ``parts`` are what tells it from anything else that is made of the same graph; packed, it is another
    representation with another tag. There is none where a visitor may not see all.
    """
    packed = "gzip" if takes_gzip(visit.request) else ""
    tag = responses.state_tag(visit.datasette, visit.graph, visit.sight, packed, *parts)
    if tag is None:
        return None
    headers["ETag"] = tag
    if not responses.matches(visit.request, tag):
        return None
    kept = {name: value for name, value in headers.items() if name not in _OF_BODY}
    kept["Vary"] = varying_with_packing(headers)
    return Response("", status=304, headers=kept, content_type=content_type)
