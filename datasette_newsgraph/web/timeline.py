"""How often something was in the news, over time: counted by month, drawn as bars."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

#: Bars at most, before longer periods are taken.
MOST = 60
#: Of the drawing, in pixels: its height, and what of it is for bars.
HEIGHT, BARS = 132, 104
#: Labels below the bars at most: as many as have room at 360 pixels.
_LABELS = 6

_MONTH = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?")


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


def timeline(months: Mapping[str, int], total: int) -> Timeline | None:
    """Return the timeline of ``total`` articles, of which ``months`` has those with a date: a month,
    or a year where no more is known. None where there are fewer than two periods to compare.
    """
    dated = {each: count for each, count in months.items() if _MONTH.fullmatch(each) and count > 0}
    if not dated:
        return None
    years = [int(each[:4]) for each in (min(dated), max(dated))]
    if all(len(each) == 7 for each in dated) and _number(max(dated)) - _number(min(dated)) < MOST:
        unit, counts = "month", Counter({_number(each): dated[each] for each in dated})
    else:
        length = next(
            each for each in (1, 10, 100, 1000) if years[1] // each - years[0] // each < MOST
        )
        unit = {1: "year", 10: "decade"}.get(length, f"{length} years")
        counts = Counter()
        for each, count in dated.items():
            counts[int(each[:4]) // length] += count
    periods = range(min(counts), max(counts) + 1)
    if len(periods) < 2:
        return None
    most = max(counts.values())
    bars = [
        _bar(unit, period, counts[period], number, len(periods), most)
        for number, period in enumerate(periods)
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
