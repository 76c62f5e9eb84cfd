"""The neighbourhood of an entity: who is in it, how much is said, and what a visitor may see of it."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from datasette.utils.asgi import Forbidden, Request

from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.web.access.visit import begin
from datasette_newsgraph.web.drawing import neighbourhood as neighbourhoods
from datasette_newsgraph.web.drawing.layout import NODES
from datasette_newsgraph.web.drawing.neighbourhood import FILLED, TIES, Neighbourhood, neighbourhood
from tests.permissions.marked_news import DATABASE
from tests.permissions.visitors import ALICE, Config, private, serving

MIDDLE = "Taliban"


def article(number: int, names: list[str], relations: list[tuple[str, str, str]]) -> dict[str, Any]:
    """An article that names these and states these relations between them."""
    text = " | ".join(names)
    starts = [sum(len(each) + 3 for each in names[:nth]) for nth in range(len(names))]
    return {
        "id": f"a{number}",
        "title": f"Article {number}",
        "text": text,
        "entities": [
            {
                "id": name,
                "type": "Organization" if name == MIDDLE else "Place",
                "name": name,
                "mentions": [{"start": start, "end": start + len(name), "text": name}],
            }
            for name, start in zip(names, starts, strict=True)
        ],
        "relations": [
            {"subject": subject, "predicate": predicate, "object": object_}
            for subject, predicate, object_ in relations
        ],
    }


#: Kabul with both ways and two predicates, Herat in fewer articles, Balkh only beside it.
ARTICLES = [
    article(1, [MIDDLE, "Kabul", "Herat", "Balkh"], [(MIDDLE, "took", "Kabul")]),
    article(
        2,
        [MIDDLE, "Kabul", "Herat", "Balkh"],
        [(MIDDLE, "took", "Kabul"), ("Kabul", "expelled", MIDDLE), ("Kabul", "near", "Herat")],
    ),
    article(
        3,
        [MIDDLE, "Kabul", "Herat"],
        [(MIDDLE, "holds", "Kabul"), ("Herat", "expelled", MIDDLE), (MIDDLE, "split", MIDDLE)],
    ),
]


def load(path: Path, articles: list[dict[str, Any]]) -> Path:
    file = path.with_suffix(".jsonl")
    file.write_text("\n".join(map(json.dumps, articles)))
    load_files(path, [file])
    return path


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of these articles."""
    return load(tmp_path_factory.mktemp("neighbourhood") / f"{DATABASE}.db", ARTICLES)


async def look(
    path: Path,
    name: str = MIDDLE,
    config: Config | None = None,
    actor: dict[str, Any] | None = None,
    together: dict[str, int] | None = None,
) -> Neighbourhood | None:
    """The neighbourhood that a visitor sees of an entity."""
    async with serving(path, config) as server:
        request = Request.fake("/", url_vars={"database": DATABASE})
        request.scope["actor"] = actor
        visit = await begin(server.datasette, request)
        row = await visit.row("SELECT * FROM entities WHERE name = ?", name)
        return await neighbourhood(visit, row, together)


def summed_up(found: Neighbourhood) -> dict[str, Any]:
    """What is said of each neighbour: outward, inward, and articles with both."""
    return {
        each.node.name: (
            {said.predicate: said.articles for said in each.outward},
            {said.predicate: said.articles for said in each.inward},
            each.shared,
        )
        for each in found.neighbours
    }


@pytest.mark.asyncio
async def test_those_with_relations_come_first_then_those_in_the_same_articles(news: Path) -> None:
    found = await look(news)
    assert found
    assert found.middle.name == MIDDLE
    assert list(summed_up(found).items()) == [
        ("Kabul", ({"took": 2, "holds": 1}, {"expelled": 1}, 3)),
        ("Herat", ({}, {"expelled": 1}, 3)),
        ("Balkh", ({}, {}, 2)),
    ]


@pytest.mark.asyncio
async def test_what_neighbours_say_of_one_another_is_a_tie(news: Path) -> None:
    found = await look(news)
    assert found
    names = {node.key: node.name for node in found.nodes.values()}
    (tie,) = found.ties
    assert (names[tie.subject], names[tie.object]) == ("Kabul", "Herat")
    assert [each.predicate for each in tie.statements] == ["near"]


@pytest.mark.asyncio
async def test_numbers_of_shared_articles_may_be_given(news: Path) -> None:
    found = await look(news, together={})
    assert found
    assert {name: said[2] for name, said in summed_up(found).items()} == {
        "Kabul": None,
        "Herat": None,
    }
    assert not found.is_shared


