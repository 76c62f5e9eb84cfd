"""Let Ctrl-C and the like end a query at once: Python runs the handler of a signal between its own
steps, and SQLite may take minutes over one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

#: Steps of SQLite between two looks: some milliseconds.
_STEPS = 20_000


def heed_signals(connection: sqlite3.Connection) -> list[BaseException]:
    """Let queries of a connection end where the handler of a signal raises, as "interrupted".

    Returns a list which has then what the handler raised: sqlite3 does not hand it on.
    """
    raised: list[BaseException] = []
    pause = _pause(raised)
    next(pause)
    connection.set_progress_handler(pause.__next__, _STEPS)
    return raised


def is_of_another(error: BaseException) -> bool:
    """Tell whether a query was ended by somebody else, by a signal or a lock, whatever it read."""
    is_of_sqlite = isinstance(error, sqlite3.OperationalError)
    return is_of_sqlite and any(each in str(error) for each in ("interrupted", "locked"))


def _pause(raised: list[BaseException]) -> Iterator[int]:
    # A generator, as it goes on inside the ``try``: a function would be interrupted before its own.
    while True:
        try:
            yield 0
        except GeneratorExit:
            return
        except BaseException as error:
            raised.append(error)
            yield 1
