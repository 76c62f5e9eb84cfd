"""The text of a document, put together from its sentences at their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from datasette_newsgraph.anchoring.units import CODE_POINTS, UTF16, Unit, count_units
from datasette_newsgraph.readers.formats.webanno.cells import text_unescaped

TEXT = "#Text="
ROW = re.compile(r"(\d{1,9}-\d{1,9})(\.\d{1,9})?\t(\d{1,12})-(\d{1,12})\t([^\t]*)", re.ASCII)
_WIDE = re.compile("[\U00010000-\U0010ffff]")
#: So many tokens behind a wide character tell what offsets count.
_ENOUGH = 100


class GrowingText:
    """The text so far. Sentences stand where their offsets say: between them are blanks, as WebAnno
    itself writes them; what the file says of line breaks there is nothing.
    """

    def __init__(self, unit: Unit, most_blanks: int) -> None:
        self._unit = unit
        self._most_blanks = most_blanks
        self._parts: list[str] = []
        self._end = 0
        self.has_blanks = False
        #: How many offsets could not be believed.
        self.misplaced = 0

    def add(self, words: str, begin: int) -> int:
        """Add a sentence that begins at an offset; return how much its offsets are to be shifted."""
        gap = begin - self._end
        if not 0 <= gap <= self._most_blanks:
            self.misplaced += 1
            gap = 1 if self._end else 0
        self._most_blanks -= gap
        if gap:
            self.has_blanks = True
            self._parts.append(" " * gap)
        shift = self._end + gap - begin
        self._parts.append(words)
        self._end += gap + count_units(words, self._unit)
        return shift

    @property
    def text(self) -> str | None:
        """The whole text; None if there is none."""
        return "".join(self._parts) or None


def sentence_of(lines: Sequence[str], *, as_java: bool) -> str:
    """Return the text of a sentence from its lines."""
    return "\n".join(text_unescaped(each, as_java=as_java) for each in lines)


def unit_of(lines: Iterable[str], *, as_java: bool) -> Unit:
    """Return what offsets count: UTF-16 in files of WebAnno, but code points in some that other
    programs wrote. A sentence with wide characters tells it.
    """
    right = {UTF16: 0, CODE_POINTS: 0}
    for unit, is_right in _readings(lines, as_java=as_java):
        right[unit] += is_right
        if right[UTF16] + right[CODE_POINTS] > _ENOUGH:
            break
    return CODE_POINTS if right[CODE_POINTS] > right[UTF16] else UTF16


def _readings(lines: Iterable[str], *, as_java: bool) -> Iterator[tuple[Unit, bool]]:
    """Yield for tokens behind a wide character whether they stand at their offsets, in each unit."""
    given: list[str] = []
    words, first, wide = "", -1, 0
    is_wide = is_behind = False
    for line in lines:
        if line.startswith(TEXT):
            if is_behind:
                given, first, is_wide, is_behind = [], -1, False, False
            given.append(line.removeprefix(TEXT))
            is_wide = is_wide or _WIDE.search(line) is not None
            continue
        is_behind = True
        if is_wide and (found := ROW.match(line)):
            if first < 0:
                words, first = sentence_of(given, as_java=as_java), int(found[3])
                at = _WIDE.search(words)
                wide = len(words) if at is None else at.end()
                encoded = words.encode("utf-16-le", "replace")
            begin, end = int(found[3]) - first, int(found[4]) - first
            if wide < begin:
                token = text_unescaped(found[5], as_java=as_java)
                yield CODE_POINTS, words[begin:end] == token
                yield UTF16, encoded[2 * begin : 2 * end].decode("utf-16-le", "replace") == token
