"""Stage 2: verify every span against its text, and put right what can be put right.

``anchor`` finds what the offsets of an article count, converts them to code points, and looks for
the words of those that still are wrong. A span that is right is never moved. Of a record that was
converted from the output of a tool, what it says of its spans is checked first (``claims``).
"""

from __future__ import annotations

from datasette_newsgraph.anchoring.article_spans import Anchors, anchor
from datasette_newsgraph.anchoring.statuses import (
    CONVERTED,
    EXACT,
    FUZZY,
    MOVED,
    NORMALISED,
    STATUSES,
    UNLOCATED,
    UNVERIFIED,
    Anchor,
)

__all__ = [
    "CONVERTED",
    "EXACT",
    "FUZZY",
    "MOVED",
    "NORMALISED",
    "STATUSES",
    "UNLOCATED",
    "UNVERIFIED",
    "Anchor",
    "Anchors",
    "anchor",
]
