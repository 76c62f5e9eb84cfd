"""What goes wrong while serving is logged: the database and the kind of fault, and nothing else."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.database import QueryInterrupted

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import get_base, open_store, set_base
from datasette_newsgraph.web.faults import LOGGER, Fault, report
from datasette_newsgraph.web.rdf import downloads, graph_rdf
from datasette_newsgraph.web.rdf.downloads import Turnstile, Turnstiles
from datasette_newsgraph.web.search import finding
from tests.permissions.addresses import GRAPH, Shape
from tests.permissions.marked_news import DATABASE, WORDS
from tests.permissions.visitors import private, serving

#: What a visitor asks for, which is nobody's business either.
ASKED = frozenset({"Askedmark"})


@pytest.fixture
def graph(news: Path, tmp_path: Path) -> Path:
    """The graph full of unmistakable words, to be spoilt."""
    return Path(shutil.copy(news, tmp_path / news.name))


@pytest.fixture
def changed(graph: Path) -> Callable[[str], Path]:
    def change(statement: str) -> Path:
        with closing(sqlite3.connect(graph)) as connection:
            connection.execute(statement)
            connection.commit()
        return graph

    return change


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], set[Fault]]:
    """``logged()``: the kinds of faults in the log, which has nothing in it that is anybody's."""
    caplog.set_level("DEBUG", LOGGER.name)

    def faults() -> set[Fault]:
        ours = [each for each in caplog.records if each.name == LOGGER.name]
        for each in ours:
            text = each.getMessage()
            assert "\n" not in text
            assert repr(DATABASE) in text
            for word in WORDS | ASKED:
                assert word.lower() not in text.lower()
            assert each.exc_info is None
        return {
            fault
            for fault in Fault
            if any(f": {fault.value[1]}" in each.getMessage() for each in ours)
        }

    return faults


def ask(path: Path, *addresses: str, **options: Any) -> Callable[[], Any]:
    async def answers() -> list[Any]:
        async with serving(path, private("article_texts"), **options) as server:
            return [await server.alice.get(each) for each in addresses]

    return answers


@pytest.mark.asyncio
async def test_what_goes_well_is_not_logged(
    graph: Path, shape: Shape, logged: Callable[[], set[Fault]]
) -> None:
    key = shape.keys["article"][0]
    await ask(graph, GRAPH, f"{GRAPH}/article/{key}", f"{GRAPH}.nt", f"{GRAPH}/entity/x")()
    assert logged() == set()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
         " SELECT migration_set, 'm999_future', '' FROM _sqlite_migrations LIMIT 1", Fault.NEWER),
        ("UPDATE _sqlite_migrations SET name = 'm001_tables' WHERE id = 1", Fault.OLDER),
    ],
)  # fmt: skip
@pytest.mark.asyncio
async def test_a_graph_of_another_schema(
    changed: Callable[[str], Path],
    logged: Callable[[], set[Fault]],
    caplog: pytest.LogCaptureFixture,
    statement: str,
    fault: Fault,
) -> None:
    answers = await ask(changed(statement), GRAPH, GRAPH)()
    assert {each.status_code for each in answers} == {409}
    assert logged() == {fault}
    # Once, not at each request.
    assert len([each for each in caplog.records if each.name == LOGGER.name]) == 1


