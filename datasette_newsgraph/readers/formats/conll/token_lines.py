"""Read the lines of one document: tokens with their tags, and what comments say of the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from datasette_newsgraph.readers.columns import Columns
from datasette_newsgraph.readers.columns.lines import BORDER, split
from datasette_newsgraph.readers.columns.tags import OUTSIDE, Tag, spans

_COMMENT = re.compile(
    r"#[ \t]*(?:[\w.-]+:{1,2})?(document_id|newdoc id|file|filename|date|language|title|url|publisher"
    r"|publication_title|newspaper)[ \t]*[=:][ \t]*(.*)"
)
_CALLED = {"publication_title": "publisher", "newspaper": "publisher", "filename": "file"}
_NOT_SAID = frozenset({"", "_", "-", "NA", "None"})
#: UD numbers what stands for several tokens 1-2, and what is left out 8.1.
_NO_TOKEN = re.compile(r"[0-9]+[-.][0-9]+")


class Token(NamedTuple):
    """A token with its tag; ``link`` is the item of a knowledge base, ``is_close`` tells that no blank
    comes behind it.
    """

    words: str
    tag: Tag
    link: str
    is_close: bool


@dataclass
class Lines:
    """What the lines of a document say; ``faults`` are those that cannot be taken, with the reason."""

    sentences: list[list[Token]] = field(default_factory=lambda: [[]])
    about: dict[str, str] = field(default_factory=dict)
    #: Where the comments of GermEval say that sentences are from.
    sources: set[str] = field(default_factory=set)
    faults: list[tuple[str, str]] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    #: No token has another tag than ``_``, not even that of no name.
    is_masked: bool = True


def read_lines(lines: Iterable[str], columns: Columns) -> Lines:
    """Read the lines of a document, of which the first is called line 1 in faults."""
    return _Reading(columns).read(lines)


class _Reading:
    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._found = Lines()
        self._known: dict[Token, Token] = {}
        #: The tags of names in names, of the sentence that is read.
        self._inner: list[Tag] = []
        #: The line before was not taken: a name must not go on over it.
        self._is_cut = False

    def read(self, lines: Iterable[str]) -> Lines:
        for number, given in enumerate(lines, 1):
            line = given.rstrip("\r")
            reason = None
            if not line.strip() or BORDER.match(line):
                self._end_sentence()
            elif line.startswith("#") and not self._columns.is_token(line):
                reason = self._comment(line)
            else:
                reason = self._token(line)
            if reason is not None:
                self._found.faults.append((f"line {number} of this document: {reason}", line))
        self._end_sentence()
        self._found.sentences = [each for each in self._found.sentences if each]
        return self._found

    def _end_sentence(self) -> None:
        inner = sum(1 for _ in spans(self._inner))
        if inner:
            self._found.passed_over["names in names"] += inner
        if self._found.sentences[-1]:
            self._found.sentences.append([])
        self._inner, self._is_cut = [], False

    def _comment(self, line: str) -> str | None:
        """Take a comment; return the reason if it may as well be a token."""
        if found := _COMMENT.match(line):
            value = found[2].strip()
            if value not in _NOT_SAID:
                self._found.about.setdefault(_CALLED.get(found[1], found[1]), value)
        elif line.startswith("#\t"):
            if source := _source_of(line):
                self._found.sources.add(source)
                self._end_sentence()
        elif self._columns.may_be_token(line):
            self._is_cut = True
            return "is taken for a comment, as it has not all columns and a tag"
        return None

    def _token(self, line: str) -> str | None:
        """Take a line with a token; return the reason if it, or its tag, is not taken as it stands."""
        columns = self._columns
        cells, reason = _cells(line, columns)
        words = cells[columns.token] if len(cells) > columns.token else ""
        words = words.removeprefix(columns.before)
        if len(cells) != columns.count or not words:
            self._is_cut = True
            if len(cells) < 2 or not words:
                return "expected a token and its tag"
            return f"has {len(cells)} columns, not {columns.count}"
        if columns.number is not None and _NO_TOKEN.fullmatch(cells[columns.number]):
            self._found.passed_over["lines that stand for several tokens, or for none"] += 1
            return None
        given = cells[columns.tag]
        tag = columns.tag_of(given)
        taken = tag or OUTSIDE
        # EndOfSentence is not heeded: names go on behind it, as it is guessed from full stops.
        is_close = "NoSpaceAfter" in _cell(cells, columns.misc).split("|")
        link = _cell(cells, columns.link)
        # Of two lines in one, the one whose tag is lost may be the end of the name.
        taken = taken.beginning() if self._is_cut or reason else taken
        token = Token(words, taken, link, is_close)
        # One that comes again is not held again.
        self._found.sentences[-1].append(self._known.setdefault(token, token))
        self._found.is_masked &= given == "_"
        self._is_cut = tag is None or (reason is not None and columns.tag < columns.token)
        if columns.inner is not None:
            self._inner.append(columns.tag_of(cells[columns.inner]) or OUTSIDE)
        return reason if tag else f"{given!r} is no tag; {words!r} is taken for no name"


def _cells(line: str, columns: Columns) -> tuple[list[str], str | None]:
    """Return the cells of a line, and why they are not certain if they are not as the file's are."""
    cells = split(line, columns.separator)
    if len(cells) > columns.count and not any(cells[columns.count :]):
        return cells[: columns.count], None
    if "\t" not in line and columns.separator != "blanks":
        # Somebody's editor made blanks of the tabs: certain if the columns are all there.
        blank = split(line, "blanks")
        if len(blank) == columns.count and columns.tag_of(blank[columns.tag]):
            return blank, None
    if columns.separator == "blanks" and columns.count == 2 < len(cells):
        # All that is not the tag can only be the token.
        is_first = columns.tag == 0
        words = " ".join(cells[1:] if is_first else cells[:-1])
        tag = cells[0 if is_first else -1]
        if columns.tag_of(tag):
            both = [tag, words] if is_first else [words, tag]
            return both, f"has {len(cells)} columns, not 2; {words!r} is taken for its token"
    return cells, None


def _cell(cells: Sequence[str], place: int | None) -> str:
    return "" if place is None else cells[place]


def _source_of(line: str) -> str:
    """Return what a comment of GermEval says that its sentence is from: an address or other words,
    without the day in brackets behind them.
    """
    words = line[2:].partition("\t")[0].strip()
    return words[: words.rfind("[")].rstrip() if words.endswith("]") else words
