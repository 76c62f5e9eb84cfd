"""What a tool's metadata says about the article itself, under the names that are in common use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.readers.sidecar_fields import TOLD, folded, unusable, words_of

_ADDRESS = re.compile(r"https?://\S+\Z")


def about_article(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of ``Article`` that ``metadata`` has; a number is taken as its words.

    An address must be one of the web. What a date says is read when all dates of the file are known.
    ``passed_over``, if it is there, counts the fields that have a value of no use.
    """
    given = {folded(name): value for name, value in metadata.items()}
    found: dict[str, Any] = {}
    for field, keys in TOLD.items():
        if field == "published":
            found[field] = first_date(filter(None, (words_of(given.get(key)) for key in keys)))
        else:
            found[field] = next(filter(None, (_value(field, given.get(key)) for key in keys)), None)
    if passed_over := unusable(given, found):
        found["passed_over"] = passed_over
    return {field: value for field, value in found.items() if value}


def _value(field: str, given: Any) -> str | list[str] | None:
    if field == "authors" and isinstance(given, list):
        return [each for one in given if not isinstance(one, list) and (each := words_of(one))]
    words = words_of(given)
    if words is None:
        return None
    if field == "authors":
        return [words]
    if field == "url":
        return words if _ADDRESS.match(words) and clean_iri(words) else None
    return words
