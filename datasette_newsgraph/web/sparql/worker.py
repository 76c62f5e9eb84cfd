"""A process that answers questions for the server.

It is told on standard input, by pickles: how much memory it may take; then questions. It answers on
standard output, in frames. It ends where standard input does, so that it never outlives the server by
more than one question, and with that question when its time is over: the system sees to that, whatever
it does then.
"""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
import sys
import traceback
from contextlib import closing
from itertools import islice

from sqlite_utils import Database

from datasette_newsgraph.errors import BadQuery, NewsgraphError, QueryStopped
from datasette_newsgraph.rdf.frames import Sender
from datasette_newsgraph.sparql.answer import Answer, Solutions, Triples, Truth
from datasette_newsgraph.sparql.asking import ask
from datasette_newsgraph.sparql.limits import Limits
from datasette_newsgraph.sparql.results import ResultFormat, format_named
from datasette_newsgraph.sparql.updates import is_update
from datasette_newsgraph.spawned import orders_from
from datasette_newsgraph.store import get_base
from datasette_newsgraph.store.journal import begin_reading
from datasette_newsgraph.web.access.narrowing import narrow
from datasette_newsgraph.web.sparql import memory
from datasette_newsgraph.web.sparql.asked import Table
from datasette_newsgraph.web.sparql.frames import BLOCK, BROKEN, END, ERROR, FORMAT, READY, SHOWN
from datasette_newsgraph.web.sparql.question import UPDATES, NotAcceptable, Question, Shown

#: Seconds after the end of a question's time at which the system ends the process: the server has done
#: it before, unless it is gone.
_GRACE = 2.0
#: Seconds that a question waits for who writes to the database.
_BUSY = 5.0
#: Bytes of the longest answer.
_LONGEST = 1_000_000_000


def serve() -> None:
    """Answer what standard input asks until it ends."""
    # Whatever else is printed here must not come between the frames.
    pipe = os.dup(1)
    os.dup2(2, 1)
    sender = Sender(pipe)
    orders = orders_from(sys.stdin.buffer)
    megabytes = next(orders)
    memory.limit(megabytes)
    sender.send(READY)
    for question in orders:
        _end_after(question.seconds + _GRACE)
        is_broken = _answer(question, sender, megabytes)
        _end_after(0)
        if is_broken:
            break
    sender.close()


def _end_after(seconds: float) -> None:
    """Have the system end this process in so many seconds; 0 is never. Where it has no such clock, the
    server alone does it.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _answer(question: Question, sender: Sender, megabytes: int) -> bool:
    """Answer a question; tell whether the process is of no use after it."""
    try:
        _send_answer(question, sender)
    except Exception as error:
        is_broken = memory.is_short(error)
        if is_broken:
            error = QueryStopped(
                f"the question needs more than the {megabytes:,} MB of memory that it may take; ask for"
                " less at a time"
            )
        sender.send(BROKEN if is_broken else ERROR, _pickled(error))
        return is_broken
    is_worn = memory.is_worn(megabytes)
    sender.send(END, b"worn" if is_worn else b"")
    return is_worn


def _pickled(error: Exception) -> bytes:
    return pickle.dumps(
        (error, "" if isinstance(error, NewsgraphError) else traceback.format_exc())
    )


def _send_answer(question: Question, sender: Sender) -> None:
    limits = Limits(question.seconds, question.rows)
    with closing(_connected(question)) as connection:
        begin_reading(connection)
        base = get_base(Database(connection))
        found = _asked(connection, base, question, limits)
        if question.shown is not None:
            sender.send(SHOWN, pickle.dumps(_shown(found, question.shown)))
            return
        format_ = _format(found, question)
        sender.send(FORMAT, format_.name.encode())
        size = 0
        for block in format_.write(found, base):
            limits.require_time()
            size += len(block)
            if size > _LONGEST:
                raise QueryStopped(f"the answer is longer than {_LONGEST:,} bytes; add a LIMIT")
            sender.send(BLOCK, block)


def _connected(question: Question) -> sqlite3.Connection:
    connection = sqlite3.connect(question.uri, uri=True, isolation_level=None, timeout=_BUSY)
    narrow(connection, question.parts)
    return connection


def _asked(connection: sqlite3.Connection, base: str, question: Question, limits: Limits) -> Answer:
    try:
        return ask(
            connection,
            base,
            question.text,
            tables=question.tables,
            assert_from=question.assert_from,
            limits=limits,
        )
    except BadQuery as error:
        if is_update(question.text):
            raise BadQuery(UPDATES) from error
        raise


def _format(found: Answer, question: Question) -> ResultFormat:
    """Return the format in which the client takes this answer. Raises NotAcceptable."""
    of_triples = isinstance(found, Triples)
    name = question.of_triples if of_triples else question.of_solutions
    if name is None:
        raise NotAcceptable(of_triples)
    return format_named(name)


def _shown(found: Answer, rows: int) -> Shown:
    if isinstance(found, Truth):
        return Shown(found.holds, is_cut=False)
    if isinstance(found, Solutions):
        first = list(islice(found.rows, rows + 1))
        return Shown(Table(found.variables, first[:rows]), len(first) > rows)
    triples = list(islice(found.triples, rows + 1))
    return Shown(triples[:rows], len(triples) > rows)
