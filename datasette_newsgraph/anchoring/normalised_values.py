"""Tell whether words are a form of a normalised value: "January 1961" of 1961-01-01T00:00:00Z."""

from __future__ import annotations

import datetime
import re

from datasette_newsgraph.anchoring.thresholds import LONGEST_VALUE

_DATE = re.compile(
    r"[+-]?([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T[0-9:.]*(?:Z|[+-][0-9:]+)?)?"
)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[,' ][0-9]{3})*(?:\.[0-9]+)?")
_DIGITS = re.compile(r"[0-9]+")
_MONTHS = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sept sep",
    "october oct",
    "november nov",
    "december dec",
)
_DAYS = (
    "monday mon",
    "tuesday tues tue",
    "wednesday wed",
    "thursday thurs thur thu",
    "friday fri",
    "saturday sat",
    "sunday sun",
)
#: What is a name or another word too; it needs a number beside it.
_AMBIGUOUS = frozenset(["may", "mar", "jan", "mon", "wed", "sat", "sun"])


def _numbered(names: tuple[str, ...], first: int) -> dict[str, int]:
    return {each: number for number, line in enumerate(names, first) for each in line.split()}


_MONTH_OF, _DAY_OF = _numbered(_MONTHS, 1), _numbered(_DAYS, 0)
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}


def is_value(surface: str) -> bool:
    """Tell whether a surface is a date of ISO 8601 or a number."""
    return len(surface) <= LONGEST_VALUE and bool(
        _DATE.fullmatch(surface) or _NUMBER.fullmatch(surface)
    )


def reads_value(words: str, value: str) -> bool:
    """Tell whether ``words`` are a form of ``value``; those that leave parts of it out are."""
    if not words.strip() or len(words) > LONGEST_VALUE or len(value) > LONGEST_VALUE:
        return False
    date = _DATE.fullmatch(value)
    return (date is not None and _reads_date(words, date)) or _reads_number(words, value)


def _reads_date(words: str, date: re.Match[str]) -> bool:
    year, month, day = (int(part) if part else None for part in date.groups())
    assert year is not None
    numbers = [int(digits[:9]) for digits in _DIGITS.findall(words)]
    names = re.findall(r"[^\W\d_]+", words.lower())
    if not numbers:
        names = [each for each in names if each not in _AMBIGUOUS]
    months = [_MONTH_OF[each] for each in names if each in _MONTH_OF]
    if months and month is not None and month not in months:
        return False
    if year in numbers:
        return not set(numbers) - {year, month, day, year % 100}
    if numbers and day not in numbers:
        return False
    if months and months[0] == month:
        return True
    days = [_DAY_OF[each] for each in names if each in _DAY_OF]
    return bool(days) and days[0] == _weekday(year, month, day)


def _weekday(year: int, month: int | None, day: int | None) -> int | None:
    if month is None or day is None:
        return None
    try:
        return datetime.date(year, month, day).weekday()
    except ValueError:
        return None


def _reads_number(words: str, value: str) -> bool:
    given = _amount(value)
    if given is None:
        return False
    for match in _NUMBER.finditer(words):
        amount = _amount(match.group())
        if amount is None:
            continue
        behind = words[match.end() :].split()
        power = _SCALES.get(behind[0].lower().strip(".,"), 0) if behind else 0
        if given in (amount, amount * 10**power):
            return True
    return False


def _amount(number: str) -> float | None:
    return float(re.sub("[,' ]", "", number)) if _NUMBER.fullmatch(number) else None
