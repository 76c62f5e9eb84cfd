"""The page of a relation: the statement, its evidence, who agrees, and what else is stated."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.parts.passages import PAGE
from datasette_newsgraph.web.relation import relation_page
from tests.permissions.marked_news import IS_1_0

Serve = Callable[..., Any]
Parse = Callable[[str], Any]
Record = dict[str, Any]

HOME = "/news/-/newsgraph"
SENTENCE = "France adopted the Paris Agreement."


def rows(path: Path, sql: str, *parameters: Any) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, parameters).fetchall()


def record(number: int, confidence: float | None = None, **more: Any) -> Record:
    """An article that states that France adopted the Paris Agreement."""
    text = f"Report {number} of the conference. {SENTENCE} Then it rained."
    start = text.index(SENTENCE)
    evidence: Record = {"start": start, "end": start + len(SENTENCE), "text": SENTENCE}
    stated: Record = {"subject": "f", "predicate": "adopted", "object": "p", "evidence": [evidence]}
    if confidence is not None:
        stated["confidence"] = confidence
    return {
        "id": f"a{number}",
        "title": f"Report {number}",
        "publisher": f"Gazette {number % 3}",
        "published": f"2015-12-{1 + number % 28:02}",
        "language": "en",
        "text": text,
        "entities": [
            {"id": "f", "type": "Place", "name": "France"},
            {"id": "p", "type": "Agreement", "name": "Paris Agreement"},
        ],
        "relations": [stated],
        "extractor": {"name": "reader", "version": str(1 + number % 2), "model": "large"},
        **more,
    }


def address_of(path: Path, predicate: str = "adopted") -> str:
    ((key,),) = rows(path, "SELECT key FROM relations WHERE predicate = ?", predicate)
    return f"{HOME}/relation/{key}"


@pytest.fixture
def show(serve: Serve, page: Parse) -> Callable[..., Any]:
    """``await show(path, address)``: the page, as its HTML."""

    async def read_page(path: Path, address: str, **options: Any) -> Any:
        response = await serve(path, **options).client.get(address)
        assert response.status_code == 200
        return page(response.text)

    return read_page


def without(*tables: str) -> dict[str, Any]:
    """The options of a server that shows these tables to nobody."""
    hidden = {table: {"allow": False} for table in tables}
    settings = {"databases": {"news": {"tables": hidden}}}
    return {"config" if IS_1_0 else "metadata": settings}


def words_of(html: Any) -> str:
    return " ".join(html.all("main")[0].text.split())


@pytest.mark.asyncio
async def test_the_statement_and_its_evidence(db_path: Path, show: Callable[..., Any]) -> None:
    load(db_path, [record(1, 0.7), record(2, 0.9), record(3)])
    html = await show(db_path, address_of(db_path))
    assert " ".join(html.all("h1")[0].text.split()) == "France adopted Paris Agreement"
    assert [each.text for each in html.all("mark")] == [SENTENCE] * 3
    # The surest first, those of which nothing is known last.
    titles = [each.text for each in html.all("a") if each.text.startswith("Report")]
    assert titles == ["Report 2", "Report 1", "Report 3"]
    for each in html.all("a"):
        if "?at=" in each.attributes["href"]:
            span = parse_qs(urlsplit(each.attributes["href"]).query)["at"][0]
            assert each.attributes["href"].endswith(f"#char={span}")
    words = words_of(html)
    for expected in ("Gazette 2, 2015-12-03, confidence 0.9", "from 2015-12-02 to 2015-12-04"):
        assert expected in words
    assert "Place" in words
    assert "Agreement" in words


@pytest.mark.asyncio
async def test_evidence_has_the_pattern_that_found_it(
    db_path: Path, show: Callable[..., Any]
) -> None:
    one, other = record(1, 0.7), record(2, 0.9)
    one["relations"][0]["pattern"] = "verb <object>"
    other["relations"][0]["pattern"] = ""
    load(db_path, [one, other])
    assert rows(db_path, "SELECT pattern, confidence FROM evidence ORDER BY confidence") == [
        ("verb <object>", 0.7),
        (None, 0.9),
    ]
    ((article,),) = rows(db_path, "SELECT key FROM articles WHERE given_id = 'a1'")
    for address in (address_of(db_path), f"{HOME}/article/{article}"):
        words = words_of(await show(db_path, address))
        assert "confidence 0.7 pattern verb <object>" in words
        assert words.count("pattern") == 1


@pytest.mark.asyncio
async def test_the_number_of_articles_leads_to_just_these(
    db_path: Path, show: Callable[..., Any], serve: Serve
) -> None:
    others = record(9, relations=[])
    load(db_path, [record(1), record(2), others])
    html = await show(db_path, address_of(db_path))
    address = html.link("2 articles")
    path, _, query = address.partition("?")
    client = serve(db_path).client
    found = (await client.get(f"{path}.json?_shape=array&{query}")).json()
    assert {each["given_id"] for each in found} == {"a1", "a2"}


@pytest.mark.asyncio
async def test_evidence_on_several_pages(db_path: Path, show: Callable[..., Any]) -> None:
    load(db_path, [record(number) for number in range(PAGE * 2 + 3)])
    address, query, seen = address_of(db_path), "", []
    for _ in range(4):
        html = await show(db_path, address + query)
        found = [each.attributes["href"] for each in html.all("a")]
        seen += [each for each in found if "?at=" in each]
        following = html.all("a", rel="next")
        if not following:
            break
        query = following[0].attributes["href"]
    assert len(seen) == len(set(seen)) == PAGE * 2 + 3


@pytest.mark.asyncio
async def test_a_span_that_is_not_exact_shows_so(db_path: Path, show: Callable[..., Any]) -> None:
    moved = record(1)
    moved["relations"][0]["evidence"][0]["start"] += 5
    moved["relations"][0]["evidence"][0]["end"] += 5
    lost = record(2)
    lost["relations"][0]["evidence"] = [{"text": "words that no text has"}]
    load(db_path, [record(3), moved, lost])
    html = await show(db_path, address_of(db_path))
    statuses = [each.text for each in html.all("span", class_="status")]
    assert sorted(statuses) == ["span moved", "span unlocated"]
    assert "words that no text has" in words_of(html)


@pytest.mark.asyncio
async def test_dates_of_each_evidence(db_path: Path, show: Callable[..., Any]) -> None:
    dated = record(1)
    dated["relations"][0] |= {"start_date": "2015-12-12", "end_date": "2020"}
    load(db_path, [dated, record(2)])
    html = await show(db_path, address_of(db_path))
    words = words_of(html)
    assert "Valid 2015-12-12 to 2020" in words
    assert "Gazette 1, 2015-12-02 2015-12-12 to 2020" in words


@pytest.mark.asyncio
async def test_extractions_that_agree(db_path: Path, show: Callable[..., Any]) -> None:
    load(db_path, [record(number) for number in range(5)])
    html = await show(db_path, address_of(db_path))
    cells = [" ".join(each.text.split()) for each in html.all("tr")]
    assert cells[1:] == ["reader 1large33", "reader 2large22"]
    hidden = await show(db_path, address_of(db_path), **without("extractions"))
    assert not hidden.all("table")
    assert "reader" not in words_of(hidden)


@pytest.mark.asyncio
async def test_what_else_is_stated_of_both(
    db_path: Path, show: Callable[..., Any], serve: Serve
) -> None:
    other = record(2)
    other["relations"] += [
        {"subject": "f", "predicate": "left", "object": "p"},
        {"subject": "p", "predicate": "named after", "object": "f"},
        {"subject": "p", "predicate": "start date", "value": "2015-12-12"},
        {"subject": "p", "predicate": "start date", "value": "2016-04-22"},
    ]
    load(db_path, [record(1), other])
    html = await show(db_path, address_of(db_path))
    assert "Also stated of both" in words_of(html)
    links = {each.attributes["href"] for each in html.all("a")}
    assert {address_of(db_path, "left"), address_of(db_path, "named after")} <= links
    client = serve(db_path).client
    for text in ("all relations of both", "relations by these names"):
        path, _, query = html.link(text).partition("?")
        found = (await client.get(f"{path}.json?{query}&_shape=array")).json()
        assert {each["predicate"] for each in found} == {"adopted", "left", "named after"}
    (first, second) = rows(db_path, "SELECT key FROM relations WHERE object_id IS NULL")
    html = await show(db_path, f"{HOME}/relation/{first[0]}")
    assert "Other values" in words_of(html)
    assert f"{HOME}/relation/{second[0]}" in {each.attributes["href"] for each in html.all("a")}


@pytest.mark.parametrize("hidden", ["article_texts", "articles", "evidence", "relation_counts"])
@pytest.mark.asyncio
async def test_what_is_hidden_is_left_out(
    db_path: Path, show: Callable[..., Any], hidden: str
) -> None:
    load(db_path, [record(1, 0.7), record(2, 0.9)])
    html = await show(db_path, address_of(db_path), **without(hidden))
    words = words_of(html)
    assert "France adopted Paris Agreement" in words
    if hidden == "relation_counts":
        assert "Stated in" not in words
        assert SENTENCE in words
    else:
        for word in ("Evidence", "Extracted", "rained", "Gazette", SENTENCE):
            assert word not in words
        assert not [each for each in html.all("a") if "/article/" in each.attributes["href"]]
    if hidden in ("articles", "evidence"):
        assert "Stated in" not in words


@pytest.mark.asyncio
async def test_without_entities_or_relations_there_is_no_page(db_path: Path, serve: Serve) -> None:
    load(db_path, [record(1)])
    address = address_of(db_path)
    for hidden in ("relations", "entities"):
        response = await serve(db_path, **without(hidden)).client.get(address)
        assert response.status_code == 403
    assert (await serve(db_path).client.get(f"{HOME}/relation/nothing")).status_code == 404


def test_evidence_is_read_along_an_index(db_path: Path) -> None:
    load(db_path, [record(1)])
    for query, parameters in (
        (relation_page._SUREST, (1, 26, 0)),
        (relation_page._AGREEING, (1,)),
    ):
        plan = [row[3] for row in rows(db_path, f"EXPLAIN QUERY PLAN {query}", *parameters)]
        assert not [each for each in plan if each.startswith("SCAN") and "subquery" not in each]
    plan = [row[3] for row in rows(db_path, f"EXPLAIN QUERY PLAN {relation_page._SUREST}", 1, 2, 0)]
    assert not [each for each in plan if "TEMP B-TREE" in each]


@pytest.mark.asyncio
async def test_very_much_evidence(db_path: Path, show: Callable[..., Any]) -> None:
    load(db_path, [record(1)])
    with closing(sqlite3.connect(db_path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(evidence)")]
        copied = ", ".join(each for each in columns if each not in ("id", "key"))
        connection.execute(
            "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number"
            f" WHERE n < 10000) INSERT INTO evidence (key, {copied})"
            f" SELECT key || n, {copied} FROM evidence, number"
        )
        connection.commit()
    await show(db_path, address_of(db_path))
    html = await show(db_path, f"{address_of(db_path)}?evidence=9000")
    assert len(html.all("mark")) == PAGE
    assert "10,001" in words_of(html)
    assert json.loads(html.all("script", type="application/ld+json")[0].text)
