"""How to cite: a sentence and BibTeX of a thing's page, of what its visitor may see of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import set_base
from datasette_newsgraph.web.frame.bibtex import bibtex, escaped, several
from tests.permissions.addresses import GRAPH, Shape
from tests.permissions.marked_news import DATABASE, IS_1_0
from tests.permissions.visitors import Server, private, serving

Parse = Callable[[str], Any]
Record = dict[str, Any]

TABLES = {"article": "articles", "entity": "entities", "relation": "relations"}
every_kind = pytest.mark.parametrize("kind", TABLES)
GIVEN = {
    "title": "News & views",
    "source": "Example Press",
    "license": "CC BY 4.0",
    "license_url": "https://creativecommons.org/licenses/by/4.0/",
}


@pytest.fixture
def gazette(tmp_path: Path, article: Record) -> Path:
    """A graph of one article, published by its own server."""
    path = tmp_path / f"{DATABASE}.db"
    load(path, [article], base_iri="https://news.example/gazette/-/newsgraph/")
    return path


def key_of(path: Path, kind: str, condition: str = "1") -> str:
    with closing(sqlite3.connect(path)) as connection:
        sql = f"SELECT key FROM {TABLES[kind]} WHERE {condition} ORDER BY id LIMIT 1"
        return str(connection.execute(sql).fetchone()[0])


async def describe(server: Server) -> None:
    """Give the database its metadata, for which 1.0 has no place in the configuration."""
    if IS_1_0:
        for key, value in GIVEN.items():
            await server.datasette.set_database_metadata(DATABASE, key, value)


async def cited(visitor: Any, address: str, page: Parse) -> tuple[str, str]:
    """The sentence and the BibTeX that a page is cited by."""
    html = page((await visitor.get(address)).text)
    (folded,) = html.all("details", class_="citation")
    assert folded.text.startswith("How to cite this page")
    assert "Add the day on which you looked" in folded.text
    (entry,) = html.all("pre", class_="bibtex")
    # Folded away until somebody asks for it.
    assert "open" not in folded.attributes
    sentence = folded.text.removeprefix("How to cite this page").strip().partition("\n")[0]
    return sentence, entry.text


EXPECTED = {
    "article": (
        "Ana O'Neil, Jörg Śliwa. Kabul falls. Example Gazette, 2021-08-15. In: News & views."
        " Example Press. Extracted by by hand 1 (eyes)."
        " Licence: https://creativecommons.org/licenses/by/4.0/.",
        [
            "title = {{Kabul falls}}",
            "author = {{Ana O'Neil} and {Jörg Śliwa}}",
            r"howpublished = {In: News \& views (news graph, data set)}",
            "note = {Example Gazette, 2021-08-15; Example Press; extracted by by hand 1 (eyes)",
        ],
    ),
    "entity": (
        "Hibatullah Akhundzada. Person, 1 mention in 1 article, 2021-08-15. In: News & views."
        " Example Press. Extracted by by hand 1 (eyes). Licence: CC BY 4.0.",
        ["title = {{Hibatullah Akhundzada}}", "author = {{Example Press}}"],
    ),
    "relation": (
        "Hibatullah Akhundzada leader of Taliban. Stated in 1 article, 2021-08-15."
        " In: News & views. Example Press. Extracted by by hand 1 (eyes). Licence: CC BY 4.0.",
        ["title = {{Hibatullah Akhundzada leader of Taliban}}", "note = {Stated in 1 article"],
    ),
}


@every_kind
@pytest.mark.asyncio
async def test_a_page_says_how_to_cite_it(gazette: Path, page: Parse, kind: str) -> None:
    key = key_of(gazette, kind)
    async with serving(gazette, {"databases": {DATABASE: GIVEN}}) as server:
        await describe(server)
        sentence, entry = await cited(server.anybody, f"{GRAPH}/{kind}/{key}", page)
    expected, lines = EXPECTED[kind]
    address = f"https://news.example/gazette/-/newsgraph/{kind}/{key}"
    assert sentence == f"{expected} {address}"
    assert entry.startswith(f"@misc{{{DATABASE}-{key},\n")
    for each in [*lines, f"url = {{{address}}}"]:
        assert each in entry
    # Who looks again tomorrow reads the same.
    assert not re.search(r"\b202[2-9]-", entry)


@every_kind
@pytest.mark.parametrize(
    ("base", "address"),
    [
        # Addresses of pages are not known, only that of the thing.
        ("https://news.example/graph/", "https://news.example/graph/id/{kind}/{key}"),
        # It leads nowhere for who reads it elsewhere.
        ("http://127.0.0.1:8001/news/-/newsgraph/", ""),
    ],
)
@pytest.mark.asyncio
async def test_an_address_leads_to_the_page_or_there_is_none(
    gazette: Path, page: Parse, kind: str, base: str, address: str
) -> None:
    with closing(Database(gazette)) as db:
        set_base(db, base)
    key = key_of(gazette, kind)
    async with serving(gazette) as server:
        sentence, entry = await cited(server.anybody, f"{GRAPH}/{kind}/{key}", page)
    if address:
        assert sentence.endswith(f" {address.format(kind=kind, key=key)}")
        assert f"url = {{{address.format(kind=kind, key=key)}}}" in entry
    else:
        assert "http" not in sentence.partition("Licence")[0]
        assert "url" not in entry


@pytest.mark.asyncio
async def test_a_page_of_which_little_is_known(tmp_path: Path, page: Parse) -> None:
    path = tmp_path / f"{DATABASE}.db"
    entities = [{"id": "e", "type": "Law", "name": "‮x\n" * 300}]
    load(path, [{"id": "a", "entities": entities, "authors": ["A", "B", "C", "D"]}])
    async with serving(path) as server:
        article = f"{GRAPH}/article/{key_of(path, 'article')}"
        sentence, entry = await cited(server.anybody, article, page)
        assert sentence == "A, B, C and others. (untitled). In: News graph news."
        assert "author = {{A} and {B} and {C} and others}" in entry
        entity = f"{GRAPH}/entity/{key_of(path, 'entity')}"
        sentence, entry = await cited(server.anybody, entity, page)
    assert len(sentence) < 300
    assert "\u202e" not in sentence + entry


@pytest.mark.asyncio
async def test_an_article_is_by_its_publisher_if_by_nobody_else(
    tmp_path: Path, page: Parse
) -> None:
    path = tmp_path / f"{DATABASE}.db"
    given = {"title": "Kabul falls", "published": "2021-08-15"}
    load(path, [given | {"id": "a", "publisher": "Example Gazette"}, given | {"id": "b"}])
    async with serving(path, {"databases": {DATABASE: GIVEN}}) as server:
        await describe(server)
        told = []
        for condition in ("publisher IS NOT NULL", "publisher IS NULL"):
            address = f"{GRAPH}/article/{key_of(path, 'article', condition)}"
            told.append(await cited(server.anybody, address, page))
    assert told[0][0].startswith("Example Gazette. Kabul falls. 2021-08-15. In: News & views.")
    assert "author = {{Example Gazette}}" in told[0][1]
    # Not by who made the graph.
    assert "author" not in told[1][1]
    for sentence, entry in told:
        assert "Example Press" in sentence
        assert "note = {2021-08-15; Example Press; CC BY 4.0}" in entry


@pytest.mark.parametrize(
    ("kind", "hidden", "gone"),
    [
        ("article", "extractions", ["Toolmark", "Modelmark"]),
        ("entity", "extractions", ["Toolmark", "Modelmark"]),
        ("relation", "extractions", ["Toolmark", "Modelmark"]),
        ("relation", "evidence", ["Toolmark", "660,066", "1987"]),
        ("relation", "relation_counts", ["660,066", "1987"]),
        ("entity", "entity_counts", ["770,077", "1987"]),
        ("entity", "articles", ["770,077", "1987"]),
    ],
)
@pytest.mark.asyncio
async def test_what_is_hidden_is_not_cited(
    news: Path, shape: Shape, page: Parse, kind: str, hidden: str, gone: list[str]
) -> None:
    address = f"{GRAPH}/{kind}/{shape.keys[kind][0]}"
    async with serving(news, private(hidden)) as server:
        told = "".join(await cited(server.anybody, address, page))
        to_alice = "".join(await cited(server.alice, address, page))
    for each in gone:
        assert each not in told
        assert each in to_alice
    assert "News graph news" in told


@pytest.mark.asyncio
async def test_a_title_is_for_who_may_see_the_database(news: Path, shape: Shape) -> None:
    visible = {"entities": {"allow": True}}
    config = {"databases": {DATABASE: GIVEN | {"allow": {"id": "alice"}, "tables": visible}}}
    async with serving(news, config) as server:
        await describe(server)
        address = f"{GRAPH}/entity/{shape.keys['entity'][0]}"
        for visitor, is_shown in ((server.anybody, False), (server.alice, True)):
            text = (await visitor.get(address)).text
            assert ("Example Press" in text) == is_shown


def test_bibtex_reads_what_is_written() -> None:
    assert escaped("note", "a_b {c} \\d $5 #1 50% ~ ^\n&") == (
        r"a\_b \textbraceleft{}c\textbraceright{} \textbackslash{}d \$5 \#1 50\% \textasciitilde{}"
        r" \textasciicircum{} \&"
    )
    assert escaped("url", "https://example.org/{x}") == "https://example.org/%7Bx%7D"


@given(st.text("ab{}\\"))
def test_no_brace_of_a_name_ends_its_field(name: str) -> None:
    # BibTeX counts every brace, whatever stands before it.
    entry = bibtex(["x"], {"title": name + "z", "note": name + "z", "url": name + "z"})
    depths = list(accumulate((each == "{") - (each == "}") for each in entry))
    assert min(depths) == depths[-1] == 0
    assert depths.index(0, entry.index("{")) == len(entry) - 1


def test_an_author_may_be_called_others() -> None:
    assert "author = {{others} and others}" in bibtex(
        ["x"], {"author": several(["others", "Z"], 1)}
    )


def test_an_entry_has_the_fields_that_have_a_value() -> None:
    fields = {"title": "A & b", "author": several(["X and Y", "Z"], 1), "note": "", "url": None}
    assert bibtex(["my news", "", "a-1"], fields) == (
        "@misc{my-news-a-1,\n  title = {{A \\& b}},\n  author = {{X and Y} and others}\n}"
    )
    assert bibtex(["новости"], {"note": "x\x1b\x07"}) == "@misc{newsgraph,\n  note = {x}\n}"
