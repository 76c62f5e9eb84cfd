"""Long texts once more in short parts, so that a stretch of one is read without all that is before it.

SQLite keeps a text as UTF-8, and reads it from its beginning to find a code point: that is nothing for
an article, and much for a book of which every mention is read with its context. So a long text is
kept in parts too, and ``stretch`` is the SQL to read from these, or else from the text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from datasette_newsgraph.store.schema import into

#: Code points of a text up to which it has no parts.
LONG = 20_000
#: Code points of a part; the last one may be shorter.
PART = 1_000


def parts_of(text: str | None) -> list[str]:
    """Return the parts of a text, in order; none of a text that is not long."""
    if text is None or len(text) <= LONG:
        return []
    return [text[start : start + PART] for start in range(0, len(text), PART)]


def stretch(first: str, length: str) -> str:
    """Return the SQL of a stretch of the text of ``article_texts``, which the query has beside it.

    ``first`` is the SQL of its first code point, from 0, and ``length`` that of their number: the
    stretch is NULL where one of them is, and shorter where the text ends before.
    """
    of_text = "FROM text_parts WHERE text_parts.article_id = article_texts.article_id"
    return (
        f"CASE WHEN EXISTS (SELECT 1 {of_text}) THEN (SELECT"
        f" substr(group_concat(part, ''), {first} - min(number) * {PART} + 1, {length})"
        f" FROM (SELECT number, part {of_text}"
        f" AND number BETWEEN ({first}) / {PART} AND ({first} + {length}) / {PART}"
        f" ORDER BY number)) ELSE substr(article_texts.text, {first} + 1, {length}) END"
    )


def fill_parts(connection: sqlite3.Connection) -> None:
    """Make the parts of all long texts, of which none has any yet."""
    connection.executemany(f"{into('text_parts')} VALUES (?, ?, ?)", _rows(connection))


def _rows(connection: sqlite3.Connection) -> Iterator[tuple[int, int, str]]:
    query = "SELECT article_id, text FROM article_texts WHERE length > ?"
    for article, text in connection.execute(query, [LONG]):
        for number, part in enumerate(parts_of(text)):
            yield article, number, part
