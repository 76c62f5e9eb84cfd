"""Check a database against itself: every promise that the tables make, recounted."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from datasette_newsgraph.anchoring.statuses import EXACT
from datasette_newsgraph.dates import is_date
from datasette_newsgraph.identity import basis_of, normalise_label
from datasette_newsgraph.store.counts import facet_counts_query, recount_query
from datasette_newsgraph.store.first_line import first_line
from datasette_newsgraph.store.full_text import wrongly_folded
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.rowsets import facet_rows
from datasette_newsgraph.store.schema import DATES, EARLY_INDEXES, FOLDED, LATE_INDEXES, select
from datasette_newsgraph.store.sentence_bounds import bounds_in, texts
from datasette_newsgraph.store.settle import DISPUTED, alias_query, winner_query
from datasette_newsgraph.store.text_parts import has_its_parts
from datasette_newsgraph.wording import counted

#: Rows that nothing refers to: what one of them is, what several are, and the query of their number.
_ORPHANS = (
    (
        "relation without evidence",
        "relations without evidence",
        "SELECT count(*) FROM relations WHERE id NOT IN (SELECT relation_id FROM evidence)",
    ),
    (
        "entity that no article names",
        "entities that no article names",
        "SELECT count(*) FROM entities WHERE id NOT IN (SELECT entity_id FROM appearances)",
    ),
    (
        "extraction without an article",
        "extractions without an article",
        "SELECT count(*) FROM extractions WHERE id NOT IN"
        " (SELECT extraction_id FROM articles WHERE extraction_id IS NOT NULL)",
    ),
    (
        "mention whose entity does not appear in its article",
        "mentions whose entity does not appear in their article",
        "SELECT count(*) FROM mentions"
        " WHERE NOT EXISTS (SELECT 1 FROM appearances WHERE article_id = mentions.article_id"
        " AND entity_id = mentions.entity_id)",
    ),
)


def check(db: Database) -> Iterator[str]:
    """Yield one sentence for each thing that is wrong; nothing when all is well."""
    for row in db.conn.execute("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield f"integrity: {row[0]}"
    for table, number, other, _ in db.conn.execute("PRAGMA foreign_key_check"):
        yield f"foreign keys: row {number} of {table} refers to a row that {other} does not have"
    if not is_filled(db) or db.conn.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone():
        yield "a load was interrupted; run the same newsgraph load again to complete it"
        return
    yield from _indexes(db)
    for one, several, query in _ORPHANS:
        count = db.conn.execute(query).fetchone()[0]
        if count:
            yield f"orphans: {counted(count, one, several)}"
    for kind, label in db.conn.execute("SELECT kind, label FROM vocabulary"):
        if label != normalise_label(label):
            yield (
                f"vocabulary: the {kind} {label!r} has no effect;"
                f" its label is to be {normalise_label(label)!r}"
            )
    yield from _counts(db)
    yield from _bases(db)
    yield from _dates(db)
    yield from _first_lines(db)
    yield from _folded(db)
    yield from _texts(db)


def _indexes(db: Database) -> Iterator[str]:
    for table, columns, unique in (*EARLY_INDEXES, *LATE_INDEXES):
        there = {(tuple(each.columns), bool(each.unique)) for each in db.table(table).indexes}
        if (columns, unique) not in there:
            yield f"indexes: {table} has none on {', '.join(columns)}"


def _differ(count: int, table: str) -> str:
    verb = "differs" if count == 1 else "differ"
    return f"{counted(count, 'row')} of {table} {verb}"


def _counts(db: Database) -> Iterator[str]:
    every = "SELECT id FROM entities"
    recounts = {
        "entity_counts": recount_query("entity_counts", every),
        "relation_counts": recount_query("relation_counts", "SELECT id FROM relations"),
        "facet_counts": facet_counts_query(),
    }
    for table, query in recounts.items():
        stored = set(db.conn.execute(select(table)))
        recounted = set(db.conn.execute(query))
        if stored != recounted:
            yield f"counts: {_differ(len(stored ^ recounted), table)} from a recount"
    kept = set(db.conn.execute(select("facet_rows")))
    gathered = set(facet_rows(db.conn))
    if kept != gathered:
        yield f"counts: {_differ(len(kept ^ gathered), 'facet_rows')} from a recount"
    appearances = db.conn.execute(
        # Counted once for all: an article may name many entities, each of them often.
        "SELECT count(*) FROM appearances LEFT JOIN (SELECT article_id, entity_id,"
        " count(*) AS counted FROM mentions GROUP BY article_id, entity_id)"
        " USING (article_id, entity_id) WHERE mentions <> coalesce(counted, 0)"
    ).fetchone()[0]
    if appearances:
        yield f"counts: {_differ(appearances, 'appearances')} from a recount of mentions"
    for columns in DISPUTED:
        for number, *_ in db.conn.execute(winner_query(columns, every)):
            yield f"names: the {columns[0]} of entity {number} is not what most articles give"
    names: dict[int, list[str]] = {}
    for entity, alias in db.conn.execute(alias_query(every)):
        names.setdefault(entity, []).append(alias)
    for number, text in db.conn.execute("SELECT id, alias_text FROM entities"):
        if (text.split("\n") if text else []) != names.get(number, []):
            yield f"names: the alias_text of entity {number} is not what the articles give"


def _bases(db: Database) -> Iterator[str]:
    query = (
        "SELECT id, basis, key, type, name,"
        " EXISTS (SELECT 1 FROM identifiers WHERE entity_id = entities.id) FROM entities"
    )
    for number, basis, key, type_, name, is_identified in db.conn.execute(query):
        if basis != basis_of(key, str(type_), str(name), is_identified=bool(is_identified)):
            yield f"keys: the basis of entity {number} is not what its key comes from"


def _dates(db: Database) -> Iterator[str]:
    for table, columns in DATES.items():
        for column in columns:
            query = f"SELECT {column}, min(id) FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"
            for words, number in db.conn.execute(query):
                if not is_date(str(words)):
                    yield f"dates: the {column} of row {number} of {table} is no date"


def _first_lines(db: Database) -> Iterator[str]:
    texts = db.conn.execute(
        "SELECT article_id, first_line, CASE WHEN title IS NULL THEN text END FROM article_texts"
    )
    for article, kept, text in texts:
        query = "SELECT zone, start_char, end_char FROM zones WHERE article_id = ?"
        zones = db.conn.execute(query, [article])
        if kept != (None if text is None else first_line(text, zones)):
            yield f"texts: the first_line of article {article} is not that of its text"


def _folded(db: Database) -> Iterator[str]:
    for table, folded in FOLDED.items():
        wrong = wrongly_folded(db, table)
        if wrong:
            yield f"search: {_differ(wrong, folded)} from what is to be searched of {table}"


def _texts(db: Database) -> Iterator[str]:
    # In Python, a text at a time: SQLite's substr counts from the beginning at each call.
    for article, text in texts(db.conn):
        if not has_its_parts(db.conn, article, text):
            yield f"texts: the text_parts of article {article} are not those of its text"
        yield from _spans(db, article, text)
        yield from _sentences(db, article, text)


def _spans(db: Database, article: int, text: str) -> Iterator[str]:
    for table in ("mentions", "evidence", "quotes"):
        rows = db.conn.execute(
            f"SELECT id, start_char, end_char, surface, offset_status FROM {table}"
            " WHERE article_id = ? AND (start_char IS NOT NULL OR offset_status = ?)",
            [article, EXACT],
        )
        for number, start, end, surface, status in rows:
            if start is None or text[start:end] != surface:
                yield f"spans: row {number} of {table} is {status} and does not read its surface"


def _sentences(db: Database, article: int, text: str) -> Iterator[str]:
    kept = db.conn.execute(
        "SELECT id, sentence_start, sentence_end FROM evidence WHERE article_id = ?"
        " AND (start_char IS NOT NULL OR sentence_start IS NOT NULL)",
        [article],
    )
    found = {each.evidence: each for each in bounds_in(db.conn, article, text)}
    for row in kept:
        if tuple(row) != found.get(row[0]):
            yield f"sentences: row {row[0]} of evidence does not say where its sentence is"
