"""Export a database, or a part of it, for another graph tool: as a file, or as a folder of files."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Generator, Iterable, Iterator
from contextlib import contextmanager

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.property_graphs.formats import File, GraphFormat
from datasette_newsgraph.property_graphs.rows import Rows
from datasette_newsgraph.rdf.selection import EVERY_TABLE, Selection, select
from datasette_newsgraph.store.journal import begin_reading

#: kB that SQLite may keep of a database while it is read in key order.
_CACHE_KB = 4000


def stream(
    connection: sqlite3.Connection,
    format_: GraphFormat,
    *,
    with_text: bool = False,
    together: int = 1,
    entities: Iterable[str] = (),
    articles: Iterable[str] = (),
    relations: Iterable[str] = (),
    tables: Container[str] = EVERY_TABLE,
) -> Generator[bytes, None, None]:
    """Yield the graph, or a part of it, as bytes of a document in a format that is a file.

    The part is what is about some ``entities``, ``articles`` and ``relations`` (keys). Pairs of
    entities that are named together are written from so many articles ``together`` on. To select a
    part, of what the format does not hold only ``tables`` are read. All is read in one transaction.
    Raises UnknownKey and UsageError before the first block, and WrongValue.
    """
    if together < 1:
        raise UsageError(f"--together: {together} is no number of articles; give 1 or more")
    with _reading(connection):
        selection = _selected(connection, entities, articles, relations, tables)
        rows = Rows(connection, selection, with_text=with_text)
        yield from format_.module.blocks(rows, together)


@contextmanager
def opened_files(
    connection: sqlite3.Connection,
    format_: GraphFormat,
    *,
    with_text: bool = False,
    entities: Iterable[str] = (),
    articles: Iterable[str] = (),
    relations: Iterable[str] = (),
) -> Iterator[Iterator[File]]:
    """Give the files of the graph, or of a part of it, in a format that is a folder: names and blocks.

    Each has to be read before the next is asked for. All is read in one transaction. Raises as
    ``stream`` does.
    """
    with _reading(connection):
        selection = _selected(connection, entities, articles, relations)
        yield format_.module.files(Rows(connection, selection, with_text=with_text))


@contextmanager
def _reading(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    begin_reading(connection)
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _selected(
    connection: sqlite3.Connection,
    entities: Iterable[str],
    articles: Iterable[str],
    relations: Iterable[str],
    tables: Container[str] = EVERY_TABLE,
) -> Selection | None:
    keys = list(entities), list(articles), list(relations)
    return select(connection, *keys, tables) if any(keys) else None
