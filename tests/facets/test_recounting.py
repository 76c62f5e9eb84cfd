"""Facets, counts and names after small changes: always what all articles together give."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.checking.recounts import check_counts, check_names
from datasette_newsgraph.errors import UnknownKey
from datasette_newsgraph.facets import changed_sets, counting, kept_lists, updating
from datasette_newsgraph.loading import ending, settling
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.loading.removal import remove_article
from tests.cost import sql_steps_of

Article = dict[str, Any]

TEXT = "Ana met Bo of Reuters in Kabul on Monday, not in Oslo.\n\nPhoto: Ana, Bo, Reuters, Kabul, Oslo."
CAPTION = TEXT.index("Photo")
ZONES = [
    {"zone": "body", "start": 0, "end": CAPTION - 2},
    {"zone": "caption", "start": CAPTION, "end": len(TEXT)},
]
Q1: dict[str, Any] = {"same_as": ["http://www.wikidata.org/entity/Q1"]}
#: Things to be named. The last two are one: which name and type it has is what most articles say.
THINGS: list[dict[str, Any]] = [
    {"type": "Person", "name": "Ana"},
    {"type": "Person", "name": "Bo"},
    {"type": "Place", "name": "Kabul"},
    {"type": "Place", "name": "Oslo"},
    {"type": "Date", "name": "Monday"},
    {"type": "Event", "name": "Photo"},
    {"type": "Organization", "name": "Reuters"} | Q1,
    {"type": "Place", "name": "Reuters Building"} | Q1,
]
#: What articles do not agree on, or do not say.
SAID = st.fixed_dictionaries(
    {},
    optional={
        "aliases": st.lists(st.sampled_from(["A.", "B.", "Reuters"]), max_size=2, unique=True),
        "description": st.sampled_from(["a thing", "a thing of note"]),
        "longitude": st.just(69.0),
        "latitude": st.sampled_from([34.0, 35.0]),
    },
)
IDS = [f"a{number}" for number in range(7)]


def _span(name: str, place: int) -> dict[str, Any]:
    """The name in the body or in the caption; as given, or somewhere near."""
    start = TEXT.find(name, (0, CAPTION)[place % 2])
    if start < 0:
        return {"text": name}
    shift = place // 2
    return {"start": start + shift, "end": start + shift + len(name), "text": name}


@st.composite
def articles(draw: st.DrawFn, ids: Sequence[str] = IDS) -> Article:
    """A small article of one of these ids."""
    places = st.lists(st.integers(0, 3), max_size=2)
    things = draw(st.lists(st.sampled_from(THINGS), unique_by=lambda each: each["name"]))
    entities = [
        each
        | draw(SAID)
        | {
            "id": f"e{number}",
            "mentions": [_span(each["name"].split()[0], at) for at in draw(places)],
        }
        for number, each in enumerate(things)
    ]
    names = st.sampled_from([each["id"] for each in entities] or ["none"])
    predicates = st.sampled_from(["met", "visited", "left", "praised", "member of"])
    relations = st.fixed_dictionaries(
        {"subject": names, "predicate": predicates},
        optional={"object": names, "value": st.sampled_from(["1", "2"])},
    )
    quotes = st.fixed_dictionaries(
        {"start": st.just(0), "end": st.just(3), "text": st.sampled_from(["Ana", "Bo"])},
        optional={
            "speaker": names,
            "verb": st.sampled_from(["said", "asked", "told", "cried", "wrote"]),
            "direct": st.booleans(),
        },
    )
    evidence = [[], [_span("Ana met", 0)], [_span("Photo", 1)]]
    return {
        "id": draw(st.sampled_from(ids)),
        "title": "Ana",
        "publisher": draw(st.sampled_from([None, "None", "Post", "Mirror", "Gazette", "Herald"])),
        "sections": draw(st.lists(st.sampled_from("ABCDE"), max_size=3)),
        "published": draw(st.sampled_from([None, "2020", "2021-02-03", "2021-03", "2022-01"])),
        "language": draw(st.sampled_from([None, "en", "de", "fr", "da"])),
        "text": TEXT,
        "zones": draw(st.sampled_from([ZONES, ZONES[:1], []])),
        "entities": entities,
        "relations": [
            each | {"evidence": draw(st.sampled_from(evidence))}
            for each in draw(st.lists(relations, max_size=3))
        ],
        "quotes": draw(st.lists(quotes, max_size=3)),
    }


def _is_settled(db: Database) -> None:
    """The facets, the counts and the names are what all articles together give."""
    assert [*check_counts(db), *check_names(db)] == []


def _load(db: Database, records: list[Article]) -> None:
    load(db, records)
    _is_settled(db)


def _load_killed(db: Database, records: list[Article]) -> None:
    with patch.object(ending, "_settle", lambda db: None):
        load(db, records)


def _remove(db: Database, given_id: str) -> None:
    try:
        remove_article(db, given_id)
    except UnknownKey:
        return
    _is_settled(db)


RECORDS = st.lists(articles(), min_size=1, max_size=2)
CHANGES = st.one_of(
    st.builds(partial, st.just(_load), records=RECORDS),
    st.builds(partial, st.just(_load_killed), records=RECORDS),
    st.builds(partial, st.just(_remove), given_id=st.sampled_from(IDS)),
)


@contextmanager
def _short_lists(kept: int, types: int) -> Iterator[None]:
    """Keep few values, of few types, and count what was touched however much it is."""
    frequent = counting.FREQUENT_TYPES.replace(f"LIMIT {counting.TYPES}", f"LIMIT {types}")
    with (
        patch.object(counting, "KEPT", kept),
        patch.object(counting, "FREQUENT_TYPES", frequent),
        patch.object(changed_sets, "KEPT", kept),
        patch.object(kept_lists, "KEPT", kept),
        patch.object(updating, "KEPT", kept),
        patch.object(counting, "TYPES", types),
        patch.object(settling, "are_few_touched", lambda connection: True),
    ):
        yield


@given(
    first=st.integers(0, len(IDS)).flatmap(
        lambda count: st.tuples(*(articles([each]) for each in IDS[:count]))
    ),
    changes=st.lists(CHANGES, min_size=1, max_size=8),
    kept=st.sampled_from([2, 3, 4, 1001]),
    types=st.integers(1, 4),
)
@settings(max_examples=60)
def test_changes_give_what_counting_everything_gives(
    first: tuple[Article, ...], changes: list[Callable[[Database], None]], kept: int, types: int
) -> None:
    with closing(sqlite3.connect(":memory:")) as connection, _short_lists(kept, types):
        db = Database(connection)
        load(db, first)
        for change in changes:
            change(db)
        # Whatever was killed is completed.
        load(db, [{"id": "last", "publisher": "Post"}])
        assert list(check(db)) == []


def _refuse(*arguments: object) -> None:
    raise AssertionError("is not to be called")


def test_a_small_change_is_counted_by_what_it_touched() -> None:
    records = [{"id": f"n{number}", "publisher": "Post"} for number in range(30)]
    with closing(sqlite3.connect(":memory:")) as connection:
        db = Database(connection)
        load(db, records[:20])
        with patch.object(settling, "count_facets", _refuse):
            load(db, records[20:22])
            load(db, [records[3] | {"publisher": "Mirror"}])
            remove_article(db, "n4")
        with patch.object(settling, "count_touched", _refuse):
            load(db, records[22:])
        publishers = "SELECT value, count FROM facet_counts WHERE facet = 'publisher'"
        assert dict(db.conn.execute(f"{publishers} AND view = 'article_index'")) == {
            "Mirror": 1,
            "Post": 28,
        }


def _about_kabul(number: int) -> Article:
    kabul = {"id": "e", "type": "Place", "name": "Kabul", "aliases": ["K."]}
    return {
        "id": f"n{number}",
        "publisher": "Post",
        "published": "2021-08",
        "entities": [kabul, {"id": "f", "type": "Person", "name": f"Ana {number % 5}"}],
    }


def test_an_article_costs_the_same_however_many_name_the_same_entities() -> None:
    steps = []
    for count in (50, 500):
        with closing(sqlite3.connect(":memory:")) as connection:
            db = Database(connection)
            load(db, [_about_kabul(number) for number in range(count)])
            added = partial(load, db, [_about_kabul(count)])
            steps.append(sql_steps_of(connection, added))
            assert list(check(db)) == []
    few, many = steps
    assert many < 1.2 * few
