"""Read columns of tokens and tags: CoNLL files, and the HIPE-2022 tables of historical newspapers.

Each line has one token with its tags in columns, separated by tabs or blanks. A blank line stands
between sentences.

- HIPE names its columns in a first line, and gives documents and their dates in comments. The
  coarse literal tag is the label, and the literal link is the Wikidata item. ``NoSpaceAfter`` is
  heeded, so that a word broken by ``¬`` at the end of a line stays as it was printed.
- In other files the token comes first and its tag last, in IOB1, IOB2, IOBES or BILOU. Documents
  begin with ``-DOCSTART-`` or ``# newdoc``. A file without either is one document.
- If the first column numbers the tokens of each sentence, the token is in the second one. If two
  columns of tags follow it (GermEval, with names in names), the outer one is taken. The address in
  the comments of GermEval is that of the article, if all sentences of a document have the same.
- The text is the tokens, joined by blanks.

Offsets: none; they are counted from the tokens, in code points, end exclusive.

Example::

    TOKEN	NE-COARSE-LIT	NEL-LIT	MISC
    # hipe2022:document_id = example-1889-05-06
    # hipe2022:date = 1889-05-06
    # hipe2022:language = en
    The	O	_	_
    Exposition	B-prod	NIL	_
    opened	O	_	_
    in	O	_	_
    Paris	B-loc	Q90	NoSpaceAfter
    .	O	_	EndOfSentence
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed, shapes
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.sidecar_fields import calendar_date
from datasette_newsgraph.readers.source import MAX_LINE_BYTES, Entry, Source
from datasette_newsgraph.readers.tokens import JoinedText

__all__ = ["entries", "parse"]

_HEADER = "TOKEN"
_BEGINS = re.compile(rb"-DOCSTART-|#\s*(?:(?:[\w.-]+:)?document_id\b|newdoc\b)")
_COMMENT = re.compile(
    r"#\s*(?:[\w.-]+:)?(document_id|newdoc id|date|language|title|url)\s*=\s*(.*)"
)
_TAG = re.compile(r"([BIESLUM])[-_](.+)", re.DOTALL)
_OUTSIDE = frozenset({"O", "_", "-", "*", ""})
_ITEM = re.compile(r"Q[1-9]\d*")


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the lines of each document behind the line that names the columns, if there is one."""
    document = _Document()
    for entry in source.lines():
        is_comment = _is_comment(entry.raw)
        begins = _BEGINS.match(entry.raw) is not None
        if document.is_empty and entry.raw.startswith(_HEADER.encode() + b"\t"):
            document.header = [entry.raw]
        elif is_comment or begins:
            document.comment(entry)
            if begins and document.has_tokens:
                yield document.entry()
                document = document.next()
        else:
            document.token(entry)
    if document.has_tokens:
        yield document.entry()


def _is_comment(line: bytes) -> bool:
    if not line.startswith(b"#"):
        return False
    return b"\t" not in line or _source_of(line.decode("utf-8", "replace").rstrip("\r")) is not None


class _Document:
    """The lines of a document, as they come.

    Comments wait until it is known whether they still belong to it: what names the next document may
    be the last of several.
    """

    def __init__(self, header: list[bytes] | None = None) -> None:
        self.header = header or []
        self.has_tokens = False
        self._lines: list[bytes] = []
        self._comments: list[Entry] = []
        self._first = self._last = self._size = 0

    @property
    def is_empty(self) -> bool:
        return not self._lines and not self._comments

    def comment(self, entry: Entry) -> None:
        self._comments.append(entry)

    def token(self, entry: Entry) -> None:
        for each in (*self._comments, entry):
            self._take(each)
        self._comments.clear()
        self.has_tokens = True

    def _take(self, entry: Entry) -> None:
        self._first = self._first or entry.line
        # A line that is too long is there in part only.
        self._size += len(entry.raw) + 1 if entry.fault is None else MAX_LINE_BYTES
        if self._size <= MAX_LINE_BYTES:
            # A blank line ends a sentence.
            self._lines += [b""] if self._last and entry.line > self._last + 1 else []
            self._lines.append(entry.raw)
        self._last = entry.line

    def entry(self) -> Entry:
        raw = b"\n".join(self.header + self._lines)
        if self._size > MAX_LINE_BYTES:
            fault = f"the document is longer than {MAX_LINE_BYTES >> 20} MiB"
            return Entry(self._first, raw[:4096], fault=fault)
        return Entry(self._first, raw)

    def next(self) -> _Document:
        """Return the document that the comments begin."""
        following = _Document(self.header)
        following._comments = self._comments
        return following


class _Token(NamedTuple):
    words: str
    tag: str
    link: str
    blank: bool


class _Columns(NamedTuple):
    token: int = 0
    tag: int = -1
    link: int | None = None
    misc: int | None = None


class _Lines(NamedTuple):
    """The cells of a document by sentence, and what its comments and its header say."""

    sentences: list[list[list[str]]]
    about: dict[str, str]
    sources: set[str]
    faults: list[tuple[str, str]]
    columns: _Columns | None


