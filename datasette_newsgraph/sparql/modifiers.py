"""Groups, aggregates, order and slices as SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal, Variable

from datasette_newsgraph.sparql.aggregates import AGGREGATES
from datasette_newsgraph.sparql.branch import Branch, Name, Untranslated, Workshop
from datasette_newsgraph.sparql.evaluating import names_in
from datasette_newsgraph.sparql.expressions import Expressions
from datasette_newsgraph.sparql.forms import (
    ENCODED,
    IRIS,
    KEYED,
    LITERAL,
    NUMBERED,
    SPAN,
    Form,
    encode,
)
from datasette_newsgraph.sparql.sources.source import literal
from datasette_newsgraph.sparql.values import INTEGER, literal_of_number

_MODIFIERS = ("Slice", "Distinct", "Reduced", "Project", "OrderBy")
_GROUPS = ("AggregateJoin",)
#: The greatest number of rows that SQLite can name.
_MOST = 2**63 - 1
#: The number of a row of a table, and what tables are called in SQL.
_ROW = re.compile(r"t\d+\.id")
_ALIAS = re.compile(r"\bt\d+\b")


@dataclass
class Shape:
    """What a SELECT does with the solutions of a pattern."""

    pattern: CompValue
    names: list[Variable] | None = None
    order: list[CompValue] = field(default_factory=list)
    distinct: bool = False
    start: int = 0
    length: int | None = None


class Modifiers:
    """Translates solution modifiers and groups; ``branches`` translates the patterns in them."""

    def __init__(
        self,
        workshop: Workshop,
        expressions: Expressions,
        branches: Callable[[CompValue], list[Branch]],
    ) -> None:
        self.workshop, self.expressions, self.branches = workshop, expressions, branches

    def takes(self, part: CompValue) -> bool:
        """Tell whether a part of the algebra is one of these."""
        return part.name in (*_MODIFIERS, *_GROUPS)

    def derived(self, part: CompValue) -> Branch:
        """Return a part as one branch."""
        if part.name in _GROUPS:
            return self._grouped(part)
        shape = shape_of(part)
        branch = self._needed(shape)
        names = [each for each in shape.names or branch.forms if each in branch.forms]
        if shape.start or shape.length is not None:
            return self._cut(branch, names, shape)
        if shape.distinct:
            return self.workshop.derived([branch], names, distinct=True)
        return _only(branch, names)

    def _cut(self, branch: Branch, names: Sequence[Name], shape: Shape) -> Branch:
        order = self.order(shape, branch)
        found = self.workshop.derived([branch], names, distinct=shape.distinct)
        found.tables[0] = with_end(found.tables[0], order + self.slice(shape))
        return found

    def select(self, part: CompValue) -> tuple[str, Branch, list[Name]]:
        """Return the end of a SELECT (order and slice), its branch, and the names in order."""
        shape = shape_of(part)
        branch = self._needed(shape)
        names: list[Name] = list(shape.names or branch.forms)
        if shape.distinct:
            self._require_in(shape, names)
            branch = self.workshop.derived(
                [branch], [each for each in names if each in branch.forms], distinct=True
            )
        return self.order(shape, branch) + self.slice(shape), branch, names

    def _needed(self, shape: Shape) -> Branch:
        """Return the solutions of a pattern as one branch, with the names that are asked for."""
        branches = self.branches(shape.pattern)
        if shape.names is None:
            return self.workshop.flat(branches)
        names: list[Name] = [*shape.names, *names_in([each.expr for each in shape.order])]
        return self.workshop.flat(branches, list(dict.fromkeys(names)))

    def _require_in(self, shape: Shape, names: Sequence[Name]) -> None:
        """Raise Untranslated where what is distinct is put in order by what is not selected."""
        if not all(each.expr in names for each in shape.order):
            raise Untranslated("an order of what is not selected, with DISTINCT")

    def order(self, shape: Shape, branch: Branch) -> str:
        """Return the ORDER BY clause."""
        parts = []
        for each in shape.order:
            form = self.expressions.form(each.expr, branch)
            way = " DESC" if each.order == "DESC" else ""
            parts += [f"{sql}{way}" for sql in self._sorted_by(form)]
        return f" ORDER BY {', '.join(parts)}" if parts else ""

    def _sorted_by(self, form: Form) -> list[str]:
        """Return what puts terms of a form in their order; nothing comes before something."""
        if form.kind in NUMBERED:
            return [self.workshop.forms.key_of(form)]
        if form.kind in KEYED or form.kind in IRIS or form.is_plain:
            return [form.values[0]]
        if form.kind == SPAN:
            return [self.workshop.forms.iri_of(form)]
        if form.number is not None:
            # By itself a number would be that of a column.
            return [f"+{form.number}"]
        if form.kind == LITERAL and form.values[1] == "''":
            value, _, language = form.values
            # Plain strings come before those in a language.
            return [f"({language} <> '')", value, language]
        return [f"newsgraph_order({self.workshop.forms.encoded(form).values[0]})"]

    def slice(self, shape: Shape) -> str:
        """Return the LIMIT clause."""
        if not shape.start and shape.length is None:
            return ""
        length = -1 if shape.length is None else min(shape.length, _MOST)
        return f" LIMIT {length} OFFSET {min(shape.start, _MOST)}"

    # Groups.

    def _grouped(self, part: CompValue) -> Branch:
        group = part.p
        keys = list(group.expr or [])
        if not all(isinstance(each, Variable) for each in keys):
            raise Untranslated("a group by an expression")
        counted = self._only_counts(part, keys)
        if counted is not None:
            return counted
        branch = self.workshop.flat(self.branches(group.p))
        alias = self.workshop.alias()
        columns: list[str] = []
        found = Branch()
        for each in keys:
            form = branch.forms.get(each)
            if form is None:
                continue
            found.forms[each] = self._column(form, alias, columns)
            if each in branch.optional:
                found.optional.add(each)
        for each in part.A:
            form, may_miss = self._aggregate(each, branch, keys)
            found.forms[each.res] = self._column(form, alias, columns)
            if may_miss:
                found.optional.add(each.res)
        by = _grouped_by([branch.forms[each] for each in keys if each in branch.forms], branch)
        end = f" GROUP BY {', '.join(by) or 'NULL'}" if keys else ""
        selected = ", ".join(columns) or "1 AS c"
        found.tables.append(f"(SELECT {selected} {branch.body}{end}) AS {alias}")
        return found

    def _column(self, form: Form, alias: str, columns: list[str]) -> Form:
        values = []
        for place, sql in enumerate(form.values):
            if place and sql.startswith("'"):
                values.append(sql)
                continue
            columns.append(f"{sql} AS c{len(columns)}")
            values.append(f"{alias}.c{len(columns) - 1}")
        number = None
        if form.number is not None:
            columns.append(f"{form.number} AS c{len(columns)}")
            number = f"{alias}.c{len(columns) - 1}"
        return Form(form.kind, tuple(values), number)

    def _aggregate(
        self, aggregate: CompValue, branch: Branch, keys: Sequence[Any]
    ) -> tuple[Form, bool]:
        """Return the form of an aggregate, and whether it may be without a term."""
        vars_ = aggregate.vars
        distinct = "DISTINCT " if aggregate.get("distinct") == "DISTINCT" else ""
        if aggregate.name == "Aggregate_Count":
            return _count(self._counted(vars_, branch, distinct)), False
        form = self.expressions.form(vars_, branch)
        if aggregate.name == "Aggregate_Sample" and vars_ in keys:
            return form, vars_ in branch.optional or vars_ not in branch.forms
        if aggregate.name not in AGGREGATES:
            raise Untranslated(aggregate.name)
        name, count, _ = AGGREGATES[aggregate.name]
        encoded = self.workshop.forms.encoded(form).values[0]
        if count == 1:
            found = f"{name}({distinct}{encoded})"
            if aggregate.name in ("Aggregate_Sum", "Aggregate_Avg"):
                # Of nothing it is 0, and no error.
                zero = self.workshop.bind(encode(literal_of_number(0)) or "")
                found = f"CASE WHEN count(*) = 0 THEN {zero} ELSE {found} END"
            return Form(ENCODED, (found,)), True
        if distinct:
            raise Untranslated("GROUP_CONCAT with DISTINCT")
        separator = aggregate.separator
        text = self.workshop.bind(" " if separator is None else str(separator))
        found = f"{name}({encoded}, {text})"
        nothing = self.workshop.bind(encode(Literal("")) or "")
        return Form(ENCODED, (f"CASE WHEN count(*) = 0 THEN {nothing} ELSE {found} END",)), True

    def _counted(self, vars_: Any, branch: Branch, distinct: str) -> str:
        if vars_ == "*":
            if distinct:
                raise Untranslated("COUNT(DISTINCT *)")
            return "count(*)"
        form = self.expressions.form(vars_, branch)
        if distinct and len(form.values) > 1:
            form = self.workshop.forms.encoded(form)
        return f"count({distinct}{form.values[0]})"

    def _only_counts(self, part: CompValue, keys: Sequence[Any]) -> Branch | None:
        """Return the number of all solutions, branch by branch, where nothing else is asked for."""
        if keys or any(
            each.name != "Aggregate_Count" or each.vars != "*" or each.get("distinct") == "DISTINCT"
            for each in part.A
        ):
            return None
        branches = self.branches(part.p.p)
        counts = " + ".join(f"(SELECT count(*) {each.body})" for each in branches) or "0"
        alias = self.workshop.alias()
        found = Branch([f"(SELECT {counts} AS c) AS {alias}"])
        for each in part.A:
            found.forms[each.res] = _count(f"{alias}.c")
        return found


def _grouped_by(forms: Sequence[Form], branch: Branch) -> list[str]:
    """Return what a GROUP BY has to name: no constants, and of a row that is named nothing besides."""
    # A number would be that of a column.
    columns = [
        sql
        for form in forms
        for sql in form.values
        if not sql.startswith(("'", ":")) and not sql.isdigit()
    ]
    same = set(columns)
    for condition in branch.where:
        one, _, other = condition.partition(" = ")
        if one in same or other in same:
            same |= {one, other}
    rows = {sql.removesuffix(".id") for sql in same if _ROW.fullmatch(sql)}
    return [
        sql
        for sql in columns
        if sql.replace(".", "_").isidentifier() or not set(_ALIAS.findall(sql)) <= rows
    ]


def shape_of(part: CompValue) -> Shape:
    """Return what the modifiers around a pattern come to. Raises Untranslated for an order of them
    that no question has.
    """
    found = Shape(part)
    seen: list[str] = []
    while found.pattern.name in _MODIFIERS:
        part = found.pattern
        if part.name in seen or (seen and _MODIFIERS.index(seen[-1]) > _MODIFIERS.index(part.name)):
            break
        seen.append(part.name)
        if part.name == "Slice":
            found.start, found.length = part.start or 0, part.length
        elif part.name == "Project":
            found.names = list(part.PV)
        elif part.name == "OrderBy":
            found.order = list(part.expr)
        elif part.name == "Distinct":
            found.distinct = True
        found.pattern = part.p
    return found


def with_end(table: str, end: str) -> str:
    """Return a derived table with a clause at the end of its SELECT."""
    select, _, alias = table.rpartition(") AS ")
    return f"{select}{end}) AS {alias}"


def _count(sql: str) -> Form:
    return literal(f"CAST({sql} AS TEXT)", f"'{INTEGER}'", number=sql)


def _only(branch: Branch, names: Sequence[Name]) -> Branch:
    found = branch.copy()
    found.forms = {each: branch.forms[each] for each in names}
    found.optional &= set(names)
    return found
