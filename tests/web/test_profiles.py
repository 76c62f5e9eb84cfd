"""Profiles of the mapping over HTTP, and documents of things in formats with named graphs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, parse

from datasette_newsgraph.kinds import WITH_PAGE
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.mapping.profiles import FULL, PROFILES, Profile
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.source_nodes import publisher_key
from datasette_newsgraph.store import open_store
from tests.rdf.rdf_tools import graph_of, read_with_pyoxigraph
from tests.web.streams import exported, first_key

Serve = Callable[..., Any]

HOME = "/examples/-/newsgraph"
TURTLE = FORMATS[0]
KINDS = {each.name: each.table for each in WITH_PAGE}
every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_profile
@pytest.mark.asyncio
async def test_the_whole_graph_is_to_be_had_in_every_profile(
    serve: Serve, example_db: Path, profile: Profile
) -> None:
    client = serve(example_db).client
    for name in (profile.name, profile.iri):
        response = await client.get(f"{HOME}.ttl", params={"profile": name})
        assert response.status_code == 200
        assert response.content == exported(example_db, TURTLE, "--profile", profile.name)
        assert f'<{profile.iri}>; rel="profile"' in response.headers["link"]
        named = "examples.ttl" if profile is FULL else f"examples-{profile.name}.ttl"
        assert f'filename="{named}"' in response.headers["content-disposition"]


@every_profile
@every_kind
@pytest.mark.asyncio
async def test_so_is_what_is_about_a_thing(
    serve: Serve, example_db: Path, profile: Profile, kind: str
) -> None:
    key = first_key(example_db, KINDS[kind])
    address = f"{HOME}/{kind}/{key}.ttl"
    given = {"profile": profile.name, "all": "1"}
    response = await serve(example_db).client.get(address, params=given)
    arguments = ("--profile", profile.name, f"--{kind}", key)
    assert response.content == exported(example_db, TURTLE, *arguments)
    assert f'<{profile.iri}>; rel="profile"' in response.headers["link"]


@pytest.mark.asyncio
async def test_profiles_of_one_document_have_different_tags(serve: Serve, example_db: Path) -> None:
    client = serve(example_db).client
    key = first_key(example_db, "entities")
    for address in (f"{HOME}.ttl", f"{HOME}/entity/{key}.ttl"):
        tags = {
            (await client.get(address, params={"profile": each.name})).headers["etag"]
            for each in PROFILES
        }
        assert len(tags) == len(PROFILES)


@pytest.mark.parametrize("given", ["everything", "core,nif", "\u0000", "x" * 3000])
@pytest.mark.asyncio
async def test_a_profile_that_there_is_not_is_refused_by_name(
    serve: Serve, example_db: Path, given: str
) -> None:
    client = serve(example_db).client
    key = first_key(example_db, "entities")
    for address in (f"{HOME}.ttl", f"{HOME}/entity/{key}.ttl"):
        response = await client.get(address, params={"profile": given})
        assert response.status_code == 400
        assert "profile has to be full, core, nif or schema" in response.text
        assert given not in response.text


@pytest.mark.asyncio
async def test_the_next_page_of_a_document_has_the_same_profile(
    serve: Serve, example_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasette_newsgraph.rdf.pages.PAGE_SIZE", 1)
    client = serve(example_db).client
    with open_store(example_db) as db:
        ((key,),) = db.execute(
            "SELECT key FROM entities ORDER BY (SELECT count(*) FROM mentions"
            " WHERE entity_id = entities.id) DESC LIMIT 1"
        )
    response = await client.get(f"{HOME}/entity/{key}.ttl", params={"profile": "core"})
    following = response.links["next"]["url"]
    assert "profile=core" in following
    assert (await client.get(following)).status_code == 200


WITH_GRAPHS = [each for each in FORMATS if each.has_graphs]


@pytest.mark.parametrize("format_", WITH_GRAPHS, ids=lambda each: each.name)
@every_kind
@pytest.mark.asyncio
async def test_a_thing_is_described_in_the_default_graph(
    serve: Serve, example_db: Path, format_: Format, kind: str
) -> None:
    """Comunica asks for N-Quads first, and looks for what it is told in the default graph."""
    key = first_key(example_db, KINDS[kind])
    response = await serve(example_db).client.get(f"{HOME}/{kind}/{key}{format_.ending}")
    assert response.headers["content-type"].startswith(format_.media_type)
    quads = list(parse(response.content, format=RdfFormat.from_media_type(format_.media_type)))
    assert quads
    assert {each.graph_name for each in quads} == {DefaultGraph()}


@pytest.mark.asyncio
async def test_an_identifier_leads_to_the_profile_that_is_asked_for(
    serve: Serve, example_db: Path
) -> None:
    client = serve(example_db).client
    key = first_key(example_db, "entities")
    turtle = {"Accept": "text/turtle"}
    for given, status in (("core", 303), ("none", 400)):
        address = f"{HOME}/id/entity/{key}?profile={given}"
        response = await client.get(address, headers=turtle)
        assert response.status_code == status
        if status == 303:
            assert response.headers["location"] == f"{HOME}/entity/{key}.ttl?profile=core"


@pytest.mark.asyncio
async def test_a_document_does_not_go_on_in_what_its_profile_leaves_out(
    serve: Serve, example_db: Path
) -> None:
    client = serve(example_db).client
    key = first_key(example_db, "articles")
    links = {
        each.name: (
            await client.get(f"{HOME}/article/{key}.ttl", params={"profile": each.name})
        ).links
        for each in PROFILES
    }
    assert "next" in links["full"]
    assert "next" in links["nif"]
    assert "next" not in links["core"]


#: Pages of a table, of a view and of one row, with the table and the numbers of the rows.
ROWS = {
    "entities.ttl?_size=3": ("entities", [1, 2, 3]),
    "article_index.ttl?_size=2&_sort=id": ("articles", [1, 2]),
    "mentions/1.ttl?": ("mentions", [1]),
}


@every_profile
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.asyncio
async def test_rows_are_to_be_had_in_every_profile(
    serve: Serve, example_db: Path, rows: str, profile: Profile
) -> None:
    client = serve(example_db).client
    expected = graph_of(example_db, profile=profile, rows=ROWS[rows])
    for name in (profile.name, profile.iri):
        given = urlencode({"_profile": name})
        response = await client.get(f"/examples/{rows}&{given}")
        assert set(read_with_pyoxigraph(response.content, TURTLE)) == expected
        assert f'<{profile.iri}>; rel="profile"' in response.headers["link"]
        following = response.links.get("next", {}).get("url", given)
        assert given in following
        assert ("next" in response.links) == ("_size" in rows)
    full = await client.get(f"/examples/{rows}")
    assert f'<{FULL.iri}>; rel="profile"' in full.headers["link"]


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.asyncio
async def test_rows_refuse_a_profile_that_there_is_not(
    serve: Serve, example_db: Path, rows: str
) -> None:
    client = serve(example_db).client
    for asked, words in (
        ("_profile=all", "_profile has to be full, core, nif or schema"),
        ("_profile=core&_profile=nif", "_profile may be given once only"),
        ("profile=core", "profile would be a column here; write _profile"),
    ):
        response = await client.get(f"/examples/{rows}&{asked}")
        assert response.status_code == 400
        assert words in response.text


@pytest.mark.asyncio
async def test_a_publisher_leads_to_articles_in_the_profile_that_is_asked_for(
    serve: Serve, tmp_path: Path
) -> None:
    path = tmp_path / "news.db"
    load(path, [{"id": "a", "publisher": "The Gazette", "title": "A day"}])
    client = serve(path).client
    address = f"/news/-/newsgraph/id/publisher/{publisher_key('The Gazette')}?profile=core"
    response = await client.get(address, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert (
        '<https://w3id.org/datasette-newsgraph/ns#profile-core>; rel="profile"'
        in (response.headers["link"])
    )
    assert '"A day"' in response.text
