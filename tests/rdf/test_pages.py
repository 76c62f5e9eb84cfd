"""What is about a thing, page by page: small pages, which together are what the whole part is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.errors import UnknownKey, UsageError
from datasette_newsgraph.kinds import ENTITY, RELATION, WITH_PAGE, Kind
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS, Format, format_named, pages
from datasette_newsgraph.rdf.export import stream, stream_page
from datasette_newsgraph.rdf.pages import LISTS, Places, next_places, select_page
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import TABLES
from tests.cost import sql_steps_of
from tests.rdf.rdf_tools import check_all_read, read_with_pyoxigraph

NTRIPLES = format_named("ntriples")
every_kind = pytest.mark.parametrize("kind", WITH_PAGE, ids=lambda each: each.name)
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of one row of each list."""
    monkeypatch.setattr(pages, "PAGE_SIZE", 1)


def address_of(places: Places) -> str:
    return "https://news.example.org/next?" + "~".join(map(".".join, places.items()))


#: How much there is about a thing.
MUCH = {
    "entity": "(SELECT count(*) FROM mentions WHERE entity_id = entities.id)",
    "relation": "(SELECT count(*) FROM evidence WHERE relation_id = relations.id)",
    "article": "articles.id",
}


def keys(path: Path, kind: Kind, most: int) -> list[str]:
    """The keys of things about which there is most."""
    with open_store(path) as db:
        query = f"SELECT key FROM {kind.table} ORDER BY {MUCH[kind.name]} DESC, key LIMIT {most}"
        return [row[0] for row in db.execute(query)]


def whole(db: Any, kind: Kind, key: str, **options: Any) -> set[bytes]:
    asked: Any = {kind.plural: [key]}
    return set(b"".join(stream(db, NTRIPLES, **asked, **options)).splitlines())


def in_pages(db: Any, kind: Kind, key: str, **options: Any) -> Iterator[set[bytes]]:
    """The triples of each page, but for those that say where the next one is."""
    after: Places | None = None
    while True:
        document = b"".join(stream_page(db, NTRIPLES, kind, key, after, address_of, **options))
        tables = options.get("tables", {*TABLES})
        further = next_places(db.conn, kind, key, after, tables)
        after = select_page(db.conn, kind, key, after, tables).next
        assert further == after
        lines = set(document.splitlines())
        told = {each for each in lines if b"#seeAlso>" in each}
        told |= {each for each in lines if each.startswith(b"#")}
        assert len(told) == (2 if after else 0)
        assert not after or address_of(after).encode() in b"".join(told)
        yield lines - told
        if after is None:
            return


@every_kind
@pytest.mark.usefixtures("small")
def test_the_pages_of_a_thing_are_together_the_whole(example_db: Path, kind: Kind) -> None:
    with open_store(example_db) as db:
        for key in keys(example_db, kind, 6):
            found = list(in_pages(db, kind, key))
            assert len(found) > 1
            assert set[bytes]().union(*found) == whole(db, kind, key), key


@every_format
def test_what_is_on_one_page_is_what_the_command_exports(example_db: Path, format_: Format) -> None:
    """Of relations, as all of their lists begin on the first page."""
    for key in keys(example_db, RELATION, 2):
        with open_store(example_db) as db:
            page = b"".join(stream_page(db, format_, RELATION, key, None, address_of))
            assert page == b"".join(stream(db, format_, relations=[key]))


@every_kind
def test_the_first_page_has_nothing_of_what_begins_later(example_db: Path, kind: Kind) -> None:
    """Who follows links from there is not led through all mentions."""
    later = {rows.table for rows in LISTS[kind].values() if rows.is_later}
    for key in keys(example_db, kind, 6):
        with open_store(example_db) as db:
            page = select_page(db.conn, kind, key)
        assert not any(getattr(page.selection, table) for table in later)
        assert page.next or not later


@every_format
@pytest.mark.usefixtures("small")
def test_a_page_names_the_next_in_every_format(example_db: Path, format_: Format) -> None:
    with open_store(example_db) as db:
        page = select_page(db.conn, ENTITY, "q90-7vjtwgbjzcbb3")
        assert page.next is not None
        document = b"".join(stream_page(db, format_, ENTITY, "q90-7vjtwgbjzcbb3", None, address_of))
    triples = set(read_with_pyoxigraph(document, format_))
    check_all_read(document, format_, triples)
    (found,) = [each for each in triples if each[1] == f"<{SEE_ALSO}>"]
    assert found[0] == "<https://news.example.org/graph/id/entity/q90-7vjtwgbjzcbb3>"
    assert found[2] == f"<{address_of(page.next)}>"


@every_kind
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "hidden", ["mentions", "evidence", "relations", "appearances", "quotes", "zones", "decided"]
)
def test_what_is_hidden_is_on_no_page(example_db: Path, kind: Kind, hidden: str) -> None:
    tables = {*TABLES} - {hidden}
    if kind.table == hidden:
        with open_store(example_db) as db, pytest.raises(UnknownKey):
            select_page(db.conn, kind, keys(example_db, kind, 1)[0], None, tables)
        return
    with open_store(example_db) as db:
        for key in keys(example_db, kind, 3):
            found = set[bytes]().union(*in_pages(db, kind, key, tables=tables))
            assert found == whole(db, kind, key, tables=tables), key


