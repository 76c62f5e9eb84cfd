"""So many days, months or years: ago, in the past, or as a length."""

from __future__ import annotations

import re
from datetime import timedelta

from datasette_newsgraph.extraction.nlp.date_values.seen import NONE, Seen, Value
from datasette_newsgraph.extraction.nlp.date_words import NUMBERS

_FEW = re.compile(r"\b(?:few|several|couple|many|some|dozens)\b")


class CountedUnits(Seen):
    """Forms that count units of time."""

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
