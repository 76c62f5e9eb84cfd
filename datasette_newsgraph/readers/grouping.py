"""Bring the records of a file that are about one document together.

A tool writes a record for each chunk, each question or each run, but an article is one record, and
of two records of one id only one can stay. A first pass finds the documents that several records are
of; the second yields what is alone as it comes, and holds the records of the others until their last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

import msgspec

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Fault
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.limits import KEPT, OBJECT, Held, Limit
from datasette_newsgraph.readers.source import Entry, Source

Resume = tuple[int, int, str]
#: From the bytes of a record what tells its document: its address, or else its text; None if there is
#: neither. May raise what decoding raises.
DocumentOf = Callable[[bytes], str | None]
Cut = Callable[[Source, Resume | None], Iterator[Entry]]

_Decoded = TypeVar("_Decoded")

#: Between the texts of records that are about one document.
BETWEEN_TEXTS = "\n\n"


def grouped(
    source: Source, resume: Resume | None, document_of: DocumentOf, cut: Cut = records
) -> Iterator[Entry]:
    """Yield the JSON records of each document together, one a line, at the line of the last one.

    Takes some hundred bytes of memory for each document, and those records that wait for another; all
    of them where the source cannot be read twice, as standard input cannot. ``cut`` must number its
    records upwards.
    """
    if source.size is None:
        held: list[Entry] = []
        damage = None
        count = Held(source.path, source.limit)
        try:
            for entry in cut(source, resume):
                held.append(entry)
                count.add(len(entry.raw))
        except InputError as error:
            damage = error
        yield from _grouped(held, _Spread(held, document_of), source.limit)
        if damage is not None:
            raise damage
        return
    spread = _Spread(_readable(source, cut), document_of)
    source.rewind()
    if resume is not None and spread.is_around(resume[0]):
        resume = None
    yield from _grouped(cut(source, resume), spread, source.limit)


def records_of(raw: bytes) -> list[bytes]:
    """Return the records that an entry of ``grouped`` has."""
    return [line for line in raw.split(b"\n") if line.strip()]


def decoded(
    raw: bytes, decode: Callable[[bytes], _Decoded], called: str
) -> tuple[list[tuple[str, _Decoded]], list[Fault]]:
    """Return the records of an entry, each with what names it in faults (``graph 2: ``, nothing if it
    is the only one), and those that cannot be read as faults; raises RecordError if none can be.
    """
    lines = records_of(raw)
    found: list[tuple[str, _Decoded]] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, 1):
        where = f"{called} {number}: " if len(lines) > 1 else ""
        try:
            found.append((where, decode(line)))
        except RecordError as error:
            faults.append(Fault(f"{where}{error}", number))
    if not found:
        raise RecordError(faults[0].reason if faults else "nothing is in it")
    return found, faults


def joined(texts: Iterable[str | None]) -> tuple[str | None, dict[str, int]]:
    """Return the different texts as one, None if there is none, and where each begins in it."""
    begins: dict[str, int] = {}
    end = 0
    for text in texts:
        if text and text not in begins:
            begins[text] = end
            end += len(text) + len(BETWEEN_TEXTS)
    return BETWEEN_TEXTS.join(begins) or None, begins


def _readable(source: Source, cut: Cut) -> Iterator[Entry]:
    """Yield the records up to a damage, which is told when they are read again."""
    try:
        yield from cut(source, None)
    except InputError:
        return


class _Spread:
    """Where the records of those documents that have several begin and end."""

    def __init__(self, entries: Iterable[Entry], document_of: DocumentOf) -> None:
        self._document_of = document_of
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for entry in entries:
            key = self.key(entry)
            if key is not None and first.setdefault(key, entry.line) != entry.line:
                last[key] = entry.line
        self.lines = {key: (first[key], line) for key, line in last.items()}

    def key(self, entry: Entry) -> int | None:
        """Return the hash of what tells the document of a record, None if nothing does."""
        if entry.fault is not None:
            return None
        try:
            found = self._document_of(entry.raw)
        except (RecordError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        return hash(found) if found else None

    def is_around(self, line: int) -> bool:
        """Tell whether a document has records up to ``line`` and behind it."""
        return any(first <= line < last for first, last in self.lines.values())

    def last(self, key: int | None) -> int | None:
        """Return the line of a document's last record, None if it has one record only."""
        return self.lines[key][1] if key is not None and key in self.lines else None


def _grouped(entries: Iterable[Entry], spread: _Spread, limit: Limit) -> Iterator[Entry]:
    waiting: dict[int, list[Entry]] = {}
    sizes: dict[int, int] = {}
    for entry in entries:
        key = spread.key(entry)
        last = spread.last(key)
        group = [entry]
        if key is not None and last is not None:
            group = waiting.setdefault(key, [])
            sizes[key] = sizes.get(key, 0) + len(entry.raw) + OBJECT
            # Of a document over the limit the first record is kept, to be shown.
            if sizes[key] <= limit.article or not group:
                group.append(entry)
            if entry.line < last:
                continue
            del waiting[key]
            if sizes.pop(key) > limit.article:
                fault = limit.too_long("what the file says of this article")
                entry = replace(entry, raw=group[0].raw[:KEPT], fault=fault)
                group = [entry]
        # Behind a record that waits a load cannot go on: it would miss it.
        is_behind_all = not waiting
        yield Entry(
            entry.line,
            b"\n".join(each.raw.replace(b"\n", b" ") for each in group),
            entry.end if is_behind_all else None,
            entry.digest if is_behind_all else None,
            entry.fault,
        )
