"""How many processes can work at once on this machine."""

from __future__ import annotations

import os

#: With more, they would wait for the one that puts together what they make.
_MOST = 8


def cores() -> int:
    """Return how many processes one command is to use: as many as there are cores, up to a limit."""
    try:
        # Those that this process may have, which are fewer in many a container.
        found = len(os.sched_getaffinity(0))
    except AttributeError:
        found = os.cpu_count() or 1
    return min(found, _MOST)
