"""What every answer of ours carries: who may keep it, and that nothing in it is to be run."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette.utils.asgi import Response

from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.store import is_loopback
from datasette_newsgraph.web.access.graphs import Graph
from datasette_newsgraph.web.access.sight import Sight, sight_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.links import SEGMENT

#: What may stand in an address as it is.
_IN_ADDRESSES = "/?#[]@!$&'()*+,;=:%~"
#: A browser that is led to show a download must not run what it finds in it.
INERT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}

#: What none of our pages needs, though Datasette and plugins have scripts of theirs on them.
PAGE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "object-src 'none'; base-uri 'none'; form-action 'self'",
}


async def cache_control(datasette: Any, sight: Sight) -> str:
    """Return how long anybody may keep what this visitor sees: not at all if others see less."""
    anonymous = await sight_of(datasette, None, sight.graph)
    if anonymous.direct != sight.direct:
        return "private, no-store"
    return f"max-age={int(datasette.setting('default_cache_ttl'))}"


async def page_headers(datasette: Any, sight: Sight, *, is_own: bool = False) -> dict[str, str]:
    """Return the headers of an HTML page; ``is_own`` tells that it is for this visitor alone."""
    kept = "private, no-store" if is_own else await cache_control(datasette, sight)
    return {"Cache-Control": kept, **PAGE}


async def data_headers(datasette: Any, sight: Sight) -> dict[str, str]:
    """Return the headers of RDF and of other data."""
    return {"Cache-Control": await cache_control(datasette, sight), **INERT}


async def moved(visit: Visit, address: str) -> Response:
    """Return the answer that a thing has another address now: it may be kept no longer than what is
    there, as what was decided may be taken back.
    """
    headers = {
        "Location": address,
        "Cache-Control": await cache_control(visit.datasette, visit.sight),
    }
    return Response("", status=301, headers=headers, content_type="text/plain; charset=utf-8")


def attachment(name: str) -> str:
    """Return the Content-Disposition of a download (RFC 6266), whatever the database is called."""
    plain = re.sub("[^A-Za-z0-9._-]", "_", name)[-80:]
    encoded = quote(name, safe="", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def in_header(address: str | bytes) -> str:
    """Return an address as it may stand in a Link header: nothing in it ends it there."""
    if isinstance(address, bytes):
        return quote(address, safe=_IN_ADDRESSES)
    return quote(address, safe=_IN_ADDRESSES, errors="replace")


def alternates(links: dict[Format, str], page: str | None = None) -> str:
    """Return the Link header (RFC 8288) that names a thing's other representations."""
    found = {each.media_type: path for each, path in links.items()}
    return links_to_alternates(found if page is None else {**found, "text/html": page})


def links_to_alternates(addresses: Mapping[str, str]) -> str:
    """Return the same of addresses by media type."""
    return ", ".join(
        f'<{path}>; rel="alternate"; type="{media_type}"' for media_type, path in addresses.items()
    )


def state_tag(datasette: Any, graph: Graph, sight: Sight, *parts: str | float) -> str | None:
    """Return the ETag of what a visitor sees of a graph now; None for a database without a file.

    It follows from the file and its write-ahead log, and so changes with whatever writes to them: to a
    visitor from whom a part is hidden it would tell when that changes, and there is none.
    """
    path = datasette.databases[graph.name].path
    if not path or not sight.is_whole:
        return None
    state: list[Any] = [version("datasette-newsgraph"), sorted(sight.readable), *parts]
    state += state_of_file(path)
    return f'"{hashlib.sha256(json.dumps(state).encode()).hexdigest()[:32]}"'


def state_of_file(path: str) -> list[list[int]]:
    """Return what changes with whatever writes to a database's file or its write-ahead log."""
    state = []
    for each in (Path(path), Path(f"{path}-wal")):
        try:
            found = os.stat(each)
        except OSError:
            continue
        state.append([found.st_ino, found.st_size, found.st_mtime_ns])
    return state


def matches(request: Any, tag: str | None) -> bool:
    """Tell whether the client has this very representation (RFC 9110, section 13.1.2)."""
    given = request.headers.get("if-none-match") or ""
    tags = [each.strip().removeprefix("W/") for each in given.split(",")]
    return tag is not None and (tag in tags or given.strip() == "*")


def format_of_ending(ending: str) -> Format | None:
    """Return the format whose files end so (without the dot), or None."""
    return next((each for each in FORMATS if each.ending == f".{ending}"), None)


def canonical(base: str, home: str, path: str) -> str:
    """Return the one address of a page. ``path`` is its absolute path, ``home`` that of the graph.

    Where the base IRI of the graph is the address at which it is published, it begins with that;
    else it is the path, on whatever host.
    """
    is_published = base.endswith(f"/{SEGMENT}/") and not is_loopback(base)
    if not is_published or not path.startswith(home):
        return path
    return base.rstrip("/") + path[len(home) :]
