"""Served under a prefix, behind a proxy that keeps it in the path or takes it away."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from datasette.utils import PrefixedUrlString

PREFIX = "/data/"
HOST = "http://localhost"
#: Attributes of elements that hold an address.
ATTRIBUTES = ("href", "src", "action", "formaction", "xlink:href", "data-url")


def start_pages(path: Path) -> list[str]:
    """Pages of each kind, ours and Datasette's, errors and redirects among them."""
    with closing(sqlite3.connect(path)) as connection:
        keys = {
            kind: connection.execute(f"SELECT key FROM {table} ORDER BY id").fetchone()[0]
            for kind, table in (
                ("article", "articles"),
                ("entity", "entities"),
                ("relation", "relations"),
            )
        }
    ours = "examples/-/newsgraph"
    paths = [
        *("", "-/newsgraph", "examples", ours, f"{ours}/search?q=france"),
        *(f"{ours}/{kind}/{key}" for kind, key in keys.items()),
        *(f"{ours}/id/{kind}/{key}" for kind, key in keys.items()),
        *(f"{ours}/article/nowhere", "examples/nowhere", "nowhere"),
        *("examples/article_index?_size=3", "examples/relation_index?_size=3"),
        "examples/mention_index?_size=3&type=Person&_facet=surface&_facet_size=2&_sort=surface",
        f"examples/article_index?_entity={keys['entity']}&_facet_counted=entity:*",
        "examples/article_index?_predicate=member+of&_zones=all",
        "examples/mention_index.json?_size=3&_facet_counted=type&_extra=facet_results",
        *("examples/entities?_size=3&_facet=type&_facet_size=1", "examples/entities/1"),
        "examples/named_together?name=France&type=",
    ]
    return [PREFIX + each for each in paths]


def addresses_in(answer: Any, page: Callable[[str], Any]) -> Iterator[str]:
    """All addresses that an answer gives, in its headers and in itself."""
    if "location" in answer.headers:
        yield answer.headers["location"]
    # Datasette 0.65 has no brackets around its own.
    for link in answer.headers.get("link", "").split(", "):
        if link:
            yield link.partition(";")[0].strip("<>")
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html"):
        for element in page(answer.text).elements:
            yield from (value for name, value in element.attributes.items() if name in ATTRIBUTES)
    elif kind.startswith("application/json"):
        yield from re.findall(rf'"((?:{HOST})?/[^"]*)"', answer.text)


def kind_of(address: str) -> str:
    """The path of an address without what tells one thing from others of its kind."""
    path = re.sub(r"(article|entity|relation|mention|quote|evidence)/[^/.]+", r"\1/*", address)
    return re.sub(r"(?<=examples/)\w+|\d+", "*", urlsplit(path).path)


@pytest.mark.parametrize("takes_away", [False, True], ids=["kept", "taken away"])
@pytest.mark.asyncio
async def test_every_address_has_the_prefix_once(
    serve: Callable[..., Any], example_db: Path, page: Callable[[str], Any], takes_away: bool
) -> None:
    datasette = serve(example_db, settings={"base_url": PREFIX})

    async def ask(path: str) -> Any:
        """As a browser asks the proxy, and the proxy Datasette."""
        asked = "/" + path.removeprefix(PREFIX) if takes_away else path
        return await datasette.client.get(PrefixedUrlString(asked))

    found: dict[str, str] = {}
    for start in start_pages(example_db):
        answer = await ask(start)
        assert answer.status_code in ({404} if "nowhere" in start else {200, 303}), start
        given = list(addresses_in(answer, page))
        assert given, start
        for each in given:
            address = urljoin(HOST + start, each)
            if address.startswith(f"{HOST}/"):
                path = address.removeprefix(HOST)
                assert path.startswith(PREFIX), (start, each)
                assert not path.startswith(PREFIX * 2), (start, each)
                assert PREFIX not in path.removeprefix(PREFIX.rstrip("/")), (start, each)
                found.setdefault(kind_of(path), path.partition("#")[0])
    # Style sheets, scripts, pages, tables, rows, facets, downloads, what forms ask for.
    assert len(found) > 50
    if not takes_away:
        for path in found.values():
            assert (await ask(path)).status_code in (200, 302, 303), path
