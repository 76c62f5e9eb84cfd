"""What the rows of entities tell: of articles by the keys of local ones, of identifiers by the keys of
others, of aliases by their names. And that it is hidden only where there are any.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.identity import local_entity_key, own_entity_key, relation_key
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.web.access.narrowing import narrow, narrowed
from datasette_newsgraph.web.access.secrecy import ENTITIES_TELL, LEFT
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import IS_1_0, on_supported_versions
from tests.permissions.visitors import private, serving
from tests.store.older import as_of_an_earlier_commit

pytestmark = on_supported_versions

ENDINGS = ["", *(each.ending for each in FORMATS)]
#: Pages of Datasette's that show the key, the name or the number of an entity.
OF_ENTITIES = ["entities", "relations", "entities_fts", "folded_names", "searched_names"]

PERSON: dict[str, Any] = {"id": "p", "type": "Person", "name": "Ada Quill"}
#: With each table that entities may tell of, one that does.
TELLING: dict[str, dict[str, Any]] = {
    "articles": {"id": "f", "type": "Date", "name": "Friday"},
    "identifiers": PERSON | {"same_as": ["https://www.wikidata.org/wiki/Q424242"]},
    "aliases": PERSON | {"aliases": ["A. Quill"]},
}


def naming(id_: str, *entities: dict[str, Any]) -> dict[str, Any]:
    """An article that names some entities, and says that Ada Quill has met them."""
    met = [{"subject": "p", "predicate": "met", "object": each["id"]} for each in entities]
    others = [each for each in entities if each["id"] != "p"]
    people = [each for each in entities if each["id"] == "p"] or [PERSON]
    return {"id": id_, "entities": [*people, *others], "relations": met}


async def status(visitor: Any, page: str) -> int:
    return int((await visitor.get(page)).status_code)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.mark.parametrize("hidden", TELLING)
@pytest.mark.asyncio
async def test_entities_are_shown_until_one_tells_of_what_is_hidden(
    path: Path, hidden: str
) -> None:
    assert TELLING.keys() == ENTITIES_TELL.keys()
    load(path, [naming("a1", PERSON)])
    async with serving(path, private(hidden)) as server:
        for table in OF_ENTITIES:
            assert await status(server.anybody, f"/news/{table}.json") == 200, table
        load(path, [naming("a2", TELLING[hidden])])
        for table in OF_ENTITIES:
            assert await status(server.anybody, f"/news/{table}.json") == 403, table
            assert await status(server.alice, f"/news/{table}.json") == 200, table
        assert await status(server.anybody, "/news/entities/1") == 403
        assert "/news/entities" not in (await server.anybody.get("/news")).text


@pytest.mark.parametrize("hidden", TELLING)
@pytest.mark.asyncio
async def test_our_pages_show_the_entities_that_tell_nothing(path: Path, hidden: str) -> None:
    load(path, [naming("a1", PERSON), naming("a2", TELLING[hidden])])
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT key FROM entities WHERE name = 'Ada Quill'"
        key = connection.execute(query).fetchone()[0]
    async with serving(path, private(hidden)) as server:
        for page in (f"{GRAPH}/entity/{key}", f"{GRAPH}/search?q=quill&in=entities"):
            answer = await server.anybody.get(page)
            assert ("Ada" in answer.text) == (hidden in LEFT), page
            assert "Friday" not in answer.text


@pytest.mark.asyncio
async def test_keys_that_anybody_can_make_are_answered_as_keys_of_nothing(path: Path) -> None:
    """Who has the id of an article can make the keys of what is local to it, and of its relations."""
    attack = {"id": "x", "type": "Event", "name": "attack", "local": True}
    load(path, [naming("a1", TELLING["articles"], attack)])
    with closing(sqlite3.connect(path)) as connection:
        (ada,) = connection.execute("SELECT key FROM entities WHERE name = 'Ada Quill'").fetchone()

    def made_for(article: str) -> dict[str, list[str]]:
        friday = local_entity_key("Date", "Friday", article)
        own = own_entity_key("Event", "attack", article, "x")
        met = [relation_key(ada, "met", each, "", "") for each in (friday, own)]
        return {"entity": [friday, own], "relation": met}

    async with serving(path, private("articles")) as server:
        for kind, keys in made_for("a1").items():
            for key, other in zip(keys, made_for("a9")[kind], strict=True):
                for address in [f"/{kind}/{{}}{each}" for each in ENDINGS] + [f"/id/{kind}/{{}}"]:
                    there = await server.anybody.get(GRAPH + address.format(key))
                    nothing = await server.anybody.get(GRAPH + address.format(other))
                    assert there.status_code == nothing.status_code == 404, address
                    assert there.text.replace(key, "") == nothing.text.replace(other, "")
                    found = await status(server.alice, GRAPH + address.format(key))
                    assert found == (303 if "/id/" in address else 200), address


@pytest.mark.asyncio
async def test_local_entities_keep_no_others_from_being_found(path: Path) -> None:
    """A search goes through so many names at most: not through those that are left out."""
    days = [{"id": f"d{n}", "type": "Date", "name": f"quill day {n}"} for n in range(600)]
    # Alike, and more alike, than the name that is meant.
    days += [{"id": f"q{n}", "type": "Date", "name": f"quil{n}"} for n in range(60)]
    load(path, [{"id": "a1", "entities": [*days, PERSON]}])
    pages = [f"{GRAPH}/search?q={word}" for word in ("quill", "quilx", "AQ")]
    pages += ["/-/jump.json?q=quill"] if IS_1_0 else []
    async with serving(path, private("articles")) as server:
        for page in pages:
            text = (await server.anybody.get(page)).text
            assert "Ada" in text, page
            assert "day" not in text.replace("today", ""), page


@pytest.mark.asyncio
async def test_of_an_older_graph_any_entity_may_be_local(path: Path) -> None:
    load(path, [naming("a1", PERSON)])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP INDEX idx_entities_basis")
        connection.execute("ALTER TABLE entities DROP COLUMN basis")
        connection.commit()
    as_of_an_earlier_commit(path)
    async with serving(path, private("articles")) as server:
        assert await status(server.anybody, "/news/entities") == 403
        assert await status(server.alice, "/news/entities") == 200


PARTS = {table: part.rows for table, part in LEFT["articles"].items()}


def names(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT name FROM entities ORDER BY id")]


@pytest.mark.parametrize("query_only", [0, 1])
def test_a_connection_reads_a_part_of_a_table_for_a_while(path: Path, query_only: int) -> None:
    load(path, [naming("a1", TELLING["articles"])])
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.execute(f"PRAGMA query_only = {query_only}")
        with narrowed(connection, PARTS):
            assert names(connection) == ["Ada Quill"]
            assert connection.execute("SELECT count(*) FROM relations").fetchone() == (0,)
            assert connection.execute("PRAGMA query_only").fetchone() == (query_only,)
        with pytest.raises(sqlite3.OperationalError), narrowed(connection, PARTS):
            connection.execute("SELECT nothing FROM entities")
        assert names(connection) == ["Ada Quill", "Friday"]
        assert connection.execute("SELECT count(*) FROM temp.sqlite_master").fetchone() == (0,)
        narrow(connection, PARTS)
        assert names(connection) == ["Ada Quill"]


def test_the_number_of_rows_of_a_part_is_theirs(path: Path) -> None:
    days = [{"id": f"d{n}", "type": "Date", "name": f"day {n}"} for n in range(4)]
    articles = [naming(f"a{number}", PERSON, *days[:number]) for number in range(5)]
    # Both of two, one, and none are local; with itself; and with a value.
    pairs = [("d0", "d1"), ("d1", "d0"), ("d2", "p"), ("p", "p"), ("d3", "d3")]
    articles[4]["relations"] += [
        *({"subject": one, "predicate": "is", "object": other} for one, other in pairs),
        *({"subject": each, "predicate": "is", "value": "x"} for each in ("p", "d1")),
    ]
    load(path, articles)
    with closing(sqlite3.connect(path)) as connection:
        for table, part in LEFT["articles"].items():
            (whole,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            (counted,) = connection.execute(part.number).fetchone()
            assert counted == len(connection.execute(part.rows).fetchall()), table
            assert 0 < counted < whole, table


@pytest.mark.asyncio
async def test_a_part_is_read_by_the_visitor_alone_who_sees_no_more(path: Path) -> None:
    load(path, [naming("a1", TELLING["articles"])])
    async with serving(path, private("articles")) as server:
        for _ in range(3):
            for visitor, count in ((server.anybody, 1), (server.alice, 2)):
                overview = (await visitor.get(GRAPH)).text
                assert ("Friday" in (await visitor.get(f"{GRAPH}.nt")).text) == (count == 2)
                assert f"<b>{count}</b> entities" in overview
            found = (await server.alice.get("/news/entities.json?_shape=array")).text
            assert len(json.loads(found)) == 2
