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


def bounds_in(
    text: str,
    language: str | None,
    zones: Iterable[tuple[int, int, str]],
    placed: Iterable[tuple[int, int, int]],
) -> Iterator[Bounds]:
    """Yield the bounds of the sentences of some evidence in the text of an article: ``placed`` are its
    rows, (number, start, end), and ``zones`` (start, end, name).
    """
    sentences = Sentences(text, language, borders_of(zones))
    for number, start, end in placed:
        yield Bounds(number, *sentences.around(start, end))


def fill_bounds(connection: sqlite3.Connection) -> None:
    """Fill in the bounds of the sentences of all evidence that has a place in its text."""
    execute = connection.execute
    # A text at a time, as it may be long.
    for article, text, language in execute(
        "SELECT article_id, text, (SELECT language FROM articles WHERE id = article_id)"
        " FROM article_texts WHERE text IS NOT NULL"
    ):
        zones = "SELECT start_char, end_char, zone FROM zones WHERE article_id = ?"
        placed = execute(
            "SELECT id, start_char, end_char FROM evidence"
            " WHERE article_id = ? AND start_char IS NOT NULL AND end_char IS NOT NULL",
            [article],
        ).fetchall()
        connection.executemany(
            "UPDATE evidence SET sentence_start = ?, sentence_end = ? WHERE id = ?",
            (
                (start, end, number)
                for number, start, end in bounds_in(
                    text, language, execute(zones, [article]), placed
                )
            ),
        )
