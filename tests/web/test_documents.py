"""Documents of single things: small pages of RDF that lead on, spans, texts; kept, packed, shared."""

from __future__ import annotations

import gzip
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.kinds import ANNOTATED, WITH_PAGE
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS, Format, format_named, pages
from tests.permissions.visitors import private, serving
from tests.rdf.rdf_tools import read_with_pyoxigraph
from tests.web.streams import exported, first_key

Serve = Callable[..., Any]

HOME = "/examples/-/newsgraph"
CITY = "q90-7vjtwgbjzcbb3"
SEE_ALSO = "<http://www.w3.org/2000/01/rdf-schema#seeAlso>"
NTRIPLES = format_named("ntriples")
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
every_span = pytest.mark.parametrize("kind", ANNOTATED, ids=lambda each: each.name)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two rows of each list."""
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)


def key_of(path: Path, table: str) -> str:
    return CITY if table == "entities" else first_key(path, table)


def next_of(response: Any) -> str | None:
    found = re.search('<([^>]*)>; rel="next"', response.headers["link"])
    return found and found[1]


async def walked(client: Any, address: str | None) -> AsyncIterator[Any]:
    """The pages of a document, one after the other."""
    while address:
        response = await client.get(address)
        assert response.status_code == 200
        yield response
        address = next_of(response)


# --- Pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WITH_PAGE, ids=lambda each: each.name)
@every_format
@pytest.mark.usefixtures("small")
@pytest.mark.asyncio
async def test_the_pages_of_a_document_hold_what_the_command_exports(
    serve: Serve, example_db: Path, kind: Any, format_: Format
) -> None:
    key = key_of(example_db, kind.table)
    triples: set[Any] = set()
    named: list[str] = []
    async for page in walked(serve(example_db).client, f"{HOME}/{kind.name}/{key}{format_.ending}"):
        found = set(read_with_pyoxigraph(page.content, format_))
        further = [each for each in found if each[1] == SEE_ALSO]
        named += [each[2].strip("<>") for each in further]
        assert [f"http://localhost{next_of(page)}"] * len(further) == named[
            len(named) - len(further) :
        ]
        assert len(further) == (next_of(page) is not None)
        triples |= {each for each in found if each[1] != SEE_ALSO}
    whole = exported(example_db, format_, f"--{kind.name}", key)
    assert triples == set(read_with_pyoxigraph(whole, format_))
    assert len(set(named)) == len(named)
    assert named or kind.name == "relation"


@every_format
@pytest.mark.usefixtures("small")
@pytest.mark.asyncio
async def test_all_of_a_thing_is_one_document_for_who_asks_for_it(
    serve: Serve, example_db: Path, page: Callable[[str], Any], format_: Format
) -> None:
    client = serve(example_db).client
    html = page((await client.get(f"{HOME}/entity/{CITY}")).text)
    address = html.link(format_.title)
    assert address == f"{HOME}/entity/{CITY}{format_.ending}?all=1"
    response = await client.get(address)
    assert response.content == exported(example_db, format_.of_things, "--entity", CITY)
    assert next_of(response) is None


@pytest.mark.usefixtures("small")
@pytest.mark.asyncio
async def test_a_published_graph_names_the_next_page_under_its_base(
    serve: Serve, tmp_path: Path
) -> None:
    path = tmp_path / "published.db"
    base = "https://news.example.org/published/-/newsgraph/"
    relations = [{"subject": "e", "predicate": "has", "value": str(each)} for each in range(5)]
    entity = {"id": "e", "type": "Person", "name": "E"}
    load(path, [{"id": "a", "entities": [entity], "relations": relations}], base_iri=base)
    home = "/published/-/newsgraph"
    response = await serve(path).client.get(f"{home}/entity/{first_key_of(path)}.nt")
    further = next_of(response)
    assert further is not None
    assert f"{SEE_ALSO} <{base}{further.removeprefix(f'{home}/')}>" in response.text
    assert f'<{base}entity/{first_key_of(path)}.nt>; rel="canonical"' in response.headers["link"]


def first_key_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT key FROM entities").fetchone()[0])


@pytest.mark.parametrize("host", ["[::1", 'a"b<c>', "a b", "ü", "a\\b"])
@pytest.mark.usefixtures("small")
@pytest.mark.asyncio
async def test_a_host_that_is_none_is_in_no_document(
    serve: Serve, example_db: Path, host: str
) -> None:
    client = serve(example_db).client
    headers = {"Host": host.encode()}
    response = await client.get(f"{HOME}/entity/{CITY}.nt", headers=headers)
    if response.status_code == 200:
        assert set(read_with_pyoxigraph(response.content, NTRIPLES))
        assert next_of(response) is not None


@pytest.mark.parametrize(
    "asked",
    ["after=", "all=", "all=1&all="],
)
@pytest.mark.asyncio
async def test_an_argument_that_is_left_empty_is_none(
    serve: Serve, example_db: Path, asked: str
) -> None:
    client = serve(example_db).client
    response = await client.get(f"{HOME}/entity/{CITY}.nt?{asked}")
    other = "all=1" if "1" in asked else ""
    assert response.content == (await client.get(f"{HOME}/entity/{CITY}.nt?{other}")).content


@pytest.mark.parametrize(
    "asked",
    [
        "all=2",
        "all=1&after=mentions.a",
        "after=mentions",
        "after=mentions.",
        "after=mentions.nobody",
        "after=subject_evidence.nobody",
        "after=zones.1",
        "after=mentions.a&after=mentions.b",
        "after=mentions.%00",
        "after=mentions.'",
        f"after=mentions.{'a' * 10_000}",
        f"after={'mentions.a~' * 1000}",
    ],
)
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.asyncio
async def test_an_argument_that_is_none_is_refused(
    serve: Serve, example_db: Path, method: str, asked: str
) -> None:
    ask = getattr(serve(example_db).client, method)
    response = await ask(f"{HOME}/entity/{CITY}.nt?{asked}")
    assert response.status_code == 400
    assert "etag" not in response.headers


# --- Spans and texts -------------------------------------------------------------------------


@every_span
@every_format
@pytest.mark.asyncio
async def test_a_span_is_a_document_of_its_own(
    serve: Serve, example_db: Path, kind: Any, format_: Format
) -> None:
    client = serve(example_db).client
    key = first_key(example_db, kind.table)
    iri = f"https://news.example.org/graph/id/{kind.name}/{key}"
    response = await client.get(
        f"{HOME}/id/{kind.name}/{key}",
        headers={"Accept": format_.media_type},
        follow_redirects=True,
    )
    assert response.status_code == 200
    assert str(response.url).endswith(f"/{kind.name}/{key}{format_.ending}")
    triples = set(read_with_pyoxigraph(response.content, format_))
    assert {each[0] for each in triples if f"/id/{kind.name}/" in each[0]} == {f"<{iri}>"}
    # It can be read alone: what it refers to has a name.
    named = {each[0] for each in triples if each[1] == "<https://schema.org/name>"}
    entities = {
        end for each in triples for end in each[::2] if "/id/entity/" in end and "#" not in end
    }
    assert entities <= named
    assert 'rel="describes"' in response.headers["link"]


@every_span
@pytest.mark.asyncio
async def test_without_an_ending_a_span_leads_to_its_place(
    serve: Serve, example_db: Path, kind: Any
) -> None:
    client = serve(example_db).client
    key = first_key(example_db, kind.table)
    there = await client.get(f"{HOME}/{kind.name}/{key}")
    led = await client.get(f"{HOME}/id/{kind.name}/{key}")
    assert there.headers["location"] == led.headers["location"]
    for name in ("nobody", "nobody.ttl", f"{key}.xyz", ".ttl"):
        assert (await client.get(f"{HOME}/{kind.name}/{name}")).status_code == 404


@pytest.mark.asyncio
async def test_a_text_is_given_to_who_asks_for_one(serve: Serve, example_db: Path) -> None:
    client = serve(example_db).client
    with closing(sqlite3.connect(example_db)) as connection:
        key, text, surface, start, end = connection.execute(
            "SELECT articles.key, text, surface, start_char, end_char FROM mentions"
            " JOIN articles ON articles.id = mentions.article_id"
            " JOIN article_texts ON article_texts.article_id = articles.id"
            " WHERE text <> cast(cast(text AS BLOB) AS TEXT) OR start_char > 50"
        ).fetchone()
    iri = f"{HOME}/id/article/{key}/text"
    for accept in ("text/plain", "text/plain;q=0.2, image/png", "text/plain, */*;q=0.1"):
        led = await client.get(iri, headers={"Accept": accept})
        assert (led.status_code, led.headers["location"]) == (303, f"{HOME}/article/{key}.txt")
    response = await client.get(led.headers["location"])
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.content == text.encode()
    # Fragments of RFC 5147 point into it.
    assert response.text[start:end] == surface
    tag = {"If-None-Match": response.headers["etag"]}
    assert (await client.get(f"{HOME}/article/{key}.txt", headers=tag)).status_code == 304
    for asked, expected in (("gzip", "gzip"), ("identity", None)):
        headers = {"Accept-Encoding": asked}
        again = await client.get(f"{HOME}/article/{key}.txt", headers=headers)
        assert (again.headers.get("content-encoding"), again.text) == (expected, text)
    # Of anything else there is no text.
    for place in (f"/entity/{CITY}.txt", "/article/nobody.txt", "/article/.txt"):
        assert (await client.get(f"{HOME}{place}")).status_code == 404


@pytest.mark.asyncio
async def test_a_text_that_is_hidden_is_refused_whether_it_is_there_or_not(
    news: Path, shape: Any
) -> None:
    graph = "/news/-/newsgraph"
    async with serving(news, private("article_texts")) as server:
        for key in (shape.keys["article"][0], "nobody"):
            answer = await server.anybody.get(f"{graph}/article/{key}.txt")
            assert answer.status_code == 403
        iri = f"{graph}/id/article/{shape.keys['article'][0]}/text"
        asked = "text/plain, text/turtle;q=0.5"
        assert (await server.anybody.get(iri, Accept="text/plain")).status_code == 403
        led = await server.anybody.get(iri, Accept=asked)
        assert led.headers["location"].endswith(".ttl")
        assert ".txt" not in led.headers["link"]
        led = await server.alice.get(iri, Accept=asked)
        assert led.headers["location"].endswith(".txt")


# --- Kept ------------------------------------------------------------------------------------

PLACES = ["", f"/entity/{CITY}", f"/entity/{CITY}?all=1"]


def address(place: str, format_: Format) -> str:
    path, _, query = f"{HOME}{place}".partition("?")
    return f"{path}{format_.ending}{'?' + query if query else ''}"


@pytest.mark.parametrize("place", PLACES)
@every_format
@pytest.mark.asyncio
async def test_a_document_that_has_not_changed_is_not_sent_again(
    serve: Serve, example_db: Path, place: str, format_: Format
) -> None:
    client = serve(example_db).client
    path = address(place, format_)
    tag = (await client.get(path)).headers["etag"]
    assert tag == (await client.head(path)).headers["etag"]
    for given in (tag, f'"other", W/{tag}', "*"):
        response = await client.get(path, headers={"If-None-Match": given})
        assert (response.status_code, response.content) == (304, b"")
        assert "accept-encoding" in response.headers["vary"].lower()
    assert (await client.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


@pytest.mark.usefixtures("small")
@pytest.mark.asyncio
async def test_no_two_documents_have_one_tag(serve: Serve, example_db: Path) -> None:
    client = serve(example_db).client
    addresses = [address(place, each) for place in PLACES for each in FORMATS]
    first = await client.get(f"{HOME}/entity/{CITY}.ttl")
    addresses.append(str(next_of(first)))
    addresses += [
        f"{HOME}/{each.name}/{first_key(example_db, each.table)}.ttl" for each in ANNOTATED
    ]
    packed = [{"Accept-Encoding": each} for each in ("gzip", "identity")]
    tags = [(await client.get(a, headers=b)).headers["etag"] for a in addresses for b in packed]
    assert len(set(tags)) == len(tags)


# --- Packed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
@every_format
@pytest.mark.asyncio
async def test_who_takes_gzip_is_given_it(
    serve: Serve, example_db: Path, place: str, format_: Format
) -> None:
    client = serve(example_db).client
    path = address(place, format_)
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    headers = {"Accept-Encoding": "br, gzip;q=0.5"}
    async with client_of(serve(example_db)).stream("GET", path, headers=headers) as packed:
        body = b"".join([each async for each in packed.aiter_raw()])
    assert packed.headers["content-encoding"] == "gzip"
    assert len(body) < len(plain.content) / 2
    assert gzip.decompress(body) == plain.content
    head = await client.head(path, headers={"Accept-Encoding": "gzip"})
    assert head.headers["content-encoding"] == "gzip"
    for each in (plain, packed, head):
        assert "accept-encoding" in each.headers["vary"].lower()


def client_of(datasette: Any) -> Any:
    import httpx

    transport = httpx.ASGITransport(app=datasette.app())
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


@pytest.mark.parametrize(
    ("asked", "is_packed"),
    [
        ("gzip", True),
        ("x-gzip", True),
        ("*", True),
        ("GZIP;Q=0.5", True),
        ("gzip;q=0", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity, gzip;q=0.5", False),
        ("br", False),
        ("gzipped", False),
        ("", False),
        (None, False),
        ("gzip;q=x", False),
        ('"gzip', False),
    ],
)
@pytest.mark.asyncio
async def test_what_a_client_takes_is_what_it_is_given(
    serve: Serve, example_db: Path, asked: str | None, is_packed: bool
) -> None:
    client = client_of(serve(example_db))
    client.headers.clear()
    headers = {} if asked is None else {"Accept-Encoding": asked}
    response = await client.get(f"{HOME}/entity/{CITY}.nt", headers=headers)
    assert (response.headers.get("content-encoding") == "gzip") == is_packed


# --- Shared ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("", 200),
        (f"/entity/{CITY}", 200),
        (f"/entity/{CITY}.ttl", 200),
        (f"/entity/{CITY}.ttl?all=2", 400),
        (f"/id/entity/{CITY}", 303),
        ("/id/entity/nobody", 404),
        ("/entity/nobody.ttl", 404),
        ("/nothing", 404),
        ("/search.ttl?q=a", 200),
        ("/ns", 200),
        ("/reconcile", 200),
    ],
)
@pytest.mark.parametrize("cors", [False, True])
@pytest.mark.asyncio
async def test_other_sites_may_read_what_we_serve(
    serve: Serve, example_db: Path, place: str, status: int, cors: bool
) -> None:
    client = serve(example_db, cors=cors).client
    response = await client.get(f"{HOME}{place}")
    assert response.status_code == status
    assert response.headers.get("access-control-allow-origin") == ("*" if cors else None)
    before = await client.options(f"{HOME}{place.partition('?')[0]}")
    assert before.status_code == 200
    for each in (response, before) if cors else ():
        assert {"GET", "HEAD"} <= set(each.headers["access-control-allow-methods"].split(", "))
        assert "If-None-Match" in each.headers["access-control-allow-headers"]
        assert {"ETag", "Link"} <= set(each.headers["access-control-expose-headers"].split(", "))


@pytest.mark.parametrize("place", ["/ns", "/void", "/id/entity/nobody"])
@pytest.mark.asyncio
async def test_what_one_server_allows_other_sites_no_other_server_does(
    serve: Serve, example_db: Path, place: str
) -> None:
    image = {"Accept": "image/png"}
    allowing = await serve(example_db, cors=True).client.get(f"{HOME}{place}", headers=image)
    assert allowing.headers["access-control-allow-origin"] == "*"
    client = serve(example_db, cors=False).client
    for headers in ({}, image):
        response = await client.get(f"{HOME}{place}", headers=headers)
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.asyncio
async def test_no_other_site_may_send_a_form(serve: Serve, example_db: Path) -> None:
    for method in ("options", "post", "get"):
        response = await getattr(serve(example_db, cors=True).client, method)(f"{HOME}/decide")
        if response.status_code == 405:
            assert "access-control-allow-methods" not in response.headers
