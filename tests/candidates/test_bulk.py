"""In which graphs the pairs of a tier may be accepted as one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from datasette_newsgraph.candidates.bulk import may_accept_in_bulk
from datasette_newsgraph.candidates.tiers import TIERS
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import open_store
from tests.candidates.graphs import records

TYPED = ["Person: Ana Lee", "Place: Kabul", "Organization: Reuters"]


def answer(articles: list[dict[str, Any]]) -> str | None:
    with closing(sqlite3.connect(":memory:")) as connection:
        load(connection, articles)
        with open_store(connection) as db:
            return may_accept_in_bulk(db)


@pytest.mark.parametrize("published", ["2021-07-18", "1950", None])
def test_in_a_graph_of_modern_news_with_types_they_may(published: str | None) -> None:
    assert answer(records([TYPED, TYPED], published=published)) is None


@pytest.mark.parametrize("published", ["1899-07-18", "1949", "0099"])
def test_in_one_of_old_newspapers_they_may_not(published: str) -> None:
    assert "from before 1950" in str(answer(records([TYPED, TYPED], published=published)))


def test_what_most_articles_are_counts() -> None:
    new = records([TYPED, TYPED, TYPED], published="2021")
    old = [each | {"id": f"old {each['id']}"} for each in records([TYPED], published="1880")]
    assert answer([*new, *old]) is None
    assert answer([*new[:1], *old, *(each | {"id": "older"} for each in old)])


def test_in_one_without_types_they_may_not() -> None:
    untyped = [f"Thing: Name {number}" for number in range(9)]
    assert "not said to be people" in str(answer(records([untyped, TYPED])))


def test_in_one_of_one_type_they_may_not() -> None:
    people = [f"Person: Name {number}" for number in range(30)]
    assert "Nearly all entities have the type 'person'" in str(answer(records([people])))
    assert answer(records([people[:9]])) is None


def test_dates_are_no_types() -> None:
    days = [f"Date: {number} July" for number in range(1, 30)]
    assert answer(records([[*TYPED, *days]])) is None


def test_an_empty_graph_has_nothing_to_accept() -> None:
    assert answer([]) is None


@pytest.mark.parametrize("tier", TIERS, ids=lambda each: each.name)
def test_a_tier_says_how_often_it_was_right(tier: Any) -> None:
    for rate in (tier.by_tool, tier.by_hand, tier.old):
        assert 0 <= rate.right <= rate.of
    assert tier.modern.right >= 0.95 * tier.modern.of
    assert tier.title
    assert tier.condition.endswith(".")
