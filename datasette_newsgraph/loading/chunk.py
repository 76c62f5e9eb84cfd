"""Write a chunk of drafts, inside a transaction: articles, what they replace, what they touch."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count, groupby
from typing import NamedTuple

from sqlite_utils import Database

from datasette_newsgraph.anchoring import EXACT
from datasette_newsgraph.drafting.draft import Draft, ShelvedDraft
from datasette_newsgraph.drafting.records import Reading, shortened
from datasette_newsgraph.loading.key_numbers import KeyNumbers
from datasette_newsgraph.loading.numbering import Numbering
from datasette_newsgraph.loading.rows import Rows, next_id, rows_in
from datasette_newsgraph.loading.settling import note_touched, take_back, take_in
from datasette_newsgraph.loading.shards.shelf import Shelf
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.store.unsettled import ARTICLE, NAMED, RELATION


class Reject(NamedTuple):
    """A row of ``rejects``: ``line`` is None where nobody knows it any more; ``item`` is 0 for a whole
    record, else the ordinal of one of its parts.
    ``parts`` is how many it stands for: 1, but for the last row of a record with many faults.
    ``article`` is the key of its article, if the record was read.
    """

    line: int | None
    item: int
    reason: str
    raw: str | None
    parts: int = 1
    article: str | None = None


def hash_as_read(record_hash: str, reading: Reading) -> str:
    """Return the hash of a record once it is read: another record of the file may decide what its
    dates are, and this one is the same to the byte then.
    """
    if not reading.dates_decided:
        return record_hash
    decided = f"{record_hash}\n{reading.dates_decided}".encode()
    return hashlib.sha256(decided).hexdigest()[: len(record_hash)]


def _whole(entry: Entry, reason: str, article: str | None = None) -> Reject:
    return Reject(entry.line, 0, reason, shortened(entry.raw), article=article)


def rejects_of(entry: Entry, reading: Reading) -> list[Reject]:
    """Return what is rejected of a record, by whatever it is read for: all of it, or parts."""
    if reading.left_out:
        return []
    if reading.draft is None:
        return [_whole(entry, reading.reason)]
    return [
        Reject(entry.line, item, part.reason, part.raw, part.parts, reading.draft.key)
        for item, part in enumerate(reading.parts_rejected, 1)
    ]


@dataclass(slots=True)
class Prepared:
    """A record: its draft, or None if it is unchanged or rejected whole."""

    entry: Entry
    #: Its place in the batch.
    place: int
    record_hash: str
    draft: Draft | ShelvedDraft | None = None
    rejects: list[Reject] = field(default_factory=list)
    terms: dict[tuple[str, str], str] = field(default_factory=dict)
    former_key: str | None = None

    def reject(self, reason: str) -> None:
        """Reject the whole record."""
        key = None if self.draft is None else self.draft.key
        self.draft = None
        self.rejects = [_whole(self.entry, reason, key)]

    def take(self, reading: Reading) -> None:
        """Take what came of reading the record."""
        if reading.left_out:
            return
        if reading.draft is None:
            self.rejects = rejects_of(self.entry, reading)
            return
        self.draft = reading.draft
        self.record_hash = hash_as_read(self.record_hash, reading)
        self.terms = reading.terms
        self.former_key = reading.former_key
        self.rejects = rejects_of(self.entry, reading)


class Existing(NamedTuple):
    """An article that the database has under the key of one that comes."""

    id: int
    record_hash: str
    tool: str | None
    source_id: int | None


class Accepted(NamedTuple):
    """A draft that will be written, and the row number of the article that it replaces."""

    draft: Draft | ShelvedDraft
    record_hash: str
    replaces: int | None


#: The row numbers of what was written, by the kinds of ``unsettled``.
Touched = dict[str, list[int]]


@dataclass
class Counts:
    """What a chunk did to articles and spans."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    #: How many spans have which status.
    spans: Counter[str] = field(default_factory=Counter)
    #: Labels whose term the database has otherwise already, and keeps: (kind, label) → its IRI.
    terms_kept: dict[tuple[str, str], str] = field(default_factory=dict)


