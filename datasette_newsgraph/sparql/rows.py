"""Read the solutions of a branch: columns of SQL become terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from datasette_newsgraph.sparql.answer import Term
from datasette_newsgraph.sparql.branch import Branch, Name, Workshop


def rows_of(
    workshop: Workshop, branch: Branch, names: tuple[Name, ...], end: str = ""
) -> Iterator[tuple[Term, ...]]:
    """Yield the terms of names in the solutions of a branch; ``end`` is the end of the SELECT."""
    columns: list[str] = []
    readers: list[tuple[int, int, Callable[..., Any]] | None] = []
    for name in names:
        form = branch.forms.get(name)
        if form is None:
            readers.append(None)
            continue
        selected, read = workshop.forms.read(form)
        readers.append((len(columns), len(columns) + len(selected), read))
        columns += selected
    sql = f"SELECT {', '.join(columns) or '1'} {branch.body}{end}"
    workshop.facts.make_tables_of(sql)
    for row in workshop.facts.connection.execute(sql, workshop.values):
        yield tuple(each and each[2](row[each[0] : each[1]]) for each in readers)
