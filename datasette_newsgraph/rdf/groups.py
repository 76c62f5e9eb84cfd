"""Rows that belong to rows of another query: both come in the same order, and are read side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

_END: tuple[Any, Iterator[Any]] = (None, iter(()))


class Groups:
    """The rows of a query in groups, one for each row of another query that they belong to.

    ``owner_of`` takes the number of that row, or its key, out of a row. The owners have to come in the
    order in which the other query gives them; there may be owners without rows, but no rows without an
    owner.
    """

    def __init__(self, rows: Iterable[Any], owner_of: Callable[[Any], Any]) -> None:
        self._groups: Iterator[tuple[Any, Iterator[Any]]] = groupby(rows, owner_of)
        self._owner, self._rows = next(self._groups, _END)

    def of(self, owner: Any) -> Sequence[Any]:
        """Return the rows of the next owner, or an empty sequence if it has none."""
        if owner != self._owner:
            return ()
        rows = list(self._rows)
        self._owner, self._rows = next(self._groups, _END)
        return rows
