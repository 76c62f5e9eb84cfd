"""From a tool's file into the database: what becomes of articles that are named otherwise, come again,
are left out, or are read in another way than before.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.cli import cli
from datasette_newsgraph.drafting import plan
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.identity import local_entity_key
from datasette_newsgraph.inspection import as_json, inspect
from datasette_newsgraph.loading.intake import Intake
from datasette_newsgraph.loading.key_numbers import KeyNumbers
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.loading.summary import LoadOptions, LoadSummary
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading import pipeline
from datasette_newsgraph.reading.pipeline import Reading
from datasette_newsgraph.store import open_store

Query = Callable[[str], list[tuple[Any, ...]]]
Lines = Callable[..., Path]
Run = Callable[..., Result]


@pytest.fixture
def query(db_path: Path) -> Query:
    def rows(sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(db_path)) as connection:
            return connection.execute(sql).fetchall()

    return rows


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    def write(name: str, *records: Any) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")
        return path

    return write


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(cli, [str(each) for each in arguments])


def task(number: int, text: str, *spans: tuple[int, int, str], **more: Any) -> dict[str, Any]:
    """A record as doccano exports it."""
    entities = [
        {"id": place, "start_offset": start, "end_offset": end, "label": label}
        for place, (start, end, label) in enumerate(spans)
    ]
    return {"id": number, "text": text, "entities": entities, "relations": [], **more}


KABUL = task(1, "Kabul fell.", (0, 5, "GPE"))
PARIS = task(2, "Paris shone.", (0, 5, "GPE"))


# Who a record is --------------------------------------------------------------------------------


def test_an_article_without_an_address_is_called_by_its_text(
    lines: Lines, db_path: Path, query: Query
) -> None:
    load_files(db_path, [lines("a.jsonl", KABUL, PARIS)])
    digests = (hashlib.sha256(each["text"].encode()).hexdigest() for each in (KABUL, PARIS))
    assert query("SELECT given_id FROM articles ORDER BY id") == [
        (f"sha256:{digest[:16]}",) for digest in digests
    ]


def test_records_without_words_are_told_apart(lines: Lines, db_path: Path, query: Query) -> None:
    load_files(db_path, [lines("a.jsonl", task(1, " \n"), task(2, " \n"), KABUL)])
    assert query("SELECT count(*) FROM articles") == [(3,)]


def test_a_second_record_about_an_article_is_rejected_and_told(
    lines: Lines, db_path: Path, query: Query
) -> None:
    """Else it would take the first one's place."""
    url = "https://example.org/kabul"
    one, other = (
        {"url": url, "text": f"{name} fell.", "entities": [{"text": name, "label": "GPE"}]}
        for name in ("Kabul", "Paris")
    )
    path = lines("a.jsonl", one, other, one)
    for _ in range(2):
        summary = load_files(db_path, [path])
        assert (summary.rejected, summary.changed) == (1, 0)
        assert query("SELECT url, line FROM articles, rejects") == [(url, 2)]
        assert query("SELECT name FROM entities") == [("Kabul",)]
    # In another file it is a new version.
    assert load_files(db_path, [lines("b.jsonl", other)]).changed == 1


def test_a_sidecar_names_an_article_that_was_loaded_without_one(
    lines: Lines, db_path: Path, query: Query
) -> None:
    path = lines("a.jsonl", KABUL, PARIS)
    rows = lines("rows.jsonl", {"id": "1", "url": "https://example.org/kabul", "title": "Kabul"})
    load_files(db_path, [path])
    summary = load_files(db_path, [path], articles=rows)
    assert (summary.new, summary.changed, summary.rows_missed) == (0, 2, 1)
    assert query("SELECT title FROM articles WHERE url = 'https://example.org/kabul'") == [
        ("Kabul",)
    ]
    assert query("SELECT count(*), count(DISTINCT key) FROM articles") == [(2, 2)]
    with open_store(db_path) as db:
        assert list(check(db)) == []
    again = load_files(db_path, [path], articles=rows)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)


# In another way ---------------------------------------------------------------------------------


def test_another_map_is_another_reading(lines: Lines, db_path: Path, query: Query) -> None:
    path = lines("a.jsonl", KABUL)
    labels = path.with_name("labels.json")
    for type_ in ("City", "Capital"):
        labels.write_text(json.dumps({"types": {"GPE": type_}}))
        assert load_files(db_path, [path], label_map=labels).unchanged == 0
        assert query("SELECT type FROM entities") == [(type_,)]
        assert load_files(db_path, [path], label_map=labels).unchanged == 1


