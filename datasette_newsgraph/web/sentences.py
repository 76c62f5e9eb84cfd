"""The sentence around a span, found in a window of its text."""

from __future__ import annotations

import re
from typing import NamedTuple

#: Code points on either side of a span that are looked at.
WINDOW = 400
#: Code points of a sentence that are shown on either side.
_LIMIT = 240

# A full stop, question or exclamation mark of several scripts with the quotation marks and brackets
# that close behind it, then white space; those of Chinese and Japanese need none.
_END = re.compile(r"(?:[.!?…؟۔।]+[\"'”’»)\]]*(?=\s))|[。！？]+[”’」』)]*|\n\s*\n|\n(?=\S)")
# "Dr. Who", "U.S. troops", "J. Doe": no sentence ends there.
_ABBREVIATION = re.compile(r"(?:\b\w|\b(?:Dr|Mr|Mrs|Ms|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|No|vs))\.\Z")


class Sentence(NamedTuple):
    """What stands before a span, its words, and what stands behind, of one sentence."""

    before: str
    words: str
    after: str


def sentence_around(part: str, start: int, end: int) -> Sentence:
    """Return the sentence around a span.

    ``part`` is the text from ``WINDOW`` code points before the span to as many behind it; ``start``
    and ``end`` count code points in it, the end exclusive. A sentence that is longer is cut at a word,
    with an ellipsis.
    """
    ends = [
        found.end()
        for found in _END.finditer(part)
        if not _ABBREVIATION.search(part, 0, found.end())
    ]
    first = max((each for each in ends if each <= start), default=0)
    last = min((each for each in ends if each >= end), default=len(part))
    before, after = part[first:start].lstrip(), part[end:last].rstrip()
    if len(before) > _LIMIT or (first == 0 and start >= WINDOW):
        before = "… " + before[-_LIMIT:].partition(" ")[2]
    if len(after) > _LIMIT or (last == len(part) and len(part) - end >= WINDOW):
        after = after[:_LIMIT].rpartition(" ")[0] + " …"
    return Sentence(before, part[start:end], after)
