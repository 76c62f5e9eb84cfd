"""Processes that are spawned to work for this one: how they begin, and how they are ended."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import parent_process
from typing import Any, BinaryIO

# The path first: whatever stands in the current directory is not to be imported.
_SERVE = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from {} import serve; serve()"
)


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


def start_server(module: str) -> subprocess.Popen[bytes]:
    """Start a process that does what the function ``serve`` of a module does: it is told by pickles on
    standard input, and answers on standard output. Raises OSError where none can be started.
    """
    # In a session of its own, so that Ctrl-C comes to this process only, which ends the other.
    process = subprocess.Popen(  # noqa: S603  # the same Python, with constant code
        [sys.executable, "-I", "-c", _SERVE.format(module)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )
    try:
        tell(process, sys.path)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process


def tell(process: subprocess.Popen[bytes], order: Any) -> None:
    """Tell a process something. Raises BrokenPipeError where it has ended."""
    assert process.stdin is not None
    rest = memoryview(pickle.dumps(order))
    while rest:
        # Unbuffered: it may take a part only.
        rest = rest[process.stdin.write(rest) :]


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


def orders_from(source: BinaryIO) -> Iterator[Any]:
    """Yield what this process is told by ``tell``, until the other one says no more."""
    try:
        while True:
            yield pickle.load(source)  # noqa: S301  # from the process that started this one
    except EOFError:
        return
