"""Cut a text into blocks: its lines, or its paragraphs where lines are broken at a width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
#: What ends a sentence, behind it perhaps quotation marks and brackets.
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
#: Code points of the lines of a text that an editor or a mail program has broken.
_NARROWEST, _WIDEST = 50, 100


class Block(NamedTuple):
    """A block of a text, without white space around it: where it is, and its words with each white
    space as one blank, so that a position in them is one of the text.
    """

    start: int
    end: int
    words: str

    @property
    def ends_sentence(self) -> bool:
        """Tell whether the block ends as a sentence does."""
        return _SENTENCE_END.search(self.words) is not None


def cut(text: str) -> list[Block]:
    """Return the blocks of a text, in order; every character outside of them is white space."""
    paragraphs = list(_paragraphs(text))
    is_wrapped = _is_wrapped(paragraphs)
    found = []
    for lines in paragraphs:
        if is_wrapped and _are_one(lines):
            found.append(_block(text, lines[0].start, lines[-1].end))
        else:
            found += lines
    return found


def _block(text: str, start: int, end: int) -> Block:
    return Block(start, end, re.sub(r"\s", " ", text[start:end]))


def _paragraphs(text: str) -> Iterator[list[Block]]:
    """Yield the lines of a text that no empty line parts."""
    lines: list[Block] = []
    for found in _LINE.finditer(text):
        line = found[0]
        start = found.start() + len(line) - len(line.lstrip())
        end = found.start() + len(line.rstrip())
        if end <= start:
            continue
        if lines and text.count("\n", lines[-1].end, start) > 1:
            yield lines
            lines = []
        lines.append(_block(text, start, end))
    if lines:
        yield lines


def _is_wrapped(paragraphs: list[list[Block]]) -> bool:
    """Tell whether most paragraphs of several lines look broken at a width."""
    several = [lines for lines in paragraphs if len(lines) > 1]
    broken = sum(_are_one(lines) for lines in several)
    return broken > 0 and 2 * broken >= len(several)


def _are_one(lines: list[Block]) -> bool:
    """Tell whether lines are of one paragraph: all but the last are about as long as each other, and
    most of these end in the middle of a sentence.
    """
    before = lines[:-1]
    if not before:
        return True
    lengths = [len(line.words) for line in before]
    within = sum(not line.ends_sentence for line in before)
    return (
        min(lengths) >= _NARROWEST
        and max(*lengths, len(lines[-1].words)) <= _WIDEST
        and 2 * within >= len(before)
    )
