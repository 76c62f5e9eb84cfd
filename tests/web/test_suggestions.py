"""“Did you mean”: names like what was typed, of those that the visitor may see."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.search.initials import has_initials, read_initials, without_last
from datasette_newsgraph.web.settings import PLUGIN
from tests.cost import seconds_of_processor
from tests.permissions.addresses import GRAPH
from tests.permissions.visitors import private, serving

Parse = Callable[[str], Any]

#: name: in how many articles, and other names.
NAMES: dict[str, tuple[int, list[str]]] = {
    "Mosul": (5, []),
    "East Mosul": (1, []),
    "Moses": (2, []),
    "Battle of Mosul": (2, []),
    "United States": (4, ["United States of America", "America"]),
    "The Bank Of Albania": (1, []),
    "Hibatullah Akhundzada": (2, ["Akhundzada"]),
    "Al-Qaeda": (2, ["Al-Qaida"]),
    "Jagiełło": (1, []),
    "Багдад": (1, []),
    "Организация Объединённых Наций": (1, []),
    "Ευρωπαϊκή Ένωση": (1, []),
    "北京大学": (1, []),
    "巴黎协定": (1, []),
    "<b>Bold</b> & Brash": (1, []),
    "Kaboul": (3, []),
    "Kabool": (1, []),
    "x" * 300 + " Endless": (1, []),
    "World Health Organization": (1, []),
}


def told_of(names: dict[str, tuple[int, list[str]]]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{name[:20]} {number}",
            "text": "The USA is a word of this text, and so is typpo.",
            "entities": [
                {"id": "e", "type": "Thing", "name": name, "aliases": aliases}
                | {"mentions": [{"text": name}]}
            ],
        }
        for name, (times, aliases) in names.items()
        for number in range(times)
    ]


@pytest.fixture(scope="module")
def names_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("names") / "news.db"
    load(path, told_of(NAMES))
    return path


@pytest.fixture
def meant(page: Parse) -> Callable[..., Any]:
    """``await meant(visitor, "mosull")``: the names that are offered."""

    async def names(visitor: Any, typed: str, **arguments: str) -> list[str]:
        answer = await visitor.get(f"{GRAPH}/search?{urlencode({'q': typed, **arguments})}")
        assert answer.status_code == 200, typed
        html = page(answer.text)
        for each in html.all("a", class_="suggestion"):
            followed = page((await visitor.get(each.attributes["href"])).text)
            assert each.text in [hit.text for hit in followed.all("a", class_="hit")]
        return [each.text for each in html.all("a", class_="suggestion")]

    return names


@pytest.mark.asyncio
async def test_what_was_meant(names_db: Path, meant: Callable[..., Any]) -> None:
    async with serving(names_db) as server:
        for typed, expected in {
            # The likest first, then those that it is a part of.
            "mosull": ["Mosul", "Battle of Mosul", "East Mosul"],
            "nosul": ["Mosul", "Battle of Mosul", "East Mosul"],
            "MOSULL": ["Mosul", "Battle of Mosul", "East Mosul"],
            "mossul batle": ["Battle of Mosul"],
            "akunzada": ["Hibatullah Akhundzada"],
            "hibatulah akundzada": ["Hibatullah Akhundzada"],
            "alqaeda": ["Al-Qaeda"],
            "Jagielo": ["Jagiełło"],
            "Багдат": ["Багдад"],
            "北京大學": ["北京大学"],
            # Of two that are as alike, the one that is mentioned more.
            "Kabouol": ["Kaboul", "Kabool"],
            # By initials, in any script that has capitals.
            "USA": ["United States"],
            "usa": ["United States"],
            "U.S.A.": ["United States"],
            "u s a": ["United States"],
            "BA": ["The Bank Of Albania"],
            "TBOA": ["The Bank Of Albania"],
            "ООН": ["Организация Объединённых Наций"],
            "оон": ["Организация Объединённых Наций"],
            "ΕΈ": ["Ευρωπαϊκή Ένωση"],
            "WHO": ["World Health Organization"],
            "boldd": ["<b>Bold</b> & Brash"],
        }.items():
            found = await meant(server.anybody, typed)
            assert found[: len(expected)] == expected, typed
        for typed in ("Mosul", "mos", "zzzzzz", "", "*", "typpo", "zq", '""', "endles"):
            assert await meant(server.anybody, typed) == [], typed


@pytest.mark.asyncio
async def test_only_for_a_search_of_names(names_db: Path, meant: Callable[..., Any]) -> None:
    async with serving(names_db) as server:
        assert await meant(server.anybody, "mosull", **{"in": "entities"})
        assert await meant(server.anybody, "mosull", **{"in": "articles"}) == []


@pytest.mark.asyncio
async def test_other_names_are_said(names_db: Path) -> None:
    async with serving(names_db) as server:
        text = (await server.anybody.get(f"{GRAPH}/search?q=usa")).text
    section = text.partition('class="suggestions"')[2].partition("</section>")[0]
    assert "also called <bdi>United States of America</bdi>" in section
    assert "4 mentions" in section


@pytest.mark.parametrize(("most", "count"), [(0, 0), (1, 1), (20, 2)])
@pytest.mark.asyncio
async def test_as_many_as_the_setting_says(
    names_db: Path, meant: Callable[..., Any], most: int, count: int
) -> None:
    plugins = {"plugins": {PLUGIN: {"suggestions": most}}}
    async with serving(names_db, {"databases": {"news": plugins}}) as server:
        assert len(await meant(server.anybody, "kabouol")) == count


@pytest.mark.asyncio
async def test_a_load_is_noticed_at_once(tmp_path: Path, meant: Callable[..., Any]) -> None:
    path = tmp_path / "news.db"
    load(path, told_of({"Mosul": (1, [])}))
    async with serving(path) as server:
        assert await meant(server.anybody, "kirkukk") == []
        assert await meant(server.anybody, "mosull") == ["Mosul"]
        load(path, told_of({"Kirkuk": (1, [])}))
        assert await meant(server.anybody, "kirkukk") == ["Kirkuk"]
        tables = "select name from sqlite_temp_master"
        database = server.datasette.databases["news"]
        assert list((await database.execute(tables)).rows) == []


@pytest.mark.parametrize(
    ("hidden", "offered"),
    [
        ("entities", []),
        ("entities_fts", []),
        ("articles", ["Kabool", "Kaboul"]),
        ("entity_counts", ["Kabool", "Kaboul"]),
        ("mentions", ["Kabool", "Kaboul"]),
        ("article_texts", ["Kaboul", "Kabool"]),
    ],
)
@pytest.mark.asyncio
async def test_only_names_that_may_be_seen_in_an_order_that_may_be_seen(
    names_db: Path, hidden: str, offered: list[str], meant: Callable[..., Any]
) -> None:
    async with serving(names_db, private(hidden)) as server:
        assert await meant(server.alice, "kabouol") == ["Kaboul", "Kabool"]
        assert await meant(server.anybody, "kabouol") == offered
        told = (await server.anybody.get(f"{GRAPH}/search?q=kabouol")).text
        assert ("3 mentions" in told) == (hidden == "article_texts")


@pytest.mark.asyncio
async def test_whatever_the_names_are(tmp_path: Path, meant: Callable[..., Any]) -> None:
    """Of ten thousand characters, of marks, of nothing that is a word: none is offered, none fails."""
    long = "Mosul" + "\u0301" * 10_000
    names = [long, "a" * 10_000, "Mosul " * 2_000, "\u0301\u0301", "!!!", "İ" * 3_000, "Mo\nsul"]
    path = tmp_path / "news.db"
    load(path, told_of({name: (1, [f"{name} too"]) for name in names}))
    with seconds_of_processor(60):
        async with serving(path) as server:
            for typed in ("mosull", "MMM", "a" * 400, "ab " * 160, "\u0301" * 400, "İİİ", "sull"):
                for name in await meant(server.anybody, typed):
                    assert len(name) <= 200


@pytest.mark.parametrize(
    ("typed", "capitals"),
    [
        ("USA", "USA"),
        ("nato", "NATO"),
        ("u.s.", "US"),
        ("U. S. A.", "USA"),
        ("сша", "США"),
        ("UNESCO", "UNESCO"),
        ("unesco", None),
        ("U", None),
        ("US army", None),
        ("R2D2", None),
        ("巴黎", None),
        ("ABCDEFGHI", None),
        ("ß", None),
        ("", None),
        (".", None),
    ],
)
def test_initials_as_they_are_typed(typed: str, capitals: str | None) -> None:
    assert read_initials(typed) == capitals


@pytest.mark.parametrize(
    ("name", "capitals", "has"),
    [
        ("United States of America", "USA", True),
        ("UNITED STATES OF AMERICA", "USA", True),
        ("United States Of America", "USOA", True),
        ("The United Nations", "UN", True),
        ("The United Nations", "TUN", True),
        ("united states", "US", False),
        ("Usain", "USA", False),
        ("Notre-Dame", "ND", True),
        ("Bundesrepublik Deutschland", "BRD", False),
        ("Médecins Sans Frontières", "MSF", True),
        ("E\u0301tats-Unis", "ÉU", True),
        ("Banco de España", "BE", True),
        ("США", "С", True),
        ("", "US", False),
        ("!!! ???", "US", False),
    ],
)
def test_initials_of_a_name(name: str, capitals: str, has: bool) -> None:
    assert has_initials(name, capitals) == has


def test_initials_but_for_the_last() -> None:
    assert without_last("USA") == "US"
    assert without_last("US") is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_initials_of_anything(typed: str, name: str) -> None:
    capitals = read_initials(typed)
    if capitals is not None:
        assert capitals.isalpha()
        assert all(unicodedata.category(each)[0] == "L" for each in capitals)
        has_initials(name, capitals)
