"""Names of which nothing can be seen are no names: they are rejected, and counted, in every format."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse, is_blank
from datasette_newsgraph.loading.load import load, load_files
from datasette_newsgraph.loading.summary import LoadSummary
from datasette_newsgraph.readers.formats import Format
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.reading.pipeline import record_pipeline
from tests.readers.files_of_formats import every_format
from tests.readers.story import Sentence, Story, Thing
from tests.readers.test_same_article import WRITERS

BLANK = {
    "spaces": "   ",
    "tab and line feed": "\t\n",
    "no-break space": "\u00a0",
    "ideographic space": "\u3000",
    "line separator": "\u2028",
    "controls": "\x01\x1f\x7f\x9f",
    "soft hyphen": "\u00ad",
    "grapheme joiner": "\u034f",
    "zero-width space": "\u200b",
    "joiners": "\u200c\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "direction marks": "\u200e\u200f\u061c",
    "isolates": "\u2066\u2069\u202a\u202c",
    "variation selectors": "\ufe0f\U000e0100",
    "Mongolian selector": "\u180b\u180e",
    "Hangul fillers": "\u3164\u115f\u1160\uffa0",
    "Khmer vowels inherent": "\u17b4\u17b5",
    "Braille blank": "\u2800",
    "tags": "\U000e0001\U000e0041",
    "several": " \u200b\u00a0\ufe0f ",
}
every_blank = pytest.mark.parametrize("blank", BLANK.values(), ids=BLANK)


@every_blank
def test_what_cannot_be_seen_is_blank(blank: str) -> None:
    assert is_blank(blank)
    assert collapse(blank) == ""
    assert not is_blank(f"{blank}É{blank}")


@pytest.mark.parametrize(
    "name", ["…", "-", "7", "\u0301", "\u093f", "🕊\ufe0f", "\ufffd", "\ue000", "\u0600", "ᅠ가", "。"]
)
def test_what_can_be_seen_is_not_blank(name: str) -> None:
    assert not is_blank(name)


def test_white_space_and_controls_are_blank_whatever_unicode_adds() -> None:
    for character in map(chr, range(0x110000)):
        if character.isspace() or unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc"):
            assert is_blank(character), ascii(character)


def entity(**fields: Any) -> dict[str, Any]:
    return {"id": "e1", "type": "Person", "name": "Ana", **fields}


def reasons(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [row[0] for row in connection.execute("SELECT reason FROM rejects ORDER BY item")]


@every_blank
def test_a_blank_name_or_type_is_rejected(db_path: Path, blank: str) -> None:
    iri = ["http://www.wikidata.org/entity/Q90"]
    entities = [entity(id=f"e{n}", name=each, same_as=iri) for n, each in enumerate((blank, "Ana"))]
    summary = load(db_path, [{"id": "a1", "entities": [*entities, entity(type=blank, id="e9")]}])
    assert reasons(db_path) == ["entities[0]: has no name", "entities[2]: has no type"]
    assert (summary.new, summary.rejects) == (1, 2)


@every_blank
def test_a_blank_alias_is_left_out_and_counted(db_path: Path, blank: str) -> None:
    summary = load(
        db_path,
        [{"id": "a1", "entities": [entity(id="e0"), entity(aliases=["Anita", blank, "Ann"])]}],
    )
    assert reasons(db_path) == [f"entities[1].aliases: {blank!r} is blank"]
    assert summary.rejects == 1
    with closing(sqlite3.connect(db_path)) as connection:
        found = connection.execute("SELECT alias FROM aliases ORDER BY alias").fetchall()
    assert found == [("Anita",), ("Ann",)]


@every_blank
def test_a_blank_predicate_is_rejected(db_path: Path, blank: str) -> None:
    relation = {"subject": "e1", "predicate": blank, "value": "x"}
    load(db_path, [{"id": "a1", "entities": [entity()], "relations": [relation]}])
    assert reasons(db_path) == ["relations[0]: has no predicate"]


@every_blank
def test_an_article_with_a_blank_id_is_rejected(blank: str) -> None:
    entry = Entry(1, json.dumps({"id": blank}).encode())
    with pytest.raises(RecordError, match="the article's id is empty"):
        record_pipeline().run(entry)


ANA = Thing("Person", "Ana Ruiz", "Q5683735")
ROME = Thing("Place", "Rome", "Q220")


def load_story(format_: Format, thing: Thing, folder: Path) -> tuple[LoadSummary, list[str]]:
    """Load a story about Ana, a thing and Rome; the names that are there."""
    given = folder / "given"
    given.mkdir()
    stated = ((0, "member of", 2), (1, "member of", 2))
    story = Story(1, (Sentence((ANA, "came with", thing, "to", ROME), stated),))
    path = WRITERS[format_.name]([story], given)
    summary = load_files(folder / "news.db", [path], format_name=format_.name)
    with closing(sqlite3.connect(folder / "news.db")) as connection:
        return summary, [row[0] for row in connection.execute("SELECT name FROM entities")]


@every_format
@pytest.mark.parametrize("blank", ["\u3164", "\u200b\ufe0f"], ids=ascii)
def test_a_blank_name_is_counted_in_every_format(
    format_: Format, blank: str, tmp_path: Path
) -> None:
    summary, names = load_story(format_, Thing("Person", blank), tmp_path)
    assert {"ana ruiz", "rome"} <= {*map(str.casefold, names)}
    assert not any(map(is_blank, names))
    assert summary.parts_rejected > 0


def test_aliases_of_a_graph_document_are_taken_or_told(tmp_path: Path, db_path: Path) -> None:
    aliases = ["Anita", 7, " ", "\u200b", {"x": 1}, None]
    node = {"id": "Ana", "type": "Person", "properties": {"aliases": aliases}}
    source = {"page_content": "Ana left."}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"nodes": [node], "relationships": [], "source": source}))
    load_files(db_path, [path])
    assert sorted(reasons(db_path)) == [
        "entities[0].aliases: ' ' is blank",
        "entities[0].aliases: '\\u200b' is blank",
        "one of the aliases of 'Ana' is no name",
    ]
    with closing(sqlite3.connect(db_path)) as connection:
        found = connection.execute("SELECT alias FROM aliases ORDER BY alias").fetchall()
    assert found == [("7",), ("Anita",)]