#: Kandahar is in fewer articles with the one in the middle than many that it has nothing else to do
#: with.
CROWD = [f"District {nth}" for nth in range(3 * NODES)]
CROWDED = [
    article(1, [MIDDLE, *CROWD], []),
    article(2, [MIDDLE, *CROWD], []),
    article(3, [MIDDLE, "Kandahar"], [(MIDDLE, "took", "Kandahar")]),
]


@pytest.fixture(scope="module", params=["kept", "rare", "loading"])
def crowded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of these: with their sets of rows, without Kandahar's, and with old ones in a load."""
    path = load(tmp_path_factory.mktemp("crowded") / f"{DATABASE}.db", CROWDED)
    with closing(sqlite3.connect(path)) as connection, connection:
        named = "value = (SELECT key FROM entities WHERE name = 'Kandahar')"
        kept = connection.execute(f"SELECT * FROM facet_rows WHERE {named}").fetchall()
        assert kept
        if request.param == "rare":
            connection.execute(f"DELETE FROM facet_rows WHERE {named}")
        elif request.param == "loading":
            connection.execute("INSERT INTO unsettled VALUES ('entity', 1)")
            connection.execute("UPDATE facet_rows SET rows = ?", [zlib.compress(b"\0")])
    return path


@pytest.mark.asyncio
async def test_shared_articles_are_counted_of_those_who_are_not_among_the_foremost(
    crowded: Path,
) -> None:
    found = await look(crowded)
    assert found
    assert found.neighbours[0].node.name == "Kandahar"
    assert found.neighbours[0].shared == 1
    assert {each.shared for each in found.neighbours[1:]} == {2}


@pytest.mark.asyncio
async def test_the_table_has_the_number_for_each_with_a_link_to_the_articles(
    crowded: Path, page: Any
) -> None:
    found = await look(crowded)
    assert found
    async with serving(crowded) as server:
        shown = page((await server.anybody.get(found.middle.href)).text)
    (details,) = [each for each in shown.all("details") if "as a table" in each.text]
    assert "at most" not in details.text
    links = [
        each
        for each in shown.all("a")
        if each.attributes["href"].endswith(f"&_entity={found.neighbours[0].node.key}")
    ]
    assert "1" in {each.text for each in links}


@pytest.mark.asyncio
async def test_what_takes_too_long_to_count_is_left_out(
    crowded: Path, monkeypatch: pytest.MonkeyPatch, page: Any
) -> None:
    def count_with(*_: Any) -> dict[str, int]:
        raise sqlite3.OperationalError("interrupted")

    monkeypatch.setattr(neighbourhoods, "count_with", count_with)
    found = await look(crowded)
    assert found
    assert (found.neighbours[0].node.name, found.neighbours[0].shared) == ("Kandahar", None)
    async with serving(crowded) as server:
        shown = page((await server.anybody.get(found.middle.href)).text)
    (details,) = [each for each in shown.all("details") if "as a table" in each.text]
    assert "not counted" in details.text


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", ["appearances", "articles", "mentions"])
async def test_what_is_counted_so_is_hidden_too(crowded: Path, hidden: str) -> None:
    together = {"somebody": 2}
    found = await look(crowded, config=private(hidden), together=together)
    assert found
    assert [each.shared for each in found.neighbours] == [None]


@pytest.mark.asyncio
async def test_an_entity_alone_has_no_neighbourhood(tmp_path: Path) -> None:
    path = load(tmp_path / f"{DATABASE}.db", [article(1, [MIDDLE], [])])
    assert await look(path) is None


@pytest.mark.asyncio
async def test_no_more_than_forty_are_shown_those_of_most_articles_first(tmp_path: Path) -> None:
    names = [f"District {nth}" for nth in range(60)]
    articles = [
        article(
            number,
            [MIDDLE, *names[number:]],
            [(MIDDLE, "took", name) for name in names[number:]]
            + [(name, "near", names[nth - 1]) for nth, name in enumerate(names) if nth > number],
        )
        for number in range(4)
    ]
    found = await look(load(tmp_path / f"{DATABASE}.db", articles))
    assert found
    assert len(found.neighbours) == NODES - 1
    assert {each.weight for each in found.neighbours} == {4}
    assert 0 < len(found.ties) <= TIES
    assert {tie.subject for tie in found.ties} <= found.nodes.keys()


