"""The words of a date, seen from the day of publication."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from datasette_newsgraph.extraction.nlp.date_words import MONTH_OF, DateWords


class Value(NamedTuple):
    """A day, month or year, as it is stored; the last one of a period; or a length, as ``P20Y``."""

    start: str | None = None
    end: str | None = None
    length: str | None = None


NONE = Value()
YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")


class Seen:
    """Words of a date, and the day from which they are seen."""

    def __init__(self, words: DateWords, published: str | None, *, is_future: bool) -> None:
        self.words = re.sub(r"[’‘]", "'", words.words.lower())
        self.form = words.form
        self.is_future = is_future
        #: The day of publication, if that is known to the day; its year, if that is known.
        self.today = (
            date.fromisoformat(published[:10]) if published and len(published) >= 10 else None
        )
        self.year = int(published[:4]) if published and published[:4].isdigit() else None
        found = YEAR.search(self.words)
        self.given_year = int(found[0]) if found else None

    def _month_number(self) -> int:
        return next(
            MONTH_OF[word] for word in re.findall(r"[a-z]+", self.words) if word in MONTH_OF
        )


def months(year: int, first: int, length: int) -> Value:
    """Return the months of a period, from the month ``first`` of a year on."""
    last = year * 12 + first - 1 + length - 1
    return Value(f"{year:04}-{first:02}", f"{last // 12:04}-{last % 12 + 1:02}")
