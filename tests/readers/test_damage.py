"""The damage that readers are tried with is what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from tests.readers.damage import damaged

EXAMPLE = json.dumps(
    {"text": "Fabius met Kerry.", "spans": [{"id": "s1", "start": 0, "end": 6, "label": "PER"}]}
).encode()
#: The first that fits will do.
LIMITS = settings(
    max_examples=20_000,
    database=None,
    derandomize=True,
    deadline=None,
    phases=(Phase.generate,),
)
LINES = EXAMPLE + b"\n" + EXAMPLE
TEXT = b"T1\tPerson 0 6\tFabius\nR1\tmet Arg1:T1 Arg2:T2\n"


def as_json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def span(raw: bytes) -> dict[str, Any]:
    """The first span of a record that is otherwise whole."""
    given = as_json(raw)
    spans = given.get("spans") if isinstance(given, dict) else None
    first = spans[0] if isinstance(spans, list) and spans else None
    return first if isinstance(first, dict) else {}


def is_less(one: Any, other: Any) -> bool:
    return isinstance(one, int) and isinstance(other, int) and one < other


@pytest.mark.parametrize(
    "kind",
    [
        lambda raw: as_json(raw) is None and raw and EXAMPLE.startswith(raw),
        lambda raw: isinstance(span(raw).get("start"), str),
        lambda raw: is_less(span(raw).get("start"), 0),
        lambda raw: is_less(span(raw).get("end"), span(raw).get("start")),
        lambda raw: is_less(2**60, span(raw).get("end")),
        lambda raw: is_less(17, span(raw).get("end")),
        lambda raw: "end" not in span(raw) and "start" in span(raw),
        lambda raw: "unknown" in span(raw),
        lambda raw: span(raw).get("id") == "nowhere-99",
        lambda raw: isinstance(as_json(raw), dict) and "text" not in as_json(raw),
        lambda raw: isinstance(as_json(raw), dict) and as_json(raw).get("text") == "",
        lambda raw: b"NaN" in raw,
        lambda raw: b"Infinity" in raw,
        lambda raw: b'"\\ud800' in raw,
        lambda raw: b"\\u0000" in raw,
        lambda raw: b"\0" in raw,
        lambda raw: b"\xff" in raw,
        lambda raw: b"[" * 1000 in raw,
    ],
)
def test_each_kind_of_damage_comes_up(kind: Any) -> None:
    assert comes_up(EXAMPLE, kind)


def test_a_long_string_comes_up() -> None:
    # Sooner in lines of text than in JSON, where it is one value of many.
    assert comes_up(TEXT, lambda raw: b"x" * 10_000 in raw)


def comes_up(example: bytes, kind: Any) -> bool:
    try:
        find(damaged(example), kind, settings=LIMITS)
    except NoSuchExample:
        return False
    return True


@settings(max_examples=300, deadline=None)
@given(st.sampled_from((EXAMPLE, LINES, TEXT, b"", b"[]", b"\xff")).flatmap(damaged))
def test_all_examples_can_be_damaged(raw: bytes) -> None:
    assert isinstance(raw, bytes)


def test_most_damage_leaves_json_json() -> None:
    kept = []

    @settings(max_examples=300, database=None, derandomize=True, deadline=None)
    @given(damaged(EXAMPLE))
    def count(raw: bytes) -> None:
        kept.append(as_json(raw) is not None)

    count()
    assert sum(kept) > len(kept) / 2


def test_lines_stay_lines_and_text_is_damaged_in_its_fields() -> None:
    find(damaged(LINES), lambda raw: raw != LINES and raw.count(b"\n") == 1, settings=LIMITS)
    find(damaged(TEXT), lambda raw: raw.startswith(b"T1\tPerson -"), settings=LIMITS)
    find(damaged(TEXT), lambda raw: b"Arg2:" not in raw and b"Arg1:" in raw, settings=LIMITS)
