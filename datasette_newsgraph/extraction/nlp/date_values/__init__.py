"""What the words of a date mean, seen from the day on which the article was published.

A weekday is the nearest one that is past, the day of publication included; it is the next one where
the words around it speak of what will be. A day of a month without a year is of the year that brings it
nearest. What is relative has no value where the day of publication is not known.
"""

from __future__ import annotations

from datasette_newsgraph.dates import is_date
from datasette_newsgraph.extraction.nlp.date_values.calendar_days import CalendarDays
from datasette_newsgraph.extraction.nlp.date_values.counted_units import CountedUnits
from datasette_newsgraph.extraction.nlp.date_values.future import speaks_of_future
from datasette_newsgraph.extraction.nlp.date_values.periods import Periods
from datasette_newsgraph.extraction.nlp.date_values.relative_days import RelativeDays
from datasette_newsgraph.extraction.nlp.date_values.seen import NONE, Value
from datasette_newsgraph.extraction.nlp.date_words import DateWords

__all__ = ["NONE", "Value", "speaks_of_future", "value_of"]


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


class _Reader(CalendarDays, Periods, RelativeDays, CountedUnits):
    """Reads each form of dates by the method of its name."""

    def read(self) -> Value:
        read = getattr(self, f"_{self.form}", None)
        found: Value = read() if read is not None else NONE
        return found
