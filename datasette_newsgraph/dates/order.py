"""Find out from all dates of a file whether the day or the month comes first in them.

``05/03/2019`` alone does not tell. If some date of its form under the same field can have the day
first only, and none the month first only, the day comes first in all of them; and the other way
round. Where no date of the file tells, or two contradict each other, they are no dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Literal

from datasette_newsgraph.dates.forms import TwoWays, read_date

First = Literal["day", "month"]
Asked = Literal["day", "month", "neither"]
#: A field of the record, and the words that it has in one of the records.
Given = tuple[str, str]


class DateOrder:
    """What comes first in the dates of one file.

    ``given`` yields all its dates. It is called when the first date comes that depends on the others:
    few files have any, and those are read once more. Without it nothing is decided.
    """

    def __init__(self, given: Callable[[], Iterable[Given]] | None = None) -> None:
        self._given = given

    @cached_property
    def _possible(self) -> dict[tuple[str, str], set[First]]:
        """By field and form: what dates that can be read in one way only have first."""
        found: dict[tuple[str, str], set[First]] = {}
        for field, words in self._given() if self._given is not None else ():
            ways = read_date(words).two_ways
            if ways is not None and None in ways:
                only: First = "day" if ways.month_first is None else "month"
                found.setdefault((field, ways.form), set()).add(only)
        return found

    def first(self, field: str, ways: TwoWays) -> First | None:
        """Return what comes first in dates of this form under this field, None if it is not certain."""
        found = self._possible.get((field, ways.form), set())
        return next(iter(found)) if len(found) == 1 else None

    def read(self, field: str, words: str) -> tuple[str | None, Asked | None]:
        """Return the date that ``words`` are among the others of the file, None if they are none; and
        what of day and month comes first in it, None if that makes no difference.
        """
        found = read_date(words)
        if found.two_ways is None:
            return found.date, None
        first = self.first(field, found.two_ways)
        if first is None:
            return None, "neither"
        return (found.two_ways.day_first if first == "day" else found.two_ways.month_first), first
