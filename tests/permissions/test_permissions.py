"""What is private shows nowhere, and what is not stays: every address of a server, case by case.

Each case says which words are gone for who may not see, and which stay; Alice, who may see, finds all.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.web.access.secrecy import SOURCES
from tests.permissions.addresses import GRAPH, Shape, every_page, homes, main_pages, sql
from tests.permissions.marked_news import (
    DATABASE,
    IS_1_0,
    LOST_SURFACE,
    OF_ALIASES,
    OF_APPEARANCES,
    OF_ARTICLES,
    OF_DATES,
    OF_ENTITIES,
    OF_ENTITY_COUNTS,
    OF_ENTITY_FACETS,
    OF_EVIDENCE,
    OF_EXTRACTIONS,
    OF_FACET_COUNTS,
    OF_FACETS_BY_ENTITY,
    OF_FACETS_BY_PREDICATE,
    OF_IDENTIFIERS,
    OF_LOCAL_ENTITIES,
    OF_LOCAL_RELATIONS,
    OF_MENTION_FACETS,
    OF_QUOTE_FACETS,
    OF_QUOTES,
    OF_REJECTS,
    OF_RELATION_COUNTS,
    OF_RELATION_FACETS,
    OF_RELATIONS,
    OF_SOURCES,
    OF_TEXTS,
    OF_VOCABULARY,
    OF_ZONES,
    WORDS,
    on_supported_versions,
)
from tests.permissions.visitors import (
    ALICE,
    ONLY_ALICE,
    Config,
    Visitor,
    private,
    serving,
    words_in,
)

pytestmark = on_supported_versions

#: What does not tell of articles: who and what there is that is not of one article, its names, its
#: identifiers, and what is stated of it; the tools; the terms.
WITHOUT_ARTICLES = OF_ENTITIES | OF_IDENTIFIERS | OF_RELATIONS | OF_EXTRACTIONS | OF_VOCABULARY
WITHOUT_ARTICLES -= OF_LOCAL_ENTITIES | OF_LOCAL_RELATIONS
#: What tells of a file, and so of everything that came from it.
OF_FILES = OF_SOURCES | OF_REJECTS
#: What is told in an article's own words.
IN_WORDS = OF_TEXTS | OF_EVIDENCE | OF_QUOTES


@dataclass(frozen=True)
class Case:
    """A server on which only Alice may see something, and what nobody else finds there.

    ``stays`` are words that still must be found. ``actor`` asks in nobody's place.
    """

    config: Config
    gone: frozenset[str]
    stays: frozenset[str]
    actor: dict[str, Any] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    is_thorough: bool = False


def _tables(gone: frozenset[str], *tables: str, is_thorough: bool = False) -> Case:
    """These tables are private; all the other words stay."""
    return Case(private(*tables), gone, WORDS - gone, is_thorough=is_thorough)


#: What tells of mentions: numbers of them, and the facets that go by them.
OF_NAMING = OF_APPEARANCES | OF_ENTITY_COUNTS | OF_FACETS_BY_ENTITY | OF_ENTITY_FACETS
#: The same of evidence.
OF_STATING = OF_EVIDENCE | OF_DATES | OF_RELATION_COUNTS | OF_FACETS_BY_PREDICATE
OF_STATING |= OF_RELATION_FACETS
#: What goes with the entities, and so with their identifiers and aliases, of which they tell.
WITH_ENTITIES = OF_ENTITIES | OF_IDENTIFIERS | OF_ALIASES | OF_RELATIONS | OF_FILES | OF_QUOTES
WITH_ENTITIES |= OF_NAMING | OF_STATING | OF_QUOTE_FACETS | OF_MENTION_FACETS | {LOST_SURFACE}
#: Tables that together tell of nothing but themselves.
KNOWN = ("articles", "entities", "identifiers", "aliases")

CASES: dict[str, Case] = {
    "articles": _tables(WORDS - WITHOUT_ARTICLES, "articles", is_thorough=True),
    "ARTICLES, in another case": _tables(WORDS - WITHOUT_ARTICLES, "ARTICLES"),
    "article_texts": _tables(
        (IN_WORDS | OF_FILES | OF_FACETS_BY_PREDICATE | OF_MENTION_FACETS | OF_QUOTE_FACETS),
        "article_texts",
        is_thorough=True,
    ),
    "entities": _tables(WITH_ENTITIES, "entities"),
    "mentions": _tables(OF_NAMING | OF_FILES | OF_MENTION_FACETS | {LOST_SURFACE}, "mentions"),
    "relations": _tables(OF_RELATIONS | OF_STATING | OF_FILES, "relations"),
    "evidence": _tables(OF_STATING | OF_FILES, "evidence"),
    "quotes": _tables(OF_QUOTES | OF_QUOTE_FACETS | OF_FILES, "quotes"),
    "appearances": _tables(OF_NAMING | OF_ALIASES | OF_FILES, "appearances"),
    "aliases": _tables(WITH_ENTITIES, "aliases"),
    "identifiers": _tables(WITH_ENTITIES, "identifiers"),
    "zones": _tables(OF_ZONES | OF_FILES, "zones"),
    "sources": _tables(OF_FILES, "sources"),
    "extractions": _tables(OF_EXTRACTIONS | OF_FILES, "extractions"),
    "rejects": _tables(OF_FILES, "rejects"),
    "article_faults": _tables(OF_FILES, "article_faults"),
    "vocabulary": _tables(OF_VOCABULARY | OF_FILES, "vocabulary"),
    "entity_counts": _tables(OF_ENTITY_COUNTS | OF_ENTITY_FACETS, "entity_counts"),
    "relation_counts": _tables(OF_RELATION_COUNTS | OF_RELATION_FACETS, "relation_counts"),
    "facet_counts": _tables(OF_FACET_COUNTS, "facet_counts"),
    "articles and entities": Case(
        private("articles", "entities"), WORDS - OF_EXTRACTIONS - OF_VOCABULARY, OF_EXTRACTIONS
    ),
    "the database": Case({"databases": {DATABASE: dict(ONLY_ALICE)}}, WORDS, frozenset()),
    "the instance": Case(dict(ONLY_ALICE), WORDS, frozenset()),
    "the database, but for entities": Case(
        {"databases": {DATABASE: ONLY_ALICE | {"tables": {"entities": {"allow": True}}}}},
        WORDS,
        frozenset(),
    ),
    "the database, but for entities and what they tell of": Case(
        {
            "databases": {
                DATABASE: ONLY_ALICE | {"tables": {each: {"allow": True} for each in KNOWN}}
            }
        },
        WORDS - OF_ENTITIES - OF_IDENTIFIERS - OF_ARTICLES,
        OF_ENTITIES | OF_IDENTIFIERS | OF_ARTICLES,
    ),
}
if IS_1_0:
    CASES |= {
        "all by default": Case(
            ONLY_ALICE | {"allow_sql": ONLY_ALICE["allow"]},
            WORDS,
            frozenset(),
            options={"default_deny": True},
        ),
        "all but entities and what they tell of, from a token": Case(
            {},
            WORDS - OF_ENTITIES - OF_IDENTIFIERS - OF_ARTICLES,
            OF_ENTITIES | OF_IDENTIFIERS | OF_ARTICLES,
            actor=ALICE | {"_r": {"r": {DATABASE: {each: ["view-table"] for each in KNOWN}}}},
        ),
    }


async def find(visitor: Visitor, pages: list[str], words: frozenset[str]) -> dict[str, list[str]]:
    """The words that a visitor finds, each with the addresses that tell it."""
    found: dict[str, list[str]] = {}
    for page in pages:
        answer = await visitor.get(page)
        assert answer.status_code < 500, page
        for word in words_in(answer, words, page):
            found.setdefault(word, []).append(page)
    return found


def pages_of(case: Case, shape: Shape) -> list[str]:
    """Every page, and where the words belong, for the cases that are thorough; else the main pages."""
    if not case.is_thorough:
        return main_pages(shape)
    at_home = (page for pages in homes(shape).values() for page in pages)
    return list(dict.fromkeys([*every_page(shape), *at_home]))


def words_at(homes: dict[str, list[str]], words: frozenset[str]) -> dict[str, set[str]]:
    """Addresses with the words that belong there."""
    found: dict[str, set[str]] = {}
    for word in words:
        for page in homes[word]:
            found.setdefault(page, set()).add(word)
    return found


@pytest.mark.asyncio
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_is_private_shows_nowhere(news: Path, shape: Shape, case: Case) -> None:
    async with serving(news, case.config, **case.options) as server:
        found = await find(server.visitor(case.actor), pages_of(case, shape), WORDS)
    assert {word: found[word] for word in case.gone if word in found} == {}
    assert case.stays - found.keys() == set()


@pytest.mark.asyncio
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_who_may_see_it_finds_it_where_it_belongs_and_nobody_keeps_it(
    news: Path, shape: Shape, case: Case
) -> None:
    belongs = homes(shape)
    if not case.is_thorough:
        belongs = {word: at[:1] for word, at in belongs.items()}
    async with serving(news, case.config, **case.options) as server:
        for page, words in words_at(belongs, case.gone).items():
            answer = await server.alice.get(page)
            assert words_in(answer, words, page) == words, page
            assert re.search("private|no-store", answer.headers["cache-control"]), page


@pytest.mark.asyncio
async def test_everybody_finds_every_word_where_it_belongs_if_nothing_is_private(
    news: Path, shape: Shape
) -> None:
    assert homes(shape).keys() == WORDS
    async with serving(news) as server:
        for page, words in words_at(homes(shape), WORDS).items():
            answer = await server.anybody.get(page)
            assert words_in(answer, words, page) == words, page


@pytest.mark.asyncio
async def test_what_everybody_may_see_may_be_kept(news: Path) -> None:
    async with serving(news) as server:
        for page in (GRAPH, f"{GRAPH}.nt", f"{GRAPH}/ns", "/news/entities.ttl"):
            answer = await server.anybody.get(page)
            assert answer.headers["cache-control"] == "max-age=5", page


@pytest.mark.asyncio
async def test_what_an_actor_sees_who_sees_more_than_others_is_for_nobody_to_keep(
    news: Path, shape: Shape
) -> None:
    async with serving(news, private("articles")) as server:
        for page in main_pages(shape):
            seen, public = await server.alice.get(page), await server.anybody.get(page)
            if seen.status_code != public.status_code or seen.text != public.text:
                assert re.search("private|no-store", seen.headers["cache-control"]), page


@pytest.mark.asyncio
@pytest.mark.parametrize("table", sorted(SOURCES))
async def test_while_a_table_is_hidden_there_is_neither_sql_nor_a_copy(
    news: Path, table: str
) -> None:
    async with serving(news, private(table), immutable=True) as server:
        for page in (sql("select title from articles"), f"/{DATABASE}.db"):
            assert (await server.anybody.get(page)).status_code == 403, page
            assert (await server.alice.get(page)).status_code == 200, page


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "hidden", ["articles", "entities", "articles entities", "identifiers", "aliases"]
)
async def test_no_page_links_to_what_is_refused(news: Path, shape: Shape, hidden: str) -> None:
    pages = ["/", "/news", "/-/newsgraph", GRAPH, "/news/entities", "/news/entities/1"]
    pages += [f"{GRAPH}/{kind}/{shape.keys[kind][0]}" for kind in ("article", "entity", "relation")]
    pages += ["/news/relations", "/news/articles/1", "/news/mention_index", "/news/article_index"]
    pages += ["/news/extractions", "/news/extractions/1"]
    links: dict[str, str] = {}
    async with serving(news, private(*hidden.split())) as server:
        for page in pages:
            answer = await server.anybody.get(page)
            if answer.status_code == 200:
                found = re.findall('(?:href|action)="(/[^"]*)"', answer.text)
                links |= {html.unescape(link).partition("#")[0]: page for link in found}
        # Datasette's own links to the same rows in another order lead nowhere else.
        links = {
            link: page
            for link, page in links.items()
            if not re.search("/-/static|_sort|_facet=|_nocol|_col=|__", link)
        }
        assert links
        for link, page in links.items():
            assert (await server.anybody.get(link)).status_code != 403, (page, link)


@pytest.mark.asyncio
async def test_menus_lead_to_the_graph_only_who_may_see_any_of_it(news: Path) -> None:
    for config, is_shown in (
        ({}, True),
        (private("articles"), True),
        (private("articles", "entities"), False),
    ):
        async with serving(news, config) as server:
            for page in ("/", "/news", "/news/extractions"):
                answer = await server.anybody.get(page)
                assert ('/-/newsgraph"' in answer.text) == is_shown, page
                assert '/-/newsgraph"' in (await server.alice.get(page)).text, page
