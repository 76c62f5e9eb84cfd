"""A process that renders parts of a document for another one.

It is told on standard input, by pickles: the name of the database's file; then a ``Task`` to begin
with, perhaps again; then parts. It answers on standard output, in frames. It ends where standard input
does, so that it never outlives the process that started it.
"""

from __future__ import annotations

import gc
import os
import pickle
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from itertools import chain
from typing import Any

from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.rdf.frames import BEGUN, BLOCK, END, ERROR, Sender
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.rdf.task import Task, state
from datasette_newsgraph.spawned import orders_from
from datasette_newsgraph.store import identity, open_store
from datasette_newsgraph.store.signals import is_of_another

#: In place of the state of a database that others keep us from reading.
_NOT_BEGUN = pickle.dumps(None)


def serve() -> None:
    """Do what standard input says until it ends."""
    # As in the command that started it: rows and text hold no cycles.
    gc.disable()
    # Whatever else is printed here must not come between the frames.
    pipe = os.dup(1)
    os.dup2(2, 1)
    sender = Sender(pipe)
    orders = orders_from(sys.stdin.buffer)
    path = os.fsdecode(next(orders))
    for task in orders:
        try:
            with open_store(path) as db:
                _Renderer(db.conn, path, sender).run(chain([task], orders))
        except StoreError as error:
            if error.__cause__ and is_of_another(error.__cause__):
                sender.send(BEGUN, _NOT_BEGUN)
                continue
            _send_error(sender, error)
        break
    sender.close()


def _send_error(sender: Sender, error: Exception) -> None:
    sender.send(ERROR, pickle.dumps((error, traceback.format_exc())))


class _Renderer:
    """Does one order after the other."""

    def __init__(self, connection: sqlite3.Connection, path: str, sender: Sender) -> None:
        self.connection, self.path, self.sender = connection, path, sender

    def run(self, orders: Iterator[Any]) -> None:
        """Do all orders. An error is sent as it is: who gets it has opened the database, too."""
        graph: GraphStream | None = None
        for order in orders:
            try:
                if isinstance(order, Task):
                    graph = self._begin(order)
                    continue
                assert graph is not None
                for block in graph.part(order):
                    self.sender.send(BLOCK, block)
                self.sender.send(END)
            except Exception as error:
                _send_error(self.sender, error)
                return

    def _begin(self, task: Task) -> GraphStream | None:
        """Begin to read, and tell what is there; None if others keep us from it."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
        self.connection.execute("BEGIN")
        try:
            # The file afterwards: that of the connection is then the one that had the name before.
            found = (state(self.connection), identity(self.path))
        except sqlite3.OperationalError as error:
            if not is_of_another(error):
                raise
            self.sender.send(BEGUN, _NOT_BEGUN)
            return None
        graph = task.stream(self.connection)
        self.sender.send(BEGUN, pickle.dumps(found))
        return graph
