"""How far the offsets of an article have drifted, place by place.

Where a headline was taken off, line ends were joined or ``&amp;`` was decoded, all that follows is
displaced by the same number. Words that the text has only once show it. Displacements at random do
not agree with their neighbours, and are left alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from datasette_newsgraph.anchoring.thresholds import (
    NEIGHBOURS_AGREEING,
    NEIGHBOURS_ASKED,
    SAME_DISPLACEMENT,
    SLOPE_NEIGHBOURS,
    SLOPE_ONE_WAY,
    SLOPE_STEPS,
)


class Drift:
    """Tells the displacement around a place.

    ``known`` are (given start, displacement) of spans whose place in the text is beyond doubt.
    """

    def __init__(self, known: Iterable[tuple[int, int]]) -> None:
        pairs = sorted(set(known))
        self._places = [place for place, _ in pairs]
        self._displacements = [displacement for _, displacement in pairs]
        steps = [
            after - before
            for before, after in zip(self._displacements, self._displacements[1:], strict=False)
        ]
        same = sum(abs(step) <= SAME_DISPLACEMENT for step in steps)
        self._is_steady = any(self._displacements) and 2 * same >= max(1, len(steps))
        one_way = max(sum(step >= 0 for step in steps), sum(step <= 0 for step in steps))
        # A displacement that stays, or changes now and then, is no slope.
        changes = sum(map(bool, steps))
        self._is_sloping = (
            len(steps) >= SLOPE_STEPS and one_way >= SLOPE_ONE_WAY * len(steps) < 2 * changes
        )

    def around(self, place: int) -> tuple[int, ...]:
        """Return the displacements that the neighbours of a place agree on: those before it, those
        behind it; 0 where they do not agree.
        """
        middle = bisect_left(self._places, place)
        if self._is_sloping:
            return (self._on_slope(place, middle),)
        if not self._is_steady:
            return (0,)
        before = _agreed(self._displacements[max(0, middle - NEIGHBOURS_ASKED) : middle])
        behind = _agreed(self._displacements[middle : middle + NEIGHBOURS_ASKED])
        agreed = {each for each in (before, behind) if each is not None}
        if not agreed:
            # Too few on each side may be enough together.
            both = self._displacements[max(0, middle - 2) : middle + 2]
            one = _agreed(both)
            return (0,) if one is None else (one,)
        return tuple(sorted(agreed))

    def _on_slope(self, place: int, middle: int) -> int:
        """Return the displacement at a place from what it is before and behind it."""
        ends = (
            range(max(0, middle - SLOPE_NEIGHBOURS), middle),
            range(middle, min(middle + SLOPE_NEIGHBOURS, len(self._places))),
        )
        points = []
        for side in ends:
            if side:
                ordered = sorted(side, key=self._displacements.__getitem__)
                number = ordered[len(ordered) // 2]
                points.append((self._places[number], self._displacements[number]))
        (begin, before), (end, behind) = points[0], points[-1]
        if begin == end:
            return before
        return before + (behind - before) * (place - begin) // (end - begin)


def _agreed(displacements: list[int]) -> int | None:
    """Return the displacement that most of them have; two must be the same to the letter."""
    if len(displacements) < NEIGHBOURS_AGREEING:
        same = len(displacements) == 2 and displacements[0] == displacements[1]
        return displacements[0] if same else None
    middle = sorted(displacements)[len(displacements) // 2]
    agreeing = sum(abs(each - middle) <= SAME_DISPLACEMENT for each in displacements)
    return middle if agreeing >= NEIGHBOURS_AGREEING else None
