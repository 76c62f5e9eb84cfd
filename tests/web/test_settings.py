"""The settings of the plugin: each does what is said of it, and what is wrong keeps a server from
starting.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from datasette.cli import cli

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.web.rdf.downloads import turnstiles_of
from datasette_newsgraph.web.settings import DEFAULTS, PLUGIN, SETTINGS, read_settings, settings_of
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import IS_1_0
from tests.permissions.visitors import private, serving

ROOT = Path(__file__).parents[2]
PLACE = "plugins > datasette-newsgraph"


def configured(**settings: Any) -> dict[str, Any]:
    """The configuration of a server with these settings, in either line's file."""
    return {"plugins": {PLUGIN: settings}}


def of_database(name: str, **settings: Any) -> dict[str, Any]:
    return {"databases": {name: {"plugins": {PLUGIN: settings}}}}


# --- Read and checked ------------------------------------------------------------------------


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_takes_its_default_and_its_bounds(name: str) -> None:
    setting = SETTINGS[name]
    values: list[Any] = [setting.least, setting.most] if setting.is_number else [True, False]
    values += [{"id": ["ana", "bob"]}] if setting.kind is dict else []
    for value in values:
        assert read_settings({name: value}, PLACE) == {name: value}
    assert setting.meaning.endswith((".", ")."))
    assert bool(setting.unit) == setting.is_number


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"assert_form": 0.5}, "there is no setting 'assert_form'; did you mean assert_from?"),
        ({"Assert_From": 0.5}, "there is no setting 'Assert_From'; did you mean assert_from?"),
        ({"zzz": 1}, f"there is no setting 'zzz'; there are {', '.join(SETTINGS)}"),
        ({"zzz\n": 1}, f"there is no setting 'zzz '; there are {', '.join(SETTINGS)}"),
        ({7: 1}, f"there is no setting 7; there are {', '.join(SETTINGS)}"),
        ({"assert_from": "0.5"}, "assert_from is a number, not '0.5'"),
        ({"assert_from": True}, "assert_from is a number, not true"),
        ({"assert_from": float("nan")}, "assert_from is a number, not NaN"),
        ({"assert_from": 1.01}, "assert_from is from 0 to 1, not 1.01"),
        ({"search_page_size": 2.5}, "search_page_size is a whole number, not 2.5"),
        ({"search_page_size": 0}, "search_page_size is from 1 to 100, not 0"),
        ({"search_page_size": None}, "search_page_size is a whole number, not null"),
        ({"search_page_size": [1]}, "search_page_size is a whole number, not [1]"),
        ({"whole_graph_downloads": 1}, "whole_graph_downloads is true or false, not 1"),
        (
            {"decide": "ana"},
            'decide is an allow block, as {"id": "ana"}, or true or false, not \'ana\'',
        ),
        ({"whole_graph_downloads": "no"}, "whole_graph_downloads is true or false, not 'no'"),
        ([], "settings are names with values, not []"),
        ("x" * 1000, f"settings are names with values, not '{'x' * 78}…"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_is_wrong_is_said_in_a_line(given: Any, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_settings(given, PLACE)
    assert str(refused.value) == f"{PLACE}: {message}"


def started(configuration: dict[str, Any]) -> Any:
    return Datasette(memory=True, **{"config" if IS_1_0 else "metadata": configuration})


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (configured(nothing=1), f"{PLACE}: there is no setting 'nothing'"),
        (of_database("news", nothing=1), f"databases > news > {PLACE}: there is no setting"),
        (
            of_database("news", downloads_at_once=1),
            f"databases > news > {PLACE}: downloads_at_once is a setting of the whole server",
        ),
        (
            {"databases": {"news": {"tables": {"articles": configured(assert_from=1)}}}},
            f"databases > news > tables > articles > {PLACE}: a table has no settings",
        ),
    ],
)
@pytest.mark.asyncio
async def test_a_server_with_a_wrong_setting_does_not_start(
    configuration: dict[str, Any], message: str
) -> None:
    with pytest.raises(click.ClickException) as refused:
        await started(configuration).invoke_startup()
    assert str(refused.value).startswith(message)


