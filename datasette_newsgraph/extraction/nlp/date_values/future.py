"""Whether the words before a date speak of what will be."""

from __future__ import annotations

import re

_FUTURE = re.compile(
    r"\b(?:will|shall|would be|to be held|due (?:to|on|by|for)|set (?:to|for)"
    r"|scheduled|plans? to|planned (?:for|to)"
    r"|planning to|expected|expects to|slated|upcoming|going to|ahead of|no later than)\b"
    r"|\b(?:by|until)\s*$",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:said|was|were|had|did|announced|told|killed|held|met|took|came|began|missed)\b"
)


def speaks_of_future(before: str) -> bool:
    """Tell whether the words of a sentence before a date speak of what will be."""
    found = list(_FUTURE.finditer(before, max(0, len(before) - 50)))
    return bool(found) and not _PAST.search(before, found[-1].end())
