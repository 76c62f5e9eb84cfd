"""The five views on either line of Datasette: their columns, facets, filters, search and defaults."""

from __future__ import annotations

import gc
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from datasette.app import Datasette

from datasette_newsgraph.facets.catalogue import FACETS, Facet
from datasette_newsgraph.kinds import KINDS
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.metadata.datasette import columns_of
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.store.views import CONTEXT, VIEWS, WORD
from tests.rdf import hostile

Serve = Callable[..., Any]

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles.jsonl"
#: The table that a view has a row for each row of.
BASE_TABLES = {each.view: each.table for each in KINDS if each.view}
#: The counts of every facet by hand: each row of the view with each value that it has.
_ENTITY = "JOIN entities ON entities.id = entity_id"
_MENTIONED = (
    "mentions.article_id = appearances.article_id AND mentions.entity_id = appearances.entity_id"
)


VALUES = {
    ("article_index", "publisher"): "SELECT id, publisher FROM articles",
    ("article_index", "sections"): "SELECT articles.id, value FROM articles, json_each(sections)",
    ("article_index", "month"): "SELECT id, substr(published, 1, 7) FROM articles",
    ("article_index", "language"): "SELECT id, language FROM articles",
    # Of an entity that is named without a mention nothing says that it is not in the main text.
    ("article_index", "entity"): "SELECT article_id, entities.key FROM appearances"
    f" {_ENTITY} WHERE NOT EXISTS (SELECT 1 FROM mentions WHERE {_MENTIONED}) OR EXISTS (SELECT 1"
    f" FROM mentions WHERE {_MENTIONED} AND zone IN ('title', 'standfirst', 'body'))",
    ("article_index", "predicate"): "SELECT article_id, predicate FROM evidence JOIN relations"
    " ON relations.id = relation_id"
    " WHERE coalesce(zone, 'body') IN ('title', 'standfirst', 'body')",
    ("entity_index", "publisher"): "SELECT entity_id, publisher FROM appearances"
    " JOIN articles ON articles.id = article_id",
    ("entity_index", "section"): "SELECT entity_id, value FROM appearances"
    " JOIN articles ON articles.id = article_id, json_each(sections)",
    ("entity_index", "type"): "SELECT id, type FROM entities",
    ("mention_index", "type"): f"SELECT mentions.id, type FROM mentions {_ENTITY}",
    ("mention_index", "zone"): "SELECT id, zone FROM mentions",
    ("mention_index", "offset_status"): "SELECT id, offset_status FROM mentions",
    ("mention_index", "entity"): f"SELECT mentions.id, entities.key FROM mentions {_ENTITY}",
    ("relation_index", "predicate"): "SELECT id, predicate FROM relations",
    ("relation_index", "entity"): "SELECT relations.id, entities.key FROM relations"
    " JOIN entities ON entities.id IN (subject_id, object_id)",
    ("quote_index", "entity"): "SELECT quotes.id, entities.key FROM quotes"
    " JOIN entities ON entities.id = speaker_id",
    ("quote_index", "verb"): "SELECT id, verb FROM quotes",
    ("quote_index", "direct"): "SELECT id, direct FROM quotes",
    ("quote_index", "offset_status"): "SELECT id, offset_status FROM quotes",
}


EVERY_FACET = [(view, each) for view, facets in FACETS.items() for each in facets]
#: Asks for all of a view's facets by name: by itself a page of articles has one for each type.
BY_NAME = {
    view: "".join(f"&_facet_counted={each.name}" for each in facets)
    for view, facets in FACETS.items()
}


every_view = pytest.mark.parametrize("view", VIEWS)
every_facet = pytest.mark.parametrize(
    ("view", "facet"), EVERY_FACET, ids=[f"{view}-{each.name}" for view, each in EVERY_FACET]
)


def rows(path: Path, sql: str, *parameters: Any) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(sql, parameters).fetchall()