@pytest.mark.usefixtures("small")
def test_what_was_decided_to_be_different_is_on_the_pages(tmp_path: Path) -> None:
    path = tmp_path / "apart.db"
    names = ["hub", *(f"spoke {each}" for each in "abcdefgh")]
    entities = [{"id": each, "type": "Person", "name": each} for each in names]
    relations = [{"subject": "hub", "predicate": "met", "object": each} for each in names[1:]]
    load(path, [{"id": "1", "entities": entities, "relations": relations}])
    with closing(sqlite3.connect(path)) as connection, connection:
        found = dict(connection.execute("SELECT name, key FROM entities"))
        for one, other in (("spoke a", "spoke h"), ("hub", "spoke b"), ("spoke c", "spoke e")):
            connection.execute(
                "INSERT INTO decided (kind, key, verdict, value) VALUES ('entity', ?, 'different', ?)",
                [found[one], found[other]],
            )
    with open_store(path) as db:
        for name in names:
            divided = list(in_pages(db, ENTITY, found[name]))
            together = set[bytes]().union(*divided)
            assert together == whole(db, ENTITY, found[name])
        assert sum(b"differentFrom" in each for each in whole(db, ENTITY, found["hub"])) == 3


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({"elsewhere": "a"}, "goes on in"),
        ({"mentions": "nobody"}, "no longer there"),
        ({"subject": "nobody"}, "no longer there"),
        ({"subject_evidence": "nobody"}, "no longer there"),
    ],
)
def test_a_place_that_is_none_is_refused(
    example_db: Path, after: dict[str, str], words: str
) -> None:
    with open_store(example_db) as db, pytest.raises(UsageError, match=words):
        select_page(db.conn, ENTITY, "q90-7vjtwgbjzcbb3", after)


@pytest.mark.usefixtures("small")
def test_the_place_of_another_thing_is_refused(example_db: Path) -> None:
    with open_store(example_db) as db:
        (other,) = db.execute(
            "SELECT mentions.key FROM mentions JOIN entities ON entities.id = entity_id"
            " WHERE entities.key <> 'q90-7vjtwgbjzcbb3' LIMIT 1"
        ).fetchone()
        with pytest.raises(UsageError, match="no longer there"):
            select_page(db.conn, ENTITY, "q90-7vjtwgbjzcbb3", {"mentions": other})


@given(st.dictionaries(st.sampled_from([*LISTS[ENTITY], "x", ""]), st.text(), max_size=4))
def test_no_place_is_a_fault(example_db: Path, after: dict[str, str]) -> None:
    with open_store(example_db) as db, suppress(UsageError):
        select_page(db.conn, ENTITY, "q90-7vjtwgbjzcbb3", after)


@every_kind
@pytest.mark.usefixtures("small")
def test_nothing_is_sorted_to_find_a_page(example_db: Path, kind: Kind) -> None:
    """So that a page costs what is on it, however much there is about the thing."""
    with open_store(example_db) as db:
        asked: list[str] = []
        db.conn.set_trace_callback(asked.append)
        after: Places | None = None
        for key in keys(example_db, kind, 3):
            for _ in range(3):
                after = select_page(db.conn, kind, key, after).next
                if after is None:
                    break
            after = None
        db.conn.set_trace_callback(None)
        ordered = {each for each in asked if " ORDER BY " in each}
        assert len(ordered) > 3
        for query in ordered:
            plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]
            assert not any("TEMP B-TREE" in each for each in plan), (query, plan)
            assert all("USING" in each for each in plan), (query, plan)


def made_up(path: Path, articles: int) -> str:
    """A graph of articles that all name one entity and say something of it; the key of the entity."""
    hub = {"id": "hub", "type": "Person", "name": "Hub", "same_as": ["https://hub.example/"]}
    records = []
    for number in range(articles):
        text = f"Hub met Other {number}. “Yes,” said Hub."
        spans = [{"start": start, "end": start + 3, "text": "Hub"} for start in (0, len(text) - 4)]
        other = {"id": "o", "type": "Person", "name": f"Other {number}"}
        sentence = {"start": 0, "end": text.index("."), "text": text.partition(".")[0]}
        relations = [
            {"subject": subject, "predicate": "met", "object": object_, "evidence": [sentence]}
            for subject, object_ in (("hub", "o"), ("o", "hub"), ("hub", "hub"))
        ]
        start = text.index("“")
        quote = {"start": start, "end": start + 6, "text": "“Yes,”", "speaker": "hub"}
        records.append(
            {"id": str(number), "text": text, "entities": [hub | {"mentions": spans}, other]}
            | {"relations": relations, "quotes": [quote]}
        )
    load(path, records)
    with open_store(path) as db:
        return str(db.execute("SELECT key FROM entities WHERE name = 'Hub'").fetchone()[0])


def test_a_page_costs_the_same_however_much_there_is_about_a_thing(tmp_path: Path) -> None:
    costs, sizes = [], []
    for articles in (60, 600):
        path = tmp_path / f"{articles}.db"
        key = made_up(path, articles)
        with open_store(path) as db:
            written: list[int] = []

            def write(db: Any = db, key: str = key, written: list[int] = written) -> None:
                blocks = stream_page(db, NTRIPLES, ENTITY, key, None, address_of)
                written.append(sum(map(len, blocks)))

            costs.append(sql_steps_of(db.conn, write))
            sizes += written
    assert costs[1] < 1.15 * costs[0]
    assert sizes[1] < 1.1 * sizes[0]
