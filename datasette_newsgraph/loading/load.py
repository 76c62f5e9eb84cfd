"""Load article records or files of them into a database."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import (
    ExtractionStopped,
    InputError,
    TooManyRejects,
    UsageError,
)
from datasette_newsgraph.extraction.batches import Running
from datasette_newsgraph.extraction.request import Extraction
from datasette_newsgraph.loading.given_records import entry_of
from datasette_newsgraph.loading.intake import Intake, known_records
from datasette_newsgraph.loading.settling import settle
from datasette_newsgraph.loading.summary import LoadOptions, LoadSummary
from datasette_newsgraph.readers.inputs import Input
from datasette_newsgraph.readers.sidecar import Sidecar
from datasette_newsgraph.readers.source import STANDARD_INPUT, Entry, Origin
from datasette_newsgraph.reading.extracting import ahead
from datasette_newsgraph.reading.opening import Opened, opened, unused_files
from datasette_newsgraph.reading.pipeline import Pipeline, Reading, record_pipeline
from datasette_newsgraph.store import AnyDatabase, leading_to, open_store, own_files, set_base
from datasette_newsgraph.store.connections import read_as_given
from datasette_newsgraph.store.indexes import new_namesakes
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.transactions import transaction
from datasette_newsgraph.wording import counted

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
    with open_store(database, make=True) as db:
        if base_iri is not None:
            set_base(db, base_iri)
        summary.indexes_named_alike = new_namesakes(db.conn)
        with _settled(db):
            intake = Intake(
                db, Origin(source), record_pipeline(), options or LoadOptions(), summary
            )
            intake.take(entries, lambda: None)
    return summary


def load_files(
    database: AnyDatabase,
    paths: Iterable[str | Path],
    *,
    options: LoadOptions | None = None,
    base_iri: str | None = None,
    format_name: str | None = None,
    articles: str | Path | None = None,
    label_map: str | Path | None = None,
    max_article: int | str | None = None,
    annotator: str | None = None,
    extract: Extraction | None = None,
    summary: LoadSummary | None = None,
    progress: Callable[[int, int], None] = lambda position, size: None,
) -> LoadSummary:
    """Load files, or folders of them, one after the other.

    ``format_name`` says what format all are of, if it is not to be recognised; ``articles`` is a
    sidecar, a file that gives metadata and texts to articles, and ``label_map`` one that maps labels.
    ``max_article`` is the size of the longest article that is read, in bytes or as ``"64M"``, and
    ``annotator`` whose annotations are read of a project export of INCEpTION. With
    ``extract`` raw articles are read, too, and what they say is extracted.
    ``progress`` is called after every chunk with the number of bytes read of all files, and how many
    they have. Raises InputError for a file that cannot be read, or not to its end, which stops no other
    file; UsageError for one path in place of many and for the database among its own inputs;
    TooManyRejects, StoreError. What was loaded is kept then, and ``summary``, if given, tells of it.
    """
    summary = LoadSummary() if summary is None else summary
    paths = _distinct_from(database, paths, articles, label_map)
    # All files are opened first: a mistyped name is told before an hour of loading, not after.
    with (
        nullcontext() if extract is None else Running(extract) as running,
        opened(
            reading := Reading.of(
                format_name=format_name,
                articles=articles,
                label_map=label_map,
                max_article=max_article,
                annotator=annotator,
                extraction=running,
            ),
            paths,
            besides=own_files(database),
        ) as given,
        open_store(database, make=True) as db,
    ):
        summary.unread |= given.unread
        summary.limits = "" if running is None else running.limits
        if base_iri is not None:
            set_base(db, base_iri)
        summary.indexes_named_alike = new_namesakes(db.conn)
        with _settled(db, has_cycles=running is not None):
            broken = _take(db, given, running, options or LoadOptions(), summary, progress)
        if reading.sidecar is not None:
            _note_rows(summary, reading.sidecar)
    if len(broken) > 1:
        others = counted(len(broken) - 1, "further file")
        raise InputError(f"{broken[0]}; nor could {others} be read to the end") from broken[0]
    if broken:
        raise broken[0]
    return summary


def _take(
    db: Database,
    given: Opened,
    running: Running | None,
    options: LoadOptions,
    summary: LoadSummary,
    progress: Callable[[int, int], None],
) -> list[InputError]:
    """Take all inputs, and return why some of them could not be read to their end."""
    broken: list[InputError] = []
    before, size = 0, given.size
    for source, way, batches in _coming(db, given, running):
        summary.formats[source.name] = way.format.name
        if unused := unused_files(source, way):
            summary.unused[source.name] = unused
        intake = Intake(db, source, way, options, summary)
        try:
            tell = partial(_tell, progress, before, source, size)
            if batches is None:
                intake.take(way.format.reader.entries(source, intake.resume), tell)
            else:
                intake.take_chunks(batches, tell)
        except InputError as error:
            broken.append(error)
        before += source.size or 0
    return broken


def _note_rows(summary: LoadSummary, sidecar: Sidecar) -> None:
    summary.unread |= sidecar.unread
    summary.rows_missed = sidecar.missed
    summary.rows_undecided = sidecar.undecided
    summary.rows_reason = sidecar.reason
    summary.rows_shared = sidecar.shared
    # Records that are passed over as unchanged ask for no row.
    summary.rows_unused = 0 if summary.unchanged else sidecar.unused


def _coming(
    db: Database, given: Opened, running: Running | None
) -> Iterator[tuple[Input, Pipeline, Iterator[list[Entry]] | None]]:
    """Yield each input, opened; with its entries in batches, the next ones extracted ahead, where
    something extracts.
    """
    if running is None:
        yield from ((source, way, None) for source, way in given.read())
        return

    def new(way: Pipeline, entries: list[Entry]) -> list[Entry]:
        known = known_records(db, map(way.hash, entries))
        return [each for each in entries if way.hash(each) not in known]

    yield from ahead(given.read(), running, new)


def _distinct_from(
    database: AnyDatabase, paths: Iterable[str | Path], *besides: str | Path | None
) -> list[str | Path]:
    """Return the paths; raises UsageError for what is none, and where one leads to the database."""
    if isinstance(paths, (str, bytes, Path)):
        raise UsageError(f"files are given as a list of paths, not as one: [{paths!r}]")
    found = list(paths)
    given = [*found, *(each for each in besides if each)]
    for path in given:
        if not isinstance(path, (str, Path)):
            raise UsageError(f"a file is given by its path, not by {type(path).__name__}")
    for path in leading_to(database, (each for each in given if each != STANDARD_INPUT)):
        raise UsageError(f"{path}: is the database to load into; name another file to read")
    return found


def _tell(progress: Callable[[int, int], None], before: int, source: Input, size: int) -> None:
    progress(before + source.position(), size)


@contextmanager
def _settled(db: Database, *, has_cycles: bool = False) -> Iterator[None]:
    """Settle when the body has ended, also where bad input ended it: what came before is kept, so it
    is to be complete. After a kill or a full disk the next load settles.
    """
    # Rows are strings and numbers: there are no cycles to look for. What extracts may make some.
    collecting = gc.isenabled()
    if not has_cycles:
        gc.disable()
    try:
        yield
    except (TooManyRejects, InputError, ExtractionStopped):
        _settle(db)
        raise
    else:
        _settle(db)
    finally:
        if collecting:
            gc.enable()


def _settle(db: Database) -> None:
    unsettled = db.conn.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone()
    if unsettled or not is_filled(db):
        with transaction(db):
            settle(db)