def recount(path: Path, view: str, facet: str, where: str = "true") -> dict[str, int]:
    """Count by hand: how many of the view's rows have each value."""
    pairs = {tuple(row) for row in rows(path, VALUES[view, facet]) if row[1] is not None}
    shown = {row[0] for row in rows(path, f"SELECT id FROM {view} WHERE {where}")}
    return Counter(str(value) for number, value in pairs if number in shown)


async def ask(datasette: Any, path: str) -> dict[str, Any]:
    """What a page of rows has as JSON, as both lines put it: rows, count, facets by name."""
    separator = "&" if "?" in path else "?"
    extras = "_shape=objects&_extra=count,facet_results,columns"
    response = await datasette.client.get(f"{path}{separator}{extras}")
    assert response.status_code == 200, response.text
    found = response.json()
    facets = found["facet_results"]
    return {
        "rows": found["rows"],
        "columns": found["columns"],
        "count": found.get("count", found.get("filtered_table_rows_count")),
        "facets": facets.get("results", facets),
    }


async def follow(datasette: Any, address: str) -> dict[str, Any]:
    """What stands at a whole address that Datasette has given."""
    response = await datasette.client.get(address.removeprefix("http://localhost"))
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    # 0.65 calls it so.
    found.setdefault("count", found.get("filtered_table_rows_count"))
    return found


@pytest.fixture(scope="module")
def stages(
    tmp_path_factory: pytest.TempPathFactory, generated: Callable[[int], list[dict[str, Any]]]
) -> dict[str, Path]:
    """One database as it grows: loaded, loaded more, an article changed, one removed."""
    folder = tmp_path_factory.mktemp("stages")
    examples = [json.loads(line) for line in EXAMPLES.read_text("utf-8").splitlines()]
    records = generated(30)
    changed = {**examples[0], "publisher": "Other & Sons", "published": "1999", "sections": ["New"]}
    changed["entities"] = [{**each, "type": "Event"} for each in changed["entities"]]
    found: dict[str, Path] = {}

    def stage(name: str, change: Callable[[Path], Any]) -> None:
        path = folder / f"{name}.db"
        if found:
            shutil.copy(list(found.values())[-1], path)
        change(path)
        found[name] = path

    stage("loaded", lambda path: load(path, [*examples, *records[:20]]))
    stage("more", lambda path: load(path, records[20:]))
    stage("changed", lambda path: load(path, [changed]))

    def remove(path: Path) -> None:
        with open_store(path, write=True) as db:
            remove_article(db, examples[1]["id"])

    stage("removed", remove)
    return found


# --- Rows ------------------------------------------------------------------------------------


@every_view
@pytest.mark.asyncio
async def test_a_view_has_its_columns_and_a_row_for_each_of_its_table(
    serve: Serve, example_db: Path, view: str
) -> None:
    found = await ask(serve(example_db), f"/examples/{view}.json?_size=max")
    table = BASE_TABLES[view]
    assert found["columns"] == list(columns_of(view)) == list(VIEWS[view][0])
    assert found["count"] == rows(example_db, f"SELECT count(*) FROM {table}")[0][0]
    numbers = {row["id"]: row["key"] for row in found["rows"]}
    assert numbers == dict(rows(example_db, f"SELECT id, key FROM {table}"))


def test_a_view_names_things_instead_of_numbering_them(example_db: Path) -> None:
    names = dict(rows(example_db, "SELECT key, name FROM entities"))
    titles = dict(rows(example_db, "SELECT key, title FROM articles"))
    for row in rows(example_db, "SELECT * FROM mention_index"):
        assert (row["entity"], row["article"]) == (
            names[row["entity_key"]],
            titles[row["article_key"]],
        )
    for row in rows(example_db, "SELECT * FROM relation_index"):
        assert row["subject"] == names[row["subject_key"]]
        assert row["object"] == names.get(row["object_key"], row["object"]) is not None
    for row in rows(example_db, "SELECT * FROM quote_index"):
        assert row["speaker"] == names.get(row["speaker_key"])


