"""Dates in articles: what is found, and what it means from the day of publication."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.dates import is_date
from datasette_newsgraph.extraction.nlp.date_values import Value, speaks_of_future, value_of
from datasette_newsgraph.extraction.nlp.date_words import find_dates

#: A Monday.
PUBLISHED = "2021-07-19"
#: What dates are made of.
PIECES = [
    "last", "next", "the", "past", "31", "30", "February", "2021", "Monday",
    "ago", "years", "in", "of", ",", "–", "two", "1990s", "May",
    "day", "9999", "0", "weekend", "quarter", "end", "century", "decades", "29",
    "hours",
]  # fmt: skip


def dates_in(text: str, published: str | None = PUBLISHED) -> list[tuple[str, Value]]:
    """The dates of a text, each with its value."""
    return [
        (
            each.words,
            value_of(each, published, is_future=speaks_of_future(text[: each.start])),
        )
        for each in find_dates(text)
    ]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("on Saturday, July 17, 2021", "Saturday, July 17, 2021", "2021-07-17"),
        ("on 17 July 2021", "17 July 2021", "2021-07-17"),
        ("in October 2001", "October 2001", "2001-10"),
        ("since 1994", "1994", "1994"),
        ("on Monday", "Monday", "2021-07-19"),
        ("on Wednesday", "Wednesday", "2021-07-14"),
        ("is due to meet on Wednesday", "Wednesday", "2021-07-21"),
        ("next Friday", "next Friday", "2021-07-23"),
        ("last Monday", "last Monday", "2021-07-12"),
        ("a May 1 deadline", "May 1", "2021-05-01"),
        ("by December 31", "December 31", "2021-12-31"),
        ("on December 31", "December 31", "2021-12-31"),
        ("today", "today", "2021-07-19"),
        ("yesterday", "yesterday", "2021-07-18"),
        ("to this day", "this day", "2021-07-19"),
        ("last year", "last year", "2020"),
        ("next month", "next month", "2021-08"),
        ("seventeen years ago", "seventeen years ago", "2004"),
        ("two weeks ago", "two weeks ago", "2021-07-05"),
        ("last June", "last June", "2021-06"),
        ("on Christmas Day", "Christmas Day", "2021-12-25"),
        ("at the end of the year", "the end of the year", "2021-12-31"),
    ],
)
def test_a_date_means_a_day_a_month_or_a_year(text: str, words: str, value: str) -> None:
    assert dates_in(text) == [(words, Value(value))]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("the past 48 hours", "2021-07-17", "2021-07-19"),
        ("the 1990s", "1990", "1999"),
        ("last week", "2021-07-12", "2021-07-18"),
        ("this weekend", "2021-07-17", "2021-07-18"),
        ("last summer", "2020-06", "2020-08"),
        ("the third quarter of 2020", "2020-07", "2020-09"),
        ("July 3-5, 2021", "2021-07-03", "2021-07-05"),
    ],
)
def test_a_date_means_a_period(text: str, start: str, end: str) -> None:
    assert [value for _, value in dates_in(text)] == [Value(start, end)]


def test_two_years_are_two_dates() -> None:
    assert [value.start for _, value in dates_in("from 1997 to 1998")] == ["1997", "1998"]


def test_a_length_of_time_is_no_date() -> None:
    assert dates_in("after two decades of war") == [("two decades", Value(length="P20Y"))]


@pytest.mark.parametrize("words", ["Monday", "yesterday", "last month", "two years ago", "May 1"])
def test_without_a_day_of_publication_words_have_no_value(words: str) -> None:
    assert dates_in(f"It was {words} then.", None) == [(words, Value())]


@pytest.mark.parametrize(
    "text",
    [
        "It may march on, and he sat in the sun.",
        "about 2000 people came",
        "in 2014 soldiers",
        "a 14-year-old boy",
        "The secretary of state, aged 60",
        "Flight 1945 and 3,500 others",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert dates_in(text) == []


@given(
    st.lists(
        st.sampled_from(PIECES),
        max_size=8,
    ).map(" ".join)
    | st.text(max_size=40),
    st.sampled_from([None, "2021", "2021-07", "2024-02-29", "0001-01-01", "9999-12-31"]),
)
def test_any_text_has_dates_inside_with_values_that_are_stored(
    text: str, published: str | None
) -> None:
    end = 0
    for found in find_dates(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        for is_future in (False, True):
            value = value_of(found, published, is_future=is_future)
            assert all(is_date(each) for each in (value.start, value.end) if each is not None)
