"""Relations and roles, whose other end may stand in a later line."""

from __future__ import annotations

from typing import NamedTuple

from datasette_newsgraph.readers import Fault
from datasette_newsgraph.readers.cas.annotations import Annotations, Arrow, Span
from datasette_newsgraph.readers.formats.webanno import cells


class Places:
    """The spans by their layers and first tokens, and by their numbers if they have one."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, str], Span] = {}
        self._numbered: dict[tuple[str, str, int], Span] = {}
        #: Some programs count from 1 in every sentence: then it is the last one of the number.
        self._by_number: dict[tuple[str, int], Span] = {}

    def add(self, span: Span, token: str, number: int) -> None:
        """Add a span that begins at a token; ``number`` is 0 if it has none."""
        self._at.setdefault((span.layer, token), span)
        if number:
            self._numbered.setdefault((span.layer, token, number), span)
            self._by_number[span.layer, number] = span

    def find(self, layer: str, token: str, number: int) -> Span | None:
        """Return the span of a number, or else the first that begins at the token; None if none is."""
        if number:
            known = self._numbered.get((layer, token, number))
            return known or self._by_number.get((layer, number))
        return self._at.get((layer, token))


class Tie(NamedTuple):
    """A relation as it is written in the line of one end. ``layers`` are those in which the other end
    may be; of a role, ``host`` is what it is played in.
    """

    token: str
    layer: str
    written: str
    features: dict[str, list[str]]
    layers: tuple[str, ...]
    host: Span | None = None


def resolve(ties: list[Tie], places: Places, found: Annotations) -> None:
    """Add the relations to what was found; one that leads nowhere is a fault."""
    for tie in ties:
        end = cells.end(tie.written)
        arrow = None if end is None else _arrow(tie, end, places)
        if arrow is not None:
            found.arrows.append(arrow)
        elif not tie.layers:
            found.passed_over["relations of words that are not annotated"] += 1
        else:
            reason = f"token {tie.token}: {tie.written[:60]!r} is no annotation of this text"
            found.faults.append(Fault(reason, tie.written[:200]))


def _arrow(tie: Tie, end: cells.End, places: Places) -> Arrow | None:
    candidates = (places.find(each, end.token, end.source) for each in tie.layers)
    other = next((each for each in candidates if each is not None), None)
    if other is None:
        return None
    place = f"token {tie.token}"
    if tie.host is not None:
        return Arrow(place, tie.layer, tie.host, other, tie.features, is_role=True)
    target = places.find(tie.layers[0], tie.token, end.target)
    return None if target is None else Arrow(place, tie.layer, other, target, tie.features)
