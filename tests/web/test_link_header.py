"""The Link header of Datasette's pages of our rows: the same as RDF, beside what Datasette names."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.rdf.graph_rdf import SHOWN
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import IS_1_0
from tests.permissions.visitors import private, serving

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

MEDIA_TYPES = {each.media_type: each for each in FORMATS}


def named(answer: Any) -> dict[str, str]:
    """The RDF that a header names, by media type."""
    found = re.findall('<([^>]*)>; rel="alternate"; type="([^"]*)"', answer.headers.get("link", ""))
    return {type_: address for address, type_ in found if type_ in MEDIA_TYPES}


@pytest.fixture
def client(serve: Serve, example_db: Path) -> Any:
    return serve(example_db).client


@pytest.mark.parametrize("table", SHOWN)
@pytest.mark.asyncio
async def test_a_page_of_rows_names_itself_as_rdf(client: Any, table: str) -> None:
    pages = [f"/examples/{table}", f"/examples/{table}?_size=2&_sort_desc={SHOWN[table][1]}"]
    for page in [*pages, *([f"/examples/{table}/1"] if table in TABLES else [])]:
        path, _, query = page.partition("?")
        answer = await client.get(page)
        assert named(answer) == {
            each.media_type: f"{path}{each.ending}{'?' + query if query else ''}"
            for each in FORMATS
        }
        for type_, address in named(answer).items():
            found = await client.get(address)
            assert (found.status_code, found.headers["content-type"].partition(";")[0]) == (
                200,
                type_,
            )


@pytest.mark.asyncio
async def test_what_datasette_names_stays_behind_ours(client: Any) -> None:
    for page in ("entity_index?type=Place&_size=1", "mentions/1", "article_index?_size=1"):
        (header,) = (await client.get(f"/examples/{page}")).headers.get_list("link")
        # In the specification's own way to read it (RFC 8288, appendix B.2): 0.65 has no brackets
        # around its link, which ends it.
        link = re.compile(r'<([^>]*)>((?:; \w+="[^"]*")*)(?:, |$)')
        found, at = [], 0
        while match := link.match(header, at):
            found.append(match.groups())
            at = match.end()
        ours = found[: len(FORMATS)]
        assert [parameters for _, parameters in ours] == [
            f'; rel="alternate"; type="{each.media_type}"' for each in FORMATS
        ]
        path, _, query = page.partition("?")
        address = f"http://localhost/examples/{path}.json{'?' + query if query else ''}"
        if IS_1_0:
            assert found[len(FORMATS)][0] == address
            # It also says where the next page is.
            assert "/" in page or 'rel="next"' in found[-1][1]
            assert at == len(header)
        else:
            assert header[at:].startswith(f"{address}; rel=")


@pytest.mark.asyncio
async def test_the_filters_of_a_page_are_kept(client: Any, page: Parse) -> None:
    asked = "type__in=Place,Person&_search=%22paris%22&_sort=name&_size=3&mentions__gt=0&x=a+b%26c"
    answer = await client.get(f"/examples/entity_index?{asked}")
    assert named(answer)["text/turtle"] == f"/examples/entity_index.ttl?{asked}"
    # The links on the page lead to the same.
    html = page(answer.text)
    for type_, address in named(answer).items():
        shown = html.href(MEDIA_TYPES[type_].ending)
        both = [(await client.get(each)).text for each in (shown, address)]
        assert both[0].partition("\n")[2] == both[1].partition("\n")[2]


@pytest.mark.asyncio
async def test_a_view_without_its_row_numbers_offers_nothing(client: Any) -> None:
    for query in ("_nocol=id", "_col=key"):
        answer = await client.get(f"/examples/entity_index?{query}")
        assert named(answer) == {}
        assert ".ttl" not in answer.text
    assert named(await client.get("/examples/entity_index?_col=id"))


@pytest.mark.asyncio
async def test_what_is_no_page_of_our_rows_names_no_rdf(client: Any) -> None:
    others = [each for each in (*TABLES, *VIEWS) if each not in SHOWN]
    pages = ["/", "/examples", *(f"/examples/{each}" for each in (*others, *QUERIES))]
    pages += [
        *("/examples/entities.json", "/examples/entities.csv", "/examples/entities/99999"),
        *("/examples/entities.json?_extra=renderers", "/examples/entities/1.json", "/-/newsgraph"),
        *("/examples/no_such_table", "/examples/entity_index?_sort=no_such_column"),
    ]
    for page in pages:
        answer = await client.get(page, follow_redirects=True)
        assert named(answer) == {}, page
    # That of a download names its page, not other downloads.
    answer = await client.get("/examples/entities.ttl?_size=1")
    assert named(answer) == {}


@pytest.mark.asyncio
async def test_nothing_that_is_asked_for_ends_an_address(client: Any) -> None:
    for asked in (">; rel=stylesheet, <https://evil.example/", '"\\\r\nx: y', "é^`{|}", "a, <b>"):
        answer = await client.get("/examples/entity_index", params={"x": asked, "_size": "1"})
        raw = await client.get(f"/examples/entity_index?_size=1&x={asked.split(chr(13))[0]}")
        for each in (answer, raw):
            ours = re.split(", (?=<)", ", ".join(each.headers.get_list("link")))[: len(FORMATS)]
            # Behind the last of them is Datasette's.
            ours[-1] = ours[-1].partition(", ")[0]
            assert [re.sub("<[^<>]*>", "<>", one) for one in ours] == [
                f'<>; rel="alternate"; type="{type_}"' for type_ in MEDIA_TYPES
            ]
            assert all(urlsplit(one).netloc == "" for one in named(each).values())
            assert "x" not in each.headers


@pytest.mark.asyncio
async def test_nothing_in_the_bytes_of_an_address_ends_it(serve: Serve, example_db: Path) -> None:
    # A browser would encode these; whoever makes an attack need not.
    sent = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    datasette = serve(example_db)
    await datasette.invoke_startup()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "method": "GET",
        "path": "/examples/entity_index",
        "raw_path": b"/examples/entity_index",
        "query_string": b'_size=1&x=>;rel="stylesheet",<//evil.example>\xe9\xc3\xbc',
        "headers": [],
    }
    await datasette.app()(scope, receive, send)
    links = b", ".join(value for name, value in sent[0]["headers"] if name.lower() == b"link")
    # What Datasette itself gives back, behind ours, is for Datasette to mend.
    expected = ", ".join(f'<>; rel="alternate"; type="{type_}"' for type_ in MEDIA_TYPES)
    assert re.sub("<[^<>]*>", "<>", links.decode("latin-1")).startswith(f"{expected}, ")
    # The bytes are those that came.
    assert links.partition(b">")[0].endswith(b"%3C//evil.example%3E%E9%C3%BC")


@pytest.mark.asyncio
async def test_a_long_address_is_not_named(client: Any) -> None:
    # A proxy would refuse the page for its headers.
    answer = await client.get(f"/examples/entity_index?_size=1&name__not={'x' * 2000}")
    assert answer.status_code == 200
    assert named(answer) == {}


@pytest.mark.asyncio
async def test_addresses_have_the_servers_own_prefix(serve: Serve, example_db: Path) -> None:
    datasette = serve(example_db, settings={"base_url": "/prefix/"})
    for page in ("/examples/entity_index?type=Place", "/examples/mentions/1"):
        path, _, query = page.partition("?")
        # The client puts the prefix before what it is asked for.
        address = named(await datasette.client.get(page))["text/turtle"]
        assert address == f"/prefix{path}.ttl{'?' + query if query else ''}"


@pytest.mark.asyncio
async def test_who_may_not_see_the_rows_is_told_of_nothing(news: Path) -> None:
    async with serving(news, private("articles")) as server:
        for page in ("/news/articles", "/news/articles/1", "/news/mention_index", "/news/mentions"):
            assert named(await server.alice.get(page))
            refused = await server.anybody.get(page)
            assert refused.status_code == 403
            assert named(refused) == {}
        assert named(await server.anybody.get("/news/extractions"))


@pytest.mark.asyncio
async def test_tables_of_other_databases_name_nothing(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entities (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO entities VALUES (1, 'x')")
        connection.commit()
    for page in ("/other/entities", "/other/entities/1"):
        answer = await serve(path).client.get(page)
        assert answer.status_code == 200
        assert named(answer) == {}


@pytest.mark.asyncio
async def test_a_page_of_our_own_names_its_own_rdf_once(news: Path, shape: Any) -> None:
    async with serving(news) as server:
        page = f"{GRAPH}/entity/{shape.keys['entity'][0]}"
        answer = await server.anybody.get(page)
    assert named(answer) == {each.media_type: f"{page}{each.ending}" for each in FORMATS}
    assert answer.headers["link"].count("alternate") == len(FORMATS)
