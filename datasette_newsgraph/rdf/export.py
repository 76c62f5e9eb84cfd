"""Export a database, or a part of it, as blocks of a document."""

from __future__ import annotations

from collections.abc import Container, Generator, Iterable

from sqlite_utils import Database

from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.selection import EVERY_TABLE, Selection, select, select_rows
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.store import get_base

#: kB that SQLite may keep of a database while it is read in key order.
_CACHE_KB = 4000


def stream(
    db: Database,
    format_: Format,
    *,
    with_text: bool = False,
    assert_from: float = ASSERT_FROM,
    entities: Iterable[str] = (),
    articles: Iterable[str] = (),
    relations: Iterable[str] = (),
    rows: tuple[str, Iterable[int]] | None = None,
    tables: Container[str] = EVERY_TABLE,
) -> Generator[bytes, None, None]:
    """Yield the graph, or a part of it, as bytes of a document.

    The part is what is about some ``entities``, ``articles`` and ``relations`` (keys), or ``rows``: a
    table with row numbers. Only ``tables`` are read. All is read in one transaction, so that what
    others write meanwhile is in it wholly or not at all. Raises UnknownKey and UsageError before the
    first block.
    """
    if not 0 <= assert_from <= 1:
        raise UsageError(f"a confidence is from 0 to 1, not {assert_from}")
    entities, articles, relations = list(entities), list(articles), list(relations)
    db.conn.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    db.conn.execute("BEGIN")
    try:
        selection: Selection | None = None
        if rows is not None:
            selection = select_rows(db.conn, *rows, tables)
        elif entities or articles or relations:
            selection = select(db.conn, entities, articles, relations, tables)
        yield from GraphStream(
            db.conn,
            format_.syntax(get_base(db)),
            with_text=with_text,
            assert_from=assert_from,
            selection=selection,
            tables=tables,
        )
    finally:
        db.conn.execute("ROLLBACK")
