"""One key is taken out of a cluster; the others stay together, whoever said what before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.decisions.decision import Decision, validated
from datasette_newsgraph.decisions.standing import standing_of
from datasette_newsgraph.decisions.taking_out import take_out
from datasette_newsgraph.errors import DecisionError

KEYS = st.sampled_from([f"{letter}-0" for letter in "abcdef"])
SAYINGS = st.lists(
    st.tuples(
        st.sampled_from(["same", "same", "same", "different", "unsure"]),
        KEYS,
        KEYS,
        st.sampled_from(["", "rule letters"]),
    ).filter(lambda each: each[1] != each[2]),
    max_size=12,
)


def log_of(*said: tuple[str, ...]) -> list[Decision]:
    """A log in which these were said one after the other."""
    return [
        validated(
            Decision(
                verdict,  # type: ignore[arg-type]
                left,
                right,
                keep=left if verdict == "same" else "",
                how=how[0] if how else "",
                at=f"2026-01-01T00:00:00.{number:06}Z",
            )
        )
        for number, (verdict, left, right, *how) in enumerate(said)
    ]


def after(log: list[Decision], key: str) -> dict[str, str]:
    """What stands for what when a key has been taken out."""
    more = [
        validated(replace(each, at=f"2026-01-02T00:00:00.{number:06}Z"))
        for number, each in enumerate(take_out(log, key))
    ]
    return standing_of([*log, *more]).canonical


def test_a_bridge_is_taken_out() -> None:
    """Two were the same as one in the middle, and as each other by that alone."""
    log = log_of(("same", "b-0", "a-0"), ("same", "c-0", "a-0"))
    assert standing_of(log).canonical == dict.fromkeys(("a-0", "b-0", "c-0"), "c-0")
    assert after(log, "a-0") == {"b-0": "c-0", "c-0": "c-0"}


def test_one_of_two_is_taken_out() -> None:
    assert after(log_of(("same", "a-0", "b-0")), "b-0") == {}


@pytest.mark.parametrize("key", ["a-0", "c-0"])
def test_what_stands_for_a_cluster_or_is_in_none_is_not_taken_out(key: str) -> None:
    with pytest.raises(DecisionError, match=f"{key} is not merged into another entity"):
        take_out(log_of(("same", "a-0", "b-0")), key)


@given(said=SAYINGS, key=KEYS)
def test_the_others_stay_together(said: list[tuple[str, ...]], key: str) -> None:
    log = log_of(*said)
    before = standing_of(log).canonical
    if before.get(key, key) == key:
        return
    canonical = before[key]
    others = {each for each, of in before.items() if of == canonical} - {key}
    now = after(log, key)
    assert {now.get(each, each) for each in others} == {canonical}
    assert now.get(key) != canonical