def test_the_command_says_it_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "configuration.json"
    file.write_text(json.dumps(configured(assert_form=1)))
    option = "--config" if IS_1_0 else "--metadata"
    done = CliRunner().invoke(cli, ["serve", "--memory", option, str(file), "--get", "/"])
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        f"Error: {PLACE}: there is no setting 'assert_form'; did you mean assert_from?"
    ]


@pytest.mark.asyncio
async def test_a_setting_of_a_database_comes_before_the_servers() -> None:
    datasette = started(
        configured(assert_from=0.7, search_page_size=7) | of_database("a", assert_from=0.9)
    )
    await datasette.invoke_startup()
    of_server = replace(DEFAULTS, assert_from=0.7, search_page_size=7)
    assert settings_of(datasette, None) == settings_of(datasette, "b") == of_server
    assert settings_of(datasette, "a") == replace(of_server, assert_from=0.9)
    assert settings_of(started({}), "a") == DEFAULTS


def test_the_documented_example_is_right_and_whole() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    example = next(each for each in re.findall("```json\n(.*?)```", page, re.S) if PLUGIN in each)
    document = json.loads(example)
    of_server = read_settings(document["plugins"][PLUGIN], PLACE)
    block = document["databases"]["newsgraph"]["plugins"][PLUGIN]
    given = of_server | read_settings(block, PLACE, is_of_server=False)
    assert given.keys() == SETTINGS.keys()
    for name, value in given.items():
        assert value != SETTINGS[name].default
    (said,) = re.findall("^Error: (.*)$", page, re.M)
    wrong = re.findall("'(.*?)'", said)[0]
    with pytest.raises(UsageError) as refused:
        read_settings({wrong: 1}, PLACE)
    assert str(refused.value) == said


# --- What each does --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of a town with neighbours, one of which it has an unsure relation with."""
    path = tmp_path_factory.mktemp("towns") / "news.db"
    places = [
        {"id": f"e{number}", "type": "Place", "name": f"Town {number}"} for number in range(9)
    ]
    relations = [
        {"subject": "e0", "predicate": "near", "object": f"e{number}", "confidence": number / 10}
        for number in range(1, 9)
    ]
    load(path, [{"id": "a", "title": "Towns", "entities": places, "relations": relations}])
    return path


async def page_of(path: Path, configuration: dict[str, Any], address: str) -> Any:
    async with serving(path, configuration) as server:
        return await server.anybody.get(address)


@pytest.mark.asyncio
async def test_whole_graph_downloads(towns: Path) -> None:
    off = of_database("news", whole_graph_downloads=False)
    async with serving(towns, off) as server:
        for format_ in FORMATS:
            answer = await server.anybody.get(f"{GRAPH}{format_.ending}")
            assert answer.status_code == 404
        overview = (await server.anybody.get(GRAPH)).text
        rows = await server.anybody.get("/news/entity_index.nt")
        assert rows.status_code == 200
    assert "newsgraph.ttl" not in overview
    assert "Download as" not in overview
    assert "DataDownload" not in overview
    assert '"@type":"Dataset"' in overview.replace(" ", "")
    seen = (await page_of(towns, of_database("other", whole_graph_downloads=False), GRAPH)).text
    assert "Download as" in seen
    assert "DataDownload" in seen


@pytest.mark.asyncio
async def test_assert_from(towns: Path, page: Callable[[str], Any]) -> None:
    """Everywhere where RDF is served, and in words on pages; and what a client has kept of the other is
    not it.
    """
    tags = []
    for least, expected in ((0.5, 4), (0.3, 6), (1, 0), (0, 8)):
        async with serving(towns, of_database("news", assert_from=least)) as server:
            asked = await server.anybody.get(f"{GRAPH}/search?q=town+0")
            entity = page(asked.text).all("a", class_="hit")[0].attributes["href"]
            for address in (
                f"{GRAPH}.nt",
                f"{entity}.nt",
                "/news/relation_index.nt",
                f"{GRAPH}/search.nt?q=town",
            ):
                answer = await server.anybody.get(address)
                asserted = re.findall(r"^<[^>]*> <[^>]*[/#]near> <", answer.text, re.M)
                if "search" not in address or asserted:
                    assert len(asserted) == expected, address
            rows = page((await server.anybody.get("/news/relation_index")).text)
            assert len(rows.all("span", class_="ng-uncertain")) == 8 - expected
            tags.append((await server.anybody.get(f"{GRAPH}.nt")).headers["etag"])
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("count", [0, 3, 39])
@pytest.mark.asyncio
async def test_drawn_neighbours(towns: Path, page: Callable[[str], Any], count: int) -> None:
    async with serving(towns, of_database("news", drawn_neighbours=count)) as server:
        asked = await server.anybody.get(f"{GRAPH}/search?q=town+0")
        address = page(asked.text).all("a", class_="hit")[0].attributes["href"]
        html = page((await server.anybody.get(address)).text)
    sections = html.all("section", class_="ng-neighbourhood")
    assert len(sections) == bool(count)
    drawn = {
        name for name in map("Town {}".format, range(1, 9)) if sections and name in sections[0].text
    }
    assert len(drawn) == min(count, 8)