def parse(raw: bytes) -> Parsed:
    """Make an article of one document; raises RecordError where it has no tokens."""
    lines = _lines(shapes.decode_text(raw))
    rows = [each for each in lines.sentences if each]
    if not rows:
        raise RecordError("no entities in it: it has no line with a token and its tag")
    columns = lines.columns or _counted(rows) or _Columns()
    if len(lines.sources) == 1 and "://" in (source := next(iter(lines.sources))):
        lines.about.setdefault("url", source)
    tokens = [[_token(cells, columns) for cells in sentence] for sentence in rows]
    return _article(tokens, lines.about, lines.faults)


def _lines(text: str) -> _Lines:
    columns = None
    about: dict[str, str] = {}
    sources: set[str] = set()
    sentences: list[list[list[str]]] = [[]]
    faults: list[tuple[str, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        cells = line.split("\t") if "\t" in line else line.split()
        is_tagged = len(cells) > 1 and ("\t" in line or _is_tag(cells[-1]))
        if not line.strip() or cells[0] == "-DOCSTART-":
            sentences.append([])
        elif number == 1 and cells[0] == _HEADER:
            columns = _named(cells)
        elif source := _source_of(line):
            sources.add(source)
            sentences.append([])
        elif line.startswith("#") and not (cells[0] == "#" and is_tagged) and "\t" not in line:
            if found := _COMMENT.match(line):
                about.setdefault(found[1], found[2].strip())
        elif len(cells) < 2 or not cells[0].strip():
            faults.append((f"line {number} of this document: expected a token and its tag", line))
        else:
            sentences[-1].append(cells)
    return _Lines(sentences, about, sources, faults, columns)


def _source_of(line: str) -> str | None:
    """Return the source that a comment of GermEval tells: `#`, a tab, an address or other words, and
    a date in brackets. None if it is none, but the token `#`.
    """
    words = line[2:].strip() if line.startswith("#\t") else ""
    if not words or "\t" in words or _is_tag(words) or words in _OUTSIDE:
        return None
    return words[: words.rfind("[")].rstrip() if words.endswith("]") else words


def _counted(sentences: list[list[list[str]]]) -> _Columns | None:
    """Return the columns of lines that are numbered in each sentence; None if they are not."""
    rows = [cells for sentence in sentences for cells in sentence]
    is_counted = all(
        len(cells) > 2 and cells[0] == str(number)
        for sentence in sentences
        for number, cells in enumerate(sentence, 1)
    )
    if not is_counted:
        return None
    # The outer names, and the names in them.
    is_nested = all(len(cells) == 4 and _is_tag(cells[2]) and _is_tag(cells[3]) for cells in rows)
    return _Columns(token=1, tag=2 if is_nested else -1)


def _named(header: list[str]) -> _Columns:
    places = {name.strip().upper(): place for place, name in enumerate(header)}
    fine = next((place for name, place in places.items() if name.startswith("NE")), 1)
    return _Columns(0, places.get("NE-COARSE-LIT", fine), places.get("NEL-LIT"), places.get("MISC"))


def _is_tag(words: str) -> bool:
    return words == "O" or _TAG.fullmatch(words) is not None


def _token(cells: list[str], columns: _Columns) -> _Token:
    def cell(place: int | None) -> str:
        return cells[place].strip() if place is not None and place < len(cells) else ""

    # EndOfSentence is not heeded: names go on behind it, as it is guessed from full stops.
    is_close = "NoSpaceAfter" in cell(columns.misc).split("|")
    return _Token(cell(columns.token), cell(columns.tag), cell(columns.link), not is_close)


def _article(
    sentences: list[list[_Token]], about: dict[str, str], faults: list[tuple[str, str]]
) -> Parsed:
    text = JoinedText(
        [[token.words for token in sentence] for sentence in sentences],
        [[token.blank for token in sentence] for sentence in sentences],
    )
    building = Building(text.text)
    for reason, line in faults:
        building.fault(reason, line)
    for number, sentence in enumerate(sentences):
        for first, end, label in _spans([token.tag for token in sentence]):
            found = text.span(first, end, number)
            if found is not None:
                link = sentence[first].link
                building.mention(
                    f"token {text.first_tokens[number] + first + 1}",
                    sentence[first],
                    label,
                    found.start,
                    found.end,
                    found.surface,
                    same_as=[identifier_iri("Wikidata", link)] if _ITEM.fullmatch(link) else [],
                )
    parsed = building.finish(
        "HIPE or CoNLL columns",
        url=about.get("url") or None,
        title=about.get("title") or None,
        published=calendar_date(about.get("date", "")),
        language=about.get("language") or None,
        local_ids=(about.get("document_id"), about.get("newdoc id")),
    )
    parsed.is_joined = True
    return parsed


def _spans(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (first, end, label) of the tagged spans of a sentence, whichever of the schemes it is.

    ``I`` of another label, or behind nothing, begins a span, as in IOB1 it does; so does a label
    without a letter before it.
    """
    begun: tuple[int, str] | None = None
    for place, tag in enumerate(tags):
        found = None if tag in _OUTSIDE else _TAG.fullmatch(tag)
        part, label = (found[1], found[2]) if found else ("I", tag)
        goes_on = begun is not None and tag not in _OUTSIDE and part in "IELM" and label == begun[1]
        if begun is not None and not goes_on:
            yield begun[0], place, begun[1]
            begun = None
        if tag in _OUTSIDE:
            continue
        if begun is None:
            begun = (place, label)
        if part in "ELSU":
            yield begun[0], place + 1, begun[1]
            begun = None
    if begun is not None:
        yield begun[0], len(tags), begun[1]
