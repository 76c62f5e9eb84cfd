"""Cut a file into records: lines, the elements of an array, objects on several lines, or the whole.

The first bytes show what a JSON file is: an array begins with ``[``; where the first line is not
whole JSON, objects stand on several lines each. Nothing is held but the record that is being cut,
whatever the size of the file.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import Literal

import msgspec

from datasette_newsgraph.errors import DamagedInput, InputError
from datasette_newsgraph.readers.elements import (
    NotJson,
    Stream,
    Unfinished,
    Value,
    elements,
    elements_of,
    values,
)
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.packing import without_ending
from datasette_newsgraph.readers.source import Entry, Source

_HEAD = 1 << 20
_BLOCK = 1 << 18
_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_WITH_LINES = (".jsonl", ".ndjson")

#: What gzip and the system raise, but no error of ours.
DAMAGE = (EOFError, zlib.error, OSError)

_decode_any = msgspec.json.Decoder(msgspec.Raw).decode

Resume = tuple[int, int, str]
Cut = Callable[[Stream], Iterator[Value]]
Layout = Literal["lines", "array", "objects"]


def records(source: Source, resume: Resume | None = None) -> Iterator[Entry]:
    """Yield each line of a file of lines, each element of an array, or the objects on several lines.

    Raises DamagedInput where an array breaks off, behind its last whole element.
    """
    layout = _layout(source)
    if layout == "lines":
        return source.lines(resume)
    if layout == "array":
        return _pieces(source, elements, "a JSON array", "element")
    return _pieces(source, values, "JSON", "object")


def elements_under(source: Source, key: str) -> Iterator[Entry]:
    """Yield the elements of the array that the one object of a file has under ``key``; of each of its
    objects, if it has several.
    """
    return in_objects(source, partial(elements_of, key=key), f"element of {key}")


def in_objects(source: Source, cut: Cut, piece: str) -> Iterator[Entry]:
    """Yield what ``cut`` makes of the objects of a file: one, mostly, or one a line. Each ``piece`` is
    called so where the file is damaged.
    """
    line, _, rest = _beginning(source)[0].partition(b"\n")
    if rest.strip(_SPACE) and (is_json(line) or _has_lines(source)):
        return _in_lines(source.lines(), cut, source.limit)
    return _pieces(source, cut, "JSON", piece)


def _in_lines(lines: Iterator[Entry], cut: Cut, limit: Limit) -> Iterator[Entry]:
    number = 0
    for entry in lines:
        found = [Value(entry.raw, entry.fault)]
        if entry.fault is None:
            # A line that is none is told when it is read.
            with suppress(NotJson):
                found = list(cut(Stream(BytesIO(entry.raw).read, limit=limit)))
        for raw, fault in found:
            number = max(number + 1, entry.line)
            yield Entry(number, raw, fault=fault)


def lists(source: Source, resume: Resume | None = None) -> Iterator[Entry]:
    """Yield records where a list of objects is one record itself: an array of objects whole, and
    else what ``records`` yields (lines, each a list or an object; the lists of an array; an object).
    """
    text, _ = _beginning(source)
    if text.startswith(b"[") and text[1:].lstrip(_SPACE)[:1] != b"[":
        line, newline, _ = text.partition(b"\n")
        if is_json(line) or (not newline and _has_lines(source)):
            return source.lines(resume)
        return whole(source)
    return records(source, resume)


def whole(
    source: Source, resume: Resume | None = None, *, is_article: bool = True
) -> Iterator[Entry]:
    """Yield the whole file as one record; raises InputError if it is over the limit of an article or,
    where it may hold several, of what is held whole.
    """
    if not source.sample(1)[0]:
        # Empty, or damaged from the first byte: told as it is of any file.
        yield from source.lines()
        return
    reading = Blocks(source)
    parts: list[bytes] = []
    size = 0
    try:
        while block := reading.read(_BLOCK):
            size += len(block)
            if is_article and size > source.limit.article:
                raise InputError(f"{source.path}: {source.limit.too_long('the file')}")
            if size > source.limit.whole:
                raise source.limit.too_large(source.path)
            parts.append(block)
    except DAMAGE as error:
        raise damaged(source, "the file", error) from error
    data = b"".join(parts)
    parts.clear()
    if data.strip():
        yield Entry(1, data)
    reading.finish()


def _has_lines(source: Source) -> bool:
    return without_ending(source.name).endswith(_WITH_LINES)


def _beginning(source: Source) -> tuple[bytes, bool]:
    """Return the first bytes, up to a damage, from what is not white space, and whether they are all;
    nothing is consumed.
    """
    if source.size is None:
        # A pipe: what has come so far.
        return source.head(_HEAD).removeprefix(_BOM).lstrip(_SPACE), False
    reading = Blocks(source)
    head, is_whole = b"", False
    # A damage is told when the records are read.
    with suppress(*DAMAGE):
        head = reading.read(_HEAD)
        is_whole = not reading.read(1)
    source.rewind()
    return head.lstrip(_SPACE), is_whole


def _layout(source: Source) -> Layout:
    """Tell from the beginning of a file what its records are."""
    text, is_whole = _beginning(source)
    line, _, rest = text.partition(b"\n")
    has_more = bool(rest.strip(_SPACE))
    if has_more and is_json(line):
        return "lines"
    if text.startswith(b"["):
        # A first line that is broken does not make an array of lines, if they are said to be that.
        return "lines" if _has_lines(source) and _is_broken(text, is_whole) else "array"
    if not has_more:
        return "lines"
    try:
        first = next(values(Stream(BytesIO(text).read)))
    except NotJson as error:
        is_cut_off = isinstance(error, Unfinished) and not is_whole and not _has_lines(source)
        second = rest.lstrip(_SPACE).partition(b"\n")[0]
        return "objects" if is_cut_off and not is_json(second) else "lines"
    return "objects" if first.fault is None and is_json(first.raw) else "lines"


def _is_broken(text: bytes, is_whole: bool) -> bool:
    try:
        for _ in elements(Stream(BytesIO(text).read)):
            pass
    except Unfinished:
        return is_whole
    except NotJson:
        return True
    return False


def is_json(data: bytes) -> bool:
    """Tell whether ``data`` is one JSON value; NaN may be in it, as in what Python writes."""
    try:
        _decode_any(data)
    except msgspec.DecodeError:
        try:
            json.loads(data, parse_int=len)
        except (ValueError, RecursionError):
            return False
    except RecursionError:
        return False
    return True


class Blocks:
    """Reads a source block by block, up to a damage, and hashes what it reads."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self._damage: Exception | None = None
        self._is_first = True

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes, or fewer at the end and without a BOM; what comes before a damage is
        still given.
        """
        if self._damage is not None:
            raise self._damage
        parts: list[bytes] = []
        try:
            # Not read(), which would drop what it has read when it comes upon a damage.
            while size > 0 and (block := self._source.bytes.read1(min(size, _BLOCK))):
                parts.append(block)
                size -= len(block)
        except DAMAGE as error:
            if not parts:
                raise
            self._damage = error
        data = b"".join(parts)
        self._digest.update(data)
        if self._is_first:
            self._is_first = False
            return data.removeprefix(_BOM)
        return data

    def finish(self) -> None:
        """Note the hash of all, which is known now."""
        self._source.sha256 = self._digest.hexdigest()


def _pieces(source: Source, cut: Cut, what: str, piece: str) -> Iterator[Entry]:
    reading = Blocks(source)
    stream = Stream(reading.read, limit=source.limit)
    number = 0
    try:
        for number, (raw, fault) in enumerate(cut(stream), 1):
            # An array is often one line: its elements are told apart by their number.
            yield Entry(number, raw.replace(b"\r\n", b"\n"), fault=fault)
    except NotJson as error:
        raise DamagedInput(
            f"{source.path}: is not {what} ({piece} {number + 1}: {error}; what comes before was"
            " read); write one article a line (.jsonl), so that one bad record does not spoil the rest"
        ) from error
    except DAMAGE as error:
        raise damaged(source, f"{piece} {number + 1}", error) from error
    reading.finish()


def damaged(source: Source, place: str, error: Exception) -> DamagedInput:
    """Return the error that a file is damaged at a place of it, as reading it has shown."""
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return DamagedInput(f"{source.path}: {place}: {error.strerror}")
    return DamagedInput(
        f"{source.path}: {place}: the {source.packing} stream is damaged ({error}); what comes before"
        " it was read: get the file again and load it again"
    )
