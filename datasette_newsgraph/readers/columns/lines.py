"""Lines and cells: what separates them, and which lines are none of the columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

#: Columns are set apart by single tabs, by any number of tabs, or by blanks and tabs. U+00A0, U+3000
#: and what else Unicode calls white space are part of a cell.
Separator = Literal["tab", "tabs", "blanks"]
SEPARATORS: tuple[Separator, ...] = ("tab", "tabs", "blanks")

#: Without it in any line, a separator is none, or the same as the one before.
_DIFFERS_IN: dict[Separator, Callable[[str], bool]] = {
    "tab": lambda line: "\t" in line,
    "tabs": lambda line: "\t\t" in line,
    "blanks": lambda line: " " in line,
}
_TABS = re.compile(r"\t+")
_BLANKS = re.compile(r"[ \t]+")
#: The line between two documents, which some files number as a token or write as a comment.
BORDER = re.compile(r"(?:[0-9]+[ \t]+)?-DOCSTART-|#[ \t]*-?DOCSTART\b")


def split(line: str, separator: Separator) -> list[str]:
    """Return the cells of a line, without the blanks around them."""
    if separator == "tab":
        cells = line.split("\t")
    elif separator == "tabs":
        cells = _TABS.split(line.strip("\t"))
    else:
        return _BLANKS.split(line.strip(" \t"))
    return [cell.strip(" ") for cell in cells] if " " in line else cells


def each_line(text: str) -> Iterator[str]:
    """Yield the lines of a text without their ends, and hold one of them at once."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    if start < len(text):
        yield text[start:]


def sentences_of(text: str) -> list[list[str]]:
    """Return the lines of each sentence, without those that begin with ``#`` and the borders of
    documents; if no line is left, those that begin with ``#``.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    found = _sentences(lines, with_hashes=False)
    return found or _sentences(lines, with_hashes=True)


def _sentences(lines: Sequence[str], *, with_hashes: bool) -> list[list[str]]:
    sentences: list[list[str]] = [[]]
    for line in lines:
        if not line.strip() or BORDER.match(line):
            if sentences[-1]:
                sentences.append([])
        elif with_hashes or not line.startswith("#"):
            sentences[-1].append(line)
    return sentences if sentences[-1] else sentences[:-1]


def separator_of(lines: Sequence[str]) -> tuple[Separator, int] | None:
    """Return what separates the columns, and how many there are: whichever gives most lines one
    number of columns, of two or more. None where less than most of them have it.
    """
    best: tuple[Separator, int] | None = None
    most = len(lines) // 2
    for separator in SEPARATORS:
        if not any(map(_DIFFERS_IN[separator], lines)):
            continue
        counted = Counter(len(split(line, separator)) for line in lines)
        count, having = max(
            ((count, having) for count, having in counted.items() if count > 1),
            key=lambda each: each[1],
            default=(0, 0),
        )
        if having > most:
            best, most = (separator, count), having
    return best