@pytest.mark.asyncio
async def test_those_named_together_in_one_article_only_fill_up_a_few(tmp_path: Path) -> None:
    names = [f"District {nth}" for nth in range(30)]
    articles = [article(1, [MIDDLE, *names], []), article(2, [MIDDLE, *names[:5]], [])]
    found = await look(load(tmp_path / f"{DATABASE}.db", articles))
    assert found
    assert [each.shared for each in found.neighbours] == [2] * 5 + [1] * (FILLED - 5)


@pytest.mark.asyncio
async def test_of_as_many_shared_articles_those_seldom_named_elsewhere_come_first(
    tmp_path: Path,
) -> None:
    both = [MIDDLE, "Aleppo", "Zaranj", "Friday"]
    articles = [article(1, both, []), article(2, both, []), article(3, ["Aleppo"], [])]
    for each in articles:
        for entity in each["entities"]:
            entity["type"] = "Date" if entity["name"] == "Friday" else entity["type"]
            entity["same_as"] = [f"https://example.org/{entity['name']}"]
    path = load(tmp_path / f"{DATABASE}.db", articles)
    found = await look(path)
    assert found
    # A day is nobody's neighbour.
    assert [each.node.name for each in found.neighbours] == ["Zaranj", "Aleppo"]
    hidden = await look(path, config=private("entity_counts"))
    assert hidden
    assert [each.node.name for each in hidden.neighbours] == ["Aleppo", "Zaranj"]
    async with serving(path) as server:
        others = (await server.anybody.get(found.middle.href)).text
    assert others.index("Zaranj", others.index('id="others"')) < others.index(
        "Aleppo", others.index('id="others"')
    )


# --- What a visitor may see ------------------------------------------------------------------


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        ("articles", ({"took": None, "holds": None}, {"expelled": None}, None)),
        ("mentions", ({"took": 2, "holds": 1}, {"expelled": 1}, None)),
        ("appearances", ({"took": 2, "holds": 1}, {"expelled": 1}, None)),
        ("evidence", ({"took": None, "holds": None}, {"expelled": None}, 3)),
        ("relation_counts", ({"took": None, "holds": None}, {"expelled": None}, 3)),
        ("relations", ({}, {}, 3)),
        ("quotes", ({"took": 2, "holds": 1}, {"expelled": 1}, 3)),
    ],
)
async def test_what_is_hidden_is_not_in_it(news: Path, hidden: str, expected: Any) -> None:
    found = await look(news, config=private(hidden))
    assert found
    assert summed_up(found)["Kabul"] == expected
    assert ("Balkh" in summed_up(found)) == (expected[2] is not None)
    alice = await look(news, config=private(hidden), actor=ALICE)
    assert alice == await look(news)


@pytest.mark.asyncio
async def test_where_all_of_it_is_hidden_there_is_none(news: Path) -> None:
    assert await look(news, config=private("relations", "appearances")) is None
    with pytest.raises(Forbidden):
        await look(news, config=private("entities"))


# --- In the page -----------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_the_page_has_the_drawing_and_the_same_as_a_table(news: Path, page: Any) -> None:
    found = await look(news)
    assert found
    async with serving(news) as server:
        answer = await server.anybody.get(found.middle.href)
    assert answer.status_code == 200
    shown = page(answer.text)
    assert [each.attributes["class"] for each in shown.all("svg", role="group")] == [
        "ng-drawing ng-drawing-wide",
        "ng-drawing ng-drawing-narrow",
    ]
    (details,) = [each for each in shown.all("details") if "as a table" in each.text]
    for each in found.neighbours:
        assert each.node.name in details.text
        for said in each.statements:
            assert said.predicate in details.text
            assert shown.all("a", href=said.href)


@pytest.mark.asyncio
async def test_names_full_of_html_and_controls_break_neither_drawing_nor_page(
    tmp_path: Path, page: Any
) -> None:
    names = [
        "<script>alert(1)</script>",
        "\u202eevil\u2066",
        "x" * 10_000,
        "a\x01\x1b]b",
        '" onload="',
    ]
    said = [(MIDDLE, name[:40] or "is", name) for name in names]
    path = load(tmp_path / f"{DATABASE}.db", [article(1, [MIDDLE, *names], said)])
    found = await look(path)
    assert found
    for svg in (found.wide, found.narrow):
        ElementTree.fromstring(svg)
    async with serving(path) as server:
        answer = await server.anybody.get(found.middle.href)
    shown = page(answer.text)
    assert not [each for each in shown.elements if "onload" in each.attributes]
    assert not [
        each for each in shown.all("script") if "alert" in each.text and not each.attributes
    ]
