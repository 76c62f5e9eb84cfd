"""The timeline: bars that add up to the articles, whatever the span of time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.web.parts.timeline import BARS, MOST, Timeline, timeline

_YEARS = st.integers(1, 9999).map(lambda year: f"{year:04}")
_MONTHS = st.builds(lambda year, month: f"{year}-{month:02}", _YEARS, st.integers(1, 12))
_COUNTS = st.dictionaries(st.one_of(_MONTHS, _YEARS), st.integers(1, 10**6), max_size=40)


def of(months: dict[str, int], undated: int = 0) -> Timeline:
    found = timeline(months, sum(months.values()) + undated)
    assert found
    return found


def test_a_few_months_are_shown_month_by_month_without_a_gap() -> None:
    found = of({"2021-11": 4, "2022-02": 1}, undated=3)
    assert [(bar.label, bar.count) for bar in found.bars] == [
        *(("2021-11", 4), ("2021-12", 0), ("2022-01", 0), ("2022-02", 1))
    ]
    assert (found.unit, found.most, found.undated) == ("month", 4, 3)
    assert found.bars[0].filter == {"month": "2021-11"}


def test_years_are_shown_where_there_are_too_many_months_or_a_date_is_but_a_year() -> None:
    found = of({"2001-01": 1, "2021-12": 5, "2021-11": 2})
    assert (found.unit, len(found.bars)) == ("year", 21)
    assert found.bars[-1].count == 7
    assert found.bars[-1].filter == {"published__startswith": "2021"}
    assert of({"2020": 1, "2021-03": 1}).unit == "year"


def test_longer_spans_are_shown_by_decades_and_more() -> None:
    found = of({"1815": 1, "2021-03": 1})
    assert found.unit == "decade"
    assert (found.bars[0].label, found.bars[0].first, found.bars[0].last) == (
        *("1810-1819", "1810", "1819"),
    )
    assert found.bars[0].filter == {"published__startswith": "181"}
    assert of({"0020": 1, "2021-03": 1}).unit == "100 years"
    assert of({"0020": 1, "9999-12": 1}).unit == "1000 years"


@pytest.mark.parametrize("months", [{}, {"2021-08": 9}, {"2021": 3}, {"x": 1, "2021-99": 2, "": 1}])
def test_there_is_none_without_two_periods_to_compare(months: dict[str, int]) -> None:
    assert timeline(months, 20) is None


@given(_COUNTS, st.integers(0, 5))
def test_every_article_is_in_one_bar(months: dict[str, int], undated: int) -> None:
    found = timeline(months, sum(months.values()) + undated)
    if found is None:
        return
    assert sum(bar.count for bar in found.bars) == sum(months.values())
    assert found.undated == undated
    assert 2 <= len(found.bars) <= MOST
    for bar in found.bars:
        inside = [each for each in months if bar.first <= each < f"{bar.last}~"]
        assert bar.count == sum(months[each] for each in inside)
        assert (bar.height > 0) == (bar.count > 0)
        assert bar.height <= BARS
        assert 0 <= bar.x < bar.x + bar.width <= 100
    assert max(bar.height for bar in found.bars) == BARS
    assert len(found.labels) <= 6
