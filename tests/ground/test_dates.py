"""Dates: which words are one, which are not and why, and that only dates come into periods."""

from __future__ import annotations

import datetime
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.dates import day_of, is_date, precision_of
from datasette_newsgraph.dates.forms import (
    A_NUMBER,
    BEFORE_YEAR_1,
    DAY_OR_MONTH,
    NO_DATE,
    NO_SUCH_TIME,
    NOT_IN_CALENDAR,
    OTHER_WEEKDAY,
    SHORT_YEAR,
    first_date,
    read_date,
)
from datasette_newsgraph.dates.order import DateOrder
from datasette_newsgraph.loading.load import load, load_files
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.literals import date_datatype
from datasette_newsgraph.readers.dated import order_in
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.web.parts.typography import day_of as shown_day
from tests.ground.dated_records import dated
from tests.rdf.rdf_tools import export
from tests.readers.files_of_formats import every_format, write_example

Record = dict[str, Any]
Query = Callable[..., Any]
Write = Callable[..., Path]

#: Words, the date that they are, or why they are none.
READ = {
    "2021": "2021",
    "2021-07": "2021-07",
    " 2021-07-18 ": "2021-07-18",
    "20210718": "2021-07-18",
    "2021-7-8": "2021-07-08",
    "2021/07/18": "2021-07-18",
    "2021-W28-7": "2021-07-18",
    "2021W287": "2021-07-18",
    "2021-199": "2021-07-18",
    "2021-07-18T10:00": "2021-07-18T10:00:00",
    "2021-07-18 10:00:00": "2021-07-18T10:00:00",
    "2021-07-18T10:00:00.250+0200": "2021-07-18T10:00:00.250+02:00",
    "2021-07-18T10:00:00+02:00[Europe/Rome]": "2021-07-18T10:00:00+02:00",
    "20210718T100000Z": "2021-07-18T10:00:00Z",
    "2016-12-31T23:59:60Z": "2016-12-31",
    "2020-02-29": "2020-02-29",
    "Sun, 18 Jul 2021 10:00:00 GMT": "2021-07-18T10:00:00Z",
    "Sun, 18 Jul 2021 10:00:00 -0000": "2021-07-18T10:00:00",
    "Sun, 18 Jul 21 10:00 +0200 (CEST)": "2021-07-18T10:00:00+02:00",
    "Sun, 18 Jul 99": "1999-07-18",
    "18 jul 2021": "2021-07-18",
    "18-JUL-2021": "2021-07-18",
    "18th of July, 2021": "2021-07-18",
    "July 18, 2021": "2021-07-18",
    "Jul. 18, 2021 at 10:05 p.m.": "2021-07-18T22:05:00",
    "Sunday, July 18, 2021 12:00 AM EDT": "2021-07-18T00:00:00",
    "July 2021": "2021-07",
    "Sun Jul 18 10:00:00 2021": "2021-07-18T10:00:00",
    "Sun Jul 18 10:00:00 +0000 2021": "2021-07-18T10:00:00+00:00",
    "2021年7月18日": "2021-07-18",
    "2021年7月": "2021-07",
    "2021년 7월 18일": "2021-07-18",
    "05.05.2019": "2019-05-05",
    "": NO_DATE,
    "yesterday": NO_DATE,
    "2021-W28": NO_DATE,
    "2021/07": NO_DATE,
    "2021-07-18 or so, they say": NO_DATE,
    "2021-07-18/2021-07-20": NO_DATE,
    "٢٠٢١": NO_DATE,
    "12021-07-18": NO_DATE,
    "9" * 61: NO_DATE,
    "05/03/2019": DAY_OR_MONTH,
    "13/03/2019": DAY_OR_MONTH,
    "13.03.2019 10:00": DAY_OR_MONTH,
    "2019.03.05": DAY_OR_MONTH,
    "2021-02-29": NOT_IN_CALENDAR,
    "0000-01-01": NOT_IN_CALENDAR,
    "2021-366": NOT_IN_CALENDAR,
    "2021-W53-1": NOT_IN_CALENDAR,
    "31 June 2021": NOT_IN_CALENDAR,
    "32/13/2019": NOT_IN_CALENDAR,
    "Mon, 18 Jul 2021": OTHER_WEEKDAY,
    "2021-07-18T25:00": NO_SUCH_TIME,
    "July 18, 2021 13:00 pm": NO_SUCH_TIME,
    "2021-07-18T10:00+15:00": NO_SUCH_TIME,
    "18/07/21": SHORT_YEAR,
    "18 Jul 21": SHORT_YEAR,
    "-0044-03-15": BEFORE_YEAR_1,
    "44 BC": BEFORE_YEAR_1,
    "1551780000": A_NUMBER,
    "1551780000000": A_NUMBER,
}


