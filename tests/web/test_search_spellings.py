"""Search for names with letters that have strokes, which full-text search takes for others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.search import entity_hits
from datasette_newsgraph.web.search.letters import spellings
from datasette_newsgraph.web.search.query_words import LONGEST, read_words
from tests.cost import seconds_of_processor
from tests.permissions.addresses import GRAPH
from tests.permissions.visitors import private, serving
from tests.web.searching import NAMES, hits, links, marks, of_hits

Serve = Callable[..., Any]
Parse = Callable[[str], Any]


WRITTEN, BARE = zip(*NAMES, strict=True)


def counts(html: Any) -> list[str]:
    return [each.text.split(",")[0] for each in of_hits(html)]


ONE = ["Entities 1", "Articles 1", "Quotes 1"]
TWO = ["Entities 2", "Articles 2", "Quotes 2"]


@pytest.mark.parametrize(
    ("graph", "typed", "name"),
    [("written", bare.lower(), written) for written, bare in NAMES]
    + [("bare", written, bare) for written, bare in NAMES]
    + [("written", written.upper(), written) for written, _ in NAMES],
)
@pytest.mark.asyncio
async def test_a_name_is_found_with_strokes_and_without(
    look: Callable[..., Any], graph: str, typed: str, name: str
) -> None:
    html = await look(graph, typed)
    assert counts(html) == ONE
    assert marks(html) == set(name.split())
    assert f"From {name}" in hits(html)


@pytest.mark.parametrize(("written", "bare"), NAMES)
@pytest.mark.asyncio
async def test_all_spellings_are_found_at_once(
    look: Callable[..., Any], written: str, bare: str
) -> None:
    for typed in (written, bare):
        html = await look("both", typed)
        assert counts(html) == TWO
        assert marks(html) == {*written.split(), *bare.split()}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"walesa by night"', ["Articles 1", "Quotes 1"]),
        ('"from walesa"', ["Articles 1"]),
        ('"night walesa"', []),
        ("wale*", ONE),
        ('"da nan"*', ONE),
        ("dan*", []),
        ("by walesa", ["Articles 1", "Quotes 1"]),
        ("walesa tromso", []),
        ("walesa tromso lodz*", []),
        ('from "kilicdaroglu by nig"*', ["Articles 1"]),
    ],
)
@pytest.mark.asyncio
async def test_phrases_and_stars_have_spellings_too(
    look: Callable[..., Any], typed: str, expected: list[str]
) -> None:
    assert counts(await look("written", typed)) == expected


@pytest.mark.asyncio
async def test_a_link_has_the_spellings_that_there_are_and_no_others(
    look: Callable[..., Any],
) -> None:
    async def searched(typed: str, graph: str = "both") -> set[str]:
        listed = [each.partition("?")[2] for each in links(await look(graph, typed))]
        return {each for each in listed if each.startswith("_search")}

    assert await searched("night") == {"_search=night"}
    assert await searched("Diyarbakir", "bare") == {"_search=Diyarbakir"}
    assert await searched("Tromsø", "written") == {urlencode({"_search": "Tromsø"})}
    either = {"_search": '("tromso" OR "tromsø")', "_searchmode": "raw"}
    assert await searched("Tromso") == {urlencode(either)}


@pytest.mark.asyncio
async def test_a_kind_of_thing_has_its_own_spellings(tmp_path: Path, page: Parse) -> None:
    """What is hidden does not follow from how the rest is searched."""
    path = tmp_path / "news.db"
    entity = {"id": "e", "type": "Place", "name": "Łódź"}
    load(path, [{"id": "a", "title": "Lodz", "text": "Lodz", "entities": [entity]}])
    async with serving(path, private("entities")) as server:
        for visitor, expected in ((server.anybody, ["Articles 1"]), (server.alice, ONE[:2])):
            html = page((await visitor.get(f"{GRAPH}/search?q=lodz")).text)
            assert counts(html) == expected
            (of_articles,) = [each for each in links(html) if "article_index?_search" in each]
            assert of_articles.endswith("?_search=lodz")


@pytest.mark.asyncio
async def test_just_this_name_comes_first_with_strokes_too(
    serve: Serve, tmp_path: Path, page: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = ["Łódź", "Łódź Fabryczna", "New Lodz", "Radio Łódź"]
    records = [
        {"id": f"{name} {number}", "entities": [{"id": "e", "type": "Place", "name": name}]}
        for times, name in enumerate(places)
        for number in range(times + 1)
    ]
    load(tmp_path / "lodz.db", records)
    client = serve(tmp_path / "lodz.db").client
    for compared in (500, 2):
        monkeypatch.setattr(entity_hits, "_COMPARED", compared)
        html = page((await client.get("/lodz/-/newsgraph/search?q=lodz")).text)
        assert hits(html)[:2] == places[:2]


def test_the_spellings_of_a_word() -> None:
    assert spellings("paris") == ["parıs"]
    assert spellings("Wałęsa") == ["walesa"]
    assert spellings("Bolesław") == ["boleslaw", "bołesław", "bołeslaw", "bøleslaw"]
    # A mark may stand on its own, a letter with a stroke have one.
    assert spellings("no\u0301") == ["nø\u0301"]
    assert spellings("巴黎") == spellings("Нагорный") == []


def test_there_are_not_too_many_spellings() -> None:
    """However often a letter is there, and however many words there are."""
    asked: list[str] = []

    def all_known(matches: list[str]) -> list[str]:
        asked[:] = matches
        return matches

    with seconds_of_processor(60):
        for typed in ("lo" * 250, "lolol " * 80, '"' + "lolol " * 80, "tholid* " * 60):
            words = " ".join(f"{each}{number}" for number, each in enumerate(typed.split()))
            words = words if " " in typed else typed
            spelled = read_words(words[:LONGEST]).spelled(all_known)
            assert 0 < len(asked) <= 256
            assert 0 < sum(len(each.others) for each in spelled.phrases) <= 256
            assert len(spelled.match) < 50_000
            assert len(spelled.together.beginning) < 50_000
