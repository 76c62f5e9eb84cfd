"""Processes that are spawned to work for this one: how they begin, and how they are ended."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import parent_process


def begin_process() -> None:
    """Begin a process that was spawned to work for another one."""
    # Each process has one article in work: more threads would only wait for each other.
    os.environ["OMP_NUM_THREADS"] = "1"
    # It ends with its parent, and in silence.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Begin processes in the body: Ctrl-C does not come to them before ``begin_process`` is done, in
    the middle of their imports, and to this process a moment later.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def end_pool(pool: ProcessPoolExecutor, *, is_awaited: bool) -> None:
    """End the processes of a pool, after what they work at if that is awaited."""
    # Python has no public name for it before 3.14.
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=is_awaited, cancel_futures=True)
    if is_awaited:
        return
    # What is not waited for any more may go on for minutes.
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()
