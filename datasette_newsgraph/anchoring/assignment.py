"""Give each of several wanted spans an occurrence of its own, at the least total distance."""

from __future__ import annotations

from collections.abc import Callable

from datasette_newsgraph.anchoring.thresholds import NO_PLACE


def assign(wanted: int, places: int, cost: Callable[[int, int], float | None]) -> list[int | None]:
    """Return for each of ``wanted`` spans which of the ``places`` is its own, or None.

    ``cost`` tells what it costs to give a span (by number) an occurrence (by number), None if that
    is out of question. Both are in order, and the assignment keeps it: on a line nothing is gained
    by crossing. As many as possible get one, then the sum of costs is the least.
    """
    # total[i][j]: the least cost of the first i spans with the first j occurrences.
    total = [[0.0] * (places + 1)]
    for number in range(wanted):
        above = total[-1]
        line = [above[0] + NO_PLACE]
        for place in range(places):
            least = min(line[-1], above[place + 1] + NO_PLACE)
            price = cost(number, place)
            if price is not None and above[place] + price < least:
                least = above[place] + price
            line.append(least)
        total.append(line)
    return _trace(total)


def _trace(total: list[list[float]]) -> list[int | None]:
    row, column = len(total) - 1, len(total[0]) - 1
    result: list[int | None] = [None] * row
    while row and column:
        if total[row][column] == total[row][column - 1]:
            column -= 1
        elif total[row][column] == total[row - 1][column] + NO_PLACE:
            row -= 1
        else:
            row, column = row - 1, column - 1
            result[row] = column
    return result
