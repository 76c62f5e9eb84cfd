"""Write a chunk of drafts, inside a transaction: articles, what they replace, what they touch."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlite_utils import Database

from datasette_newsgraph.anchoring import EXACT
from datasette_newsgraph.drafting.draft import Draft
from datasette_newsgraph.drafting.draft_rows import EntityRow
from datasette_newsgraph.drafting.records import Reading, shortened
from datasette_newsgraph.loading.rows import Rows, rows_in
from datasette_newsgraph.loading.settling import existing_keys, note_touched, take_back, take_in
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.schema import TABLES

#: Row numbers kept in memory, by key; a larger cache is emptied.
CACHED_KEYS = 5_000


class Reject(NamedTuple):
    """A row of ``rejects``: ``item`` is 0 for a whole record, else the ordinal of one of its parts.
    ``parts`` is how many it stands for: 1, but for the last row of a record with many faults.
    """

    line: int
    item: int
    reason: str
    raw: str | None
    parts: int = 1


@dataclass(slots=True)
class Prepared:
    """A record: its draft, or None if it is unchanged or rejected whole."""

    entry: Entry
    record_hash: str
    draft: Draft | None = None
    rejects: list[Reject] = field(default_factory=list)
    terms: dict[tuple[str, str], str] = field(default_factory=dict)
    former_key: str | None = None

    def reject(self, reason: str) -> None:
        """Reject the whole record."""
        self.draft = None
        self.rejects = [Reject(self.entry.line, 0, reason, shortened(self.entry.raw))]

    def take(self, reading: Reading) -> None:
        """Take what came of reading the record."""
        if reading.left_out:
            return
        if reading.draft is None:
            self.reject(reading.reason)
            return
        self.draft = reading.draft
        if reading.dates_decided:
            # Another record of the file may decide otherwise, and this one is the same to the byte.
            decided = f"{self.record_hash}\n{reading.dates_decided}".encode()
            self.record_hash = hashlib.sha256(decided).hexdigest()[: len(self.record_hash)]
        self.terms = reading.terms
        self.former_key = reading.former_key
        self.rejects = [
            Reject(self.entry.line, item, part.reason, part.raw, part.parts)
            for item, part in enumerate(reading.parts_rejected, 1)
        ]


class Existing(NamedTuple):
    """An article that the database has under the key of one that comes."""

    id: int
    record_hash: str
    tool: str | None
    source_id: int | None


class Accepted(NamedTuple):
    """A draft that will be written, and the row number of the article that it replaces."""

    draft: Draft
    record_hash: str
    replaces: int | None


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
    """Writes chunks of one source into one database; all methods want a transaction open."""

    def __init__(self, db: Database, *, replace: bool) -> None:
        self.db = db
        self.replace = replace
        self._ids: dict[str, dict[str, int]] = {
            table: {} for table in ("entities", "relations", "extractions")
        }
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
        """Empty the caches, as after a rollback."""
        for ids in self._ids.values():
            ids.clear()
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
            tool = draft.extraction and draft.extraction.tool
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
            self._note_terms(terms, counts)

    def _note_terms(self, terms: dict[tuple[str, str], str], counts: Counts) -> None:
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
        connection = self.db.conn
        rows = Rows(
            {
                table: (connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0] or 0) + 1
                for table in TABLES
                if "id" in TABLES[table].columns
            }
        )
        # The articles that are replaced have been taken back, but keep their numbers.
        rows.next_ids["articles"] = max(
            rows.next_ids["articles"], *((each.replaces or 0) + 1 for each in accepted)
        )
        drafts = [each.draft for each in accepted]
        self._resolve(drafts, rows)
        articles = []
        for draft, record_hash, replaces in accepted:
            article_id = rows.new_id("articles") if replaces is None else replaces
            articles.append(article_id)
            rows.add_article(draft, article_id, self._ids, source_id, record_hash)
        rows.insert(connection)
        if is_filled(self.db):
            entities, relations = self._ids["entities"], self._ids["relations"]
            take_in(self.db, articles)
            note_touched(self.db, "article", articles)
            note_touched(
                self.db,
                "entity",
                {entities[each.key] for draft in drafts for each in draft.entities},
            )
            note_touched(
                self.db,
                "relation",
                {relations[each.key] for draft in drafts for each in draft.statements},
            )

    def _resolve(self, drafts: list[Draft], rows: Rows) -> None:
        """Remember the row numbers of all that the drafts name, making rows for what is new.

        Row numbers follow the order of first appearance, wherever chunks begin and end.
        """
        extractions = {each.extraction.key: each.extraction for each in drafts if each.extraction}
        for key, number in self._number("extractions", extractions, rows):
            rows.add("extractions", number, *extractions[key])
        entities: dict[str, EntityRow] = {}
        for draft in drafts:
            for entity in draft.entities:
                entities.setdefault(entity.key, entity)
        for key, number in self._number("entities", entities, rows):
            # Their alias_text is null until settling gathers it.
            rows.add("entities", number, *entities[key])
        ids = self._ids["entities"]
        statements: dict[str, tuple[Any, ...]] = {}
        for draft in drafts:
            for each in draft.statements:
                if each.key not in statements:
                    object_ = None if each.object is None else draft.entities[each.object]
                    statements[each.key] = (
                        each.key,
                        ids[draft.entities[each.subject].key],
                        each.predicate,
                        None if object_ is None else ids[object_.key],
                        each.value,
                        each.datatype,
                    )
        for key, number in self._number("relations", statements, rows):
            rows.add("relations", number, *statements[key])

    def _number(self, table: str, keys: Iterable[str], rows: Rows) -> Iterator[tuple[str, int]]:
        """Look up the row numbers of ``keys``; number those that are new, and yield them."""
        ids = self._ids[table]
        if len(ids) > CACHED_KEYS:
            ids.clear()
        unknown = [key for key in keys if key not in ids]
        ids.update(existing_keys(self.db, table, unknown))
        for key in unknown:
            if key not in ids:
                ids[key] = rows.new_id(table)
                yield key, ids[key]
