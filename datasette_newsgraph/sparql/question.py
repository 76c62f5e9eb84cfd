"""Read a question: rdflib's parser and algebra, and what is refused by name."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any

import rdflib
from pyparsing import ParseResults
from rdflib.plugins.sparql.algebra import translateQuery, traverse
from rdflib.plugins.sparql.operators import UnaryNot
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Literal, Variable

from datasette_newsgraph.errors import BadQuery
from datasette_newsgraph.sparql.evaluating import names_in, parts_of

_GRAPH = "GRAPH: the default graph is the union of all graphs, and there are no others to ask"
#: What is not done here, by the name of its part, and why.
_REFUSED = {
    "Graph": _GRAPH,
    # As it is inside of EXISTS.
    "GraphGraphPattern": _GRAPH,
    "ServiceGraphPattern": "SERVICE: this service asks no other",
}
#: What may be escaped in a local name.
_ESCAPED = re.compile(r"\\([_~.\-!$&'()*+,;=/?#@%])")
# rdflib writes literals anew by default; here a literal is asked for just as it is written. The switch
# is one for all threads, and so is the parser's memory.
_parsing = threading.Lock()


@dataclass(frozen=True)
class Question:
    """A question as algebra (SPARQL 1.1 section 18), and the variables of a SELECT in their order."""

    text: str
    query: Query
    names: list[Variable]

    @property
    def algebra(self) -> CompValue:
        """Return the whole of the algebra."""
        return self.query.algebra


def read_question(text: str) -> Question:
    """Return a question. Raises BadQuery with the words of the parser, or with what is refused."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadQuery("the question has half of a surrogate pair; write it as UTF-8") from error
    query, is_all = _read(text)
    algebra = query.algebra
    if algebra.get("datasetClause"):
        raise BadQuery("FROM is not done here: all graphs together are asked")
    for part in parts_of(algebra):
        if part.name in _REFUSED:
            raise BadQuery(f"{_REFUSED[part.name]}; leave it out")
        if part.name == "Extend" and _is_bound_again(part):
            raise BadQuery(f"?{part.var} has a term already where it is bound; take another name")
    names = list(algebra.PV) if algebra.name == "SelectQuery" else []
    if is_all:
        seen = _in_scope(algebra.p)
        names = [each for each in names if each in seen]
        names.sort(key=lambda name: _place(text, name))
    return Question(text, query, names)


def _read(text: str) -> tuple[Query, bool]:
    """Return a question as algebra, and whether it selects all variables."""
    with _parsing:
        rewrites, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
        try:
            parsed = parseQuery(text)
            is_all = parsed[1].name == "SelectQuery" and "projection" not in parsed[1]
            _read_names(parsed)
            traverse(parsed[1], visitPre=_keep_constant)
            query = translateQuery(parsed)
            _keep_no_rows(query.algebra)
            return query, is_all
        except BadQuery:
            raise
        except RecursionError as error:
            raise BadQuery("the question is nested too deeply") from error
        except Exception as error:
            # Whatever the parser stumbles over, the question has it.
            raise BadQuery(" ".join(str(error).split())) from error
        finally:
            rdflib.NORMALIZE_LITERALS = rewrites


def _read_names(parsed: Any) -> None:
    """Have one prefix for each namespace, as rdflib forgets the first of two, and no escapes in local
    names (SPARQL 1.1, PN_LOCAL_ESC). Raises BadQuery for rows of VALUES of another length.
    """
    named = {each.prefix or "": str(each.iri) for each in parsed[0] if each.name == "PrefixDecl"}
    last = {iri: prefix for prefix, iri in named.items()}
    for part in parts_of(parsed[1]):
        if part.name == "pname":
            prefix = part.prefix or ""
            if prefix in named:
                part["prefix"] = last[named[prefix]]
            if part.localname:
                part["localname"] = _ESCAPED.sub(r"\1", part.localname)
        elif part.name in ("InlineData", "ValuesClause"):
            rows = [each for each in part.value or () if isinstance(each, list | ParseResults)]
            if any(len(each) != len(part.var or ()) for each in rows):
                raise BadQuery("a row of VALUES has more or fewer values than there are variables")


def _keep_constant(part: Any) -> None:
    """Write a FILTER of a constant so that rdflib keeps it: it takes one that is false, such as
    ``FILTER(0)``, for none.
    """
    if not isinstance(part, CompValue) or part.name != "Filter":
        return
    found = part.expr
    # Each operator that might stand there, and does not, is a level of its own.
    while isinstance(found, CompValue) and found.name.endswith("Expression") and not found.other:
        found = found.expr
    if isinstance(found, Literal) or getattr(found, "name", "") == "literal":
        part["expr"] = _negated(_negated(found))


def _keep_no_rows(algebra: CompValue) -> None:
    """Have VALUES without rows be one: rdflib makes a list of it."""
    for part in parts_of(algebra):
        if part.name == "ToMultiSet" and isinstance(part.p, list):
            part["p"] = CompValue("values", res=[])


def _negated(expression: Any) -> Expr:
    return Expr("UnaryNot", UnaryNot, expr=expression)


def _is_bound_again(part: CompValue) -> bool:
    """Tell whether a BIND, or AS, is of a variable that its pattern has (SPARQL 1.1 section 18.2.1)."""
    is_of_group = isinstance(part.expr, Variable) and part.expr.startswith("__agg_")
    return not is_of_group and part.var in _in_scope(part.p)


def _in_scope(part: CompValue) -> set[Variable]:
    """Return the variables that may have a term in a solution of a part (SPARQL 1.1 section 18.2.1):
    none that is in FILTER or on the other side of MINUS only.
    """
    if part.name == "Project":
        return set(part.PV) & _in_scope(part.p)
    if part.name == "BGP":
        return set(names_in(part.triples))
    if part.name == "values":
        return {name for row in part.res for name in row}
    found = {part.var} if part.name == "Extend" else set()
    if part.name == "AggregateJoin":
        return {each.res for each in part.A} | set(names_in(part.p.expr or []))
    sides = (part.p, part.p1, None if part.name == "Minus" else part.p2)
    return found.union(*(_in_scope(each) for each in sides if each is not None))


def _place(text: str, name: Variable) -> int:
    found = re.search(rf"[?$]{re.escape(name)}(?!\w)", text)
    return found.start() if found else len(text)
