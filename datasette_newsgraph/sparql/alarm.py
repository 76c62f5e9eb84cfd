"""The end of a question that nobody asks for the time: a pattern that is tried for hours, a long sort.

Whoever evaluates looks at the clock between steps of its own. A signal comes between those of Python,
and while a regular expression is tried; what it raises is no error that anybody catches on the way.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from datasette_newsgraph.sparql.limits import Limits

#: Seconds after the time is over, so that who looks at the clock is first, and between two alarms: one
#: may come where nothing can be raised.
_LATE, _AGAIN = 0.1, 0.5


class _TimeIsOver(BaseException):
    """It passes by all who catch errors."""


@contextmanager
def alarmed(limits: Limits) -> Iterator[None]:
    """Let the body end with QueryStopped soon after the time of the limits, whatever it does. It has to
    run in the main thread of its process, which has the alarm for itself. Without a limit, and where
    the system has no such clock, there is no alarm.
    """
    if limits.seconds is None or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, _raise)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + _LATE, _AGAIN)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    except _TimeIsOver:
        limits.require_time()
        raise


def _raise(number: int, frame: object) -> None:
    raise _TimeIsOver
