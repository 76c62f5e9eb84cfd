"""Files and folders that are written: whole or absent, by their endings, with the options of use."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.errors import StoreError, UsageError
from datasette_newsgraph.property_graphs import FORMATS, GraphFormat
from datasette_newsgraph.property_graphs.folders import write_folder
from tests.property_graphs.graph_readers import exported, read
from tests.rdf.exported_graphs import ROOT, newsgraph, records

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
every_file = pytest.mark.parametrize(
    "format_", [each for each in FORMATS if not each.is_folder], ids=lambda each: each.name
)
every_folder = pytest.mark.parametrize(
    "format_", [each for each in FORMATS if each.is_folder], ids=lambda each: each.name
)


def bytes_of(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of each file of a folder."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {each.name: each.read_bytes() for each in files}


def test_graph_tools_are_told_of_every_format() -> None:
    page = (ROOT / "docs" / "graph-tools.md").read_text("utf-8")
    assert [each.name for each in FORMATS if f"## {each.name}\n" not in page] == []


@every_file
def test_standard_output_and_compressed_files_hold_the_same(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    expected = exported(examples, format_, tmp_path).read_bytes()
    assert newsgraph("export", examples, "-f", format_.name).stdout_bytes == expected
    packed = tmp_path / f"graph{format_.ending}.gz"
    assert newsgraph("export", examples, "-o", packed).exit_code == 0
    assert gzip.decompress(packed.read_bytes()) == expected
    other = tmp_path / "graph.ttl"
    assert newsgraph("export", examples, "-f", format_.name, "-o", other).exit_code == 0
    assert other.read_bytes() == expected


@every_format
def test_equal_graphs_are_equal_files(tmp_path: Path, format_: GraphFormat) -> None:
    for name, order in (("one", 1), ("other", -1)):
        (tmp_path / name).mkdir()
        load(tmp_path / f"{name}.db", records()[::order])
        exported(tmp_path / f"{name}.db", format_, tmp_path / name)
    one, other = (bytes_of(next((tmp_path / name).iterdir())) for name in ("one", "other"))
    assert one == other


@every_format
def test_an_empty_database_is_an_empty_graph(tmp_path: Path, format_: GraphFormat) -> None:
    load(tmp_path / "empty.db", [])
    graph = read(exported(tmp_path / "empty.db", format_, tmp_path), format_)
    assert not graph.nodes
    assert not graph.edges


@every_folder
@pytest.mark.parametrize(
    ("output", "words"),
    [("-", "is a folder of files; name it: -o DIR"), ("graph.gz", "without .gz")],
)
def test_a_folder_needs_a_name_of_its_own(
    examples: Path, format_: GraphFormat, output: str, words: str
) -> None:
    result = newsgraph("export", examples, "-f", format_.name, "-o", output)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


@every_folder
def test_a_folder_of_an_earlier_export_is_replaced(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    folder = exported(examples, format_, tmp_path)
    first = bytes_of(folder)
    next(folder.iterdir()).unlink()
    assert bytes_of(exported(examples, format_, tmp_path)) == first
    assert [each.name for each in tmp_path.iterdir()] == [folder.name]


@every_folder
def test_a_folder_with_other_files_is_left_as_it_is(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = newsgraph("export", examples, "-f", format_.name, "-o", tmp_path)
    assert result.exit_code == 2
    assert "is a folder with other files in it (thesis.txt)" in result.stderr
    assert bytes_of(tmp_path) == {"thesis.txt": b"mine"}


@every_folder
def test_a_file_is_no_place_for_a_folder(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    (tmp_path / "taken").write_text("mine")
    result = newsgraph("export", examples, "-f", format_.name, "-o", tmp_path / "taken")
    assert result.exit_code == 2
    assert "taken is a file; name a folder" in result.stderr


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_is_whole_or_absent(tmp_path: Path, error: BaseException, is_there: bool) -> None:
    def blocks() -> Iterator[bytes]:
        yield b"half"
        raise error

    target = tmp_path / "graph"
    if is_there:
        target.mkdir()
        (target / "a").write_bytes(b"old")
    with pytest.raises((StoreError, KeyboardInterrupt)):
        write_folder([("a", [b"whole"]), ("b", blocks())], str(target), ("a", "b"))
    assert {each.name for each in tmp_path.iterdir()} == ({"graph"} if is_there else set())
    assert not is_there or bytes_of(target) == {"a": b"old"}


def test_a_folder_in_no_folder_is_one_line(examples: Path, tmp_path: Path) -> None:
    result = newsgraph("export", examples, "-f", "neo4j-csv", "-o", tmp_path / "no" / "such")
    assert result.exit_code == 1
    assert "no/such: No such file or directory; nothing was written" in result.stderr


OPTIONS: dict[str, list[str]] = {
    "with_text": ["--with-text"],
    "with_decisions": ["--with-decisions"],
    "assert_from": ["--assert-from", "0.5"],
    "jobs": ["--jobs", "2"],
    "together": ["--together", "2"],
}


@every_format
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_of_no_use_is_refused_by_its_name(
    examples: Path, tmp_path: Path, format_: GraphFormat, option: str
) -> None:
    output = tmp_path / f"graph{format_.ending}"
    result = newsgraph("export", examples, *OPTIONS[option], "-o", output)
    if option in format_.options:
        assert result.exit_code == 0
        assert output.exists()
        return
    assert result.exit_code == 2
    assert f"{OPTIONS[option][0]} is not for {format_.name}; choose " in result.stderr
    assert not output.exists()


def test_together_is_not_for_rdf(examples: Path, tmp_path: Path) -> None:
    result = newsgraph("export", examples, "--together", "2", "-o", tmp_path / "graph.ttl")
    assert result.exit_code == 2
    assert "--together is not for turtle; choose gexf, or leave it out" in result.stderr


@pytest.mark.parametrize("arguments", [("-f", "visio"), ("-o", "graph.vsdx")])
def test_an_unknown_format_lists_those_for_graph_tools_too(
    examples: Path, arguments: tuple[str, str]
) -> None:
    result = newsgraph("export", examples, *arguments)
    assert result.exit_code == 2
    assert all(each.name in result.stderr for each in FORMATS)


def test_parquet_without_pyarrow_names_the_extra(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    result = newsgraph("export", examples, "-o", tmp_path / "graph.parquet")
    assert result.exit_code == 2
    assert "pip install 'datasette-newsgraph[parquet]'" in result.stderr
    assert list(tmp_path.iterdir()) == []


@every_format
def test_an_unknown_entity_is_one_line_and_no_file(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    output = tmp_path / f"graph{format_.ending}"
    result = newsgraph("export", examples, "--entity", "Nobody", "-o", output)
    assert result.exit_code == 1
    assert "Nobody" in result.stderr
    assert list(tmp_path.iterdir()) == []


WRONG: tuple[tuple[str, str, Any], ...] = (
    ("entities", "name", b"\xff\xfe"),
    ("entities", "key", None),
    ("relations", "key", None),
    ("articles", "key", None),
    ("entities", "latitude", "north"),
    ("entities", "latitude", float("inf")),
    ("entity_counts", "mentions", "many"),
    ("relations", "predicate", b"met"),
    ("relation_counts", "confidence", "high"),
    ("appearances", "mentions", 1.5),
    ("articles", "authors", "no JSON"),
    ("articles", "authors", "{}"),
    ("articles", "sections", "[1]"),
)


#: GEXF has nothing of articles, nor how often each names an entity.
READ = [
    pytest.param(format_, *wrong, id=f"{format_.name}-{wrong[0]}-{wrong[1]}-{place}")
    for format_ in FORMATS
    for place, wrong in enumerate(WRONG)
    if format_.name != "gexf" or wrong[0] not in ("articles", "appearances")
]


@pytest.mark.parametrize(("format_", "table", "column", "value"), READ)
def test_a_value_that_no_load_writes_is_one_line(
    examples: Path, tmp_path: Path, format_: GraphFormat, table: str, column: str, value: Any
) -> None:
    database = Path(shutil.copy(examples, tmp_path / "wrong.db"))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid % 2", [value])
    output = tmp_path / f"graph{format_.ending}"
    result = newsgraph("export", database, "-o", output)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert f"{table} " in result.stderr
    assert "newsgraph check" in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["wrong.db"]


@every_file
def test_json_and_xml_end_in_a_line_end(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    assert exported(examples, format_, tmp_path).read_bytes().endswith((b">\n", b"}\n"))


def test_a_folder_that_is_no_place_raises_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "other").write_text(json.dumps({}))

    def files() -> Iterator[tuple[str, Iterator[bytes]]]:
        pytest.fail("something was made")
        yield "a", iter(())

    with pytest.raises(UsageError):
        write_folder(files(), str(tmp_path), ("a",))


@every_folder
def test_what_a_killed_export_left_long_ago_is_cleared_away(
    examples: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    target = tmp_path / f"graph{format_.ending}"
    for name, days in (("aaaa1111", 30), ("bbbb2222", 0)):
        left = tmp_path / f".{target.name}.{name}.tmp"
        left.mkdir()
        (left / "half.csv").write_bytes(b"1,2")
        at = time.time() - days * 24 * 3600
        os.utime(left, (at, at))
    exported(examples, format_, tmp_path)
    # What is of today may be of an export that is still under way.
    assert {each.name for each in tmp_path.iterdir()} == {
        target.name,
        f".{target.name}.bbbb2222.tmp",
    }


def test_such_a_folder_is_in_nobodys_way(examples: Path, tmp_path: Path) -> None:
    left = tmp_path / ".graph.ttl.aaaa1111.tmp"
    left.mkdir()
    os.utime(left, (0, 0))
    result = newsgraph("export", examples, "-o", tmp_path / "graph.ttl")
    assert result.exit_code == 0, result.output
    assert [each.name for each in tmp_path.iterdir()] == ["graph.ttl"]
