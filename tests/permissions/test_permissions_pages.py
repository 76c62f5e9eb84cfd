"""What our own pages, facets, searches and drawings read, and that no question to them finds out what
is hidden.

Three ways to look: which tables SQLite opens for a page; whether two databases that differ in what is
hidden, and in nothing else, give the same pages; and whether a question about something hidden has
the answer of a question about nothing.
"""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from datasette import hookimpl
from datasette.plugins import pm

from datasette_newsgraph.rdf.pages import LISTS
from datasette_newsgraph.store.views import VIEWS
from tests.permissions.addresses import (
    GRAPH,
    KINDS_FOUND,
    MISSPELT,
    MISSPELT_LOCAL,
    PLAIN,
    SPANS,
    Shape,
    facets_of,
    linked_filters,
    pages_of_documents,
    pages_of_reconciliation,
    pages_of_search,
    pages_with_arguments,
    table_address,
)
from tests.permissions.marked_news import (
    DATABASE,
    FIRST_LINE,
    IS_1_0,
    SURFACE,
    denied_without,
    emptied,
    on_supported_versions,
    sight_without,
)
from tests.permissions.visitors import answers, differences, private, serving, text_of, timeless

pytestmark = on_supported_versions

#: What an article, or what is found in it, is made of.
HIDDEN = ["articles", "article_texts", "entities", "mentions", "appearances", "relations"]
HIDDEN += ["evidence", "quotes", "zones", "identifiers", "extractions", "vocabulary"]
HIDDEN += ["entity_counts", "relation_counts"]
#: The sets of rows and the counts that are kept of a view are for whoever sees the view and what the
#: facet reads, though the tables that hold those of all views are not. The parts of a long text are for
#: whoever sees the text.
KEPT = {"facet_counts", "facet_rows", "unsettled", "text_parts"}
KEPT |= {"decided"}
#: What entities tell of is asked of these: whether there are identifiers, or entities with aliases.
ASKED = {"identifiers": "identifiers", "aliases": "entities"}


def things(shape: Shape) -> list[str]:
    """The pages of an article, an entity and a relation."""
    return [f"{GRAPH}/{kind}/{shape.keys[kind][0]}" for kind in ("article", "entity", "relation")]


def pages(shape: Shape) -> list[str]:
    """Our pages, searches and facets, each way of reading at least once."""
    article, entity, relation = things(shape)
    by_key = f"_entity={shape.keys['entity'][0]}"
    return [
        *(GRAPH, article, entity, relation, "/-/newsgraph", f"{GRAPH}/ns"),
        *(f"{each}.nt" for each in things(shape)),
        *(f"{GRAPH}/{kind}/{shape.keys[kind][0]}.nt" for kind in SPANS),
        f"{article}.txt",
        *(f"{article}?at=27,37", f"{article}?at=3,9&page=2", f"{relation}?evidence=1"),
        f"{entity}?source=Publishermark&zone=body&from=1980&to=1999",
        f"{entity}?order=oldest&after=1~0",
        *(f"{GRAPH}/search?q={PLAIN}{kind}" for kind in ("", "&in=entities", "&in=articles")),
        *(f"{GRAPH}/search?q={word}" for word in (*MISSPELT, MISSPELT_LOCAL)),
        *([f"/-/jump.json?q={PLAIN}"] if IS_1_0 else []),
        *(table_address(view, _facet_counted=facets_of(view)) for view in VIEWS),
        f"/news/article_index.json?{by_key}&_facet_counted=entity:*&_facet_counted=predicate",
        "/news/article_index?_predicate=knows&_zones=all&_facet_counted=entity:*",
        "/news/entity_index.json?_publisher=Publishermark&_facet_counted=section",
    ]


def hidden_with(table: str) -> frozenset[str]:
    """What nobody may see while a table is hidden, nor a part of it."""
    readable = sight_without(table).readable
    beside = {
        f"{each}_{part}" for each in readable for part in ("data", "idx", "docsize", "config")
    }
    return denied_without(table) - readable - beside


