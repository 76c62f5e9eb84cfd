"""A document in small parts: any division is the whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph import load
from datasette_newsgraph.mapping import ARTICLE, ENTITY, RELATION
from datasette_newsgraph.rdf import FORMATS, ranges
from datasette_newsgraph.rdf.parts import WHOLE, Part
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.store import open_store
from tests.rdf.rdf_tools import BASE, export

TURTLE, *_ = FORMATS


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory, generated: Callable[[int], list[Any]]) -> Path:
    path = tmp_path_factory.mktemp("news") / "news.db"
    load(path, generated(60), base_iri=BASE)
    return path


@settings(max_examples=20)
@given(sizes=st.tuples(*[st.integers(1, 90)] * 3))
def test_parts_of_any_size_are_the_whole(news: Path, sizes: tuple[int, int, int]) -> None:
    divided = dict(zip((ENTITY.kind, RELATION.kind, ARTICLE.kind), sizes, strict=True))
    with open_store(news) as db, pytest.MonkeyPatch.context() as patch:
        tables = ranges._DIVIDED
        patch.setattr(
            ranges, "_DIVIDED", {kind: (tables[kind][0], size) for kind, size in divided.items()}
        )
        graph = GraphStream(db.conn, TURTLE.syntax(BASE))
        parts = list(ranges.divided(graph.rows))
        blocks = chain.from_iterable(map(graph.part, parts))
        assert b"".join(graph.document(blocks)) == export(news, TURTLE)
    for kind, (table, size) in ((kind, (tables[kind][0], size)) for kind, size in divided.items()):
        with closing(sqlite3.connect(news)) as connection:
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert len([each for each in parts if each.kind == kind]) == max(1, -(-count // size))


def test_what_may_not_be_read_is_not_divided(news: Path) -> None:
    """The keys of a hidden table are not so much as looked at."""
    with open_store(news) as db, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "_DIVIDED", {ENTITY.kind: ("entities", 50)})
        graph = GraphStream(db.conn, TURTLE.syntax(BASE), tables={"articles"})
        assert list(ranges.divided(graph.rows)) == [Part(each.kind) for each in WHOLE]
