"""The rows of ``rejects`` are what the summary counts, in whatever order a reader yields records."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.drafting import records
from datasette_newsgraph.drafting.rejects import MOST_PARTS
from datasette_newsgraph.errors import TooManyRejects
from datasette_newsgraph.loading.load import LoadOptions, load, load_files
from datasette_newsgraph.readers.formats import Format
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.stats import count_groups, count_tables
from tests.readers.files_of_formats import every_format, write_example

Query = Callable[..., list[tuple[Any, ...]]]
BROKEN = '{"subject": "Ana", "pred'


@every_format
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "last"])
def test_a_line_that_cannot_be_read_is_a_row(
    tmp_path: Path, db_path: Path, query: Query, format_: Format, is_first: bool
) -> None:
    path = write_example(format_, tmp_path)
    if path.suffix not in (".json", ".jsonl", ".ndjson", ".ijson", ".jsonld"):
        pytest.skip("its files are no JSON Lines")
    good = [json.dumps(each) for each in values(path.read_text("utf-8"))]
    lines = [BROKEN, *good, BROKEN] if is_first else [*good, BROKEN]
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    for _ in range(2):
        summary = load_files(db_path, [path], format_name=format_.name)
        rows = query("SELECT line, item FROM rejects ORDER BY line, item")
        assert len(rows) == summary.rejects
        assert (len(lines), 0) in rows
        assert is_first is ((1, 0) in rows)


def values(text: str) -> list[Any]:
    """The JSON values of a file, one after the other, or the elements of the one array that it is."""
    found, at = [], 0
    while at < len(text.rstrip()):
        value, end = json.JSONDecoder().raw_decode(
            text, at + len(text[at:]) - len(text[at:].lstrip())
        )
        found.append(value)
        at = end
    return found[0] if len(found) == 1 and isinstance(found[0], list) else found


def test_statements_of_an_early_article_behind_a_broken_line(
    db_path: Path, query: Query, write: Callable[..., Path]
) -> None:
    statement = {"subject": "Ana", "predicate": "met", "object": "Bob", "url": "https://a.example"}
    lines = [statement, "broken", {**statement, "object": ""}, {"triples": [["A", "is", "B"]]}]
    path = write("a.jsonl", *lines)
    for _ in range(2):
        summary = load_files(db_path, [path], format_name="triples")
        assert [
            (line, item) for line, item in query("SELECT line, item FROM rejects ORDER BY line")
        ] == [
            (1, 1),
            (2, 0),
        ]
        assert summary.rejects == 2


# --- Records with many faults ----------------------------------------------------------------

SUM = "SELECT count(*), sum(parts), max(item) FROM rejects"


def faulty(id_: str, faults: int) -> dict[str, Any]:
    """A record of which so many parts cannot be taken, each another one."""
    return {"id": id_, "quotes": list(range(faults))}


@pytest.mark.parametrize(
    ("faults", "rows", "last"),
    [(1, 1, 1), (MOST_PARTS, MOST_PARTS, 1), (MOST_PARTS + 1, MOST_PARTS + 1, 1), (999, 101, 899)],
)
def test_one_row_stands_for_all_but_the_first_faults(
    db_path: Path, query: Query, faults: int, rows: int, last: int
) -> None:
    for _ in range(2):
        summary = load(db_path, [faulty("a", faults), {"id": "b"}, {"title": "of no id"}])
        assert (summary.rejected, summary.parts_rejected) == (1, faults)
        assert query(SUM) == [(rows + 1, faults + 1, rows)]
        assert query("SELECT parts FROM rejects WHERE line = 1 ORDER BY item DESC")[0] == (last,)
        assert query("SELECT article_id, faults FROM article_faults") == [(1, faults)]
    with open_store(db_path) as db:
        assert count_tables(db)["rejects"] == faults + 1
        assert count_groups(db)["rejects by source"] == [("records", faults + 1)]
        assert list(check(db)) == []


def test_each_part_counts_among_the_errors(db_path: Path, query: Query) -> None:
    assert load(db_path, [faulty("a", 250)], options=LoadOptions(max_errors=250)).rejects == 250
    with pytest.raises(TooManyRejects, match="line 1: 251 rejects are more than --max-errors 250"):
        load(db_path, [faulty("a", 251), {"id": "b"}], options=LoadOptions(max_errors=250))
    assert query(SUM) == [(101, 251, 101)]


def test_an_article_without_faults_any_longer_has_no_row(db_path: Path, query: Query) -> None:
    load(db_path, [faulty("a", 3), faulty("b", 2)])
    load(db_path, [faulty("a", 0), faulty("b", 2)])
    assert query(
        "SELECT given_id, faults FROM article_faults JOIN articles ON id = article_id"
    ) == [("b", 2)]


def evidence(count: int) -> dict[str, Any]:
    """A document of DocRED with one relation, whose list of evidence has so many wrong numbers."""
    label = {"h": 0, "t": 0, "r": "P17", "evidence": list(range(10, 10 + count))}
    vertex = {"name": "Oslo", "type": "LOC", "sent_id": 0, "pos": [1, 2]}
    return {"title": "a", "sents": [["In", "Oslo"]], "vertexSet": [[vertex]], "labels": [label]}


def owners(count: int) -> dict[str, Any]:
    """What owns a great many things that are not in the file."""
    owned = {"owner": ["ana"], "asset": [f"x{each}" for each in range(count)]}
    return {"id": "own", "schema": "Ownership", "properties": owned}


MANY_FAULTS = {"docred": evidence, "followthemoney": owners}


@pytest.mark.parametrize("name", MANY_FAULTS)
def test_a_part_with_many_faults_is_written_once(
    monkeypatch: pytest.MonkeyPatch,
    db_path: Path,
    write: Callable[..., Path],
    query: Query,
    name: str,
) -> None:
    written: list[bytes] = []
    monkeypatch.setattr(records, "shortened", lambda raw: written.append(raw) or str(raw[:9]))
    summary = load_files(db_path, [write("a.jsonl", MANY_FAULTS[name](5000))], format_name=name)
    assert summary.rejects > 4000
    assert len(written) == 1
    assert query("SELECT count(raw), count(*) FROM rejects") == [(1, MOST_PARTS + 1)]
