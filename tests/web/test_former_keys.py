"""Links outlive decisions: former keys lead to what is shown, and what is wrong is gone."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.decisions.decision import Decision, split_key
from datasette_newsgraph.identity import article_key
from datasette_newsgraph.rdf import FORMATS
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import DATABASE, on_supported_versions
from tests.permissions.visitors import private, serving
from tests.rdf.decided_graphs import KEYS, carried_out, load_things, same, visits

Serve = Callable[..., Any]
HOME = "/things/-/newsgraph"
RDF, BROWSER = {"Accept": "text/turtle"}, {"Accept": "text/html,*/*;q=0.8"}
#: The key of a kind before, and now.
MOVED = {
    "entity": (KEYS["us"], KEYS["usa"]),
    "relation": (visits("lima", "us"), visits("ana", "usa")),
}
every_kind = pytest.mark.parametrize("kind", MOVED)
JOINED = (same("us", "usa"), same("lima", "ana"))
TEAM = split_key(KEYS["us"], "The team")


def keys(path: Path, table: str) -> list[str]:
    """The keys of a table."""
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute(f"SELECT key FROM {table} ORDER BY key")]


@pytest.fixture(scope="module")
def undecided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph before anybody decided anything."""
    path = tmp_path_factory.mktemp("undecided") / "things.db"
    load_things(path)
    return path


