"""Weekdays, "yesterday", "next month": what is told from today on."""

from __future__ import annotations

import re
from datetime import date, timedelta

from datasette_newsgraph.extraction.nlp.date_values.seen import NONE, Seen, Value, months
from datasette_newsgraph.extraction.nlp.date_words import WEEKDAY_OF


class RelativeDays(Seen):
    """Forms that mean something on the day of publication only."""

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
            return months(number // 4, number % 4 * 3 + 1, 3)
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
