"""How the texts and dates of articles are written, as far as a page has to know."""

from __future__ import annotations

import re

#: What turns the direction of the text behind it.
BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_TURNING = dict.fromkeys(map(ord, BIDI_CONTROLS))
_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}(?![0-9-])")
#: Languages that are written from right to left, unless another script is named.
_RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi")
)


def unturned(text: str) -> str:
    """Return a text in one line that turns no direction, for where no ``<bdi>`` can stand."""
    return " ".join(text.translate(_TURNING).split())


def day_of(published: str | None) -> str | None:
    """Return the day of a date, as far as it is known; None where it is none that can be read."""
    found = _DAY.match(published or "")
    return found[0] if found else None


def direction_of(language: str | None) -> str:
    """Return in which direction a text of a language runs: a line of it may begin with a name that
    runs in the other.
    """
    if not language:
        return "auto"
    main, *rest = language.lower().split("-")
    return "rtl" if main in _RIGHT_TO_LEFT and "latn" not in rest else "ltr"
