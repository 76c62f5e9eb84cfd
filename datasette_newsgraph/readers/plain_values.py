"""Values as tools write them: dates that are ISO 8601, numbers that are numbers, and other words."""

from __future__ import annotations

import re
from typing import Literal

from datasette_newsgraph.dates import is_date

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_LONGEST = 60


def is_number(text: str) -> bool:
    """Tell whether ``text`` is a decimal number and nothing else."""
    return len(text) <= _LONGEST and _NUMBER.fullmatch(text) is not None


def datatype_of(text: str, *, of_date: bool) -> Literal["date", "number", "string"]:
    """Return what ``text`` is: a date only where a date is meant, as 2021 may be a number too."""
    if of_date:
        return "date" if is_date(text) else "string"
    return "number" if is_number(text) else "string"
