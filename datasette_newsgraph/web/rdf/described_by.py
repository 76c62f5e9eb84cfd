"""Where the description of a graph stands, as Link headers of its overview and downloads name it."""

from __future__ import annotations

from datasette_newsgraph.iri import web_address
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.web.access.origin import origin_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.links import Links
from datasette_newsgraph.web.responses import in_header


def address(links: Links, format_: Format | None = None) -> str:
    """Return where the description of a graph is: in a format, or in the one that is asked for."""
    return f"{links.home}/void{format_.ending if format_ else ''}"


def formats(links: Links) -> dict[Format, str]:
    """Return where the description is, by format."""
    return {each: address(links, each) for each in FORMATS}


async def links_of(visit: Visit) -> str:
    """Return the Link header (RFC 8288) that leads from a graph to its description and its licence."""
    found = [f'<{address(visit.links)}>; rel="describedby"; type="{FORMATS[0].media_type}"']
    licence = web_address((await origin_of(visit)).get("license_url", ""))
    if licence:
        found.append(f'<{in_header(licence)}>; rel="license"')
    return ", ".join(found)