@pytest.mark.parametrize(("words", "expected"), READ.items())
def test_words_are_a_date_or_have_a_reason(words: str, expected: str) -> None:
    found = read_date(words)
    assert (found.date or found.reason) == expected
    assert bool(found.date) != bool(found.reason)


@given(st.dates(), st.times())
def test_each_day_is_read_in_each_form(day: datetime.date, time: datetime.time) -> None:
    year, clock = f"{day.year:04}", time.isoformat("seconds")
    english = f"{day.day} {day:%B} {year}"
    for words in (day.isoformat(), f"{day:%A}, {english}", f"{day:%b} {day.day}, {year}"):
        assert read_date(words).date == day.isoformat()
        assert read_date(f"{words} {clock}").date == f"{day.isoformat()}T{clock}"
    week = day.isocalendar()
    if week.year >= 1:
        assert read_date(f"{week.year:04}-W{week.week:02}-{week.weekday}").date == day.isoformat()


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[0-9T:Z.+/ -]{1,30}", fullmatch=True)))
def test_what_is_read_is_a_date_of_the_calendar(words: str) -> None:
    found = read_date(words).date
    if found is not None:
        assert is_date(found)
        assert read_date(found).date == found
        parts = [int(part) for part in day_of(found).split("-")]
        datetime.date(*[*parts, 1, 1][:3])


@given(st.dates(), st.dates())
def test_stored_dates_sort_by_their_characters(one: datetime.date, other: datetime.date) -> None:
    assert (one < other) == (one.isoformat() < other.isoformat())
    assert is_date(one.isoformat())
    assert one.isoformat()[:7] <= one.isoformat()


@pytest.mark.parametrize(
    ("text", "precision", "datatype"),
    [
        ("2021", "year", "xsd:gYear"),
        ("2021-07", "month", "xsd:gYearMonth"),
        ("2021-07-18", "day", "xsd:date"),
        ("2021-07-18T10:00:00Z", "time", "xsd:dateTime"),
        ("1900-02-29", None, None),
        ("20210718", None, None),
    ],
)
def test_precision_and_rdf_are_of_one_kind(text: str, precision: Any, datatype: Any) -> None:
    assert precision_of(text) == precision
    assert date_datatype(text) == datatype
    assert is_date(text) == (precision is not None)
    assert shown_day(text) == (text[:10] if precision else None)


def test_a_year_before_the_first_is_a_date_for_rdf_only() -> None:
    assert date_datatype("-0044-03-15") == "xsd:date"
    assert not is_date("-0044-03-15")
    assert shown_day("-0044-03-15") is None


def test_of_several_words_the_first_date_counts() -> None:
    assert first_date(["soon", "July 18, 2021", "2020"]) == "2021-07-18"
    assert first_date(["soon", "05/03/2019", "2020"]) == "05/03/2019"
    assert first_date(["-", "soon"]) == "soon"
    assert first_date(["_", "", " "]) is None


# Day or month first? ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "dates"),
    [
        (["05/03/2019", "13/03/2019"], ["2019-03-05", "2019-03-13"]),
        (["05/03/2019", "03/13/2019"], ["2019-05-03", "2019-03-13"]),
        (["05.03.2019 10:00", "13.03.2019"], ["2019-03-05T10:00:00", "2019-03-13"]),
        (["2019.03.05", "2019.03.25"], ["2019-03-05", "2019-03-25"]),
        (["05/03/2019", "04/03/2019"], [None, None]),
        (["05/03/2019", "13/03/2019", "03/13/2019"], [None, None, None]),
        # What is no day whichever comes first decides nothing.
        (["05/03/2019", "32/03/2019", "30/02/2019"], [None, None, None]),
        # Another form, which may be of another hand, decides nothing either.
        (["05/03/2019", "13.03.2019"], [None, "2019-03-13"]),
    ],
)
def test_the_file_decides(given: list[str], dates: list[str | None]) -> None:
    order = DateOrder(lambda: [("published", words) for words in given])
    assert [order.read("published", words)[0] for words in given] == dates
    assert order.read("start_date", given[0])[0] is None


