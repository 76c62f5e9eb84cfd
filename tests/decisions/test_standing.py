"""What holds of a log of decisions, whatever the order in which they came."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.decisions.decision import Decision, split_key, validated
from datasette_newsgraph.decisions.standing import Standing, in_force, standing_of
from datasette_newsgraph.errors import DecisionError
from datasette_newsgraph.identity import entity_key
from tests.cost import seconds_of_processor

KEYS = ("us-a", "united-states-b", "america-c", "georgia-d")
US, UNITED_STATES, AMERICA, GEORGIA = KEYS


def decided(*decisions: Decision) -> list[Decision]:
    """Give decisions times in their order."""
    return [
        validated(replace(each, at=f"2026-01-01T00:00:00.{number:06}Z"))
        for number, each in enumerate(decisions)
    ]


def same(left: str, right: str, **others: Any) -> Decision:
    return Decision("same", left, right, **others)


def different(left: str, right: str, **others: Any) -> Decision:
    return Decision("different", left, right, **others)


def test_pairs_make_a_cluster_and_one_key_stands_for_it() -> None:
    standing = standing_of(
        decided(same(US, UNITED_STATES, keep=UNITED_STATES), same(US, AMERICA, keep=AMERICA))
    )
    assert standing.canonical == dict.fromkeys((US, UNITED_STATES, AMERICA), AMERICA)


def test_the_identifier_of_a_pair_is_kept_as_its_authority_writes_it() -> None:
    identifier = 0, "http://www.wikidata.org/entity/Q30"
    key = entity_key("", "", [identifier])
    given = same(US, key, keep=key, value="https://www.wikidata.org/wiki/Q30")
    assert validated(given).value == identifier[1]
    assert standing_of(decided(given)).canonical == {US: key, key: key}


def test_the_last_verdict_on_a_pair_holds_and_the_contradiction_is_listed() -> None:
    log = decided(same(US, GEORGIA, by="ana"), different(GEORGIA, US, by="ben"))
    standing = standing_of(log)
    assert standing.canonical == {}
    assert [each.decision.by for each in standing.conflicts] == ["ana"]


def test_a_pair_that_would_join_what_is_different_is_left_out_and_listed() -> None:
    log = decided(
        same(US, AMERICA), different(GEORGIA, US), same(AMERICA, GEORGIA), same(US, UNITED_STATES)
    )
    standing = standing_of(log)
    assert {*standing.canonical} == {US, AMERICA, UNITED_STATES}
    (conflict,) = standing.conflicts
    assert conflict.decision == log[2]
    assert conflict.other == log[1]


def test_people_come_before_rules() -> None:
    log = decided(
        different(US, GEORGIA),
        same(US, AMERICA, how="rule: surname", keep=US),
        same(AMERICA, GEORGIA, how="review", keep=AMERICA),
    )
    assert standing_of(log).canonical == dict.fromkeys((AMERICA, GEORGIA), AMERICA)


def test_what_is_taken_back_alone_or_as_a_batch_holds_no_longer() -> None:
    first, second, third = decided(
        same(US, AMERICA, batch="one"), same(US, UNITED_STATES, batch="one"), same(US, GEORGIA)
    )
    undo = Decision("undo", first.key, kind="decision")
    log = decided(*(first, second, third), undo)
    assert in_force(log) == [second, third]
    log = decided(*(first, second, third), Decision("undo", "one"))
    assert in_force(log) == [third]
    # To take that back, too, brings it again.
    assert in_force(decided(*log, Decision("undo", log[-1].key, kind="decision"))) == log[:-1]


def test_a_batch_that_is_taken_up_again_holds() -> None:
    log = decided(same(US, AMERICA, batch="a"), Decision("undo", "a"), same(US, AMERICA, batch="a"))
    assert in_force(log) == [log[2]]


def test_a_split_says_what_the_articles_mean() -> None:
    other = split_key(GEORGIA, "Georgia (U.S. state)")
    standing = standing_of(
        decided(
            Decision("split", GEORGIA, other, articles=("a1", "a2"), value="Georgia (U.S. state)"),
            Decision("wrong", AMERICA),
            same(US, UNITED_STATES, keep=US),
        )
    )
    assert standing.shown("a1", GEORGIA) == other
    assert standing.shown("a3", GEORGIA) == GEORGIA
    assert standing.shown("a1", UNITED_STATES) == US
    assert standing.shown("a1", AMERICA) is None
    assert standing.names == {other: "Georgia (U.S. state)"}


def test_a_name_and_a_type_are_of_the_whole_cluster() -> None:
    standing = standing_of(
        decided(
            Decision("name", US, value="USA"),
            Decision("type", UNITED_STATES, value="Country"),
            same(US, UNITED_STATES, keep=UNITED_STATES),
        )
    )
    assert standing.names == {UNITED_STATES: "USA"}
    assert standing.types == {UNITED_STATES: "Country"}


keys = st.sampled_from(KEYS)
pairs = st.tuples(keys, keys).filter(lambda pair: pair[0] != pair[1])
some = st.one_of(
    st.builds(
        lambda verdict, pair, keep, how: Decision(
            verdict, *pair, keep=pair[keep] if verdict == "same" else "", how=how
        ),
        st.sampled_from(["same", "same", "different", "unsure"]),
        pairs,
        st.integers(0, 1),
        st.sampled_from(["review", "rule: surname"]),
    ),
    st.builds(lambda key: Decision("wrong", key), keys),
    st.builds(lambda key, value: Decision("name", key, value=value), keys, st.sampled_from("xyz")),
)


def parts(standing: Standing) -> tuple[Any, ...]:
    conflicts = {(each.decision.key, each.other.key) for each in standing.conflicts}
    return (
        *(standing.canonical, standing.splits, standing.types, standing.names, standing.wrong),
        conflicts,
    )


@given(st.lists(some, max_size=12), st.randoms())
def test_the_order_in_which_decisions_come_is_of_no_matter(
    decisions: list[Decision], random: Any
) -> None:
    log = decided(*decisions)
    log.extend(decided(*log, *(Decision("undo", each.key, kind="decision") for each in log[::3])))
    shuffled = [*log]
    random.shuffle(shuffled)
    assert parts(standing_of(shuffled)) == parts(standing_of(log))


@given(st.lists(some, max_size=12))
def test_no_cluster_has_two_keys_that_are_different(decisions: list[Decision]) -> None:
    standing = standing_of(decided(*decisions))
    for left, right in standing.different:
        first = standing.canonical.get(left, left)
        assert first != standing.canonical.get(right, right)
    for key in standing.canonical.values():
        assert standing.canonical[key] == key


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision("merge", US), "'merge' is no verdict"),  # type: ignore[arg-type]
        (Decision("same", US), "same needs right"),
        (Decision("same", US, US), "both 'us-a'"),
        (Decision("same", "", US), "needs left"),
        (Decision("same", US, "U.S."), "'U.S.' is no key"),
        (Decision("same", US, AMERICA, keep=GEORGIA), "neither left nor right"),
        (Decision("different", US, AMERICA, keep=US), "different has no keep"),
        (Decision("same", US, AMERICA, value="America"), "neither left nor right is the key of"),
        (Decision("same", US, AMERICA, value="https://www.wikidata.org/wiki/Q30"), "neither left"),
        (Decision("same", US, AMERICA, kind="mention"), "said of entity, not of 'mention'"),
        (Decision("split", US, AMERICA), "needs articles"),
        (Decision("name", US, value="two\nlines"), "more than one line"),
        (Decision("name", US, value="   "), "value is blank"),
        (Decision("type", US, value="\u200b"), "value is blank"),
        (Decision("wrong", US, why="x" * 2001), "more than 2000 characters"),
        (Decision("wrong", US, at="yesterday"), "not a time"),
        (Decision("wrong", US, at="2026-1-1T00:00:00.0Z"), "not a time"),
        (Decision("wrong", US, at="9999-01-01T00:00:00.000000Z"), "in the future"),
        (Decision("undo", "a batch\n"), "no name of a batch"),
    ],
)
def test_what_is_no_decision_is_refused_in_one_line(decision: Decision, words: str) -> None:
    with pytest.raises(DecisionError, match=r"^[^\n]+$") as refused:
        validated(decision)
    assert words in str(refused.value)


def test_a_cluster_may_grow_by_thousands() -> None:
    """Read anew for each that joins it, this one would take half a minute."""
    log = [
        Decision("same", US, f"us-{number}", kind="entity", at=f"2026-11-01T00:00:00.{number:06}Z")
        for number in range(30_000)
    ]
    with seconds_of_processor(8):
        assert len(standing_of(log).canonical) == len(log) + 1