@pytest.fixture(scope="module")
def joined(undecided: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph in which two pairs are one."""
    path = Path(shutil.copy(undecided, tmp_path_factory.mktemp("joined")))
    carried_out(path, *JOINED)
    return path


@pytest.fixture
def things(undecided: Path, tmp_path: Path) -> Path:
    """The graph, for a test to decide in."""
    return Path(shutil.copy(undecided, tmp_path))


@every_kind
@pytest.mark.parametrize("ending", ["", *(each.ending for each in FORMATS)])
@pytest.mark.asyncio
async def test_a_page_of_a_former_key_has_moved(
    serve: Serve, joined: Path, kind: str, ending: str
) -> None:
    before, now = MOVED[kind]
    client = serve(joined).client
    response = await client.get(f"{HOME}/{kind}/{before}{ending}")
    assert response.status_code == 301
    assert response.headers["location"] == f"{HOME}/{kind}/{now}{ending}"
    # What is decided may be taken back.
    there = await client.get(response.headers["location"])
    assert there.status_code == 200
    assert response.headers["cache-control"] == there.headers["cache-control"]


@pytest.mark.asyncio
async def test_what_was_asked_of_the_page_is_asked_again(serve: Serve, joined: Path) -> None:
    asked = "?order=oldest&source=A%26B"
    response = await serve(joined).client.get(f"{HOME}/entity/{KEYS['us']}{asked}")
    assert response.headers["location"] == f"{HOME}/entity/{KEYS['usa']}{asked}"


@every_kind
@pytest.mark.asyncio
async def test_an_iri_of_a_former_key_leads_to_what_is_shown(
    serve: Serve, joined: Path, kind: str
) -> None:
    before, now = MOVED[kind]
    client = serve(joined).client
    for headers, ending in (({}, ""), (RDF, ".ttl")):
        response = await client.get(f"{HOME}/id/{kind}/{before}", headers=headers)
        assert response.status_code == 303
        assert response.headers["location"] == f"{HOME}/{kind}/{now}{ending}"
        assert f"<{HOME}/{kind}/{now}.ttl>" in response.headers["link"]


@pytest.mark.parametrize("table", ["mentions", "evidence", "quotes"])
@pytest.mark.asyncio
async def test_what_lies_in_articles_has_the_iri_that_it_had(
    serve: Serve, undecided: Path, joined: Path, table: str
) -> None:
    kind = {"mentions": "mention", "quotes": "quote"}.get(table, table)
    client = serve(joined).client
    for key in keys(undecided, table):
        response = await client.get(f"{HOME}/id/{kind}/{key}")
        assert response.status_code == 303
        place, _, fragment = response.headers["location"].partition("#")
        assert (await client.get(place)).status_code == 200
        assert fragment


@pytest.mark.asyncio
async def test_what_was_taken_back_leads_where_it_led(serve: Serve, things: Path) -> None:
    batch = carried_out(things, *JOINED)[0].batch
    carried_out(things, Decision("undo", batch))
    client = serve(things).client
    assert (await client.get(f"{HOME}/entity/{KEYS['us']}")).status_code == 200
    response = await client.get(f"{HOME}/id/entity/{KEYS['us']}")
    assert response.headers["location"] == f"{HOME}/entity/{KEYS['us']}"


# --- Divided, wrong, unknown -----------------------------------------------------------------


def meant(*articles: str) -> Decision:
    """That some articles mean the team by the US."""
    found = tuple(article_key(each) for each in articles)
    return Decision("split", KEYS["us"], TEAM, articles=found, value="The team")


@pytest.mark.asyncio
async def test_what_articles_were_taken_from_keeps_its_page(serve: Serve, things: Path) -> None:
    carried_out(things, meant("a1"))
    client = serve(things).client
    for key in (KEYS["us"], TEAM):
        assert (await client.get(f"{HOME}/entity/{key}")).status_code == 200
    # What the article stated of it, it states of the other one.
    moved = await client.get(f"{HOME}/relation/{visits('ana', 'us')}")
    assert moved.status_code == 301
    assert (await client.get(moved.headers["location"])).status_code == 200


@pytest.mark.asyncio
async def test_what_all_articles_were_taken_from_leads_to_what_they_mean(
    serve: Serve, things: Path
) -> None:
    carried_out(things, meant("a1", "a3"))
    moved = await serve(things).client.get(f"{HOME}/entity/{KEYS['us']}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"{HOME}/entity/{TEAM}")


@pytest.mark.asyncio
async def test_what_was_divided_among_several_leads_nowhere(serve: Serve, things: Path) -> None:
    other = Decision("split", KEYS["us"], KEYS["team"], articles=(article_key("a3"),))
    carried_out(things, meant("a1"), other)
    assert (await serve(things).client.get(f"{HOME}/entity/{KEYS['us']}")).status_code == 404


@pytest.mark.parametrize("kind", ["entity", "relation", "mention", "evidence", "quote"])
@pytest.mark.asyncio
async def test_what_was_decided_to_be_wrong_is_gone(serve: Serve, things: Path, kind: str) -> None:
    tables = {"mention": "mentions", "evidence": "evidence", "quote": "quotes"}
    key = MOVED[kind][0] if kind in MOVED else keys(things, tables[kind])[0]
    client = serve(things).client
    assert (await client.get(f"{HOME}/id/{kind}/{key}")).status_code == 303
    carried_out(things, Decision("wrong", key, kind=kind))  # type: ignore[arg-type]
    address = f"{HOME}/id/{kind}/{key}"
    response = await client.get(address, headers=BROWSER, follow_redirects=True)
    assert response.status_code == 410
    assert "decided to be wrong" in response.text
    assert "html" in response.headers["content-type"]
    plain = await client.get(f"{HOME}/id/{kind}/{key}", headers=RDF)
    assert (plain.status_code, plain.text.count("\n")) == (410, 1)
    if kind in MOVED:
        page = await client.get(f"{HOME}/{kind}/{key}")
        assert page.status_code == 410
        # The same page, with what was decided.
        assert response.text == page.text
        assert "/decisions?batch=" in page.text
        assert (await client.get(f"{HOME}/{kind}/{key}.ttl")).status_code == 410


@pytest.mark.asyncio
async def test_what_is_the_same_as_something_wrong_is_gone_too(serve: Serve, things: Path) -> None:
    wrong = [Decision("wrong", KEYS[name]) for name in ("us", "usa")]
    carried_out(things, *JOINED, *wrong)
    client = serve(things).client
    for name in ("us", "usa"):
        assert (await client.get(f"{HOME}/entity/{KEYS[name]}")).status_code == 410
    assert (await client.get(f"{HOME}/relation/{visits('lima', 'us')}")).status_code == 410


@pytest.mark.asyncio
async def test_what_leads_to_nothing_that_is_loaded_is_not_found(
    serve: Serve, things: Path
) -> None:
    carried_out(things, Decision("same", "a-aaaaaaaaaaaaa", "b-aaaaaaaaaaaaa"))
    client = serve(things).client
    for path in ("entity/b-aaaaaaaaaaaaa", "id/entity/b-aaaaaaaaaaaaa", "entity/nobody"):
        assert (await client.get(f"{HOME}/{path}")).status_code == 404


# --- Who may see it --------------------------------------------------------------------------


@on_supported_versions
@pytest.mark.parametrize("hidden", ["decided", "as_given", "article_texts", "mentions", "articles"])
@pytest.mark.asyncio
async def test_where_something_is_hidden_no_key_leads_anywhere(
    undecided: Path, tmp_path: Path, hidden: str
) -> None:
    """Not so much as that there was something."""
    path = Path(shutil.copy(undecided, tmp_path / f"{DATABASE}.db"))
    carried_out(path, *JOINED, Decision("wrong", KEYS["paris"]))
    pages = [f"{kind}/{before}" for kind, (before, _) in MOVED.items()]
    pages += [f"entity/{KEYS['paris']}"]
    async with serving(path, private(hidden)) as server:
        for page in pages:
            for address in (f"{GRAPH}/{page}", f"{GRAPH}/id/{page}", f"{GRAPH}/{page}.ttl"):
                seen = await server.alice.get(address)
                assert seen.status_code in (301, 303, 410)
                response = await server.anybody.get(address)
                unknown = await server.anybody.get(address.replace(page.split("/")[1], "nobody"))
                assert response.status_code == unknown.status_code == 404, address
                assert "location" not in response.headers
