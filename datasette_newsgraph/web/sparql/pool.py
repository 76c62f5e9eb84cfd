"""The processes of a server that answer questions: a few, which are kept from one question to the next,
as it takes one a second to begin. Further questions wait for a while.
"""

from __future__ import annotations

import threading
import time
import weakref
from typing import Any
from weakref import WeakKeyDictionary

from datasette_newsgraph.web.settings import settings_of
from datasette_newsgraph.web.sparql.process import Call, Ended, Process, Written
from datasette_newsgraph.web.sparql.question import Question, Shown

#: Questions that wait for each process.
_WAITING = 8
#: Seconds between looks at whether who waits has gone.
_PATIENCE = 0.2


class Busy(Exception):
    """There are too many questions."""


class Pool:
    """Up to ``places`` processes, of which each may take so many megabytes."""

    def __init__(self, places: int, megabytes: int) -> None:
        self._places, self._megabytes = places, megabytes
        self._changed = threading.Condition()
        self._free = places
        self._waiting = 0
        self._idle: list[Process] = []
        self._working: set[Process] = set()
        self._is_closed = False

    def answer(self, question: Question, call: Call, patience: float) -> Written | Shown:
        """Return the answer to a question, by the next process that is free.

        Raises Busy where none is after so many seconds of ``patience``, and what ``Process.answer``
        raises.
        """
        self._enter(call, patience)
        process = None
        try:
            process = self._taken()
            return process.answer(question, call)
        finally:
            self._leave(process)

    @property
    def numbers(self) -> list[int]:
        """Return the numbers that the system has given to the processes."""
        with self._changed:
            return sorted(each.number for each in (*self._idle, *self._working))

    def close(self) -> None:
        """End all processes, whatever they do."""
        with self._changed:
            self._is_closed = True
            idle, self._idle = self._idle, []
            for each in self._working:
                # Whoever waits for its answer closes it.
                each.kill()
        for each in idle:
            each.close()

    def _enter(self, call: Call, patience: float) -> None:
        """Take a place."""
        deadline = time.monotonic() + patience
        with self._changed:
            if not self._free and self._waiting >= self._places * _WAITING:
                raise Busy
            self._waiting += 1
            try:
                while not self._free:
                    if call.is_ended:
                        raise Ended
                    if time.monotonic() > deadline:
                        raise Busy
                    self._changed.wait(_PATIENCE)
                self._free -= 1
            finally:
                self._waiting -= 1

    def _taken(self) -> Process:
        with self._changed:
            process = self._idle.pop() if self._idle else None
        if process is None:
            process = Process(self._megabytes)
        with self._changed:
            self._working.add(process)
            if self._is_closed:
                process.kill()
        return process

    def _leave(self, process: Process | None) -> None:
        """Give the place back, and keep the process, or another one where it is of no use."""
        if process is not None and process.is_over:
            process.close()
            with self._changed:
                self._working.discard(process)
            process = self._another()
        with self._changed:
            if process is not None:
                self._working.discard(process)
                if self._is_closed:
                    process.close()
                else:
                    self._idle.append(process)
            self._free += 1
            self._changed.notify()

    def _another(self) -> Process | None:
        """Begin another process, so that it is there when the next question comes."""
        if self._is_closed:
            return None
        try:
            return Process(self._megabytes)
        except OSError:
            # Who asks next, tries it again, and is told.
            return None


_of_servers: WeakKeyDictionary[Any, Pool] = WeakKeyDictionary()


def pool_of(datasette: Any) -> Pool:
    """Return the processes of a server, which end with it."""
    if datasette not in _of_servers:
        settings = settings_of(datasette, None)
        pool = Pool(settings.sparql_at_once, settings.sparql_memory_mb)
        _of_servers[datasette] = pool
        weakref.finalize(datasette, pool.close)
    return _of_servers[datasette]
