"""Who may decide, who is told who decided, and that nobody writes around the log: on both lines."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide
from datasette_newsgraph.loading.carrying_out import carry_out
from datasette_newsgraph.rdf.decision_nodes import decider_key
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.transactions import transaction
from datasette_newsgraph.web.access.deciding import KEPT, may_decide
from datasette_newsgraph.web.settings import PLUGIN
from tests.permissions.addresses import (
    GRAPH,
    Shape,
    main_pages,
    pages_of_graph,
    pages_with_arguments,
    sql,
    table_address,
)
from tests.permissions.marked_news import DATABASE, IS_1_0, on_supported_versions
from tests.permissions.visitors import ALICE, Config, answers, differences, private, serving

pytestmark = on_supported_versions

ANA, BOB, ROOT = {"id": "ana"}, {"id": "bob"}, {"id": "root"}
BY_ANA = Decision("different", "x-000", "y-000", by="Peoplemark", why="Reasonmark")


def allowing(block: Any, **settings: Any) -> Config:
    """The configuration of a server on which an allow block says who may decide."""
    return {"plugins": {PLUGIN: {"decide": block, **settings}}}


def only_in(database: str) -> Config:
    return {"databases": {database: allowing({"id": "ana"})}}


@pytest.fixture
def decided(news: Path, tmp_path: Path) -> Path:
    """The graph, in which somebody has decided something."""
    path = tmp_path / news.name
    shutil.copy(news, path)
    with open_store(path, write=True) as db:
        with transaction(db):
            decide(db, [BY_ANA])
        carry_out(db)
    return path


# --- Who may decide --------------------------------------------------------------------------


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("config", "allowed"),
    [
        ({}, [ROOT]),
        (allowing({"id": ["ana"]}), [ANA, ROOT]),
        (allowing({"id": "bob"}), [BOB, ROOT]),
        (allowing(True), [None, ANA, BOB, ROOT]),
        (allowing(False), [ROOT]),
        (only_in(DATABASE), [ANA, ROOT]),
        (only_in("other"), [ROOT]),
        (allowing({"id": "bob"}) | only_in(DATABASE), [ANA, ROOT]),
        (allowing({"unauthenticated": True}), [None, ROOT]),
    ],
    ids=str,
)
async def test_who_may_decide(news: Path, config: Config, allowed: list[Any]) -> None:
    async with serving(news, config) as server:
        server.datasette.root_enabled = True
        may = [
            each
            for each in (None, ANA, BOB, ROOT)
            if await may_decide(server.datasette, each, DATABASE)
        ]
    assert may == allowed


@pytest.mark.asyncio
@pytest.mark.skipif(not IS_1_0, reason="0.65 has no permissions in its configuration")
@pytest.mark.parametrize("where", ["server", "database"])
async def test_datasettes_own_permission_says_it_too(news: Path, where: str) -> None:
    permission = {"permissions": {"newsgraph-decide": {"id": "ana"}}}
    config = permission if where == "server" else {"databases": {DATABASE: permission}}
    async with serving(news, config) as server:
        server.datasette.root_enabled = True
        for actor, may in ((ANA, True), (BOB, False), (None, False), (ROOT, True)):
            assert await may_decide(server.datasette, actor, DATABASE) == may
        # A token of hers that is for something else.
        for restricted, may in (({"a": ["view-table"]}, False), ({"a": ["ngd", "vd"]}, True)):
            actor = ANA | {"_r": restricted}
            assert await may_decide(server.datasette, actor, DATABASE) == may


@pytest.mark.asyncio
async def test_an_actor_called_root_is_root_only_where_there_is_one(news: Path) -> None:
    async with serving(news) as server:
        # Without --root, 1.0 has none; on 0.65 nobody else can have signed in as root.
        assert await may_decide(server.datasette, ROOT, DATABASE) is not IS_1_0


# --- Who decided -----------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_who_decided_is_told_to_those_who_may_decide(decided: Path) -> None:
    """Neither by Datasette's own pages, nor by SQL, nor by a copy of the file."""
    table = ("/news/decisions", "/news/decisions.json", "/news/decisions.csv", "/news/decisions/1")
    queries = (sql("select * from decisions"), sql("select * from entities"))
    async with serving(decided, allowing({"id": "ana"})) as server:
        ana, bob = server.visitor(ANA), server.visitor(BOB)
        for page in (*table, *queries):
            assert (await ana.get(page)).status_code == 200, page
            for visitor in (bob, server.anybody):
                answer = await visitor.get(page)
                assert answer.status_code == 403, page
                assert "mark" not in answer.text.replace("Peoplemark", "mark").lower(), page
        # All else is theirs as before.
        for page in ("/news/entities.json", "/news/decided.json", "/news/-/newsgraph"):
            assert (await bob.get(page)).status_code == 200, page
    async with serving(decided, allowing({"id": "ana"}), immutable=True) as server:
        assert (await server.visitor(ANA).get("/news.db")).status_code == 200
        assert (await server.anybody.get("/news.db")).status_code == 403