# --------------------------------------------------------------------- what SQLite opens


@contextmanager
def noting_tables() -> Iterator[set[str]]:
    """The tables that are opened meanwhile, by SQLite's authorizer."""
    opened: set[str] = set()

    def note(action: int, table: str | None, *_: Any) -> int:
        if action == sqlite3.SQLITE_READ and table:
            opened.add(table)
        return sqlite3.SQLITE_OK

    class Noting:
        __name__ = "noting"

        @hookimpl
        def prepare_connection(self, conn: Any, database: str) -> None:
            if database == DATABASE:
                conn.set_authorizer(note)

    plugin = Noting()
    pm.register(plugin)
    try:
        yield opened
    finally:
        pm.unregister(plugin)


@pytest.mark.asyncio
async def test_every_table_is_opened_for_who_may_see_all(news: Path, shape: Shape) -> None:
    with noting_tables() as opened:
        async with serving(news, private("articles")) as server:
            await answers(server.alice, pages(shape))
    assert set(HIDDEN) - opened == set()


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", [*HIDDEN, "aliases"])
async def test_no_page_opens_a_hidden_table_and_nothing_on_it_follows_from_one(
    news: Path, shape: Shape, tmp_path: Path, hidden: str
) -> None:
    # Two databases that differ in what is hidden, and in nothing else.
    without = emptied(news, tmp_path, hidden)
    asked = pages(shape)
    with noting_tables() as opened:
        async with (
            serving(news, private(hidden)) as full,
            serving(without, private(hidden)) as empty,
        ):
            for _ in range(2):
                told = await answers(full.anybody, asked)
                asked = differences(told, await answers(empty.anybody, asked))
    assert asked == []
    not_to_open = hidden_with(hidden) - KEPT - {ASKED.get(hidden)}
    # SQLite reads what a full-text table is like wherever it looks at the schema.
    assert {each for each in opened & not_to_open if not each.endswith("_fts_config")} == set()
    # Not for want of looking.
    assert ("articles" if "entities" in hidden_with(hidden) else "entities") in opened


# ----------------------------------------------------------------- questions about what is hidden

#: With each table, words that only it, or what tells of it, holds, and what may be asked with them.
_SEARCHED = ("Headlinemark", "Textmark", "Quotemark", SURFACE)
QUESTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "articles": {
        "search": _SEARCHED,
        "_publisher": ("Publishermark",),
        "_section": ("Sectionmark",),
        "_predicate": ("predicatemark",),
        "source": ("Publishermark",),
        "zone": ("caption",),
    },
    "article_texts": {
        "search": ("Textmark", "Quotemark", SURFACE, FIRST_LINE),
        "_predicate": ("predicatemark",),
    },
    "entities": {
        "search": ("Entitymark", "Aliasmark", "Winningmark", *MISSPELT),
        "_predicate": ("predicatemark",),
        "_entity": ("KEY",),
        "type": ("Typemark",),
    },
    "mentions": {"named": ("KEY",), "type": ("Typemark",), "zone": ("caption",)},
    "appearances": {
        "named": ("KEY",),
        "_publisher": ("Publishermark",),
        "_section": ("Sectionmark",),
        "type": ("Typemark",),
    },
    "relations": {"_predicate": ("predicatemark",)},
    "evidence": {"_predicate": ("predicatemark",)},
    "quotes": {"search": ("Quotemark", "Verbmark")},
}


