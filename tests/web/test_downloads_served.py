"""Downloads from a real server: slow readers, readers that hang up, and faults in the middle."""

from __future__ import annotations

import asyncio
import http.client
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.web.rdf import documents, downloads
from datasette_newsgraph.web.rdf.downloads import Turnstile, Turnstiles
from tests.web.served import Server
from tests.web.streams import exported, first_key, is_free, start, until, writers

Serve = Callable[..., Any]

HOME = "/examples/-/newsgraph"
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


# --- One stream ------------------------------------------------------------------------------

Blocks = Generator[bytes, None, None]


# --- A real server ---------------------------------------------------------------------------

needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")


@pytest.fixture(scope="module")
def big(
    tmp_path_factory: pytest.TempPathFactory, generated: Callable[[int], list[dict[str, Any]]]
) -> Path:
    """A thousand articles: more than all that lies between a server and its client holds."""
    path = tmp_path_factory.mktemp("big") / "big.db"
    load(path, generated(1000))
    return path


@pytest.fixture(scope="module")
def server(big: Path) -> Iterator[Server]:
    running = Server(big)
    # So that it has started all the threads that it keeps.
    for _ in range(8):
        for path in ("/big/-/newsgraph", "/big/entity_index", "/"):
            assert running.get(path)[0] == 200
    yield running
    running.stop()


@needs_proc
def test_slow_readers_take_their_places_and_nobody_elses(server: Server) -> None:
    before = server.state()
    path = "/big/-/newsgraph.nt"
    slow, statuses = zip(*[server.begin(path) for _ in range(2)], strict=True)
    assert statuses == (200, 200)
    status, headers, body = server.get(path)
    assert status == 503
    assert int(headers["retry-after"]) > 0
    assert b"try again" in body
    for other in ("/big/-/newsgraph", "/big/entity_index", "/big/mentions.ttl?_size=1"):
        assert server.get(other)[0] == 200
    for client in slow:
        client.close()
    assert server.settles(before)
    again, status = server.begin(path)
    again.close()
    assert status == 200
    assert server.settles(before)


def test_a_load_goes_through_beside_a_slow_reader(big: Path, tmp_path: Path) -> None:
    """What he has begun to take is one state of the graph, the one before the load."""
    path = Path(shutil.copy(big, tmp_path))
    expected = exported(path, format_named("ntriples"))
    server = Server(path)
    try:
        # More than what lies between the two: the server cannot be rid of it.
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as slow:
            slow.request("GET", "/big/-/newsgraph.nt")
            answer = slow.getresponse()
            first = answer.read(100)
            summary = load(path, [{"id": "new", "title": "New", "text": "Ana lives in Rome."}])
            assert summary.new == 1
            assert b"New" in server.get("/big/article_index?title=New")[2]
            assert first + answer.read() == expected
    finally:
        server.stop()


@needs_proc
@every_format
def test_clients_that_hang_up_leave_nothing_behind(server: Server, format_: Format) -> None:
    before = server.state()
    for number in range(30):
        client, _ = server.begin(f"/big/-/newsgraph{format_.ending}")
        if number % 3:
            client.recv(4096 * number)
        client.close()
    assert server.settles(before)
    assert server.get("/big/-/newsgraph")[0] == 200


_BREAKS = """
from datasette_newsgraph.web.rdf import graph_rdf

def stream(*args, **options):
    for number in range(5):
        yield b"# a block\\n" * 100_000
    raise RuntimeError("the disk is gone")

graph_rdf.stream = stream
"""


def test_an_error_in_the_middle_cuts_the_connection(example_db: Path, tmp_path: Path) -> None:
    (tmp_path / "breaks.py").write_text(_BREAKS)
    server = Server(example_db, "--plugins-dir", str(tmp_path))
    try:
        for _ in range(3):
            with pytest.raises((http.client.IncompleteRead, ConnectionError)) as caught:
                server.get(f"{HOME}.nt")
            if isinstance(caught.value, http.client.IncompleteRead):
                assert b"disk is gone" not in caught.value.partial
                assert not caught.value.partial.endswith(b">")
        assert server.get(HOME)[0] == 200
    finally:
        server.stop()


