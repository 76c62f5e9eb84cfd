"""Years, and what is longer or shorter: quarters, seasons, decades, centuries."""

from __future__ import annotations

import calendar
import re

from datasette_newsgraph.extraction.nlp.date_values.seen import NONE, Seen, Value, months
from datasette_newsgraph.extraction.nlp.date_words import SEASONS

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


class Periods(Seen):
    """Forms that name a period."""

    def _quarter(self) -> Value:
        number = next(_ORDINALS[word] for word in self.words.split() if word in _ORDINALS)
        length = 6 if "half" in self.words else 3
        number = 2 if length == 6 and number > 2 else number
        return months(self.given_year or 0, (number - 1) * length + 1, length)

    def _season(self) -> Value:
        name = next(each for each in SEASONS if each in self.words.split())
        return months(self.given_year or 0, SEASONS[name][0], 3)

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
        return months(year, first, 3)

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
