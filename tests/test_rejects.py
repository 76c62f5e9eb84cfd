"""The rows of ``rejects`` are what the summary counts, in whatever order a reader yields records."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.readers.formats import Format
from datasette_newsgraph.store.load import load_files
from tests.files_of_formats import every_format, write_example

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
