"""How often something was in the news, over time: counted by month, drawn as bars."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from datasette_newsgraph.facets.among_rows import ViewRows, count_by_sql
from datasette_newsgraph.facets.catalogue import facet_named
from datasette_newsgraph.facets.counting import KEPT
from datasette_newsgraph.facets.rowsets import unpack
from datasette_newsgraph.facets.stored_sets import is_up_to_date, stored_sets

#: Bars at most, before longer periods are taken.
MOST = 60
#: Of the drawing, in pixels: its height, and what of it is for bars.
HEIGHT, BARS = 132, 104
#: Labels below the bars at most: as many as have room at 360 pixels.
_LABELS = 6

_ARTICLES = "article_index"
_YEAR = re.compile("[0-9]{4}")
_MONTH = re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Bar:
    """A period with its number of articles, and where it is drawn: percentages and pixels.

    ``first`` and ``last`` are years or months, as filters take them.
    """

    label: str
    first: str
    last: str
    count: int
    x: float
    width: float
    height: int

    @property
    def filter(self) -> dict[str, str]:
        """Return the filter of ``article_index`` for the articles of this period."""
        if len(self.first) == 7:
            return {"month": self.first}
        same = [a for a, b in zip(self.first, self.last, strict=True) if a == b]
        return {"published__startswith": "".join(same)}


class Label(NamedTuple):
    """Words below the bars, and how far from the left, in percent."""

    text: str
    x: float


class Timeline(NamedTuple):
    """Bars from the first period to the last, without a gap; ``unit`` is how long each is."""

    unit: str
    bars: list[Bar]
    labels: list[Label]
    most: int
    undated: int


def has_year(date: str) -> bool:
    """Tell whether a date begins with a year, as all do that can be read."""
    return bool(_YEAR.match(date))


def is_long(periods: Mapping[str, int]) -> bool:
    """Tell whether periods are too many for a bar for each month, or not all are months."""
    if not all(map(_MONTH.fullmatch, periods)):
        return True
    return bool(periods) and _number(max(periods)) - _number(min(periods)) >= MOST


def count_periods(connection: sqlite3.Connection, chosen: ViewRows) -> dict[str, int]:
    """Return how many of the chosen articles are of each month, or of each year where there are more
    months between the first and the last than a timeline has bars.
    """
    month = facet_named(_ARTICLES, "month")
    assert month is not None
    kept = stored_sets(connection, _ARTICLES, month)
    if chosen.are_few(connection) or len(kept) >= KEPT or not is_up_to_date(connection):
        found = count_by_sql(connection, _ARTICLES, month, chosen, None)
        return {each.value: each.count for each in found}
    bits = chosen.bits(connection)
    # To look at each month takes longer than to lay those of a year together.
    years: dict[str, int] = {}
    kept = [row for row in kept if has_year(row[0])]
    for value, rows in kept:
        years[value[:4]] = years.get(value[:4], 0) | unpack(rows)
    by_year = _counted(years.items(), bits)
    ends = {min(by_year, default=""), max(by_year, default="")}
    by_month = _counted(_of_years(kept, ends), bits)
    if is_long(by_month):
        return by_year
    return by_month | _counted(_of_years(kept, by_year.keys() - ends), bits)


def _of_years(kept: list[tuple[str, bytes]], years: Collection[str]) -> Iterator[tuple[str, int]]:
    return ((value, unpack(rows)) for value, rows in kept if value[:4] in years)


def _counted(sets: Iterable[tuple[str, int]], bits: int) -> dict[str, int]:
    counts = ((value, (rows & bits).bit_count()) for value, rows in sets)
    return {value: count for value, count in counts if count}


def timeline(periods: Mapping[str, int], total: int) -> Timeline | None:
    """Return the timeline of ``total`` articles, of which ``periods`` has those with a date: of it what
    stands where a month does. Without a month in each, they are counted by year, which is its first
    four digits. None where there are fewer than two bars to compare.
    """
    dated = {each: count for each, count in periods.items() if has_year(each) and count > 0}
    if not dated:
        return None
    years = [int(each[:4]) for each in (min(dated), max(dated))]
    if not is_long(dated):
        unit, counts = "month", Counter({_number(each): dated[each] for each in dated})
    else:
        length = next(
            each for each in (1, 10, 100, 1000) if years[1] // each - years[0] // each < MOST
        )
        unit = {1: "year", 10: "decade"}.get(length, f"{length} years")
        counts = Counter()
        for each, count in dated.items():
            counts[int(each[:4]) // length] += count
    drawn = range(min(counts), max(counts) + 1)
    if len(drawn) < 2:
        return None
    most = max(counts.values())
    bars = [
        _bar(unit, period, counts[period], number, len(drawn), most)
        for number, period in enumerate(drawn)
    ]
    return Timeline(unit, bars, _labels(bars), most, total - sum(dated.values()))


def _number(month: str) -> int:
    """Return a month as a number, one higher than that of the month before."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _bar(unit: str, period: int, count: int, number: int, bars: int, most: int) -> Bar:
    if unit == "month":
        first = last = label = f"{period // 12:04}-{period % 12 + 1:02}"
    else:
        length = {"year": 1, "decade": 10}.get(unit) or int(unit.split()[0])
        first, last = (f"{year:04}" for year in (period * length, period * length + length - 1))
        label = first if unit == "year" else f"{first}-{last}"
    step = 100 / bars
    # What is there at all is to be seen.
    height = max(2, round(BARS * count / most)) if count else 0
    x, width = round(number * step, 3), round(step * 0.84, 3)
    return Bar(label, first, last, count, x, width, height)


def _labels(bars: list[Bar]) -> list[Label]:
    """Return labels for some of the bars, at equal distances from the first."""
    step = -(-len(bars) // _LABELS)
    return [Label(each.first, each.x) for each in bars[::step]]
