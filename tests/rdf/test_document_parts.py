"""A document in parts: whoever writes them, in order they are the same bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.rdf.parts import HEAD, WHOLE, Part
from datasette_newsgraph.rdf.selection import select_rows
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.store import get_base, open_store

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
TABLES = {"entity": "entities", "relation": "relations", "article": "articles"}


def bounded(kind: str, bounds: list[str]) -> Iterator[Part]:
    """The parts of a kind that are cut at some keys."""
    lows, highs = [None, *bounds], [*bounds, None]
    return (Part(kind, low, high) for low, high in zip(lows, highs, strict=True))


def in_parts(path: Path, format_: Format, cut_at: dict[str, list[str]], **options: Any) -> bytes:
    """A document of parts that are cut at some keys, each written by a stream of its own."""
    parts = [one for part in WHOLE for one in bounded(part.kind, cut_at.get(part.kind, []))]
    with open_store(path) as db:
        blocks: list[bytes] = []
        for part in parts:
            one = GraphStream(db.conn, format_.syntax(get_base(db)), **options)
            blocks += one.part(part)
        return b"".join(one.document(blocks))


def keys(path: Path, kind: str) -> list[str]:
    with open_store(path) as db:
        return [row[0] for row in db.execute(f"SELECT key FROM {TABLES[kind]} ORDER BY key")]


@every_format
def test_parts_are_the_document(example_db: Path, format_: Format) -> None:
    thirds = {kind: keys(example_db, kind)[1::3] for kind in TABLES}
    with open_store(example_db) as db:
        whole = b"".join(stream(db, format_, with_text=True))
    assert in_parts(example_db, format_, thirds, with_text=True) == whole


@settings(max_examples=15)
@given(data=st.data())
def test_parts_may_be_cut_anywhere(example_db: Path, data: st.DataObject) -> None:
    any_key = st.text("abcxyz019-", max_size=3)
    cut_at = {
        kind: sorted(data.draw(st.lists(any_key | st.sampled_from(keys(example_db, kind)))))
        for kind in TABLES
    }
    format_ = format_named("jsonld")
    with open_store(example_db) as db:
        whole = b"".join(stream(db, format_))
    assert in_parts(example_db, format_, cut_at) == whole


@every_format
def test_parts_of_a_selection_are_the_selection(example_db: Path, format_: Format) -> None:
    with open_store(example_db) as db:
        whole = b"".join(stream(db, format_, rows=("mentions", range(1, 40))))
        chosen = select_rows(db.conn, "mentions", range(1, 40))
    halves = {kind: keys(example_db, kind)[5:6] for kind in TABLES}
    assert in_parts(example_db, format_, halves, selection=chosen) == whole


@every_format
@pytest.mark.parametrize("hidden", ["extractions", "articles", "relations", "entities"])
def test_the_first_node_has_no_separator_whichever_part_it_is_in(
    example_db: Path, format_: Format, hidden: str
) -> None:
    tables = {*TABLES.values(), "extractions"} - {hidden}
    with open_store(example_db) as db:
        whole = b"".join(stream(db, format_, tables=tables))
    assert in_parts(example_db, format_, {}, tables=tables) == whole


def test_the_head_is_one_block(example_db: Path) -> None:
    with open_store(example_db) as db:
        one = GraphStream(db.conn, format_named("turtle").syntax(get_base(db)))
        (head,) = one.part(Part(HEAD))
        assert next(iter(one)).endswith(head.removeprefix(b"\n"))


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("wrong", ["NULL", "x'00'", "''", "'~'"])
def test_a_key_that_is_none_is_in_no_gap_between_parts(
    example_db: Path, tmp_path: Path, kind: str, wrong: str
) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(example_db.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE {TABLES[kind]} SET key = {wrong} WHERE id = 2")
    middle = {kind: [keys(example_db, kind)[3]]}
    with pytest.raises(StoreError, match=f"the key of row 2 of {TABLES[kind]} is not a key"):
        in_parts(path, format_named("turtle"), middle)
