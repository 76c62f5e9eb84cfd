"""Columns for somebody's table: which properties entities have, and their values (section 7 of 0.2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import decide
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.reconcile.extending import PROPERTIES
from tests.permissions.marked_news import DATABASE
from tests.permissions.visitors import private, serving
from tests.reconcile.conftest import SERVICE, articles_of
from tests.reconcile.shapes import Extension, Manifest, Proposal, Wrong, shaped, values_of

pytestmark = pytest.mark.asyncio

Serve = Callable[..., Any]
BURMA, MYANMAR, MERKEL = (
    entity_key(*each)
    for each in [("Place", "Burma"), ("Place", "Myanmar"), ("Person", "Angela Merkel")]
)


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Two articles that name Myanmar, of which one calls it Burma."""
    path = tmp_path / f"{DATABASE}.db"
    (one, two) = articles_of(("Place", "Myanmar", ["Union of Myanmar"], None))
    one["entities"][0] |= {"latitude": 21.5, "longitude": 96.0}
    one["published"] = "2021-02"
    two |= {"published": "2021-08-15"}
    two["entities"] = [one["entities"][0] | {"name": "Burma", "aliases": []}]
    load(path, [one, two])
    decide(path, [{"verdict": "same", "left": BURMA, "right": MYANMAR, "keep": MYANMAR}])
    return path


def asking(*keys: str, of: Any = PROPERTIES) -> dict[str, str]:
    """The question for properties of entities."""
    asked = {"ids": [*keys], "properties": [{"id": each} for each in of]}
    return {"extend": json.dumps(asked)}


async def test_the_manifest_leads_to_the_properties(serve: Serve, names_db: Path) -> None:
    client = serve(names_db).client
    extend = shaped(await client.get(SERVICE), Manifest).extend
    assert extend is not None
    assert extend.propose_properties is not None
    place = extend.propose_properties
    path = (place.service_url + place.service_path).removeprefix("http://localhost")
    told = shaped(await client.get(path, params={"type": "Person"}), Proposal)
    assert told.type == "Person"
    assert [each.id for each in told.properties] == [*PROPERTIES]
    few = shaped(await client.get(path, params={"limit": 2}), Proposal)
    assert ([each.id for each in few.properties], few.limit) == (["name", "type"], 2)


async def test_values_of_all_properties(serve: Serve, places: Path) -> None:
    client = serve(places).client
    by_post = await client.post(SERVICE, data=asking(MYANMAR, MERKEL))
    by_get = await client.get(SERVICE, params=asking(MYANMAR, MERKEL))
    told = shaped(by_post, Extension)
    assert shaped(by_get, Extension) == told
    assert [each.id for each in told.meta] == [*PROPERTIES]
    assert [*told.rows] == [MYANMAR, MERKEL]
    assert {each: values_of(told, MYANMAR, each) for each in PROPERTIES} == {
        "name": ["Myanmar"],
        "type": ["Place"],
        "description": ["the place Myanmar"],
        "identifiers": [],
        "other_names": ["Burma", "Union of Myanmar"],
        "former_names": ["Burma"],
        "articles": [2],
        "mentions": [0],
        "first_seen": ["2021-02"],
        "last_seen": ["2021-08-15"],
        "latitude": [21.5],
        "longitude": [96.0],
        "page": [f"http://localhost/{DATABASE}/-/newsgraph/entity/{MYANMAR}"],
    }
    # Nothing is known of somebody who is not there.
    assert {*map(str, told.rows[MERKEL].values())} == {"[]"}


async def test_identifiers(serve: Serve, names_db: Path) -> None:
    client = serve(names_db).client
    found = (await client.get(SERVICE, params={"query": "USA"})).json()["result"][0]["id"]
    told = shaped(await client.post(SERVICE, data=asking(found, of=["identifiers"])), Extension)
    assert values_of(told, found, "identifiers") == ["http://www.wikidata.org/entity/Q30"]


async def test_a_former_key_leads_on_and_a_wrong_one_nowhere(serve: Serve, places: Path) -> None:
    asked = asking(BURMA, of=["name"])
    told = shaped(await serve(places).client.post(SERVICE, data=asked), Extension)
    assert values_of(told, BURMA, "name") == ["Myanmar"]
    decide(places, [{"verdict": "wrong", "left": each} for each in (BURMA, MYANMAR)])
    told = shaped(await serve(places).client.post(SERVICE, data=asked), Extension)
    assert values_of(told, BURMA, "name") == []


@pytest.mark.parametrize(
    ("table", "gone"),
    [
        ("entity_counts", {"articles", "mentions", "first_seen", "last_seen"}),
        ("as_given", {"former_names"}),
        ("decisions", {"former_names"}),
        ("mentions", {"articles", "mentions", "first_seen", "last_seen", "former_names"}),
    ],
)
async def test_what_may_not_be_seen_is_neither_offered_nor_told(
    places: Path, table: str, gone: set[str]
) -> None:
    async with serving(places, private(table)) as server:
        for visitor, hidden in ((server.alice, set()), (server.anybody, gone)):
            offered = shaped(await visitor.get(f"{SERVICE}/extend"), Proposal).properties
            assert {*PROPERTIES} - {each.id for each in offered} == hidden
            client = server.datasette.client
            answer = await client.get(SERVICE, params=asking(MYANMAR), headers=visitor.headers)
            told = shaped(answer, Extension)
            empty = {each for each in PROPERTIES if not values_of(told, MYANMAR, each)}
            assert empty - {"identifiers"} == hidden


@pytest.mark.parametrize(
    ("extend", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"ids": ["a"]}', 400),
        ('{"ids": [1], "properties": []}', 400),
        ("[" * 5_000, 400),
        (asking(MYANMAR, of=["born"])["extend"], 400),
        (asking(*map(str, range(51)))["extend"], 413),
    ],
)
async def test_what_cannot_be_answered(
    serve: Serve, names_db: Path, extend: str, status: int
) -> None:
    answer = await serve(names_db).client.post(SERVICE, data={"extend": extend})
    assert answer.status_code == status
    assert shaped(answer, Wrong)


async def test_the_draft_has_no_extension(serve: Serve, names_db: Path) -> None:
    client = serve(names_db).client
    assert (await client.get(f"{SERVICE}/draft/extend")).status_code == 404
    assert (await client.post(f"{SERVICE}/draft", data=asking(MYANMAR))).status_code == 400
