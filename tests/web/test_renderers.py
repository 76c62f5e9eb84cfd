"""Rows as RDF: each page of our tables and views is the things that its rows are, and no others."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.article import ZONES
from datasette_newsgraph.kinds import BY_TABLE
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.store.schema import FULL_TEXT, TABLES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.vocabulary import zone_class
from datasette_newsgraph.web.rdf.graph_rdf import SHOWN
from tests.rdf.rdf_tools import (
    BASE,
    Graph,
    check_all_read,
    graph_of,
    iri,
    read_with_pyoxigraph,
)

Serve = Callable[..., Any]

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
every_shown = pytest.mark.parametrize("table", SHOWN)
every_view = pytest.mark.parametrize("table", [each for each in SHOWN if each in VIEWS])
ZONE_CLASSES = {iri(zone_class(each)) for each in ZONES}


def things_in(graph: Graph, kind: str) -> set[str]:
    """The things of a kind of which a graph tells what they are."""
    ours = iri("id:")[:-1] + ("article" if kind == "zones" else BY_TABLE[kind].name) + "/"
    return {
        subject
        for subject, predicate, class_ in graph
        if predicate == iri("rdf:type") and subject.startswith(ours)
        # Other nodes of a thing, such as the text of an article, stand below it.
        if (class_ in ZONE_CLASSES if kind == "zones" else not set("/#") & {*subject[len(ours) :]})
    }


def things(path: Path, kind: str, numbers: set[int]) -> set[str]:
    """The things that rows are, by hand."""
    if kind == "zones":
        name = "'article/' || articles.key || '/text#char=' || start_char || ',' || end_char"
        rows = f"SELECT zones.id, {name} FROM zones JOIN articles ON articles.id = article_id"
    else:
        rows = f"SELECT id, '{BY_TABLE[kind].name}/' || key FROM {kind}"
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(rows).fetchall()
    return {f"<{BASE}id/{name}>" for number, name in found if number in numbers}


async def numbers_of(datasette: Any, table: str, query: str) -> set[int]:
    """The row numbers that a page shows, by its JSON."""
    response = await datasette.client.get(f"/examples/{table}.json?{query}&_shape=objects")
    assert response.status_code == 200, response.text
    column = SHOWN[table][1]
    numbers = [row[column] for row in response.json()["rows"]]
    return {each["value"] if isinstance(each, dict) else each for each in numbers}


@pytest.fixture(scope="module")
def whole(example_db: Path) -> Graph:
    """The whole graph of the examples."""
    return graph_of(example_db)


# --- Pages -----------------------------------------------------------------------------------

PAGES = {
    "few": "_size=4",
    "filtered and sorted": "{id}__gt=0&{id}__lte=3&_sort_desc={id}",
    "labelled, with a facet": "_size=2&_labels=on&_facet={id}",
    "nothing": "{id}__lt=0",
}


# Every format of one page, and every page in one format: a format knows nothing of the page.
@every_shown
@pytest.mark.parametrize(
    ("format_", "query"),
    [
        *((each, PAGES["few"]) for each in FORMATS),
        *((FORMATS[0], query) for query in PAGES.values() if query != PAGES["few"]),
    ],
    ids=[*(f"{each.name}-few" for each in FORMATS), *(each for each in PAGES if each != "few")],
)
@pytest.mark.asyncio
async def test_a_page_is_the_things_that_its_rows_are(
    serve: Serve, example_db: Path, whole: Graph, table: str, format_: Format, query: str
) -> None:
    kind, column = SHOWN[table]
    query = query.format(id=column)
    datasette = serve(example_db)
    response = await datasette.client.get(f"/examples/{table}{format_.ending}?{query}")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].partition(";")[0] == format_.media_type
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]
    graph = set(read_with_pyoxigraph(response.content, format_))
    check_all_read(response.content, format_, graph)
    assert graph <= whole
    shown = await numbers_of(datasette, table, query)
    expected = things(example_db, kind, shown)
    assert things_in(graph, kind) == expected
    assert bool(expected) == ("__lt=0" not in query)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("article_index", "Washington"),
        ("article_texts", "Washington"),
        ("entity_index", "Paris"),
        ("entities", "Paris"),
        ("quote_index", "planet"),
        ("quotes", "planet"),
    ],
)
@every_format
@pytest.mark.asyncio
async def test_a_search_as_rdf(
    serve: Serve, example_db: Path, whole: Graph, table: str, words: str, format_: Format
) -> None:
    datasette = serve(example_db)
    response = await datasette.client.get(f"/examples/{table}{format_.ending}?_search={words}")
    graph = set(read_with_pyoxigraph(response.content, format_))
    found = await numbers_of(datasette, table, f"_search={words}")
    assert things_in(graph, SHOWN[table][0]) == things(example_db, SHOWN[table][0], found)
    assert found
    assert graph <= whole


@every_format
@pytest.mark.asyncio
async def test_rows_about_an_entity_as_rdf(serve: Serve, example_db: Path, format_: Format) -> None:
    datasette = serve(example_db)
    with closing(sqlite3.connect(example_db)) as connection:
        (key,) = connection.execute("SELECT key FROM entities WHERE name = 'Paris'").fetchone()
    path = f"/examples/mention_index{format_.ending}?_entity={key}"
    response = await datasette.client.get(path)
    graph = set(read_with_pyoxigraph(response.content, format_))
    bodies = {o for _, predicate, o in graph if predicate == iri("oa:hasBody")}
    assert bodies == {iri(f"id:entity/{key}")}
    shown = await numbers_of(datasette, "mention_index", f"_entity={key}")
    assert len(shown) > 3
    assert things_in(graph, "mentions") == things(example_db, "mentions", shown)


@pytest.mark.parametrize("table", [each for each in SHOWN if each in TABLES])
@every_format
@pytest.mark.asyncio
async def test_a_row_is_one_thing(
    serve: Serve, example_db: Path, whole: Graph, table: str, format_: Format
) -> None:
    response = await serve(example_db).client.get(f"/examples/{table}/1{format_.ending}")
    assert response.status_code == 200, response.text
    graph = set(read_with_pyoxigraph(response.content, format_))
    check_all_read(response.content, format_, graph)
    kind = SHOWN[table][0]
    assert things_in(graph, kind) == things(example_db, kind, {1})
    assert graph <= whole


@every_format
@pytest.mark.asyncio
async def test_a_row_that_is_not_there_is_not_found(
    serve: Serve, example_db: Path, format_: Format
) -> None:
    response = await serve(example_db).client.get(f"/examples/mentions/99999{format_.ending}")
    assert response.status_code == 404


@pytest.mark.parametrize("table", [*SHOWN])
@pytest.mark.asyncio
async def test_a_page_of_rows_links_to_itself_as_rdf(
    serve: Serve, example_db: Path, page: Callable[[str], Any], table: str
) -> None:
    datasette = serve(example_db)
    html = page((await datasette.client.get(f"/examples/{table}?_size=2")).text)
    for format_ in FORMATS:
        response = await datasette.client.get(html.href(format_.ending))
        assert response.headers["content-type"].partition(";")[0] == format_.media_type


@pytest.mark.asyncio
async def test_json_ld_needs_nothing_from_elsewhere(serve: Serve, example_db: Path) -> None:
    for table in SHOWN:
        response = await serve(example_db).client.get(f"/examples/{table}.jsonld?_size=1")
        context = json.loads(response.content)["@context"]
        assert isinstance(context, dict)
        assert "@import" not in json.dumps(context)
        assert not [
            each for each in context.values() if isinstance(each, dict) and "@context" in each
        ]


# --- More than a page ------------------------------------------------------------------------


def next_of(response: Any) -> str | None:
    """Where the Link header says that the next page is; there is one at most."""
    links = re.findall(r'<([^>]*)>; rel="next"', ", ".join(response.headers.get_list("link")))
    assert len(links) <= 1
    return links[0].removeprefix("http://localhost") if links else None


@every_format
@pytest.mark.parametrize("table", ["articles", "quotes", "quote_index", "article_index", "zones"])
@pytest.mark.asyncio
async def test_next_leads_to_all_rows(
    serve: Serve, example_db: Path, table: str, format_: Format
) -> None:
    kind, column = SHOWN[table]
    datasette = serve(example_db)
    with closing(sqlite3.connect(example_db)) as connection:
        numbers = {row[0] for row in connection.execute(f"SELECT {column} FROM {table}")}
    found: list[str] = []
    path: str | None = f"/examples/{table}{format_.ending}?_size=7"
    while path is not None:
        response = await datasette.client.get(path)
        graph = set(read_with_pyoxigraph(response.content, format_))
        found += things_in(graph, kind)
        path = next_of(response)
        comments = [
            line
            for line in response.text.splitlines()
            if line.startswith("# ") and path is not None
        ]
        if path is not None and format_.comment:
            assert comments == [f"# A page of 7 rows; there are more: http://localhost{path}"]
        else:
            assert not response.text.startswith("#")
        assert len(found) <= len(numbers)
    assert set(found) == things(example_db, kind, numbers)
    assert len(found) == len(set(found))


@every_format
@pytest.mark.asyncio
async def test_a_comment_ends_with_its_line_whatever_is_asked_for(
    serve: Serve, example_db: Path, whole: Graph, format_: Format
) -> None:
    evil = "%0A<http://evil/s>%20<http://evil/p>%20<http://evil/o>%20.%0D%0A%E2%80%A8"
    path = f"/examples/entities{format_.ending}?_size=1&type__not={evil}&_x={evil}"
    response = await serve(example_db).client.get(path)
    assert response.status_code == 200
    assert next_of(response)
    graph = set(read_with_pyoxigraph(response.content, format_))
    check_all_read(response.content, format_, graph)
    assert graph <= whole


# --- What has no RDF -------------------------------------------------------------------------

NOT_SHOWN = [
    *(name for name in TABLES if name not in SHOWN),
    *(f"{name}_fts" for name in FULL_TEXT),
    "_sqlite_migrations",
    "users_view",
    "users_table",
    *QUERIES,
]


@pytest.fixture(scope="module")
def mixed(example_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples with a table and a view of a user's own beside them."""
    path = Path(shutil.copy(example_db, tmp_path_factory.mktemp("mixed") / "mixed.db"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE users_table (id INTEGER PRIMARY KEY, key TEXT, name TEXT)")
        connection.execute("INSERT INTO users_table VALUES (1, 'a', 'b')")
        connection.execute("CREATE VIEW users_view AS SELECT * FROM entities")
        connection.commit()
    return path


@pytest.mark.parametrize("name", NOT_SHOWN)
@pytest.mark.asyncio
async def test_what_is_no_thing_has_no_rdf(serve: Serve, mixed: Path, name: str) -> None:
    datasette = serve(mixed)
    for format_ in FORMATS:
        response = await datasette.client.get(f"/mixed/{name}{format_.ending}")
        assert response.status_code == 404
        assert format_.title in response.text or name in response.text
    html = await datasette.client.get(f"/mixed/{name}")
    assert html.status_code == 200
    links = re.findall(r'href="([^"]*)"', html.text)
    own = [each for each in links if re.search(rf"/{name}\.(ttl|nt|jsonld)", each)]
    assert own == []


@every_format
@pytest.mark.asyncio
async def test_a_query_of_a_visitors_own_has_no_rdf(
    serve: Serve, example_db: Path, format_: Format
) -> None:
    client = serve(example_db).client
    path = f"/examples{format_.ending}?sql=select+*+from+entities"
    response = await client.get(path, follow_redirects=True)
    assert response.status_code == 404
    html = await client.get("/examples?sql=select+*+from+entities", follow_redirects=True)
    assert html.status_code == 200
    assert f"{format_.ending}?" not in html.text


@every_view
@every_format
@pytest.mark.parametrize("query", ["_nocol=id", "_col=key"])
@pytest.mark.asyncio
async def test_a_view_without_its_row_numbers_says_what_it_lacks(
    serve: Serve, example_db: Path, table: str, format_: Format, query: str
) -> None:
    client = serve(example_db).client
    response = await client.get(f"/examples/{table}{format_.ending}?{query}")
    assert response.status_code == 400
    assert "column id" in response.text
    kept = await client.get(f"/examples/{table}{format_.ending}?{query}&_col=id&_size=1")
    assert kept.status_code == (400 if query == "_nocol=id" else 200)


@pytest.mark.parametrize("table", [each for each in SHOWN if each in TABLES])
@pytest.mark.asyncio
async def test_a_table_keeps_its_row_numbers_whatever_is_left_out(
    serve: Serve, example_db: Path, table: str
) -> None:
    column = next(each for each in reversed(TABLES[table].columns) if each != SHOWN[table][1])
    for query in (f"_nocol={column}", f"_col={column}"):
        response = await serve(example_db).client.get(f"/examples/{table}.nt?_size=2&{query}")
        assert response.status_code == 200
        assert response.content
