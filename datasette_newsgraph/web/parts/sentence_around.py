"""The sentence around a span, or the line of its text, found in a window of it."""

from __future__ import annotations

from typing import NamedTuple

from datasette_newsgraph.sentences import Sentences

#: Code points on either side of a span that are looked at, and of a span that are shown.
WINDOW = 400
WORDS = 600
#: Code points of a sentence that are shown on either side.
_LIMIT = 240
#: Code points on either side of a span on a line of its own.
_LINE = 80
#: How far the end of a word is looked for.
_LONGEST_WORD = 40
#: Of a span as much is looked at as the rules look at before and behind a mark.
_LEAD = 40


class Sentence(NamedTuple):
    """What stands before a span, its words, and what stands behind, of one sentence."""

    before: str
    words: str
    after: str


def sentence_around(before: str, words: str, after: str, language: str | None = None) -> Sentence:
    """Return the sentence around a span, of which these are the ``words``.

    ``before`` is the text of ``WINDOW`` code points before it, or fewer where the text begins;
    ``after`` is as much behind it. What is longer than can be shown is cut at a word, with an
    ellipsis.
    """
    ahead = Sentences(before + words[:_LEAD], language)
    first, _ = ahead.around(len(before), len(before))
    tail = words[-_LEAD:]
    behind = Sentences(tail + after, language)
    _, last = behind.around(len(tail), len(tail))
    last -= len(tail)
    return fitted(
        before[first:],
        words,
        after[:last],
        is_cut_before=first == 0 and len(before) >= WINDOW,
        is_cut_after=last == len(after) and len(after) >= WINDOW,
    )


def fitted(
    before: str, words: str, after: str, *, is_cut_before: bool, is_cut_after: bool
) -> Sentence:
    """Return a sentence as it is shown: what is longer than can be shown is cut at a word, with an
    ellipsis, as is a side that was cut before.
    """
    before, after = before.lstrip(), after.rstrip()
    if is_cut_before or len(before) > _LIMIT:
        before = "… " + _from_a_word(before[-_LIMIT:])
    if is_cut_after or len(after) > _LIMIT:
        after = _to_a_word(after[:_LIMIT]) + " …"
    return Sentence(before, words, after)


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
