"""Where the cells of a line stand, and which of the lines with ``#`` are tokens."""

from __future__ import annotations

import msgspec

from datasette_newsgraph.readers.columns.lines import Separator, split
from datasette_newsgraph.readers.columns.tags import Scheme, Tag, has_letter, tag_of


class Columns(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the cells of a line stand, counted from 0.

    ``number`` numbers the tokens of a sentence, ``inner`` has the tags of names in names; ``outside``
    are the marks of tokens in no name, ``language`` is the code that stands before each token;
    ``labels`` are those of the sample where they stand alone, ``has_numbers`` tells that labels may be
    without a letter, ``is_named`` that the file names its columns.
    """

    count: int
    separator: Separator = "tab"
    token: int = 0
    tag: int = 1
    scheme: Scheme = "prefixed"
    outside: tuple[str, ...] = ("O",)
    number: int | None = None
    inner: int | None = None
    link: int | None = None
    misc: int | None = None
    language: str | None = None
    labels: tuple[str, ...] = ()
    has_numbers: bool = False
    is_named: bool = False

    @property
    def before(self) -> str:
        """What stands before each token and is not of it."""
        return f"{self.language}:" if self.language else ""

    def has_columns(self, line: str) -> bool:
        """Tell whether a line has as many columns as the others, where tokens are in the first."""
        return self.token == 0 and len(split(line, self.separator)) == self.count

    def tag_of(self, cell: str) -> Tag | None:
        """Return what a cell of the tags' column says; None if it is no tag."""
        return tag_of(cell, self.scheme, self.outside)

    def is_token(self, line: str) -> bool:
        """Tell whether a line that begins with ``#`` is a token: it has the columns of the others and
        a tag in its place.
        """
        if not self.has_columns(line):
            return False
        tag = self.tag_of(split(line, self.separator)[self.tag])
        if tag is None or not tag.label:
            return tag is not None
        # Any word of a comment (``# part one``) could be a label that stands alone.
        is_hashtag = line[1:2] not in (" ", "\t")
        is_known = self.scheme != "labels" or is_hashtag or tag.label in self.labels
        return is_known and (self.has_numbers or has_letter(tag.label))

    def may_be_token(self, line: str) -> bool:
        """Tell whether a line that begins with ``#``, and no blank behind it, may as well be a damaged
        token: it has the columns of the others, or ends in a tag.
        """
        if line[1:2] in ("", "#", " ", "\t") or self.token != 0:
            return False
        cells = split(line, self.separator)
        return len(cells) == self.count or (len(cells) > 1 and self.tag_of(cells[-1]) is not None)
