"""The bounds of sentences, computed again from the texts of a database: to fill them in, to check."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from datasette_newsgraph.sentences import Sentences, borders_of


class Bounds(NamedTuple):
    """A row of evidence, and where its sentence begins and ends."""

    evidence: int
    start: int
    end: int


def bounds_in(connection: sqlite3.Connection, article: int, text: str) -> Iterator[Bounds]:
    """Yield the bounds of the sentences of all evidence of an article that has a place in its text."""
    placed = connection.execute(
        "SELECT id, start_char, end_char FROM evidence"
        " WHERE article_id = ? AND start_char IS NOT NULL AND end_char IS NOT NULL",
        [article],
    ).fetchall()
    if not placed:
        return
    (language,) = connection.execute(
        "SELECT (SELECT language FROM articles WHERE id = ?)", [article]
    ).fetchone()
    zones = connection.execute(
        "SELECT start_char, end_char, zone FROM zones WHERE article_id = ?", [article]
    )
    sentences = Sentences(text, language, borders_of(zones))
    for number, start, end in placed:
        yield Bounds(number, *sentences.around(start, end))


def texts(connection: sqlite3.Connection) -> Iterable[tuple[int, str]]:
    """Yield the articles that have a text, with it: one at a time, as they may be long."""
    return connection.execute(
        "SELECT article_id, text FROM article_texts WHERE text IS NOT NULL ORDER BY article_id"
    )


def fill_bounds(connection: sqlite3.Connection) -> None:
    """Fill in the bounds of the sentences of all evidence."""
    for article, text in texts(connection):
        connection.executemany(
            "UPDATE evidence SET sentence_start = ?, sentence_end = ? WHERE id = ?",
            ((start, end, number) for number, start, end in bounds_in(connection, article, text)),
        )
