"""Rows of a table by the articles that they are of: one query for all articles, which go by in the
order of their numbers, rather than one for each.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

#: What stands behind the last article that has rows.
_NO_MORE: tuple[None, Iterator[Any]] = (None, iter(()))


class RowsOfArticles:
    """The rows of a table by article: of one at a time, in the order of the articles' numbers.

    Only one article's rows are under way, and none of them is kept. Rows whose article is no number
    are of none.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        table: str,
        columns: str,
        *,
        where: str = "true",
        order: str = "id",
    ) -> None:
        """Begin to read the ``columns`` of the rows for which a condition in SQL holds, those of an
        article in the order of a column.
        """
        rows = connection.execute(
            f"SELECT article_id, {columns} FROM {table}"
            f" WHERE typeof(article_id) = 'integer' AND ({where}) ORDER BY article_id, {order}"
        )
        self._groups = groupby(rows, key=itemgetter(0))
        self._article: int | None
        self._rows: Iterator[Any]
        self._article, self._rows = next(self._groups, _NO_MORE)

    def of(self, article: int) -> Iterator[tuple[Any, ...]]:
        """Return the rows of an article, its number first in each; they end when the next article is
        asked for, which has a higher number.
        """
        while self._article is not None and self._article < article:
            self._article, self._rows = next(self._groups, _NO_MORE)
        return self._rows if self._article == article else iter(())
