"""Check that a span reads its surface.

Offsets are Unicode code points of the article's text, the end exclusive.
"""

from __future__ import annotations

#: The text at the span is the surface, to the letter.
EXACT = "exact"
#: There was nothing to compare: no surface was given, or the article has no text.
UNVERIFIED = "unverified"
#: A surface was given, and the text at the span is another; or the span is not in the text.
UNLOCATED = "unlocated"

Span = tuple[int | None, int | None, str | None, str]


def check_span(text: str | None, start: int | None, end: int | None, surface: str | None) -> Span:
    """Return (start, end, surface, offset status) of a span as given.

    Start and end are None unless the text there reads the surface; the surface is read from the
    text where none was given. Never raises: offsets may be reversed or far outside the text.
    """
    if text is None or (start is None and end is None and surface is None):
        return None, None, surface, UNVERIFIED
    if start is None or end is None or start < 0 or end > len(text) or start >= end:
        return None, None, surface, UNLOCATED
    if surface is None:
        return start, end, text[start:end], UNVERIFIED
    if text[start:end] == surface:
        return start, end, surface, EXACT
    return None, None, surface, UNLOCATED


def differs_in_space_only(
    text: str | None, start: int | None, end: int | None, surface: str | None
) -> bool:
    """Tell whether text and surface at an unlocated span are the same words, spaced otherwise."""
    if text is None or surface is None or start is None or end is None or start < 0:
        return False
    return text[start:end].split() == surface.split()
