"""Expressions that SQL has no words for: rdflib works them out, a row at a time, as its functions."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from types import MethodType
from typing import Any

from pyparsing import ParseResults
from rdflib.plugins.sparql.evalutils import _eval
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.plugins.sparql.sparql import FrozenBindings, Prologue, QueryContext, SPARQLError
from rdflib.term import BNode, Identifier, Literal, URIRef, Variable

from datasette_newsgraph.sparql.forms import LANGUAGE_STRING, STRING, decode, encode
from datasette_newsgraph.sparql.values import equal, less, truth

_numbers = count(1)
#: What rdflib's functions raise for values that they do not take.
_ERRORS = (
    SPARQLError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    re.error,
)


def compare(operator: str, one: Identifier, other: Identifier) -> bool | None:
    """Return what a comparison of two terms comes to; None for a type error."""
    if operator in ("=", "!="):
        same = equal(one, other)
        return same if same is None or operator == "=" else not same
    if operator in (">", ">="):
        one, other = other, one
    found = less(one, other)
    if found is None or operator in ("<", ">"):
        return found
    return found or equal(one, other)


def _relational(expression: Expr, context: Any) -> Literal:
    """Compare as above, in place of rdflib's own comparison."""
    operator, one = expression.op, expression.expr
    others = expression.other if operator in ("IN", "NOT IN") else [expression.other]
    if operator not in ("IN", "NOT IN"):
        found = compare(operator, one, others[0])
    else:
        listed = [] if isinstance(others, URIRef) else others
        ways = [compare("=", one, each) for each in listed]
        same = True if True in ways else None if None in ways else False
        found = same if same is None or operator == "IN" else not same
    if found is None:
        raise SPARQLError("a comparison of values that have no order")
    return Literal(found)


def with_our_comparisons(expression: Any) -> Any:
    """Return an expression in which all comparisons are ours."""
    for each in parts_of(expression):
        if each.name == "RelationalExpression":
            each._evalfn = MethodType(_relational, each)
    return expression


def parts_of(expression: Any) -> Iterator[CompValue]:
    """Yield an expression and all that are part of it."""
    if isinstance(expression, CompValue):
        yield expression
        for each in expression.values():
            yield from parts_of(each)
    elif isinstance(expression, list | tuple | ParseResults):
        for each in expression:
            yield from parts_of(each)


def names_in(expression: Any) -> list[Variable]:
    """Return the variables of an expression, each once."""
    if isinstance(expression, Variable):
        return [expression]
    if isinstance(expression, CompValue):
        expression = list(expression.values())
    if isinstance(expression, list | tuple):
        found = [name for each in expression for name in names_in(each)]
        return list(dict.fromkeys(found))
    return []


class Evaluator:
    """Makes functions of a connection for the expressions of one question."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        # NOW() is the same all through a question.
        self._context = QueryContext(initBindings={})
        # IRI() looks for the base in it.
        self._context.prologue = Prologue()

    def terms(self, expression: Any, names: Sequence[Variable]) -> str:
        """Return the name of the function that works an expression out: from the encoded terms of the
        variables to an encoded term, null for an error.
        """
        return self._made(expression, names, encode)

    def truths(self, expression: Any, names: Sequence[Variable]) -> str:
        """Return the name of the function that tells whether it is true: 1, 0, null for an error."""
        return self._made(expression, names, lambda term: _flag(truth(term)))

    def _made(
        self, expression: Any, names: Sequence[Variable], result: Callable[[Any], Any]
    ) -> str:
        expression = with_our_comparisons(expression)

        def evaluate(*encoded: str | None) -> Any:
            pairs = zip(names, encoded, strict=True)
            bound = {name: decode(text) for name, text in pairs if text is not None}
            try:
                found = _eval(expression, FrozenBindings(self._context, bound))
            except _ERRORS:
                return None
            return result(found) if isinstance(found, Literal | URIRef | BNode) else None

        name = f"newsgraph_expression_{next(_numbers)}"
        self.connection.create_function(name, len(names), evaluate)
        return name


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _compared(operator: str) -> Callable[[str | None, str | None], int | None]:
    def compared(one: str | None, other: str | None) -> int | None:
        if one is None or other is None:
            return None
        a, b = decode(one), decode(other)
        assert a is not None
        assert b is not None
        return _flag(compare(operator, a, b))

    return compared


def _text(encoded: str | None) -> str | None:
    term = decode(encoded)
    return None if term is None else str(term)


def _language(encoded: str | None) -> str | None:
    term = decode(encoded)
    return (term.language or "") if isinstance(term, Literal) else None


def _datatype(encoded: str | None) -> str | None:
    term = decode(encoded)
    if not isinstance(term, Literal):
        return None
    return LANGUAGE_STRING if term.language else str(term.datatype or STRING)


#: What SPARQL's functions tell of encoded terms, by the names of ours.
_OF_ENCODED = {"text": _text, "language_of": _language, "datatype_of": _datatype}
#: Comparisons of encoded terms, by the names of their functions.
COMPARISONS = {"=": "equal", "<": "less", "<=": "at_most"}


def install(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that all questions share."""
    for operator, name in COMPARISONS.items():
        connection.create_function(f"newsgraph_{name}", 2, _compared(operator), deterministic=True)
    for name, function in _OF_ENCODED.items():
        connection.create_function(f"newsgraph_{name}", 1, function, deterministic=True)
    connection.create_function(
        "newsgraph_is_true", 1, lambda text: _flag(truth(decode(text))), deterministic=True
    )
