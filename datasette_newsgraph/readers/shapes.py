"""Decode a tool's JSON into the shape that its reader declares.

A reader states what it reads as ``msgspec`` structs (``Shape``), every field with a default: fields
that it does not know are passed over, a field of a wrong type makes the record a reject whose reason
names the place (``Expected `int`, got `str` - at `$.ents[0].start```).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from datasette_newsgraph.errors import RecordError

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_Decoded = TypeVar("_Decoded")
#: Python refuses to read much longer numbers, and no offset has so many digits.
MAX_DIGITS = 400


class Shape(msgspec.Struct, gc=False):
    """The base of all structs that say what a tool writes."""


def decode(raw: bytes, shape: type[_Decoded]) -> _Decoded:
    """Return one JSON value as ``shape``.

    NaN and infinite numbers become null, NUL and lone surrogates U+FFFD, one for one, so that no
    offset shifts; whole numbers may be written as strings or as 12.0. Raises RecordError.
    """
    if b"\\u0000" not in raw:
        try:
            return msgspec.json.decode(raw, type=shape, strict=False)
        except msgspec.ValidationError as error:
            raise RecordError(f"not of this format: {error}") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
    return _decode_leniently(raw, shape)


def _decode_leniently(raw: bytes, shape: type[_Decoded]) -> _Decoded:
    with refusing("record", "not of this format"):
        given = json.loads(
            raw.decode("utf-8"),
            parse_constant=lambda _: None,
            parse_float=_finite,
            parse_int=_whole,
        )
        return msgspec.convert(writable(given), shape, strict=False)


@contextmanager
def refusing(unit: str, otherwise: str) -> Iterator[None]:
    """Make a RecordError of what decoding raises: ``unit`` is what bytes are counted in, ``otherwise``
    what JSON of another shape is.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise RecordError(f"not UTF-8: byte {error.start + 1} of the {unit}") from error
    except json.JSONDecodeError as error:
        # Some of Python's messages end in "at" already.
        what = error.msg.removesuffix(" at")
        raise RecordError(f"not JSON: {what} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise RecordError("nested too deeply") from error
    except msgspec.ValidationError as error:
        raise RecordError(f"{otherwise}: {error}") from error


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None


def _whole(text: str) -> int | None:
    return int(text) if len(text) <= MAX_DIGITS else None


def writable(value: Any) -> Any:
    """Return builtins with what SQLite or UTF-8 cannot hold replaced, one for one, by U+FFFD."""
    if isinstance(value, str):
        return _UNWRITABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [writable(each) for each in value]
    if isinstance(value, dict):
        return {writable(name): writable(each) for name, each in value.items()}
    return value


def decode_text(raw: bytes) -> str:
    """Return UTF-8 bytes as text, without a byte order mark and with NUL replaced.

    Raises RecordError that names the byte which is not UTF-8.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordError(f"not UTF-8: byte {error.start + 1} of the record") from error
    return text.removeprefix("\ufeff").replace("\0", "\ufffd")
