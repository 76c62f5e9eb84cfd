"""Take the entries of one source into the database: read, plan, and write chunk by chunk.

A transaction holds some chunks with their rows, their rejects and the resume point behind them.
Records whose very bytes are there already are not even parsed, and a chunk that changes nothing
writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic

from sqlite_utils import Database

from datasette_newsgraph.errors import TooManyRejects
from datasette_newsgraph.loading.batch import Batch, Broken, Way, batches_of
from datasette_newsgraph.loading.chunk import ChunkWriter, Prepared, Reject
from datasette_newsgraph.loading.key_numbers import KeyNumbers
from datasette_newsgraph.loading.known import known_records
from datasette_newsgraph.loading.shards.shelf import Shelf, attached
from datasette_newsgraph.loading.source_row import SourceRow
from datasette_newsgraph.loading.summary import LoadOptions, LoadSummary
from datasette_newsgraph.readers.source import Entry, Origin
from datasette_newsgraph.reading.pipeline import REPEATED
from datasette_newsgraph.store.transactions import begin

#: Records in one transaction: what a kill can cost, against what commits cost.
COMMIT_RECORDS = 1000
#: Seconds after which a transaction ends with the chunk: as long as it lasts, nobody else can read.
_LONGEST_HOLD = 0.5


class Intake:
    """Takes the entries of one source. Make a new one for each source and run."""

    def __init__(
        self,
        db: Database,
        origin: Origin,
        way: Way,
        options: LoadOptions,
        summary: LoadSummary,
        keys: KeyNumbers,
    ) -> None:
        self.db = db
        self.origin = origin
        self.source = SourceRow(db, origin, way.way)
        self.way = way
        self.options = options
        self.summary = summary
        self._writer = ChunkWriter(db, keys, replace=options.replace)
        self._last_line = 0
        self._uncommitted = 0
        self._begun = 0.0
        #: Of a tool's file: the articles that it has been about so far.
        self._keys: set[str] = set()
        self._taken = 0
        self._first_reject: Reject | None = None
        self._kept = summary.kept()
        #: Where an interrupted load of this source stopped: line, byte, digest up to there.
        self.resume: tuple[int, int, str] | None = None
        row = self.source.stored()
        # What another tool's extraction kept out may be let in by a run that replaces; with another
        # format, map or sidecar all records become something else; and of a tool's file all records
        # are looked at, as one may be of an article that an earlier one was of.
        may_resume = way.is_record and not options.replace
        if row and row.byte and not row.complete and row.way == way.way and may_resume:
            self.resume = (row.line, row.byte, row.sha256)

    def take(self, entries: Iterable[Entry], after_batch: Callable[[], None]) -> None:
        """Take all entries. Where reading breaks off, or too much is rejected, what came before is
        kept; raises InputError and TooManyRejects then.
        """
        self.take_batches(batches_of(entries), after_batch)

    def take_batches(
        self,
        batches: Iterable[Batch],
        after_batch: Callable[[], None],
        *,
        is_whole: bool = True,
    ) -> None:
        """Take all entries, as ``take`` does, in batches that they are in already. The source is noted
        as read to its end if it ``is_whole``.
        """
        try:
            self._take_all(batches, after_batch)
            self._commit()
        except BaseException:
            # A COMMIT that is refused too: what was not kept is rolled back, and not in the summary.
            self._roll_back()
            raise
        self._note_resumed()
        if is_whole:
            self.source.finish(self._last_line)
        if self._first_reject is not None and not self._taken:
            line, reason = self._first_reject.line, self._first_reject.reason
            self.summary.barren[self.origin.name] = f"line {line}: {reason}"
        after_batch()

    def _take_all(self, batches: Iterable[Batch], after_batch: Callable[[], None]) -> None:
        try:
            try:
                for batch in batches:
                    self._take_batch(batch)
                    after_batch()
            except Broken as error:
                self._take_batch(Batch(error.entries))
                self._commit()
                raise error.reason from error
        except TooManyRejects:
            self._commit()
            raise

    def _note_resumed(self) -> None:
        """Go on behind the line up to which an earlier run came, and count what that one rejected."""
        if self._last_line == 0 and self.origin.resumed_line:
            self._last_line = self.origin.resumed_line
            self.summary.resumed.append((self.origin.name, self._last_line))
            count(self.summary, self.source.rejects((0, self._last_line)))

    def _take_batch(self, batch: Batch) -> None:
        if batch.shard is None:
            self._take_chunk(batch)
            return
        # SQLite attaches nothing within a transaction.
        self._commit()
        with attached(self.db.conn, batch.shard):
            self._writer.shelf = Shelf(
                self.db.conn, self._writer.keys.find, is_indexed=batch.is_indexed
            )
            try:
                self._take_chunk(batch)
            except TooManyRejects:
                self._commit()
                raise
            self._commit()

    def _take_chunk(self, batch: Batch) -> None:
        if not batch.entries:
            return
        self._note_resumed()
        prepared = self._prepare(batch)
        drafted = [one for one in prepared if one.draft is not None]
        # What stands together comes at its first line: the last entry may be of an early one.
        last_line = max(self._last_line, *(one.entry.line for one in prepared))
        lines = (self._last_line + 1, last_line)
        if drafted or self.source.rejects(lines) != _rejects(prepared):
            self._begin()
            self._write(drafted, prepared, lines)
        self._last_line = lines[1]
        rejects = _rejects(prepared)
        count(self.summary, rejects)
        self._taken += len(prepared) - sum(reject.item == 0 for reject in rejects)
        self._first_reject = self._first_reject or next(iter(rejects), None)
        if rejects and not self.summary.first_reject:
            place = f"line {rejects[0].line} of {self.origin.name}"
            self.summary.first_reject = f"{place}: {rejects[0].reason}"
        # Unchanged records count too: the write lock is not to be held while many are passed over.
        self._uncommitted += len(prepared)
        # What was extracted took long: no more of it is to be lost than one batch.
        if self.way.is_extracted or self._uncommitted >= COMMIT_RECORDS or self._is_held_long():
            self._commit()
        if self._is_over_limit(0):
            raise TooManyRejects(
                f"{self.origin.name}: line {self._last_line}: {self.summary.rejects} rejects are more"
                f" than --max-errors {self.options.max_errors}; see the table rejects"
            )

    def _is_over_limit(self, further: int) -> bool:
        limit = self.options.max_errors
        return limit is not None and self.summary.rejects + further > limit

    def _prepare(self, batch: Batch) -> list[Prepared]:
        """Read the records that are not there to the byte; stop where too much is rejected."""
        prepared = [
            Prepared(entry, place, batch.hash(place, self.way))
            for place, entry in enumerate(batch.entries)
        ]
        known = known_records(self.db, (one.record_hash for one in prepared))
        rejects = 0
        for number, one in enumerate(prepared, 1):
            self.summary.read += 1
            if one.record_hash in known:
                self.summary.unchanged += 1
                self._note_repeats(one)
                self._keys.add(known[one.record_hash])
                continue
            self._read(one, batch)
            self._refuse_repetition(one, prepared[: number - 1])
            if one.draft is not None:
                self._note_repeats(one)
            rejects += sum(reject.parts for reject in one.rejects)
            if self._is_over_limit(rejects):
                prepared = prepared[:number]
                break
        changing = {one.draft.key for one in prepared if one.draft is not None}
        for one in prepared:
            # A record that is there, but which one before it in this very chunk is to replace.
            if one.draft is None and known.get(one.record_hash) in changing:
                self.summary.unchanged -= 1
                self._read(one, batch)
                self._refuse_repetition(one, [])
        return prepared

    def _note_repeats(self, one: Prepared) -> None:
        """Count the records that say the same as one that is taken."""
        self.summary.read += one.entry.repeats
        self.summary.unchanged += one.entry.repeats

    def _read(self, one: Prepared, batch: Batch) -> None:
        reading = batch.read(one.place, self.way)
        one.take(reading)
        self.summary.add(reading.notes)

    def _refuse_repetition(self, one: Prepared, before: list[Prepared]) -> None:
        """Reject a second record about one article in a tool's file, such as two chunks of a text that
        have its address: it would take the first one's place.
        """
        if self.way.is_record or one.draft is None:
            return
        key = one.draft.key
        if key not in self._keys:
            self._keys.add(key)
        elif any(each.record_hash == one.record_hash for each in before):
            one.draft = None
            self.summary.unchanged += 1
        else:
            one.reject(REPEATED)

    def _begin(self) -> None:
        if not self.db.conn.in_transaction:
            begin(self.db.conn)
            self._begun = monotonic()

    def _is_held_long(self) -> bool:
        return self.db.conn.in_transaction and monotonic() - self._begun > _LONGEST_HOLD

    def _commit(self) -> None:
        if self.db.conn.in_transaction:
            self.db.conn.execute("COMMIT")
        self._uncommitted = 0
        self._kept = self.summary.kept()

    def _roll_back(self) -> None:
        self._writer.forget()
        self._writer.keys.forget()
        self.summary.restore(self._kept)
        # A full disk may have rolled back already.
        if self.db.conn.in_transaction:
            self.db.conn.execute("ROLLBACK")

    def _write(
        self, drafted: list[Prepared], prepared: list[Prepared], lines: tuple[int, int]
    ) -> None:
        counts = self._writer.write(drafted, self.source.make())
        summary = self.summary
        summary.new += counts.new
        summary.changed += counts.changed
        summary.unchanged += counts.unchanged
        summary.spans.update(counts.spans)
        summary.terms_kept.update(counts.terms_kept)
        self.source.write_rejects(lines, _rejects(prepared))
        last = prepared[-1].entry
        self.source.note(last.digest, last.line, last.end, complete=False)


def count(summary: LoadSummary, rejects: Iterable[Reject]) -> None:
    """Count rejects, each with the parts that it stands for."""
    for reject in rejects:
        if reject.item == 0:
            summary.rejected += 1
        else:
            summary.parts_rejected += reject.parts


def _rejects(prepared: list[Prepared]) -> list[Reject]:
    return [reject for one in prepared for reject in one.rejects]
