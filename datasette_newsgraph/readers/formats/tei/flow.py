"""Text as it is read, from text as it is laid out: white space once, paragraphs apart."""

from __future__ import annotations

import re
from enum import IntEnum

#: So many parts of a text are made one.
_MANY = 4096
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
#: The soft hyphen, and what editions write for the hyphen at the end of a line.
_HYPHENS = ("\u00ad", "¬")
_DIVIDED = re.compile(r"\u00ad\s*|¬\s*(?:\n\s*|\Z)")


class Break(IntEnum):
    """What comes before the next words; the greater one counts."""

    NONE = 0
    SPACE = 1
    LINE = 2
    PARAGRAPH = 3


_WRITTEN = {Break.NONE: "", Break.SPACE: " ", Break.LINE: "\n", Break.PARAGRAPH: "\n\n"}


class Span:
    """What is being read of a text: it begins with the first words in it."""

    __slots__ = ("end", "flow", "start")

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.start: int | None = None
        self.end = 0
        flow.waiting.append(self)

    def close(self) -> bool:
        """End the span behind the last words; tell whether there are any."""
        if self.start is None:
            # Elements end the other way round than they begin: it is the last one that waits.
            self.flow.waiting.pop()
            return False
        self.end = self.flow.length
        return True


class Flow:
    """Text that grows."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        #: Parts that have been joined: of small ones there would be one for each fifty bytes.
        self._joined: list[str] = []
        self.length = 0
        #: Spans that have begun, and no words of theirs have come.
        self.waiting: list[Span] = []
        self._break = Break.NONE
        self._is_glued = False

    def break_at(self, level: Break) -> None:
        """Let the next words stand apart from those before."""
        if level > self._break:
            self._break = level

    def glue(self) -> None:
        """Let the next words follow without a blank, whatever white space is in between."""
        self._is_glued = True

    def words(self, given: str) -> None:
        """Take words as they are laid out."""
        ends_soft = given.rstrip().endswith(_HYPHENS)
        if any(each in given for each in _HYPHENS):
            # Where a line was divided, or might be: no sign of the word, whose parts belong together.
            given = _DIVIDED.sub("", given)
            if not given:
                self.glue()
                return
        text = _WHITE_SPACE.sub(" ", given)
        if text[0] == " ":
            self.break_at(Break.SPACE)
            if text == " ":
                return
            text = text[1:]
        has_blank = text[-1] == " "
        if has_blank:
            text = text[:-1]
        if self.length and self._break and not (self._is_glued and self._break == Break.SPACE):
            between = _WRITTEN[self._break]
            self._parts.append(between)
            self.length += len(between)
        self._is_glued = False
        self._break = Break.SPACE if has_blank else Break.NONE
        if self.waiting:
            for span in self.waiting:
                span.start = self.length
            self.waiting.clear()
        self._parts.append(text)
        self.length += len(text)
        if len(self._parts) >= _MANY:
            self._joined.append("".join(self._parts))
            self._parts.clear()
        if ends_soft:
            self.glue()

    def take(self) -> str:
        """Return the text, which is held no longer."""
        text = "".join((*self._joined, *self._parts))
        self._joined.clear()
        self._parts.clear()
        return text
