"""Facets over other tables: "articles that mention this person and that place", counted exactly
whatever else is filtered, from the sets of rows that are kept as well as by SQL.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.facets import among_rows, clauses, filtering, rowsets
from datasette_newsgraph.facets.catalogue import FACETS
from datasette_newsgraph.facets.rowsets import bits_of, numbers_in, unpack
from datasette_newsgraph.facets.stored_sets import is_up_to_date
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.store import open_store

Serve = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples" / "articles.jsonl"
MAIN_ZONES = {"title", "standfirst", "body"}


@pytest.fixture(scope="module")
def graph(
    tmp_path_factory: pytest.TempPathFactory, generated: Callable[[int], list[dict[str, Any]]]
) -> Path:
    """Articles of several publishers, some of whose entities and statements only captions hold."""
    path = tmp_path_factory.mktemp("linked") / "linked.db"
    lines = EXAMPLES.read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines] + generated(80)
    for record in records[::3]:
        # Half of the text becomes a caption: what it mentions is not in the main text.
        half = len(record["text"]) // 2
        record["zones"] = [
            {"zone": "caption", "start": 0, "end": half},
            {"zone": "body", "start": half, "end": len(record["text"])},
        ]
    for number, record in enumerate(records):
        # Some have no publisher, and one publisher is called so.
        if number % 7 == 0:
            record["publisher"] = "None"
        elif number % 5 == 0:
            record["publisher"] = None
        if number % 4 == 0:
            record.pop("language", None)
    records.append({"id": "bare", "publisher": "None", "sections": ["None"]})
    records[1]["entities"].append({"id": "unseen", "type": "Person", "name": "Nobody's Mention"})
    load(path, records)
    with open_store(path, write=True) as db:
        remove_article(db, records[5]["id"])
    return path


class Truth:
    """What is in the tables, for counting by hand in Python."""

    def __init__(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            ask = connection.execute
            self.articles = {
                row[0]: {
                    "publisher": row[1],
                    "sections": json.loads(row[2] or "[]"),
                    "month": row[3],
                    "language": row[4],
                }
                for row in ask(
                    "SELECT id, publisher, sections, substr(published, 1, 7), language FROM articles"
                )
            }
            self.entities = {
                row[0]: row[1:] for row in ask("SELECT id, key, type FROM entities ORDER BY id")
            }
            zones: dict[tuple[int, int], set[str]] = {
                (article, entity): set()
                for article, entity in ask("SELECT article_id, entity_id FROM appearances")
            }
            for article, entity, zone in ask("SELECT article_id, entity_id, zone FROM mentions"):
                zones[article, entity].add(zone)
            stated = ask(
                "SELECT article_id, predicate, zone FROM evidence"
                " JOIN relations ON relations.id = relation_id"
            ).fetchall()
            words = "SELECT rowid FROM article_texts_fts WHERE article_texts_fts MATCH ?"
            self.with_word = {
                each: {row[0] for row in ask(words, [each])} for each in ("Paris", "the", "nowhere")
            }
        self.all_named = {(article, self.entities[entity][0]) for article, entity in zones}
        self.named = {
            (article, self.entities[entity][0])
            for (article, entity), found in zones.items()
            if not found or found & MAIN_ZONES
        }
        self.all_stated = {(article, predicate) for article, predicate, _ in stated}
        self.stated = {
            (article, predicate)
            for article, predicate, zone in stated
            if zone is None or zone in MAIN_ZONES
        }

    def articles_of(self, asked: list[tuple[str, str]]) -> set[int]:
        """The articles that a query string is to find."""
        in_all = ("_zones", "all") in asked
        named = self.all_named if in_all else self.named
        stated = self.all_stated if in_all else self.stated
        found = set(self.articles)
        for name, value in asked:
            if name == "_entity":
                found &= {article for article, key in named if key == value}
            elif name == "_predicate":
                found &= {article for article, predicate in stated if predicate == value}
            elif name == "sections__arraycontains":
                found &= {n for n, each in self.articles.items() if value in each["sections"]}
            elif name in ("publisher", "month", "language"):
                found &= {n for n, each in self.articles.items() if each[name] == value}
            elif name == "_search":
                found &= self.with_word[value]
            elif name == "id__gt":
                found = {each for each in found if each > int(value)}
        return found

    def count(self, articles: set[int], *, in_all: bool) -> dict[str, dict[str, int]]:
        """Every facet of some articles, by its name on the page."""
        counts: dict[str, Counter[str]] = {"predicate": Counter()}
        for name in ("publisher", "month", "language"):
            values = (self.articles[each][name] for each in articles)
            counts[name] = Counter(value for value in values if value is not None)
        counts["sections"] = Counter(
            section for each in articles for section in set(self.articles[each]["sections"])
        )
        types = dict(self.entities.values())
        for article, key in self.all_named if in_all else self.named:
            if article in articles:
                counts.setdefault(types[key], Counter())[key] += 1
        for article, predicate in self.all_stated if in_all else self.stated:
            if article in articles:
                counts["predicate"][predicate] += 1
        return {name: dict(found) for name, found in counts.items()}


@pytest.fixture(scope="module")
def truth(graph: Path) -> Truth:
    return Truth(graph)


async def ask(datasette: Any, path: str, expected: int = 200) -> dict[str, Any]:
    separator = "&" if "?" in path else "?"
    path = f"{path}{separator}_shape=objects&_extra=count,facet_results,facets_timed_out"
    response = await datasette.client.get(path)
    assert response.status_code == expected, response.text
    if expected != 200:
        return {}
    found = response.json()
    facets = found["facet_results"]
    return {
        "ids": {row["id"] for row in found["rows"]},
        "count": found.get("count", found.get("filtered_table_rows_count")),
        "facets": facets.get("results", facets),
    }


def counts_of(facets: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        name: {each["value"]: each["count"] for each in found["results"]}
        for name, found in facets.items()
    }


def foremost(counts: dict[str, int], facet: str, size: int) -> dict[str, int]:
    """The values that a facet shows: the most frequent, of months the latest; in order where equal."""
    if facet == "month":
        return dict(sorted(counts.items(), reverse=True)[:size])
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:size])


@pytest.fixture(params=["by SQL", "by sets of rows", "by sets, of which some are not kept"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """All ways to count, whichever would be the quickest."""
    if request.param != "by SQL":
        monkeypatch.setattr(among_rows, "FEW", -1)
        monkeypatch.setattr(clauses, "FEW", 0)
    if request.param == "by sets, of which some are not kept":
        # As if there were more values than these, so that looking at all of them is no proof.
        monkeypatch.setattr(among_rows, "KEPT", 4)
    return str(request.param)


@pytest.mark.usefixtures("way")
# The fixture holds for all examples.
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.asyncio
async def test_facets_of_articles_are_plain_sql(
    serve: Serve, graph: Path, truth: Truth, data: st.DataObject
) -> None:
    keys = [key for key, _ in truth.entities.values()]
    frequent = [key for key, _ in Counter(key for _, key in truth.all_named).most_common(8)]
    predicates = sorted({each for _, each in truth.all_stated})
    sections = sorted({one for each in truth.articles.values() for one in each["sections"]})
    publishers = sorted({each["publisher"] or "None" for each in truth.articles.values()})
    months = sorted({each["month"] or "" for each in truth.articles.values()})
    asked = data.draw(
        st.lists(
            st.one_of(
                st.tuples(st.just("_entity"), st.sampled_from([*frequent, *frequent, *keys])),
                st.tuples(st.just("_predicate"), st.sampled_from(predicates)),
                st.tuples(st.just("sections__arraycontains"), st.sampled_from(sections)),
                st.tuples(st.just("publisher"), st.sampled_from(publishers)),
                st.tuples(st.just("month"), st.sampled_from(months)),
                st.tuples(st.just("language"), st.sampled_from(["en", "nobody's"])),
                st.tuples(st.just("_search"), st.sampled_from(sorted(truth.with_word))),
                st.just(("id__gt", "30")),
                st.just(("_zones", "all")),
            ),
            max_size=4,
            unique_by=lambda each: each if each[0] in ("_entity", "_predicate") else each[0],
        )
    )
    size = data.draw(st.sampled_from([1, 2, 5, 1000]), label="values of a facet")
    query = urlencode(asked)
    found = await ask(
        serve(graph), f"/linked/article_index.json?_size=max&_facet_size={size}&{query}"
    )
    expected = truth.articles_of(asked)
    assert found["ids"] == expected
    assert found["count"] == len(expected)
    counts = counts_of(found["facets"])
    by_hand = truth.count(expected, in_all=("_zones", "all") in asked)
    types = dict(truth.entities.values())
    chosen = [
        (types[value] if name == "_entity" else name[1:], value)
        for name, value in asked
        if name in ("_entity", "_predicate")
    ]
    assert {facet for facet, _ in chosen} <= set(counts)
    if any(name in ("_entity", "_predicate") for name, _ in asked):
        # What looks like a facet leads to the same with all zones, and back.
        in_all = truth.articles_of([*asked, ("_zones", "all")])
        assert counts.pop("zones") == {"all": len(in_all)}
        assert found["facets"]["zones"]["results"][0]["selected"] == (("_zones", "all") in asked)
    assert "zones" not in counts
    for name, values in counts.items():
        wanted = foremost(by_hand.get(name, {}), name, size)
        # What is chosen is there in any case: it goes with every row.
        wanted |= {value: len(expected) for facet, value in chosen if facet == name}
        assert values == wanted, name
    for name, value in asked:
        # What is chosen is a chip that can be taken away again.
        if name in ("_entity", "_predicate"):
            chips = [
                each
                for facet in found["facets"].values()
                for each in facet["results"]
                if each["selected"] and str(each["value"]) == value
            ]
            assert len(chips) == 1
            query = chips[0]["toggle_url"].partition("?")[2]
            assert (name, value) not in parse_qsl(query)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("type_", [None, "Person"])
@pytest.mark.asyncio
async def test_facets_of_entities_are_plain_sql(
    serve: Serve, graph: Path, truth: Truth, type_: str | None
) -> None:
    types = dict(truth.entities.values())
    publishers = Counter(
        each["publisher"] for each in truth.articles.values() if each["publisher"]
    ).most_common(2)
    section = Counter(
        one for each in truth.articles.values() for one in each["sections"]
    ).most_common(1)[0][0]
    for asked in (
        [],
        [("_publisher", publishers[0][0])],
        [("_section", section)],
        [("_publisher", publishers[1][0]), ("_section", section)],
        [("_publisher", "nobody")],
        [("_publisher", "None")],
    ):
        query = urlencode([*asked, *([("type", type_)] if type_ else [])])
        found = await ask(
            serve(graph), f"/linked/entity_index.json?_size=max&_facet_size=max&{query}"
        )
        named: dict[str, dict[str, set[str]]] = {key: {} for key in types}
        for article, key in truth.all_named:
            about = truth.articles[article]
            named[key].setdefault("publisher", set()).add(about["publisher"])
            named[key].setdefault("section", set()).update(about["sections"])
        expected = {
            key
            for key, about in named.items()
            if type_ in (None, types[key])
            and all(value in about.get(name[1:], ()) for name, value in asked)
        }
        assert found["count"] == len(expected)
        counts = counts_of(found["facets"])
        # A facet without values is left out.
        assert counts.get("type", {}) == dict(Counter(types[key] for key in expected))
        for name in ("publisher", "section"):
            by_hand = Counter(value for key in expected for value in named[key].get(name, ()))
            by_hand.pop(None, None)
            # A chip for what is chosen, even where it leaves nothing.
            chosen = {value: len(expected) for facet, value in asked if facet == f"_{name}"}
            assert counts.get(name, {}) == dict(by_hand) | chosen


@pytest.mark.asyncio
async def test_facets_go_together_with_search(serve: Serve, graph: Path, truth: Truth) -> None:
    searched = await ask(serve(graph), "/linked/article_index.json?_size=max&_search=Paris")
    key = Counter(key for article, key in truth.named if article in searched["ids"]).most_common(1)
    path = f"/linked/article_index.json?_size=max&_facet_size=max&_search=Paris&_entity={key[0][0]}"
    found = await ask(serve(graph), path)
    assert found["ids"] == searched["ids"] & truth.articles_of([("_entity", key[0][0])])
    assert found["count"] == key[0][1] > 0
    by_hand = truth.count(found["ids"], in_all=False)
    counts = counts_of(found["facets"])
    assert counts.pop("zones")
    for name, values in counts.items():
        assert values == by_hand.get(name, {})


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "where",
    [
        "id > 20 or publisher = 'None'",
        "id > 20 and id < 60",
        "publisher = 'x' or \"language\" = :p0",
    ],
)
@pytest.mark.asyncio
async def test_a_condition_in_sql_is_taken_as_it_is(
    serve: Serve, graph: Path, truth: Truth, where: str
) -> None:
    key = Counter(key for _, key in truth.named).most_common(1)[0][0]
    asked = urlencode([("_entity", key), ("language", "en"), ("_where", where)])
    found = await ask(serve(graph), f"/linked/article_index.json?_size=max&_facet_size=max&{asked}")
    by_hand = truth.count(found["ids"], in_all=False)
    counts = counts_of(found["facets"])
    assert found["count"] == len(found["ids"]) > 0
    assert counts.pop("zones")
    for name, values in counts.items():
        assert values == by_hand.get(name, {})


@pytest.mark.asyncio
async def test_any_number_of_values_may_be_asked_for(
    serve: Serve, graph: Path, truth: Truth
) -> None:
    # A function of SQLite takes 127 arguments.
    for number in (16, 17, 130):
        asked = [("_predicate", each) for each in sorted({each for _, each in truth.stated})]
        for some in ((asked * number)[:number], asked[:1] * number):
            found = await ask(serve(graph), f"/linked/article_index.json?{urlencode(some)}")
            assert found["count"] == len(truth.articles_of(some))


@pytest.mark.asyncio
async def test_a_search_is_run_for_a_facet_only_if_all_else_is_known(
    serve: Serve, graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = []
    monkeypatch.setattr(filtering, "set_of", lambda ids: run.append(ids) or rowsets.set_of(ids))
    path = "/linked/article_index.json?_search=the&_size=1"
    await ask(serve(graph), f"{path}&title__contains=a&id__gt=1")
    assert run == []
    await ask(serve(graph), f"{path}&language=en")
    assert len(run) == 1


@pytest.mark.asyncio
async def test_captions_count_when_they_are_asked_for(
    serve: Serve, graph: Path, truth: Truth
) -> None:
    only_in_captions = sorted(truth.all_named - truth.named)
    assert only_in_captions
    article, key = only_in_captions[0]
    path = f"/linked/article_index.json?_size=max&_entity={key}"
    assert article not in (await ask(serve(graph), path))["ids"]
    assert article in (await ask(serve(graph), f"{path}&_zones=all"))["ids"]
    response = await serve(graph).client.get(f"/linked/article_index?_entity={key}&_zones=all")
    assert "in any zone" in response.text


@pytest.mark.asyncio
async def test_a_zone_that_is_no_choice_is_refused(serve: Serve, graph: Path) -> None:
    await ask(serve(graph), "/linked/article_index.json?_entity=x&_zones=captions", expected=400)


@pytest.mark.asyncio
async def test_one_type_may_be_asked_for(serve: Serve, graph: Path, truth: Truth) -> None:
    """Also one that is too rare to be shown by itself, or that there is not."""
    by_hand = truth.count(set(truth.articles), in_all=False)
    for type_ in ("Person", "Date", "No such type"):
        path = "/linked/article_index.json?_size=0&_facet_size=max&_facet_counted=entity:"
        found = (await ask(serve(graph), path + quote(type_)))["facets"]
        assert counts_of(found)[type_] == by_hand.get(type_, {})
        assert found[type_]["hideable"]
        assert len(found) == len({each["name"] for each in found.values()})


@pytest.mark.asyncio
async def test_types_of_values_have_no_facet_by_themselves(serve: Serve, graph: Path) -> None:
    facets = (await ask(serve(graph), "/linked/article_index.json"))["facets"]
    assert {"Person", "Place", "predicate", "publisher"} <= set(facets)
    assert "Date" not in facets


@pytest.mark.asyncio
async def test_while_a_load_is_under_way_nothing_that_is_kept_is_believed(
    serve: Serve, graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(among_rows, "FEW", -1)
    monkeypatch.setattr(clauses, "FEW", 0)
    path = Path(shutil.copy(graph, tmp_path / "linked.db"))
    with closing(sqlite3.connect(path)) as connection:
        predicate = connection.execute(
            "SELECT value FROM facet_counts WHERE view = 'article_index' AND facet = 'predicate'"
            " ORDER BY count DESC"
        ).fetchone()[0]
        connection.execute("UPDATE facet_rows SET rows = (SELECT min(rows) FROM facet_rows)")
        connection.commit()
        address = f"/linked/article_index.json?_size=max&_predicate={quote(predicate)}"
        wrong = (await ask(serve(path), address))["count"]
        assert is_up_to_date(connection)
        connection.execute("INSERT INTO unsettled VALUES ('entity', 1)")
        connection.commit()
        assert not is_up_to_date(connection)
    right = await ask(serve(path), address)
    assert right["count"] == len(Truth(path).articles_of([("_predicate", predicate)])) != wrong


def test_articles_that_name_nothing_count_too(tmp_path: Path) -> None:
    """Loaded later, changed and removed: the facets follow."""
    path = tmp_path / "bare.db"
    bare = [{"id": f"a{n}", "publisher": "Gazette", "language": "en"} for n in range(9)]

    def counted() -> dict[str, int]:
        with open_store(path) as db:
            assert list(check(db)) == []
            query = "SELECT value, count FROM facet_counts WHERE facet = 'publisher'"
            return dict(db.conn.execute(f"{query} AND view = 'article_index'").fetchall())

    load(path, bare[:5])
    assert counted() == {"Gazette": 5}
    load(path, bare[5:])
    assert counted() == {"Gazette": 9}
    load(path, [{**bare[0], "publisher": "Herald"}])
    assert counted() == {"Gazette": 8, "Herald": 1}
    with open_store(path, write=True) as db:
        remove_article(db, "a0")
    assert counted() == {"Gazette": 8}


# --- Sets of rows ----------------------------------------------------------------------------


@given(st.sets(st.integers(min_value=0, max_value=5000)))
def test_a_set_of_rows_comes_back(numbers: set[int]) -> None:
    bits = bits_of(numbers, max(numbers, default=0))
    assert bits.bit_count() == len(numbers)
    stored = zlib.compress(bits.to_bytes(bits.bit_length() // 8 + 1, "little"))
    assert unpack(stored) == bits
    assert json.loads(numbers_in(stored)) == sorted(numbers)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "words",
        b"",
        b"no set",
        zlib.compress(bytes(2 << 20)),
        zlib.compress(b"\xff" * (1 << 20)),
    ],
    ids=["nothing", "text", "empty", "no set", "too long", "too many"],
)
def test_what_visitors_may_call_takes_neither_time_nor_memory(stored: Any) -> None:
    """They may run SQL of their own, and with it the function that lists the rows of a set."""
    assert numbers_in(stored) == "[]"


def test_of_several_sets_the_rows_are_those_in_each() -> None:
    stored = [zlib.compress(bytes([each])) for each in (0b0111, 0b1110, 0b1011)]
    assert [json.loads(numbers_in(*stored[:n])) for n in range(4)] == [[], [0, 1, 2], [1, 2], [1]]
    assert numbers_in(stored[0], b"no set") == "[]"


def test_many_sets_are_no_way_to_fill_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each is small enough, but not all together.
    monkeypatch.setattr(rowsets, "_LONGEST", 50)
    stored = [zlib.compress(bytes([each]) * 40) for each in range(1, 6)]
    assert 10 < len(stored[0]) < 20
    assert [numbers_in(each) == "[]" for each in stored] == [False] * 5
    assert numbers_in(*stored) == "[]"


def test_the_rows_of_every_value_are_kept(graph: Path) -> None:
    with closing(sqlite3.connect(graph)) as connection:
        for view, facets in FACETS.items():
            for facet in (each for each in facets if each.pairs):
                counted = connection.execute(
                    "SELECT DISTINCT value, count FROM facet_counts WHERE view = ?"
                    " AND (facet = ? OR facet GLOB ? || ':*')",
                    [view, facet.name, facet.name],
                ).fetchall()
                rows = dict(
                    connection.execute(
                        "SELECT value, rows FROM facet_rows WHERE view = ? AND facet = ?",
                        [view, facet.name],
                    ).fetchall()
                )
                # The types of values, such as dates, are counted among all.
                assert all(unpack(rows[v]).bit_count() == n for v, n in counted if v in rows)
                assert rows
                assert facet.of_entities or {value for value, _ in counted} == set(rows)


@pytest.mark.asyncio
async def test_no_title_of_a_filtered_view_is_turned(serve: Serve, tmp_path: Path) -> None:
    named = {"id": "e", "type": "Person", "name": "Ana\u202e\u2066 Cruz", "mentions": []}
    load(tmp_path / "turned.db", [{"id": "a", "title": "T", "entities": [named]}])
    client = serve(tmp_path / "turned.db").client
    (row,) = (await client.get("/turned/entities.json?_shape=array")).json()
    html = (await client.get(f"/turned/article_index?_entity={row['key']}")).text
    title = html[html.index("<title>") : html.index("</title>")]
    assert "Ana Cruz" in title
