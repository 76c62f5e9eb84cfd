"""Records that a Python program gives, as they would stand in a file."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import msgspec

from datasette_newsgraph.article import Article
from datasette_newsgraph.readers.source import Entry

_SURROGATE = re.compile("[\ud800-\udfff]")


def entry_of(number: int, record: Article | dict[str, Any]) -> Entry:
    """Return a record as it would stand in a file, as the line ``number``.

    What JSON has no word for is written as what it means: numbers and arrays of NumPy, decimals,
    dates. What cannot be written is the fault of the entry.
    """
    try:
        builtins = (
            msgspec.to_builtins(record, builtin_types=(datetime, date, Decimal), enc_hook=_plain)
            if isinstance(record, Article)
            else record
        )
        text = json.dumps(_with_datatypes(builtins), ensure_ascii=False, default=_plain)
    except (TypeError, ValueError, ArithmeticError, RecursionError) as error:
        # Not its repr, which may raise the same.
        return Entry(number, f"({type(record).__name__})".encode(), fault=f"not JSON: {error}")
    # One for one, so that no offset shifts; two that make a pair would become one character.
    return Entry(number, _SURROGATE.sub("\ufffd", text).encode())


def _plain(value: Any) -> Any:
    """Return what JSON can say of a value; raises TypeError where it can say nothing."""
    if _is_date_of_numpy(value):
        # Others come as numbers of nanoseconds, which say nothing of what they are.
        return value.astype("datetime64[us]").tolist()
    if isinstance(value, datetime):
        if value != value:
            # The NaT of pandas is a datetime, and no time.
            return None
        # Libraries of tables have no days but their midnights.
        is_day = value.tzinfo is None and value.time() == time()
        return (value.date() if is_day else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, (Real, Decimal)):
        return float(value)
    # An array of NumPy, and of its scalars those that are no numbers: dates, truth values.
    if callable(listed := getattr(value, "tolist", None)):
        return listed()
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _is_date_of_numpy(value: Any) -> bool:
    """Tell whether a value is NumPy's datetime64 or an array of them."""
    return getattr(getattr(value, "dtype", None), "kind", "") == "M"


def _with_datatypes(record: Any) -> Any:
    """Return a record in which the values of relations that are dates are said to be dates."""
    relations = record.get("relations") if isinstance(record, dict) else None
    if not isinstance(relations, list) or not any(map(_is_dated, relations)):
        return record
    dated = [{**each, "datatype": "date"} if _is_dated(each) else each for each in relations]
    return {**record, "relations": dated}


def _is_dated(relation: Any) -> bool:
    return (
        isinstance(relation, dict)
        and relation.get("datatype") is None
        and (isinstance(value := relation.get("value"), date) or _is_date_of_numpy(value))
    )
