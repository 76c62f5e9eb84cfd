"""Decisions as JSON Lines: an object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.files.fields import (
    NameOf,
    Written,
    decision_of,
    on_line,
    values_of,
)
from datasette_newsgraph.errors import DecisionError
from datasette_newsgraph.readers.source import Entry, Source


def read(source: Source) -> Iterator[Decision]:
    """Yield the decisions of a file."""
    for entry in source.lines():
        with on_line(source, entry.line):
            values = parsed(entry)
            if not isinstance(values, dict):
                raise DecisionError("is no JSON object")
            yield decision_of(values)


def write(decisions: Iterable[Written], name_of: NameOf) -> Iterator[bytes]:
    """Yield the lines of a file."""
    for each in decisions:
        yield encoded(values_of(each, name_of))


def parsed(entry: Entry) -> Any:
    """Return the JSON value of a line; raises DecisionError where it is none, or says a thing twice."""
    if entry.fault is not None:
        raise DecisionError("is far too long")
    try:
        return json.loads(entry.raw.decode(), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise DecisionError("is not UTF-8") from error
    except RecursionError as error:
        raise DecisionError("is nested too deep") from error
    except ValueError as error:
        raise DecisionError(f"is not JSON, or breaks off ({error})") from error


def encoded(value: Any) -> bytes:
    """Return a line of JSON."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        twice = next(name for name, _ in pairs if [each for each, _ in pairs].count(name) > 1)
        raise DecisionError(f"has {twice[:80]!r} twice")
    return values
