"""Check texts, and all that stands at a place in one. Each text is read once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.anchoring.statuses import EXACT
from datasette_newsgraph.checking.article_rows import RowsOfArticles
from datasette_newsgraph.checking.fault import LOAD_AGAIN, Fault, Mend
from datasette_newsgraph.drafting.first_line import first_line
from datasette_newsgraph.kinds import ANNOTATED, EVIDENCE
from datasette_newsgraph.loading.sentence_bounds import bounds_in, fill_bounds
from datasette_newsgraph.store.text_parts import fill_parts, parts_of

_WITH_TEXT = "(SELECT article_id FROM article_texts WHERE text IS NOT NULL)"
_SPANS = tuple(each.table for each in ANNOTATED)
_OTHER_SPANS = tuple(each for each in _SPANS if each != EVIDENCE.table)
#: What is read of a span, behind its article, and of which spans: those that are said to have a place.
_PLACE = "id, start_char, end_char, surface, offset_status"
_IS_PLACED = f"start_char IS NOT NULL OR offset_status = '{EXACT}'"
_HAS_SENTENCE = "sentence_start IS NOT NULL"
_Span = tuple[Any, ...]


def check_texts(db: Database, within: Callable[[float], None]) -> Iterator[Fault]:
    """Yield what is wrong with texts, their zones, and the spans and sentences in them; ``within`` is
    told which part of the texts is read, from 0 to 1.
    """
    yield from _without_text(db)
    yield from _zones(db)
    (highest,) = db.conn.execute("SELECT max(article_id) FROM article_texts").fetchone()
    all_zones = RowsOfArticles(db.conn, "zones", "zone, start_char, end_char")
    all_parts = RowsOfArticles(db.conn, "text_parts", "part", order="number")
    all_spans = {
        table: RowsOfArticles(db.conn, table, _PLACE, where=_IS_PLACED) for table in _OTHER_SPANS
    }
    all_evidence = RowsOfArticles(
        db.conn,
        EVIDENCE.table,
        f"{_PLACE}, sentence_start, sentence_end",
        where=f"{_IS_PLACED} OR {_HAS_SENTENCE}",
    )
    # In Python, a text at a time: SQLite's substr counts from the beginning at each call.
    for article, title, *kept, language, text in db.conn.execute(
        "SELECT article_id, title, first_line, length, sha256,"
        " (SELECT language FROM articles WHERE id = article_id), text FROM article_texts"
        " WHERE text IS NOT NULL ORDER BY article_id"
    ):
        within(article / highest)
        zones = [row[1:] for row in all_zones.of(article)]
        yield from _columns(article, kept, _right_columns(title, text, zones))
        if [part for _, part in all_parts.of(article)] != parts_of(text):
            words = f"texts: the text_parts of article {article} are not those of its text"
            yield Fault(words, Mend.TEXTS)
        for table, spans in all_spans.items():
            yield from _spans(table, text, spans.of(article))
        evidence = list(all_evidence.of(article))
        yield from _spans(EVIDENCE.table, text, evidence)
        yield from _sentences(evidence, text, language, zones)


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
            # The articles first: an index has them, and most often they all have a text.
            f"SELECT id, offset_status FROM {table} WHERE ({_IS_PLACED}) AND article_id IN"
            f" (SELECT article_id FROM {table} WHERE article_id NOT IN {_WITH_TEXT})"
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


def _columns(article: int, kept: Iterable[Any], right: Iterable[Any]) -> Iterator[Fault]:
    for name, one, other in zip(("first_line", "length", "sha256"), kept, right, strict=True):
        if one != other:
            yield Fault(
                f"texts: the {name} of article {article} is not that of its text", Mend.TEXTS
            )


def _right_columns(
    title: str | None, text: str, zones: Iterable[tuple[str, int, int]]
) -> tuple[str | None, int, str]:
    """Return the first line, the length and the checksum of a text, of which the zones are (zone,
    start, end).
    """
    line = first_line(text, zones) if title is None else None
    return line, len(text), hashlib.sha256(text.encode()).hexdigest()


def renew_texts(db: Database) -> None:
    """Make anew all that follows from the texts, inside the caller's transaction."""
    execute = db.conn.execute
    execute(
        "UPDATE article_texts SET first_line = NULL, length = NULL, sha256 = NULL WHERE text IS NULL"
    )
    numbers = execute("SELECT article_id FROM article_texts WHERE typeof(text) = 'text'").fetchall()
    for (article,) in numbers:
        query = "SELECT title, text FROM article_texts WHERE article_id = ?"
        title, text = execute(query, [article]).fetchone()
        zones = "SELECT zone, start_char, end_char FROM zones WHERE article_id = ?"
        right = _right_columns(title, text, execute(zones, [article]))
        execute(
            "UPDATE article_texts SET first_line = ?, length = ?, sha256 = ? WHERE article_id = ?",
            [*right, article],
        )
    execute("DELETE FROM text_parts")
    fill_parts(db.conn)
    execute("UPDATE evidence SET sentence_start = NULL, sentence_end = NULL")
    fill_bounds(db.conn)


def _spans(table: str, text: str, rows: Iterable[_Span]) -> Iterator[Fault]:
    for _, number, start, end, surface, status, *_ in rows:
        if status == EXACT if start is None else text[start:end] != surface:
            words = (
                f"spans: row {number} of {table} is {status}, and its words are not where it says"
            )
            yield Fault(words, remedy=LOAD_AGAIN)


def _sentences(
    evidence: Iterable[_Span],
    text: str,
    language: str | None,
    zones: Iterable[tuple[str, int, int]],
) -> Iterator[Fault]:
    kept = {
        number: (number, start, end, *sentence)
        for _, number, start, end, _, _, *sentence in evidence
        if start is not None or sentence[0] is not None
    }
    placed = [each[:3] for each in kept.values() if None not in each[:3]]
    borders = ((start, end, zone) for zone, start, end in zones)
    found = {each.evidence: each for each in bounds_in(text, language, borders, placed)}
    for number, (*_, sentence_start, sentence_end) in kept.items():
        if (number, sentence_start, sentence_end) != found.get(number):
            words = f"sentences: row {number} of evidence does not say where its sentence is"
            yield Fault(words, Mend.TEXTS)
