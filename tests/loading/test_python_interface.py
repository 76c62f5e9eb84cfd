"""Loading from Python: what programs have beside strings, and connections that they have set up."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.errors import SchemaMismatch, UsageError
from datasette_newsgraph.loading.given_records import entry_of
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.store import open_store

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


def settings_of(connection: sqlite3.Connection) -> list[Any]:
    """All of a connection that its owner may have set."""
    pragmas = ("cache_size", "recursive_triggers", "foreign_keys", "legacy_alter_table")
    return [
        *(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas),
        connection.isolation_level,
        connection.execute("SELECT name FROM temp.sqlite_master").fetchall(),
    ]


@every_wrap
@pytest.mark.parametrize("level", [None, "", "IMMEDIATE"])
def test_what_a_connection_was_told_by_pragma_is_kept(
    db_path: Path, level: str | None, wrap: Wrap
) -> None:
    with closing(sqlite3.connect(db_path, isolation_level=level)) as connection:  # type: ignore[call-overload]
        given = wrap(connection)
        connection.execute("PRAGMA cache_size = 123")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = OFF")
        before = settings_of(connection)
        assert load(given, [record()]).new == 1
        assert settings_of(connection) == before
        assert len(rdf_graph(given)) > 10
        assert settings_of(connection) == before


@pytest.mark.parametrize("is_in_memory", [False, True])
def test_a_graph_that_is_attached_is_left_alone(db_path: Path, is_in_memory: bool) -> None:
    other = db_path.with_name("other.db")
    load(other, [record(id="other")])
    before = other.read_bytes()
    with closing(sqlite3.connect(":memory:" if is_in_memory else db_path)) as connection:
        connection.execute("ATTACH ? AS other", [str(other)])
        with pytest.raises(SchemaMismatch, match="has no news graph"):
            rdf_graph(connection)
        assert load(connection, [record()]).new == 1
        assert load(connection, [record(text="Ana Ruiz left Oslo.")]).changed == 1
        with open_store(connection) as db:
            assert list(check(db)) == []
        ids = connection.execute("SELECT given_id FROM main.articles").fetchall()
    assert ids == [("a1",)]
    assert other.read_bytes() == before


def closed(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.close()
    return connection


def of_another_thread(path: Path) -> sqlite3.Connection:
    with ThreadPoolExecutor() as pool:
        return pool.submit(sqlite3.connect, path).result()


def in_a_transaction(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    return connection


def with_a_temporary_table(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TEMPORARY TABLE Articles (id)")
    return connection


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (closed, "closed database.; open another one"),
        (of_another_thread, "same thread.; open another one"),
        (in_a_transaction, "has a transaction open; commit it first"),
        (with_a_temporary_table, "a temporary table 'Articles'.*; drop it first"),
        (lambda path: ":memory:", r"no name of a file; give one, .*sqlite3.connect\(':memory:'\)"),
        (lambda path: f"file:{path}?mode=ro", "no name of a file; .*uri=True"),
        (lambda path: "", "'' is no name of a file"),
        (lambda path: f"{path}\0", "is no name of a file"),
        (lambda path: 5, "the name of its file or an open connection, not int"),
    ],
)
@pytest.mark.parametrize("act", [lambda given: load(given, [record()]), rdf_graph])
def test_a_database_that_cannot_be_used_as_it_is(
    db_path: Path, act: Callable[[Any], Any], make: Callable[[Path], Any], reason: str
) -> None:
    load(db_path, [record()])
    files = sorted(db_path.parent.iterdir())
    with pytest.raises(UsageError, match=reason):
        act(make(db_path))
    assert sorted(db_path.parent.iterdir()) == files


@pytest.mark.parametrize("given", [record(), "a.jsonl", b"{}", records.Article(id="a1"), 5, None])
def test_one_record_is_no_list_of_records(db_path: Path, given: Any) -> None:
    with pytest.raises(UsageError, match=f"not as one {type(given).__name__}"):
        load(db_path, given)
    assert not db_path.exists()


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        ("/a/path.jsonl", r"a list of paths, not as one: \['/a/path.jsonl'\]"),
        (Path("/a/path.jsonl"), "a list of paths, not as one"),
        ([b"a.jsonl"], "by its path, not by bytes"),
        ([None], "by its path, not by NoneType"),
    ],
)
def test_one_path_is_no_list_of_paths(db_path: Path, paths: Any, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        load_files(db_path, paths)
    assert not db_path.exists()


@pytest.mark.parametrize("name", ["news.db", "./news.db", "a link", "a hard link", "news.db-wal"])
@pytest.mark.parametrize("place", ["files", "articles", "label_map"])
def test_a_database_is_no_input_of_its_own(tmp_path: Path, name: str, place: str) -> None:
    path, other = tmp_path / "news.db", tmp_path / "other.jsonl"
    load(path, [record()])
    other.write_text("", "utf-8")
    (tmp_path / "a link").symlink_to(path)
    (tmp_path / "a hard link").hardlink_to(path)
    given: Record = {} if place == "files" else {place: tmp_path / name}
    with pytest.raises(UsageError, match="is the database to load into"):
        load_files(path, [tmp_path / name if place == "files" else other], **given)


def test_an_empty_file_does_not_become_the_database_it_is_loaded_into(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.touch()
    with pytest.raises(UsageError, match="is the database to load into"):
        load_files(path, [path])
    assert path.stat().st_size == 0
