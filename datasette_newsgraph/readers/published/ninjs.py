"""Items of ninjs, the JSON of the IPTC for news, in versions 1 and 2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_BODIES = ("body_text", "body_html", "body_xhtml", "bodies")
_TITLES = ("headline", "headlines")
_STAMPS = ("versioncreated", "versionCreated", "firstcreated", "firstCreated", "contentcreated")


def is_item(given: Any) -> bool:
    """Tell whether an object is a news item: it has a URI, a headline, and a body or the dates that
    only ninjs calls so.
    """
    if not isinstance(given, dict) or not isinstance(given.get("uri"), str):
        return False
    has_title = any(given.get(each) for each in _TITLES)
    return has_title and any(given.get(each) for each in (*_BODIES, *_STAMPS))


def row_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an item says of itself, by the names that ``sidecar_fields`` knows; a body that is
    HTML is called ``html``.
    """
    return {
        "id": item.get("uri"),
        "url": item.get("canonicalurl") or item.get("webUrl") or item.get("url"),
        "title": item.get("headline") or _first(item.get("headlines"), "value"),
        "author": item.get("byline") or _first(item.get("bylines"), "value", "byline"),
        "published": item.get("versioncreated")
        or item.get("firstcreated")
        or item.get("versionCreated")
        or item.get("firstCreated"),
        "publisher": item.get("copyrightholder") or item.get("copyrightHolder"),
        "language": item.get("language"),
        "license": item.get("usageterms") or item.get("usageTerms"),
        "sections": list(objects(item.get("subject") or item.get("subjects"))),
        **_body(item),
    }


def _body(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the text of an item, or else its body in HTML."""
    bodies = [
        (
            str(each.get("contentType") or each.get("contenttype") or each.get("role")),
            each.get("value"),
        )
        for each in objects(item.get("bodies"))
    ]
    plain = item.get("body_text") or next((v for kind, v in bodies if "html" not in kind), None)
    if plain:
        return {"text": plain}
    marked = item.get("body_html") or item.get("body_xhtml")
    return {"html": marked or next((value for _, value in bodies), None)}


def _first(given: Any, *names: str) -> Any:
    return next((each[name] for each in objects(given) for name in names if each.get(name)), None)


def objects(given: Any) -> Iterable[dict[str, Any]]:
    """Yield the objects of a list."""
    return (each for each in given if isinstance(each, dict)) if isinstance(given, list) else ()
