"""Values of Neo4j's own types, as its drivers and its interfaces write them in JSON."""

from __future__ import annotations

from typing import Any

#: The numbers of a date, and the reference system of degrees on the Earth.
_DATE = ("year", "month", "day")
_DEGREES = (4326, 4979)


def plain_properties(given: dict[str, Any]) -> dict[str, Any]:
    """Return properties with numbers and dates that are plain, and a point as its coordinates.

    >>> plain_properties({"born": {"low": 1950, "high": 0}})
    {'born': 1950}
    >>> plain_properties({"on": {"$type": "Date", "_value": "2014-02-22"}})
    {'on': '2014-02-22'}
    >>> plain_properties({"since": {"year": 2003, "month": 4, "day": 19}})
    {'since': '2003-04-19'}
    >>> plain_properties({"at": {"srid": 4326, "x": 36.2, "y": 49.9}})
    {'longitude': 36.2, 'latitude': 49.9}
    """
    found: dict[str, Any] = {}
    for key, value in given.items():
        plain = _plain(value)
        if isinstance(plain, dict) and _number(plain.get("srid")) in _DEGREES:
            found |= {"longitude": plain.get("x"), "latitude": plain.get("y")}
        else:
            found[key] = plain
    return found


def _plain(value: Any) -> Any:
    """Return a value, or each of a list; what is of no type that is known stays as it is."""
    if isinstance(value, list):
        return [_one(each) for each in value]
    return _one(value)


def _one(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "$type" in value and isinstance(value.get("_value"), (str, int, float, bool)):
        return value["_value"]
    number = _number(value)
    if number is not None:
        return number
    year, month, day = (_number(value.get(key)) for key in _DATE)
    if year is None or month is None or day is None or not 0 < year < 10_000:
        return value
    return f"{year:04}-{month:02}-{day:02}"


def _number(given: Any) -> int | None:
    """Return an integer, of which the drivers for JavaScript make two numbers."""
    if isinstance(given, dict) and given.keys() == {"low", "high"}:
        low, high = given["low"], given["high"]
        if isinstance(low, int) and isinstance(high, int):
            return (high << 32) + (low & 0xFFFFFFFF) if abs(high) < 1 << 31 else None
        return None
    return given if isinstance(given, int) and not isinstance(given, bool) else None
