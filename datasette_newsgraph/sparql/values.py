"""What literals are worth: equal, less, true, and in order.

SPARQL 1.1 section 17.3 (operators), 17.2.2 (effective boolean value) and 15.1 (order); XML Schema 1.1
Part 2, section E.3.3 for dates with and without a timezone. Where these leave it open, literals of
types that cannot be compared are not equal and have no order; ORDER BY has a place for each.
"""

from __future__ import annotations

import re
import struct
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from rdflib.term import Identifier, Literal

from datasette_newsgraph.sparql.forms import STRING, decode
from datasette_newsgraph.vocabulary import PREFIXES

XSD = PREFIXES["xsd"]
BOOLEAN, INTEGER, DECIMAL = XSD + "boolean", XSD + "integer", XSD + "decimal"
DOUBLE, FLOAT = XSD + "double", XSD + "float"
_INTEGERS = frozenset(
    XSD + name
    for name in [
        "integer",
        "long",
        "int",
        "short",
        "byte",
        "nonNegativeInteger",
        "positiveInteger",
        "nonPositiveInteger",
        "negativeInteger",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
    ]
)
#: The datatypes of numbers.
NUMBERS = _INTEGERS | {DECIMAL, DOUBLE, FLOAT}
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DOUBLE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN", re.ASCII)
_ZONE = r"(?P<zone>Z|[+-]\d\d:\d\d)?"
_DAY = r"(?P<year>-?\d{4,})-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d(?:\.\d+)?)"
_DATES = {
    XSD + name: re.compile(pattern + _ZONE, re.ASCII)
    for name, pattern in {
        "dateTime": f"{_DAY}T{_TIME}",
        "date": _DAY,
        "gYearMonth": r"(?P<year>-?\d{4,})-(?P<month>\d\d)",
        "gYear": r"(?P<year>-?\d{4,})",
        "time": _TIME,
    }.items()
}
#: Seconds by which a time without a timezone may be off.
_UNSURE = 14 * 3600


class Moment(NamedTuple):
    """A date or time as seconds, and whether it has a timezone."""

    datatype: str
    seconds: Fraction
    is_zoned: bool


class Tagged(NamedTuple):
    """A string in a language."""

    language: str
    text: str


class Unknown(NamedTuple):
    """A literal of a datatype that is not known here, or that its text is none of."""

    datatype: str
    text: str


#: What a literal is worth.
Worth = str | bool | int | float | Decimal | Moment | Tagged | Unknown


def worth(term: Literal) -> Worth:
    """Return what a literal is worth."""
    return _worth(str(term), str(term.datatype or ""), term.language or "")


@lru_cache(maxsize=16384)
def _worth(text: str, datatype: str, language: str) -> Worth:
    if language:
        return Tagged(language.lower(), text)
    if datatype in ("", STRING):
        return text
    if datatype in _INTEGERS:
        return int(text) if _INTEGER.fullmatch(text) else Unknown(datatype, text)
    if datatype == DECIMAL and _DECIMAL.fullmatch(text):
        return Decimal(text)
    if datatype in (DOUBLE, FLOAT) and _DOUBLE.fullmatch(text):
        number = float(text)
        return struct.unpack("f", struct.pack("f", number))[0] if datatype == FLOAT else number
    if datatype == BOOLEAN and text in ("true", "1", "false", "0"):
        return text in ("true", "1")
    if datatype in _DATES:
        found = _DATES[datatype].fullmatch(text)
        moment = found and _moment(datatype, found.groupdict())
        if moment:
            return moment
    return Unknown(datatype, text)


def _moment(datatype: str, parts: dict[str, Any]) -> Moment | None:
    year = int(parts.get("year") or 1972)
    month, day = int(parts.get("month") or 1), int(parts.get("day") or 1)
    hour, minute = int(parts.get("hour") or 0), int(parts.get("minute") or 0)
    second = Fraction(parts.get("second") or 0)
    if not (1 <= month <= 12 and 1 <= day <= _days_of(year, month)):
        return None
    if not (hour <= 23 or (hour == 24 and minute == second == 0)) or minute > 59 or second >= 60:
        return None
    seconds = Fraction(_days(year, month, day) * 86400 + hour * 3600 + minute * 60) + second
    zone = parts.get("zone")
    if zone and zone != "Z":
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        if hours > 14 or minutes > 59:
            return None
        seconds -= (1 if zone[0] == "+" else -1) * (hours * 3600 + minutes * 60)
    return Moment(datatype, seconds, zone is not None)