@pytest.mark.parametrize(("size", "last"), [(3, 167), (20, 25), (100, 5)])
@pytest.mark.asyncio
async def test_search_page_size(
    towns: Path, page: Callable[[str], Any], size: int, last: int
) -> None:
    async with serving(towns, of_database("news", search_page_size=size)) as server:
        address = f"{GRAPH}/search?q=town&in=entities"
        seen = []
        while address:
            html = page((await server.anybody.get(address)).text)
            seen.append(len(html.all("a", class_="hit")))
            more = html.all("a", rel="next")
            address = more[0].attributes["href"] if more else ""
        assert seen == [3, 3, 3] if size == 3 else [9]
        for number, status in ((last, 200), (last + 1, 400)):
            address = f"{GRAPH}/search?q=town&in=entities&page={number}"
            assert (await server.anybody.get(address)).status_code == status


@pytest.mark.asyncio
async def test_search_time_limit(towns: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Datasette's to keep it; what it is given is the setting, or the server's own if less."""
    from datasette_newsgraph.web.access import visit

    given = []

    async def read_within(database: Any, milliseconds: int, work: Any, parts: Any) -> Any:
        given.append(milliseconds)
        return await database.execute_fn(work)

    monkeypatch.setattr(visit, "read_within", read_within)
    for limit, expected in ((77, 77), (60_000, 10_000)):
        given.clear()
        configuration = of_database("news", search_time_limit_ms=limit)
        assert (await page_of(towns, configuration, f"{GRAPH}/search?q=town")).status_code == 200
        assert set(given) == {expected}


@pytest.mark.asyncio
async def test_downloads_at_once(towns: Path) -> None:
    asked = configured(downloads_at_once=1, small_downloads_at_once=2)
    async with serving(towns, asked) as server, serving(towns) as other:
        turnstiles = turnstiles_of(server.datasette)
        whole, part = turnstiles.whole, turnstiles.part
        assert [whole.enter() for _ in range(2)] == [True, False]
        assert [part.enter() for _ in range(3)] == [True, True, False]
        statuses = {}
        for each in (server, other):
            for address in (f"{GRAPH}.nt", "/news/entity_index.nt"):
                statuses[each, address] = (await each.anybody.get(address)).status_code
        # Another server in the same process has its own.
        assert list(statuses.values()) == [503, 503, 200, 200]
        whole.leave()
        assert (await server.anybody.get(f"{GRAPH}.nt")).status_code == 200


@pytest.mark.parametrize(
    ("setting", "hidden", "is_there"),
    [({}, (), True), ({"names_while_typing": False}, (), False), ({}, ("entities_fts",), False)],
)
@pytest.mark.asyncio
async def test_names_while_typing(
    towns: Path,
    page: Callable[[str], Any],
    setting: dict[str, bool],
    hidden: tuple[str, ...],
    is_there: bool,
) -> None:
    """Neither is anything offered to whoever may not search names."""
    configuration = private(*hidden)
    configuration["databases"]["news"] |= configured(**setting)
    async with serving(towns, configuration) as server:
        for address in (GRAPH, f"{GRAPH}/search?q=towns"):
            html = page((await server.anybody.get(address)).text)
            sources = [each.attributes.get("src", "") for each in html.all("script")]
            ours = [each for each in sources if "newsgraph" in each]
            assert len(ours) == len(html.all("datalist")) == is_there
            for each in ours:
                assert (await server.anybody.get(each)).status_code == 200
