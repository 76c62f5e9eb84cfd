"""The jobs of asking a question in SPARQL: newsgraph of its tables, Oxigraph of a store.

Oxigraph has no limit of time: it answers in a process of its own, which is ended when it has taken
``SECONDS`` of the processor.
"""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Callable

import pyoxigraph as ox
from measure import run_job
from questions import question

#: Of the processor, for one question to Oxigraph.
SECONDS = 25


def newsgraph(database: str, name: str) -> Callable[[], object]:
    """Ask the tables, when all that a first question imports has been imported."""
    from datasette_newsgraph.sparql.answer import Solutions, Triples
    from datasette_newsgraph.sparql.asking import ask

    base, text = question(database, name)
    uri = f"file:{database}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    ask(connection, base, "ASK { <urn:x:s> <urn:x:p> <urn:x:o> }")

    def work() -> None:
        answer = ask(connection, base, text)
        if isinstance(answer, Solutions):
            list(answer.rows)
        elif isinstance(answer, Triples):
            list(answer.triples)

    return work


def build(triples: str, store: str) -> Callable[[], object]:
    """Fill a store on disk with an export."""
    return lambda: ox.Store(store).bulk_load(path=triples)


def on_disk(store: str, database: str, name: str) -> Callable[[], object]:
    """Ask a store on disk, which is opened for it."""
    _, text = question(database, name)
    return lambda: _within_limit(lambda: list(ox.Store.read_only(store).query(text)))


def in_memory(triples: str, database: str, name: str) -> Callable[[], object]:
    """Ask a store in memory, which has been filled."""
    _, text = question(database, name)
    store = ox.Store()
    store.bulk_load(path=triples)
    return lambda: _within_limit(lambda: list(store.query(text)))


def _within_limit(work: Callable[[], object]) -> None:
    """Do work in a process of its own, which is ended at its limit. Raises RuntimeError if it fails."""
    child = os.fork()
    if not child:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("Oxigraph did not answer")


if __name__ == "__main__":
    run_job({each.__name__: each for each in (newsgraph, build, on_disk, in_memory)})
