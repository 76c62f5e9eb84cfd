"""What a date is: how it is stored, how precise it is, what it sorts by.

A date is stored as a year, a month, a day, or a day with a time of it: ``2021``, ``2021-07``,
``2021-07-18``, ``2021-07-18T10:00:00Z``. It is of the Gregorian calendar and of the years 1 to 9999,
so that dates sort by their characters, a month before its days. What is given in other forms is read
by ``forms``; what is none of these has no part in periods, months and sorting.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache
from typing import Literal

Precision = Literal["year", "month", "day", "time"]

_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
#: As XML Schema writes dates: a year may have a sign, and more digits than four.
_DATE = re.compile(
    r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01])"
    rf"(?P<time>T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?){_ZONE})?)?)?",
    re.ASCII,
)
#: Code points of what can be a date; to look at longer words would take time and find none.
LONGEST = 60


@lru_cache(maxsize=8192)
def precision_of(text: str) -> Precision | None:
    """Return the precision of a date as ISO 8601 and XML Schema write it; None if it is no date of the
    calendar. Years before the year 1 and behind the year 9999 are years too.

    >>> precision_of("2021"), precision_of("2021-07"), precision_of("2021-02-30")
    ('year', 'month', None)
    """
    found = _DATE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or not found["year"].strip("-0"):
        return None
    if found["month"] is None:
        # "20240501" is a date without its hyphens rather than a year.
        return "year" if len(found["year"].lstrip("-")) == 4 else None
    if found["day"] is None:
        return "month"
    # The calendar repeats every 400 years: four digits tell it all, and 2000 is as the year 0.
    year = int(found["year"][-4:]) or 2000
    if int(found["day"]) > calendar.monthrange(year, int(found["month"]))[1]:
        return None
    return "day" if found["time"] is None else "time"


def is_date(text: str) -> bool:
    """Tell whether ``text`` is a date as it is stored."""
    return precision_of(text) is not None and text[4:5] in ("", "-") and text[0] != "-"


def day_of(date: str) -> str:
    """Return a date without the time of day.

    >>> day_of("2021-07-18T10:00:00Z"), day_of("2021-07")
    ('2021-07-18', '2021-07')
    """
    return date[:10]


def date_and_words(given: str | None) -> tuple[str | None, str | None]:
    """Return what is given for a date in two parts, of which one is None: the date as it is stored, or
    the words that are none.
    """
    if not given:
        return None, None
    return (given, None) if is_date(given) else (None, given)
