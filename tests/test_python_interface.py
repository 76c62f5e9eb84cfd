"""Loading from Python: what programs have beside strings, and connections that they have set up."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from datasette_newsgraph import article as records
from datasette_newsgraph import load, rdf_graph
from datasette_newsgraph.store.given_records import entry_of

Record = dict[str, Any]
TEXT = "Ana Ruiz left Rome."


def record(**fields: Any) -> Record:
    return {
        "id": "a1",
        "text": TEXT,
        "entities": [
            {
                "id": "e1",
                "type": "Person",
                "name": "Ana Ruiz",
                "mentions": [{"start": 0, "end": 8, "text": "Ana Ruiz", "confidence": 0.5}],
            }
        ],
        **fields,
    }


def written(given: Any) -> Any:
    """What a record holds as it would stand in a file."""
    entry = entry_of(1, given)
    assert entry.fault is None
    return json.loads(entry.raw)


# Values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "stands"),
    [
        (date(2021, 8, 15), "2021-08-15"),
        (datetime(2021, 8, 15), "2021-08-15"),
        (datetime(2021, 8, 15, 10, 30), "2021-08-15T10:30:00"),
        (datetime(2021, 8, 15, tzinfo=timezone.utc), "2021-08-15T00:00:00+00:00"),
        (Decimal("0.25"), 0.25),
        (Fraction(1, 4), 0.25),
        ([date(2021, 8, 15), {"day": date(2021, 8, 16)}], ["2021-08-15", {"day": "2021-08-16"}]),
    ],
)
def test_what_json_has_no_word_for(given: Any, stands: Any) -> None:
    assert written({"id": "a1", "published": given})["published"] == stands


@pytest.mark.parametrize("given", [object(), {1, 2}, Fraction(10**400), Decimal("sNaN"), b"x"])
def test_what_means_nothing_is_a_fault(given: Any) -> None:
    assert (entry_of(1, {"id": "a1", "title": given}).fault or "").startswith("not JSON: ")


def test_numbers_of_numpy(db_path: Path, query: Callable[..., Any]) -> None:
    numpy = pytest.importorskip("numpy")
    given = record(published=numpy.datetime64("2021-08-15T00:00:00.000000000"))
    given["entities"][0]["mentions"] = [
        {"start": numpy.int64(0), "end": numpy.uint8(8), "confidence": numpy.float32(0.5)}
    ]
    given["entities"][0] |= {
        "latitude": numpy.float64(41.5),
        "longitude": numpy.float16(12.5),
        "local": numpy.bool_(False),
        "aliases": numpy.array(["Ana", "A. Ruiz"]),
    }
    summary = load(db_path, [given])
    assert (summary.new, summary.rejects, summary.numbers_dropped) == (1, 0, 0)
    for columns, stored in {
        "published FROM articles": ("2021-08-15",),
        "start_char, end_char, confidence FROM mentions": (0, 8, 0.5),
        "latitude, longitude FROM entities": (41.5, 12.5),
        "group_concat(alias, '; ') FROM aliases": ("Ana; A. Ruiz",),
    }.items():
        assert query(f"SELECT {columns}") == [stored]


@pytest.mark.parametrize("kind", ["dictionary", "Article"])
def test_a_relation_has_a_date_for_its_value(db_path: Path, kind: str) -> None:
    given: Any = record()
    relation: Any = {"subject": "e1", "predicate": "left on", "value": date(2021, 8, 15)}
    if kind == "Article":
        given = records.Article(
            id="a1",
            published=date(2021, 8, 15),  # type: ignore[arg-type]
            entities=[records.Entity(id="e1", type="Person", name="Ana Ruiz")],
            relations=[records.Relation(**relation)],
        )
    else:
        given |= {"relations": [relation], "published": date(2021, 8, 15)}
    assert load(db_path, [given]).rejects == 0
    with closing(sqlite3.connect(db_path)) as connection:
        stored = connection.execute("SELECT value, datatype FROM relations").fetchall()
        assert stored == [("2021-08-15", "date")]
        assert connection.execute("SELECT published FROM articles").fetchall() == [("2021-08-15",)]


# Connections ------------------------------------------------------------------------------------


def as_dictionary(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Record:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def refusing(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Any:
    raise ValueError("not for you")


SETTINGS: dict[str, dict[str, Any]] = {
    "sqlite3.Row": {"row_factory": sqlite3.Row},
    "dictionaries": {"row_factory": as_dictionary},
    "a factory that refuses": {"row_factory": refusing},
    "bytes for text": {"text_factory": bytes},
    "both": {"row_factory": as_dictionary, "text_factory": bytes},
}
every_setting = pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
Wrap = Callable[[sqlite3.Connection], Any]
every_wrap = pytest.mark.parametrize("wrap", [lambda given: given, sqlite_utils.Database])


@every_setting
@every_wrap
def test_rows_may_come_in_any_form(
    db_path: Path, tmp_path: Path, settings: Record, wrap: Wrap
) -> None:
    plain = tmp_path / "plain.db"
    given = [record(), record(id="a2", text="Other.")]
    load(plain, given)
    with closing(sqlite3.connect(db_path)) as connection:
        for name, value in settings.items():
            setattr(connection, name, value)
        summary = load(wrap(connection), given)
        assert (summary.new, summary.rejects) == (2, 0)
        assert load(wrap(connection), given).unchanged == 2
        assert set(rdf_graph(wrap(connection))) == set(rdf_graph(plain))
        for name, value in settings.items():
            assert getattr(connection, name) is value


def test_records_may_come_from_the_same_connection(db_path: Path) -> None:
    with closing(sqlite3.connect(db_path)) as connection:
        connection.execute("CREATE TABLE mine (record TEXT)")
        rows = [[json.dumps(record(id=f"a{number}"))] for number in range(3)]
        connection.executemany("INSERT INTO mine VALUES (?)", rows)
        connection.commit()
        connection.row_factory = as_dictionary

        def given() -> Iterator[Record]:
            for row in connection.execute("SELECT record FROM mine"):
                yield json.loads(row["record"])

        assert load(connection, given()).new == 3
        assert connection.row_factory is as_dictionary


def test_a_connection_is_given_back_as_it_was_when_the_records_break_off(db_path: Path) -> None:
    def broken() -> Iterator[Record]:
        yield record()
        raise LookupError("no more")

    with closing(sqlite3.connect(db_path)) as connection:
        connection.row_factory = sqlite3.Row
        with pytest.raises(LookupError, match="no more"):
            load(connection, broken())
        assert connection.row_factory is sqlite3.Row
        assert connection.isolation_level == ""
