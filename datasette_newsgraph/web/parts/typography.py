"""How the texts and dates of articles are written, as far as a page has to know."""

from __future__ import annotations

from datasette_newsgraph.dates import day_of as day_of_date
from datasette_newsgraph.dates import is_date

#: What turns the direction of the text behind it.
BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_TURNING = dict.fromkeys(map(ord, BIDI_CONTROLS))
#: The columns of evidence that say since when and until when, in words where these are no dates.
DATES_OF_EVIDENCE = (
    "coalesce(start_date, given_start_date) AS start_date,"
    " coalesce(end_date, given_end_date) AS end_date"
)
#: Languages that are written from right to left, unless another script is named.
_RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi")
)


def unturned(text: str) -> str:
    """Return a text in one line that turns no direction, for where no ``<bdi>`` can stand."""
    return " ".join(text.translate(_TURNING).split())


def day_of(published: str | None) -> str | None:
    """Return the day of a date, as far as it is known; None where it is none that can be read."""
    return day_of_date(published) if published and is_date(published) else None


def direction_of(language: str | None) -> str:
    """Return in which direction a text of a language runs: a line of it may begin with a name that
    runs in the other.
    """
    if not language:
        return "auto"
    main, *rest = language.lower().split("-")
    return "rtl" if main in _RIGHT_TO_LEFT and "latn" not in rest else "ltr"
