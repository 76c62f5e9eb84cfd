"""Notes add up, and each of their counters has words for people in all places where they are told."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from datasette_newsgraph.anchoring import MOVED
from datasette_newsgraph.dates.forms import DAY_OR_MONTH
from datasette_newsgraph.inspection import Inspection, as_json, described
from datasette_newsgraph.loading.summary import LoadSummary
from datasette_newsgraph.notes import COUNTERS, Count, Notes, Tally

#: A count of each counter, and what load and inspect print of it.
PRINTED: dict[str, tuple[Any, str, tuple[str, str] | None]] = {
    "left_out": (
        1,
        "1 record left out: empty, not annotated, rejected or skipped",
        None,
    ),
    "unmapped": (
        Counter({("type", "Dish"): 1200, ("predicate", "ate"): 1}),
        "labels without a mapping, kept as they are (--map gives one):"
        " Dish (type) 1,200, ate (predicate) 1",
        ("not mapped", "Dish (type) 1,200, ate (predicate) 1"),
    ),
    "dropped": (
        Counter({"MONEY": 1}),
        "left out by their labels: MONEY 1",
        ("left out", "MONEY 1"),
    ),
    "passed_over": (
        Counter({"names in names": 2}),
        "not used: names in names 2",
        ("not used", "names in names 2"),
    ),
    "guessed_encodings": (
        Counter({"Windows-1252": 2}),
        "2 texts not UTF-8, read as Windows-1252 2",
        ("encoding guessed", "Windows-1252 2"),
    ),
    "unread_dates": (
        Counter({DAY_OR_MONTH: 1}),
        "1 date kept as words, which no period or sorting goes by:"
        f" {DAY_OR_MONTH} (such as “3/4/2019”) 1; dates such as 2021-03-05 are certain",
        ("unread dates", f"{DAY_OR_MONTH} 1"),
    ),
    "unknown_fields": (
        Counter({"b": 1, "a": 1}),
        "2 unknown fields (a 1, b 1)",
        ("unknown fields", "b 1, a 1"),
    ),
    # No trouble, so that a load says nothing of it.
    "keys_taken": (
        Counter({"entities[]: name from who": 2}),
        "",
        ("keys", 'entities[]: name from who (such as {"who": "Ana"})'),
    ),
    "units": (
        Counter({"bytes": 3}),
        "articles by the unit of their offsets: bytes 3",
        ("offset units", "bytes 3"),
    ),
    "spans": (Counter({MOVED: 1}), "1 span (moved 1)", ("spans", "moved 1")),
    "claims_refused": (
        1,
        "1 span is not what the record says it is (anchored): looked for again",
        ("anchored anew", "1 span"),
    ),
    "numbers_dropped": (2, "2 numbers out of range, left out", None),
}


def noted(name: str, count: Any) -> Notes:
    """Notes in which one counter counts."""
    notes = Notes()
    if isinstance(count, Counter):
        getattr(notes, name).update(count)
    else:
        setattr(notes, name, count)
    if name == "unread_dates":
        notes.date_examples[DAY_OR_MONTH] = "3/4/2019"
    if name == "keys_taken":
        notes.key_examples["entities[]: name from who"] = '{"who": "Ana"}'
    return notes


@pytest.mark.parametrize("name", COUNTERS)
def test_a_counter_is_told_in_its_words(name: str) -> None:
    count, line, headed = PRINTED[name]
    notes = noted(name, count)
    assert list(notes.lines()) == ([line] if line else [])
    assert list(notes.headed(20)) == ([] if headed is None else [headed])


@pytest.mark.parametrize("name", COUNTERS)
@pytest.mark.parametrize("of_all", [Notes, LoadSummary, lambda: Inspection("a", "b", "c")])
def test_counts_add_up(name: str, of_all: Any) -> None:
    count, _, headed = PRINTED[name]
    notes = of_all()
    for record in (noted(name, count), Notes(), noted(name, count)):
        notes.add(record)
        record.add(record)  # What was added stays as it is.
    twice = (
        Counter({key: 2 * n for key, n in count.items()})
        if headed and isinstance(count, Counter)
        else 2 * count
    )
    assert getattr(notes, name) == twice
    if isinstance(notes, Inspection):
        assert (name in as_json(notes)) == COUNTERS[name].is_inspected
        assert headed is None or headed[0] in dict(described(notes))


def test_nothing_is_told_of_nothing_and_of_what_is_regular() -> None:
    notes = Notes()
    assert not any(getattr(notes, name) for name in COUNTERS)
    notes.units["code points"] += 2
    notes.spans["exact"] += 7
    assert list(notes.lines()) == []
    assert dict(notes.headed(20)) == {"offset units": "code points 2", "spans": "exact 7"}


@pytest.mark.parametrize("make", [lambda: Tally(), lambda: Count("word")])
def test_a_counter_without_words_is_named(make: Any) -> None:
    # Before Python 3.12 the error is the cause of another one, which has the name too.
    with pytest.raises((TypeError, RuntimeError), match="translated"):
        type("Notes", (), {"translated": make()})


def test_every_count_of_notes_is_a_counter() -> None:
    assert not getattr(Notes, "__annotations__", {})
    assert set(PRINTED) == set(COUNTERS)


def test_a_summary_goes_back_to_what_was_kept() -> None:
    summary = LoadSummary()
    summary.add(noted("dropped", Counter({"MONEY": 1})))
    kept = summary.kept()
    summary.dropped["MONEY"] += 1
    summary.left_out += 1
    summary.read += 1
    for _ in range(2):
        summary.restore(kept)
        assert (summary.dropped, summary.left_out, summary.read) == ({"MONEY": 1}, 0, 0)
        summary.dropped.clear()
