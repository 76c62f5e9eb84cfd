"""Cut a stream of bytes into JSON values, however large the file and however deep it is nested.

Where a value ends is asked of ``msgspec``, which says at what byte something else follows. What it
refuses (NaN, a control character in a string, nesting deeper than Python's stack) is cut by counting
brackets outside of strings, so that one bad value costs no other; a value that is nested too deeply
or too long is passed over without being held.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from datasette_newsgraph.readers.limits import DEFAULT, KEPT, Limit
from datasette_newsgraph.readers.nesting import MAX_DEPTH, Nesting, is_too_deep

_BLOCK = 1 << 20
_SPACE = b" \t\r\n"
_IT = "the value"
_BOM = b"\xef\xbb\xbf"

_decode = msgspec.json.Decoder(msgspec.Raw).decode
_BEHIND = re.compile(r"trailing characters \(byte (\d+)\)")
_NOT_SPACE = re.compile(rb"[^ \t\r\n]")


class NotJson(ValueError):
    """The stream is not what was to be cut; the text says why, for a sentence in brackets."""


class Unfinished(NotJson):
    """The stream ends too early."""


class Value(NamedTuple):
    """The bytes of one value, or the first of them and why there are not more."""

    raw: bytes
    fault: str | None = None


class Stream:
    """The bytes that ``read`` gives, up to as many as it is asked for; b"" is the end. A value over
    the ``limit`` of an article is a fault.
    """

    def __init__(
        self, read: Callable[[int], bytes], block: int = _BLOCK, limit: Limit = DEFAULT
    ) -> None:
        self._read = read
        self._block = block
        self.limit = limit
        #: What has been read and not been cut off, from ``place``.
        self.data = b""
        self.place = 0

    def more(self) -> bool:
        """Read on, at least as much as is held, so that reading again from ``place`` stays linear."""
        held = self.data[self.place :]
        block = self._read(max(self._block, len(held)))
        self.data, self.place = held + block, 0
        return bool(block)

    def next(self) -> bytes:
        """Go to what is not white space and return that byte; b"" at the end.

        A byte order mark is white space: files may have been put one behind the other.
        """
        while True:
            found = _NOT_SPACE.search(self.data, self.place)
            if found is None:
                self.place = len(self.data)
                if not self.more():
                    return b""
            elif found[0] == _BOM[:1] and self._has_bom(found.start()):
                self.place += len(_BOM)
            else:
                self.place = found.start()
                return found[0]

    def _has_bom(self, place: int) -> bool:
        self.place = place
        while len(self.data) - self.place < len(_BOM) and self.more():
            pass
        return self.data.startswith(_BOM, self.place)


def elements(stream: Stream) -> Iterator[Value]:
    """Yield the elements of the array that the stream is; raises NotJson behind the last good one."""
    if stream.next() != b"[":
        raise NotJson("it does not begin with [")
    yield from _listed(stream)
    if stream.next():
        raise NotJson("there is more behind its end")


def _listed(stream: Stream) -> Iterator[Value]:
    """Yield the elements of the array that begins at the stream's place."""
    stream.place += 1
    mark = stream.next()
    while mark != b"]":
        yield _cut(stream)
        mark = stream.next()
        if mark == b",":
            stream.place += 1
            if stream.next() == b"]":
                raise NotJson("a comma before ]")
        elif mark != b"]":
            raise _unexpected(mark, "a comma or ]")
    stream.place += 1


def values(stream: Stream) -> Iterator[Value]:
    """Yield the objects and arrays that stand one after the other."""
    while mark := stream.next():
        if mark not in (b"{", b"["):
            raise _unexpected(mark, "an object")
        yield _cut(stream)


def elements_of(stream: Stream, key: str) -> Iterator[Value]:
    """Yield the elements of the array that an object has under ``key``: of one object, of several that
    stand one after the other, or of those of an array. Nothing else of an object is held for longer
    than it takes to pass over it.
    """
    name = msgspec.json.encode(key)
    # What is passed over is told only where it could not even be looked at.
    return (value for its, value in _keyed(stream, name) if its == name or value.fault is not None)


def keyed_elements(stream: Stream) -> Iterator[tuple[bytes, Value]]:
    """Yield the elements of all arrays in objects as ``elements_of`` does, each with its key, as JSON;
    of what is no array the value itself.
    """
    return _keyed(stream, None)


