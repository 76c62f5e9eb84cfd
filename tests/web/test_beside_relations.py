"""What stands beside relations wherever they are listed: their sentence, and whether they are sure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.tables import additions
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import DATABASE
from tests.permissions.visitors import private, serving

Article = dict[str, Any]

TEXT = (
    "Ann Lee leads <Acme> & Sons. She was there. Sehr geehrte Frau Lee, so it is.\n\n"
    "Long ago she bought it " + "and so on " * 300 + "in the end. Done."
)
ROWS = "/news/relation_index"


def _span(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def _relation(predicate: str, confidence: float | None, words: str, **more: Any) -> Article:
    found = {"subject": "e1", "predicate": predicate, "evidence": [_span(words)]} | more
    return found if confidence is None else found | {"confidence": confidence}


RECORD = {
    "id": "a1",
    "title": "Lee & Sons",
    "language": "en",
    "text": TEXT,
    "entities": [
        {"id": "e1", "type": "Person", "name": "Ann Lee", "mentions": [_span("Ann Lee")]},
        {"id": "e2", "type": "Organization", "name": "<Acme> & Sons"},
    ],
    "relations": [
        _relation("leads", 0.9, "leads <Acme>", object="e2"),
        _relation("doubts", 0.2, "She", object="e2"),
        _relation("mixed", 0.2, "She", object="e2"),
        _relation("mixed", None, "there", object="e2"),
        _relation("bought", 0.49, "bought", value="it & more"),
        _relation(
            "homepage", None, "so it is", value="https://example.org/?a=1&b=2", datatype="IRI"
        ),
        {"subject": "e1", "predicate": "nowhere", "object": "e2", "confidence": 0.5},
    ],
}
#: The sentence of each predicate, and whether the relation is uncertain.
SENTENCES = {
    "leads": "Ann Lee leads <Acme> & Sons.",
    "doubts": "She was there.",
    "mixed": "She was there.",
    "homepage": "Sehr geehrte Frau Lee, so it is.",
}
UNCERTAIN = {"doubts", "bought"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("beside") / f"{DATABASE}.db"
    load(found, [RECORD])
    return found


def rows_of(html: str, page: Callable[[str], Any]) -> dict[str, dict[str, str]]:
    """The cells of a page of rows by column, by the predicate of the row."""
    found = {}
    for row in re.findall("<tr[^>]*>(.*?)</tr>", html, re.DOTALL):
        cells = page(row).all("td")
        named = {each.attributes["class"].split()[0][4:]: each.text.strip() for each in cells}
        if named:
            found[named["predicate"]] = named
    return found


@pytest.mark.asyncio
async def test_a_row_has_the_sentence_with_the_evidence_marked(path: Path, page: Any) -> None:
    async with serving(path) as server:
        html = (await server.anybody.get(ROWS)).text
    found = rows_of(html, page)
    assert set(found) == {*SENTENCES, "bought", "nowhere"}
    for predicate, sentence in SENTENCES.items():
        object_ = found[predicate]["object"]
        assert object_.endswith(sentence)
        assert object_.removesuffix(sentence) in ("<Acme> & Sons", "https://example.org/?a=1&b=2")
    assert found["nowhere"]["object"] == "<Acme> & Sons"
    marked = page(html).all("mark")
    assert {"leads <Acme>", "She", "bought"} <= {each.text for each in marked}
    assert page(html).all("span", class_="ng-sentence", lang="en", dir="ltr")
    # Each leads to its place in the article.
    start = TEXT.index("leads <Acme>")
    assert page(html).href(f"?at={start},{start + 12}")
    assert page(html).all("a", href="https://example.org/?a=1&b=2")


@pytest.mark.asyncio
async def test_a_long_sentence_is_cut(path: Path, page: Any) -> None:
    async with serving(path) as server:
        html = (await server.anybody.get(ROWS)).text
    shown = rows_of(html, page)["bought"]["object"]
    assert shown.startswith("it & moreLong ago she bought it and so on")
    assert shown.endswith("and …")
    assert len(shown) < 300


@pytest.mark.asyncio
async def test_a_page_of_rows_asks_for_its_sentences_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[int]] = []
    ask = additions.best_sentences

    async def count(visit: Any, relations: list[int]) -> Any:
        asked.append(relations)
        return await ask(visit, relations)

    monkeypatch.setattr(additions, "best_sentences", count)
    async with serving(path) as server:
        for address in (ROWS, f"{ROWS}?predicate=leads", f"{ROWS}?_col=object"):
            assert (await server.anybody.get(address)).status_code == 200
    # Without its row number nothing is known of a row.
    assert [len(each) for each in asked] == [6, 1]


@pytest.mark.parametrize(
    "address", [f"{ROWS}.json?_shape=objects", f"{ROWS}.csv", f"{ROWS}.json?_extra=render_cell"]
)
@pytest.mark.asyncio
async def test_data_has_no_sentences(path: Path, address: str) -> None:
    async with serving(path) as server:
        answer = await server.anybody.get(address)
    assert answer.status_code == 200
    assert "leads" in answer.text
    assert "She was there" not in answer.text
    assert "ng-sentence" not in answer.text


@pytest.mark.parametrize("hidden", ["article_texts", "evidence", "articles"])
@pytest.mark.asyncio
async def test_who_may_not_see_texts_sees_no_sentence(path: Path, hidden: str) -> None:
    async with serving(path) as server:
        keys = [
            (await server.anybody.get(f"/news/{table}.json?_shape=array")).json()[nth]["key"]
            for nth, table in enumerate(("entities", "relations"))
        ]
    pages = [ROWS, f"{GRAPH}/entity/{keys[0]}", f"{GRAPH}/relation/{keys[1]}"]
    queries = [f"/news/{name}?name=Ann&other=" for name in ("relations_between", "one_publisher")]
    async with serving(path, private(hidden)) as server:
        for address in (*pages, *queries, *(each.replace("?", ".json?") for each in queries)):
            answer = await server.anybody.get(address)
            # An entity is still mentioned in a text of which only the evidence is hidden.
            words = (
                'class="stated"' if hidden == "evidence" and "/entity/" in address else "was there"
            )
            assert words not in answer.text, address
            is_refused = "?name" in address or (hidden != "article_texts" and address == ROWS)
            assert answer.status_code == (403 if is_refused else 200), address
            assert words in (await server.alice.get(address)).text, address


@pytest.mark.asyncio
async def test_an_uncertain_relation_is_called_so_everywhere(path: Path, page: Any) -> None:
    async with serving(path) as server:
        ask = server.anybody.get
        rows = rows_of((await ask(ROWS)).text, page)
        listed = (await ask("/news/relations.json?_shape=array")).json()
        article = (await ask("/news/articles.json?_shape=array")).json()[0]["key"]
        entity = (await ask("/news/entities.json?_shape=array")).json()[0]["key"]
        pages = {
            each["predicate"]: (await ask(f"{GRAPH}/relation/{each['key']}")).text
            for each in listed
        }
        article_page = page((await ask(f"{GRAPH}/article/{article}")).text)
        entity_page = page((await ask(f"{GRAPH}/entity/{entity}")).text)
        found = (await ask("/news/relations_between.json?name=Ann&other=&_shape=array")).json()
    assert {
        name for name, row in rows.items() if "uncertain" in row.get("confidence", "")
    } == UNCERTAIN
    for name, html in pages.items():
        (heading,) = page(html).all("h1")
        assert ("uncertain" in heading.text) == (name in UNCERTAIN)
    # An article says of its own evidence how sure it is.
    items = [each.text for each in article_page.all("li") if "confidence 0.2" in each.text]
    assert items
    assert all("uncertain" in each for each in items)
    sections = [each.text for each in entity_page.all("section", class_="predicate")]
    assert len(sections) == 6
    for text in sections:
        assert ("uncertain" in text) == (text.split()[0] in UNCERTAIN)
    assert {each["predicate"] for each in found if each["certainty"]} == UNCERTAIN
    drawings = entity_page.all("svg", role="group")
    assert len(drawings) == 2
    # In words for each line, and by a sign under the name of what is only doubted.
    assert all("(1 article, uncertain)" in each.text for each in drawings)


@pytest.mark.asyncio
async def test_an_entity_has_the_sentences_of_its_relations_folded_away(
    path: Path, page: Any
) -> None:
    async with serving(path) as server:
        key = (await server.anybody.get("/news/entities.json?_shape=array")).json()[0]["key"]
        html = page((await server.anybody.get(f"{GRAPH}/entity/{key}")).text)
    folded = html.all("details", class_="stated")
    assert len(folded) == 5
    for predicate, sentence in SENTENCES.items():
        (shown,) = [each.text for each in folded if f"“{predicate}”" in each.text]
        assert sentence in shown
        assert "Lee & Sons" in shown


@pytest.mark.asyncio
async def test_names_of_ten_thousand_characters_leave_the_page_whole(tmp_path: Path) -> None:
    record = json.loads(json.dumps(RECORD))
    record["entities"][1]["name"] = "<b>" * 3_000
    record["relations"][0]["predicate"] = "x" * 10_000
    load(tmp_path / f"{DATABASE}.db", [record])
    async with serving(tmp_path / f"{DATABASE}.db") as server:
        answer = await server.anybody.get(ROWS)
    assert answer.status_code == 200
    assert "<b><b>" not in answer.text
    assert "was there" in answer.text


@pytest.mark.asyncio
async def test_a_table_of_a_user_named_like_ours_is_left_as_it_is(
    tmp_path: Path, change: Callable[..., None], db_path: Path
) -> None:
    change(
        "CREATE TABLE relation_index (id INTEGER, object TEXT, confidence REAL)",
        "INSERT INTO relation_index VALUES (1, 'theirs', 0.1)",
    )
    async with serving(db_path) as server:
        html = (await server.anybody.get(ROWS)).text
    assert "theirs" in html
    assert "uncertain" not in html
