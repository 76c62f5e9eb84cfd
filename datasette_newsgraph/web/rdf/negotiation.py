"""Which representation a client wants (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: What people read; all else is for programs.
HTML = "text/html"

_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_RANGE = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+/[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """Return the one of the ``offers`` (media types, the server's favourite first) that an Accept
    header prefers, or None if it accepts none of them.

    No header, or an empty one, accepts anything. Parameters other than ``q`` are not looked at, a
    range that is malformed counts for nothing.

    >>> choose("text/turtle;q=0.8, text/html;q=0.9", ["text/turtle", "text/html"])
    'text/html'
    >>> choose("application/*, text/html;q=0", ["text/html", "application/ld+json"])
    'application/ld+json'
    >>> choose("image/png", ["text/html"]) is None
    True
    """
    if not (accept or "").strip():
        return offers[0]
    ranges = _parse(accept or "")
    qualities = [_quality(offer, ranges) for offer in offers]
    best = max(qualities)
    return offers[qualities.index(best)] if best > 0 else None


def _parse(accept: str) -> dict[str, float]:
    """Return the quality of each media range; of one that is named twice, the higher."""
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        if not _RANGE.fullmatch(name):
            continue
        given = [each for each in parameters if each.lower().startswith("q=")]
        found = _QUALITY.fullmatch(given[-1]) if given else None
        if given and not found:
            continue
        quality = float(found[1]) if found else 1.0
        name = name.lower()
        ranges[name] = max(quality, ranges.get(name, 0.0))
    return ranges


def _quality(offer: str, ranges: dict[str, float]) -> float:
    """Return the quality of an offer by the most specific range that it falls in."""
    type_ = offer.partition("/")[0]
    for name in (offer, f"{type_}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0
