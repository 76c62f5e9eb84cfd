"""Files for graph tools over HTTP: the bytes of the command, for who may see all that is in them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from datasette_newsgraph.property_graphs import GraphFormat
from datasette_newsgraph.web.graph_files import OFFERED
from tests.rdf.exported_graphs import newsgraph
from tests.web.streams import first_key

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

HOME = "/examples/-/newsgraph"
IS_1_0 = hasattr(Datasette, "allowed_resources")
every_format = pytest.mark.parametrize("format_", OFFERED, ids=lambda each: each.name)


def only_root_sees(table: str) -> dict[str, Any]:
    """The option that hides a table from all others, of either line."""
    settings = {"databases": {"examples": {"tables": {table: {"allow": {"id": "root"}}}}}}
    return {"config" if IS_1_0 else "metadata": settings}


def exported(path: Path, format_: GraphFormat, *options: str) -> bytes:
    """What the command writes to its standard output."""
    result = newsgraph("export", path, "-f", format_.name, *options)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


@every_format
@pytest.mark.asyncio
async def test_the_whole_graph_is_what_the_command_exports(
    serve: Serve, example_db: Path, format_: GraphFormat
) -> None:
    response = await serve(example_db).client.get(f"{HOME}{format_.ending}")
    assert response.status_code == 200
    assert response.headers["content-type"] == format_.media_type
    assert f'filename="examples{format_.ending}"' in response.headers["content-disposition"]
    assert response.content == exported(example_db, format_)


@every_format
@pytest.mark.asyncio
async def test_an_entity_is_what_the_command_exports_of_it(
    serve: Serve, example_db: Path, format_: GraphFormat
) -> None:
    key = first_key(example_db, "entities")
    response = await serve(example_db).client.get(f"{HOME}/entity/{key}{format_.ending}")
    assert response.status_code == 200
    assert response.content == exported(example_db, format_, "--entity", key)


@pytest.mark.asyncio
async def test_pairs_may_be_asked_for_from_a_number_of_articles_on(
    serve: Serve, example_db: Path
) -> None:
    client = serve(example_db).client
    (gexf,) = (each for each in OFFERED if each.name == "gexf")
    response = await client.get(f"{HOME}.gexf?together=2")
    assert response.content == exported(example_db, gexf, "--together", "2")
    assert response.content != (await client.get(f"{HOME}.gexf")).content


@pytest.mark.parametrize("given", ["0", "-1", "two", "", "1.5", "9" * 10_000, "²", "%00"])
@pytest.mark.asyncio
async def test_what_is_no_number_of_articles_is_refused(
    serve: Serve, example_db: Path, given: str
) -> None:
    response = await serve(example_db).client.get(f"{HOME}.gexf?together={given}")
    assert response.status_code == 400
    assert "1 or more" in response.text


@pytest.mark.asyncio
async def test_together_is_for_gexf_alone(serve: Serve, example_db: Path) -> None:
    response = await serve(example_db).client.get(f"{HOME}.graphml?together=2")
    assert response.status_code == 400
    assert "together is not for GraphML" in response.text


@every_format
@pytest.mark.asyncio
async def test_who_has_it_is_told_so(serve: Serve, example_db: Path, format_: GraphFormat) -> None:
    client = serve(example_db).client
    for address in (
        f"{HOME}{format_.ending}",
        f"{HOME}/entity/{first_key(example_db, 'entities')}{format_.ending}",
    ):
        tag = (await client.get(address)).headers["etag"]
        again = await client.get(address, headers={"if-none-match": tag})
        assert again.status_code == 304
        assert again.content == b""


@every_format
@pytest.mark.asyncio
async def test_head_says_what_get_would(
    serve: Serve, example_db: Path, format_: GraphFormat
) -> None:
    client = serve(example_db).client
    head, got = [
        await getattr(client, method)(f"{HOME}{format_.ending}") for method in ("head", "get")
    ]
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-disposition"] == got.headers["content-disposition"]


@every_format
@pytest.mark.asyncio
async def test_what_is_not_there_is_not_found(
    serve: Serve, example_db: Path, format_: GraphFormat
) -> None:
    response = await serve(example_db).client.get(f"{HOME}/entity/nobody{format_.ending}")
    assert response.status_code == 404


@every_format
@pytest.mark.parametrize("table", ["articles", "entities", "relations", "appearances", "evidence"])
@pytest.mark.asyncio
async def test_who_may_not_see_a_table_of_it_is_refused_and_offered_nothing(
    serve: Serve, example_db: Path, format_: GraphFormat, table: str, page: Parse
) -> None:
    client = serve(example_db, **only_root_sees(table)).client
    key = first_key(example_db, "entities")
    for address in (f"{HOME}{format_.ending}", f"{HOME}/entity/{key}{format_.ending}"):
        assert (await client.get(address)).status_code == 403
    for address in (HOME, f"{HOME}/entity/{key}"):
        assert f"{format_.ending}" not in (await client.get(address)).text


@pytest.mark.asyncio
async def test_pages_offer_them(serve: Serve, example_db: Path, page: Parse) -> None:
    client = serve(example_db).client
    key = first_key(example_db, "entities")
    for address in (HOME, f"{HOME}/entity/{key}"):
        found = page((await client.get(address)).text)
        for format_ in OFFERED:
            assert found.link(format_.title) == f"{address}{format_.ending}"


@every_format
@pytest.mark.asyncio
async def test_a_server_may_offer_no_whole_graphs(
    serve: Serve, example_db: Path, format_: GraphFormat
) -> None:
    settings = {"datasette-newsgraph": {"whole_graph_downloads": False}}
    option = {"config" if IS_1_0 else "metadata": {"plugins": settings}}
    client = serve(example_db, **option).client
    assert (await client.get(f"{HOME}{format_.ending}")).status_code == 404
    assert f'{HOME}{format_.ending}"' not in (await client.get(HOME)).text
    key = first_key(example_db, "entities")
    assert (await client.get(f"{HOME}/entity/{key}{format_.ending}")).status_code == 200


@every_format
@pytest.mark.asyncio
async def test_a_former_key_leads_to_what_is_there_now(
    serve: Serve, example_db: Path, tmp_path: Path, format_: GraphFormat
) -> None:
    database = Path(shutil.copy(example_db, tmp_path / "examples.db"))
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT key FROM entities WHERE type = 'Person' ORDER BY key LIMIT 2"
        kept, former = (key for (key,) in connection.execute(query))
    assert newsgraph("merge", database, former, kept, "--keep", kept).exit_code == 0
    client = serve(database).client
    response = await client.get(f"{HOME}/entity/{former}{format_.ending}")
    assert response.status_code == 301
    assert response.headers["location"] == f"{HOME}/entity/{kept}{format_.ending}"
    there = await client.get(response.headers["location"])
    assert there.content == exported(database, format_, "--entity", former)


@pytest.mark.asyncio
async def test_a_file_leads_to_the_page_that_is_about_it(serve: Serve, example_db: Path) -> None:
    client = serve(example_db).client
    whole = (await client.get(f"{HOME}.gexf")).headers["link"]
    assert f'<{HOME}>; rel="collection"; type="text/html"' in whole
    assert f'<{HOME}/void>; rel="describedby"' in whole
    key = first_key(example_db, "entities")
    part = (await client.get(f"{HOME}/entity/{key}.gexf")).headers["link"]
    assert part == f'<{HOME}/entity/{key}>; rel="describes"; type="text/html"'