def test_other_dates_are_asked_for_once_and_only_if_need_be() -> None:
    asked = Counter[str]()

    def dates() -> list[tuple[str, str]]:
        asked["all"] += 1
        return [("published", "13/03/2019")]

    order = DateOrder(dates)
    assert order.read("published", "2019-03-13") == ("2019-03-13", None)
    assert not asked
    for _ in range(2):
        assert order.read("published", "05/03/2019") == ("2019-03-05", "day")
    assert asked["all"] == 1
    assert DateOrder().read("published", "13/03/2019") == (None, "neither")


DATES = "SELECT given_id, published, given_published FROM articles ORDER BY CAST(given_id AS INT)"


def test_a_later_date_decides_for_those_before_it(
    write: Write, db_path: Path, query: Query
) -> None:
    undecided = [dated(n, f"0{n + 3}/03/2019") for n in range(1, 4)]
    path = write("a.jsonl", *undecided)
    summary = load_files(db_path, [path])
    assert summary.unread_dates == {DAY_OR_MONTH: 3}
    assert summary.date_examples == {DAY_OR_MONTH: "04/03/2019"}
    assert query(DATES) == [(str(n), None, f"0{n + 3}/03/2019") for n in range(1, 4)]
    assert load_files(db_path, [path]).unchanged == 3

    # The records are the same to the byte, but say something else now.
    path = write("a.jsonl", *undecided, "no record", dated(4, "30/03/2019"))
    summary = load_files(db_path, [path])
    assert (summary.new, summary.changed, summary.unread_dates) == (1, 3, {})
    assert [row[1] for row in query(DATES)] == [
        *("2019-03-04", "2019-03-05", "2019-03-06", "2019-03-30")
    ]
    again = load_files(db_path, [path])
    assert (again.unchanged, again.changed) == (4, 0)
    with Database(db_path) as db:
        assert list(check(db)) == []


def test_records_that_are_in_no_file_decide_nothing(db_path: Path, query: Query) -> None:
    load(db_path, [dated(1, "05/03/2019"), dated(2, "13/03/2019")])
    assert [row[1] for row in query(DATES)] == [None, None]


@every_format
def test_each_format_can_be_read_once_more_for_its_dates(format_: Format, tmp_path: Path) -> None:
    with closing(open_input(write_example(format_, tmp_path))) as source:
        order = order_in(source, format_)
        before = source.position()
        assert order.read("published", "05/03/2019") == (None, "neither")
        assert source.position() == before


def test_what_can_be_read_once_only_decides_nothing(write: Write) -> None:
    with closing(Source(write("a.jsonl", dated(1, "13/03/2019")))) as source:
        assert order_in(source, FORMATS[0]).read("published", "05/03/2019") == ("2019-03-05", "day")
        source.size = None  # as of a pipe
        assert order_in(source, FORMATS[0]).read("published", "05/03/2019") == (None, "neither")


def test_dates_of_relations_decide_among_themselves(
    write: Write, db_path: Path, query: Query
) -> None:
    relations = [
        {"subject": "e", "predicate": "chair", "value": value, "start_date": start, "end_date": end}
        for value, start, end in [
            *(
                ("a", "05/03/2019", "2020"),
                ("b", "13/03/2019", "some day"),
                ("c", "-0044", "06/07/2021"),
            ),
        ]
    ]
    path = write("a.jsonl", dated(1, "05/03/2019", relations=relations))
    summary = load_files(db_path, [path])
    assert summary.unread_dates == {DAY_OR_MONTH: 2, NO_DATE: 1, BEFORE_YEAR_1: 1}
    assert query(
        "SELECT value, start_date, end_date, given_start_date, given_end_date FROM evidence"
        " JOIN relations ON relations.id = relation_id ORDER BY value"
    ) == [
        ("a", "2019-03-05", "2020", None, None),
        ("b", "2019-03-13", None, None, "some day"),
        ("c", None, None, "-0044", "06/07/2021"),
    ]
    assert query("SELECT start_date, end_date FROM relation_index ORDER BY object") == [
        ("2019-03-05", "2020"),
        ("2019-03-13", None),
        (None, None),
    ]


