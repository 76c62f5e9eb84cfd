"""Export a database, or a part of it, as blocks of a document."""

from __future__ import annotations

from collections.abc import Callable, Container, Generator, Iterable
from itertools import chain

from sqlite_utils import Database

from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.kinds import Kind
from datasette_newsgraph.mapping.profiles import FULL, Profile
from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.pages import Places, select_page
from datasette_newsgraph.rdf.parts import WHOLE
from datasette_newsgraph.rdf.selection import EVERY_TABLE, Selection, select, select_rows
from datasette_newsgraph.rdf.task import Task
from datasette_newsgraph.store import file_of, get_base
from datasette_newsgraph.store.journal import begin_reading
from datasette_newsgraph.vocabulary import ID_PATH

#: kB that SQLite may keep of a database while it is read in key order.
_CACHE_KB = 4000


def stream(
    db: Database,
    format_: Format,
    *,
    profile: Profile = FULL,
    with_text: bool = False,
    with_decisions: bool = False,
    assert_from: float = ASSERT_FROM,
    entities: Iterable[str] = (),
    articles: Iterable[str] = (),
    relations: Iterable[str] = (),
    rows: tuple[str, Iterable[int]] | None = None,
    tables: Container[str] = EVERY_TABLE,
    jobs: int = 1,
) -> Generator[bytes, None, None]:
    """Yield the graph, or a part of it, as bytes of a document.

    The part is what is about some ``entities``, ``articles`` and ``relations`` (keys), or ``rows``: a
    table with row numbers. ``with_decisions``: who decided what is written, too, and when, how and why.
    ``profile`` says which of the mapping's nodes and properties are written. Only ``tables`` are read.
    All is read in one transaction, so that what others write meanwhile is in it wholly or not at all.
    ``jobs`` is how many processes work at it: this one, and others that are spawned for it and read the
    same state of the file; a database that is no file is exported by this one alone. Raises UnknownKey
    and UsageError before the first block, ExportStopped where one of the processes has died.
    """
    if not 0 <= assert_from <= 1:
        raise UsageError(f"a confidence is from 0 to 1, not {assert_from}")
    if jobs < 1:
        raise UsageError(f"--jobs: {jobs} is no number of processes; give 1 or more")
    entities, articles, relations = list(entities), list(articles), list(relations)
    numbers = None if rows is None else (rows[0], list(rows[1]))
    db.conn.execute(f"PRAGMA cache_size = -{_CACHE_KB}")

    def task() -> Task:
        selection: Selection | None = None
        if numbers is not None:
            selection = select_rows(db.conn, *numbers, tables)
        elif entities or articles or relations:
            selection = select(db.conn, entities, articles, relations, tables)
        base = get_base(db)
        return Task(
            format_, base, profile, with_text, with_decisions, assert_from, selection, tables
        )

    file = file_of(db.conn) if jobs > 1 else None
    if file is not None:
        # Nobody else has use for it.
        from datasette_newsgraph.rdf.parallel import Crew

        with Crew(db.conn, file, jobs) as crew:
            yield from crew.document(task)
        return
    begin_reading(db.conn)
    try:
        yield from task().stream(db.conn)
    finally:
        db.conn.execute("ROLLBACK")


def stream_page(
    db: Database,
    format_: Format,
    kind: Kind,
    key: str,
    after: Places | None,
    address_of: Callable[[Places], str],
    *,
    profile: Profile = FULL,
    assert_from: float = ASSERT_FROM,
    tables: Container[str] = EVERY_TABLE,
) -> Generator[bytes, None, None]:
    """Yield a page of what is about a thing, as ``select_page`` chooses it, as bytes of a document.

    Where there is more, the document says so: the thing has an rdfs:seeAlso with the address of the
    next page, which ``address_of`` makes of its places. Raises UnknownKey and UsageError before the
    first block.
    """
    db.conn.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    begin_reading(db.conn)
    try:
        page = select_page(db.conn, kind, key, after, tables, profile)
        base = get_base(db)
        task = Task(format_, base, profile, False, False, assert_from, page.selection, tables)
        graph = task.stream(db.conn)
        further: list[bytes] = []
        address = clean_iri(address_of(page.next)) if page.next else None
        if address:
            if format_.comment:
                note = f"A part of what there is of this; it goes on at {address}"
                yield format_.comment.format(note).encode()
            syntax = graph.syntax
            see_also = [(syntax.iri("rdfs:seeAlso"), syntax.resource(address))]
            thing = f"{base}{ID_PATH}{kind.name}/{key}"
            node = syntax.described(thing, None, see_also)
            further.append(node.encode("latin-1"))
        parts = chain.from_iterable(map(graph.part, WHOLE))
        yield from graph.document(chain(further, parts))
    finally:
        db.conn.execute("ROLLBACK")
