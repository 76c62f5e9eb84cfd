"""A process that answers questions, seen from the server."""

from __future__ import annotations

import io
import pickle
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, cast

from datasette_newsgraph.errors import QueryStopped
from datasette_newsgraph.rdf.frames import receive
from datasette_newsgraph.sparql.limits import too_long
from datasette_newsgraph.spawned import start_server, tell
from datasette_newsgraph.web.sparql.frames import BLOCK, BROKEN, END, ERROR, FORMAT, READY, SHOWN
from datasette_newsgraph.web.sparql.question import Question, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORKER = "datasette_newsgraph.web.sparql.worker"
#: Seconds after a question's time at which its process is ended, whatever it does: enough for it to
#: say by itself that the time is over.
_GRACE = 0.5
#: Seconds in which a process has to have begun.
_BEGINNING = 60.0
#: Bytes of an answer that are kept in memory; longer ones are on the disk until they are sent.
_IN_MEMORY = 4_000_000


@dataclass(frozen=True)
class Written:
    """A whole answer: the name of its format, and a file of so many bytes, to be read from where it
    stands. Whoever has it closes it.
    """

    format: str
    file: IO[bytes]
    size: int


class Call:
    """One question while it is answered, which may be ended at any moment from another thread."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._process: Process | None = None
        self.is_ended = False
        self.is_late = False

    def end(self, *, is_late: bool = False) -> None:
        """End it: nobody waits for the answer any more, or its time is over. Where it is answered
        already, the process goes on.
        """
        with self._changing:
            self.is_ended = True
            self.is_late |= is_late
            if self._process is not None:
                self._process.kill()

    @contextmanager
    def held_by(self, process: Process) -> Iterator[None]:
        """Have a process be killed if the question is ended in the body."""
        with self._changing:
            if self.is_ended:
                raise Ended
            self._process = process
        try:
            yield
        finally:
            with self._changing:
                self._process = None


class Ended(Exception):
    """A question was ended by who asked it."""


class Process:
    """A process that answers one question after the other. Raises OSError where none can be started."""

    def __init__(self, megabytes: int) -> None:
        self._child = start_server(_WORKER)
        self._pipe = cast(io.FileIO, self._child.stdout)
        self._is_ready = False
        #: Whether it is of no use any more.
        self.is_over = False
        with suppress(BrokenPipeError):
            # If it has ended already, the first question finds that.
            tell(self._child, megabytes)

    @property
    def number(self) -> int:
        """Return the number that the system has given it."""
        return self._child.pid

    def answer(self, question: Question, call: Call) -> Written | Shown:
        """Return the answer to a question, all of it.

        Raises QueryStopped when it takes too long or too much, Ended where its call was ended, and what
        was raised in the process.
        """
        with call.held_by(self):
            try:
                self._await_beginning(call)
                with _ending_after(question.seconds + _GRACE, call):
                    return self._answer(question)
            except (EOFError, BrokenPipeError) as error:
                self.is_over = True
                raise _why(call, question) from error
            except BaseException:
                # Whatever else it was doing is not what the next question wants.
                self.is_over |= call.is_ended
                raise

    def kill(self) -> None:
        """End it, whatever it does: it only reads."""
        self.is_over = True
        self._child.kill()

    def close(self) -> None:
        """End it, and wait until it is gone."""
        self.kill()
        self._child.wait()
        self._pipe.close()
        with suppress(OSError):
            cast(io.FileIO, self._child.stdin).close()

    def _await_beginning(self, call: Call) -> None:
        if not self._is_ready:
            with _ending_after(_BEGINNING, call):
                kind, _ = self._take()
            self._is_ready = kind == READY

    def _answer(self, question: Question) -> Written | Shown:
        tell(self._child, question)
        # Closed by whoever has the answer.
        file = cast(IO[bytes], SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115
        try:
            found = self._received(file)
        except BaseException:
            file.close()
            raise
        if isinstance(found, Shown):
            file.close()
        return found

    def _received(self, file: IO[bytes]) -> Written | Shown:
        """Take frames until the end of an answer, and put what is written into a file."""
        name, shown = "", None
        while True:
            kind, content = self._take()
            if kind == BLOCK:
                file.write(content)
            elif kind == FORMAT:
                name = content.decode()
            elif kind == SHOWN:
                shown = cast(Shown, pickle.loads(content))  # noqa: S301  # ours
            elif kind == END:
                self.is_over = bool(content)
                size = file.tell()
                file.seek(0)
                return shown or Written(name, file, size)
            else:
                assert kind in (ERROR, BROKEN), kind
                self.is_over = kind == BROKEN
                error, trace = pickle.loads(content)  # noqa: S301  # ours
                raise error from (_Elsewhere(trace) if trace else None)

    def _take(self) -> tuple[bytes, bytes]:
        frame = receive(self._pipe)
        if frame is None:
            raise EOFError
        return frame


class _Elsewhere(Exception):
    """Where in another process an error was raised."""


@contextmanager
def _ending_after(seconds: float, call: Call) -> Iterator[None]:
    timer = threading.Timer(seconds, call.end, kwargs={"is_late": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _why(call: Call, question: Question) -> Exception:
    """Return why there is no answer of a process that has ended in the midst of it."""
    if call.is_late:
        return too_long(question.seconds)
    if call.is_ended:
        return Ended()
    return QueryStopped(
        "the process that answered the question has ended, perhaps as memory is short; ask for less at"
        " a time"
    )
