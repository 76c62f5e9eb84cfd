"""Dates in every format: read alike, or counted."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlite_utils import Database

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.dates.forms import (
    DAY_OR_MONTH,
    NO_DATE,
)
from datasette_newsgraph.inspection import inspect
from datasette_newsgraph.loading.load import load, load_files
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.sidecar_fields import article_data
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.pipeline import Reading
from tests.ground.dated_records import dated

Record = dict[str, Any]
Query = Callable[..., Any]
Write = Callable[..., Path]
DATES = "SELECT given_id, published, given_published FROM articles ORDER BY CAST(given_id AS INT)"
_SPAN = {"start": 0, "end": 3, "label": "PER"}


def about(title: Any, url: Any, date: Any) -> Record:
    return {"title": title, "url": url, "date": date}


def _token(found: re.Match[str]) -> Record:
    where = {"characterOffsetBegin": found.start(), "characterOffsetEnd": found.end()}
    return {"word": found[0], "originalText": found[0], "after": " ", **where}


def _label_studio(text: str, told: Record) -> Record:
    value = {"start": 0, "end": 3, "text": "Ann", "labels": ["PER"]}
    region = {"id": "a", "from_name": "l", "to_name": "text", "type": "labels", "value": value}
    return {"data": {"text": text, **told}, "annotations": [{"id": 1, "result": [region]}]}


#: Per format a record of a text, with what is told of the article: its title, address and date.
FORMATS: dict[str, Callable[[str, Record], Record | str]] = {
    "doccano": lambda text, told: {"text": text, "label": [[0, 3, "PER"]], **told},
    "label_studio": _label_studio,
    "prodigy": lambda text, told: {
        "text": text,
        "spans": [_SPAN],
        "answer": "accept",
        "meta": told,
    },
    "gliner": lambda text, told: {"text": text, "entities": [{**_SPAN, "score": 0.9}], **told},
    "spacy": lambda text, told: {"text": text, "ents": [_SPAN], "tokens": [], "_": told},
    "langchain": lambda text, told: {
        "nodes": [{"id": "Ann", "type": "Person"}],
        "relationships": [],
        "source": {"page_content": text, "metadata": told},
    },
    "record": lambda text, told: {
        "id": text,
        "text": text,
        "published": told["date"],
        "entities": [{"id": "e", "type": "Person", "name": "Ann"}],
    },
    "followthemoney": lambda text, told: {
        "id": text,
        "schema": "Article",
        "properties": {
            "title": [told["title"]],
            "publishedAt": [told["date"]],
            "bodyText": [text],
            "peopleMentioned": ["Ann"],
        },
    },
    "corenlp": lambda text, told: {
        "docDate": told["date"],
        "sentences": [
            {
                "tokens": [_token(each) for each in re.finditer("[^ .]+|[.]", text)],
                "entitymentions": [
                    {"text": "Ann", "ner": "PERSON", "tokenBegin": 0, "tokenEnd": 1}
                ],
            }
        ],
    },
    "conll": lambda text, told: (
        f"# newdoc id = {text}\n# date = {told['date']}\n"
        + "".join(f"{word} {'B-PER' if word == 'Ann' else 'O'}\n" for word in text.split())
    ),
}


#: Those formats whose records have an address and a title of any type.
LOOSE = ["doccano", "gliner", "label_studio", "langchain", "prodigy", "spacy"]
#: A date as it is given, as it is stored, and the words that are kept.
GIVEN: list[tuple[str, str | None, str | None]] = [
    ("Tue, 05 Mar 2019 10:00:00 GMT", "2019-03-05", None),
    ("March 5, 2019", "2019-03-05", None),
    ("2021-06-01 10:00:00", "2021-06-01", None),
    ("05.03.2019", None, "05.03.2019"),
    ("05/03/2019", "2019-03-05", None),
    ("25/03/2019", "2019-03-25", None),
    ("1551780000", None, "1551780000"),
    ("2019-02-30", None, "2019-02-30"),
    ("soon", None, "soon"),
]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_reads_dates_alike(
    write: Write, db_path: Path, query: Query, name: str
) -> None:
    records = [
        FORMATS[name](f"Ann spoke {n}.", about(f"No. {n}", f"https://example.org/{n}", words))
        for n, (words, _, _) in enumerate(GIVEN)
    ]
    summary = load_files(db_path, [write("a.jsonl", *records)], format_name=name)
    assert (summary.new, summary.rejects) == (len(GIVEN), 0)
    found = query(
        "SELECT substr(published, 1, 10), given_published FROM articles"
        " JOIN article_texts ON article_id = articles.id ORDER BY text"
    )
    assert found == [each[1:] for each in GIVEN]
    assert sum(summary.unread_dates.values()) == 4
    seen = query("SELECT substr(first_seen, 1, 10), substr(last_seen, 1, 10) FROM entity_index")
    assert seen == [("2019-03-05", "2021-06-01")]
    months = query("SELECT value, count FROM facet_counts WHERE facet = 'month' ORDER BY value")
    assert months == [("2019-03", 4), ("2021-06", 1)]


@pytest.mark.parametrize("name", LOOSE)
def test_what_a_tool_says_of_the_article_is_read_or_counted(
    write: Write, db_path: Path, query: Query, name: str
) -> None:
    records = [
        FORMATS[name]("Ann spoke 1.", about(2001, "www.example.org/a", 2019)),
        FORMATS[name]("Ann spoke 2.", about(True, None, {"year": 2019})),
    ]
    summary = load_files(db_path, [write("a.jsonl", *records)], format_name=name)
    assert query("SELECT title, url, published, given_published FROM articles ORDER BY id") == [
        ("2001", None, "2019", None),
        (None, None, None, None),
    ]
    assert summary.passed_over == {
        "url that is no web address": 1,
        "title in a form that is not read": 1,
        "published in a form that is not read": 1,
    }


@pytest.mark.parametrize(
    ("given", "date"),
    [
        ({"$date": "2019-03-05T10:00:00Z"}, "2019-03-05"),
        ({"$date": 1551780000000}, "2019-03-05"),
        ({"$date": {"$numberLong": "-1"}}, "1969-12-31"),
        ({"$date": {"$numberLong": "9" * 18}}, None),
        ({"$date": 10**30}, None),
        ({"$date": True}, None),
        (1551780000000, "1551780000000"),
    ],
)
def test_a_number_is_a_time_where_a_form_says_so(given: Any, date: str | None) -> None:
    assert about_article({"date": given}).get("published") == date
    assert article_data({"date": given}).published == date


def test_check_finds_what_is_no_date(db_path: Path, change: Callable[..., None]) -> None:
    load(db_path, [dated(1, "2019-03-05")])
    change("UPDATE articles SET published = 'March 5'")
    with Database(db_path) as db:
        assert "dates: the published of row 1 of articles is no date" in list(check(db))


@pytest.mark.parametrize(
    "given",
    [
        ["05/03/2019", "13/03/2019", "13.03.2019"],
        ["05/03/2019", "04/03/2019", "Tue, 05 Mar 2019 10:00:00 GMT"],
        ["05/03/2019", "13/03/2019", "03/13/2019", "soon", "-0044"],
    ],
)
def test_what_is_converted_has_the_same_dates(
    write: Write, tmp_path: Path, given: list[str]
) -> None:
    texts = [f"Ann spoke {n}." for n in range(len(given))]
    told = [about(None, None, words) for words in given]
    first = write("a.jsonl", *map(FORMATS["doccano"], texts, told))
    with closing(Source(first)) as source:
        way = Reading().pipeline(source)
        ready = [way.run(entry) for entry in way.format.reader.entries(source)]
    articles = [msgspec.json.encode(each.as_record()) for each in ready]
    found = []
    for path in (first, write("b.jsonl", *articles)):
        load_files(tmp_path / f"{path.stem}.db", [path])
        with closing(sqlite3.connect(tmp_path / f"{path.stem}.db")) as connection:
            found.append(connection.execute(DATES).fetchall())
    assert found[0] == found[1]


def test_inspect_says_what_is_no_date(write: Write) -> None:
    path = write("a.jsonl", dated(1, "05/03/2019"), dated(2, "soon"), dated(3, "2021"))
    with closing(Source(path)) as source:
        found = inspect(source, Reading().pipeline(source))
    assert found.unread_dates == {DAY_OR_MONTH: 1, NO_DATE: 1}
    assert found.troubles == [
        "1: “05/03/2019” is no date: day or month first?",
        "2: “soon” is no date: no date in a form that is known",
    ]
