"""Every address of a pair of graphs, and where the two answer one visitor differently."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store.schema import FULL_TEXT, TABLES
from tests.permissions.addresses import (
    GRAPH,
    SPANS,
    Shape,
    every_page,
    facets_of,
    linked_filters,
    pages_of_reconciliation,
    pages_of_search,
    row_with_counts,
    searches,
    table_address,
    through,
    wheres,
)
from tests.permissions.marked_news import DATABASE, IS_1_0
from tests.permissions.pairs import SECRET, SECRET_WORDS
from tests.permissions.visitors import Visitor, timeless

_FORMATS = ("", ".json", ".csv", *(each.ending for each in FORMATS))
#: What may be asked of a page of rows in JSON, beside its columns.
_ASKED: tuple[dict[str, Any], ...] = (
    *({"_shape": each} for each in ("array", "arrays", "arrayfirst", "object", "objects")),
    {"_shape": "array", "_nl": "on"},
    {"_size": "max", "_labels": "on"},
    {"_size": 1, "_next": 1},
    {"_size": 2, "_next": 2},
    {"_nocount": 1},
    {"_facet_size": "max"},
    {"_ttl": 0},
    {"_json": "sections"},
)
_EXTRAS = (
    "count,count_sql,facet_results,facets_timed_out,suggested_facets,human_description_en,next_url,"
    "columns,primary_keys,all_columns,foreign_key_tables,query,metadata,extras,renderers,private,"
    "expandable_columns,form_hidden_args,sorted_facet_results,table_definition,view_definition"
)
#: Words that are asked for in conditions on columns, beside the greatest value of each.
_KEYS_OF_NOTHING = ("nowhere", "q424242", "0")
#: Links that lead out of what a database is.
_NOT_FOLLOWED = re.compile(
    r"/-/(static|logout|login|permissions|allow-debug|messages|patterns)|\.db$"
)


# Addresses --------------------------------------------------------------------------------------


def addresses(paths: Iterable[Path]) -> list[str]:
    """All addresses of the graphs in these databases: those that each makes, but each once."""
    found: dict[str, None] = {}
    for path in paths:
        shape = Shape(path)
        found |= dict.fromkeys(every_page(shape))
        found |= dict.fromkeys(_pages_of_keys(shape))
        found |= dict.fromkeys(_pages_of_all_rows(path, shape))
        found |= dict.fromkeys(_pages_of_columns(shape))
        found |= dict.fromkeys(_in_other_letters(shape))
        found |= dict.fromkeys(through(shape))
        found |= dict.fromkeys(_conditions(shape))
        for word in SECRET_WORDS:
            found |= dict.fromkeys(_questions(shape, word))
    return list(found)


def _pages_of_keys(shape: Shape) -> Iterator[str]:
    """What each key of each kind leads to, and keys of nothing."""
    for kind, keys in shape.keys.items():
        for key in (*keys, *_KEYS_OF_NOTHING):
            yield f"{GRAPH}/id/{kind}/{key}"
            if kind in ("article", "entity", "relation"):
                yield from (f"{GRAPH}/{kind}/{key}{ending}" for ending in ("", ".ttl", ".nt"))
                yield f"{GRAPH}/{kind}/{key}.nt?all=1"
            if kind in SPANS:
                yield f"{GRAPH}/{kind}/{key}.ttl"
            if kind == "article":
                yield f"{GRAPH}/{kind}/{key}.txt"
    # The secret ones come last.
    for key in shape.keys["entity"][-2:]:
        yield from linked_filters(shape, entity=key)
        yield table_address("entities", ".json", key=key)


def _pages_of_all_rows(path: Path, shape: Shape) -> Iterator[str]:
    """Each row of each table that has numbers, and the one behind the last."""
    with closing(sqlite3.connect(path)) as connection:
        for name in shape.tables:
            if "_fts" in name or not isinstance(getattr(TABLES.get(name), "pk", None), str):
                continue
            (last,) = connection.execute(f"SELECT max(rowid) FROM [{name}]").fetchone()
            last = last or 0
            yield from (f"{table_address(name)}/{number}" for number in (last, last + 1))
            yield from (f"{table_address(name)}/{number}.json" for number in range(1, last + 2))


def _pages_of_columns(shape: Shape) -> Iterator[str]:
    """What may be asked of each column, and of each table and view."""
    for name in shape.names:
        if "_fts_" in name:
            continue
        for asked in _ASKED:
            yield table_address(name, ".json", **asked)
        if IS_1_0:
            yield table_address(name, ".json", _extra=_EXTRAS)
        for column in shape.columns[name]:
            value = shape.values.get((name, column)) or "a"
            yield table_address(name, ".json", _facet=column, _sort_desc=column, _size=2)
            yield table_address(name, ".json", **{f"{column}__gte": value}, _col=column)
        for facet in facets_of(name):
            yield table_address(name, _facet_counted=facet)


def _in_other_letters(shape: Shape) -> Iterator[str]:
    """Names of tables, views, columns and the database in capital letters: SQLite takes either."""
    for name in shape.names:
        for other in (name.upper(), name.capitalize()):
            yield table_address(other, ".json")
            yield table_address(
                other, ".json", _facet=shape.columns[name][-1].upper(), _labels="on"
            )
            # Datasette 0.65 itself fails at those of tables that are not ours.
            if name in TABLES and name in shape.first_rows:
                yield row_with_counts(other, shape.first_rows[name])
    for name in QUERIES:
        yield f"/{DATABASE}/{name.upper()}.json?name=Anchor"
    yield from (page.replace(DATABASE, DATABASE.upper(), 1) for page in (f"/{DATABASE}", GRAPH))


def _questions(shape: Shape, word: str) -> Iterator[str]:
    """A word that is searched for, in every way."""
    yield from searches(shape, word)
    yield from pages_of_search(word)
    yield from pages_of_reconciliation(word, shape.keys["entity"][-1])
    for name in shape.names:
        if "_fts" not in name:
            yield table_address(name, ".json", _search=f"{word[:-2]}*", _searchmode="raw")
    for other in FULL_TEXT:
        column = FULL_TEXT[other][0]
        yield table_address(other, ".json", **{f"_search_{column}": word})
    for name, query in QUERIES.items():
        asked = dict.fromkeys(re.findall(r":(\w+)", query.sql), word)
        yield from (f"/{DATABASE}/{name}{each}?{urlencode(asked)}" for each in _FORMATS[:3])
    yield from linked_filters(shape, publisher=word, section=word, predicate=word, entity=word)


def _conditions(shape: Shape) -> Iterator[str]:
    """The beginning of all secret words in conditions on columns, and in SQL."""
    yield from wheres(shape, f"exists (select 1 from articles where title like '{SECRET}%')")
    for name in shape.names:
        if "_fts" not in name:
            for column in shape.columns[name]:
                yield table_address(name, ".json", **{f"{column}__contains": SECRET})
    for word in SECRET_WORDS:
        yield from through(shape, word)


async def linked(visitor: Visitor, pages: Iterable[str], most: int) -> list[str]:
    """The addresses that lead on from pages, and from those in turn, to a number of them."""
    waiting, found = list(pages), dict.fromkeys(pages)
    new: list[str] = []
    while waiting and len(new) < most:
        answer = await visitor.get(waiting.pop(0))
        links = re.findall('(?:href|action|src)="(/[^"#]*)', answer.text)
        links += re.findall(r'"(?:next_url|path)": "(?:http://localhost)?(/[^"]*)"', answer.text)
        for link in map(html.unescape, links):
            if link not in found and not _NOT_FOLLOWED.search(link):
                found[link] = None
                new.append(link)
                waiting.append(link)
    return new[:most]


# Differences ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Allowed:
    """What may differ between two answers, at which addresses, and why."""

    address: str
    what: str
    reason: str


#: All that may differ.
ALLOWED = (
    Allowed(
        "",
        r'name="csrftoken" value="[^"]*"',
        "each form has a token of the moment",
    ),
    Allowed(
        r"^/(-/databases|-/)?\.json",
        r'"(size": [0-9]+|path": "[^"]*")',
        "the core tells of each database how large its file is; and the two are in two folders",
    ),
    Allowed(
        r"^/[^/]+/\w+_fts\b",
        r'"\w+_fts": [0-9]+|(?<=, )[0-9]+(?=, null\])|,[0-9]+,(?=\r?\n)|(?<=_fts type-int">)[0-9]+',
        "a hidden column of each full-text table has the number of SQLite's cursor",
    ),
)
#: Headers that tell of the moment.
_OF_THE_MOMENT = {"date", "set-cookie"}


@dataclass(frozen=True)
class Difference:
    """An address at which the graphs of a pair are told apart, and by what."""

    address: str
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.address}\n  with:    {self.one}\n  without: {self.other}"


def _told(answer: Any, address: str) -> list[str]:
    """The lines of an answer, but for what may differ."""
    headers = sorted(
        f"{name}: {value}"
        for name, value in answer.headers.items()
        if name.lower() not in _OF_THE_MOMENT
    )
    text = "\n".join([str(answer.status_code), *headers, timeless(answer.text)])
    for each in ALLOWED:
        if re.search(each.address, address):
            text = re.sub(each.what, "", text)
            text = re.sub("content-length: .*", "", text)
    return text.splitlines()


async def differences(
    one: Visitor, other: Visitor, pages: Iterable[str]
) -> AsyncIterator[Difference]:
    """The addresses at which two servers do not answer alike, one after the other.

    They are asked again where they do not: 0.65 leaves out counts that took it more than 10 ms. What
    is answered by an error of the server is told as well, whatever the other says.
    """
    for page in pages:
        for _ in range(3):
            told, retold = [_told(await each.get(page), page) for each in (one, other)]
            if told == retold and not told[0].startswith("5"):
                break
        else:
            yield _difference(page, told, retold)


def _difference(page: str, told: list[str], retold: list[str]) -> Difference:
    """Name the first lines that differ, from where they do."""
    pairs = zip([*told, ""], [*retold, ""], strict=False)
    first, second = next(((a, b) for a, b in pairs if a != b), (told[0], retold[0]))
    begins = next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
    start = max(0, begins - 60)
    return Difference(page, first[start : begins + 100], second[start : begins + 100])
