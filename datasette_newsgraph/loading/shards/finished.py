"""Take a database that was loaded elsewhere into another one: its articles and their rejects."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide, logged
from datasette_newsgraph.drafting.draft import ShelvedDraft
from datasette_newsgraph.errors import StoreError, TooManyRejects
from datasette_newsgraph.loading.chunk import ChunkWriter, Counts, Prepared, Reject
from datasette_newsgraph.loading.intake import count
from datasette_newsgraph.loading.key_numbers import KeyNumbers
from datasette_newsgraph.loading.known import known_records
from datasette_newsgraph.loading.settling import settle_everything
from datasette_newsgraph.loading.shards.shelf import Shelf, attached
from datasette_newsgraph.loading.source_row import SourceRow
from datasette_newsgraph.loading.summary import LoadOptions, LoadSummary
from datasette_newsgraph.readers.source import Entry, Origin
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.transactions import transaction

#: Articles that are taken together.
_ARTICLES = 1000


@contextmanager
def opened_as_given(path: Path) -> Iterator[tuple[Database, Path, list[Decision]]]:
    """Open a database to be read: itself, or, if something is decided in it, a copy in which all is as
    it was given. Yields it, its path, and the log.
    """
    with ExitStack() as stack:
        db = stack.enter_context(open_store(path))
        decisions = list(logged(db.conn))
        if not decisions:
            yield db, path, decisions
            return
        copy = Path(stack.enter_context(TemporaryDirectory())) / "as-given.db"
        with closing(sqlite3.connect(copy)) as connection:
            db.conn.backup(connection)
        with open_store(copy, write=True) as given, transaction(given):
            given.conn.execute("DELETE FROM decisions")
            settle_everything(given)
        yield stack.enter_context(open_store(copy)), copy, decisions


class FinishedDatabase:
    """A database that is open to be read, of the ``path``, in which nothing is decided; ``decisions``
    was its log. Raises StoreError where a load of it was interrupted.
    """

    def __init__(self, db: Database, path: Path, decisions: list[Decision]) -> None:
        self.db = db
        self.path = path
        self.decisions = decisions
        if not is_filled(db) or db.conn.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone():
            raise StoreError(
                f"{path}: a load into it was interrupted; run that again first, to complete it"
            )

    @property
    def size(self) -> int:
        """The number of articles."""
        return int(self.db.conn.execute("SELECT count(*) FROM articles").fetchone()[0])

    def take_into(
        self,
        db: Database,
        options: LoadOptions,
        summary: LoadSummary,
        keys: KeyNumbers,
        tell: Callable[[int], None],
    ) -> None:
        """Take the articles of one source after the other, with the rejects of each, and the terms of
        labels. ``tell`` is called with the number of articles taken. Raises TooManyRejects.
        """
        writer = ChunkWriter(db, keys, replace=options.replace)
        writer.shelf = Shelf(db.conn, keys.find, is_indexed=True)
        with transaction(db):
            decide(db, self.decisions)
            self._take_terms(writer, summary)
        sources = self.db.conn.execute(
            "SELECT id, name, place, size, sha256, resume_line, resume_byte, complete, way"
            " FROM sources ORDER BY id"
        ).fetchall()
        for number, name, place, size, *noted in sources:
            source = SourceRow(db, Origin(name, place, size), noted[-1])
            with transaction(db):
                source.make()
                source.write_all_rejects(self._rejects(number, summary))
                sha256, line, byte, complete, _ = noted
                source.note(sha256, line, byte, complete=bool(complete))
            for prepared in self._articles(number):
                with attached(db.conn, self.path), transaction(db):
                    self._take(writer, prepared, source, summary)
                tell(len(prepared))
                _refuse_too_many(options, summary, name)

    def _take_terms(self, writer: ChunkWriter, summary: LoadSummary) -> None:
        terms = self.db.conn.execute("SELECT kind, label, iri FROM vocabulary ORDER BY id")
        counts = Counts()
        writer.note_terms({(kind, label): iri for kind, label, iri in terms}, counts)
        summary.terms_kept.update(counts.terms_kept)

    def _rejects(self, source: int, summary: LoadSummary) -> list[Reject]:
        rows = self.db.conn.execute(
            "SELECT line, item, reason, raw, parts, article_key FROM rejects"
            " WHERE source_id = ? ORDER BY id",
            [source],
        )
        rejects = [Reject(*row) for row in rows]
        count(summary, rejects)
        return rejects

    def _articles(self, source: int) -> Iterator[list[Prepared]]:
        """Yield the articles that a source gave, in the order in which they came."""
        cursor = self.db.conn.execute(
            "SELECT articles.id, articles.key, record_hash, tool FROM articles"
            " LEFT JOIN extractions ON extractions.id = extraction_id"
            " WHERE source_id = ? ORDER BY articles.id",
            [source],
        )
        while rows := cursor.fetchmany(_ARTICLES):
            yield [
                # Nobody knows any more where the record stood, and how it was written.
                Prepared(Entry(0, b""), place, record_hash, ShelvedDraft(key, tool, number))
                for place, (number, key, record_hash, tool) in enumerate(rows)
            ]

    def _take(
        self,
        writer: ChunkWriter,
        prepared: list[Prepared],
        source: SourceRow,
        summary: LoadSummary,
    ) -> None:
        known = known_records(writer.db, (one.record_hash for one in prepared))
        new = [one for one in prepared if one.record_hash not in known]
        counts = writer.write(new, source.make())
        summary.read += len(prepared)
        summary.new += counts.new
        summary.changed += counts.changed
        summary.unchanged += counts.unchanged + len(prepared) - len(new)
        rejects = [reject._replace(line=None) for one in new for reject in one.rejects]
        source.add_rejects(rejects)
        count(summary, rejects)


def _refuse_too_many(options: LoadOptions, summary: LoadSummary, name: str) -> None:
    if options.max_errors is not None and summary.rejects > options.max_errors:
        raise TooManyRejects(
            f"{name}: {summary.rejects} rejects are more than --max-errors {options.max_errors};"
            " see the table rejects"
        )