@pytest.mark.asyncio
async def test_no_answer_follows_from_who_decided(
    news: Path, shape: Shape, decided: Path, tmp_path: Path
) -> None:
    """Two graphs in which different people decided the same are answered alike, at every address."""
    other = tmp_path / "other" / news.name
    other.parent.mkdir()
    shutil.copy(decided, other)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("UPDATE decisions SET decided_by = 'Otherpeople', why = 'Otherreason'")
        connection.commit()
    pages = [*main_pages(shape), *pages_of_graph(shape), *pages_with_arguments(shape)]
    # In a hidden column of a full-text table is the number of SQLite's cursor.
    pages = [each for each in pages if "_fts" not in each]
    pages += [table_address("decisions", each) for each in ("", ".json", ".csv")]
    config = allowing({"id": "ana"})
    async with serving(decided, config) as one, serving(other, config) as another:
        told = await answers(one.anybody, pages)
        assert differences(told, await answers(another.anybody, pages)) == []
        told = await answers(one.visitor(ANA), pages)
        assert f"{GRAPH}/decisions" in differences(told, await answers(another.visitor(ANA), pages))


@pytest.mark.asyncio
async def test_what_follows_from_the_log_is_hidden_with_it(decided: Path) -> None:
    """It says by itself what was decided. That who decided is hidden from most hides none of it."""
    pages = [table_address(each, ".json") for each in ("decisions", "decided", "as_given")]
    pages += [sql("select * from decided"), f"{GRAPH}/decisions"]
    async with serving(decided, private("decisions")) as server:
        for page in pages:
            assert (await server.anybody.get(page)).status_code == 403, page
            # Alice sees it all, but who decided.
            is_told = page in (*pages[1:3], pages[-1])
            answer = await server.visitor(ALICE).get(page)
            assert answer.status_code == (200 if is_told else 403), page


@pytest.mark.asyncio
async def test_the_iri_of_a_decision_leads_only_who_is_told_who_decided(decided: Path) -> None:
    """Its key follows from all of it: whoever guesses who decided could make the key, and ask."""
    with closing(sqlite3.connect(decided)) as connection:
        query = "SELECT key, batch, decided_by FROM decisions WHERE decided_by IS NOT NULL"
        key, batch, by = connection.execute(query).fetchone()
    iris = {f"decision/{key}": f"?batch={batch}", f"decider/{decider_key(by)}": ""}
    async with serving(decided, allowing({"id": "ana"})) as server:
        ana, bob = server.visitor(ANA), server.visitor(BOB)
        for iri, query in iris.items():
            led = await ana.get(f"{GRAPH}/id/{iri}")
            assert (led.status_code, led.headers["location"]) == (303, f"{GRAPH}/decisions{query}")
            assert (await ana.get(led.headers["location"])).status_code == 200
            refused = await ana.get(f"{GRAPH}/id/{iri}", Accept="text/turtle")
            assert refused.status_code == 406
            nothing = f"{GRAPH}/id/{iri.partition('/')[0]}/nobody"
            assert (await ana.get(nothing)).status_code == 404
            for visitor in (bob, server.anybody):
                told = await visitor.get(f"{GRAPH}/id/{iri}")
                assert told.status_code == 404
                assert told.text == (await visitor.get(nothing)).text
    config = allowing({"id": "ana"}, show_who_decided=True)
    async with serving(decided, config) as server:
        for iri in iris:
            assert (await server.anybody.get(f"{GRAPH}/id/{iri}")).status_code == 303


@pytest.mark.asyncio
async def test_a_setting_tells_everybody_who_decided(decided: Path) -> None:
    async with serving(decided, allowing({"id": "ana"}, show_who_decided=True)) as server:
        for page in ("/news/decisions.json", sql("select decided_by from decisions")):
            assert "Peoplemark" in (await server.anybody.get(page)).text


@pytest.mark.asyncio
async def test_a_log_that_names_nobody_hides_nothing(news: Path) -> None:
    async with serving(news, allowing({"id": "ana"})) as server:
        for page in ("/news/decisions.json", sql("select 1")):
            assert (await server.anybody.get(page)).status_code == 200


@pytest.mark.asyncio
async def test_what_is_decided_on_stays_hidden_from_whoever_may_decide(decided: Path) -> None:
    config = private("articles") | allowing({"id": ["ana", "alice"]})
    async with serving(decided, config) as server:
        for table in KEPT:
            assert (await server.visitor(ANA).get(f"/news/{table}.json")).status_code == 403
            assert (await server.visitor(ALICE).get(f"/news/{table}.json")).status_code == 200


