"""Cut a table of words into its documents: a word with its tag a line, and what is wrong with rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.limits import KEPT, OBJECT, Limit
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.readers.word_tables import WordColumns

#: Begins the line of a row that cannot be taken: no word does, as it has no tab.
FAULT = "\t"
_SPACE = re.compile(r"\s+")
#: So much of a row that cannot be taken is shown.
_SHOWN = 200


def documents(
    rows: Iterator[delimited.Row], columns: WordColumns, first: bytes, limit: Limit
) -> Iterator[Entry]:
    """Yield the words of each document behind the line ``first``. A document ends where its column has
    another name; without such a column the table is one document.
    """
    document = _Document(first, limit)
    named = sentence = ""
    for row in rows:
        if row.fault is not None:
            document.fault(row, row.fault)
            continue
        name = "" if columns.document is None else row.cells[columns.document].strip()
        number = "" if columns.sentence is None else row.cells[columns.sentence].strip()
        if name and name != named and sentence and not number:
            document.fault(row, f"is of document {name!r}, but goes on a sentence of {named!r}")
            continue
        if name and name != named:
            if document.line:
                yield document.entry()
                document = _Document(first, limit)
            named = name
            document.add(row.line, f"# {_SPACE.sub(' ', name)}\n\n")
        found = columns.words(row.cells)
        if isinstance(found, str):
            document.fault(row, found)
            continue
        if not columns.is_sentence and found[0] == ("", ""):
            # Some tables have a blank row between sentences.
            document.add(row.line, "\n")
            continue
        if not all(each.words and not each.words.isspace() for each in found):
            document.fault(row, "has a tag without a word")
            continue
        if columns.is_sentence or (number and number != sentence):
            document.add(row.line, "\n")
        sentence = number or sentence
        document.add(row.line, "".join(f"{_one(each.words)}\t{_one(each.tag)}\n" for each in found))
    if document.line:
        yield document.entry()


class _Document:
    def __init__(self, first: bytes, limit: Limit) -> None:
        self.line = 0
        self._limit = limit
        self._lines = bytearray(first)
        self._is_too_long = False

    def add(self, line: int, text: str) -> None:
        """Add lines, of which the row is the given one of the file."""
        self.line = self.line or line
        if self._is_too_long:
            return
        self._lines += text.encode("utf-8", "replace")
        if len(self._lines) + OBJECT > self._limit.article:
            self._is_too_long = True
            del self._lines[KEPT:]

    def fault(self, row: delimited.Row, reason: str) -> None:
        """Add a row that cannot be taken. No name goes on over it."""
        self.add(row.line, f"{FAULT}{row.line}\t{reason}\t{_one(row.text[:_SHOWN])}\n")

    def entry(self) -> Entry:
        raw = bytes(self._lines)
        fault = self._limit.too_long("the document") if self._is_too_long else None
        return Entry(self.line, raw, fault=fault)


def _one(cell: str) -> str:
    return _SPACE.sub(" ", cell) if not cell.isalnum() else cell
