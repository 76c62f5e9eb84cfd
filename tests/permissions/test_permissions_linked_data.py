"""The JSON-LD within pages says no more to somebody than an export of what they may see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from datasette_newsgraph.kinds import WITH_PAGE
from datasette_newsgraph.mapping.profiles import profile_named
from datasette_newsgraph.rdf import format_named
from tests.conftest import Page
from tests.permissions.addresses import GRAPH, Shape
from tests.permissions.marked_news import emptied, on_supported_versions, sight_without
from tests.permissions.visitors import Visitor, private, serving
from tests.rdf.rdf_tools import Graph, export, iri, read_with_pyoxigraph
from tests.web.linked_data_read import OF_PAGES, triples_of

pytestmark = on_supported_versions

NTRIPLES = format_named("ntriples")
#: Tables that a page's JSON-LD is made of, and what is no longer in it when they are hidden.
MADE_OF = {
    "articles": "schema:appearance",
    "appearances": "schema:mentions",
    "zones": "schema:mentions",
    "evidence": "schema:appearance",
    "identifiers": "schema:sameAs",
    "article_texts": "schema:sha256",
}


async def said(who: Visitor, shape: Shape) -> Graph:
    """What the pages of all things say together, as far as they are shown."""
    found: Graph = set()
    for kind in WITH_PAGE:
        for key in shape.keys[kind.name]:
            answer = await who.get(f"{GRAPH}/{kind.name}/{key}")
            for script in Page(answer.text).all("script", type="application/ld+json"):
                found |= triples_of(json.loads(script.text))
    return {each for each in found if each[1] not in OF_PAGES}


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", MADE_OF)
async def test_pages_say_no_more_than_may_be_seen(
    news: Path, shape: Shape, hidden: str, tmp_path: Path
) -> None:
    gone = iri(MADE_OF[hidden])
    async with serving(news, private(hidden)) as server:
        shown = await said(server.anybody, shape)
        everything = await said(server.alice, shape)
    assert shown < everything
    assert gone in {predicate for _, predicate, _ in everything}
    assert gone not in {predicate for _, predicate, _ in shown}
    document = export(
        emptied(news, tmp_path, hidden),
        NTRIPLES,
        profile=profile_named("schema"),
        tables=sight_without(hidden).readable,
    )
    assert shown <= set(read_with_pyoxigraph(document, NTRIPLES))
