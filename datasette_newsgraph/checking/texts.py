"""Check texts, and all that stands at a place in one. Each text is read once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from sqlite_utils import Database

from datasette_newsgraph.anchoring.statuses import EXACT
from datasette_newsgraph.checking.fault import LOAD_AGAIN, Fault, Mend
from datasette_newsgraph.drafting.first_line import first_line
from datasette_newsgraph.kinds import ANNOTATED
from datasette_newsgraph.loading.sentence_bounds import bounds_in, fill_bounds, texts
from datasette_newsgraph.store.text_parts import fill_parts, has_its_parts

_WITH_TEXT = "(SELECT article_id FROM article_texts WHERE text IS NOT NULL)"
_SPANS = tuple(each.table for each in ANNOTATED)


def check_texts(db: Database, within: Callable[[float], None]) -> Iterator[Fault]:
    """Yield what is wrong with texts, their zones, and the spans and sentences in them; ``within`` is
    told which part of the texts is read, from 0 to 1.
    """
    yield from _without_text(db)
    yield from _zones(db)
    # In Python, a text at a time: SQLite's substr counts from the beginning at each call.
    (highest,) = db.conn.execute("SELECT max(article_id) FROM article_texts").fetchone()
    for article, text in texts(db.conn):
        within(article / highest)
        yield from _columns(db, article, text)
        if not has_its_parts(db.conn, article, text):
            words = f"texts: the text_parts of article {article} are not those of its text"
            yield Fault(words, Mend.TEXTS)
        yield from _spans(db, article, text)
        yield from _sentences(db, article, text)


def _without_text(db: Database) -> Iterator[Fault]:
    """Yield what says something of a text where there is none."""
    for (article,) in db.conn.execute(
        "SELECT article_id FROM article_texts WHERE text IS NULL"
        " AND (length IS NOT NULL OR sha256 IS NOT NULL OR first_line IS NOT NULL)"
        f" UNION SELECT article_id FROM text_parts WHERE article_id NOT IN {_WITH_TEXT}"
    ):
        yield Fault(f"texts: article {article} has no text, and something of it", Mend.TEXTS)
    for table in _SPANS:
        for number, status in db.conn.execute(
            f"SELECT id, offset_status FROM {table} WHERE (start_char IS NOT NULL"
            f" OR offset_status = '{EXACT}') AND article_id NOT IN {_WITH_TEXT}"
        ):
            words = f"spans: row {number} of {table} is {status}, and its article has no text"
            yield Fault(words, remedy=LOAD_AGAIN)


def _zones(db: Database) -> Iterator[Fault]:
    for number, article in db.conn.execute(
        "SELECT id, article_id FROM zones LEFT JOIN article_texts USING (article_id)"
        " WHERE start_char >= end_char OR start_char < 0 OR end_char > length"
    ):
        words = f"zones: row {number} of zones is not a span of the text of article {article}"
        yield Fault(words, remedy=LOAD_AGAIN)


def _columns(db: Database, article: int, text: str) -> Iterator[Fault]:
    kept = db.conn.execute(
        "SELECT first_line, length, sha256 FROM article_texts WHERE article_id = ?", [article]
    ).fetchone()
    names = ("first_line", "length", "sha256")
    right = _right_columns(db, article, text)
    for name, is_right in zip(
        names, map(lambda *each: each[0] == each[1], kept, right), strict=True
    ):
        if not is_right:
            yield Fault(
                f"texts: the {name} of article {article} is not that of its text", Mend.TEXTS
            )


def _right_columns(db: Database, article: int, text: str) -> tuple[str | None, int, str]:
    """Return the first line, the length and the checksum of a text."""
    (title,) = db.conn.execute(
        "SELECT title FROM article_texts WHERE article_id = ?", [article]
    ).fetchone()
    line = None
    if title is None:
        query = "SELECT zone, start_char, end_char FROM zones WHERE article_id = ?"
        line = first_line(text, db.conn.execute(query, [article]))
    return line, len(text), hashlib.sha256(text.encode()).hexdigest()


def renew_texts(db: Database) -> None:
    """Make anew all that follows from the texts, inside the caller's transaction."""
    execute = db.conn.execute
    execute(
        "UPDATE article_texts SET first_line = NULL, length = NULL, sha256 = NULL WHERE text IS NULL"
    )
    numbers = execute("SELECT article_id FROM article_texts WHERE typeof(text) = 'text'").fetchall()
    for (article,) in numbers:
        query = "SELECT text FROM article_texts WHERE article_id = ?"
        right = _right_columns(db, article, execute(query, [article]).fetchone()[0])
        execute(
            "UPDATE article_texts SET first_line = ?, length = ?, sha256 = ? WHERE article_id = ?",
            [*right, article],
        )
    execute("DELETE FROM text_parts")
    fill_parts(db.conn)
    execute("UPDATE evidence SET sentence_start = NULL, sentence_end = NULL")
    fill_bounds(db.conn)


def _spans(db: Database, article: int, text: str) -> Iterator[Fault]:
    for table in _SPANS:
        rows = db.conn.execute(
            f"SELECT id, start_char, end_char, surface, offset_status FROM {table}"
            " WHERE article_id = ? AND (start_char IS NOT NULL OR offset_status = ?)",
            [article, EXACT],
        )
        for number, start, end, surface, status in rows:
            if start is None or text[start:end] != surface:
                words = (
                    f"spans: row {number} of {table} is {status},"
                    " and its words are not where it says"
                )
                yield Fault(words, remedy=LOAD_AGAIN)


def _sentences(db: Database, article: int, text: str) -> Iterator[Fault]:
    kept = db.conn.execute(
        "SELECT id, sentence_start, sentence_end FROM evidence WHERE article_id = ?"
        " AND (start_char IS NOT NULL OR sentence_start IS NOT NULL)",
        [article],
    )
    found = {each.evidence: each for each in bounds_in(db.conn, article, text)}
    for row in kept:
        if tuple(row) != found.get(row[0]):
            words = f"sentences: row {row[0]} of evidence does not say where its sentence is"
            yield Fault(words, Mend.TEXTS)
