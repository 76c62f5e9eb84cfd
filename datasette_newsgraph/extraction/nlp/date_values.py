"""What the words of a date mean, seen from the day on which the article was published.

A weekday is the nearest one that is past, the day of publication included; it is the next one where
the words around it speak of what will be. A day of a month without a year is of the year that brings it
nearest. What is relative has no value where the day of publication is not known.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import NamedTuple

from datasette_newsgraph.dates import is_date
from datasette_newsgraph.dates.forms import read_day
from datasette_newsgraph.extraction.nlp.date_words import (
    FEASTS,
    MONTH_OF,
    NUMBERS,
    SEASONS,
    WEEKDAY_OF,
    DateWords,
)


class Value(NamedTuple):
    """A day, month or year, as it is stored; the last one of a period; or a length, as ``P20Y``."""

    start: str | None = None
    end: str | None = None
    length: str | None = None


NONE = Value()
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_DECADES = {
    name: year
    for year, name in zip(
        range(1920, 2000, 10),
        [
            "twenties",
            "thirties",
            "forties",
            "fifties",
            "sixties",
            "seventies",
            "eighties",
            "nineties",
        ],
        strict=True,
    )
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
_CENTURIES = {
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "twenty-first": 21,
}
_FEW = re.compile(r"\b(?:few|several|couple|many|some|dozens)\b")


def value_of(words: DateWords, published: str | None, *, is_future: bool = False) -> Value:
    """Return what the words of a date mean; an empty value where that cannot be told.

    ``is_future``: whether the words around speak of what will be.
    """
    try:
        found = _Reader(words, published, is_future=is_future).read()
    except (ValueError, OverflowError):
        return NONE
    # A day that the calendar has not, or of a year that it has not: after 9999, say.
    return found if all(is_date(each) for each in (found.start, found.end) if each) else NONE


class _Reader:
    def __init__(self, words: DateWords, published: str | None, *, is_future: bool) -> None:
        self.words = re.sub(r"[’‘]", "'", words.words.lower())
        self.form = words.form
        self.is_future = is_future
        #: The day of publication, if that is known to the day; its year, if that is known.
        self.today = (
            date.fromisoformat(published[:10]) if published and len(published) >= 10 else None
        )
        self.year = int(published[:4]) if published and published[:4].isdigit() else None
        found = _YEAR.search(self.words)
        self.given_year = int(found[0]) if found else None

    def read(self) -> Value:
        read = getattr(self, f"_{self.form}", None)
        found: Value = read() if read is not None else NONE
        return found

    def _dmy(self) -> Value:
        return Value(read_day(self._without_weekday(self.words.replace(" of ", " "))))

    def _mdy(self) -> Value:
        return Value(read_day(self._without_weekday(self.words)))

    @staticmethod
    def _without_weekday(words: str) -> str:
        # A weekday that is wrong by mistake does not make the day another.
        return re.sub(
            r"^[a-z]+day,?\s|^(?:mon|tues?|wed|thur?s?|fri|sat|sun)\b\.?,?\s(?:the\s)?", "", words
        )

    def _iso(self) -> Value:
        return Value(read_day(self.words))

    def _mdd(self) -> Value:
        month = self._month_number()
        first, last = (
            int(each) for each in re.findall(r"\d{1,2}", re.sub(_YEAR, "", self.words))[:2]
        )
        start = self._day(self.given_year, month, first)
        if start.start is None:
            return NONE
        return Value(start.start, f"{start.start[:8]}{last:02}" if last > first else None)

    def _dm(self) -> Value:
        digits = re.search(r"\d+", self.words)
        assert digits is not None
        return self._day(None, self._month_number(), int(digits[0]))

    _md = _dm

    def _day(self, year: int | None, month: int, day: int) -> Value:
        if year is not None:
            return Value(date(year, month, day).isoformat())
        if self.today is None:
            if self.year is None:
                return NONE
            return (
                Value(date(self.year, month, day).isoformat()) if month != 2 or day < 29 else NONE
            )
        near = []
        for each in (self.today.year - 1, self.today.year, self.today.year + 1):
            if day <= calendar.monthrange(each, month)[1]:
                near.append(date(each, month, day))
        today = self.today
        if self.is_future:
            near = [each for each in near if each >= today] or near
        return Value(min(near, key=lambda each: abs(each - today)).isoformat()) if near else NONE

    def _month_number(self) -> int:
        return next(
            MONTH_OF[word] for word in re.findall(r"[a-z]+", self.words) if word in MONTH_OF
        )

    def _my(self) -> Value:
        return Value(f"{self.given_year:04}-{self._month_number():02}")

    def _month(self) -> Value:
        if self.year is None:
            return NONE
        month = self._month_number()
        if self.today is None:
            return NONE
        year = self.today.year
        # The nearest month of that name, the next one only where the words speak of it.
        if month > self.today.month and not self.is_future and month - self.today.month > 6:
            year -= 1
        elif month < self.today.month and self.is_future and self.today.month - month > 2:
            year += 1
        return Value(f"{year:04}-{month:02}")

    def _rel_month(self) -> Value:
        if self.today is None:
            return NONE
        month, year = self._month_number(), self.today.year
        if self.words.startswith("last") and month >= self.today.month:
            year -= 1
        elif self.words.startswith("next") and month <= self.today.month:
            year += 1
        return Value(f"{year:04}-{month:02}")

    def _quarter(self) -> Value:
        number = next(_ORDINALS[word] for word in self.words.split() if word in _ORDINALS)
        length = 6 if "half" in self.words else 3
        number = 2 if length == 6 and number > 2 else number
        return self._months(self.given_year or 0, (number - 1) * length + 1, length)

    def _season(self) -> Value:
        name = next(each for each in SEASONS if each in self.words.split())
        return self._months(self.given_year or 0, SEASONS[name][0], 3)

    def _rel_season(self) -> Value:
        if self.today is None:
            return NONE
        name = next(each for each in SEASONS if each in self.words.split())
        first, last = SEASONS[name]
        year = self.today.year
        if self.words.startswith("last") and (self.today.month <= last or last < first):
            year -= 1
        elif self.words.startswith("next") and self.today.month >= first:
            year += 1
        return self._months(year, first, 3)

    @staticmethod
    def _months(year: int, first: int, length: int) -> Value:
        last = year * 12 + first - 1 + length - 1
        return Value(f"{year:04}-{first:02}", f"{last // 12:04}-{last % 12 + 1:02}")

    def _year(self) -> Value:
        return Value(f"{self.given_year}")

    def _decade(self) -> Value:
        found = re.search(r"\d+", self.words)
        if found is None:
            start = next(year for name, year in _DECADES.items() if name in self.words)
        else:
            start = int(found[0])
            start += 0 if start > 99 else 1900 if start > 20 else 2000
        first, last = start, start + 9
        if "early" in self.words:
            last = start + 3
        elif "late" in self.words:
            first = start + 6
        elif "mid" in self.words:
            first, last = start + 4, start + 6
        return Value(f"{first:04}", f"{last:04}")

    def _century(self) -> Value:
        found = re.search(r"\d+", self.words)
        number = (
            int(found[0])
            if found
            else next(n for name, n in _CENTURIES.items() if name in self.words)
        )
        return Value(f"{(number - 1) * 100 + 1:04}", f"{number * 100:04}")

    def _begin_end(self) -> Value:
        if self.given_year is not None:
            month = {"end": 12, "middle": 6}.get(self._part(), 1)
            return Value(f"{self.given_year}-{month:02}")
        if self.today is None:
            return NONE
        if "year" in self.words:
            year = self.today.year + ("next" in self.words) - ("last" in self.words)
            return Value(
                {"end": f"{year}-12-31", "middle": f"{year}-06"}.get(self._part(), f"{year}-01-01")
            )
        if "month" in self.words:
            month = self.today.year * 12 + self.today.month - 1
            month += ("next" in self.words) - ("last" in self.words)
            year, number = month // 12, month % 12 + 1
            day = {"end": calendar.monthrange(year, number)[1], "middle": 15}.get(self._part(), 1)
            return Value(f"{year}-{number:02}-{day:02}")
        return NONE

    def _part(self) -> str:
        return next((each for each in ("end", "middle") if each in self.words.split()), "start")

    def _rel_day(self) -> Value:
        if self.today is None:
            return NONE
        words = self.words
        day = next(
            (
                WEEKDAY_OF[each.removesuffix("s")]
                for each in words.split()
                if each.removesuffix("s") in WEEKDAY_OF
            ),
            None,
        )
        if day is not None:
            return Value(self._weekday(day).isoformat())
        shift = 0
        if "before yesterday" in words:
            shift = -2
        elif "after tomorrow" in words:
            shift = 2
        elif "yesterday" in words or "last night" in words:
            shift = -1
        elif "tomorrow" in words:
            shift = 1
        elif "same day" in words:
            return NONE
        return Value((self.today + timedelta(shift)).isoformat())

    def _weekday(self, day: int) -> date:
        assert self.today is not None
        behind = (self.today.weekday() - day) % 7
        if "last week" in self.words:
            return self.today - timedelta(self.today.weekday() + 7 - day)
        if "next week" in self.words:
            return self.today + timedelta(7 - self.today.weekday() + day)
        if self.words.startswith(("next ", "this coming", "this upcoming")):
            return self.today + timedelta((day - self.today.weekday()) % 7 or 7)
        if self.words.startswith("last ") and behind == 0:
            return self.today - timedelta(7)
        # The same day of the week is the day itself, whatever will be on it.
        if self.is_future and behind and not self.words.startswith(("last", "this past")):
            return self.today + timedelta(7 - behind)
        return self.today - timedelta(behind)

    def _rel_unit(self) -> Value:
        if self.today is None:
            if self.year is not None and "year" in self.words:
                return Value(f"{self.year + self._direction():04}")
            return NONE
        today, direction = self.today, self._direction()
        if "year" in self.words:
            return Value(f"{today.year + direction:04}")
        if "month" in self.words:
            month = today.year * 12 + today.month - 1 + direction
            return Value(f"{month // 12:04}-{month % 12 + 1:02}")
        if "weekend" in self.words:
            monday = today - timedelta(today.weekday())
            if direction == 0 and today.weekday() < 3 and not self.is_future:
                direction = -1
            saturday = monday + timedelta(5 + 7 * direction)
            return Value(saturday.isoformat(), (saturday + timedelta(1)).isoformat())
        if "week" in self.words:
            if "past" in self.words:
                return Value((today - timedelta(7)).isoformat(), today.isoformat())
            monday = today - timedelta(today.weekday()) + timedelta(7 * direction)
            return Value(monday.isoformat(), (monday + timedelta(6)).isoformat())
        if "quarter" in self.words:
            number = today.year * 4 + (today.month - 1) // 3 + direction
            return self._months(number // 4, number % 4 * 3 + 1, 3)
        if "decade" in self.words:
            if "past" in self.words or "the last" in self.words:
                return Value(f"{today.year - 10:04}", f"{today.year:04}")
            start = today.year // 10 * 10 + 10 * direction
            return Value(f"{start:04}", f"{start + 9:04}")
        return NONE

    def _direction(self) -> int:
        if re.search(r"\b(?:last|past|previous)\b", self.words):
            return -1
        return 1 if re.search(r"\b(?:next|coming|following)\b", self.words) else 0

    def _count(self) -> int | None:
        if _FEW.search(self.words) and not re.search(r"\bcouple\b", self.words):
            return None
        if "couple" in self.words:
            return 2
        words = re.findall(r"\d+|[a-z]+", self.words)
        return next(
            (
                int(each) if each.isdigit() else NUMBERS[each]
                for each in words
                if each.isdigit() or each in NUMBERS
            ),
            None,
        )

    def _unit(self) -> str:
        found = re.search(
            r"second|minute|hour|day|weekend|week|fortnight|month|quarter|year|decade|centur",
            self.words,
        )
        return found[0] if found else ""

    def _ago(self) -> Value:
        count, unit = self._count(), self._unit()
        if count is None or self.today is None or self.words.endswith(("earlier", "later")):
            # "Two days later" than what, the words do not say.
            return NONE
        sign = -1 if self.words.endswith("ago") else 1
        return Value(self._shifted(sign * count, unit))

    def _shifted(self, count: int, unit: str) -> str | None:
        """Return the day, month or year that is so many units from today, as precise as the unit."""
        assert self.today is not None
        days = {"day": 1, "week": 7, "fortnight": 14, "weekend": 7}
        if unit in days:
            return (self.today + timedelta(days[unit] * count)).isoformat()
        if unit in ("second", "minute", "hour"):
            return (self.today + timedelta(hours=count if unit == "hour" else 0)).isoformat()
        if unit in ("month", "quarter"):
            month = (
                self.today.year * 12
                + self.today.month
                - 1
                + count * (3 if unit == "quarter" else 1)
            )
            return f"{month // 12:04}-{month % 12 + 1:02}"
        years = {"year": 1, "decade": 10, "centur": 100}[unit]
        return f"{self.today.year + years * count:04}"

    def _past(self) -> Value:
        count, unit = self._count(), self._unit()
        if count is None or self.today is None:
            return NONE
        if unit == "hour":
            # Hours before a day: as many days as they are, rounded up.
            count, unit = -(-count // 24), "day"
        if re.search(r"\b(?:next|coming)\b", self.words):
            return Value(self.today.isoformat(), self._shifted(count, unit))
        return Value(self._shifted(-count, unit), self.today.isoformat())

    def _length(self) -> Value:
        count, unit = self._count(), self._unit()
        letters = {"day": "D", "week": "W", "month": "M", "year": "Y"}
        if count is None:
            return NONE
        if unit == "decade":
            count, unit = 10 * count, "year"
        return Value(length=f"P{count}{letters[unit]}") if unit in letters else NONE

    def _feast(self) -> Value:
        name = re.sub(r"\s\d{4}$", "", self.words)
        month, day = FEASTS[name]
        return self._day(self.given_year, month, day)


_FUTURE = re.compile(
    r"\b(?:will|shall|would be|to be held|due (?:to|on|by|for)|set (?:to|for)"
    r"|scheduled|plans? to|planned (?:for|to)"
    r"|planning to|expected|expects to|slated|upcoming|going to|ahead of|no later than)\b"
    r"|\b(?:by|until)\s*$",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:said|was|were|had|did|announced|told|killed|held|met|took|came|began|missed)\b"
)


def speaks_of_future(before: str) -> bool:
    """Tell whether the words of a sentence before a date speak of what will be."""
    found = list(_FUTURE.finditer(before, max(0, len(before) - 50)))
    return bool(found) and not _PAST.search(before, found[-1].end())
