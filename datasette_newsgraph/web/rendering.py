"""Our pages in HTML: what a page has of its own, in the frame that every page of a graph has."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from datasette.utils.asgi import Response

from datasette_newsgraph.anchoring import STATUSES
from datasette_newsgraph.anchoring.statuses import UNREMARKED
from datasette_newsgraph.confidence import doubt
from datasette_newsgraph.rdf.literals import language_tag
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.deciding import deciding_of
from datasette_newsgraph.web.access.origin import origin_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.notice import notice_of
from datasette_newsgraph.web.deciding.posting import place_of
from datasette_newsgraph.web.frame import page_frame
from datasette_newsgraph.web.links import graphs_page
from datasette_newsgraph.web.page_contexts import Frame, Page
from datasette_newsgraph.web.parts.headings import heading_of
from datasette_newsgraph.web.parts.typography import day_of, direction_of
from datasette_newsgraph.web.search.hits import may_search


async def render(
    visit: Visit,
    kind: str,
    context: Page,
    address: str,
    headers: dict[str, str],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Render a page of a kind. ``address`` is its path, without a query string."""
    origin = await origin_of(visit)
    deciding = await deciding_of(visit)
    frame: Frame = {
        **await page_frame.around(visit, kind, context, address),
        "database": visit.graph.name,
        "links": visit.links,
        "sees": visit.sight.sees,
        "deciding": deciding,
        "notice": await notice_of(visit, deciding),
        "here": place_of(visit),
        "names_while_typing": visit.settings.names_while_typing and may_search(visit, "entities"),
        "graphs_page": graphs_page(visit.datasette),
        "safe_url": safe_url,
        "language_tag": language_tag,
        "status_meanings": STATUSES,
        "unremarked": UNREMARKED,
        "day_of": day_of,
        "direction_of": direction_of,
        "heading_of": heading_of,
        "doubt": partial(doubt, assert_from=visit.settings.assert_from),
        "assert_from": visit.settings.assert_from,
        "metadata": {
            key: text for key, text in origin.items() if "url" not in key or safe_url(text)
        },
    }
    html = await visit.datasette.render_template(
        f"newsgraph_{kind}.html",
        {"formats": {}, "graph_files": {}, **frame, **context},
        request=visit.request,
    )
    kept = await responses.page_headers(visit.datasette, visit.sight, is_own=deciding.is_allowed)
    return Response.html(html, status=status, headers=kept | headers)


def safe_url(text: str | None) -> str | None:
    """Return an address that a page may link to: http or https, without control characters."""
    address = (text or "").strip()
    is_plain = not any(ord(each) <= 32 or 127 <= ord(each) < 160 for each in address)
    return address if is_plain and address.lower().startswith(("http://", "https://")) else None
