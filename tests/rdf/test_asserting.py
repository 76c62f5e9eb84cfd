"""Which statements RDF asserts by a plain triple: those that the story itself makes, surely enough."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.article import APART_ZONES, ZONES
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.checking.repair import repair
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import TABLES
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import DATABASE
from tests.permissions.visitors import serving
from tests.rdf.rdf_tools import BASE, check_all_read, export, graph_of, iri

Record = dict[str, Any]

STORY, APART = "Curie leads the institute.", "Curie leads the laboratory."
TEXT = f"{STORY}\n\n{APART}"


def place(words: str) -> Record:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


#: Places for evidence: in the story, apart from it, nowhere in the text, and not said.
IN_STORY, IN_APART = place(STORY), place(APART)
LOST, SOMEWHERE = {"text": "Curie founded the institute long ago."}, None


def record(*stated: tuple[Record | None, float | None], zone: str = "caption") -> Record:
    """An article that states so often, and so surely, that Curie leads the institute."""
    return {
        "id": "a",
        "title": "The institute",
        "text": TEXT,
        "zones": [{"zone": zone, "start": IN_APART["start"], "end": IN_APART["end"]}],
        "entities": [
            {"id": "c", "type": "Person", "name": "Curie"},
            {"id": "i", "type": "Organization", "name": "Institute"},
        ],
        "relations": [
            {"subject": "c", "predicate": "leads", "object": "i"}
            | ({} if evidence is None else {"evidence": [evidence]})
            | ({} if confidence is None else {"confidence": confidence})
            for evidence, confidence in stated
        ],
    }


def asserted(path: Path, **options: Any) -> bool:
    return any(
        predicate == iri("term:leads") and "/id/entity/" in subject
        for subject, predicate, _ in graph_of(path, **options)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / f"{DATABASE}.db"


@pytest.mark.parametrize("zone", ZONES)
def test_what_stands_apart_from_the_story_asserts_nothing(path: Path, zone: str) -> None:
    load(path, [record((IN_APART, None), zone=zone)], base_iri=BASE)
    assert asserted(path) == (zone not in APART_ZONES)
    # Whatever confidence is asked for.
    assert asserted(path, assert_from=0) == (zone not in APART_ZONES)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize(
    ("stated", "is_asserted"),
    [
        ([(IN_STORY, None)], True),
        ([(IN_APART, 1.0)], False),
        ([(LOST, 1.0)], False),
        ([(LOST, None), (IN_APART, None)], False),
        # Once in the story is enough.
        ([(IN_APART, None), (IN_STORY, None)], True),
        ([(LOST, 0.9), (IN_STORY, 0.5)], True),
        # It is that evidence which has to be sure enough.
        ([(IN_APART, 0.9), (IN_STORY, 0.4)], False),
        ([(IN_APART, None), (IN_STORY, 0.4)], False),
        # Of evidence that has no place, nothing says that it stands apart.
        ([(SOMEWHERE, None)], True),
        ([(SOMEWHERE, 0.4), (IN_APART, None)], False),
    ],
)
def test_the_plain_triple_goes_and_all_else_stays(
    path: Path, stated: list[tuple[Record | None, float | None]], format_: Format, is_asserted: bool
) -> None:
    load(path, [record(*stated)], base_iri=BASE)
    # Where nothing may be read of evidence, all statements are asserted.
    everything = graph_of(path, tables=TABLES.keys() - {"relation_counts"})
    plain = {each for each in everything if each[1] == iri("term:leads")}
    assert len(plain) == 1
    expected = everything if is_asserted else everything - plain
    check_all_read(export(path, format_), format_, expected)
    assert sum(each[2] == iri("rdf:Statement") for each in expected) == 1
    annotations = [each[0] for each in expected if each[2] == iri("oa:Annotation")]
    assert sum("/id/evidence/" in each for each in annotations) == len(stated)


def test_an_article_without_a_text_asserts_what_it_states(path: Path) -> None:
    told = record((IN_STORY, None)) | {"zones": []}
    del told["text"]
    load(path, [told], base_iri=BASE)
    assert asserted(path)


def test_what_a_later_article_says_in_its_story_is_asserted_as_long_as_it_is_there(
    path: Path,
) -> None:
    load(path, [record((IN_APART, None))], base_iri=BASE)
    assert not asserted(path)
    load(path, [record((IN_STORY, None)) | {"id": "b"}])
    assert asserted(path)
    with open_store(path, write=True) as db:
        assert list(check(db)) == []
        remove_article(db, "b")
    assert not asserted(path)
    with open_store(path) as db:
        assert list(check(db)) == []


def test_it_is_checked_and_repaired(path: Path) -> None:
    load(path, [record((IN_APART, None))], base_iri=BASE)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE relation_counts SET asserted_up_to = 1.0")
        connection.commit()
    with open_store(path, write=True) as db:
        assert list(check(db)) == ["counts: 2 rows of relation_counts differ from a recount"]
        repair(db)
        assert list(check(db)) == []
    assert not asserted(path)


def test_a_load_rates_the_relations_of_an_older_database(path: Path) -> None:
    load(path, [record((IN_APART, None)), record((IN_STORY, 0.7)) | {"id": "b", "relations": []}])
    expected = "SELECT relation_id, asserted_up_to FROM relation_counts ORDER BY 1"
    with closing(sqlite3.connect(path)) as connection:
        rated = connection.execute(expected).fetchall()
        for statement in (
            "ALTER TABLE relation_counts DROP COLUMN asserted_up_to",
            "ALTER TABLE evidence DROP COLUMN pattern",
            "DELETE FROM _sqlite_migrations WHERE name NOT LIKE 'm001_%'",
            "ALTER TABLE rejects DROP COLUMN article_key",
            *(
                f"DROP TABLE {table}"
                for table in ("decisions", "decided", "as_given", "candidates")
            ),
        ):
            connection.execute(statement)
        connection.commit()
    load(path, [record() | {"id": "c"}])
    with open_store(path) as db:
        assert list(check(db)) == []
        assert list(db.conn.execute(expected)) == rated == [(1, -1.0)]


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ([(IN_STORY, None)], None),
        (
            [(IN_APART, None)],
            "Only in breadcrumbs, captions, footers, promotions, or in words that",
        ),
        ([(LOST, None)], "Only in breadcrumbs, captions, footers, promotions, or in words that"),
        ([(IN_APART, 0.9), (IN_STORY, 0.4)], "No evidence in the story itself has a confidence of"),
    ],
)
@pytest.mark.asyncio
async def test_pages_say_why_it_is_not_asserted(
    path: Path, page: Callable[[str], Any], stated: list[Any], why: str | None
) -> None:
    load(path, [record(*stated)])
    with closing(sqlite3.connect(path)) as connection:
        keys = [
            connection.execute(f"SELECT key FROM {table}").fetchone()[0]
            for table in ("relations", "entities", "articles")
        ]
    relation, entity, article = keys
    async with serving(path) as server:
        for address in (
            "/news/relation_index",
            f"{GRAPH}/relation/{relation}",
            f"{GRAPH}/entity/{entity}",
            f"{GRAPH}/article/{article}",
        ):
            marks = page((await server.anybody.get(address)).text).all(
                "span", class_="ng-uncertain"
            )
            told = {each.attributes.get("title") for each in marks} - {None}
            assert bool(told) == (why is not None), address
            assert why is None or any(str(each).startswith(why) for each in told), (address, told)
        facts = page((await server.anybody.get(f"{GRAPH}/relation/{relation}")).text).all("dd")
        assert any(each.text.startswith(str(why)) for each in facts) == (why is not None)
        query = "/news/relations_between.json?name=Curie&other=&_shape=array"
        (found,) = (await server.anybody.get(query)).json()
    assert found["certainty"] == (None if why is None else "uncertain")
