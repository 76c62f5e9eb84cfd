"""One request can ask for so much and no more, on every page of rows of a news graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio

Serve = Callable[..., Any]


@pytest.mark.parametrize(
    ("table", "wanted", "most", "says"),
    [
        ("article_index", "_facet_counted=publisher", 50, "50 facets"),
        ("article_index", "_facet=publisher", 50, "50 facets"),
        ("entities", "_facet=type", 50, "50 facets"),
        ("article_index", "_entity=nobody", 200, "200 values"),
        ("entity_index", "_publisher=nobody", 200, "200 values"),
    ],
)
@pytest.mark.parametrize("kind", ["", ".json", ".csv", ".ttl"])
async def test_too_much_is_refused_at_once(
    serve: Serve, example_db: Path, table: str, wanted: str, most: int, says: str, kind: str
) -> None:
    client = serve(example_db).client
    response = await client.get(f"/examples/{table}{kind}?" + "&".join([wanted] * (most + 1)))
    assert (response.status_code, says in response.text) == (400, True)


@pytest.mark.parametrize("wanted", ["_facet=type", "_facet_size=3&_facet=name"])
async def test_as_much_as_is_allowed_is_answered(
    serve: Serve, example_db: Path, wanted: str
) -> None:
    path = "/examples/entities.json?" + "&".join([wanted] * 50)
    assert (await serve(example_db).client.get(path)).status_code == 200