@pytest.mark.asyncio
async def test_a_locked_database(
    graph: Path, logged: Callable[[], set[Fault]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Five seconds are waited else, for each connection.
    impatient = partial(sqlite3.connect, timeout=0.1)
    monkeypatch.setattr(sqlite3, "connect", impatient)
    async with serving(graph, {}) as server:
        with closing(sqlite3.connect(graph, isolation_level=None)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            answer = await server.anybody.get(f"{GRAPH}/search?q=Askedmark")
            writer.execute("ROLLBACK")
    assert answer.status_code == 503
    assert logged() == {Fault.LOCKED}


@pytest.mark.asyncio
async def test_a_damaged_table(
    changed: Callable[[str], Path], logged: Callable[[], set[Fault]]
) -> None:
    path = changed("UPDATE article_texts_fts_data SET block = x'00' WHERE id > 10")
    answers = await ask(path, f"{GRAPH}/search?q=Askedmark")()
    assert answers[0].status_code == 409
    assert logged() == {Fault.DAMAGED}


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("ALTER TABLE quotes RENAME COLUMN surface TO Askedmark_surface", Fault.FOREIGN),
        ("UPDATE articles SET published = x'ff'", Fault.WRONG),
    ],
)
@pytest.mark.asyncio
async def test_a_table_that_somebody_else_changed(
    changed: Callable[[str], Path],
    shape: Shape,
    logged: Callable[[], set[Fault]],
    statement: str,
    fault: Fault,
) -> None:
    answers = await ask(changed(statement), f"{GRAPH}/article/{shape.keys['article'][0]}")()
    assert answers[0].status_code == 409
    assert logged() == {fault}


@pytest.mark.asyncio
async def test_a_search_that_takes_too_long(
    graph: Path, logged: Callable[[], set[Fault]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def interrupted(*_: Any) -> Any:
        raise QueryInterrupted(ValueError("Askedmark"), "Askedmark", {"match": "Askedmark"})

    monkeypatch.setattr(finding, "_count", interrupted)
    (answer,) = await ask(graph, f"{GRAPH}/search?q=Askedmark")()
    assert "took longer" in answer.text
    assert logged() == {Fault.SLOW}


@pytest.mark.asyncio
async def test_a_page_that_takes_too_long(
    graph: Path, logged: Callable[[], set[Fault]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from datasette_newsgraph.web import routes

    async def interrupted(*_: Any) -> Any:
        raise QueryInterrupted(ValueError("Askedmark"), "Askedmark", {})

    monkeypatch.setattr(routes, "overview", interrupted)
    (answer,) = await ask(graph, f"{GRAPH}?x=Askedmark")()
    assert answer.status_code == 400
    assert logged() == {Fault.SLOW}


@pytest.mark.asyncio
async def test_a_term_that_is_no_iri(
    changed: Callable[[str], Path], logged: Callable[[], set[Fault]], shape: Shape
) -> None:
    path = changed("UPDATE vocabulary SET iri = 'no IRI Askedmark'")
    thing = f"{GRAPH}/entity/{shape.keys['entity'][0]}"
    page, rdf = await ask(path, thing, f"{thing}.nt")()
    assert (page.status_code, rdf.status_code) == (200, 409)
    assert logged() == {Fault.UNSAID, Fault.REFUSED}


@pytest.mark.asyncio
async def test_a_download_that_finds_no_place(
    graph: Path, logged: Callable[[], set[Fault]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(graph, {}) as server:
        none = Turnstiles(Turnstile(0), Turnstile(0))
        monkeypatch.setitem(downloads._of_servers, server.datasette, none)
        assert (await server.anybody.get(f"{GRAPH}/search.nt?q=Askedmark")).status_code == 503
    assert logged() == {Fault.BUSY}


@pytest.mark.parametrize("is_shared", [True, False])
@pytest.mark.asyncio
async def test_graphs_that_are_one_data_set(
    graph: Path, logged: Callable[[], set[Fault]], is_shared: bool
) -> None:
    """Once, when Datasette starts: a base is no secret, but the name of the graph is enough."""
    other = graph.with_name("another.db")
    load(other, [{"id": "a"}])
    with open_store(graph) as first, open_store(other, write=True) as second:
        set_base(second, get_base(first) if is_shared else "https://news.example.org/other/")
    # In Datasette's order: the first one may keep its base.
    datasette = Datasette([str(other), str(graph)])
    await datasette.invoke_startup()
    assert (await datasette.client.get("/.well-known/void")).status_code == 200
    assert logged() == ({Fault.SHARED_BASE} if is_shared else set())


@pytest.mark.parametrize("begun", [True, False])
@pytest.mark.asyncio
async def test_a_download_that_breaks_off(
    graph: Path, logged: Callable[[], set[Fault]], monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    def stream(*_: Any, **__: Any) -> Generator[bytes, None, None]:
        if begun:
            yield b"x" * 1000
        raise sqlite3.DatabaseError("Textmark is malformed")

    monkeypatch.setattr(graph_rdf, "stream", stream)
    async with serving(graph, {}) as server:
        asked = server.anybody.get(f"{GRAPH}.nt")
        if begun:
            # A server cuts the connection; the client of the tests complains of what comes after.
            with pytest.raises((sqlite3.DatabaseError, AssertionError)):
                await asked
        else:
            assert (await asked).status_code == 409
    assert logged() == {Fault.BROKEN_OFF if begun else Fault.DAMAGED}


@pytest.mark.asyncio
async def test_a_reader_who_takes_nothing(
    graph: Path, logged: Callable[[], set[Fault]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: Any, **__: Any) -> Generator[bytes, None, None]:
        while True:
            yield b"x" * 100_000

    async def never(*_: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(downloads, "_PATIENCE", 0.01)
    monkeypatch.setattr(downloads, "_STANDSTILL", 0.05)
    async with serving(graph, {}) as server:
        database = server.datasette.databases[DATABASE]
        download = downloads.Download(database, endless, turnstile := Turnstile(1), {})
        turnstile.enter()
        first = await download.start()

        async def slow(_: Any) -> None:
            while not download._is_given_up:
                await asyncio.sleep(0.01)

        with pytest.raises(ConnectionAbortedError):
            await download.send(first, slow, never)
    assert logged() == {Fault.STILL}


def test_a_database_stays_on_its_line_whatever_it_is_called(
    caplog: pytest.LogCaptureFixture,
) -> None:
    report(Fault.SLOW, "a\nERROR: b")
    assert caplog.messages == [r"'a\nERROR: b': a query took longer than its time limit"]
