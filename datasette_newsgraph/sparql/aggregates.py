"""Aggregates over terms (SPARQL 1.1 section 18.5.1): all but COUNT, which is SQL's own."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import Any

from rdflib.term import Literal

from datasette_newsgraph.sparql.forms import decode, encode
from datasette_newsgraph.sparql.values import literal_of_number, number_of, order_of


class _Sum:
    """The sum of numbers; an error where one is none."""

    def __init__(self) -> None:
        self.total: Any = 0
        self.count = 0
        self.is_wrong = False

    def step(self, encoded: str | None) -> None:
        number = number_of(decode(encoded))
        if number is None:
            self.is_wrong = True
            return
        self.count += 1
        if isinstance(number, float) != isinstance(self.total, float):
            self.total, number = float(self.total), float(number)
        self.total += number

    def finalize(self) -> str | None:
        return None if self.is_wrong else encode(literal_of_number(self.total))


class _Average(_Sum):
    """The average of numbers, 0 of none."""

    def finalize(self) -> str | None:
        if self.is_wrong:
            return None
        if not self.count:
            return encode(literal_of_number(0))
        total = self.total if isinstance(self.total, float) else Decimal(self.total)
        return encode(literal_of_number(total / self.count))


class _First:
    """Any of some terms; here that which is the first in their order."""

    sign = -1

    def __init__(self) -> None:
        self.best: bytes | None = None
        self.found: str | None = None

    def step(self, encoded: str | None) -> None:
        order = order_of(encoded)
        if order is None:
            return
        if self.best is None or (order > self.best) - (order < self.best) == self.sign:
            self.best, self.found = order, encoded

    def finalize(self) -> str | None:
        return self.found


class _Least(_First):
    """The first of terms in their order; an error where one is missing."""

    is_wrong = False

    def step(self, encoded: str | None) -> None:
        if encoded is None:
            self.is_wrong = True
        super().step(encoded)

    def finalize(self) -> str | None:
        return None if self.is_wrong else super().finalize()


class _Greatest(_Least):
    """The last of terms in their order; an error where one is missing."""

    sign = 1


class _Concatenation:
    """The texts of literals with a separator between them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.separator = " "
        self.is_wrong = False

    def step(self, encoded: str | None, separator: str) -> None:
        term = decode(encoded)
        self.separator = separator
        if not isinstance(term, Literal):
            self.is_wrong = self.is_wrong or term is not None
            return
        self.texts.append(str(term))

    def finalize(self) -> str | None:
        return None if self.is_wrong else encode(Literal(self.separator.join(self.texts)))


#: By the names of the algebra: the name of the function in SQL, and how many values it takes.
AGGREGATES: dict[str, tuple[str, int, type]] = {
    "Aggregate_Sum": ("newsgraph_sum", 1, _Sum),
    "Aggregate_Avg": ("newsgraph_average", 1, _Average),
    "Aggregate_Min": ("newsgraph_least", 1, _Least),
    "Aggregate_Max": ("newsgraph_greatest", 1, _Greatest),
    "Aggregate_Sample": ("newsgraph_sample", 1, _First),
    "Aggregate_GroupConcat": ("newsgraph_concatenation", 2, _Concatenation),
}


def install(connection: sqlite3.Connection) -> None:
    """Give the aggregates to a connection."""
    for name, count, class_ in AGGREGATES.values():
        connection.create_aggregate(name, count, class_)
    connection.create_function("newsgraph_order", 1, order_of, deterministic=True)