def test_rows_of_an_articles_file_decide_among_themselves(
    write: Write, db_path: Path, query: Query
) -> None:
    records = [dated(n, None) for n in range(1, 4)] + [dated(4, "13/03/2019"), dated(5, "one day")]
    rows = [
        *("id,date,url", "1,05/03/2019,www.example.org/a", "2,12/31/2019,", "3,soon,", "4,2001,"),
        "5,2020,",
    ]
    summary = load_files(
        db_path, [write("a.jsonl", *records)], articles=write("articles.csv", *rows)
    )
    assert query(DATES) == [
        ("1", "2019-05-03", None),
        ("2", "2019-12-31", None),
        ("3", None, "soon"),
        ("4", "2019-03-13", None),
        ("5", "2020", None),
    ]
    assert summary.unread_dates == {NO_DATE: 1}
    assert summary.passed_over == {"url that is no web address": 1}


# Nothing but dates in periods -------------------------------------------------------------------


@settings(max_examples=25)
@given(
    st.lists(
        st.one_of(
            st.text(min_size=1, max_size=20),
            st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,2}([-/. ][0-9]{1,4})?", fullmatch=True),
            st.sampled_from(list(READ)),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_only_dates_come_into_periods_whatever_is_given(given: list[str]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        load(connection, [dated(number, words) for number, words in enumerate(given)])

        def column(sql: str) -> list[Any]:
            return [row[0] for row in connection.execute(sql) if row[0] is not None]

        for sql in (
            "SELECT published FROM articles",
            "SELECT first_seen FROM entity_counts UNION SELECT last_seen FROM entity_counts",
            "SELECT month FROM article_index",
            "SELECT value FROM facet_counts WHERE facet = 'month'",
        ):
            assert all(map(is_date, column(sql))), sql
        kept = connection.execute("SELECT published, given_published FROM articles").fetchall()
        assert not [row for row in kept if None not in row]
        assert len([row for row in kept if any(row)]) == len(list(filter(None, given)))


def test_rdf_has_words_as_a_plain_string(write: Write, db_path: Path) -> None:
    given = ["05/03/2019", "-0044", "2019-03-05"]
    load_files(db_path, [write("a.jsonl", *(dated(n, words) for n, words in enumerate(given)))])
    published = [
        line.split(" ", 2)[2].removesuffix(" .")
        for line in export(db_path, format_named("ntriples")).decode().splitlines()
        if "schema.org/datePublished" in line
    ]
    assert sorted(published) == [
        '"-0044"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        '"05/03/2019"',
        '"2019-03-05"^^<http://www.w3.org/2001/XMLSchema#date>',
    ]


# Pages ------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_pages_show_words_and_reckon_with_dates(
    serve: Callable[..., Any], write: Write
) -> None:
    given = ["2019-03-05", "2021-06-01", "Tue, 05 Mar 2019 10:00:00 GMT", "05/03/2019", "1551780"]
    path = write("a.jsonl", *(dated(n, words, title=f"No. {n}") for n, words in enumerate(given)))
    database = path.with_name("dated.db")
    load_files(database, [path])
    client = serve(database).client
    with closing(sqlite3.connect(database)) as connection:
        keys = dict(connection.execute("SELECT published IS NULL, key FROM articles ORDER BY id"))
        keys |= dict(connection.execute("SELECT 'Ann', key FROM entities"))
    home = (await client.get("/dated/-/newsgraph")).text
    assert "2019-03-05 to 2021-06-01" in " ".join(re.sub("<[^>]*>", "", home).split())
    entity = (await client.get(f"/dated/-/newsgraph/entity/{keys['Ann']}")).text
    for html in (home, entity):
        assert "1551" not in html
        assert "05/03" not in html
    article = (await client.get(f"/dated/-/newsgraph/article/{keys[1]}")).text
    cited = article[article.index("BibTeX") :]
    assert "<bdi>1551780</bdi>" in article
    assert "1551780" not in cited
    rows = await client.get("/dated/article_index.json?_shape=objects&_sort_desc=published")
    found = [(row["title"], row["month"], row["given_published"]) for row in rows.json()["rows"]]
    assert found[:3] == [
        *(("No. 1", "2021-06", None), ("No. 2", "2019-03", None), ("No. 0", "2019-03", None))
    ]
    assert sorted(found[3:]) == [("No. 3", None, "05/03/2019"), ("No. 4", None, "1551780")]
