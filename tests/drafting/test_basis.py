"""What the key of each entity comes from, which the table of entities says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from datasette_newsgraph import load
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.identity import basis_of
from datasette_newsgraph.store import open_store
from tests.ground.test_identity import NAMES, key_of

WIKIDATA = "https://www.wikidata.org/wiki/Q90"

#: Entities by what their keys come from.
ENTITIES: dict[str, list[dict[str, Any]]] = {
    "identifier": [
        {"type": "Place", "name": "Paris", "same_as": [WIKIDATA]},
        {"type": "Place", "name": "Rome", "id": "https://example.org/rome"},
        {"type": "Date", "name": "Bastille Day", "same_as": ["https://example.org/bastille"]},
        {"type": "Person", "name": "she", "same_as": ["https://example.org/she"], "local": True},
    ],
    "name": [
        {"type": "Place", "name": "Paris"},
        {"type": "Person", "name": "WHO"},
        {"type": "Company", "name": "Fable", "same_as": ["no address"]},
    ],
    "article": [
        {"type": "Date", "name": "Friday"},
        {"type": "MONEY", "name": "three dollars"},
        {"type": "Person", "name": "she"},
        {"type": "Event", "name": "attack", "local": True},
        {"type": "Event", "name": "attack", "local": True, "id": "another"},
    ],
}
ALL = [each for entities in ENTITIES.values() for each in entities]


def naming(id_: str, *entities: dict[str, Any]) -> dict[str, Any]:
    """An article that names these entities."""
    numbered = [{"id": f"e{number}"} | each for number, each in enumerate(entities)]
    return {"id": id_, "language": "en", "entities": numbered}


def bases(path: Path) -> list[tuple[Any, ...]]:
    """Each entity's type, name and basis."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT type, name, basis FROM entities ORDER BY 1, 2, 3"
        ).fetchall()


def wrong(path: Path) -> list[str]:
    with open_store(path) as db:
        return list(check(db))


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    load(path, [naming("a1", *ALL)])
    return path


@pytest.mark.parametrize("basis", ENTITIES)
def test_an_entity_says_what_its_key_comes_from(loaded: Path, basis: str) -> None:
    expected = sorted((each["type"], each["name"], basis) for each in ENTITIES[basis])
    assert [row for row in bases(loaded) if row[2] == basis] == expected
    assert wrong(loaded) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_order_of_loading_makes_no_difference(
    tmp_path: Path, contents: Callable[..., Any], order: Iterable[int]
) -> None:
    articles = [naming("a", *ALL), naming("b", *ALL[::-1]), naming("c", *ALL[1::2])]
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    load(one, articles)
    for number in order:
        load(other, [articles[number]])
    assert contents(one, provenance=False) == contents(other, provenance=False)
    assert wrong(other) == []


def test_an_article_that_changes_takes_its_own_entities_along(loaded: Path) -> None:
    load(loaded, [naming("a1", *ENTITIES["name"]), naming("a2", *ENTITIES["article"][:1])])
    assert [row[2] for row in bases(loaded)] == ["name", "article", "name", "name"]
    load(loaded, [naming("a2", {"type": "Date", "name": "Friday", "same_as": [WIKIDATA]})])
    assert ("Date", "Friday", "identifier") in bases(loaded)
    assert wrong(loaded) == []


@given(type_=NAMES, name=NAMES)
def test_it_follows_from_the_key(type_: str, name: str) -> None:
    assert basis_of(key_of(name, type_, local=True), type_, name, is_identified=False) == "article"
    same_as = ["https://example.org/x"]
    key = key_of(name, type_, same_as=same_as)
    assert basis_of(key, type_, name, is_identified=True) == "identifier"
