"""A file without times can be given again: what holds stays as it is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.decisions.decision import Decision, validated
from datasette_newsgraph.decisions.not_yet_made import not_yet_made
from datasette_newsgraph.decisions.standing import standing_of

KEYS = ("us-a", "united-states-b", "georgia-c")
US, UNITED_STATES, GEORGIA = KEYS
SAME, DIFFERENT = Decision("same", US, UNITED_STATES), Decision("different", US, UNITED_STATES)


def logged(decisions: list[Decision], before: int = 0) -> list[Decision]:
    """Give those without times times in their order, behind so many others."""
    return [
        validated(each if each.at else replace(each, at=f"2026-01-01T00:00:00.{number:06}Z"))
        for number, each in enumerate(decisions, before)
    ]


def test_what_holds_is_not_made_again() -> None:
    name = Decision("name", US, value="USA")
    given_ = [validated(each) for each in (SAME, name, Decision("wrong", GEORGIA))]
    log = logged(given_)
    assert not_yet_made(given_, log) == []
    assert not_yet_made([replace(given_[1], value="US")], log) != []
    # With a time it is another decision, or known by its key.
    assert not_yet_made([log[0]], log) == [log[0]]


def test_what_another_verdict_replaced_is_made_again() -> None:
    same, different = validated(SAME), validated(DIFFERENT)
    assert not_yet_made([same], logged([same, different])) == [same]
    # A file that says both means what it says last.
    assert not_yet_made([same, different], logged([same, different])) == []
    assert not_yet_made([same, different], logged([different, same])) == [same, different]


def test_what_was_taken_back_is_made_again_and_taken_back_again() -> None:
    same = validated(replace(SAME, batch="b"))
    undo = validated(Decision("undo", "b"))
    log = logged([same, undo])
    assert not_yet_made([same], log) == [same]
    assert not_yet_made([undo], log) == []
    assert not_yet_made([undo], logged([same, undo, same])) == [undo]


pairs = st.permutations(KEYS).map(lambda keys: keys[:2])
some = st.one_of(
    st.builds(
        lambda verdict, pair: validated(Decision(verdict, *pair)),
        st.sampled_from(["same", "different", "unsure"]),
        pairs,
    ),
    st.builds(
        lambda key, name: validated(Decision("name", key, value=name)),
        st.sampled_from(KEYS),
        st.sampled_from("ab"),
    ),
)


@given(st.lists(some, max_size=8))
def test_a_file_that_is_given_again_changes_nothing(file: list[Decision]) -> None:
    log = logged(file)
    again = logged(not_yet_made(file, log), before=len(log))
    before, after = standing_of(log), standing_of([*log, *again])
    assert again == []
    assert (after.canonical, after.names) == (before.canonical, before.names)
