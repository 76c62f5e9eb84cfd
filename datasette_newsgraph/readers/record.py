"""Read our own article record: JSON Lines, or a JSON file with one object or an array of them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.lenient import parse_leniently
from datasette_newsgraph.readers.source import Entry, Source

_decode_article = msgspec.json.Decoder(Article).decode
_decode_any = msgspec.json.Decoder(msgspec.Raw).decode
_decode_array = msgspec.json.Decoder(list[msgspec.Raw]).decode

_PEEK = 4096


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each line of a file of lines, each element of an array, or the one object there is.

    The bytes show what it is: an array begins with ``[``, and where the first line is not whole JSON
    but the file is, it is one object on several lines. Raises InputError for a broken array, unless
    the file's name says that it has lines.
    """
    first = source.head(_PEEK).removeprefix(b"\xef\xbb\xbf").lstrip()
    has_lines = source.name.removesuffix(".gz").endswith((".jsonl", ".ndjson"))
    if first.startswith(b"["):
        return _elements(source, _read_all(source), has_lines=has_lines)
    first_line, newline, _ = first.partition(b"\n")
    if newline and not has_lines and not _is_json(first_line):
        return _one_object(_read_all(source))
    return source.lines(resume)


def _is_json(data: bytes) -> bool:
    try:
        _decode_any(data)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _read_all(source: Source) -> bytes:
    # Through lines(), which tells damage and takes the BOM away; blank lines keep their place.
    lines: list[bytes] = []
    for entry in source.lines():
        lines += [b""] * (entry.line - 1 - len(lines))
        lines.append(entry.raw)
    return b"\n".join(lines)


def _elements(source: Source, data: bytes, *, has_lines: bool) -> Iterator[Entry]:
    try:
        elements = _decode_array(data)
    except (msgspec.DecodeError, RecursionError) as error:
        if has_lines:
            yield from _lines(data)
            return
        raise InputError(
            f"{source.path}: is not a JSON array ({error}); write one article a line (.jsonl),"
            " so that one bad record does not spoil the rest"
        ) from error
    # An array is often one line: its elements are told apart by their number.
    for number, element in enumerate(elements, 1):
        yield Entry(number, bytes(element))


def _one_object(data: bytes) -> Iterator[Entry]:
    if _is_json(data):
        yield Entry(1, data.strip())
    else:
        # Lines after all, of which the first is broken.
        yield from _lines(data)


def _lines(data: bytes) -> Iterator[Entry]:
    for number, raw in enumerate(data.split(b"\n"), 1):
        if raw and not raw.isspace():
            yield Entry(number, raw)


def parse(raw: bytes) -> Parsed:
    """Decode one record strictly; where that fails, once more leniently.

    NUL is legal in JSON but not in what comes after, so it takes the lenient way as well.
    Raises RecordError where even that gives no article.
    """
    if b"\\u0000" not in raw:
        try:
            return Parsed(_decode_article(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
    return parse_leniently(raw)
