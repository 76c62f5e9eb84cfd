"""The sentence around a span, or the line of its text, found in a window of it."""

from __future__ import annotations

import re
from typing import NamedTuple

#: Code points on either side of a span that are looked at, and of a span that are shown.
WINDOW = 400
WORDS = 600
#: Code points of a sentence that are shown on either side.
_LIMIT = 240
#: Code points on either side of a span on a line of its own.
_LINE = 80
#: How far the end of a word is looked for.
_LONGEST_WORD = 40
#: As long as an abbreviation gets.
_SHORT = 6

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


def sentence_around(before: str, words: str, after: str) -> Sentence:
    """Return the sentence around a span, of which these are the ``words``.

    ``before`` is the text of ``WINDOW`` code points before it, or fewer where the text begins;
    ``after`` is as much behind it. What is longer than can be shown is cut at a word, with an
    ellipsis.
    """
    # A full stop may be the last before the span, and white space that it needs the first in it.
    first = max((end for end in _ends(before + words[:1]) if end <= len(before)), default=0)
    # What closes a sentence may be the last of the span.
    lead = len(words[-1:])
    ends = (end - lead for end in _ends(words[-1:] + after))
    last = min((end for end in ends if end >= 0), default=len(after))
    shown_before, shown_after = before[first:].lstrip(), after[:last].rstrip()
    if len(shown_before) > _LIMIT or (first == 0 and len(before) >= WINDOW):
        shown_before = "… " + _from_a_word(shown_before[-_LIMIT:])
    if len(shown_after) > _LIMIT or (last == len(after) and len(after) >= WINDOW):
        shown_after = _to_a_word(shown_after[:_LIMIT]) + " …"
    return Sentence(shown_before, words, shown_after)


def line_around(before: str, words: str, after: str) -> Sentence:
    """Return a span on a line of text, for lists in which many stand one under the other.

    Takes what ``sentence_around`` takes, and goes on into the neighbouring sentences. Runs of white
    space are one space; what is cut is cut at a word, with an ellipsis.
    """
    # A space more tells whether white space stood at the span.
    left, right = " ".join(f"{before}|".split())[:-1], " ".join(f"|{after}".split())[1:]
    if len(left) > _LINE:
        left = "… " + _from_a_word(left[-_LINE:])
    if len(right) > _LINE:
        right = _to_a_word(right[:_LINE]) + " …"
    return Sentence(left, " ".join(words.split()), right)


def _from_a_word(part: str) -> str:
    """Return a part without the piece of a word that it begins with.

    In a script without spaces there is nothing to go by, and nothing is left out.
    """
    lead = part[:_LONGEST_WORD].find(" ")
    return part[lead + 1 :]


def _to_a_word(part: str) -> str:
    end = part.rfind(" ", max(0, len(part) - _LONGEST_WORD))
    return part if end < 0 else part[:end]


def _ends(part: str) -> list[int]:
    """Return where the sentences of a short text end: behind what closes each."""
    return [
        found.end()
        for found in _END.finditer(part)
        if not _ABBREVIATION.search(part, max(0, found.end() - _SHORT), found.end())
    ]
