"""What cannot be taken is a row of ``rejects``, and the rest is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import (
    TooManyRejects,
)
from datasette_newsgraph.loading.load import LoadOptions, load, load_files
from tests.loading.rows_of_a_load import faults, named, numbered

Article = dict[str, Any]
Rows = list[tuple[Any, ...]]
Query = Callable[..., Rows]
Write = Callable[..., Path]
Dump = Callable[[Path], dict[str, Rows]]


def test_what_is_rejected_stands_in_a_table(db_path: Path, write: Write, query: Query) -> None:
    part = {"subject": "e1", "predicate": "p", "object": "e9"}
    path = write(
        "a.jsonl",
        {"id": "a1"},
        '{"id": "broken',
        "",
        {"id": "a2", "entities": [named("Kabul", id="e1")], "relations": [part]},
    )
    load_files(db_path, [path])
    rows = query("SELECT source, line, item, reason, raw FROM rejects ORDER BY line")
    assert rows[0][:3] == ("a.jsonl", 2, 0)
    assert rows[0][3].startswith("not JSON")
    assert rows[0][4] == '{"id": "broken'
    assert rows[1][:4] == (
        "a.jsonl",
        4,
        1,
        "relations[0]: the article has no entity 'e9' (object)",
    )
    assert json.loads(rows[1][4]) == part
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"relations": [{"subject": "e9", "predicate": "p", "value": 1}]}, "'e9' (subject)"),
        ({"relations": [{"subject": "e1", "predicate": "p", "object": "e9"}]}, "'e9' (object)"),
        ({"quotes": [{"speaker": "e9", "text": "x"}]}, "'e9' (speaker)"),
        ({"relations": [{"subject": "e1", "predicate": "p"}]}, "neither an object nor a value"),
        ({"relations": [{"subject": "e1", "predicate": " ", "value": 1}]}, "has no predicate"),
        (
            {"relations": [{"subject": "e1", "predicate": "p", "object": "e1", "value": 1}]},
            "both an object and a value",
        ),
        (
            {"relations": [{"subject": "e1", "predicate": "p", "value": "x", "datatype": "IRI"}]},
            "'x' is not an absolute IRI",
        ),
    ],
)
def test_a_part_that_cannot_be_taken_leaves_the_rest(
    db_path: Path, query: Query, part: Article, reason: str
) -> None:
    record = {"id": "a1", "entities": [named("Kabul", id="e1")]} | part
    summary = load(db_path, [record])
    assert (summary.new, summary.rejected, summary.parts_rejected) == (1, 0, 1)
    ((table, found),) = query("SELECT 'rejects', reason FROM rejects")
    assert found.startswith(f"{next(iter(part))}[0]: ")
    assert reason in found
    assert query("SELECT name FROM entities") == [("Kabul",)]
    assert query("SELECT article_id, faults FROM article_faults") == [(1, 1)]
    assert table == "rejects"


@pytest.mark.parametrize("given", ["", " ", "\n"])
def test_an_id_that_says_nothing_is_none(db_path: Path, query: Query, given: str) -> None:
    """Else all such articles would be one, each in the place of the one before."""
    assert load(db_path, [{"id": given, "title": "x"}]).rejected == 1
    assert query("SELECT reason FROM rejects") == [("the article's id is empty",)]


@pytest.mark.parametrize(
    ("entities", "reason"),
    [
        ([named("", id="e1")], "entities[0]: has no name"),
        ([named("x", type="")], "entities[0]: has no type"),
        ([named("x", id="e1"), named("y", id="e1")], "entities[1]: the id 'e1' is given twice"),
        ([named("x", same_as=["Q90"])], "entities[0].same_as: 'Q90' is not an absolute IRI"),
        # The number is the entity's in the file, although the first is lost before.
        (
            [{"id": "e0"}, named("x", id="e1"), named("y", id="e1")],
            "entities[2]: the id 'e1' is given twice",
        ),
    ],
)
def test_entities_that_cannot_be_taken(
    db_path: Path, query: Query, entities: list[Article], reason: str
) -> None:
    load(db_path, [{"id": "a1", "entities": entities}])
    assert query("SELECT reason FROM rejects ORDER BY item")[-1] == (reason,)
    assert faults(db_path) == []


@pytest.mark.parametrize("letter", ["x", "é", "😀", "\\u0000"])
def test_the_raw_text_of_a_reject_is_cut_at_two_kilobytes(
    db_path: Path, write: Write, query: Query, letter: str
) -> None:
    path = write(
        "a.jsonl",
        '{"id":"' + letter * 3000,
        {"id": "a1", "quotes": [{"speaker": "e9", "text": letter * 3000}]},
    )
    load_files(db_path, [path])
    sizes = [len(raw.encode()) for (raw,) in query("SELECT raw FROM rejects")]
    assert len(sizes) == 2
    assert all(2000 < size <= 2048 for size in sizes)


def test_a_mended_file_takes_its_rejects_back(db_path: Path, write: Write, query: Query) -> None:
    load_files(db_path, [write("b.jsonl", "broken too", {"id": "b1"})])
    load_files(
        db_path, [write("a.jsonl", {"id": "a1"}, "broken", {"id": "a2", "quotes": [7]}, "x")]
    )
    assert query("SELECT line, item FROM rejects WHERE source = 'a.jsonl'") == [
        (2, 0),
        (3, 1),
        (4, 0),
    ]
    load_files(db_path, [write("a.jsonl", {"id": "a1"}, {"id": "a3"}, {"id": "a2", "quotes": []})])
    assert query("SELECT source, line FROM rejects") == [("b.jsonl", 1)]
    assert query("SELECT given_id FROM articles ORDER BY 1") == [("a1",), ("a2",), ("a3",), ("b1",)]
    assert query("SELECT * FROM article_faults") == []


def test_rejects_move_with_their_lines(db_path: Path, write: Write, query: Query) -> None:
    lines = ["broken", {"id": "a1", "quotes": [7, 8]}]
    load_files(db_path, [write("a.jsonl", *lines)])
    load_files(db_path, [write("a.jsonl", {"id": "a0"}, *lines)])
    assert query("SELECT line, item FROM rejects ORDER BY line, item") == [(2, 0), (3, 1), (3, 2)]


@pytest.mark.parametrize("separator", [", ", ",\n"])
@pytest.mark.parametrize("count", [3, 450])
def test_broken_records_of_an_array(
    db_path: Path, tmp_path: Path, query: Query, rows_of: Dump, separator: str, count: int
) -> None:
    path = tmp_path / "a.json"
    good = [json.dumps(each) for each in numbered(count)]
    bad = ['{"no": "id"}', '{"id": "b1", "quotes": [1, 2]}', '"text"', '{"id": "b2", "zones": [1]}']
    path.write_text("[" + separator.join([*good, *bad]) + "]")
    summary = load_files(db_path, [path])
    assert (summary.new, summary.rejected, summary.parts_rejected) == (count + 2, 2, 3)
    assert query("SELECT line, item, raw FROM rejects ORDER BY line, item") == [
        (count + 1, 0, bad[0]),
        (count + 2, 1, "1"),
        (count + 2, 2, "2"),
        (count + 3, 0, bad[2]),
        (count + 4, 1, "1"),
    ]
    before = rows_of(db_path)
    load_files(db_path, [path])
    assert rows_of(db_path) == before


def test_files_of_one_name_in_two_directories_keep_their_rejects(
    db_path: Path, write: Write, query: Query
) -> None:
    load_files(
        db_path, [write("x/a.jsonl", "broken", {"id": "a0"}), write("y/a.jsonl", {"id": "a1"})]
    )
    assert query("SELECT count(*) FROM rejects") == [(1,)]


def test_a_thousand_broken_lines_among_good_ones(db_path: Path, write: Write, query: Query) -> None:
    good = [json.dumps(each) for each in numbered(2000)]
    lines = [line for pair in zip(good[:1000], [g[:-9] for g in good[1000:]]) for line in pair]  # noqa: B905
    summary = load_files(db_path, [write("a.jsonl", *lines)])
    assert (summary.new, summary.rejected) == (1000, 1000)
    assert query("SELECT count(*), min(line), max(line) FROM rejects") == [(1000, 2, 2000)]
    assert faults(db_path) == []


@pytest.mark.parametrize(("limit", "new", "rejected"), [(0, 1, 1), (1, 2, 2), (2, 3, 3)])
def test_too_many_rejects_stop_a_load_and_keep_what_came_before(
    db_path: Path, write: Write, query: Query, limit: int, new: int, rejected: int
) -> None:
    lines = [each for number in range(5) for each in ({"id": f"a{number}"}, "broken")]
    path = write("a.jsonl", *lines)
    with pytest.raises(TooManyRejects, match=rf"^a\.jsonl: line {2 * rejected}: "):
        load_files(db_path, [path], options=LoadOptions(max_errors=limit))
    assert query("SELECT count(*) FROM articles") == [(new,)]
    assert query("SELECT count(*) FROM rejects") == [(rejected,)]
    assert faults(db_path) == []


@pytest.mark.parametrize("after", [[], [{"id": "a2"}], ["broken again"]])
def test_a_load_after_one_with_too_many_rejects_keeps_them(
    db_path: Path, write: Write, query: Query, after: list[Any]
) -> None:
    path = write("a.jsonl", {"id": "a1"}, "broken", *after)
    with pytest.raises(TooManyRejects):
        load_files(db_path, [path], options=LoadOptions(max_errors=0))
    load_files(db_path, [path])
    expected = [(2,)] + [(3,)] * (after == ["broken again"])
    assert query("SELECT line FROM rejects ORDER BY line") == expected


def test_what_was_rejected_before_a_load_goes_on_counts_as_well(
    db_path: Path, write: Write
) -> None:
    """Else ``--strict`` would be content with a file once it has been interrupted."""
    path = write("a.jsonl", {"id": "a1"}, "broken", {"id": "a2", "quotes": [7]}, "broken")
    with pytest.raises(TooManyRejects):
        load_files(db_path, [path], options=LoadOptions(max_errors=1))
    summary = load_files(db_path, [path])
    assert summary.resumed == [("a.jsonl", 3)]
    assert (summary.rejected, summary.parts_rejected) == (2, 1)