def _days_of(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _days(year: int, month: int, day: int) -> int:
    """Return the number of a day in the Gregorian calendar, before it too."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def equal(one: Identifier, other: Identifier) -> bool | None:
    """Return whether two terms are equal; None for a type error."""
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        return type(one) is type(other) and one == other
    a, b = worth(one), worth(other)
    if _is_number(a) and _is_number(b):
        return _as_one(a, b, lambda x, y: bool(x == y))
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        if a == b:
            return True
        # A string in a language is no other literal for certain.
        return False if isinstance(a, Tagged) or isinstance(b, Tagged) else None
    return type(a) is type(b) and a == b


def less(one: Identifier, other: Identifier) -> bool | None:
    """Return whether a literal is less than another; None for a type error."""
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        return None
    return _less(worth(one), worth(other))


def _less(a: Any, b: Any) -> bool | None:
    if _is_number(a) and _is_number(b):
        return _as_one(a, b, lambda x, y: bool(x < y))
    if isinstance(a, Moment) and isinstance(b, Moment):
        if a.datatype != b.datatype:
            return None
        if a.is_zoned == b.is_zoned:
            return a.seconds < b.seconds
        if abs(a.seconds - b.seconds) <= _UNSURE:
            return None
        return a.seconds < b.seconds
    if isinstance(a, Tagged) and isinstance(b, Tagged):
        return a.text < b.text if a.language == b.language else None
    if type(a) is type(b) and isinstance(a, str | bool):
        return bool(a < b)
    return None


def _as_one(a: Any, b: Any, compare: Any) -> bool:
    """Compare numbers as SPARQL promotes them: a double with anything is compared as doubles."""
    if isinstance(a, float) or isinstance(b, float):
        a, b = _float(a), _float(b)
    return bool(compare(a, b))


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def truth(term: Identifier | None) -> bool | None:
    """Return the effective boolean value of a term; None for a type error."""
    if not isinstance(term, Literal):
        return None
    value = worth(term)
    if isinstance(value, bool):
        return value
    if _is_number(value):
        return bool(value) and value == value
    if isinstance(value, str):
        return value != ""
    if isinstance(value, Unknown) and (value.datatype == BOOLEAN or value.datatype in NUMBERS):
        return False
    return None


@lru_cache(maxsize=16384)
def order_of(encoded: str | None) -> bytes | None:
    """Return bytes that stand in the order of terms: IRIs, then literals by kind and by value."""
    if encoded is None:
        return None
    term = decode(encoded)
    if not isinstance(term, Literal):
        return b"1" + str(term).encode()
    value = worth(term)
    if isinstance(value, str):
        return b"2s" + value.encode()
    if isinstance(value, bool):
        return b"2b1" if value else b"2b0"
    if _is_number(value):
        return b"2n" + _in_order(_float(value))
    if isinstance(value, Moment):
        return b"2t" + value.datatype.encode() + b"\0" + _in_order(float(value.seconds))
    if isinstance(value, Tagged):
        return b"2u" + value.text.encode() + b"\0" + value.language.encode()
    assert isinstance(value, Unknown)
    return b"2x" + value.datatype.encode() + b"\0" + value.text.encode()


def _in_order(number: float) -> bytes:
    """Return eight bytes in the order of numbers."""
    if number == 0:
        number = 0.0
    bits: int = struct.unpack(">Q", struct.pack(">d", number))[0]
    return struct.pack(">Q", bits ^ (0xFFFFFFFFFFFFFFFF if bits >> 63 else 1 << 63))


def number_of(term: Identifier | None) -> int | float | Decimal | None:
    """Return the number that a term is; None where it is none."""
    value = worth(term) if isinstance(term, Literal) else None
    return value if _is_number(value) else None  # type: ignore[return-value]  # it has just been seen


def literal_of_number(value: int | float | Decimal) -> Literal:
    """Return a number as a literal."""
    if isinstance(value, float):
        text = repr(value).replace("inf", "INF").replace("nan", "NaN")
        return Literal(text, datatype=_uri(DOUBLE), normalize=False)
    if isinstance(value, Decimal):
        text = format(value, "f")
        if "." in text:
            text = text.rstrip("0").rstrip(".") or "0"
        return Literal(text, datatype=_uri(DECIMAL), normalize=False)
    return Literal(str(value), datatype=_uri(INTEGER), normalize=False)


def _uri(text: str) -> Any:
    from rdflib import URIRef

    return URIRef(text)