def questions(shape: Shape, argument: str, word: str) -> Iterator[str]:
    """Addresses that ask for a word, in every way."""
    if argument == "search":
        yield from pages_of_search(word)
        yield from pages_of_reconciliation(word, shape.keys["entity"][0])
    elif argument == "named":
        yield table_address("article_index", ".json", _entity=word)
        yield table_address("article_index", ".json", _entity=word, _zones="all")
        yield table_address("article_index", _entity=word, _facet_counted="entity:*")
    elif argument.startswith("_"):
        values = {argument.removeprefix("_"): word}
        asked = linked_filters(shape, **values)
        yield from (page for page in asked if f"{argument}={word}" in page)
        yield from (page.replace(".json", "") for page in asked if f"{argument}={word}" in page)
    elif argument == "type":
        yield table_address("article_index", ".json", _facet_counted=f"entity:{word}")
        yield table_address("article_index", _facet_counted=[f"entity:{word}", "entity:*"])
        yield table_address("entity_index", ".json", type=word)
    else:
        yield f"{things(shape)[1]}?{argument}={word}"


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", QUESTIONS)
async def test_a_question_about_what_is_hidden_is_answered_like_one_about_nothing(
    news: Path, shape: Shape, hidden: str
) -> None:
    async with serving(news, private(hidden)) as server:
        for argument, words in QUESTIONS[hidden].items():
            for word in words:
                known = shape.keys["entity"][0] if word == "KEY" else word
                # As long, so that the length of an answer is the same.
                unknown = "z" * len(known)
                for there, nowhere in zip(
                    questions(shape, argument, known),
                    questions(shape, argument, unknown),
                    strict=True,
                ):
                    found = await server.anybody.get(there)
                    nothing = await server.anybody.get(nowhere)
                    before = f"{argument}=" if argument == "zone" else ""
                    told = re.sub(f"(?i){before}{known}", f"{before}{unknown}", text_of(found))
                    assert timeless(told) == timeless(text_of(nothing)), there


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["article", "entity", "relation"])
async def test_a_hidden_thing_is_refused_before_anything_is_read_of_the_request(
    news: Path, shape: Shape, kind: str
) -> None:
    hidden = {"article": "articles", "entity": "entities", "relation": "relations"}[kind]
    key = shape.keys[kind][0]
    async with serving(news, private(hidden)) as server:
        for query in ("", "?at=9", "?page=x", "?order=no", "?evidence=x", "?at=1,2&page=7"):
            there = await server.anybody.get(f"{GRAPH}/{kind}/{key}{query}")
            nothing = await server.anybody.get(f"{GRAPH}/{kind}/{'z' * len(key)}{query}")
            assert there.status_code == nothing.status_code == 403, query
            assert text_of(there).replace(key, "z" * len(key)) == text_of(nothing), query


#: With each table, arguments of a page that are about nothing while it is hidden.
ARGUMENTS = [
    ("article_texts", "article", "at=3,9 at=3,999999 page=1 page=2 page=99999 at=9 page=x"),
    ("mentions", "entity", "source=Publishermark zone=body from=1987 to=1987-01 order=oldest"),
    ("articles", "entity", "source=Publishermark zone=body from=1987 before=1~9 before=99~9"),
]


@pytest.mark.asyncio
@pytest.mark.parametrize(("hidden", "kind", "queries"), ARGUMENTS)
async def test_no_part_of_what_is_hidden_can_be_asked_for(
    news: Path, shape: Shape, hidden: str, kind: str, queries: str
) -> None:
    page = f"{GRAPH}/{kind}/{shape.keys[kind][0]}"
    async with serving(news, private(hidden)) as server:
        plain = await server.anybody.get(page)
        for query in queries.split():
            answer = await server.anybody.get(f"{page}?{query}")
            assert answer.status_code == 200, query
            assert answer.text == plain.text, query


@pytest.mark.asyncio
@pytest.mark.parametrize("table", ["mentions", "evidence", "quotes", "relations"])
async def test_no_page_of_a_document_begins_behind_what_is_hidden(
    news: Path, shape: Shape, table: str
) -> None:
    lists = {name: each for lists in LISTS.values() for name, each in lists.items()}
    hidden = [
        name
        for name, each in lists.items()
        if table in (each.table, each.behind and each.behind.table)
    ]
    asked = [
        page
        for page in pages_of_documents(shape)
        if any(f"after={each}." in page for each in hidden)
    ]
    # A relation itself is hidden with all of them.
    asked = [page for page in asked if table != "relations" or "/relation/" not in page]
    assert asked
    async with serving(news, private(table)) as server:
        for page in asked:
            place = page.rpartition(".")[2]
            there = await server.anybody.get(page)
            nothing = await server.anybody.get(page.replace(place, "z" * len(place)))
            assert there.status_code == nothing.status_code == 200, page
            assert there.text == nothing.text, page


