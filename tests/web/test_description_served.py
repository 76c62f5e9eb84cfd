"""The description of a graph as a server gives it: where, to whom, and how often it is counted."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import rdflib
from datasette.app import Datasette

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.rdf.description.counting import count
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.base_iri import set_base
from datasette_newsgraph.vocabulary import DESCRIBING
from datasette_newsgraph.web.rdf import description
from datasette_newsgraph.web.rdf.downloads import turnstiles_of
from tests.permissions.addresses import GRAPH
from tests.permissions.visitors import private, serving
from tests.rdf.rdf_tools import check_all_read, read_with_pyoxigraph
from tests.web.streams import until

Serve = Callable[..., Any]

HOME = "/examples/-/newsgraph"
WELL_KNOWN = "/.well-known/void"
IS_1_0 = hasattr(Datasette, "allowed_resources")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
NTRIPLES = format_named("ntriples")
VOID, DCAT = (rdflib.Namespace(DESCRIBING[each]) for each in ("void", "dcat"))
#: Of the example articles.
BASE = rdflib.URIRef("https://news.example.org/graph/")
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


def given(**metadata: str) -> dict[str, Any]:
    """The option that gives a server metadata."""
    return {"metadata": metadata}


async def graph_at(client: Any, address: str, **headers: str) -> rdflib.Graph:
    """What is answered in N-Triples."""
    response = await client.get(address, headers={"accept": NTRIPLES.media_type} | headers)
    assert response.status_code == 200, address
    return rdflib.Graph().parse(data=response.text, format="nt")


def objects(graph: rdflib.Graph, property_: rdflib.URIRef) -> set[str]:
    """The objects of a property, of whatever."""
    return {str(each) for each in graph.objects(None, property_)}


# --- Where it is -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        *((accept, HOME) for accept in (BROWSER, "*/*", "", "image/png")),
        *((each.media_type, f"{HOME}/void{each.ending}") for each in FORMATS),
    ],
)
@pytest.mark.asyncio
async def test_the_base_iri_leads_people_to_a_page_and_programs_to_a_description(
    serve: Serve, example_db: Path, accept: str, place: str
) -> None:
    client = serve(example_db).client
    response = await client.get(f"{HOME}/", headers={"accept": accept})
    assert (response.status_code, response.headers["location"]) == (303, place)
    assert "Accept" in response.headers["vary"]
    assert (await client.get(place)).status_code == 200


@every_format
@pytest.mark.asyncio
async def test_the_overview_is_the_description_for_who_prefers_rdf(
    serve: Serve, example_db: Path, format_: Format
) -> None:
    client = serve(example_db).client
    by_ending = await client.get(f"{HOME}/void{format_.ending}")
    assert by_ending.headers["content-type"] == format_.content_type
    for address in (HOME, f"{HOME}/void"):
        response = await client.get(address, headers={"accept": format_.media_type})
        assert response.text == by_ending.text, address
        assert "Accept" in response.headers["vary"]
    response = await client.get(HOME, headers={"accept": format_.media_type})
    assert response.headers["content-location"] == f"{HOME}/void{format_.ending}"
    expected = read_with_pyoxigraph((await client.get(f"{HOME}/void.nt")).content, NTRIPLES)
    check_all_read(response.content, format_, set(expected))


@pytest.mark.parametrize("accept", [BROWSER, "*/*", "image/png"])
@pytest.mark.asyncio
async def test_the_overview_stays_a_page_for_browsers(
    serve: Serve, example_db: Path, accept: str
) -> None:
    response = await serve(example_db).client.get(HOME, headers={"accept": accept})
    assert response.headers["content-type"].startswith("text/html")


@pytest.mark.asyncio
async def test_what_there_is_not_is_not_served(serve: Serve, example_db: Path) -> None:
    client = serve(example_db).client
    assert (await client.get(f"{HOME}/void.zip")).status_code == 404
    for address in (f"{HOME}/void", WELL_KNOWN):
        response = await client.get(address, headers={"accept": "image/png"})
        assert response.status_code == 406, address
        assert "text/turtle" in response.text
    assert (await client.post(f"{HOME}/void.nt")).status_code == 405


@pytest.mark.asyncio
async def test_overview_and_downloads_name_description_and_licence(
    serve: Serve, example_db: Path
) -> None:
    licence = "https://example.org/licenče"
    client = serve(example_db, **given(license_url=licence)).client
    for address in (HOME, f"{HOME}.nt", f"{HOME}/"):
        link = (await client.get(address)).headers["link"]
        assert f'<{HOME}/void>; rel="describedby"' in link, address
        assert '<https://example.org/licen%C4%8De>; rel="license"' in link, address
    client = serve(example_db, **given(license_url="javascript:alert(1)")).client
    assert "license" not in (await client.get(HOME)).headers["link"]


# --- What it says ----------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_it_says_what_the_metadata_says_and_where_the_graph_is(
    serve: Serve, example_db: Path
) -> None:
    metadata = {"title": "News", "source": "Ana", "license_url": "https://example.org/licence"}
    client = serve(example_db, **given(**metadata)).client
    graph = await graph_at(client, f"{HOME}/void.nt")
    assert str(graph.value(BASE, rdflib.DCTERMS.title)) == "News"
    assert objects(graph, rdflib.DCTERMS.license) == {"https://example.org/licence"}
    assert objects(graph, rdflib.FOAF.name) == {"Ana"}
    dumps = {str(each) for each in graph.objects(BASE, VOID.dataDump)}
    assert dumps == {f"http://localhost{HOME}{each.ending}" for each in FORMATS}
    for each in dumps:
        assert (await client.get(each.removeprefix("http://localhost"))).status_code == 200
    assert str(graph.value(BASE, DCAT.landingPage)) == f"http://localhost{HOME}"


@pytest.mark.asyncio
async def test_under_a_published_base_addresses_are_those_of_the_base(
    serve: Serve, example_db: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / "examples.db"))
    base = "https://news.example.org/x/-/newsgraph/"
    with open_store(path, write=True) as db:
        set_base(db, base)
    graph = await graph_at(serve(path).client, f"{HOME}/void.nt")
    assert f"{base.rstrip('/')}.ttl" in objects(graph, VOID.dataDump)
    assert (rdflib.URIRef(f"{base}void"), rdflib.FOAF.primaryTopic, rdflib.URIRef(base)) in graph


@pytest.mark.asyncio
async def test_without_downloads_of_whole_graphs_it_names_none(
    serve: Serve, example_db: Path
) -> None:
    settings = {"plugins": {"datasette-newsgraph": {"whole_graph_downloads": False}}}
    datasette = serve(example_db, **{"config" if IS_1_0 else "metadata": settings})
    graph = await graph_at(datasette.client, f"{HOME}/void.nt")
    assert not objects(graph, DCAT.distribution)
    assert objects(graph, VOID.triples)


@pytest.mark.parametrize("host", ["a<b>", "a b", "", "[x", "é", '"'])
@pytest.mark.asyncio
async def test_a_host_that_is_none_breaks_nothing(
    serve: Serve, example_db: Path, host: str
) -> None:
    client = serve(example_db).client
    for address in (f"{HOME}/void.nt", WELL_KNOWN):
        try:
            response = await client.get(
                address, headers={"host": host.encode(), "accept": NTRIPLES.media_type}
            )
        except ValueError:
            # It gets no further than to Datasette.
            continue
        assert response.status_code in (200, 400)
        if response.status_code == 200:
            read_with_pyoxigraph(response.content, NTRIPLES)


# --- To whom, and how often it is counted ----------------------------------------------------


def triples(graph: rdflib.Graph) -> int:
    """How many triples a graph is said to have."""
    base = next(graph.objects(None, rdflib.FOAF.primaryTopic))
    return int(graph.value(base, VOID.triples))


@pytest.mark.parametrize(
    "hidden",
    [
        *("articles", "article_texts", "mentions", "evidence", "quotes", "zones", "relations"),
        *("vocabulary", "extractions", "appearances", "relation_counts"),
    ],
)
@pytest.mark.asyncio
async def test_each_visitor_is_told_how_much_their_export_holds(news: Path, hidden: str) -> None:
    async with serving(news, private(hidden)) as server:
        found = []
        for visitor in (server.anybody, server.alice, server.anybody):
            answer = await visitor.get(f"{GRAPH}/void.nt")
            whole = await visitor.get(f"{GRAPH}.nt")
            assert answer.status_code == whole.status_code
            if whole.status_code == 200:
                graph = rdflib.Graph().parse(data=answer.text, format="nt")
                assert triples(graph) == whole.text.count("\n")
                found.append(triples(graph))
        # Alice comes between, and what is kept for her is for nobody else.
        assert len(found) == 3
        assert found[0] == found[2]
        # While nothing may be read of evidence, all statements are asserted.
        assert found[0] != found[1] or hidden == "relation_counts"


@pytest.mark.asyncio
async def test_a_graph_is_counted_once_for_each_state_and_each_part(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, counted = Path(shutil.copy(news, tmp_path)), []

    def counting(*given: Any, **options: Any) -> Any:
        counted.append(options["tables"])
        return count(*given, **options)

    monkeypatch.setattr(description, "count", counting)
    async with serving(news, private("mentions")) as server:
        for visitor in (server.anybody, server.alice) * 2:
            await visitor.get(f"{GRAPH}/void.ttl")
            await visitor.get(f"{GRAPH}/void.nt")
        assert len(counted) == len(set(counted)) == 2
        with closing(sqlite3.connect(news)) as connection:
            connection.execute("DELETE FROM quotes WHERE id = (SELECT min(id) FROM quotes)")
            connection.commit()
        answer = await server.alice.get(f"{GRAPH}/void.nt")
        assert len(counted) == 3
        graph = rdflib.Graph().parse(data=answer.text, format="nt")
        whole = await server.alice.get(f"{GRAPH}.nt")
        assert triples(graph) == whole.text.count("\n")


@pytest.mark.asyncio
async def test_a_database_without_a_file_is_counted_each_time(serve: Serve) -> None:
    datasette = serve()
    database = datasette.add_memory_database("examples")
    found = [0]
    for id_ in ("a1", "a2"):
        with closing(database.connect(write=True)) as connection:
            load(connection, [{"id": id_, "title": "A title"}])
            found.append(triples(await graph_at(datasette.client, f"{HOME}/void.nt")))
    assert found == sorted(set(found))


@pytest.mark.asyncio
async def test_counting_takes_a_place_of_whole_graphs_and_what_was_counted_does_not(
    serve: Serve, example_db: Path
) -> None:
    datasette = serve(example_db, **given(title="Not counted yet"))
    whole = turnstiles_of(datasette).whole
    assert whole.enter()
    assert whole.enter()
    response = await datasette.client.get(f"{HOME}/void.nt")
    assert response.status_code == 503
    whole.leave()
    assert (await datasette.client.get(f"{HOME}/void.nt")).status_code == 200
    assert await until(whole.enter)
    assert (await datasette.client.get(f"{HOME}/void.nt")).status_code == 200


@pytest.mark.asyncio
async def test_a_client_that_has_it_is_not_sent_it_again(serve: Serve, example_db: Path) -> None:
    client = serve(example_db).client
    tag = (await client.get(f"{HOME}/void.nt")).headers["etag"]
    again = await client.get(f"{HOME}/void.nt", headers={"if-none-match": tag})
    assert again.status_code == 304
    assert (await client.get(f"{HOME}/void.ttl")).headers["etag"] != tag
    other = serve(example_db, **given(title="Another")).client
    assert (await other.get(f"{HOME}/void.nt")).headers["etag"] != tag


# --- All graphs of a server ------------------------------------------------------------------


@every_format
@pytest.mark.asyncio
async def test_the_well_known_address_lists_the_graphs(
    serve: Serve, example_db: Path, tmp_path: Path, format_: Format
) -> None:
    other = tmp_path / "other.db"
    load(other, [{"id": "a", "title": "One"}], base_iri="https://other.example.org/")
    client = serve(example_db, other).client
    response = await client.get(WELL_KNOWN, headers={"accept": format_.media_type})
    assert response.status_code == 200
    assert response.headers["content-type"] == format_.content_type
    expected = await client.get(WELL_KNOWN, headers={"accept": NTRIPLES.media_type})
    check_all_read(response.content, format_, set(read_with_pyoxigraph(expected.content, NTRIPLES)))
    graph = rdflib.Graph().parse(data=expected.text, format="nt")
    assert objects(graph, DCAT.dataset) == {str(BASE), "https://other.example.org/"}
    # Each says where the rest is told.
    for place in objects(graph, rdflib.RDFS.seeAlso):
        described = await graph_at(client, place.removeprefix("http://localhost"))
        assert objects(described, rdflib.FOAF.primaryTopic) <= objects(graph, DCAT.dataset)


@pytest.mark.asyncio
async def test_turtle_is_what_a_program_gets_that_names_nothing(
    serve: Serve, example_db: Path
) -> None:
    client = serve(example_db).client
    for address in (WELL_KNOWN, f"{HOME}/void"):
        for accept in ("*/*", ""):
            response = await client.get(address, headers={"accept": accept})
            assert response.headers["content-type"].startswith("text/turtle")


@pytest.mark.asyncio
async def test_a_graph_of_which_nothing_is_seen_is_not_listed(news: Path) -> None:
    async with serving(news, private("articles", "entities")) as server:
        for visitor, number in ((server.anybody, 0), (server.alice, 1)):
            answer = await visitor.get(WELL_KNOWN, accept=NTRIPLES.media_type)
            assert answer.status_code == 200
            graph = rdflib.Graph().parse(data=answer.text, format="nt")
            assert len(objects(graph, DCAT.dataset)) == number
            assert answer.headers["cache-control"] == "private, no-store"
    async with serving(news, {"allow": {"id": "alice"}}) as server:
        assert (await server.anybody.get(WELL_KNOWN)).status_code == 403


@pytest.mark.asyncio
async def test_a_graph_that_cannot_be_read_hides_no_other(
    serve: Serve, example_db: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copy(example_db, tmp_path / "broken.db"))
    with closing(sqlite3.connect(broken)) as connection:
        connection.execute("INSERT OR REPLACE INTO settings VALUES ('base_iri', 'no base')")
        connection.commit()
    graph = await graph_at(serve(example_db, broken).client, WELL_KNOWN)
    assert objects(graph, DCAT.dataset) == {str(BASE)}


@pytest.mark.asyncio
async def test_under_a_prefix_all_stands_under_it(serve: Serve, example_db: Path) -> None:
    client = serve(example_db, settings={"base_url": "/prefix/"}).client
    response = await client.get(f"/prefix{HOME}/", headers={"accept": "text/turtle"})
    assert response.headers["location"] == f"/prefix{HOME}/void.ttl"
    graph = await graph_at(client, f"/prefix{WELL_KNOWN}")
    assert objects(graph, rdflib.RDFS.seeAlso) == {f"http://localhost/prefix{HOME}/void"}


@every_format
@pytest.mark.asyncio
async def test_a_term_that_is_no_iri_is_told_of_before_anything_is_sent(
    serve: Serve, example_db: Path, tmp_path: Path, format_: Format
) -> None:
    path = tmp_path / "examples.db"
    shutil.copyfile(example_db, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO vocabulary (kind, label, iri) VALUES ('type', 'x', '')")
    response = await serve(path).client.get(f"{HOME}/void{format_.ending}")
    assert response.status_code == 409


@every_format
@pytest.mark.asyncio
async def test_a_publisher_that_is_no_name_is_told_of_before_anything_is_sent(
    serve: Serve, example_db: Path, tmp_path: Path, format_: Format
) -> None:
    path = tmp_path / "examples.db"
    shutil.copyfile(example_db, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE articles SET publisher = x'00ff' WHERE id = 2")
    response = await serve(path).client.get(f"{HOME}/void{format_.ending}")
    assert response.status_code == 409
    assert "The publisher of row 2 of articles is not text" in response.text
