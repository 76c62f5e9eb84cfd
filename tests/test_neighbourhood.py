"""The neighbourhood of an entity: who is in it, how much is said, and what a visitor may see of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from datasette.utils.asgi import Forbidden, Request

from datasette_newsgraph.store.load import load_files
from datasette_newsgraph.web.access.visit import begin
from datasette_newsgraph.web.drawing.layout import NODES
from datasette_newsgraph.web.drawing.neighbourhood import FILLED, TIES, Neighbourhood, neighbourhood
from tests.visits import ALICE, DATABASE, Config, private, serving

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
