"""Damage to the bytes of a valid record, for hypothesis: what readers must survive.

``damaged(example)`` takes the bytes of a file of any format. What is JSON (a value, or one a line) is
damaged in its values, so that it stays JSON and gets past the decoder: values of other types, ids that
point nowhere, offsets that are negative, reversed or huge, keys that are missing or unknown, nesting.
Text is damaged in its lines, fields and numbers. Either may be cut off or spoilt as bytes, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
#: Where a value stands: the object or list, and its key or index there.
Place = tuple[Any, Any]

# Deeper than Python recurses, longer than anything is cut at; more, and hypothesis does not show it.
_DEPTH = 2_000
_LONG = 20_000
#: Stands for nesting, which json itself cannot write.
_NESTED = "\ue000nested\ue000"

HUGE = (2**31, 2**53, 2**63, -(2**63) - 1, 10**30)
OFFSETS = (
    -1,
    -7,
    0,
    1,
    3,
    99_999,
    *HUGE,
    0.5,
    -0.0,
    1e300,
    float("nan"),
    float("inf"),
    "3",
    "x",
    None,
)
STRINGS = (
    "", " ", "\n", "nowhere-99", "e999", "0", "-1", "\0", "a\0b", "\ud800", "\udc00\ud800", "\ufeff",
    "\U0001f600", "e\u0301", "he", "http://", "http://[", "urn:x:1", "file:///x", "../x", "#char=9,1",
    "2021-02-30", "NaN", "true", '"', "\\", "]]>", "x" * _LONG,
)  # fmt: skip
OTHER_TYPES = (
    None, True, False, 0, -1, 1.5, float("nan"), float("-inf"), 10**400, "", "x", [], {}, [[]], [{}],
    [None], {"": None}, {"id": []}, [[[[[]]]]], _NESTED,
)  # fmt: skip


# What is drawn again and again is made once, as hypothesis looks through what is new to it.
_HOW_OFTEN, _ONE_IN_FOUR, _EVENLY = st.integers(1, 3), st.integers(0, 3), st.booleans()
_OFFSETS = st.one_of(st.sampled_from(OFFSETS), st.integers(-50, 500))
_OTHER_TYPES, _STRINGS = st.sampled_from(OTHER_TYPES), st.sampled_from(STRINGS)
_SHORT_TEXTS = st.text(max_size=5)


@st.composite
def damaged(draw: Draw, example: bytes) -> bytes:
    """The bytes of ``example`` with something wrong, or with several things."""
    values = _json_values(example)
    for _ in range(draw(_HOW_OFTEN)):
        if values is not None:
            _damage_value(draw, values)
        else:
            example = _damage_text(draw, example)
    if values is not None:
        written = (json.dumps(each).replace(json.dumps(_NESTED), _nested()) for each in values)
        example = "\n".join(written).encode()
    return _damage_bytes(draw, example) if draw(_ONE_IN_FOUR) == 0 else example


def _nested() -> str:
    return "[" * _DEPTH + "]" * _DEPTH


# JSON -------------------------------------------------------------------------------------------


def _json_values(example: bytes) -> list[Any] | None:
    """The JSON value of the whole, or those of its lines; None if it is not JSON."""
    text = example.decode("utf-8", "replace")
    for parts in ([text], [line for line in text.splitlines() if line.strip()]):
        try:
            values = [json.loads(part) for part in parts]
        except ValueError:
            continue
        if values and all(isinstance(each, (dict, list)) for each in values):
            return values
    return None


def _places(value: Any) -> Iterator[Place]:
    stack = [value]
    while stack:
        each = stack.pop()
        for key in each if isinstance(each, dict) else range(len(each)):
            yield each, key
            if isinstance(each[key], (dict, list)):
                stack.append(each[key])


def _damage_value(draw: Draw, values: list[Any]) -> None:
    places = list(_places(values))
    if not places:
        return
    # Numbers are few beside the rest, and most goes wrong with them.
    numbers = [place for place in places if _is_number(place[0][place[1]])]
    holder, key = draw(st.sampled_from(numbers if numbers and draw(_EVENLY) else places))
    given = holder[key]
    ways: list[Callable[[Draw, Any, Any], None]] = [_other_type, _removed, _unknown]
    if _is_number(given):
        ways += [_offset, _offset, _reversed]
    elif isinstance(given, str):
        ways += [_string, _string, _reversed]
    elif isinstance(given, list):
        ways += [_elements, _elements]
    draw(st.sampled_from(ways))(draw, holder, key)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _other_type(draw: Draw, holder: Any, key: Any) -> None:
    chosen = draw(_OTHER_TYPES)
    # Never the constant itself: it could be damaged further, and be cyclic in the end.
    holder[key] = json.loads(json.dumps(chosen))


def _removed(draw: Draw, holder: Any, key: Any) -> None:
    del holder[key]


def _unknown(draw: Draw, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        name = draw(st.sampled_from(("unknown", "", "\ud800", "\0", str(key).upper(), "__class__")))
        holder[name] = json.loads(json.dumps(holder[key]))
    else:
        holder.insert(key, json.loads(json.dumps(holder[key])))


def _offset(draw: Draw, holder: Any, key: Any) -> None:
    holder[key] = draw(_OFFSETS)


def _string(draw: Draw, holder: Any, key: Any) -> None:
    given = holder[key]
    holder[key] = draw(
        st.one_of(
            _STRINGS,
            st.sampled_from(
                (given[:-1], given[1:], given.upper(), f" {given} ", given + "\0", given * 2)
            ),
            _SHORT_TEXTS,
        )
    )


def _reversed(draw: Draw, holder: Any, key: Any) -> None:
    """Exchange with another value of its kind: start and end, the ids of two ends."""
    alike = [
        other
        for other in (holder if isinstance(holder, dict) else range(len(holder)))
        if type(holder[other]) is type(holder[key])
    ]
    other = draw(st.sampled_from(alike))
    holder[key], holder[other] = holder[other], holder[key]


def _elements(draw: Draw, holder: Any, key: Any) -> None:
    given = holder[key]
    holder[key] = draw(
        st.sampled_from(
            ([], given[:1], given[1:], given[::-1], given + given[:1], given * 3, [given])
        )
    )
    holder[key] = json.loads(json.dumps(holder[key]))


# Text -------------------------------------------------------------------------------------------

_NUMBER = re.compile(rb"-?\d+")
_FIELD = re.compile(rb"[^\s,;<>\"]+|\"[^\"\n]*\"|<[^>\n]*>")


def _damage_text(draw: Draw, example: bytes) -> bytes:
    way = draw(
        st.sampled_from((_in_lines, _in_number, _in_number, _in_field, _in_field, _in_blanks))
    )
    result: bytes = way(draw, example)
    return result


def _in_lines(draw: Draw, example: bytes) -> bytes:
    lines = example.splitlines(keepends=True) or [b""]
    at = draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    nested = b"[" * _DEPTH
    lines[at] = draw(
        st.sampled_from(
            (b"", line * 2, line.rstrip(), b"\r" + line, b"\t" + line, b"#" + line, line + b"\n\n",
             line[: len(line) // 2] + b"\n", b"x" * _LONG + b"\n", line + nested + b"\n", lines[-at])
        )
    )  # fmt: skip
    return b"".join(lines)


def _in_number(draw: Draw, example: bytes) -> bytes:
    return _replaced(draw, _NUMBER, example, str(draw(_OFFSETS)).encode())


def _in_field(draw: Draw, example: bytes) -> bytes:
    given = draw(_STRINGS).encode("utf-8", "surrogatepass")
    as_given = (
        given,
        b"",
        b"<>",
        b"_",
        b"-",
        b"[",
        b"]",
        b"(",
        b'"""',
        b'"\\ud800"',
        b'"\\u0000"',
        b".",
    )
    return _replaced(draw, _FIELD, example, draw(st.sampled_from(as_given)))


def _replaced(draw: Draw, kind: re.Pattern[bytes], example: bytes, by: bytes) -> bytes:
    found = [each.span() for each in kind.finditer(example)]
    if not found:
        return example + by
    start, end = draw(st.sampled_from(found))
    return example[:start] + by + example[end:]


def _in_blanks(draw: Draw, example: bytes) -> bytes:
    old, new = draw(
        st.sampled_from(
            (
                (b"\t", b" "),
                (b" ", b"\t"),
                (b"\n", b"\r\n"),
                (b"\n", b""),
                (b"\n\n", b"\n"),
                (b",", b""),
            )
        )
    )
    return example.replace(old, new)


# Bytes ------------------------------------------------------------------------------------------


def _damage_bytes(draw: Draw, example: bytes) -> bytes:
    start = draw(st.integers(0, len(example)))
    spoilt = (
        b"",
        b"\0",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b'"',
        b"}",
        b"\\u12",
        b"\n",
    )
    by = draw(st.sampled_from(spoilt))
    end = draw(st.sampled_from((start, start + 1, start + 30, len(example))))
    return example[:start] + by + example[end:]
