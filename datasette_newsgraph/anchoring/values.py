"""Tell whether words are a form of a normalised value: "January 1961" of 1961-01-01T00:00:00Z."""

from __future__ import annotations

import datetime
import re

_DATE = re.compile(
    r"[+-]?([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T[0-9:.]*(?:Z|[+-][0-9:]+)?)?"
)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[,' ][0-9]{3})*(?:\.[0-9]+)?")
_DIGITS = re.compile(r"[0-9]+")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_LONGEST = 80


def is_value(surface: str) -> bool:
    """Tell whether a surface is a date of ISO 8601 or a number."""
    return len(surface) <= _LONGEST and bool(_DATE.fullmatch(surface) or _NUMBER.fullmatch(surface))


def reads_value(words: str, value: str) -> bool:
    """Tell whether ``words`` are a form of ``value``; those that leave parts of it out are."""
    if not words.strip() or len(words) > _LONGEST or len(value) > _LONGEST:
        return False
    date = _DATE.fullmatch(value)
    return (date is not None and _reads_date(words, date)) or _reads_number(words, value)


def _reads_date(words: str, date: re.Match[str]) -> bool:
    year, month, day = (int(part) if part else None for part in date.groups())
    assert year is not None
    lowered = words.lower()
    numbers = [int(digits[:9]) for digits in _DIGITS.findall(words)]
    initials = {word[:3] for word in re.findall(r"[^\W\d_]{3,}", lowered)}
    months = [number for number, name in enumerate(_MONTHS, 1) if name in initials]
    has_year = year in numbers
    if months and month is not None and month not in months:
        return False
    if has_year:
        others = set(numbers) - {year, month, day, year % 100}
        return not others
    if months and months[0] == month:
        return not numbers or day in numbers
    return not numbers and _is_weekday(initials, year, month, day)


def _is_weekday(initials: set[str], year: int, month: int | None, day: int | None) -> bool:
    if month is None or day is None:
        return False
    try:
        return _DAYS[datetime.date(year, month, day).weekday()] in initials
    except ValueError:
        return False


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