class ChunkWriter:
    """Writes chunks of one source into one database; all methods want a transaction open. ``shelf`` is
    the shard that has the rows of drafts which lie in one.
    """

    def __init__(self, db: Database, keys: KeyNumbers, *, replace: bool) -> None:
        self.db = db
        self.replace = replace
        self.shelf: Shelf | None = None
        self.keys = keys
        self._numbering = Numbering(keys.find)
        self._terms: dict[tuple[str, str], str] = {}
        self._version = -1

    def write(self, prepared: list[Prepared], source_id: int) -> Counts:
        """Insert or replace the articles; records that may not be replaced become rejects."""
        # Another program's writing makes row numbers that we remember wrong.
        version = self.db.conn.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self.forget()
            self._version = version
        counts = Counts()
        waiting: dict[str, Prepared] = {}
        for one in prepared:
            if one.draft is None:
                continue
            if one.draft.key in waiting:
                self._write_distinct(waiting, source_id, counts)
                waiting = {}
            waiting[one.draft.key] = one
        self._write_distinct(waiting, source_id, counts)
        return counts

    def forget(self) -> None:
        """Empty the caches, as when another program has written."""
        self._numbering.forget()
        self._terms.clear()

    def _write_distinct(self, waiting: dict[str, Prepared], source_id: int, counts: Counts) -> None:
        accepted = []
        terms: dict[tuple[str, str], str] = {}
        formers = {one.former_key for one in waiting.values() if one.former_key}
        existing = self._existing({**waiting, **dict.fromkeys(formers)})
        for key, one in waiting.items():
            draft, there = one.draft, existing.get(key)
            if draft is None:
                continue
            former = existing.pop(one.former_key or "", None)
            if there is None and former is not None and former.source_id == source_id:
                # A sidecar has told whose text it is that was loaded before.
                there = former
            if there is not None and there.record_hash == one.record_hash:
                counts.unchanged += 1
                continue
            tool = draft.tool
            if there is not None and there.tool != tool and not self.replace:
                one.reject(
                    f"other extraction of this article (by {there.tool or 'an unnamed tool'},"
                    f" this one by {tool or 'an unnamed tool'}); --replace takes it"
                )
                continue
            terms.update(one.terms)
            accepted.append(Accepted(draft, one.record_hash, there and there.id))
        replaced = [each.replaces for each in accepted if each.replaces is not None]
        if replaced:
            take_back(self.db, replaced)
        counts.changed += len(replaced)
        counts.new += len(accepted) - len(replaced)
        for each in accepted:
            counts.spans.update(each.draft.statuses)
            exact = each.draft.spans - sum(each.draft.statuses.values())
            if exact:
                counts.spans[EXACT] += exact
        if accepted:
            self._insert(accepted, source_id)
            self.note_terms(terms, counts)

    def note_terms(self, terms: dict[tuple[str, str], str], counts: Counts) -> None:
        """Keep the IRIs that labels came with; what the database says already comes first."""
        for (kind, label), iri in terms.items():
            if self._terms.get((kind, label)) == iri:
                continue
            self.db.conn.execute(
                "INSERT OR IGNORE INTO vocabulary (kind, label, iri) VALUES (?, ?, ?)",
                [kind, label, iri],
            )
            (there,) = self.db.conn.execute(
                "SELECT iri FROM vocabulary WHERE kind = ? AND label = ?", [kind, label]
            ).fetchone()
            if there != iri:
                counts.terms_kept[kind, label] = there
            self._terms[kind, label] = iri

    def _existing(self, keys: Iterable[str]) -> dict[str, Existing]:
        query = (
            "SELECT articles.key, articles.id, record_hash, tool, source_id FROM articles"
            " LEFT JOIN extractions ON extractions.id = extraction_id"
            " WHERE articles.key IN ({})"
        )
        return {row[0]: Existing(*row[1:]) for row in rows_in(self.db.conn, query, keys)}

    def _insert(self, accepted: list[Accepted], source_id: int) -> None:
        """Insert what was accepted, in order: what was read here, and what lies in a shard."""
        for is_here, group in groupby(accepted, lambda each: isinstance(each.draft, Draft)):
            insert = self._insert_drafts if is_here else self._insert_shelved
            touched = insert(list(group), source_id)
            if is_filled(self.db):
                take_in(self.db, touched[ARTICLE])
                for kind, numbers in touched.items():
                    note_touched(self.db, kind, set(numbers))

    def _insert_drafts(self, accepted: list[Accepted], source_id: int) -> Touched:
        connection = self.db.conn
        rows = Rows(
            {table: next_id(connection, table) for table in TABLES if "id" in TABLES[table].columns}
        )
        numbers = self._article_numbers(accepted)
        drafts = [each.draft for each in accepted if isinstance(each.draft, Draft)]
        self._numbering.resolve(drafts, rows)
        ids = self._numbering.ids
        for draft, number, each in zip(drafts, numbers, accepted, strict=True):
            rows.add_article(draft, number, ids, source_id, each.record_hash)
        rows.insert(connection)
        entities, relations = ids["entities"], ids["relations"]
        return {
            ARTICLE: numbers,
            NAMED: [entities[each.key] for draft in drafts for each in draft.entities],
            RELATION: [relations[each.key] for draft in drafts for each in draft.statements],
        }

    def _insert_shelved(self, accepted: list[Accepted], source_id: int) -> Touched:
        assert self.shelf is not None
        numbers = self._article_numbers(accepted)
        drafts = [each.draft for each in accepted if isinstance(each.draft, ShelvedDraft)]
        rows = (draft.row for draft in drafts)
        self.shelf.copy(zip(rows, numbers, strict=True), source_id)
        return {
            ARTICLE: numbers,
            NAMED: self.shelf.touched("entities"),
            RELATION: self.shelf.touched("relations"),
        }

    def _article_numbers(self, accepted: list[Accepted]) -> list[int]:
        """Return the row numbers of articles: that of the one replaced, or else the next."""
        # The articles that are replaced have been taken back, but keep their numbers.
        first = max(
            next_id(self.db.conn, "articles"), *((each.replaces or 0) + 1 for each in accepted)
        )
        new = count(first)
        return [next(new) if each.replaces is None else each.replaces for each in accepted]