def test_a_mention_stands_in_its_context(stages: dict[str, Path]) -> None:
    texts = dict(
        rows(
            stages["loaded"], "SELECT key, text FROM articles JOIN article_texts ON article_id = id"
        )
    )
    found = rows(stages["loaded"], "SELECT * FROM mention_index WHERE start_char IS NOT NULL")
    assert len(found) > 400
    for row in found:
        text, start, end = texts[row["article_key"]], row["start_char"], row["end_char"]
        assert row["surface"] == text[start:end]
        before, after = (each.replace("\n", " ") for each in (text[:start], text[end:]))
        assert before.endswith(row["before"])
        assert after.startswith(row["after"])
        cut = (before.removesuffix(row["before"])[-1:], after.removeprefix(row["after"])[:1])
        for shown, whole, beyond in zip(
            (row["before"], row["after"]), (before, after), cut, strict=True
        ):
            assert shown == whole or CONTEXT <= len(shown) <= CONTEXT + WORD + 1
            # Where it is cut, a word begins or ends, but for words that are too long.
            assert beyond in ("", " ") or len(shown) == CONTEXT + WORD + 1


#: The text before a mention, the one behind it, and what is shown of them.
CONTEXTS = {
    "short": ("Once in ", ", it rained", "Once in ", ", it rained"),
    "none": ("", "", "", ""),
    "words": ("ten chars " * 9, " ten chars" * 9, "ten chars " * 7, " ten chars" * 7),
    "long words": ("x" * 99, "x" * 99, "x" * 73, "x" * 73),
    "no words": ("北" * 99, "😀" * 99, "北" * 73, "😀" * 73),
    "blanks": (" " * 99, " " * 99, " " * 72, ""),
    "lines": ("a line\n" * 20, "\na line" * 20, "a line " * 10, " a line" * 10 + " a"),
}


@pytest.mark.parametrize(("before", "after", "left", "right"), CONTEXTS.values(), ids=CONTEXTS)
def test_a_context_is_cut_between_words(
    tmp_path: Path, before: str, after: str, left: str, right: str
) -> None:
    name = "Mosul"
    start = len(before)
    mention = {"start": start, "end": start + len(name), "text": name}
    entity = {"id": "e", "type": "Place", "name": name, "mentions": [mention]}
    load(tmp_path / "a.db", [{"id": "a", "text": before + name + after, "entities": [entity]}])
    (row,) = rows(tmp_path / "a.db", "SELECT before, surface, after FROM mention_index")
    assert tuple(row) == (left, name, right)


@every_view
def test_the_columns_for_programs_stand_last(view: str) -> None:
    columns = list(VIEWS[view][0])
    first = next(number for number, each in enumerate(columns) if "key" in each)
    assert [each.removesuffix("_key") for each in columns[first:-2]] == [
        each.removesuffix("_key") for each in columns if each.endswith("_key")
    ]
    assert columns[-2:] == ["key", "id"]


# --- Facets ----------------------------------------------------------------------------------


def test_every_facet_is_counted_by_hand_here() -> None:
    assert set(VALUES) == {(view, facet.name) for view, facet in EVERY_FACET}


@pytest.mark.parametrize("stage", ["loaded", "more", "changed", "removed"])
@every_view
@pytest.mark.asyncio
async def test_stored_counts_are_live_counts_are_counts_by_hand(
    serve: Serve, stages: dict[str, Path], stage: str, view: str
) -> None:
    path = stages[stage]
    address = f"/{stage}/{view}.json?_size=0&_facet_size=max{BY_NAME[view]}"
    stored = rows(path, "SELECT facet, value, count FROM facet_counts WHERE view = ?", view)
    unfiltered = await ask(serve(path), address)
    # A filter that all rows pass: so they are counted.
    live = await ask(serve(path), f"{address}&id__gte=0")
    for facet in FACETS[view]:
        expected = recount(path, view, facet.name)
        assert expected
        assert {value: count for name, value, count in stored if name == facet.name} == expected
        for answer in (unfiltered, live):
            found = answer["facets"][facet.name]["results"]
            assert {str(each["value"]): each["count"] for each in found} == expected
            assert not [each for each in found if each["label"] in (None, "")]


