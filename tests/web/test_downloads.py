"""RDF as downloads: the bytes of the command, what a client may keep, and servers that stay alive."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from datasette.app import Datasette

from datasette_newsgraph.kinds import WITH_PAGE
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.web.rdf.downloads import Download, RdfStream, Turnstile
from tests.web.streams import exported, first_key, forever, is_free, start, until, writers

Serve = Callable[..., Any]

HOME = "/examples/-/newsgraph"
IS_1_0 = hasattr(Datasette, "allowed_resources")
KINDS = {each.name: each.table for each in WITH_PAGE}
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


def only_root_sees(table: str) -> dict[str, Any]:
    """The option that hides a table from all others, of either line."""
    tables = {table: {"allow": {"id": "root"}}}
    settings = {"databases": {"examples": {"tables": tables}}}
    return {"config" if IS_1_0 else "metadata": settings}


# --- Bytes -----------------------------------------------------------------------------------


@every_format
@pytest.mark.asyncio
async def test_the_whole_graph_is_what_the_command_exports(
    serve: Serve, example_db: Path, format_: Format
) -> None:
    response = await serve(example_db).client.get(f"{HOME}{format_.ending}")
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == format_.media_type
    assert response.content == exported(example_db, format_)


@every_format
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_a_thing_is_what_the_command_exports_of_it(
    serve: Serve, example_db: Path, format_: Format, kind: str
) -> None:
    key = first_key(example_db, KINDS[kind])
    response = await serve(example_db).client.get(f"{HOME}/{kind}/{key}{format_.ending}?all=1")
    assert response.status_code == 200
    assert response.content == exported(example_db, format_.of_things, f"--{kind}", key)
    assert f'<{HOME}/{kind}/{key}>; rel="alternate"; type="text/html"' in response.headers["link"]


@pytest.mark.parametrize("path", ["/entity/nobody.ttl", "/article/x.nt", "/relation/.jsonld"])
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.asyncio
async def test_what_is_not_there_is_not_found(
    serve: Serve, example_db: Path, path: str, method: str
) -> None:
    response = await getattr(serve(example_db).client, method)(f"{HOME}{path}")
    assert response.status_code == 404
    assert "rdf:" not in response.text


@pytest.mark.asyncio
async def test_an_article_is_known_by_the_same_name_on_its_page_and_as_rdf(
    serve: Serve, example_db: Path
) -> None:
    for name in (first_key(example_db, "articles"), "ex-2015-paris-climate"):
        client = serve(example_db).client
        page = await client.get(f"{HOME}/article/{name}")
        rdf = await client.get(f"{HOME}/article/{name}.nt")
        assert page.status_code == rdf.status_code


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.asyncio
async def test_nobody_learns_whether_there_is_a_thing_that_they_may_not_see(
    serve: Serve, example_db: Path, kind: str, method: str
) -> None:
    datasette = serve(example_db, **only_root_sees(KINDS[kind]))
    known = [first_key(example_db, KINDS[kind])]
    known += ["ex-2015-paris-climate"] if kind == "article" else []
    for key in known:
        for ending in ("", *(each.ending for each in FORMATS)):
            ask = getattr(datasette.client, method)
            there = await ask(f"{HOME}/{kind}/{key}{ending}")
            elsewhere = await ask(f"{HOME}/{kind}/nobody{ending}")
            assert there.status_code == elsewhere.status_code, (key, ending)


@pytest.mark.parametrize("ending", [".xml", ".json", ".html", ".TTL", ".t"])
@pytest.mark.asyncio
async def test_other_formats_are_not_found_and_ours_are_named(
    serve: Serve, example_db: Path, ending: str
) -> None:
    for place in ("", f"/entity/{first_key(example_db, 'entities')}"):
        response = await serve(example_db).client.get(f"{HOME}{place}{ending}")
        assert response.status_code == 404
        assert all(each.ending in response.text for each in FORMATS)


# --- Headers ---------------------------------------------------------------------------------


def addresses(path: Path) -> list[str]:
    return ["", f"/entity/{first_key(path, 'entities')}", f"/article/{first_key(path, 'articles')}"]


@every_format
@pytest.mark.parametrize("cors", [False, True])
@pytest.mark.asyncio
async def test_nothing_in_a_download_is_run(
    serve: Serve, example_db: Path, format_: Format, cors: bool
) -> None:
    for place in addresses(example_db):
        for method in ("get", "head"):
            client = serve(example_db, cors=cors).client
            response = await getattr(client, method)(f"{HOME}{place}{format_.ending}")
            assert response.status_code == 200
            assert response.headers["x-content-type-options"] == "nosniff"
            policy = response.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "sandbox" in policy
            allowed = response.headers.get("access-control-allow-origin")
            assert allowed == ("*" if cors else None)
            assert (response.content == b"") == (method == "head")


@pytest.mark.parametrize(
    "name", ["news", 'no"w', "semi; filename=evil.exe", "€uro news", "a,b", "x" * 150, "né\u202e"]
)
@pytest.mark.asyncio
async def test_a_download_has_the_name_of_its_database_whatever_it_is(
    serve: Serve, example_db: Path, tmp_path: Path, name: str
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / f"{name}.db"))
    datasette = serve(path)
    response = await datasette.client.head(f"{datasette.urls.database(name)}/-/newsgraph.ttl")
    assert response.status_code == 200
    kind, plain, encoded = response.headers["content-disposition"].split("; ")
    assert kind == "attachment"
    assert plain.startswith('filename="')
    assert plain[10:-1].isascii()
    assert not set('";\\ ') & set(plain[10:-1])
    assert plain.endswith('.ttl"')
    assert unquote(encoded.removeprefix("filename*=UTF-8''")) == f"{name}.ttl"


@every_format
@pytest.mark.asyncio
async def test_what_has_not_changed_is_not_sent_again(
    serve: Serve, example_db: Path, format_: Format
) -> None:
    client = serve(example_db).client
    path = f"{HOME}{format_.ending}"
    tag = (await client.get(path)).headers["etag"]
    assert tag == (await client.head(path)).headers["etag"]
    for given in (tag, f'"other", W/{tag}', "*"):
        response = await client.get(path, headers={"If-None-Match": given})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == tag
    for given in ('"other"', "", tag.strip('"'), "**"):
        response = await client.get(path, headers={"If-None-Match": given})
        assert response.status_code == 200
    others = [f"{HOME}{each.ending}" for each in FORMATS if each is not format_]
    assert tag not in [(await client.head(each)).headers["etag"] for each in others]


@pytest.mark.asyncio
async def test_what_has_changed_has_another_tag(
    serve: Serve, example_db: Path, tmp_path: Path, article: dict[str, Any]
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / "news.db"))
    client = serve(path).client
    before = await client.get("/news/-/newsgraph.nt")
    load(path, [article])
    headers = {"If-None-Match": before.headers["etag"]}
    after = await client.get("/news/-/newsgraph.nt", headers=headers)
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    assert after.content == exported(path, format_named("ntriples")) != before.content


@pytest.mark.asyncio
async def test_who_sees_all_has_a_tag_and_nobody_keeps_it(serve: Serve, example_db: Path) -> None:
    datasette = serve(example_db, **only_root_sees("quotes"))
    await datasette.invoke_startup()
    cookie = datasette.sign({"a": {"id": "root"}}, "actor")
    path = f"{HOME}.nt"
    anybody = await datasette.client.get(path)
    root = await datasette.client.get(path, headers={"Cookie": f"ds_actor={cookie}"})
    assert b"Quotation" not in anybody.content
    assert root.content == exported(example_db, format_named("ntriples"))
    # A tag would tell anybody when something changes that they may not see.
    assert "etag" not in anybody.headers
    assert root.headers["cache-control"] == "private, no-store"
    assert "no-store" not in anybody.headers["cache-control"]
    # Nor does the server say that it is still what root was given, or anything at all.
    for tag in (root.headers["etag"], "*"):
        headers = {"If-None-Match": tag}
        assert (await datasette.client.get(path, headers=headers)).status_code == 200, tag


# --- One stream ------------------------------------------------------------------------------

Blocks = Generator[bytes, None, None]


@pytest.mark.asyncio
async def test_an_error_before_the_first_block_is_raised(database: Any) -> None:
    def fails(_: Any) -> Blocks:
        raise LookupError("at once")
        yield b""

    turnstile = Turnstile(1)
    with pytest.raises(LookupError, match="at once"):
        await start(database, fails, turnstile)
    assert await until(lambda: is_free(turnstile))


@pytest.mark.asyncio
@pytest.mark.parametrize("first_at_once", [True, False])
@pytest.mark.parametrize("given", [[], [b""], [b"all"]], ids=["nothing", "empty", "something"])
async def test_what_is_small_ends_even_if_nothing_is_in_it(
    database: Any, given: list[bytes], *, first_at_once: bool
) -> None:
    def blocks(_: Any) -> Blocks:
        yield from given

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    response = await start(database, blocks, Turnstile(1), first_at_once=first_at_once)
    await asyncio.wait_for(response.asgi_send(send), 30)
    assert b"".join(each.get("body", b"") for each in sent) == b"".join(given)
    assert not sent[-1].get("more_body")


@pytest.mark.asyncio
async def test_an_error_in_the_middle_is_no_silent_end(database: Any) -> None:
    def fails(_: Any) -> Blocks:
        yield b"first"
        yield b"second"
        raise LookupError("in the middle")

    turnstile = Turnstile(1)
    response = await start(database, fails, turnstile)
    assert isinstance(response, RdfStream)
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with pytest.raises(LookupError, match="in the middle"):
        await response.asgi_send(send)
    assert sent[0]["status"] == 200
    assert all(each.get("more_body") for each in sent[1:])
    assert await until(lambda: is_free(turnstile))


@pytest.mark.asyncio
async def test_a_client_that_goes_stops_the_writing(database: Any) -> None:
    written = 0

    def endless(_: Any) -> Blocks:
        nonlocal written
        while True:
            written += 1
            yield b"x" * 100_000

    turnstile = Turnstile(1)
    response = await start(database, endless, turnstile)
    assert (await start(database, endless, turnstile)).status == 503
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        if len(message.get("body", b"")) >= 100_000:
            gone.set()

    response._receive = receive
    await asyncio.wait_for(response.asgi_send(send), 60)
    assert await until(lambda: is_free(turnstile) and writers() == 0)
    before = written
    await asyncio.sleep(0.2)
    assert written == before


@pytest.mark.asyncio
async def test_a_client_that_reads_slowly_is_not_written_ahead_for(database: Any) -> None:
    written = 0

    def endless(_: Any) -> Blocks:
        nonlocal written
        while True:
            written += 1
            yield b"x" * (256 * 1024)

    turnstile = Turnstile(1)
    assert turnstile.enter()
    download = Download(database, endless, turnstile, {})
    await download.start()
    await asyncio.sleep(0.5)
    assert written < 20

    async def broken(_: Any) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await download.send(b"", broken, forever)
    assert await until(lambda: is_free(turnstile) and writers() == 0)
