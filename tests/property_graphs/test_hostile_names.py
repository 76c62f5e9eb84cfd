"""Whatever stands in names, labels and texts, other programs read it back as it is."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph import load
from datasette_newsgraph.property_graphs import FORMATS, GraphFormat
from datasette_newsgraph.property_graphs.rows import whole
from datasette_newsgraph.property_graphs.xml_text import escaped
from tests.property_graphs.graph_readers import exported, read
from tests.rdf.any_article import articles
from tests.rdf.hostile import records

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


def as_xml(text: str) -> str:
    """A text of which XML can hold every character."""
    return "".join(
        "\ufffd" if (each < " " and each not in "\t\n\r") or each in "\ufffe\uffff" else each
        for each in text
    )


def kept(text: str, format_: GraphFormat) -> str:
    """What comes of a text in a format."""
    if format_.name in ("graphml", "gexf"):
        return as_xml(text)
    return text


def check(database: Path, format_: GraphFormat, folder: Path) -> None:
    """Compare what is read of an export with the tables."""
    graph = read(exported(database, format_, folder), format_)
    with closing(sqlite3.connect(database)) as connection:
        entities = connection.execute("SELECT key, name, type FROM entities").fetchall()
        predicates = connection.execute("SELECT predicate FROM relations").fetchall()
        values = connection.execute(
            "SELECT value FROM relations WHERE object_id IS NULL"
        ).fetchall()
    expected = {
        f"entity/{key}": (kept(name, format_), kept(type_, format_))
        for key, name, type_ in entities
    }
    found = {id_: (each["name"], each["type"]) for id_, each in graph.of_kind("Entity").items()}
    if format_.name == "gexf":
        assert found.items() <= expected.items()
        return
    assert found == expected
    stated = [data["predicate"] for *_, data in graph.edges_of_kind("statement")]
    assert sorted(stated) == sorted(kept(each, format_) for (each,) in predicates)
    written = [each.get("value", "") for each in graph.of_kind("Value").values()]
    assert sorted(written) == sorted(kept(each, format_) for (each,) in values)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of names that break writers."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    load(path, records())
    return path


@every_format
def test_hostile_names_come_out_as_they_are(
    hostile: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    check(hostile, format_, tmp_path)


@given(record=articles)
@settings(max_examples=15)
def test_any_article_is_read_back(record: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "any.db"
        load(database, [record])
        for format_ in FORMATS:
            check(database, format_, Path(folder))


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_escaped_text_is_read_by_an_xml_parser(text: str) -> None:
    from xml.etree import ElementTree

    document = f'<a b="{escaped(text)}">{escaped(text)}</a>'.encode()
    element = ElementTree.fromstring(document)
    expected = as_xml("".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text))
    assert element.get("b") == expected
    assert (element.text or "") == expected


@pytest.mark.parametrize("text", ["\x7f", "\x85", "\x9b31m", "\u202e", "\u2066"])
def test_what_a_terminal_obeys_is_written_by_its_number(text: str) -> None:
    assert escaped(text).startswith(f"&#{ord(text[0])};")


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_whole_texts_can_be_written(text: str) -> None:
    whole(text).encode()
    assert len(whole(text)) == len(text)


def test_half_characters_of_lists_are_replaced(tmp_path: Path) -> None:
    load(tmp_path / "a.db", [{"id": "a", "title": "A", "authors": ["Ana"]}])
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
        connection.execute("""UPDATE articles SET authors = '["a\\ud800b", "😀"]'""")
    for format_ in FORMATS:
        if format_.name != "gexf":
            graph = read(exported(tmp_path / "a.db", format_, tmp_path), format_)
            ((_, article),) = graph.of_kind("Article").items()
            assert article["authors"] == ["a\ufffdb", "😀"]
