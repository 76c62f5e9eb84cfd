"""The form in which names of an authority are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.authority.folding import folded, is_acronym, without_article


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("U.S.", "US"),
        ("Bosnia-Herzegovina", "Bosnia – Herzegovina"),
        ("Trinidad & Tobago", "Trinidad and Tobago"),
        ("Washington, D.C.", "Washington DC"),
        ("İstanbul", "Istanbul"),
        ("Россия", "РОССИЯ"),
        ("ＮＡＴＯ", "NATO"),
        ("  New\tYork\n", "new york"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("WHO", "Who"), ("US", "us"), ("C", "C++"), ("कि", "के"), ("한국", "한굴"), ("The Who", "Who")],
)
def test_names_that_are_not(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_an_acronym_is_short_and_one_word() -> None:
    names = ("NATO", "N.A.T.O.", "Nato", "IRAQIS", "UK US")
    assert [name for name in names if is_acronym(folded(name))] == ["NATO", "N.A.T.O."]


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("The Hague", "Hague"),
        ("the UK", "UK"),
        ("France’s", "France"),
        ("the United States's", "United States"),
        ("Theresa", "Theresa"),
        ("the", "the"),
        ("'s", "'s"),
    ],
)
def test_only_what_stands_around_a_name_goes(name: str, without: str) -> None:
    assert without_article(name) == without


@given(st.text())
def test_what_is_folded_stays_as_it_is(name: str) -> None:
    form = folded(name)
    assert folded(form) == form
    assert form == form.strip()
