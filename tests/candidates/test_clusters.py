"""Candidates that hang together, as lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.clusters import LARGEST, clusters_of, differ
from datasette_newsgraph.candidates.names import Name


def pair(left: str, right: str, score: float = 0.9, *against: str) -> Candidate:
    """A candidate of two entities whose keys are their names."""
    return Candidate(left, right, left, right, score, "", ("They are alike.",), against, 0)


def members(*candidates: Candidate, above: float = 0.5) -> list[list[str]]:
    return [list(each.members) for each in clusters_of(candidates, above)]


def test_what_hangs_together_is_one_list_with_the_one_to_keep_first() -> None:
    (cluster,) = clusters_of(
        [
            pair("Lee", "A. Lee", 0.7),
            pair("Ana Lee", "Lee", 0.95),
            pair("Ana Lee", "Dr Ana Lee", 0.8),
        ]
    )
    assert list(cluster.members) == ["Ana Lee", "Lee", "Dr Ana Lee", "A. Lee"]
    assert [each.score for each in cluster.candidates] == [0.95, 0.8, 0.7]


def test_the_likeliest_comes_first() -> None:
    found = members(pair("Kabul", "Kaboul", 0.6), pair("Ana Lee", "Lee", 0.9))
    assert found == [["Ana Lee", "Lee"], ["Kabul", "Kaboul"]]


@pytest.mark.parametrize(
    "candidate", [pair("Ana Lee", "Lee", 0.4), pair("Ana Lee", "Lee", 0.9, "The types differ.")]
)
def test_what_is_unlikely_or_contradicted_joins_nothing(candidate: Candidate) -> None:
    assert members(candidate) == []


def test_a_threshold_may_be_given() -> None:
    assert members(pair("Ana Lee", "Lee", 0.4), above=0.3) == [["Ana Lee", "Lee"]]


@pytest.mark.parametrize(
    ("middle", "one", "other"),
    [
        ("Lee", "Ana Lee", "Bo Lee"),
        ("Games", "Games of 2012", "Games of 2016"),
        ("Lee", "Mr Lee", "Mrs Lee"),
        ("Korea", "North Korea", "South Korea"),
        ("Ana Lee", "Ana B. Lee", "Ana C. Lee"),
    ],
)
def test_what_is_like_both_joins_the_likelier_only(middle: str, one: str, other: str) -> None:
    found = members(pair(one, middle, 0.9), pair(other, middle, 0.8))
    assert found == [[one, middle]]


def test_what_is_told_apart_stays_so_through_others() -> None:
    chain = [pair("Kabul", "Kaboul", 0.9), pair("Kaboul", "Kabool", 0.8)]
    assert len(members(*chain)[0]) == 3
    assert members(*chain, pair("Kabul", "Kabool", 0.3, "The types differ.")) == [
        ["Kabul", "Kaboul"]
    ]


def test_names_of_a_country_need_not_be_alike() -> None:
    found = members(pair("United Kingdom", "UK", 0.9), pair("UK", "Great Britain", 0.8))
    assert found == [["United Kingdom", "UK", "Great Britain"]]


def test_a_list_does_not_grow_beyond_what_can_be_looked_at() -> None:
    chain = [pair(f"Name{'x' * number}", f"Name{'x' * (number + 1)}") for number in range(60)]
    assert max(map(len, members(*chain))) <= LARGEST


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0, 1))))
def test_an_entity_is_in_one_list_at_most(pairs: list[tuple[int, int, float]]) -> None:
    names = ["Ana Lee", "Lee", "Bo Lee", "A. Lee", "Kabul", "US", "the US", "U.S.", "Dr Lee", "Bo"]
    given_pairs = [
        pair(names[one], names[other], score) for one, other, score in pairs if one != other
    ]
    found = members(*given_pairs)
    keys = [key for each in found for key in each]
    assert len(keys) == len({*keys})
    assert all(len(each) > 1 for each in found)


@pytest.mark.parametrize(
    ("one", "other", "are_two"),
    [
        ("Ana Lee", "Lee", False),
        ("Ana Lee", "Bo Chan", True),
        ("Ana Lee", "A. Lee", False),
        ("Ana Lee", "Lee, Ana", False),
        ("Kabul", "Reuters", False),
    ],
)
def test_full_names_that_are_not_alike_are_two(one: str, other: str, are_two: bool) -> None:
    assert differ(Name(one), Name(other)) is are_two
    assert differ(Name(other), Name(one)) is are_two
