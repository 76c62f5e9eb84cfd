"""Find out what format a file is of, from what is in it.

Signs (``signs.py``) are looked for in the first records; a file whose first record is longer than
that is looked at further. Of several formats whose signs are all there, the one that asks for most
is meant.
"""

from __future__ import annotations

import json
import re
from typing import Any

from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.readers.delimited import stated_line
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.format_signs import Sample, Sign
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.readers.unread import RUN_A_TOOL, UNREAD

#: How much of a file is looked at first; where the first record is longer, as much as one may be.
_SAMPLE = 256 << 10
_RECORDS = 20
#: As many lines are tried: what is wrong with each is told at the cost of all that is before it.
_MAX_MISSED = 200
#: A format of which less than this is there is no candidate.
_NEAR = 0.4
_CANDIDATES = 3

# Numbers say nothing, and Python refuses to read very long ones.
_decode_from = json.JSONDecoder(parse_int=len, parse_float=len).raw_decode
_SPACE = re.compile(r"[\s,]*")
_JSON_BEGINS = re.compile(r"^[ \t]*[\[{]", re.MULTILINE)
_LIKE_JSON = re.compile(rb'\s*(?:\{\s*"|\[\s*(?:[\[{"]|-?\d+\s*,))')
#: JSON that nothing is in.
_EMPTY_JSON = (b"[]", b"{}", b"null")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],"]', re.DOTALL)
_CLOSERS = {"{": "}", "[": "]"}


def format_called(name: str) -> Format:
    """Return the format of this name; raises UsageError that lists all names."""
    for each in FORMATS:
        if each.name == name.replace("-", "_").casefold():
            return each
    raise UsageError(
        f"there is no format {name!r}; the formats are " + ", ".join(each.name for each in FORMATS)
    )


def recognise(source: Source | Folder) -> Format:
    """Return the format of a file or folder; nothing of it is consumed.

    Raises InputError where none is found, with the nearest, or where it is one that is not read.
    """
    if isinstance(source, Folder):
        return _recognise_folder(source)
    sample = sample_of(source)
    if not sample.head.strip():
        # There is nothing in it, in whatever format.
        return FORMATS[0]
    weight, best = _best(sample)
    for unread in UNREAD:
        if _weight(unread.signs, sample) > weight:
            raise InputError(
                f"{source.path}: is {unread.title}, which newsgraph does not read; {unread.remedy}"
            )
    if best is None:
        raise InputError(f"{source.path}: {_not_recognised(sample)}")
    return best


def folder_format(folder: Folder) -> Format | None:
    """Return the format that a folder as a whole is of; None if it is just one with files in it."""
    return _best(sample_of(folder))[1]


def _recognise_folder(folder: Folder) -> Format:
    if not folder.names:
        raise InputError(f"{folder.path}: is an empty folder; give a folder with files in it")
    found = folder_format(folder)
    if found is None:
        kinds = " or ".join(each.title for each in FORMATS if each.takes_folders)
        raise InputError(f"{folder.path}: is not a folder of {kinds}; give the files in it")
    return found


def _best(sample: Sample) -> tuple[int, Format | None]:
    """Return the format that asks for most of those that fit, and how much; 0 and None if none fits."""
    found = [
        (weight, -place, each)
        for place, each in enumerate(FORMATS)
        if (weight := _weight(each.signs, sample))
    ]
    weight, _, best = max(found, default=(0, 0, None))
    return weight, best


def _weight(signs: tuple[Sign, ...], sample: Sample) -> int:
    return max((sign.weight for sign in signs if sign.score(sample) == 1), default=0)


def _not_recognised(sample: Sample) -> str:
    if not sample.records and _LIKE_JSON.match(sample.head):
        return "begins like JSON, but it is cut off or damaged; get the file again"
    if sample.head.strip() in _EMPTY_JSON:
        return "is JSON without a record in it"
    scores = sorted(
        (
            (-max(sign.score(sample) for sign in each.signs), place, each.name)
            for place, each in enumerate(FORMATS)
            if each.signs
        ),
    )
    near = [name for score, _, name in scores if -score >= _NEAR][:_CANDIDATES]
    return (
        "is not of a format that newsgraph recognises"
        + (f" (the nearest: {', '.join(near)})" if near else "")
        + "; newsgraph formats lists the formats, and --format NAME says which one it is"
        + ("" if sample.records else f"; if it is a text, {RUN_A_TOOL}")
    )


def sample_of(source: Source | Folder) -> Sample:
    """Return the beginning of a file, or the names in a folder."""
    if isinstance(source, Folder):
        return Sample(source.name, names=frozenset(source.names))
    for size in (_SAMPLE, max(_SAMPLE, source.limit.article)):
        head, is_whole = source.sample(size, to_line_end=size == _SAMPLE)
        records, is_cut = _records(head.decode("utf-8", "replace"), is_whole=is_whole)
        if not is_cut:
            break
    return Sample(source.name, _without_stated_line(head), tuple(records))


def _without_stated_line(head: bytes) -> bytes:
    """Leave out the line above a table that tells Excel what separates its columns."""
    line, newline, rest = head.partition(b"\n")
    return rest if newline and stated_line(line.decode("utf-8", "replace")) else head


def _records(text: str, *, is_whole: bool) -> tuple[list[Any], bool]:
    """Return the first JSON values in ``text``, of lines, of an array or one after the other, and
    whether the first of them goes on behind the text.
    """
    # A first line that is no JSON says nothing about the others.
    begin = _JSON_BEGINS.search(text)
    if begin is None:
        return [], False
    text = text[begin.end() - 1 :]
    place = 1 if text.startswith("[") and not _is_line(text) else 0
    values: list[Any] = []
    missed = 0
    while len(values) < _RECORDS and missed < _MAX_MISSED:
        place = _SPACE.match(text, place).end()  # type: ignore[union-attr] # it matches nothing too
        if place >= len(text) or text[place] in "]}":
            break
        try:
            value, place = _decode_from(text, place)
            values.append(value)
        except RecursionError:
            break
        except json.JSONDecodeError:
            newline = text.find("\n", place)
            if not is_whole and not values and (newline < 0 or place == 1):
                return [_completed(text[place:])], True
            # A line that is no JSON says nothing about the others.
            missed += 1
            if newline < 0:
                break
            place = newline + 1
    return [each for each in values if isinstance(each, (dict, list))], False


def _is_line(text: str) -> bool:
    """Tell whether the first line is a whole list, with another line behind it."""
    line, newline, rest = text.partition("\n")
    if not newline or not rest.lstrip().startswith("["):
        return False
    try:
        return isinstance(json.loads(line), list)
    except (ValueError, RecursionError):
        return False


def _completed(text: str) -> Any:
    """Return what is whole of a JSON value that is cut off."""
    stack: list[str] = []
    whole, closers = 0, ""
    for found in _TOKEN.finditer(text):
        mark = found[0]
        if mark in _CLOSERS:
            stack.append(_CLOSERS[mark])
            if len(stack) > 100:
                break
            whole, closers = found.end(), "".join(reversed(stack))
        elif mark in "}]":
            if not stack:
                break
            stack.pop()
            whole, closers = found.end(), "".join(reversed(stack))
        elif mark == ",":
            whole, closers = found.start(), "".join(reversed(stack))
        elif mark == '"':
            break
    try:
        return json.loads(text[:whole] + closers, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        return None