def _keyed(stream: Stream, wanted: bytes | None) -> Iterator[tuple[bytes, Value]]:
    mark = stream.next()
    if is_array := mark == b"[":
        stream.place += 1
        mark = stream.next()
    while mark and not (is_array and mark == b"]"):
        if mark != b"{":
            raise _unexpected(mark, "an object")
        yield from _members(stream, wanted)
        mark = stream.next()
        if is_array and mark == b",":
            stream.place += 1
            mark = stream.next()
    if is_array:
        if not mark:
            raise _unexpected(mark, "a comma or ]")
        stream.place += 1
        if stream.next():
            raise NotJson("there is more behind its end")


def _members(stream: Stream, wanted: bytes | None) -> Iterator[tuple[bytes, Value]]:
    """Yield what is in the object that begins at the stream's place: the elements of its arrays, or of
    the one whose key is wanted, and other values, each with its key.
    """
    stream.place += 1
    mark = stream.next()
    while mark != b"}":
        if mark != b'"':
            raise _unexpected(mark, "a name")
        key = _cut(stream).raw
        if (mark := stream.next()) != b":":
            raise _unexpected(mark, "a colon")
        stream.place += 1
        if stream.next() == b"[" and wanted in (None, key):
            yield from ((key, each) for each in _listed(stream))
        else:
            yield key, _cut(stream)
        mark = stream.next()
        if mark == b",":
            stream.place += 1
            mark = stream.next()
        elif mark != b"}":
            raise _unexpected(mark, "a comma or }")
    stream.place += 1


def _unexpected(mark: bytes, expected: str) -> NotJson:
    if not mark:
        return Unfinished("the file ends too early")
    return NotJson(f"expected {expected}, found {mark.decode('ascii', 'replace')!r}")


def _trailing(view: bytes) -> int:
    """Return what msgspec calls the byte of the first thing behind the first value, or 0."""
    try:
        _decode(view)
    except msgspec.DecodeError as error:
        found = _BEHIND.search(str(error))
        return int(found[1]) if found else 0
    return 0


#: How msgspec counts: what stands at index 1 is "byte 2".
_COUNTED_FROM = _trailing(b"1x") - 1


def _cut(stream: Stream) -> Value:
    """Cut off the value that begins at the stream's place."""
    while True:
        view = memoryview(stream.data)[stream.place :]
        try:
            _decode(view)
        except msgspec.DecodeError as error:
            found = _BEHIND.search(str(error))
            if found is not None and _COUNTED_FROM >= 0:
                length = int(found[1]) - _COUNTED_FROM
                break
            if "truncated" in str(error) and len(view) <= stream.limit.article and stream.more():
                continue
            return _cut_by_brackets(stream)
        except RecursionError:
            return _cut_by_brackets(stream)
        # A number may go on.
        if not stream.more():
            length = len(view)
            break
    raw = bytes(view[:length]).rstrip(_SPACE)
    stream.place += length
    return _checked(raw, stream.limit)


def _checked(raw: bytes, limit: Limit) -> Value:
    if len(raw) > limit.article:
        return Value(raw[:KEPT], limit.too_long(_IT))
    return Value(raw[:KEPT], "nested too deeply") if is_too_deep(raw) else Value(raw)


def _cut_by_brackets(stream: Stream) -> Value:
    nesting = Nesting()
    parts: list[bytes] = []
    length, size = 0, KEPT
    fault = None
    end = None
    while end is None:
        if stream.place == len(stream.data) and not stream.more():
            if nesting.is_open:
                raise Unfinished("the file ends within it")
            break
        data = stream.data[stream.place : stream.place + size]
        size = min(2 * size, _BLOCK)
        end = nesting.end_in(data)
        part = data[:end]
        if fault is None or length < KEPT:
            parts.append(part)
        length += len(part)
        stream.place += len(part)
        if fault is None:
            if length > stream.limit.article:
                fault = stream.limit.too_long(_IT)
            elif nesting.depth > MAX_DEPTH:
                fault = "nested too deeply"
            if fault is not None:
                parts = [b"".join(parts)[:KEPT]]
    if length == 0:
        raise _unexpected(stream.next(), "a value")
    raw = b"".join(parts)
    return _checked(raw, stream.limit) if fault is None else Value(raw[:KEPT], fault)
