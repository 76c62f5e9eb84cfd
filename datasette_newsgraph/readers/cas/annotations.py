"""The annotations of one document: what the readers of all its files fill in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from datasette_newsgraph.anchoring.units import UTF16, Unit
from datasette_newsgraph.readers import Fault


@dataclass(slots=True, eq=False)
class Span:
    """An annotated span. ``place`` names it in faults; ``features`` are those that have a value, as it
    is written; ``surface`` is what the file says that the text reads there, if it does.
    """

    place: str
    layer: str
    start: int
    end: int
    features: dict[str, list[str]] = field(default_factory=dict)
    surface: str | None = None


@dataclass(slots=True, eq=False)
class Arrow:
    """A relation of two spans, or what plays a role (``is_role``) in what a span says."""

    place: str
    layer: str
    source: Span
    target: Span
    features: dict[str, list[str]] = field(default_factory=dict)
    is_role: bool = False


@dataclass
class Annotations:
    """All that is annotated in one text. A chain is the spans that mean one thing."""

    text: str | None
    unit: Unit = UTF16
    spans: list[Span] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    chains: list[list[Span]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
