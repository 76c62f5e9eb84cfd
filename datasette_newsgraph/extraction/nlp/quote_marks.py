"""Find what stands between quotation marks: curly, straight, angled, mixed, never closed.

A machine with one state, whether a quotation is open, goes over the marks of each block of a text. A
straight mark opens or closes by what stands beside it. A quotation that is not closed in its paragraph
goes on in the next one, if that begins with a mark; else it ends where its words tell. Single marks
count in titles, and in texts that have no double ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from datasette_newsgraph.extraction.nlp.unclosed import end_of_unclosed, said_by_name

_DOUBLE = re.compile("[“”„‟«»\"]|``|''")
_SINGLE = re.compile("[‘’']")
_OPENING, _CLOSING = frozenset("“„‟«"), frozenset("”»")
#: Code points of the longest quotation that ends with its paragraph without a mark.
_LONGEST_UNCLOSED = 3000
_PUNCTUATION = frozenset(".,;:!?)]}…—–-")


class Quotation(NamedTuple):
    """What is quoted: its span without marks, the span with them, whether it has both marks, and
    whether it goes on from the quotation before.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    is_closed: bool
    goes_on: bool


class Part(NamedTuple):
    """A block of a text: its span, and whether it is a title."""

    start: int
    end: int
    is_title: bool = False


def find_quotations(text: str, parts: Iterable[Part]) -> list[Quotation]:
    """Return the quotations of the parts of a text, in order, none inside another."""
    parts = list(parts)
    has_double = any(_DOUBLE.search(text, part.start, part.end) for part in parts)
    found: list[Quotation] = []
    is_open_before = False
    for number, part in enumerate(parts):
        new, is_open = _in_part(text, part, goes_on=is_open_before)
        if not new and (part.is_title or not has_double):
            new = _single_in_part(text, part)
            is_open = False
        behind = parts[number + 1] if number + 1 < len(parts) else None
        is_open_before = is_open and behind is not None and _begins_with_mark(text, behind)
        if is_open and not is_open_before and new and not new[-1].is_closed:
            new[-1] = _ending(new[-1], end_of_unclosed(text, new[-1].start, part.end))
        found += new
    return found


def _ending(quotation: Quotation, end: int) -> Quotation:
    """Return a quotation without a closing mark that ends at a place."""
    return quotation._replace(end=end, outer_end=end)


def _begins_with_mark(text: str, part: Part) -> bool:
    return text[part.start : part.start + 1] in _OPENING | {'"'}


def _in_part(text: str, part: Part, *, goes_on: bool) -> tuple[list[Quotation], bool]:
    """Return the quotations of one block, and whether the last of them is open at its end."""
    found: list[Quotation] = []
    opened: tuple[int, int] | None = None
    is_first = goes_on
    #: Up to where words that say who spoke were looked for.
    searched = part.start
    for mark in _DOUBLE.finditer(text, part.start, part.end):
        if opened is None:
            if _may_open(text, mark, part):
                opened = mark.span()
                searched = mark.end()
        elif _may_close(text, mark, part):
            found.append(_quotation(text, opened, mark.span(), is_closed=True, goes_on=is_first))
            opened, is_first = None, False
        elif _may_open(text, mark, part):
            end = said_by_name(text, searched, mark.start())
            searched = mark.end()
            if end is not None:
                # The mark opens another quotation: the one before was never closed.
                found.append(
                    _quotation(text, opened, (end, end), is_closed=False, goes_on=is_first)
                )
                opened, is_first = mark.span(), False
    if opened is None:
        return [each for each in found if each.end > each.start], False
    end = part.end
    if (said := said_by_name(text, opened[1], end)) is not None:
        found.append(_quotation(text, opened, (said, said), is_closed=False, goes_on=is_first))
        return [each for each in found if each.end > each.start], False
    if end - opened[1] <= _LONGEST_UNCLOSED:
        found.append(_quotation(text, opened, (end, end), is_closed=False, goes_on=is_first))
    return [each for each in found if each.end > each.start], True


def _quotation(
    text: str, opening: tuple[int, int], closing: tuple[int, int], *, is_closed: bool, goes_on: bool
) -> Quotation:
    start, end = opening[1], closing[0]
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    return Quotation(start, max(start, end), opening[0], closing[1], is_closed, goes_on)


def _beside(text: str, mark: re.Match[str], part: Part) -> tuple[str, str]:
    before = text[mark.start() - 1] if mark.start() > part.start else " "
    behind = text[mark.end()] if mark.end() < part.end else " "
    return before, behind


def _may_open(text: str, mark: re.Match[str], part: Part) -> bool:
    before, behind = _beside(text, mark, part)
    if mark[0] in _OPENING or mark[0] == "``":
        return not behind.isspace() or mark[0] == "«"
    # A closing mark may stand where an opening one is meant, and German opens with one of them.
    is_at_word = not behind.isspace() and behind not in _PUNCTUATION - set("(…—–-")
    return is_at_word and (before.isspace() or before in "([{—–-/:‘'")


def _may_close(text: str, mark: re.Match[str], part: Part) -> bool:
    before, behind = _beside(text, mark, part)
    if mark[0] in _CLOSING or mark[0] == "''":
        return True
    if mark[0] in "“‟":
        # It closes in German; before a word it opens one inside.
        return not before.isspace() and (behind.isspace() or behind in _PUNCTUATION)
    if mark[0] in "«":
        return not before.isspace() and (behind.isspace() or behind in _PUNCTUATION)
    if mark[0] == "„":
        return False
    # A straight mark closes unless it stands before a word and behind a blank.
    return not before.isspace() or behind.isspace() or behind in _PUNCTUATION


def _single_in_part(text: str, part: Part) -> list[Quotation]:
    """Return quotations between single marks: these are apostrophes, too, so both need their sides."""
    found: list[Quotation] = []
    opened: tuple[int, int] | None = None
    for mark in _SINGLE.finditer(text, part.start, part.end):
        before, behind = _beside(text, mark, part)
        opens = (before.isspace() or before in "([—–-:") and (behind.isalnum() or behind in "…[")
        closes = not before.isspace() and (behind.isspace() or behind in _PUNCTUATION)
        if opened is None:
            # "'90s" and "'em" open nothing.
            if opens and mark[0] != "’" and not behind.isdigit():
                opened = mark.span()
        elif closes and mark[0] != "‘":
            # "the workers' council": the plural's apostrophe closes only if no other mark does.
            if before == "s" and _closes_later(text, mark.end(), part):
                continue
            found.append(_quotation(text, opened, mark.span(), is_closed=True, goes_on=False))
            opened = None
        elif opens and mark[0] == "‘":
            opened = mark.span()
    return [each for each in found if each.end > each.start]


def _closes_later(text: str, position: int, part: Part) -> bool:
    """Tell whether another single mark closes before the next one opens."""
    for mark in _SINGLE.finditer(text, position, part.end):
        before, behind = _beside(text, mark, part)
        if (before.isspace() or before in "([—–-:") and behind.isalnum():
            return False
        if not before.isspace() and (behind.isspace() or behind in _PUNCTUATION):
            return True
    return False
