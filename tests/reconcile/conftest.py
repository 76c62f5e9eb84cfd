"""What the tests of reconciliation share: a graph with namesakes, and how its service is asked."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.loading.load import load
from tests.permissions.marked_news import DATABASE

SERVICE = f"/{DATABASE}/-/newsgraph/reconcile"
#: (type, name, other names, identifier)
ENTITIES: list[tuple[str, str, list[str], str | None]] = [
    ("Person", "Angela Merkel", ["Merkel"], None),
    ("Person", "Angela Davis", [], None),
    ("Person", "George Washington", ["Washington"], None),
    ("Place", "Washington", [], "https://www.wikidata.org/wiki/Q61"),
    ("Place", "Łódź", [], None),
    ("Place", "United States", ["USA", "U.S."], "https://www.wikidata.org/wiki/Q30"),
    ("Organization", "Ministry of Health", [], None),
    ("Organization", "Ministry of Finance", [], None),
    ("Organization", "Bank of <b>Albania</b> & Sons", [], None),
    ("Person", "王毅", [], None),
    ("Event", "Ministry of Health", [], None),
    ("Date", "Friday", [], None),
]


def articles_of(*entities: tuple[str, str, list[str], str | None]) -> list[dict[str, Any]]:
    """Two articles with these entities, of which the second names those of odd places only."""
    told = [
        {
            "id": f"e{place}",
            "type": type_,
            "name": name,
            "aliases": aliases,
            "same_as": [iri] if iri else [],
            "description": f"the {type_.lower()} {name[:20]}",
        }
        for place, (type_, name, aliases, iri) in enumerate(entities)
    ]
    return [
        {"id": "a1", "title": "One", "text": "Nothing much.", "entities": told},
        {"id": "a2", "title": "Two", "text": "Nothing more.", "entities": told[1::2]},
    ]


@pytest.fixture(scope="session")
def names_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reconciled") / f"{DATABASE}.db"
    load(path, articles_of(*ENTITIES), base_iri="https://news.example.org/graph/")
    return path


Ask = Callable[..., Awaitable[list[dict[str, Any]]]]


@pytest.fixture
def ask(serve: Callable[..., Any], names_db: Path) -> Ask:
    """``await ask("Merkel", type="Person")``: the candidates, which both versions give alike."""

    async def asked(name: str, **others: Any) -> list[dict[str, Any]]:
        client = serve(names_db).client
        batch = {"q": {"query": name, **others}}
        old = await client.post(SERVICE, data={"queries": json.dumps(batch)})
        condition = {"matchType": "name", "propertyValue": name}
        types = {"type": others["type"]} if isinstance(others.get("type"), str) else {}
        query = {"conditions": [condition], **types, "limit": others.get("limit", 5)}
        new = await client.post(f"{SERVICE}/draft/match", json={"queries": [query]})
        assert (old.status_code, new.status_code) == (200, 200), old.text + new.text
        found: list[dict[str, Any]] = old.json()["q"]["result"]
        if not isinstance(others.get("type"), list):
            assert new.json() == {"results": [{"candidates": found}]}
        return found

    return asked
