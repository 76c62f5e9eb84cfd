"""Days and months of the calendar: with a year, or of the year that brings them nearest."""

from __future__ import annotations

import calendar
import re
from datetime import date

from datasette_newsgraph.dates.forms import read_day
from datasette_newsgraph.extraction.nlp.date_values.seen import NONE, YEAR, Seen, Value
from datasette_newsgraph.extraction.nlp.date_words import FEASTS


class CalendarDays(Seen):
    """Forms that name a day or a month."""

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
            int(each) for each in re.findall(r"\d{1,2}", re.sub(YEAR, "", self.words))[:2]
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

    def _feast(self) -> Value:
        name = re.sub(r"\s\d{4}$", "", self.words)
        month, day = FEASTS[name]
        return self._day(self.given_year, month, day)
