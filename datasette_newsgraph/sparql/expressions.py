"""Expressions as SQL: filters with three truths, and values as forms.

SQL's null is SPARQL's error: both make an AND false or nothing, an OR true or nothing. What is written
here is what is surely the same on known kinds of terms; all else rdflib works out, see ``evaluating``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal, URIRef, Variable

from datasette_newsgraph import mapping
from datasette_newsgraph.errors import BadQuery
from datasette_newsgraph.kinds import ARTICLE, SEARCHED
from datasette_newsgraph.sparql.branch import Branch, Untranslated, Workshop
from datasette_newsgraph.sparql.evaluating import COMPARISONS, Evaluator, names_in, parts_of
from datasette_newsgraph.sparql.forms import ENCODED, LANGUAGE_STRING, LITERAL, STRING, TERM, Form
from datasette_newsgraph.sparql.sources.source import literal
from datasette_newsgraph.sparql.values import BOOLEAN, truth
from datasette_newsgraph.vocabulary import expand

#: A variable without a term.
UNBOUND = Form(ENCODED, ("NULL",))
#: The function that tells whether something has all of some words.
MATCHES = expand("ng:matches", "")
#: The full-text tables, by the kinds whose words they have.
_SEARCHED = {
    **{each.name: f"{each.searched}_fts" for each in SEARCHED},
    mapping.TEXT.kind: f"{ARTICLE.searched}_fts",
}
_EXISTS = ("Builtin_EXISTS", "Builtin_NOTEXISTS")


class Expressions:
    """Translates expressions; ``exists`` is the translation of a pattern that has to be there."""

    def __init__(
        self,
        workshop: Workshop,
        evaluator: Evaluator,
        exists: Callable[[CompValue, Branch], str],
    ) -> None:
        self.workshop, self.evaluator, self.exists = workshop, evaluator, exists

    # Whether something is true.

    def truth(self, expression: Any, branch: Branch) -> str:
        """Return SQL that is 1 where an expression is true, 0 where it is false, null for an error."""
        if isinstance(expression, Literal):
            value = truth(expression)
            return "NULL" if value is None else str(int(value))
        name = expression.name if isinstance(expression, CompValue) else ""
        own = _TRUTHS.get(name)
        if own is not None:
            found = own(self, expression, branch)
            if found is not None:
                return found
        if isinstance(expression, Variable | URIRef) or name in _FORMS:
            return self._is_true(self.form(expression, branch))
        return self._evaluated(expression, branch, self.evaluator.truths)

    def _is_true(self, form: Form) -> str:
        if form.number is not None:
            return f"({form.number} <> 0)"
        if form.is_plain:
            return f"({form.values[0]} <> '')"
        return f"newsgraph_is_true({self.workshop.forms.encoded(form).values[0]})"

    def _and(self, expression: CompValue, branch: Branch) -> str:
        return self._all(" AND ", expression, branch)

    def _or(self, expression: CompValue, branch: Branch) -> str:
        return self._all(" OR ", expression, branch)

    def _all(self, word: str, expression: CompValue, branch: Branch) -> str:
        parts = [expression.expr, *(expression.other or ())]
        return f"({word.join(self.truth(each, branch) for each in parts)})"

    def _not(self, expression: CompValue, branch: Branch) -> str:
        return f"(NOT {self.truth(expression.expr, branch)})"

    def _bound(self, expression: CompValue, branch: Branch) -> str:
        form = branch.forms.get(expression.arg)
        return f"({form.is_known})" if form else "0"

    def _exist(self, expression: CompValue, branch: Branch) -> str:
        found = self.exists(expression.graph, branch)
        return found if expression.name == "Builtin_EXISTS" else f"(NOT {found})"

    def _compared(self, expression: CompValue, branch: Branch) -> str:
        operator = expression.op
        if expression.other is None:
            return self.truth(expression.expr, branch)
        one = self.form(expression.expr, branch)
        if operator in ("IN", "NOT IN"):
            listed = [] if isinstance(expression.other, URIRef) else expression.other
            ways = [self._equal(one, self.form(each, branch)) for each in listed]
            found = f"({' OR '.join(ways)})" if ways else _if_known("0", one)
            return found if operator == "IN" else f"(NOT {found})"
        other = self.form(expression.other, branch)
        if operator in ("=", "!="):
            found = self._equal(one, other)
            return found if operator == "=" else f"(NOT {found})"
        if operator in (">", ">="):
            one, other = other, one
            operator = "<" if operator == ">" else "<="
        return self._ordered(operator, one, other)

    def _equal(self, one: Form, other: Form) -> str:
        """Return whether two forms are equal, in SQL."""
        if LITERAL == one.kind == other.kind:
            if one.number is not None and other.number is not None:
                return f"({one.number} = {other.number})"
            if one.is_plain and other.is_plain:
                return f"({one.values[0]} = {other.values[0]})"
            return self._by_function("=", one, other)
        if ENCODED in (one.kind, other.kind):
            return self._by_function("=", one, other)
        return self._same(one, other)

    def _same(self, one: Form, other: Form) -> str:
        """Return whether two forms are the same term, in SQL."""
        conditions = self.workshop.equal(one, other)
        if conditions is None:
            return _if_known("0", one, other)
        return f"({' AND '.join(conditions)})" if conditions else _if_known("1", one)

    def _ordered(self, operator: str, one: Form, other: Form) -> str:
        if one.number is not None and other.number is not None:
            return f"({one.number} {operator} {other.number})"
        if one.is_plain and other.is_plain:
            return f"({one.values[0]} {operator} {other.values[0]})"
        return self._by_function(operator, one, other)

    def _by_function(self, operator: str, one: Form, other: Form) -> str:
        encoded = [self.workshop.forms.encoded(each).values[0] for each in (one, other)]
        return f"newsgraph_{COMPARISONS[operator]}({', '.join(encoded)})"

    def _same_term(self, expression: CompValue, branch: Branch) -> str:
        return self._same(self.form(expression.arg1, branch), self.form(expression.arg2, branch))

    def _contains(self, expression: CompValue, branch: Branch) -> str | None:
        texts = self._texts(expression, branch)
        return texts and f"(instr({texts[0]}, {texts[1]}) > 0)"

    def _starts(self, expression: CompValue, branch: Branch) -> str | None:
        texts = self._texts(expression, branch)
        return texts and f"(substr({texts[0]}, 1, length({texts[1]})) = {texts[1]})"

    def _texts(self, expression: CompValue, branch: Branch) -> tuple[str, str] | None:
        """Return the texts of two strings, of which the second has no language."""
        one = self.form(expression.arg1, branch)
        other = self.form(expression.arg2, branch)
        if one.kind == LITERAL and one.values[1] == "''" and other.is_plain:
            return one.values[0], other.values[0]
        return None

    def _is_iri(self, expression: CompValue, branch: Branch) -> str:
        return self._is_of(expression, branch, "I")

    def _is_literal(self, expression: CompValue, branch: Branch) -> str:
        return self._is_of(expression, branch, "L")

    def _is_of(self, expression: CompValue, branch: Branch, sign: str) -> str:
        form = self.form(expression.arg, branch)
        if form.kind == ENCODED:
            return f"(substr({form.values[0]}, 1, 1) = '{sign}')"
        return _if_known(str(int((form.kind == LITERAL) == (sign == "L"))), form)

    def _is_blank(self, expression: CompValue, branch: Branch) -> str:
        return _if_known("0", self.form(expression.arg, branch))

    def _function(self, expression: CompValue, branch: Branch) -> str | None:
        """Return what a function that an IRI names tells; None for any but ours."""
        if str(expression.iri) != MATCHES:
            return None
        if len(expression.expr) != 2:
            raise BadQuery(f"{MATCHES} takes two values: what is looked in, and words")
        thing, sought = (self.form(each, branch) for each in expression.expr)
        table = _SEARCHED.get(thing.kind)
        if table is None or not sought.is_plain or not self.workshop.facts.rows.may_read(table):
            # Of what has no words nothing matches.
            return "0" if thing.kind != ENCODED else self._matches_any(thing, sought)
        return self._matches(table, thing.values[0], sought)

    def _matches(self, table: str, number: str, sought: Form) -> str:
        return f"({number} IN ({_matching(table, sought)}))"

    def _matches_any(self, thing: Form, sought: Form) -> str:
        """Return whether a thing of any kind has words, in SQL."""
        ways = []
        for kind, table in _SEARCHED.items():
            if self.workshop.facts.rows.may_read(table) and sought.is_plain:
                numbers = _matching(table, sought)
                named = self.workshop.forms.encoded(Form(kind, ("matched.rowid",))).values[0]
                ways.append(f"{thing.values[0]} IN (SELECT {named} FROM ({numbers}) AS matched)")
        return f"({' OR '.join(ways)})" if ways else "0"

    # What something is.

    def form(self, expression: Any, branch: Branch) -> Form:
        """Return the form of an expression; null for an error."""
        if isinstance(expression, Variable):
            form = branch.forms.get(expression, UNBOUND)
            return form if expression in branch.optional or form is UNBOUND else _sure(form)
        if isinstance(expression, Literal | URIRef):
            return self.workshop.constants(expression)[0]
        name = expression.name if isinstance(expression, CompValue) else ""
        own = _FORMS.get(name)
        if own is not None:
            found = own(self, expression, branch)
            if found is not None:
                return found
        if name in _TRUTHS and (name != "Function" or str(expression.iri) == MATCHES):
            return _of_truth(self.truth(expression, branch))
        return Form(ENCODED, (self._evaluated(expression, branch, self.evaluator.terms),))

    def _evaluated(
        self, expression: Any, branch: Branch, made: Callable[[Any, list[Variable]], str]
    ) -> str:
        if any(each.name in _EXISTS for each in parts_of(expression)):
            raise Untranslated("EXISTS inside of an expression")
        names = names_in(expression)
        function = made(expression, names)
        forms = [self.workshop.forms.encoded(branch.forms.get(each, UNBOUND)) for each in names]
        return f"{function}({', '.join(each.values[0] for each in forms)})"

    def _string(self, expression: CompValue, branch: Branch) -> Form | None:
        form = self.form(expression.arg, branch)
        if form.kind == LITERAL:
            return literal(form.values[0])
        if form.kind == ENCODED:
            return literal(f"newsgraph_text({form.values[0]})")
        return literal(self.workshop.forms.iri_of(form))

    def _lower(self, expression: CompValue, branch: Branch) -> Form | None:
        return self._cased("lower", expression, branch)

    def _upper(self, expression: CompValue, branch: Branch) -> Form | None:
        return self._cased("upper", expression, branch)

    def _cased(self, way: str, expression: CompValue, branch: Branch) -> Form | None:
        form = self.form(expression.arg, branch)
        if form.kind != LITERAL or form.values[1] != "''":
            return None
        value, datatype, language = form.values
        return Form(LITERAL, (f"newsgraph_{way}({value})", datatype, language))

    def _part(self, expression: CompValue, branch: Branch) -> Form | None:
        form = self.form(expression.arg, branch)
        places = [expression.start, *([] if expression.length is None else [expression.length])]
        are_plain = all(
            isinstance(each, Literal) and str(each).isascii() and str(each).isdigit()
            for each in places
        )
        if not are_plain or int(places[0]) < 1:
            return None
        if form.kind != LITERAL or form.values[1] != "''":
            return None
        value, datatype, language = form.values
        cut = ", ".join(str(int(each)) for each in places)
        return Form(LITERAL, (f"substr({value}, {cut})", datatype, language))

    def _language(self, expression: CompValue, branch: Branch) -> Form | None:
        form = self.form(expression.arg, branch)
        if form.kind == ENCODED:
            return literal(f"newsgraph_language_of({form.values[0]})")
        return literal(_if_known(form.values[2], form)) if form.kind == LITERAL else UNBOUND

    def _datatype(self, expression: CompValue, branch: Branch) -> Form | None:
        form = self.form(expression.arg, branch)
        if form.kind != LITERAL:
            if form.kind == ENCODED:
                return Form(TERM, (f"newsgraph_datatype_of({form.values[0]})",))
            return UNBOUND
        _, datatype, language = form.values
        found = (
            f"CASE WHEN {language} <> '' THEN '{LANGUAGE_STRING}'"
            f" WHEN {datatype} = '' THEN '{STRING}' ELSE {datatype} END"
        )
        return Form(TERM, (_if_known(found, form),))

    def _coalesce(self, expression: CompValue, branch: Branch) -> Form:
        forms = [self.form(each, branch) for each in expression.arg]
        encoded = [self.workshop.forms.encoded(each).values[0] for each in forms]
        return Form(ENCODED, (f"coalesce({', '.join(encoded)}, NULL)",))

    def _if(self, expression: CompValue, branch: Branch) -> Form:
        condition = self.truth(expression.arg1, branch)
        one, other = (
            self.workshop.forms.encoded(self.form(each, branch)).values[0]
            for each in (expression.arg2, expression.arg3)
        )
        return Form(
            ENCODED,
            (f"CASE WHEN {condition} THEN {one} WHEN NOT {condition} THEN {other} END",),
        )


def _matching(table: str, sought: Form) -> str:
    """Return the SELECT of the numbers of the rows of a full-text table that have all words."""
    return f"SELECT rowid FROM {table} WHERE {table} MATCH newsgraph_all_words({sought.values[0]})"


def _if_known(sql: str, *forms: Form) -> str:
    """Return SQL, but null where one of the terms is not there."""
    conditions = " AND ".join(each.is_known for each in forms if not each.is_sure)
    if not conditions:
        return sql
    return f"CASE WHEN {conditions} THEN {sql} END"


def _sure(form: Form) -> Form:
    return form if form.is_sure else replace(form, is_sure=True)


def _of_truth(sql: str) -> Form:
    found = f"CASE {sql} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"
    return literal(found, f"'{BOOLEAN}'")


_TRUTHS: dict[str, Callable[[Expressions, CompValue, Branch], str | None]] = {
    "ConditionalAndExpression": Expressions._and,
    "ConditionalOrExpression": Expressions._or,
    "UnaryNot": Expressions._not,
    "RelationalExpression": Expressions._compared,
    "Builtin_BOUND": Expressions._bound,
    "Builtin_EXISTS": Expressions._exist,
    "Builtin_NOTEXISTS": Expressions._exist,
    "Builtin_sameTerm": Expressions._same_term,
    "Builtin_CONTAINS": Expressions._contains,
    "Builtin_STRSTARTS": Expressions._starts,
    "Builtin_isIRI": Expressions._is_iri,
    "Builtin_isURI": Expressions._is_iri,
    "Builtin_isLITERAL": Expressions._is_literal,
    "Builtin_isBLANK": Expressions._is_blank,
    "Function": Expressions._function,
}
_FORMS: dict[str, Callable[[Expressions, CompValue, Branch], Form | None]] = {
    "Builtin_STR": Expressions._string,
    "Builtin_LCASE": Expressions._lower,
    "Builtin_UCASE": Expressions._upper,
    "Builtin_SUBSTR": Expressions._part,
    "Builtin_LANG": Expressions._language,
    "Builtin_DATATYPE": Expressions._datatype,
    "Builtin_COALESCE": Expressions._coalesce,
    "Builtin_IF": Expressions._if,
}
