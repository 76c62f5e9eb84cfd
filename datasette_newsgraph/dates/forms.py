"""Read dates in the forms that tools and publishers write: ISO 8601, RFC 822, names of months.

A form is read only where it can mean one day. ``05/03/2019`` may be of March or of May: what of the two
comes first ``order`` finds in all dates of a file. A number of seconds is no date, as it may be any
number, and a weekday that is another than that of the date makes the date none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from datasette_newsgraph.dates import LONGEST, day_of, is_date

#: Why words are no date.
DAY_OR_MONTH = "day or month first?"
NOT_IN_CALENDAR = "not in the calendar"
OTHER_WEEKDAY = "of another weekday"
NO_SUCH_TIME = "no such time of day"
SHORT_YEAR = "a year of two digits"
BEFORE_YEAR_1 = "before the year 1"
A_NUMBER = "a number, perhaps of seconds"
NO_DATE = "no date in a form that is known"

_MONTHS = [
    *("january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul"),
    *("august|aug", "september|sept|sep", "october|oct", "november|nov", "december|dec"),
]
_WEEKDAYS = [
    *("monday|mon", "tuesday|tues|tue", "wednesday|wed", "thursday|thurs|thur|thu", "friday|fri"),
    *("saturday|sat", "sunday|sun"),
]


def _numbers(lines: list[str], first: int) -> dict[str, int]:
    return {name: number for number, line in enumerate(lines, first) for name in line.split("|")}


_MONTH_OF, _WEEKDAY_OF = _numbers(_MONTHS, 1), _numbers(_WEEKDAYS, 0)

_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)})\.?,?\s+)?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\.?"
_DAY = r"(?P<day>\d{1,2})"
_NTH = rf"{_DAY}(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?:(?P<half>[ap])\.?m\.?)?"
)
#: A name of a zone says no more than that the time is that of a place.
_ZONE = (
    r"\s*(?:(?P<utc>Z|UTC|UT|GMT)?(?P<offset>[+-]\d\d:?\d\d)?|[A-Z]{2,5})"
    r"\s*(?:\[[\w/+-]+\]|\([\w ]*\))?"
)
_TIME = rf"(?:(?:T|,?\s+(?:at\s+)?){_CLOCK}{_ZONE})?"
_FORMS = [
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<mark>[-/])(?P<month>\d{{1,2}})(?P=mark){_DAY}{_TIME}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)"
        r"(?:T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<utc>Z)?(?P<offset>[+-]\d{4})?)?",
        rf"{_YEAR}-?W(?P<week>\d\d)-?(?P<day_of_week>[1-7])",
        rf"{_YEAR}-(?P<day_of_year>\d{{3}})",
        # Of RFC 822 and 2822, with a comma or a point as people write it.
        rf"{_WEEKDAY}{_NTH}\.?(?:\s+of)?[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}}|\d\d){_TIME}",
        rf"{_WEEKDAY}{_MONTH}\s+{_NTH},?\s+{_YEAR}{_TIME}",
        rf"{_MONTH},?\s+{_YEAR}",
        # Of asctime in C, where the year stands last.
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}{_ZONE}\s+{_YEAR}",
        rf"{_YEAR}\s*[年년](?:\s*(?P<month>\d{{1,2}})\s*[月월](?:\s*{_DAY}\s*[日일](?:\s*{_CLOCK})?)?)?",
    )
]
_TWO_WAYS = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<mark>[./-])(?P<b>\d{{1,2}})(?P=mark){_YEAR}{_TIME}"
    rf"|(?P<y>\d{{4}})(?P<dot>\.)(?P<c>\d{{1,2}})(?P=dot)(?P<d>\d{{1,2}})",
    re.ASCII | re.IGNORECASE,
)
_BEFORE_YEAR_1 = re.compile(
    r"-\d{4,}(?:-.*)?|\d+\s*(?:BC|BCE|B\.\s?C\.(?:\s?E\.)?)", re.ASCII | re.DOTALL
)
_SHORT = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d\d", re.ASCII)
_SECONDS = re.compile(r"\d{9,}(?:\.\d+)?", re.ASCII)


class TwoWays(NamedTuple):
    """A date of which the day or the month comes first. ``form`` tells dates of one form: ``d/m/y``.
    A way in which it is no date is None.
    """

    form: str
    day_first: str | None
    month_first: str | None


class Reading(NamedTuple):
    """What words say: a date as it is stored; or else why they are none."""

    date: str | None
    reason: str = ""
    two_ways: TwoWays | None = None


def read_date(words: str) -> Reading:
    """Return the date that ``words`` are, with the time of day if they have one.

    >>> read_date("Tue, 05 Mar 2019 10:00:00 GMT").date, read_date("March 5, 2019").date
    ('2019-03-05T10:00:00Z', '2019-03-05')
    >>> read_date("05/03/2019").reason
    'day or month first?'
    """
    words = words.strip()
    return _read(words) if len(words) <= LONGEST else Reading(None, NO_DATE)


def read_day(words: str) -> str | None:
    """Return the day, month or year that ``words`` are, without a time of day, or None."""
    found = read_date(words).date
    return found and day_of(found)


def first_date(given: Iterable[str]) -> str | None:
    """Return the day, month or year of the first of several words that is a date, or the words if the
    other dates of the file are to tell which; else the first words that say anything.
    """
    said = [words.strip() for words in given if any(map(str.isalnum, words))]
    dated = (read_day(words) or words for words in said if may_be_date(words))
    return next(dated, next(iter(said), None))


def may_be_date(words: str) -> bool:
    """Tell whether ``words`` are a date, or one of two dates."""
    found = read_date(words)
    return found.date is not None or found.two_ways is not None


@lru_cache(maxsize=8192)
def _read(words: str) -> Reading:
    if is_date(words):
        return Reading(words)
    if _BEFORE_YEAR_1.fullmatch(words):
        return Reading(None, BEFORE_YEAR_1)
    for form in _FORMS:
        if found := form.fullmatch(words):
            return _of_parts(found.groupdict())
    if found := _TWO_WAYS.fullmatch(words):
        return _of_two_ways(found.groupdict())
    if _SHORT.fullmatch(words):
        return Reading(None, SHORT_YEAR)
    return Reading(None, A_NUMBER if _SECONDS.fullmatch(words) else NO_DATE)


def _of_two_ways(parts: dict[str, str | None]) -> Reading:
    one, other = parts["a"] or parts["c"], parts["b"] or parts["d"]
    time = {**parts, "year": parts["year"] or parts["y"]}
    day_first = _of_parts({**time, "day": one, "month": other}).date
    month_first = _of_parts({**time, "day": other, "month": one})
    if day_first == month_first.date:
        return month_first
    mark = parts["mark"]
    form = f"d{mark}m{mark}y" if mark else "y.m.d"
    return Reading(None, DAY_OR_MONTH, TwoWays(form, day_first, month_first.date))


def _of_parts(parts: dict[str, str | None]) -> Reading:
    """Return the date of the parts that a form has."""
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        if not parts["weekday"]:
            return Reading(None, SHORT_YEAR)
        # As RFC 2822 has it, section 4.3.
        year += 2000 if year < 50 else 1900
    try:
        day = _day(year, parts)
    except ValueError:
        return Reading(None, NOT_IN_CALENDAR)
    weekday = parts.get("weekday")
    if weekday and day.weekday() != _WEEKDAY_OF[weekday.lower()]:
        return Reading(None, OTHER_WEEKDAY)
    if not parts.get("month") and not parts.get("week") and not parts.get("day_of_year"):
        return Reading(f"{year:04}")
    if parts.get("month") and not parts.get("day"):
        return Reading(f"{year:04}-{day.month:02}")
    found = day.isoformat() + _time(parts)
    return Reading(found) if is_date(found) else Reading(None, NO_SUCH_TIME)


def _day(year: int, parts: dict[str, str | None]) -> date:
    """Return the day, the first one of a month or year; raises ValueError if there is none."""
    if week := parts.get("week"):
        return date.fromisocalendar(year, int(week), int(parts["day_of_week"] or 0))
    if ordinal := parts.get("day_of_year"):
        day = date.fromordinal(date(year, 1, 1).toordinal() + int(ordinal) - 1)
        if day.year != year:
            raise ValueError(ordinal)
        return day
    month = (parts.get("month") or "1").lower()
    number = _MONTH_OF.get(month) or int(month)
    return date(year, number, int(parts.get("day") or 1))


def _time(parts: dict[str, str | None]) -> str:
    """Return the time of day with its zone, as it is stored; nothing if there is none."""
    if not parts.get("hour"):
        return ""
    hour, second = int(parts["hour"] or 0), parts.get("second") or "00"
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            # An hour that no day has, so that it is refused.
            return "T"
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    if second == "60":
        # A leap second, which XML Schema does not know.
        return ""
    part = f".{parts['part']}" if parts.get("part") else ""
    offset = (parts.get("offset") or "").replace(":", "")
    if offset and offset != "-0000":
        zone = f"{offset[:3]}:{offset[3:]}"
    else:
        zone = "Z" if parts.get("utc") and not offset else ""
    return f"T{hour:02}:{parts['minute']}:{second}{part}{zone}"