def test_what_is_read_to_its_end_is_whole(server: Server, big: Path) -> None:
    status, headers, body = server.get("/big/-/newsgraph.nt")
    assert status == 200
    assert headers["etag"]
    assert body == exported(big, format_named("ntriples"))
    assert server.get(f"/big/-/newsgraph/entity/{quote(first_key(big, 'entities'))}.nt")[0] == 200


@pytest.mark.asyncio
async def test_a_body_that_is_never_begun_gives_its_place_back(database: Any) -> None:
    def endless(_: Any) -> Blocks:
        while True:
            yield b"x" * 100_000

    async def fails(message: dict[str, Any]) -> None:
        raise ConnectionResetError(message["type"])

    turnstile = Turnstile(1)
    response = await start(database, endless, turnstile)
    with pytest.raises(ConnectionResetError, match="start"):
        await response.asgi_send(fails)
    assert await until(lambda: is_free(turnstile) and writers() == 0)


@pytest.mark.asyncio
async def test_a_thread_that_cannot_begin_gives_its_place_back(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Any) -> None:
        raise RuntimeError("can't start new thread")

    turnstile = Turnstile(1)
    monkeypatch.setattr(threading.Thread, "start", fails)
    with pytest.raises(RuntimeError, match="new thread"):
        await start(database, lambda _: iter(()), turnstile)
    assert is_free(turnstile)


@pytest.mark.asyncio
async def test_a_reader_who_stands_still_is_given_up_and_told(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "_STANDSTILL", 0.3)
    monkeypatch.setattr(downloads, "_PATIENCE", 0.05)

    def endless(_: Any) -> Blocks:
        while True:
            yield b"x" * 100_000

    turnstile = Turnstile(1)
    response = await start(database, endless, turnstile)
    awake = asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await awake.wait()

    sending = asyncio.ensure_future(response.asgi_send(send))
    assert await until(lambda: is_free(turnstile) and writers() == 0)
    awake.set()
    with pytest.raises(ConnectionAbortedError):
        await sending


@pytest.mark.asyncio
async def test_who_finds_no_place_is_told_nothing_of_the_graph(
    serve: Serve, example_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasette = serve(example_db)
    none = Turnstiles(Turnstile(0), Turnstile(0))
    monkeypatch.setitem(downloads._of_servers, datasette, none)
    answer = await datasette.client.get(f"{HOME}.nt")
    assert answer.status_code == 503
    assert {"etag", "content-disposition"}.isdisjoint(answer.headers)
    assert answer.headers["retry-after"]


@pytest.mark.asyncio
async def test_what_is_not_modified_keeps_its_media_type(serve: Serve, example_db: Path) -> None:
    client = serve(example_db).client
    tag = (await client.get(f"{HOME}.ttl")).headers["etag"]
    answer = await client.get(f"{HOME}.ttl", headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.headers["content-type"].startswith("text/turtle")


@pytest.mark.asyncio
async def test_much_about_a_thing_takes_a_place_of_whole_graphs(
    serve: Serve, example_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = first_key(example_db, "entities")
    datasette = serve(example_db)
    client = datasette.client
    narrow = Turnstiles(Turnstile(0), Turnstile(8))
    monkeypatch.setitem(downloads._of_servers, datasette, narrow)
    assert (await client.get(f"{HOME}/entity/{key}.nt?all=1")).status_code == 200
    monkeypatch.setattr(documents, "_LARGE", 1)
    assert (await client.get(f"{HOME}/entity/{key}.nt?all=1")).status_code == 503
    # A page of it is as small as any.
    assert (await client.get(f"{HOME}/entity/{key}.nt")).status_code == 200