# --------------------------------------------------------------------------- links and counts


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "hidden",
    [
        *("article_texts", "mentions", "appearances", "evidence", "quotes", "zones"),
        *("entity_counts", "relation_counts", "extractions", "facet_counts", " ".join(VIEWS)),
    ],
)
async def test_none_of_our_pages_links_to_what_is_refused(
    news: Path, shape: Shape, hidden: str
) -> None:
    asked = [*(GRAPH, *things(shape), f"{GRAPH}/search?q={PLAIN}")]
    links: dict[str, str] = {}
    async with serving(news, private(*hidden.split())) as server:
        for page in asked:
            answer = await server.anybody.get(page)
            assert answer.status_code == 200, page
            found = re.findall('(?:href|action)="([^"#]*)', answer.text)
            for link in map(html.unescape, found):
                if link.startswith("/") and "/-/static" not in link:
                    links[link] = page
        # One page of a kind is refused like the other.
        links = {re.sub("[?]at=.*", "", link): page for link, page in links.items()}
        assert links
        for link, page in links.items():
            assert (await server.anybody.get(link)).status_code not in (403, 404), (page, link)


@pytest.mark.asyncio
async def test_a_search_counts_no_kind_that_may_not_be_searched(news: Path) -> None:
    async with serving(news, private("quotes")) as server:
        answer = await server.anybody.get(f"{GRAPH}/search?q={PLAIN}")
        assert 'id="found-articles"' in answer.text
        assert 'id="found-quotes"' not in answer.text
        assert "Quotes" not in answer.text
        for kind in KINDS_FOUND:
            refused = (await server.anybody.get(f"{GRAPH}/search?q=no&in={kind}")).status_code
            assert refused == (403 if kind == "quotes" else 200)


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", ["articles", "appearances", "relations"])
async def test_the_drawing_shows_only_what_may_be_seen(
    news: Path, shape: Shape, hidden: str
) -> None:
    entity = things(shape)[1]
    async with serving(news, private(hidden)) as server:
        seen = (await server.alice.get(entity)).text
        drawn = (await server.anybody.get(entity)).text
    assert "Articles with both" in seen
    assert "predicatemark" in seen.partition('id="neighbourhood"')[2]
    if hidden == "relations":
        assert "predicatemark" not in drawn
        assert "Articles with both" in drawn
    else:
        # Whom it is named together with is not known, only who has a relation to it.
        assert "Articles with both" not in drawn
        assert "He of the caption" not in drawn
        assert "Otherwhere" in drawn


@pytest.mark.asyncio
async def test_pages_with_arguments_are_found_by_who_may_see_them(news: Path, shape: Shape) -> None:
    async with serving(news, private("articles")) as server:
        for page in pages_with_arguments(shape):
            assert (await server.alice.get(page)).status_code == 200, page


@pytest.mark.asyncio
async def test_a_set_of_rows_that_is_kept_is_for_nobody_who_may_not_see_all(news: Path) -> None:
    with closing(sqlite3.connect(news)) as connection:
        assert connection.execute("SELECT count(*) FROM facet_rows").fetchone()[0]
    for hidden in ("articles", "relations", "entity_counts", "zones"):
        async with serving(news, private(hidden)) as server:
            for page in ("/news/facet_rows.json", "/news/facet_counts.json"):
                assert (await server.anybody.get(page)).status_code == 403, (hidden, page)
                assert (await server.alice.get(page)).status_code == 200, (hidden, page)
