"""How far a check is, for a progress bar: its steps weigh what they cost."""

from __future__ import annotations

from collections.abc import Callable

#: Shows a position, given with the size of all.
Show = Callable[[int, int], None]


class Progress:
    """The steps of a check: those that are done, and one that is under way.

    Steps are in thousandths of a whole check. Every step takes time in proportion to the rows of the
    graph, so that their shares are much the same in a small graph and in a large one.
    """

    def __init__(self, show: Show, size: int) -> None:
        """Begin with nothing done of steps that weigh ``size`` together."""
        self._show = show
        self._size = size
        self._done = self._weight = 0
        self._shown = -1

    def begin(self, weight: int) -> None:
        """Begin a step of this weight: the one before it is done."""
        self._done += self._weight
        self._weight = weight
        self.within(0)

    def within(self, part: float) -> None:
        """Show that a part of the step is done, from 0 to 1."""
        position = self._done + int(self._weight * part)
        # A step may tell of each of its rows.
        if position != self._shown:
            self._shown = position
            self._show(position, self._size)

    def end(self) -> None:
        """Show that all is done, also where steps were left out."""
        self._done, self._weight = self._size, 0
        self.within(0)


def unseen(position: int, size: int) -> None:
    """Show nothing."""
