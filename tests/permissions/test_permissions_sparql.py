"""The endpoint answers of what its visitor may see, and of that alone: counts, ASK and DESCRIBE too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.web.sparql.pool import pool_of
from tests.permissions.addresses import GRAPH, Shape
from tests.permissions.marked_news import DATABASE, on_supported_versions
from tests.permissions.visitors import ONLY_ALICE, Config, Visitor, private, serving

pytestmark = [on_supported_versions, pytest.mark.asyncio]

ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
ANNOTATES = "?thing <http://www.w3.org/ns/oa#hasBody> ?body"
#: Of each table, what it is that only it tells: the class of its things, or a property.
KINDS = {
    "articles": "?thing a <https://schema.org/NewsArticle>",
    "entities": "?thing <https://schema.org/name> 'Entitymark'",
    "mentions": f"{ANNOTATES} FILTER(CONTAINS(STR(?thing), '/mention/'))",
    "relations": "?thing a <http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement>",
    "evidence": f"{ANNOTATES} FILTER(CONTAINS(STR(?thing), '/evidence/'))",
    "quotes": "?thing a <https://schema.org/Quotation>",
}
HIDDEN = [*KINDS, "article_texts", "identifiers", "aliases", "zones", "extractions", "vocabulary"]


async def asked(visitor: Visitor, query: str, format_: str = "json") -> Any:
    """The answer to a question."""
    return await visitor.datasette.client.get(
        f"{GRAPH}/sparql", params={"query": query, "format": format_}, headers=visitor.headers
    )


async def truth(visitor: Visitor, pattern: str) -> bool:
    """Whether something is in the graph of a visitor."""
    found: bool = (await asked(visitor, f"ASK {{ {pattern} }}")).json()["boolean"]
    return found


async def number(visitor: Visitor, query: str) -> int:
    """The number that a question asks for."""
    (row,) = (await asked(visitor, query)).json()["results"]["bindings"]
    return int(row["n"]["value"])


@pytest.mark.parametrize("table", HIDDEN)
async def test_a_visitor_asks_the_graph_that_they_may_download(news: Path, table: str) -> None:
    async with serving(news, private(table)) as server:
        seen = {}
        for visitor in (server.anybody, server.alice):
            whole = set((await visitor.get(f"{GRAPH}.nt")).text.splitlines())
            answer = await asked(visitor, ALL, "ntriples")
            assert set(answer.text.splitlines()) == whole
            assert await number(visitor, COUNT) == len(whole)
            seen[visitor] = whole
        assert seen[server.anybody] != seen[server.alice]
        # What differs from one visitor to the next, nobody keeps.
        answer = await asked(server.alice, COUNT)
        assert answer.headers["cache-control"] == "private, no-store"
        assert "etag" not in (await asked(server.anybody, COUNT)).headers
        pool_of(server.datasette).close()


@pytest.mark.parametrize("table", KINDS)
async def test_what_is_hidden_is_as_if_there_were_none(
    news: Path, shape: Shape, table: str
) -> None:
    pattern = KINDS[table]
    kind = next(name for name, of in (("article", "articles"), *_KINDS) if of == table)
    async with serving(news, private(table)) as server:
        whole = (await server.alice.get(f"{GRAPH}.nt")).text
        thing = next(
            line.split()[0]
            for line in whole.splitlines()
            if f"/{kind}/{shape.keys[kind][0]}>" in line
        )
        for visitor, sees in ((server.anybody, False), (server.alice, True)):
            assert await truth(visitor, pattern) is sees
            count = f"SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ {pattern} }}"
            assert (await number(visitor, count) > 0) is sees
            # Not even that there is nothing under a key tells of it.
            assert await truth(visitor, f"FILTER NOT EXISTS {{ {pattern} }}") is not sees
            assert await truth(visitor, f"{thing} a ?class") is sees
        described = await asked(server.alice, f"DESCRIBE {thing}", "ntriples")
        assert thing in described.text
        nobody = await asked(server.anybody, f"DESCRIBE {thing}", "ntriples")
        nothing = await asked(server.anybody, "DESCRIBE <https://example.org/nothing>", "ntriples")
        assert nobody.text == nothing.text == ""
        pool_of(server.datasette).close()


_KINDS = (
    ("entity", "entities"),
    ("mention", "mentions"),
    ("relation", "relations"),
    ("evidence", "evidence"),
    ("quote", "quotes"),
)


@pytest.mark.parametrize(
    "config",
    [
        private("articles", "entities"),
        {"databases": {DATABASE: dict(ONLY_ALICE)}},
        dict(ONLY_ALICE),
    ],
    ids=["articles and entities", "the database", "the instance"],
)
async def test_who_sees_nothing_is_answered_as_on_other_pages(news: Path, config: Config) -> None:
    async with serving(news, config) as server:
        for query in (COUNT, "no SPARQL", "ASK { <https://example.org/> ?p ?o }"):
            answer = await asked(server.anybody, query)
            assert (
                answer.status_code == (await server.anybody.get(f"{GRAPH}.nt")).status_code == 403
            )
        assert (await server.anybody.get(f"{GRAPH}/sparql")).status_code == 403
        assert (await server.anybody.get("/nowhere/-/newsgraph/sparql")).status_code == 404
        assert pool_of(server.datasette).numbers == []
        assert (await asked(server.alice, COUNT)).status_code == 200
        pool_of(server.datasette).close()


async def test_what_is_posted_is_answered_as_to_anybody(news: Path) -> None:
    async with serving(news, private("articles")) as server:
        posted = await server.datasette.client.post(
            f"{GRAPH}/sparql?format=json",
            content=COUNT,
            headers=server.alice.headers | {"content-type": "application/sparql-query"},
        )
        assert posted.text == (await asked(server.anybody, COUNT)).text
        assert posted.text != (await asked(server.alice, COUNT)).text
        pool_of(server.datasette).close()
