"""Find out what format a file is of, from what is in it.

Signs are looked for in the first records; a file whose first record is longer than
that is looked at further. Of several formats whose signs are all there, the one that asks for most
is meant; where two ask for as much, a person has to say which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.extraction.raw import RAW, TEXT
from datasette_newsgraph.extraction.raw.encodings import decode
from datasette_newsgraph.readers import packing
from datasette_newsgraph.readers.delimited import stated_line
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.format_signs import Sample, Sign
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.readers.unread import RUN_A_TOOL, SURE, UNREAD
from datasette_newsgraph.wording import listed

#: How much of a file is looked at first; where the first record is longer, as much as one may be.
_SAMPLE = 256 << 10
_RECORDS = 20
#: As many lines are tried: what is wrong with each is told at the cost of all that is before it.
_MAX_MISSED = 200
#: The end of a sample may tear a word of JSON's own, of so many letters.
_TORN = 5
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
#: What is in no text; one character in so many may be damage.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS = 100
_CLOSERS = {"{": "}", "[": "]"}


def format_called(name: str, *, raw_too: bool = False) -> Format:
    """Return the format of this name, with ``raw_too`` one of raw articles, too; raises UsageError
    that lists all names.
    """
    formats = (*FORMATS, *RAW) if raw_too else FORMATS
    called = name.replace("-", "_").casefold()
    for each in formats:
        if each.name == called:
            return each
    if any(each.name == called for each in RAW):
        raise UsageError(f"the format {called} is of raw articles: {RUN_A_TOOL}")
    raise UsageError(
        f"there is no format {name!r}; the formats are " + ", ".join(each.name for each in formats)
    )


def recognise(source: Source | Folder, *, raw_too: bool = False) -> Format:
    """Return the format of a file or folder, with ``raw_too`` also one of raw articles; nothing of it
    is consumed.

    Raises InputError where none is found, with the nearest, or where it is one that is not read.
    """
    if isinstance(source, Folder):
        return _recognise_folder(source)
    sample = _narrow(sample_of(source)) if raw_too else sample_of(source)
    if not sample.head.strip():
        if raw_too:
            raise InputError(f"{source.path}: is empty; give a file with text in it")
        # There is nothing in it, in whatever format.
        return FORMATS[0]
    found = _heaviest((_best(sample, FORMATS), _raw(sample) if raw_too else _NONE))
    for unread in UNREAD:
        if _weight(unread.signs, sample) > found.weight:
            raise InputError(f"{source.path}: is {unread.words}")
    if found.format is not None:
        _refuse_either(source, found)
        _refuse_wide(source, found.format)
        return found.format
    if raw_too and _is_text(sample):
        return TEXT
    raise InputError(f"{source.path}: {_not_recognised(sample, raw_too=raw_too)}")


def _refuse_either(source: Source, found: _Found) -> None:
    """Raise InputError where a file looks as much like another format."""
    if found.alike:
        names = [each.name for each in (found.format, *found.alike) if each is not None]
        raise InputError(
            f"{source.path}: looks like {listed(names, between=' and like ')}; say which it is, such as"
            f" --format {names[0]}"
        )


def _narrow(sample: Sample) -> Sample:
    """Return the sample of a file that is UTF-16 as if it were UTF-8."""
    if packing.wide_encoding(sample.head) is None:
        return sample
    text = decode(sample.head).text
    return Sample(sample.name, text.encode(), tuple(_records(text, is_whole=False)[0]))


def _refuse_wide(source: Source, format_: Format) -> None:
    """Raise InputError where a file is UTF-16, and its format is none of texts or pages."""
    if not getattr(format_, "takes_wide", False):
        packing.refuse(source.head(packing.HEAD), source.path)


def _is_text(sample: Sample) -> bool:
    """Tell whether a file that is of no format is a text, which may be short and no prose."""
    is_json = sample.records or _LIKE_JSON.match(sample.head) or sample.head.strip() in _EMPTY_JSON
    is_binary = len(_CONTROLS.findall(sample.head)) * _MOST_CONTROLS > len(sample.head)
    return not is_json and not is_binary


def folder_format(folder: Folder) -> Format | None:
    """Return the format that a folder as a whole is of; None if it is just one with files in it.

    Raises InputError where it is one that is not read.
    """
    sample = sample_of(folder)
    found = _best(sample, FORMATS)
    for unread in UNREAD:
        if _weight(unread.signs, sample) > found.weight:
            raise InputError(f"{folder.path}: is {unread.words}")
    return found.format


def _recognise_folder(folder: Folder) -> Format:
    if not folder.names:
        raise InputError(f"{folder.path}: is an empty folder; give a folder with files in it")
    found = folder_format(folder)
    if found is None:
        kinds = " or ".join(each.title for each in FORMATS if each.takes_folders)
        raise InputError(f"{folder.path}: is not a folder of {kinds}; give the files in it")
    return found


class _Found(NamedTuple):
    """A format and how much it asks for; ``alike`` are other formats that ask for as much."""

    weight: float
    format: Format | None
    alike: tuple[Format, ...] = ()


_NONE = _Found(0, None)


def _best(sample: Sample, formats: Sequence[Format]) -> _Found:
    """Return the format that asks for most of those that fit, the first of several."""
    weights = [(_weight(each.signs, sample), each) for each in formats]
    most = max(weight for weight, _ in weights)
    first, *alike = (each for weight, each in weights if weight == most)
    return _Found(most, first, tuple(alike)) if most else _NONE


def _raw(sample: Sample) -> _Found:
    """Return the best raw format; of several the first is taken."""
    return _best(sample, RAW)._replace(alike=())


def _heaviest(found: Iterable[_Found]) -> _Found:
    # Of several that ask for as much, max returns the first.
    return max(found, key=lambda each: each.weight, default=_NONE)


def _weight(signs: tuple[Sign, ...], sample: Sample) -> float:
    return max((sign.weight for sign in signs if sign.score(sample) == 1), default=0)


def _not_recognised(sample: Sample, *, raw_too: bool) -> str:
    if not sample.records and _LIKE_JSON.match(sample.head):
        return "begins like JSON, but it is cut off or damaged; get the file again"
    if sample.head.strip() in _EMPTY_JSON:
        return "is JSON without a record in it"
    if raw_too and not sample.records and not _is_text(sample):
        return "is binary; give a text, a web page, or JSON with texts in it"
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
        + ("" if raw_too else _if_raw(sample))
    )


def _if_raw(sample: Sample) -> str:
    """Return what to do with a file that may hold raw articles; nothing for one that does not."""
    if not sample.records:
        return f"; if it is a text, {RUN_A_TOOL}"
    has_texts = _best(sample, RAW).format is not None
    return f"; if its texts are raw articles, {RUN_A_TOOL}" if has_texts else ""


def sample_of(source: Source | Folder) -> Sample:
    """Return the beginning of a file, or the names in a folder."""
    if isinstance(source, Folder):
        tables = source.first_lines((".csv", ".tsv"))
        return Sample(source.name, names=frozenset(source.names), tables=tables)
    for size in (_SAMPLE, max(_SAMPLE, source.limit.article)):
        head, is_whole = source.sample(size, to_line_end=size == _SAMPLE)
        records, is_cut = _records(head.decode("utf-8", "replace"), is_whole=is_whole)
        sample = Sample(source.name, _without_stated_line(head), tuple(records))
        # Of a long record of a format that is not read the beginning is enough.
        if not is_cut or any(_weight(each.signs, sample) >= SURE for each in UNREAD):
            break
    return sample


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
        except json.JSONDecodeError as error:
            newline = text.find("\n", place)
            goes_on = newline < 0 or place == 1 or _is_cut(error, text)
            if not is_whole and not values and goes_on:
                return [_completed(text[place:])], True
            # A line that is no JSON says nothing about the others.
            missed += 1
            if newline < 0:
                break
            place = newline + 1
    return [each for each in values if isinstance(each, (dict, list))], False


def _is_cut(error: json.JSONDecodeError, text: str) -> bool:
    """Tell whether JSON is right up to the end of a text, and goes on behind it."""
    # A number or a word such as "false" may be torn.
    return error.pos >= len(text) - _TORN or error.msg.startswith("Unterminated")


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
