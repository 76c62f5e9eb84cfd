r"""What stands in a cell: values of annotations that lie on each other, with numbers, and escapes.

``PER[1]|PERpart[2]`` are the values of two annotations, which the numbers tell in other lines, too.
``\|`` is a bar that parts nothing; ``*`` stands for an annotation without a value.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
_JAVA = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_NUMBERED = re.compile(r"(.*)\[(\d{1,9})\]", re.DOTALL | re.ASCII)
_ARROW = re.compile(r"(?:[^\\-]|\\.|-(?!>))*->(\d{1,9})-(\d{1,9})", re.DOTALL | re.ASCII)
_END = re.compile(r"(\d{1,9}-\d{1,9}(?:\.\d{1,9})?)(?:\[(\d{1,9})(?:_(\d{1,9}))?\])?", re.ASCII)

#: No annotation of a layer, and an annotation without a value.
NOTHING, NO_VALUE = "_", "*"


class Item(NamedTuple):
    """A value, as it is written, and the number of its annotation, 0 if it has none."""

    written: str
    number: int

    @property
    def value(self) -> str | None:
        """The value without escapes; None if there is none."""
        if self.written in (NO_VALUE, NOTHING, ""):
            return None
        return unescaped(self.written)


class Link(NamedTuple):
    """The number of a chain, and that of a link in it."""

    chain: int
    number: int


class End(NamedTuple):
    """The other end of a relation: its token, and the numbers of both annotations, 0 for none."""

    token: str
    source: int
    target: int


@lru_cache(maxsize=256)
def items(cell: str) -> tuple[Item, ...]:
    """Return the values of a cell, one for each annotation; none if nothing is annotated."""
    if cell in (NOTHING, ""):
        return ()
    return tuple(map(_item, parted(cell, "|")))


def _item(written: str) -> Item:
    found = _NUMBERED.fullmatch(written) if written.endswith("]") else None
    return Item(written, 0) if found is None else Item(found[1], int(found[2]))


def parted(written: str, mark: str) -> list[str]:
    """Return what stands between marks that are not escaped."""
    if "\\" not in written:
        return written.split(mark)
    parts, begin = [], 0
    for found in re.finditer(r"\\.|" + re.escape(mark), written, re.DOTALL):
        if found[0] == mark:
            parts.append(written[begin : found.start()])
            begin = found.end()
    return [*parts, written[begin:]]


def link(written: str) -> Link | None:
    """Return the link that is written ``value->1-2``."""
    found = _ARROW.fullmatch(written)
    return None if found is None else Link(int(found[1]), int(found[2]))


def end(written: str) -> End | None:
    """Return the end of a relation or of a role: ``1-3``, ``1-3[4]``, ``1-3[4_2]``."""
    found = _END.fullmatch(written)
    return None if found is None else End(found[1], int(found[2] or 0), int(found[3] or 0))


def unescaped(written: str) -> str:
    """Return a value without its escapes."""
    if "\\" not in written:
        return written
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), written)


def text_unescaped(written: str, *, as_java: bool) -> str:
    """Return words of the text without escapes; up to version 3.1 they are those of Java, and later
    what is no escape stays as it is.
    """
    if "\\" not in written:
        return written
    return _JAVA.sub(_java if as_java else _own, written)


def _java(found: re.Match[str]) -> str:
    letter = found[1]
    if len(letter) > 1:
        return chr(int(letter[1:], 16))
    return _LETTERS.get(letter, letter)


def _own(found: re.Match[str]) -> str:
    letter = found[1]
    if letter in _LETTERS:
        return _LETTERS[letter]
    return letter if letter == "\\" or letter < " " else found[0]
