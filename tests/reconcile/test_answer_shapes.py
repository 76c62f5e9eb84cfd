"""Answers have the shapes that both versions of the specification ask of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.reconcile.conftest import ENTITIES, SERVICE
from tests.reconcile.shapes import (
    Manifest,
    ManifestInDraft,
    Result,
    Results,
    SuggestedEntities,
    SuggestedTypes,
    Wrong,
    shaped,
)

Serve = Callable[..., Any]
#: Names that one, several and none have, and some that are nearly theirs.
NAMES = [*(name for _, name, _, _ in ENTITIES), "Merkle, Angela", "Ministry", "Zyzzyva", "", "\0"]
#: What is no question of either version.
WRONG = [{"queries": "[]"}, {"queries": '{"q": {}}'}, {"extend": "{"}, {}]


@pytest.fixture
def client(serve: Serve, names_db: Path) -> Any:
    return serve(names_db).client


@pytest.mark.asyncio
async def test_each_version_has_a_manifest_of_its_own(client: Any) -> None:
    old, draft = await client.get(SERVICE), await client.get(f"{SERVICE}/draft")
    assert shaped(old, Manifest).defaultTypes == shaped(draft, ManifestInDraft).defaultTypes != []
    # No manifest is of both: what is asked at one address is answered in one way.
    for answer, other in ((old, ManifestInDraft), (draft, Manifest)):
        with pytest.raises(msgspec.ValidationError):
            shaped(answer, other)


@pytest.mark.asyncio
async def test_candidates_of_0_2(client: Any) -> None:
    batch = {f"q{place}": {"query": name, "limit": 50} for place, name in enumerate(NAMES)}
    answer = await client.post(SERVICE, data={"queries": json.dumps(batch)})
    found = shaped(answer, dict[str, Result])
    assert [*found] == [*batch]
    assert sum(len(each.result) for each in found.values()) > len(ENTITIES)
    assert shaped(await client.get(SERVICE, params={"query": "Merkel"}), Result).result


@pytest.mark.asyncio
async def test_candidates_of_the_draft(client: Any) -> None:
    of_name = ([{"matchType": "name", "propertyValue": name}] for name in NAMES)
    queries = [{"conditions": each, "limit": 50} for each in of_name]
    answer = await client.post(f"{SERVICE}/draft/match", json={"queries": queries})
    found = shaped(answer, Results).results
    assert len(found) == len(NAMES)
    assert sum(len(each.candidates) for each in found) > len(ENTITIES)


@pytest.mark.parametrize("version", ["", "/draft"])
@pytest.mark.asyncio
async def test_suggestions(client: Any, version: str) -> None:
    of = f"{SERVICE}{version}/suggest"
    for prefix in ("A", "Min", "王", "<b>", "zz", ""):
        shaped(await client.get(f"{of}/entity", params={"prefix": prefix}), SuggestedEntities)
        shaped(await client.get(f"{of}/type", params={"prefix": prefix}), SuggestedTypes)
    (merkel,) = shaped(await client.get(f"{of}/entity?prefix=Merkel"), SuggestedEntities).result
    assert (merkel.name, merkel.notable[0].id) == ("Angela Merkel", "Person")


@pytest.mark.parametrize("version", ["", "/draft"])
@pytest.mark.asyncio
async def test_a_preview_is_a_page_that_can_stand_in_a_frame(client: Any, version: str) -> None:
    (found,) = shaped(await client.get(SERVICE, params={"query": "Merkel"}), Result).result
    answer = await client.get(f"{SERVICE}{version}/preview", params={"id": found.id})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "x-frame-options" not in answer.headers
    tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            tags.append(tag)

    Tags().feed(answer.text)
    assert tags[:2] == ["html", "head"]
    assert not {"script", "form", "iframe", "link"} & {*tags}
    assert "Angela Merkel" in answer.text


@pytest.mark.parametrize("form", WRONG)
@pytest.mark.asyncio
async def test_what_is_wrong_is_said_in_json(client: Any, form: dict[str, str]) -> None:
    answer = await client.post(SERVICE, data=form)
    assert answer.status_code == 400
    assert shaped(answer, Wrong)