@every_facet
@pytest.mark.parametrize("where", ["", "&id__lte=12"])
@pytest.mark.asyncio
async def test_a_facet_leads_to_as_many_rows_as_it_counts(
    serve: Serve, stages: dict[str, Path], view: str, facet: Facet, where: str
) -> None:
    datasette = serve(stages["removed"])
    start = f"/removed/{view}.json?_size=1&_facet_size=max&_facet_counted={facet.name}{where}"
    answer = await ask(datasette, start)
    total, found = answer["count"], answer["facets"][facet.name]["results"]
    expected = recount(stages["removed"], view, facet.name, "id <= 12" if where else "true")
    assert {str(each["value"]): each["count"] for each in found} == expected
    order = [each["count"] for each in found]
    assert facet.name == "month" or order == sorted(order, reverse=True)
    for each in [*found[:2], *found[2:][-1:]]:
        assert not each["selected"]
        there = await follow(datasette, each["toggle_url"])
        assert there["count"] == each["count"], each
        facets = there["facet_results"]
        facets = facets.get("results", facets)[facet.name]["results"]
        selected = [one for one in facets if one["selected"]]
        assert [str(one["value"]) for one in selected] == [str(each["value"])]
        # The same link leads back.
        back = await follow(datasette, selected[0]["toggle_url"])
        assert back["count"] == total


@every_facet
@pytest.mark.asyncio
async def test_a_facet_leads_to_its_rows_whatever_the_values_are(
    serve: Serve, tmp_path: Path, hostile_db: Path, view: str, facet: Facet
) -> None:
    datasette = serve(hostile_db)
    found = await ask(datasette, f"/hostile/{view}.json?_size=0&_facet_size=max{BY_NAME[view]}")
    for each in found["facets"][facet.name]["results"][:8]:
        there = await follow(datasette, each["toggle_url"])
        assert there["count"] == each["count"], each


@pytest.fixture(scope="module")
def hostile_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names, verbs, sections … of every string that may break a page."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    load(path, [hostile.record_of(n, text) for n, text in enumerate(hostile.STRINGS.values())])
    return path


@pytest.mark.asyncio
async def test_a_facet_that_is_asked_for_again_is_shown_once(
    serve: Serve, example_db: Path
) -> None:
    for asked in ("_facet=type", "_facet_counted=type", "_facet_counted=type&_facet_counted=type"):
        facets = (await ask(serve(example_db), f"/examples/entity_index.json?{asked}"))["facets"]
        assert sorted(facets) == ["publisher", "section", "type"], asked
        # It can be taken away again.
        assert facets["type"]["hideable"]


@pytest.mark.asyncio
async def test_values_that_are_no_words_have_some(serve: Serve, example_db: Path) -> None:
    found = (await ask(serve(example_db), "/examples/quote_index.json"))["facets"]["direct"]
    labels = {str(each["value"]): each["label"] for each in found["results"]}
    assert labels == {"1": "own words", "0": "reported"}


@pytest.mark.asyncio
async def test_a_visitors_own_facet_works_beside_ours(serve: Serve, example_db: Path) -> None:
    path = "/examples/entity_index.json?_facet=articles&_facet=type&type=Person"
    found = await ask(serve(example_db), path)
    people = rows(example_db, "SELECT count(*) FROM entities WHERE type = 'Person'")[0][0]
    assert found["count"] == people
    facets = [each for each in found["facets"].values() if each["name"] == "type"]
    assert [each["hideable"] for each in facets] == [True]
    for each in facets:
        assert [(one["value"], one["count"]) for one in each["results"]] == [("Person", people)]


