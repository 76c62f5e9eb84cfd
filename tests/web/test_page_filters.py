"""The filter of a page of a view: made once a request, whatever else filters the page, or loads into
its graph meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette import hookimpl
from datasette.filters import FilterArguments
from datasette.plugins import pm

from datasette_newsgraph.facets import filtering
from datasette_newsgraph.facets.catalogue import facet_named
from datasette_newsgraph.facets.clauses import LinkedValue
from datasette_newsgraph.facets.filtering import Condition, PageFilter
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.tables import page_filters

Serve = Callable[..., Any]

TEXT = "Ana met Bo.\n\nPhoto: Ana, Bo"
ZONES = [{"zone": "body", "start": 0, "end": 11}, {"zone": "caption", "start": 13, "end": 27}]


def _article(number: int) -> dict[str, Any]:
    """Every third article names both in a caption alone."""
    places = (20, 25) if number % 3 == 0 else (0, 8)
    return {
        "id": f"a{number}",
        "language": "en" if number % 2 else "de",
        "text": TEXT,
        "zones": ZONES,
        "entities": [
            {
                "id": name,
                "type": "Person",
                "name": name,
                "mentions": [{"start": start, "end": start + len(name), "text": name}],
            }
            for name, start in zip(("Ana", "Bo"), places, strict=True)
        ],
    }


#: Of so many articles, these name both in their main text.
NUMBER = 12
MAIN = [number for number in range(NUMBER) if number % 3]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filtered") / "filtered.db"
    load(path, [_article(number) for number in range(NUMBER)])
    return path


@pytest.fixture(scope="module")
def keys(graph: Path) -> list[str]:
    with closing(sqlite3.connect(graph)) as connection:
        return [row[0] for row in connection.execute("SELECT key FROM entities ORDER BY name")]


async def _facets(datasette: Any, *asked: tuple[str, str]) -> dict[str, dict[str, int]]:
    """The counts of each facet of a page of articles, with how many articles it has."""
    query = urlencode([*asked, ("_extra", "count,facet_results")])
    response = await datasette.client.get(f"/filtered/article_index.json?{query}")
    assert response.status_code == 200, response.text
    found = response.json()
    facets = found["facet_results"]
    counts = {
        name: {each["value"]: each["count"] for each in facet["results"]}
        for name, facet in facets.get("results", facets).items()
    }
    return counts | {"": {"": found.get("count", found.get("filtered_table_rows_count"))}}


@contextmanager
def _plugin(hook: Any) -> Iterator[None]:
    plugin = type("Plugin", (), {"__name__": "filtering", "filters_from_request": hook})()
    pm.register(plugin)
    try:
        yield
    finally:
        pm.unregister(plugin)


@pytest.mark.parametrize("is_under_way_first", [True, False], ids=["ends", "begins"])
@pytest.mark.asyncio
async def test_a_load_that_ends_or_begins_meanwhile_changes_no_count(
    serve: Serve,
    tmp_path: Path,
    graph: Path,
    keys: list[str],
    monkeypatch: pytest.MonkeyPatch,
    is_under_way_first: bool,
) -> None:
    path = tmp_path / "filtered.db"
    path.write_bytes(graph.read_bytes())

    def change(is_under_way: bool) -> None:
        note = "INSERT INTO unsettled VALUES ('entity', 1)"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(note if is_under_way else "DELETE FROM unsettled")
            connection.commit()

    made = page_filters.link_clauses

    def then_change(*args: Any) -> list[str]:
        clauses = made(*args)
        change(not is_under_way_first)
        return clauses

    change(is_under_way_first)
    monkeypatch.setattr(page_filters, "link_clauses", then_change)
    counts = await _facets(serve(path), *(("_entity", key) for key in keys))
    assert counts[""] == {"": len(MAIN)}
    assert counts["Person"] == dict.fromkeys(keys, len(MAIN))
    assert counts["zones"] == {"all": NUMBER}


@pytest.mark.parametrize("in_all", [False, True])
@pytest.mark.asyncio
async def test_no_clause_of_a_page_is_made_twice(
    serve: Serve, graph: Path, keys: list[str], monkeypatch: pytest.MonkeyPatch, in_all: bool
) -> None:
    made: list[list[str]] = []
    original = filtering.link_clauses

    def note(connection: sqlite3.Connection, view: str, linked: Any) -> list[str]:
        made.append([each.facet.name for each in linked])
        return original(connection, view, linked)

    for module in (filtering, page_filters):
        monkeypatch.setattr(module, "link_clauses", note)
    zones = [("_zones", "all")] if in_all else []
    await _facets(serve(graph), ("_entity", keys[0]), ("language", "en"), *zones)
    # Those of all zones are others, where the page is of the main ones.
    assert made == ([["entity@all"]] if in_all else [["entity"], ["entity@all"]])


EVEN = "id % 2 = 0"


@hookimpl
def _first(self: Any, request: Any) -> FilterArguments:
    return FilterArguments([EVEN])


@hookimpl(trylast=True)
def _last(self: Any, request: Any) -> FilterArguments:
    return FilterArguments(["id % :two = 0"], {"two": 2}, ["even"])


@hookimpl(hookwrapper=True)
def _around(self: Any, request: Any) -> Iterator[None]:
    outcome: Any = yield
    outcome.force_result([*outcome.get_result(), FilterArguments([EVEN])])


@pytest.mark.parametrize("hook", [_first, _last, _around], ids=["first", "last", "around ours"])
@pytest.mark.asyncio
async def test_what_another_plugin_filters_by_is_counted(
    serve: Serve, graph: Path, keys: list[str], hook: Any
) -> None:
    with closing(sqlite3.connect(graph)) as connection:
        ids = {row[0] for row in connection.execute(f"SELECT id FROM articles WHERE {EVEN}")}
        given = dict(connection.execute("SELECT id, given_id FROM articles"))
    even = [number for number in range(NUMBER) if f"a{number}" in {given[each] for each in ids}]
    with _plugin(hook):
        counts = await _facets(serve(graph), ("_entity", keys[0]))
        assert counts["Person"] == dict.fromkeys(keys, len(set(even) & set(MAIN)))
        # What is filtered by after us cannot be left out of what we know, nor widened.
        assert counts.get("zones") == (None if hook is _around else {"all": len(even)})
        every = await _facets(serve(graph))
    assert every[""] == {"": len(even)}
    assert sum(every["language"].values()) == len(even)


_PERSON = LinkedValue(facet_named("article_index", "entity"), "k", "key")  # type: ignore[arg-type]
_PAGE = PageFilter("v", [Condition("a = :p0")], [_PERSON], ["id = 1"], {"p0": "x", "key": "k"})


@pytest.mark.parametrize(
    ("page", "sql", "params", "is_that"),
    [
        (_PAGE, "select a, b from v where a = :p0 and id = 1 ", {"p0": "x", "key": "k"}, True),
        (_PAGE, "select a from v where a = :p0 and id = 1", {"p0": "y", "key": "k"}, False),
        (_PAGE, "select a from v where a = :p0 and id = 1", {"p0": "x"}, False),
        (_PAGE, "select a from v where b and a = :p0 and id = 1", {"p0": "x", "key": "k"}, False),
        (_PAGE, "select a from v where a = :p0 and id = 1 and b", {"p0": "x", "key": "k"}, False),
        (_PAGE, "select a from v ", {"p0": "x", "key": "k"}, False),
        (PageFilter("v"), "select a from v ", {}, True),
        (PageFilter("v"), "select a from v ", [], True),
        (PageFilter("v"), "select a from v where a = 1 ", {}, False),
        (PageFilter("v"), "select a from other_v ", {}, False),
    ],
)
def test_it_knows_the_sql_of_its_page(
    page: PageFilter, sql: str, params: Any, is_that: bool
) -> None:
    assert page.is_that_of(sql, params) == is_that
