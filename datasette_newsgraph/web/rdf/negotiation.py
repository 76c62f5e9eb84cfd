"""Which representation a client wants (RFC 9110, section 12.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from datasette_newsgraph.rdf import FORMATS

#: What people read; all else is for programs.
HTML = "text/html"
#: The words of an article, which the fragments of RFC 5147 count into.
TEXT = "text/plain"

#: Media types of RDF, whether or not we have them: who names one of them is no browser.
RDF_TYPES = frozenset(each.media_type for each in FORMATS) | {
    "application/ld+json",
    "application/n-quads",
    "application/n-triples",
    "application/n3",
    "application/rdf+json",
    "application/rdf+thrift",
    "application/rdf+xml",
    "application/trig",
    "application/trix",
    "application/turtle",
    "application/x-trig",
    "application/x-turtle",
    "text/n3",
    "text/nquads",
    "text/rdf",
    "text/rdf+n3",
    "text/trig",
    "text/turtle",
    "text/x-nquads",
    "text/x-turtle",
}
#: How a page may be named besides: Datasette sends it as HTML either way.
_PAGES = frozenset({HTML, "application/xhtml+xml"})

_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_RANGE = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+/[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# A quoted string may hold what else divides; one that is not closed goes to the end.
_MEMBER = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*(?:"|\\?$))+', re.DOTALL)
_PARAMETER = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*(?:"|\\?$))+', re.DOTALL)


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """Return the one of the ``offers`` (media types, the server's favourite first) that an Accept
    header prefers, or None if it accepts none of them.

    No header, or an empty one, accepts anything. Parameters other than ``q`` are not looked at, a
    range that is malformed counts for nothing. Where the header names a media type of RDF and no
    page, a page comes last among what is equally welcome.

    >>> choose("text/turtle;q=0.8, text/html;q=0.9", ["text/turtle", "text/html"])
    'text/html'
    >>> choose("application/*, text/html;q=0", ["text/html", "application/ld+json"])
    'application/ld+json'
    >>> choose("application/rdf+xml, */*;q=0.1", ["text/html", "text/turtle"])
    'text/turtle'
    >>> choose("image/png", ["text/html"]) is None
    True
    """
    if not (accept or "").strip():
        return offers[0]
    ranges = _parse(accept or "")
    named = {name for name, quality in ranges.items() if quality > 0}
    if named & RDF_TYPES and not named & _PAGES:
        offers = sorted(offers, key=lambda each: each == HTML)
    qualities = [_quality(offer, ranges) for offer in offers]
    best = max(qualities)
    return offers[qualities.index(best)] if best > 0 else None


def takes_gzip(request: Any) -> bool:
    """Tell whether a client would have what it asks for as gzip, at least as gladly as it is: by its
    Accept-Encoding (RFC 9110, section 12.5.3).
    """
    given = dict(_members(request.headers.get("accept-encoding") or ""))
    packed = given.get("gzip", given.get("x-gzip", given.get("*", 0.0)))
    return packed > 0 and packed >= given.get("identity", 0.0)


def _parse(accept: str) -> dict[str, float]:
    """Return the quality of each media range; of one that is named twice, the higher."""
    ranges: dict[str, float] = {}
    for name, quality in _members(accept):
        if _RANGE.fullmatch(name):
            ranges[name] = max(quality, ranges.get(name, 0.0))
    return ranges


def _members(header: str) -> Iterator[tuple[str, float]]:
    """Yield the members of a header with their qualities, in small letters, but for those of which the
    quality is malformed.
    """
    for member in _MEMBER.findall(header):
        # What stands before the first semicolon may be nothing.
        name, *parameters = (each.strip() for each in _PARAMETER.findall(f" {member}"))
        given = [each for each in parameters if each.lower().startswith("q=")]
        found = _QUALITY.fullmatch(given[-1]) if given else None
        if found or not given:
            yield name.lower(), float(found[1]) if found else 1.0


def _quality(offer: str, ranges: dict[str, float]) -> float:
    """Return the quality of an offer by the most specific range that it falls in."""
    type_ = offer.partition("/")[0]
    for name in (offer, f"{type_}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0