@pytest.mark.parametrize("name", ["nonsense", "", "type' --", "articles"])
@pytest.mark.asyncio
# Where a facet is refused, Datasette forgets what it was to do about the others.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_a_facet_that_is_not_there_is_refused(
    serve: Serve, example_db: Path, name: str
) -> None:
    path = f"/examples/entity_index.json?_facet_counted={quote(name)}"
    response = await serve(example_db).client.get(path)
    assert response.status_code == 400
    assert "entity_index" in response.text
    gc.collect()


# --- Filters and search ----------------------------------------------------------------------


@pytest.mark.parametrize("view", [view for view, facet in EVERY_FACET if facet.name == "entity"])
@pytest.mark.asyncio
async def test_rows_about_entities(serve: Serve, stages: dict[str, Path], view: str) -> None:
    pairs = [tuple(row) for row in rows(stages["removed"], VALUES[view, "entity"])]
    one, another = [key for key, _ in Counter(key for _, key in pairs).most_common(2)]
    expected = [{row for row, key in pairs if key == each} for each in (one, another)]
    datasette = serve(stages["removed"])
    path = f"/removed/{view}.json?_size=max&_entity={one}"
    about_one = await ask(datasette, path)
    assert {row["id"] for row in about_one["rows"]} == expected[0]
    about_both = await ask(datasette, f"{path}&_entity={another}")
    assert {row["id"] for row in about_both["rows"]} == expected[0] & expected[1]
    assert (await ask(datasette, f"{path}&_entity=nobody"))["rows"] == []


@pytest.mark.asyncio
async def test_a_page_says_whom_its_rows_are_about(serve: Serve, example_db: Path) -> None:
    key = rows(example_db, "SELECT key FROM entities WHERE name = 'Narges Mohammadi'")[0][0]
    response = await serve(example_db).client.get(f"/examples/mention_index?_entity={key}")
    assert "about “Narges Mohammadi”" in response.text


@pytest.mark.parametrize(
    ("view", "words", "column", "expected"),
    [
        (
            "article_index",
            "green gavel",
            "title",
            "Nations adopt Paris Agreement on climate change",
        ),
        ("entity_index", "Lutetia", "name", "Paris"),
        ("entity_index", "巴黎协定", "name", "Paris Agreement"),
        ("entity_index", "hollande FRANCOIS", "name", "François Hollande"),
        ("quote_index", "triumph", "quote", "a triumph for people and planet"),
    ],
)
@pytest.mark.asyncio
async def test_search(
    serve: Serve, example_db: Path, view: str, words: str, column: str, expected: str
) -> None:
    path = f"/examples/{view}.json?_search={quote(words)}{BY_NAME[view]}"
    found = await ask(serve(example_db), path)
    assert expected in [row[column] for row in found["rows"]]
    assert 0 < found["count"] < rows(example_db, f"SELECT count(*) FROM {view}")[0][0]
    about = "id IN ({})".format(",".join(str(row["id"]) for row in found["rows"]))
    for facet in FACETS[view]:
        counts = {str(one["value"]): one["count"] for one in found["facets"][facet.name]["results"]}
        assert counts.items() <= recount(example_db, view, facet.name, about).items()


# --- Defaults --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["news", "Other news", "a.b", "Новости", "select"])
@pytest.mark.asyncio
async def test_defaults_are_there_whatever_the_file_is_called(
    serve: Serve, example_db: Path, tmp_path: Path, name: str
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / f"{name}.db"))
    datasette = serve(path)
    await datasette.invoke_startup()
    base = datasette.urls.database(name)
    for view, facets in FACETS.items():
        found = await ask(datasette, f"{base}/{view}.json")
        # For entities of articles there is one for each type.
        types = [row[0] for row in rows(example_db, "SELECT DISTINCT type FROM entities")]
        names = [each.name for each in facets if not (view == "article_index" and each.of_entities)]
        assert [each for each in found["facets"] if each not in types or each == "type"] == names
    counts = [
        row["mentions"] for row in (await ask(datasette, f"{base}/entity_index.json"))["rows"]
    ]
    assert counts == sorted(counts, reverse=True)
    html = (await datasette.client.get(f"{base}/entity_index")).text
    assert "The name that most articles give it." in html
    assert "newsgraph.css" in html


