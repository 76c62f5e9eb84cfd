"""What goes wrong while serving, to the logger ``datasette_newsgraph``.

Each fault has one message, and the name of the database is all that is put into it, with the name of
the kind of error: nothing of what a graph holds, or of what somebody asked for, gets into a log.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from datasette.database import QueryInterrupted

#: The one logger of ours.
LOGGER = logging.getLogger("datasette_newsgraph")


class Fault(Enum):
    """A kind of fault: its level and its message, about a database."""

    NEWER = logging.WARNING, "the graph was made by a newer datasette-newsgraph; it is not shown"
    OLDER = logging.WARNING, "the graph has an older schema; it is not shown until the next load"
    FOREIGN = (
        logging.ERROR,
        "a table or view under a name of the graph is not newsgraph's; the graph is not shown",
    )
    LOCKED = logging.WARNING, "the database is locked by another program"
    DAMAGED = logging.ERROR, "SQLite cannot read the database; see newsgraph check"
    WRONG = logging.ERROR, "a column holds what it may not; see newsgraph check"
    SLOW = logging.WARNING, "a query took longer than its time limit"
    REFUSED = logging.WARNING, "a request could not be answered"
    UNFOLLOWED = (
        logging.ERROR,
        "decisions could not be carried out; the next decision, load or start does it",
    )
    UNSAID = (
        logging.WARNING,
        "a page goes without its JSON-LD, as a value cannot be written; see newsgraph check",
    )
    SHARED_BASE = (
        logging.WARNING,
        "another graph here has the same base IRI, so that both are one data set in RDF;"
        " see newsgraph base-iri",
    )
    BUSY = logging.WARNING, "a download was refused, as too many are under way"
    STILL = logging.WARNING, "a download was ended, as its reader took nothing"
    STOPPED = logging.WARNING, "a question in SPARQL was stopped at a limit"
    CROWDED = logging.WARNING, "a question in SPARQL was refused, as too many are under way"
    BROKEN_OFF = logging.ERROR, "a download broke off"


def report(fault: Fault, database: str, error: BaseException | None = None) -> None:
    """Log a fault of a database. Of an error only its kind is named."""
    level, message = fault.value
    kind = f" ({_kind_of(error)})" if error is not None else ""
    # As Python writes it: whatever a database is called, it stays on its line.
    LOGGER.log(level, "%r: %s%s", database, message, kind)


def report_sqlite(database: str, error: sqlite3.Error | UnicodeDecodeError) -> Fault:
    """Log what SQLite says of a database, and return which fault it is: locked, or damaged. What it
    says cannot be read where a damaged name is part of it.
    """
    is_locked = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
    fault = Fault.LOCKED if is_locked else Fault.DAMAGED
    report(fault, database, error)
    return fault


@contextmanager
def passing_over_slow(database: str) -> Iterator[None]:
    """Do without what takes longer than its time limit, and log that."""
    try:
        yield
    except QueryInterrupted:
        report(Fault.SLOW, database)


def _kind_of(error: BaseException) -> str:
    # SQLite's own name of it, from Python 3.11 on.
    return str(getattr(error, "sqlite_errorname", None) or type(error).__name__)
