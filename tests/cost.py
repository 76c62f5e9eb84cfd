"""What a call costs, in measures that a busy machine does not change."""

from __future__ import annotations

import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest


def steps_of(call: Callable[[], object]) -> int:
    """How many lines of Python a call runs. Work done in C, as by ``re``, is not in it."""
    steps = 0

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(before)
    return steps


@contextmanager
def seconds_of_processor(limit: float) -> Iterator[None]:
    """Fail when the processor has worked for as many seconds; for work that, done badly, takes hours.

    A limit is many times what the work takes, as a slow processor is no failure.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        pytest.fail(f"took more than {limit} seconds of the processor")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def sql_steps_of(connection: sqlite3.Connection, call: Callable[[], object]) -> int:
    """How many steps SQLite takes for a call, in hundreds of them."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(count, 100)
    try:
        call()
    finally:
        connection.set_progress_handler(None, 0)
    return steps
