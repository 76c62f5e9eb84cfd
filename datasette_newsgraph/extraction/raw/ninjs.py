"""Read ninjs, the JSON of the IPTC for news items: one item a line, or an array of them.

The text is ``body_text``, else the article in ``body_html`` or ``body_xhtml``; in version 2 the item
of ``bodies`` that is plain text, else one that is HTML. ``headline``, ``byline``, ``versioncreated`` or
``firstcreated``, ``language``, ``subject`` (as sections), ``copyrightholder`` and ``usageterms``
describe the article. Its id is ``uri``.

Example::

    {"uri": "urn:newsml:example.org:20151130:cop21", "type": "text", "language": "en",
     "headline": "Paris conference opens", "byline": "Ann Smith",
     "versioncreated": "2015-11-30T10:00:00Z",
     "body_text": "Laurent Fabius, foreign minister of France, presides over the talks."}
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.raw.rows import article_of_row
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import decode

__all__ = ["entries", "parse"]


def parse(raw: bytes) -> Parsed:
    """Return the article of an item; raises RecordError where it has no body."""
    item = decode(raw, object)
    if not isinstance(item, dict):
        raise RecordError(f"expected a JSON object, got {type(item).__name__}")
    return article_of_row(
        {
            "id": item.get("uri"),
            "title": item.get("headline") or _first(item.get("headlines"), "value"),
            "author": item.get("byline") or _first(item.get("bylines"), "value", "byline"),
            "published": item.get("versioncreated")
            or item.get("firstcreated")
            or item.get("versionCreated")
            or item.get("firstCreated"),
            "publisher": item.get("copyrightholder") or item.get("copyrightHolder"),
            "language": item.get("language"),
            "license": item.get("usageterms") or item.get("usageTerms"),
            "sections": list(_objects(item.get("subject") or item.get("subjects"))),
            **_body(item),
        }
    )


def _body(item: dict[str, Any]) -> dict[str, Any]:
    """Return the text of an item, or else its body in HTML."""
    bodies = [
        (
            str(each.get("contentType") or each.get("contenttype") or each.get("role")),
            each.get("value"),
        )
        for each in _objects(item.get("bodies"))
    ]
    plain = item.get("body_text") or next((v for kind, v in bodies if "html" not in kind), None)
    if plain:
        return {"text": plain}
    marked = item.get("body_html") or item.get("body_xhtml")
    return {"html": marked or next((value for _, value in bodies), None)}


def _first(given: Any, *names: str) -> Any:
    return next((each[name] for each in _objects(given) for name in names if each.get(name)), None)


def _objects(given: Any) -> Iterable[dict[str, Any]]:
    return (each for each in given if isinstance(each, dict)) if isinstance(given, list) else ()
