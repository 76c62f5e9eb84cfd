"""Processes that render parts of a document beside this one, each seen from here."""

from __future__ import annotations

import fcntl
import io
import os
import pickle
import select
from contextlib import suppress
from typing import Any, cast

from datasette_newsgraph.errors import ExportStopped
from datasette_newsgraph.rdf.frames import BEGUN, BLOCK, END, receive
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.task import State, Task
from datasette_newsgraph.spawned import start_server, tell

_WORKER = "datasette_newsgraph.rdf.worker"
#: Bytes that a pipe is to hold: a block or more, so that the two sides do not wait for each other again
#: and again in the midst of one.
_PIPE = 1 << 20


class Process:
    """A process that was spawned to render parts: it does in turn what it is told, and what comes of
    it is taken in the same order. Methods raise ExportStopped if it has died, and the error that has
    stopped it.
    """

    def __init__(self, path: str) -> None:
        try:
            self._child = start_server(_WORKER)
        except BrokenPipeError as error:
            raise _died() from error
        except OSError as error:
            raise ExportStopped(
                f"no further process can be started ({error.strerror}); run the same command with"
                " fewer --jobs"
            ) from error
        self._pipe = cast(io.FileIO, self._child.stdout)
        # Where the system gives it, and gives so much.
        with suppress(OSError, AttributeError):
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, _PIPE)
        self._coming = select.poll()
        self._coming.register(self._pipe, select.POLLIN)
        #: Parts that it was told and that were not taken yet.
        self.untaken = 0
        try:
            self._tell(os.fsencode(path))
        except BaseException:
            self.close()
            raise

    def begin(self, task: Task) -> None:
        """Have it begin to read, in place of what it began before."""
        self._tell(task)

    def begun(self) -> tuple[State, tuple[int, int]] | None:
        """Wait until it has begun, and return the state of the database and the file that it reads;
        None if others kept it from reading.
        """
        _, content = self._take()
        found: tuple[State, tuple[int, int]] | None = pickle.loads(content)  # noqa: S301  # ours
        return found

    def render(self, part: Part) -> None:
        """Have it render a part."""
        self._tell(part)
        self.untaken += 1

    def block(self) -> bytes | None:
        """Wait for the next block of the first part that was not taken yet, and return it; None where
        that part ends.
        """
        kind, content = self._take()
        if kind == END:
            self.untaken -= 1
            return None
        return content

    @property
    def is_ready(self) -> bool:
        """Tell whether there is something to take, or it has died."""
        return bool(self._coming.poll(0))

    def close(self) -> None:
        """End it, whatever it does: it only reads."""
        self._child.kill()
        self._child.wait()
        self._pipe.close()
        with suppress(OSError):
            cast(io.FileIO, self._child.stdin).close()

    def _tell(self, order: Any) -> None:
        try:
            tell(self._child, order)
        except BrokenPipeError as error:
            # Not the reader of the export, of whom it would be no error.
            raise _died() from error

    def _take(self) -> tuple[bytes, bytes]:
        frame = receive(self._pipe)
        if frame is None:
            raise _died()
        kind, content = frame
        if kind not in (BEGUN, BLOCK, END):
            error, trace = pickle.loads(content)  # noqa: S301  # ours
            raise error from _Elsewhere(trace)
        return frame


class _Elsewhere(Exception):
    """Where in another process an error was raised."""


def _died() -> ExportStopped:
    return ExportStopped(
        "a process that exports has died, perhaps as memory is short; run the same command with fewer"
        " --jobs"
    )