# --- Around the log --------------------------------------------------------------------------


def writes(table: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All ways in which 1.0 changes a table."""
    row = {"verdict": "same", "kind": "entity", "key": "a", "article_key": "", "value": "b"}
    path = f"/{DATABASE}/{table}"
    yield f"{path}/-/insert", {"row": row}
    yield f"{path}/-/insert", {"rows": [row], "replace": True}
    yield f"{path}/-/upsert", {"rows": [row | {"id": 1}]}
    yield f"{path}/1/-/update", {"update": {"key": "z"}}
    yield f"{path}/1/-/delete", {}
    yield f"{path}/-/drop", {"confirm": True}
    yield (
        f"{path}/-/alter",
        {"operations": [{"op": "add_column", "args": {"name": "n", "type": "text"}}]},
    )
    yield f"/{DATABASE}/-/create", {"table": table, "rows": [row], "pk": "key", "ignore": True}
    for statement in (
        f"delete from {table}",
        f"update {table} set key = 'z'",
        f"insert into {table} (key) values ('z')",
        f"drop table {table}",
        f"alter table {table} rename to gone",
        f"create index mine on {table} (key)",
        f"create trigger mine after insert on entities begin delete from {table}; end",
        f"with gone as (select 1) delete from {table.upper()}",
    ):
        yield f"/{DATABASE}/-/execute-write", {"sql": statement}


def contents(path: Path) -> list[Any]:
    with open_store(path) as db:
        return [
            *db.query("SELECT sql FROM sqlite_master"),
            *(row for table in KEPT for row in db.query(f"SELECT * FROM {table}")),
        ]


@pytest.mark.asyncio
@pytest.mark.skipif(not IS_1_0, reason="0.65 has no API to write")
@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("is_granted", [False, True])
async def test_nobody_writes_around_the_log(decided: Path, table: str, is_granted: bool) -> None:
    """Not even root, or whom the configuration allows it by name."""
    granted = dict.fromkeys(
        ("insert-row", "update-row", "delete-row", "alter-table", "drop-table"), True
    )
    config = allowing({"id": "root"})
    if is_granted:
        config["databases"] = {
            DATABASE: {"tables": {each: {"permissions": granted} for each in KEPT}}
        }
    before = contents(decided)
    async with serving(decided, config) as server:
        server.datasette.root_enabled = True
        root = server.visitor(ROOT)
        for path, body in writes(table):
            answer = await root.post(path, body)
            assert answer.status_code in (400, 403, 404), (path, body, answer.text)
            assert not answer.json().get("ok"), (path, body, answer.text)
        # It is not that nothing can be written.
        done = await root.post(
            f"/{DATABASE}/-/execute-write", {"sql": "delete from entities where id = 0"}
        )
        assert done.status_code == 200, done.text
        done = await root.post(f"/{DATABASE}/-/create", {"table": "mine", "rows": [{"a": 1}]})
        assert done.status_code == 201, done.text
    after = contents(decided)
    assert [each for each in after if "mine" not in str(each)] == before


# --- What is not shown any more ---------------------------------------------------------------


@pytest.fixture
def gone(news: Path, tmp_path: Path) -> tuple[Path, str]:
    """The graph without an entity, which Ana decided to be wrong; and the address of its page."""
    path = tmp_path / news.name
    shutil.copy(news, path)
    with open_store(path, write=True) as db:
        key = db.execute("SELECT key FROM entities WHERE name <> '' ORDER BY id").fetchone()[0]
        with transaction(db):
            decide(db, [Decision("wrong", key, by="Peoplemark", why="Reasonmark")])
        carry_out(db)
    return path, f"{GRAPH}/entity/{key}"


@pytest.mark.asyncio
async def test_what_is_gone_is_named_without_who_decided(gone: tuple[Path, str]) -> None:
    path, address = gone
    async with serving(path, allowing({"id": "ana"})) as server:
        for visitor, forms in ((server.visitor(ANA), 1), (server.anybody, 0)):
            answer = await visitor.get(address)
            assert answer.status_code == 410
            assert "the entity" in answer.text
            assert answer.text.count('name="do" value="undo"') == forms
            assert "Peoplemark" not in answer.text
            assert "Reasonmark" not in answer.text


@pytest.mark.asyncio
@pytest.mark.parametrize("table", ["decisions", "decided", "as_given", "articles", "mentions"])
async def test_what_is_gone_is_not_told_to_whoever_may_not_know(
    gone: tuple[Path, str], table: str
) -> None:
    path, address = gone
    async with serving(path, private(table)) as server:
        assert (await server.visitor(ALICE).get(address)).status_code == 410
        answer = await server.anybody.get(address)
        assert answer.status_code in (403, 404)
        assert "wrong" not in answer.text