@pytest.mark.asyncio
async def test_the_users_own_metadata_comes_first(
    serve: Serve, example_db: Path, page: Callable[[str], Any]
) -> None:
    # On 1.0, too, facets and such may stand in metadata: it takes them for configuration.
    tables = {
        "entity_index": {
            "title": "Who is who",
            "columns": {"name": "How it is called here"},
            "facets": ["articles"],
            "sort": "name",
        },
        "entities": {"label_column": "key"},
        "aliases": {"hidden": False},
    }
    datasette = serve(example_db, metadata={"databases": {"examples": {"tables": tables}}})
    found = await ask(datasette, "/examples/entity_index.json?_size=max")
    names = [row["name"] for row in found["rows"]]
    assert names == sorted(names)
    assert list(found["facets"]) == ["articles"]
    tables_of = (await datasette.client.get("/examples.json")).json()["tables"]
    listed = {each["name"]: each["hidden"] for each in tables_of}
    assert not listed["aliases"]
    assert listed["appearances"]
    html = (await datasette.client.get("/examples/entity_index")).text
    assert "Who is who" in html
    assert "How it is called here" in html
    assert "The name that most articles give it." not in html
    # What the user has left open is ours.
    assert "Number of articles that name it." in html
    mention = page((await datasette.client.get("/examples/mentions?_size=1")).text)
    key = rows(
        example_db, "SELECT entities.key FROM mentions JOIN entities ON entities.id=entity_id"
    )
    assert mention.link(key[0][0]).startswith("/examples/entities/")


@pytest.mark.skipif(not hasattr(Datasette, "allowed_resources"), reason="0.65 has no configuration")
@pytest.mark.asyncio
async def test_the_users_own_configuration_comes_first(serve: Serve, example_db: Path) -> None:
    tables = {"entity_index": {"facets": ["articles"], "sort": "name"}}
    datasette = serve(example_db, config={"databases": {"examples": {"tables": tables}}})
    found = await ask(datasette, "/examples/entity_index.json?_size=max")
    assert list(found["facets"]) == ["articles"]
    assert found["rows"][0]["name"] == min(row["name"] for row in found["rows"])


REFERENCES = [
    (table, column, other)
    for table, description in TABLES.items()
    for column, other in description.references.items()
]


@pytest.mark.parametrize(("table", "column", "other"), REFERENCES, ids=lambda each: str(each))
@pytest.mark.asyncio
async def test_foreign_keys_are_labelled_by_names_never_by_keys(
    serve: Serve, stages: dict[str, Path], table: str, column: str, other: str
) -> None:
    labels = {"articles": "title", "relations": "predicate", "extractions": "tool"}
    query = f"SELECT {next(iter(TABLES[other].columns))}, {labels.get(other, 'name')} FROM {other}"
    names = dict(rows(stages["loaded"], query))
    found = await ask(serve(stages["loaded"]), f"/loaded/{table}.json?_labels=on&_size=20")
    given = [row[column] for row in found["rows"] if row[column] is not None]
    assert all(each["label"] == names[each["value"]] for each in given), given[:2]


@every_view
@pytest.mark.asyncio
async def test_cells_lead_to_our_pages(
    serve: Serve, example_db: Path, page: Callable[[str], Any], view: str
) -> None:
    datasette = serve(example_db)
    html = page((await datasette.client.get(f"/examples/{view}?_size=3")).text)
    links = {each.attributes.get("href", "") for each in html.all("a")}
    ours = {each for each in links if "/-/newsgraph/" in each}
    assert ours
    for each in ours:
        response = await datasette.client.get(each, follow_redirects=True)
        assert response.status_code == 200, each