def test_what_an_earlier_revision_read_is_read_again(
    lines: Lines, db_path: Path, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As keys, spans or labels may have become others: loading the files again is all it takes."""
    attack = {"id": "e1", "type": "Event", "name": "attack", "local": True}
    path = lines("a.jsonl", {"id": "a1", "entities": [attack]})
    with monkeypatch.context() as before:
        before.setattr(pipeline, "REVISION", "3")
        before.setattr(plan, "own_entity_key", lambda *given: local_entity_key(*given[:3]))
        assert load_files(db_path, [path]).new == 1
    (former,) = query("SELECT key FROM entities")
    for unchanged in (0, 1):
        assert load_files(db_path, [path]).unchanged == unchanged
        (now,) = query("SELECT key FROM entities")
        assert now != former
    with open_store(db_path) as db:
        assert list(check(db)) == []


def test_a_broken_off_load_goes_on_only_in_the_same_way(
    tmp_path: Path, lines: Lines, db_path: Path, query: Query
) -> None:
    records = [
        {"id": f"a{number}", "entities": [{"id": "e", "type": "VEH", "name": f"v{number}"}]}
        for number in range(1500)
    ]
    path = lines("a.jsonl", *records)
    maps = []
    for type_ in ("Vehicle", "Weapon"):
        maps.append(tmp_path / f"{type_}.json")
        maps[-1].write_text(json.dumps({"types": {"VEH": type_}}))

    class Killed(Exception):
        pass

    def kill_after_a_thousand() -> None:
        if summary.read > 1000:
            raise Killed

    with open_store(db_path, make=True) as db, closing(Source(path)) as source:
        summary = LoadSummary()
        way = Reading.of(label_map=maps[0]).pipeline(source)
        intake = Intake(db, source, way, LoadOptions(), summary, KeyNumbers(db, apart=False))
        with pytest.raises(Killed):
            intake.take(way.format.reader.entries(source), kill_after_a_thousand)
    assert query("SELECT complete FROM sources") == [(0,)]
    summary = load_files(db_path, [path], label_map=maps[1])
    assert summary.resumed == []
    assert query("SELECT type, count(*) FROM entities GROUP BY 1") == [("Weapon", 1500)]


# Left out, rejected, shown ----------------------------------------------------------------------


def test_what_annotators_rejected_is_left_out(lines: Lines, run: Run, db_path: Path) -> None:
    span = {"start": 0, "end": 5, "label": "GPE", "token_start": 0, "token_end": 0}
    tasks = [
        {"text": "Kabul fell.", "spans": [span], "answer": "accept"},
        {"text": "Paris shone.", "spans": [span], "answer": "reject"},
    ]
    path = lines("a.jsonl", *tasks)
    result = run("load", db_path, path, "--strict")
    assert result.exit_code == 0
    assert "1 record left out" in result.stderr
    assert "1, 1 record left out" in run("inspect", path).stdout
    converted = run("convert", path)
    assert (converted.exit_code, len(converted.stdout.splitlines())) == (0, 1)


def test_annotations_that_are_not_taken_are_counted(lines: Lines, run: Run, db_path: Path) -> None:
    value = {"start": 0, "end": 5, "text": "Kabul", "labels": ["LOC"]}
    result = {"id": "r", "type": "labels", "from_name": "l", "to_name": "text", "value": value}
    annotations = [{"id": number, "result": [result]} for number in (1, 2, 3)]
    skipped = {"id": 4, "was_cancelled": True, "result": []}
    record = {"id": 7, "data": {"text": "Kabul fell."}, "annotations": [*annotations, skipped]}
    path = lines("tasks.jsonl", record)
    assert "not used: other annotations of a task 2" in run("load", db_path, path).stderr
    assert "  not used        other annotations of a task 2" in run("inspect", path).stdout


def test_convert_tells_what_it_leaves_out(lines: Lines, run: Run) -> None:
    record = {
        "id": "a1",
        "entities": [{"id": "e1", "name": "Kabul", "type": "Place"}, {"id": "e2"}],
    }
    dangling = {"id": "a2", "relations": [{"subject": "e9", "predicate": "p", "value": "x"}]}
    result = run("convert", lines("a.jsonl", record, dangling, {"id": " "}))
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    told = result.stderr.splitlines()
    assert "line 1: entities[1]: " in told[0]
    assert "line 2: relations[0]: the article has no entity 'e9'" in told[1]
    assert told[2].endswith("line 3: the article's id is empty")


def test_inspect_goes_on_behind_a_file_that_it_cannot_read(lines: Lines, run: Run) -> None:
    good, bad = lines("good.jsonl", KABUL), lines("bad.jsonl", {"what": 1})
    result = run("inspect", bad, "nosuch.jsonl", good)
    assert result.exit_code == 1
    assert "is not of a format that newsgraph recognises" in result.stdout
    assert "nosuch.jsonl\n  error           No such file" in result.stdout
    assert "doccano JSON Lines" in result.stdout


def test_orders_to_a_terminal_are_not_passed_on(lines: Lines, run: Run) -> None:
    record = task(1, "\x1b]0;pwned\x07\nKabul", (0, 9, "G\x1bPE\n"))
    for command in ("inspect", "convert"):
        result = run(command, lines("a.jsonl", record))
        assert "\x1b" not in result.stdout + result.stderr


def test_an_inspection_counts_what_a_load_would(lines: Lines, db_path: Path) -> None:
    path = lines("a.jsonl", KABUL, PARIS, task(3, "x", (0, 9, "GPE"), (0, 1, "WHAT")))
    with closing(Source(path)) as source:
        found = inspect(source, Reading.of().pipeline(source))
    summary = load_files(db_path, [path])
    assert (found.articles, found.parts_rejected) == (summary.new, summary.parts_rejected)
    assert found.spans == summary.spans
    assert found.unmapped == summary.unmapped == {("type", "WHAT"): 1}
    assert found.mentions == {"Place": 2, "WHAT": 1}
    assert as_json(found)["unmapped"] == [{"kind": "type", "label": "WHAT", "count": 1}]
    assert json.loads(json.dumps(as_json(found)))["mentions"] == found.mentions


# The record is told from other files with an id and a text ----------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        {"id": "x", "text": "Kabul fell.", "label": "war"},
        {"id": "x", "text": "Kabul fell.", "entities": {"GPE": ["Kabul"]}},
        {"id": "x", "text": "Kabul fell.", "entities": [{"name": "Kabul", "type": "GPE"}]},
        {"id": 1, "text": "Kabul fell."},
    ],
)
def test_not_everything_with_an_id_and_a_text_is_a_record(
    record: dict[str, Any], lines: Lines, db_path: Path
) -> None:
    try:
        formats = load_files(db_path, [lines("a.jsonl", record)]).formats
    except InputError as error:
        said = ("is not of a format that newsgraph recognises", "whose entities have no id")
        assert any(each in str(error) for each in said)  # noqa: PT017 - either may be
    else:
        assert formats != {"a.jsonl": "record"}


@pytest.mark.parametrize("given_id", [1, "1"])
def test_a_record_of_which_the_ids_are_numbers_is_recognised(
    given_id: Any, lines: Lines, db_path: Path
) -> None:
    entity = {"id": 1, "type": "Place", "name": "Paris"}
    record = {"id": given_id, "text": "Hello Paris", "entities": [entity]}
    assert load_files(db_path, [lines("a.jsonl", record)]).formats == {"a.jsonl": "record"}


def test_an_article_of_which_the_id_is_a_number_may_have_no_entities(lines: Lines) -> None:
    with closing(
        Source(lines("a.jsonl", {"id": 1, "title": "T", "text": "Hello Paris"}))
    ) as source:
        assert Reading.of().pipeline(source).is_record


PERSON = {"id": "e1", "type": "Person", "name": "Ana", "mentions": [{"start": 0, "end": 3}]}
MET = {"subject": "e1", "predicate": "met", "value": "Bob"}


def without(part: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != field}


@pytest.mark.parametrize(
    ("record", "lacks"),
    [
        ({"text": "Ana met.", "entities": [PERSON], "relations": [MET]}, "id"),
        ({"title": "Ana met.", "entities": [without(PERSON, "mentions")]}, "id"),
        ({"id": "a", "text": "Ana met.", "entities": [without(PERSON, "type")]}, "type"),
        ({"id": "a", "text": "Ana met.", "entities": [without(PERSON, "name")]}, "name"),
        ({"id": "a", "entities": [without(PERSON, "id")]}, "id"),
        ({"id": "a", "entities": [PERSON], "relations": [without(MET, "subject")]}, "subject"),
        ({"id": 7, "entities": [PERSON], "relations": [without(MET, "predicate")]}, "predicate"),
    ],
)
def test_a_record_that_lacks_a_field_is_told_which(
    record: dict[str, Any], lacks: str, lines: Lines, db_path: Path, query: Query
) -> None:
    summary = load_files(db_path, [lines("a.jsonl", record)])
    assert summary.formats == {"a.jsonl": "record"}
    assert summary.rejects == 1
    ((reason,),) = query("SELECT reason FROM rejects")
    assert f"missing required field `{lacks}`" in reason


@pytest.mark.parametrize("more", [{}, {"content": "Some words."}, {"body": "Words.", "tag": 1}])
@pytest.mark.parametrize("given_id", ["0", 1])
def test_an_id_and_a_title_make_no_record(
    given_id: Any, more: dict[str, Any], lines: Lines, db_path: Path
) -> None:
    path = lines("a.jsonl", {"id": given_id, "title": "Report A", **more})
    with pytest.raises(InputError, match=r"an id and a title.* if it is one, say --format record"):
        load_files(db_path, [path])
    assert load_files(db_path, [path], format_name="record").new == 1


def test_entities_without_an_id_are_told_so(lines: Lines, db_path: Path) -> None:
    entity = {"type": "Place", "name": "Paris", "mentions": [{"start": 0, "end": 5}]}
    record = {"id": "a1", "text": "Paris", "entities": [entity]}
    with pytest.raises(InputError, match=r'entities have no id.*give each entity an "id", such'):
        load_files(db_path, [lines("a.jsonl", record)])
    # Without mentions it is as well what a language model writes, who gives no places.
    entity.pop("mentions")
    summary = load_files(db_path, [lines("a.jsonl", record)])
    assert summary.formats == {"a.jsonl": "structured"}


def test_a_record_may_have_fields_that_are_not_known(lines: Lines, db_path: Path) -> None:
    summary = load_files(db_path, [lines("a.jsonl", {"id": "a1", "text": "x", "lang": "en"})])
    assert summary.unknown_fields == {"lang": 1}
