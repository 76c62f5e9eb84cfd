"""Which column holds the tokens, which numbers them, and what stands before each."""

from __future__ import annotations

import re
from collections import Counter

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.columns.sample import Column, Table

#: Of so few lines nothing is told.
_FEW = 3
_NUMBER = re.compile(r"([0-9]+)(?:[-.][0-9]+)?")
_NUMERIC = re.compile(r"[+-]?[0-9]+(?:[.,:/-][0-9]+)*")
_MASK = re.compile(r"\[[A-Z]+\]|<[A-Za-z]+>|[_*#-]+")
_LANGUAGE = re.compile(r"([a-z]{2,3}(?:-[a-z]+)*):")


def counts_tokens(table: Table, column: Column) -> bool:
    """Tell whether a column numbers the tokens, from 0 or 1, in each sentence or through all."""
    digits = sum(n for cell, n in column.cells.items() if _NUMBER.fullmatch(cell))
    if 4 * digits < 3 * table.total:
        return False
    odd = 0
    before = -1
    for sentence in table.sentences:
        for place, cells in enumerate(sentence):
            found = _NUMBER.fullmatch(cells[column.place])
            number = int(found[1][:9]) if found else -1
            # What stands for several tokens has the number of the first.
            follows = (before + 1,) if place == 0 else (before, before + 1)
            odd += found is None or number not in (0, 1, *follows)
            before = number
    return odd == 0 or (table.total >= 8 and odd <= max(2, table.total // 20))


def token_column(table: Table, number: int | None) -> Column:
    """Return the first column that is neither numbers nor tags, whose cells must be words."""
    empty = [each for each in table.columns if 4 * each.cells[""] >= 3 * table.total]
    tokens = [
        each
        for each in table.columns
        if each.place != number and each.tags is None and each not in empty
    ]
    if not tokens:
        raise RecordError("no column has tokens; leave the tokens and their tags in it")
    token = tokens[0]
    called, total = f"column {token.place + 1}", table.total
    numeric = sum(n for cell, n in token.cells.items() if _NUMERIC.fullmatch(cell))
    # Beside a further column they are likelier to be what numbers the tokens.
    limit = 3 / 4 if table.width > 2 else 9 / 10
    if total > _FEW and numeric >= limit * total:
        raise RecordError(
            f"nearly all tokens ({called}) are numbers; leave the tokens and their tags only"
        )
    cell, most = token.cells.most_common(1)[0]
    if total >= _FEW and 10 * most >= 9 * total and (_MASK.fullmatch(cell) or number == 0):
        raise RecordError(
            f"nearly all tokens ({called}) are {cell!r}: the words are not in this copy; get the one"
            " that has them"
        )
    return token


def language_of(tokens: Counter[str]) -> str | None:
    """Return the code that stands before every token (``en:Paris``)."""
    found: Counter[str] = Counter()
    for token, count in tokens.items():
        if before := _LANGUAGE.match(token):
            found[before[1]] += count
    total = tokens.total()
    code, most = max(found.items(), key=lambda each: each[1], default=("", 0))
    return code if total >= _FEW and 20 * most >= 19 * total else None
