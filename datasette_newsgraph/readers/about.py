"""What a tool's metadata says about the article itself, under the names that are in common use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.readers.sidecar_fields import NAMES, folded

#: Names that mean an article in a table of articles, but in a tool's metadata may mean anything.
_LOOSE = {"source", "name", "byline", "creator", "hostname", "body", "content"}
_FIELDS = ("url", "title", "publisher", "published", "language", "licence", "authors")
_KEYS = {field: [folded(name) for name in NAMES[field] if name not in _LOOSE] for field in _FIELDS}
_ISO_DATE = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:[T ]\d.*)?", re.ASCII | re.DOTALL)
_ADDRESS = re.compile(r"https?://\S+\Z")


def about_article(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of ``Article`` that ``metadata`` has; what is of no use is passed over.

    An address must be one of the web, a date that of ISO 8601, whose time is left out.
    """
    given = {folded(name): value for name, value in metadata.items()}
    found: dict[str, Any] = {}
    for field, keys in _KEYS.items():
        for key in keys:
            value = _value(field, given.get(key))
            if value:
                found[field] = value
                break
    return found


def _value(field: str, given: Any) -> str | list[str] | None:
    if field == "authors" and isinstance(given, list):
        return [each.strip() for each in given if isinstance(each, str) and each.strip()]
    if not isinstance(given, str) or not given.strip():
        return None
    words = given.strip()
    if field == "authors":
        return [words]
    if field == "url":
        return words if _ADDRESS.match(words) and clean_iri(words) else None
    if field == "published":
        date = _ISO_DATE.fullmatch(words)
        return date[1] if date else None
    return words
