"""Load article records or files of them into a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from datasette_newsgraph.article import Article
from datasette_newsgraph.decisions.adding import add, not_loaded
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.errors import (
    InputError,
    UsageError,
)
from datasette_newsgraph.extraction.request import Extraction
from datasette_newsgraph.loading.batch import Batch, batches_of
from datasette_newsgraph.loading.ending import settled
from datasette_newsgraph.loading.given_files import (
    GivenFiles,
    HowToRead,
    open_files,
    raise_broken,
)
from datasette_newsgraph.loading.given_records import entry_of
from datasette_newsgraph.loading.intake import Intake
from datasette_newsgraph.loading.key_numbers import KeyNumbers, keys_of
from datasette_newsgraph.loading.known import known_records
from datasette_newsgraph.loading.shards.pieces import Pieces, pieces_of
from datasette_newsgraph.loading.summary import LoadOptions, LoadSummary
from datasette_newsgraph.readers.inputs import Input
from datasette_newsgraph.readers.source import Entry, Origin
from datasette_newsgraph.reading.extracting import ahead
from datasette_newsgraph.reading.opening import unused_files
from datasette_newsgraph.reading.pipeline import Pipeline, record_pipeline
from datasette_newsgraph.store import AnyDatabase, open_store, set_base
from datasette_newsgraph.store.connections import read_as_given
from datasette_newsgraph.store.indexes import new_namesakes
from datasette_newsgraph.store.opening import set_journal_mode
from datasette_newsgraph.store.transactions import transaction

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["LoadOptions", "LoadSummary", "load", "load_files"]


def load(
    database: AnyDatabase,
    records: Iterable[Article | dict[str, Any]],
    *,
    source: str = "records",
    options: LoadOptions | None = None,
    base_iri: str | None = None,
) -> LoadSummary:
    """Load article records, as ``Article`` or as dictionaries of the same fields.

    ``database`` is a path, or an open ``sqlite_utils.Database`` or ``sqlite3.Connection``. Numbers and
    arrays of NumPy, dates and decimals are taken for what they mean. A record that cannot be taken is a
    row of ``rejects``, with ``source`` for its source and the number of the record for its line. Raises
    TooManyRejects, StoreError, and UsageError for the base, for one record in place of many, and for a
    connection that cannot be used as it is.
    """
    summary = LoadSummary()
    if isinstance(records, (str, bytes, Mapping, Article)) or not isinstance(records, Iterable):
        raise UsageError(
            f"records are given as a list or another iterable, not as one {type(records).__name__};"
            " load_files of datasette_newsgraph.loading.load takes files"
        )
    given = read_as_given(database, records)
    entries = (entry_of(number, record) for number, record in enumerate(given, 1))
    options = options or LoadOptions()
    with open_store(database, make=True, log_stays=summary.note_log) as db:
        _set(db, options, base_iri)
        summary.indexes_named_alike = new_namesakes(db.conn)
        with settled(db), keys_of(database, db) as keys:
            intake = Intake(db, Origin(source), record_pipeline(), options, summary, keys)
            intake.take(entries, lambda: None)
    return summary


def load_files(
    database: AnyDatabase,
    paths: Iterable[str | Path],
    *,
    options: LoadOptions | None = None,
    base_iri: str | None = None,
    extract: Extraction | None = None,
    jobs: int | None = 1,
    decisions: Sequence[Decision] = (),
    summary: LoadSummary | None = None,
    progress: Callable[[int, int], None] = lambda position, size: None,
    **how: Unpack[HowToRead],
) -> LoadSummary:
    """Load files, or folders of them, one after the other.

    How they are read may be said as ``HowToRead`` has it. With ``extract`` raw articles are read, too,
    and what they say is extracted. ``jobs`` is the number of processes that read, None for as many as
    are worth it; a program that gives more than one is to guard its main module, as ``multiprocessing``
    says of processes that are spawned. What extracts has its own number, and a database that is given
    as a connection is filled by one process. ``decisions`` are added to the log before anything is
    loaded, and carried out when all is. ``progress`` is called after every chunk with the number of
    bytes read of all files, and how many they have.

    Raises InputError for a file that cannot be read, or not to its end, which stops no other file;
    UsageError for one path in place of many and for the database among its own inputs; DecisionError
    for what is no decision, before anything is loaded; LoadStopped
    where a process that reads has died; TooManyRejects, StoreError. What was loaded is kept then, and
    ``summary``, if given, tells of it.
    """
    summary = LoadSummary() if summary is None else summary
    with (
        open_files(database, paths, extract, how) as given,
        open_store(database, make=True, log_stays=summary.note_log) as db,
    ):
        given.note(summary)
        options = options or LoadOptions()
        _set(db, options, base_iri)
        if decisions:
            with transaction(db):
                summary.decided = add(db, decisions)
        summary.indexes_named_alike = new_namesakes(db.conn)
        alone = given.running is not None
        with (
            settled(db, has_cycles=alone),
            keys_of(database, db) as keys,
            nullcontext() if alone else pieces_of(database, jobs, given) as pieces,
        ):
            broken = _take(db, given, pieces, options, summary, progress, keys)
        given.note_rows(summary)
        if summary.decided:
            absent = not_loaded(db, summary.decided.new)
            summary.decided = summary.decided._replace(absent=absent)
    raise_broken(broken)
    return summary


def _set(db: Database, options: LoadOptions, base_iri: str | None) -> None:
    """Keep in the database what is said of it as a whole."""
    if options.journal_mode is not None:
        set_journal_mode(db, options.journal_mode)
    if base_iri is not None:
        set_base(db, base_iri)


def _take(
    db: Database,
    given: GivenFiles,
    pieces: Pieces | None,
    options: LoadOptions,
    summary: LoadSummary,
    progress: Callable[[int, int], None],
    keys: KeyNumbers,
) -> list[InputError]:
    """Take all inputs, and return why some of them could not be read to their end."""
    broken: list[InputError] = []
    before, size = 0, given.opened.size
    for source, way, batches in _coming(db, given):
        summary.formats[source.name] = way.format.name
        if unused := unused_files(source, way):
            summary.unused[source.name] = unused
        intake = Intake(db, source, way, options, summary, keys)
        try:
            tell = partial(_tell, progress, before, source, size)
            if batches is not None:
                intake.take_batches(map(Batch, batches), tell)
            else:
                entries = way.format.reader.entries(source, intake.resume)
                read = batches_of(entries) if pieces is None else pieces.batches(db, way, entries)
                intake.take_batches(read, tell)
        except InputError as error:
            broken.append(error)
        before += source.size or 0
    return broken


def _coming(
    db: Database, given: GivenFiles
) -> Iterator[tuple[Input, Pipeline, Iterator[list[Entry]] | None]]:
    """Yield each input, opened; with its entries in batches, the next ones extracted ahead, where
    something extracts.
    """
    if given.running is None:
        yield from ((source, way, None) for source, way in given.opened.read())
        return

    def new(way: Pipeline, entries: list[Entry]) -> list[Entry]:
        known = known_records(db, map(way.hash, entries))
        return [each for each in entries if way.hash(each) not in known]

    yield from ahead(given.opened.read(), given.running, new)


def _tell(progress: Callable[[int, int], None], before: int, source: Input, size: int) -> None:
    progress(before + source.position(), size)
