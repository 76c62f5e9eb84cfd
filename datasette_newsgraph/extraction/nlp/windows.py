"""A text as spaCy takes it: cut into windows at paragraphs, its characters made harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datasette_newsgraph.extraction.layout.blocks import Block

#: Code points of a window. The parser's memory grows with it.
LONGEST = 50_000
#: Code points without a blank that are no word: the tokenizer takes more than their square.
_LONGEST_WORD = 1_000
#: White space, and signs of direction that are seen as nothing.
_BLANKS = re.compile(r"[^\S\n ]|[\u200b\u200e\u200f\ufeff]")
_NO_WORDS = re.compile(rf"\S{{{_LONGEST_WORD},}}")
_SURROGATES = re.compile("[\ud800-\udfff\x00]")


class Window(NamedTuple):
    """A part of a text, and its blocks, whose places are those in the text."""

    start: int
    end: int
    blocks: tuple[Block, ...]


def windows_of(text: str, blocks: Sequence[Block], longest: int = LONGEST) -> Iterator[Window]:
    """Yield the windows of a text, at most ``longest`` code points each. Together they have all blocks;
    one that is longer than a window is cut at blanks.
    """
    taken: list[Block] = []
    for block in (piece for each in blocks for piece in _pieces(text, each, longest)):
        if taken and block.end - taken[0].start > longest:
            yield Window(taken[0].start, taken[-1].end, tuple(taken))
            taken = []
        taken.append(block)
    if taken:
        yield Window(taken[0].start, taken[-1].end, tuple(taken))


def _pieces(text: str, block: Block, longest: int) -> Iterator[Block]:
    start = block.start
    while block.end - start > longest:
        end = start + longest
        # At the end of a sentence, else at a blank, else in the middle of what is no word.
        cut = max(text.rfind(". ", start + longest // 2, end) + 1, 0)
        cut = cut or max(text.rfind(" ", start + longest // 2, end), 0) or end
        yield Block(start, cut, text[start:cut])
        start = cut
        while start < block.end and text[start].isspace():
            start += 1
    if block.end > start:
        yield Block(start, block.end, text[start : block.end])


def harmless(text: str) -> str:
    """Return a text of the same length that spaCy reads well: each white space is a plain one, and what
    is too long for a word is blank.
    """
    text = _SURROGATES.sub("\ufffd", text)
    text = _BLANKS.sub(" ", text)
    return _NO_WORDS.sub(lambda found: " " * len(found[0]), text)
