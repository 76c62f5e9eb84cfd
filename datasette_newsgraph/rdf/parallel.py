"""Export with several processes: parts are dealt out as they are asked for, and come back in order.

This process puts the document together, and renders parts itself while it would wait. All read one
state of the database. Where writers need readers out, this process has begun to read before the
others, and keeps writers away until they have. With a write-ahead log nobody keeps writers away: then
all have to begin before the first byte, while nothing is committed, or they begin again.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import TypeAlias

from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.processes import Process
from datasette_newsgraph.rdf.ranges import divided
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.rdf.task import State, Task, state
from datasette_newsgraph.store import File, open_store
from datasette_newsgraph.store.journal import begin_reading
from datasette_newsgraph.store.signals import is_of_another

#: Parts that a process has been told and that were not taken yet.
_DEALT = 3
#: Parts that are rendered here before it is their turn: more than ``_DEALT``, as that many are before
#: each of them, and this process would wait for the others again and again.
_HELD = 4
#: How often all begin anew where others write to a write-ahead log. Then this process goes on alone.
_ATTEMPTS = 20
_Turn: TypeAlias = "Process | _Held"


class Crew:
    """Processes that export the file of a database together, ``jobs`` with this one, which reads it
    by ``connection``. To be used as a context manager, which leaves none of the others behind.
    """

    def __init__(self, connection: sqlite3.Connection, file: File, jobs: int) -> None:
        self.connection, self.file = connection, file
        self._stack = ExitStack()
        self._state: State = ()
        #: Processes that were told to begin, and those that have begun.
        self._called: list[Process] = []
        self._working: list[Process] = []
        try:
            for _ in range(jobs - 1):
                process = Process(file.path)
                self._stack.callback(process.close)
                self._called.append(process)
            self._observer = self._stack.enter_context(open_store(file.path)).conn
        except BaseException:
            self._stack.close()
            raise

    def document(self, task: Callable[[], Task]) -> Iterator[bytes]:
        """Yield the document in blocks. ``task`` is called in the transaction, perhaps again.

        Raises ExportStopped if one of the processes has died, and what rendering raises, each in its
        turn.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            version = self._version()
            begin_reading(self.connection)
            try:
                told = task()
                # After the last attempt nobody is waited for, and so nobody takes part.
                if self._begin(told, version) or attempt == _ATTEMPTS:
                    graph = told.stream(self.connection)
                    yield from graph.document(self._blocks(graph))
                    return
            finally:
                self.connection.execute("ROLLBACK")

    def _begin(self, task: Task, version: int) -> bool:
        """Have all begin to read; tell whether whoever takes part reads the same."""
        self._state = state(self.connection)
        for process in self._called:
            process.begin(task)
        return self._keeps_writers_away() or self._agree(version)

    @property
    def _same(self) -> tuple[State, tuple[int, int]]:
        """What a process reads that reads the same."""
        return self._state, self.file.identity

    def _keeps_writers_away(self) -> bool:
        """Tell whether nobody can commit while this process reads."""
        (mode,) = self.connection.execute("PRAGMA journal_mode").fetchone()
        return bool(mode != "wal")

    def _version(self) -> int:
        """Return a number that is another one when somebody has committed."""
        (version,) = self._observer.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _agree(self, version: int) -> bool:
        """Wait until all have begun, and tell whether nothing was committed since ``version``."""
        same = [process.begun() == self._same for process in self._called]
        if not all(same) or self._version() != version:
            return False
        self._working, self._called = self._called, []
        return True

    def _blocks(self, graph: GraphStream) -> Iterator[bytes]:
        """Yield the blocks of all parts in order, wherever they are rendered."""
        parts = divided(graph.rows)
        turns: deque[_Turn] = deque()
        while True:
            self._let_in()
            turns.extend(self._deal(parts))
            if not (turns and turns[0].is_ready) and sum(map(_is_held, turns)) < _HELD:
                part = next(parts, None)
                if part is not None:
                    turns.append(_Held(graph, part))
                    continue
            if not turns:
                return
            block = turns[0].block()
            if block is None:
                turns.popleft()
            else:
                yield block

    def _let_in(self) -> None:
        """Let those take part that have begun to read since, if it is the same that they read."""
        for process in [each for each in self._called if each.is_ready]:
            self._called.remove(process)
            if process.begun() == self._same:
                self._working.append(process)

    def _deal(self, parts: Iterator[Part]) -> Iterator[Process]:
        """Deal the next parts to those who have the fewest, as many as each may have."""
        while self._working:
            process = min(self._working, key=lambda each: each.untaken)
            if process.untaken == _DEALT or (part := next(parts, None)) is None:
                return
            process.render(part)
            yield process

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()


class _Held:
    """A part that was rendered here before its turn, up to the error that it led to, if it did."""

    is_ready = True

    def __init__(self, graph: GraphStream, part: Part) -> None:
        self._blocks: deque[bytes] = deque()
        self._error: Exception | None = None
        try:
            for block in graph.part(part):
                self._blocks.append(block)
        except Exception as error:
            if is_of_another(error):
                raise
            self._error = error

    def block(self) -> bytes | None:
        """Return its next block, or None at its end; raises its error where it was."""
        if self._blocks:
            return self._blocks.popleft()
        if self._error is not None:
            raise self._error
        return None


def _is_held(turn: _Turn) -> bool:
    return isinstance(turn, _Held)
