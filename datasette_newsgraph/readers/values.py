"""Values as tools write them: dates that are ISO 8601, numbers that are numbers, and other words."""

from __future__ import annotations

import re
from typing import Literal

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_LONGEST = 60


def partial_date(text: str) -> str | None:
    """Return the date at the beginning of ``text`` (2021, 2021-07, 2021-07-18), a time of day behind
    it taken away; also of 20210718. None if there is none.
    """
    text = text.strip()[:_LONGEST]
    if compact := _COMPACT.match(text):
        if not text[8:9].isdigit():
            return "-".join(compact.groups())
        return None
    found = _DATE.match(text)
    return found[0] if found and text[found.end() :][:1] in ("", "T", " ") else None


def is_date(text: str) -> bool:
    """Tell whether ``text`` is an ISO 8601 date, maybe partial, and nothing else."""
    return len(text) <= _LONGEST and _DATE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Tell whether ``text`` is a decimal number and nothing else."""
    return len(text) <= _LONGEST and _NUMBER.fullmatch(text) is not None


def datatype_of(text: str, *, of_date: bool) -> Literal["date", "number", "string"]:
    """Return what ``text`` is: a date only where a date is meant, as 2021 may be a number too."""
    if of_date:
        return "date" if is_date(text) else "string"
    return "number" if is_number(text) else "string"
