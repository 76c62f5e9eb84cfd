"""Signals that come while SQLite calls functions of ours: it ends the query for what they raise, but
tells of an error of its own instead.
"""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@contextmanager
def heard() -> Iterator[None]:
    """Let the body end with what the handler of a signal raised, such as KeyboardInterrupt, also where
    SQLite has made an error of it.
    """
    if threading.current_thread() is not threading.main_thread():
        # Handlers run, and can be set, in the main thread only.
        yield
        return
    raised: list[BaseException] = []
    before = {number: signal.getsignal(number) for number in _ENDING}

    def handle(number: int, frame: FrameType | None) -> None:
        handler = before[number]
        assert callable(handler)
        try:
            handler(number, frame)
        except BaseException as error:
            raised.append(error)
            raise

    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, handle)
    try:
        yield
    except sqlite3.OperationalError as error:
        if raised:
            raise raised[0] from error
        raise
    finally:
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, handler)
