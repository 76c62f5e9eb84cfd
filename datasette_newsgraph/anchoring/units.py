"""The units that offsets count in, and how they become code points.

Python, spaCy and the W3C Web Annotation Data Model (section 4.2.4) count Unicode code points; Java,
JavaScript and so CoreNLP and Label Studio count UTF-16 code units; Go, Rust and C count the bytes of
UTF-8. In text of the Basic Multilingual Plane the first two are the same, in ASCII all three.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from datasette_newsgraph.anchoring.scales import AnyScale, scale_of

Unit = Literal["code points", "UTF-16", "UTF-8"]
UNITS: tuple[Unit, ...] = get_args(Unit)

CODE_POINTS: Unit = "code points"
UTF16: Unit = "UTF-16"
UTF8: Unit = "UTF-8"

#: An offset in a unit → the code point that begins there, or None if none does.
Convert = Callable[[int], "int | None"]

#: Runs of characters that are wider than one unit. Surrogates never get here: readers replace them.
WIDE: dict[Unit, str] = {
    CODE_POINTS: "",
    UTF16: "[\U00010000-\U0010ffff]+",
    UTF8: "[\x80-\u07ff]+|[\u0800-\uffff]+|[\U00010000-\U0010ffff]+",
}


def width(character: str, unit: Unit) -> int:
    """Return how many units a character is."""
    if unit == UTF16:
        return 2 if character > "\uffff" else 1
    if unit == CODE_POINTS or character < "\x80":
        return 1
    return 2 if character < "\u0800" else 3 if character < "\U00010000" else 4


def unit_scale(text: str, unit: Unit) -> AnyScale:
    """Return the scale of a unit."""
    return scale_of(
        text,
        "" if text.isascii() else WIDE[unit],
        lambda run: len(run) * width(run[0], unit),
        lambda part: count_units(part, unit),
    )


def count_units(text: str, unit: Unit) -> int:
    """Return how many units a text is."""
    if unit == CODE_POINTS or text.isascii():
        return len(text)
    if unit == UTF16:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text.encode("utf-8", "surrogatepass"))


def converter(text: str, unit: Unit) -> Convert:
    """Return the function that makes an offset of ``text`` in ``unit`` a code point.

    The offset behind the last character is one too. It gives None for what is negative, beyond the
    text, or inside a character. Linear in the length of the text, then logarithmic a call.
    """
    return unit_scale(text, unit).code_point
