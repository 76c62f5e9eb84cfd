"""Graph patterns as SQL: joined, optional, united, filtered, taken away and computed.

Each function of rdflib's algebra (SPARQL 1.1 section 18.2) becomes branches. A pattern means what it
means by itself, bottom-up, whatever is around it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue

from datasette_newsgraph.sparql.branch import MANY, Branch, Name, Untranslated, Workshop
from datasette_newsgraph.sparql.evaluating import Evaluator, names_in, parts_of
from datasette_newsgraph.sparql.expressions import UNBOUND, Expressions
from datasette_newsgraph.sparql.forms import Form
from datasette_newsgraph.sparql.modifiers import Modifiers
from datasette_newsgraph.sparql.pattern import Pattern
from datasette_newsgraph.sparql.patterns import Patterns
from datasette_newsgraph.sparql.sources.graph import Sources
from datasette_newsgraph.store.schema import TABLES

#: Optional parts that become further branches, before these become one.
_FEW = 6


class Operators:
    """Translates graph patterns of one question; ``sources`` are those of its graph."""

    def __init__(self, workshop: Workshop, sources: Sources) -> None:
        self.workshop = workshop
        self.patterns = Patterns(workshop, sources)
        self.expressions = Expressions(workshop, Evaluator(workshop.facts.connection), self._exists)
        self.modifiers = Modifiers(workshop, self.expressions, self.branches)

    def branches(self, part: CompValue) -> list[Branch]:
        """Return the branches of a part of the algebra. Raises Untranslated."""
        translate = _OPERATORS.get(part.name)
        if translate is not None:
            found = translate(self, part)
        elif self.modifiers.takes(part):
            found = [self.modifiers.derived(part)]
        else:
            raise Untranslated(part.name)
        return found if len(found) <= MANY else [self.workshop.derived(found, _names(found))]

    def _basic(self, part: CompValue) -> list[Branch]:
        if not part.triples:
            return [Branch()]
        return self.patterns.translate([Pattern(*each) for each in part.triples])

    def _join(self, part: CompValue) -> list[Branch]:
        if part.p1.name == part.p2.name == "BGP":
            return self._basic(CompValue("BGP", triples=[*part.p1.triples, *part.p2.triples]))
        left, right = self.branches(part.p1), self.branches(part.p2)
        left, right = self._few(left, right)
        joined = [self.workshop.joined(one, other) for one in left for other in right]
        return [each for each in joined if each is not None]

    def _few(self, left: list[Branch], right: list[Branch]) -> tuple[list[Branch], list[Branch]]:
        """Return both, each as one branch where there would be too many pairs."""
        if len(left) * len(right) <= MANY:
            return left, right
        return [self.workshop.flat(left)], [self.workshop.flat(right)]

    def _left_join(self, part: CompValue) -> list[Branch]:
        left, right = self.branches(part.p1), self.branches(part.p2)
        left, right = self._few(left, right)
        condition = None if _is_true(part.expr) else part.expr
        found = [each for one in left for each in self._optional(one, right, condition)]
        if len(found) > _FEW:
            return [self.workshop.derived(found, _names(found))]
        return found

    def _optional(self, one: Branch, right: list[Branch], condition: Any) -> list[Branch]:
        """Return a branch with what is optional to it."""
        right = [each for each in right if self._can_meet(one, each)]
        if len(right) > 1 and any(table.startswith("(") for each in right for table in each.tables):
            # A derived table has an index only where it is joined.
            right = [self.workshop.derived(right, _names(right))]
        if len(right) == 1 and self._is_simple(one, right[0]):
            return [self._attached(one, right[0], condition)]
        with_it = []
        for other in right:
            joined = self.workshop.joined(one, other)
            if joined is not None:
                if condition is not None:
                    joined.where.append(self.expressions.truth(condition, joined))
                with_it.append(joined)
        without = one.copy()
        without.where += [f"NOT {self._there(one, other, condition)}" for other in right]
        names = _names(right)
        without.optional |= {each for each in names if each not in one.forms}
        for name in names:
            if name not in without.forms:
                without.forms[name] = self._nothing_of(right, name)
        return [*with_it, without]

    def _can_meet(self, one: Branch, other: Branch) -> bool:
        """Tell whether two branches have terms of the same kinds under the names of both."""
        return all(
            name in one.optional
            or name in other.optional
            or self.workshop.may_equal(one.forms[name].kind, form.kind)
            for name, form in other.forms.items()
            if name in one.forms
        )

    def _nothing_of(self, branches: list[Branch], name: Name) -> Form:
        form = next(each.forms[name] for each in branches if name in each.forms)
        if len({each.forms[name].kind for each in branches if name in each.forms}) > 1:
            return UNBOUND
        return Form(form.kind, ("NULL",) * len(form.values))

    def _is_simple(self, one: Branch, other: Branch) -> bool:
        """Tell whether what is optional is one table that nothing but equal terms joins."""
        shared = [name for name in other.forms if name in one.forms]
        if len(other.tables) != 1 or other.tables[0].startswith("LEFT JOIN"):
            return False
        if any(name in one.optional or name in other.optional for name in shared):
            return False
        alias = other.tables[0].rpartition(" AS ")[2]
        if other.tables[0].startswith(("(", "json_each")) and not all(
            _is_column(form.values[0], alias)
            for name, form in other.forms.items()
            if name not in shared
        ):
            return False
        return all(
            self.workshop.equal(one.forms[name], other.forms[name]) is not None for name in shared
        )

    def _attached(self, one: Branch, other: Branch, condition: Any) -> Branch:
        """Return a branch with a table that may have no row for it."""
        found = one.copy()
        on = list(other.where)
        for name, form in other.forms.items():
            if name in one.forms:
                on += self.workshop.equal(one.forms[name], form) or []
                continue
            found.forms[name] = form
        if condition is not None:
            on.append(self.expressions.truth(condition, found))
        table = other.tables[0]
        there = f"LEFT JOIN {table} ON {' AND '.join(on) or '1'}"
        if not found.tables:
            found.tables.append("(SELECT 1)")
        found.tables.append(there)
        for name, form in other.forms.items():
            if name not in one.forms:
                found.forms[name] = _null_without(form, table)
                found.optional.add(name)
        return found

    def _there(self, one: Branch, other: Branch, condition: Any = None) -> str:
        """Return whether there is a solution that agrees with a branch, in SQL."""
        inner = Branch(list(other.tables), list(other.where), dict(one.forms))
        for name, form in other.forms.items():
            before = one.forms.get(name)
            if before is None:
                inner.forms[name] = form
                continue
            agreed = self.workshop.agreed(
                before, form, name in one.optional, name in other.optional, inner.where
            )
            if agreed is None:
                return "0"
            inner.forms[name] = agreed
        if condition is not None:
            inner.where.append(self.expressions.truth(condition, inner))
        return f"EXISTS (SELECT 1 {inner.body})"

    def _union(self, part: CompValue) -> list[Branch]:
        return [*self.branches(part.p1), *self.branches(part.p2)]

    def _filter(self, part: CompValue) -> list[Branch]:
        found = []
        for branch in self.branches(part.p):
            condition = self.expressions.truth(part.expr, branch)
            if condition in ("0", "NULL"):
                continue
            filtered = branch.copy()
            filtered.where.append(condition)
            found.append(filtered)
        return found

    def _extend(self, part: CompValue) -> list[Branch]:
        found = []
        for branch in self.branches(part.p):
            extended = branch.copy()
            form = self.expressions.form(part.expr, branch)
            extended.forms[part.var] = form
            if isinstance(part.expr, CompValue) or part.expr in branch.optional:
                extended.optional.add(part.var)
            if form == UNBOUND:
                extended.forms.pop(part.var)
            found.append(extended)
        return found

    def _minus(self, part: CompValue) -> list[Branch]:
        left, right = self.branches(part.p1), self.branches(part.p2)
        found = []
        for one in left:
            without = one.copy()
            for other in right:
                shared = [name for name in other.forms if name in one.forms]
                if any(name in one.optional or name in other.optional for name in shared):
                    without.where.append(f"NOT {self._takes_away(one, other, shared)}")
                elif shared:
                    without.where.append(f"NOT {self._there(one, other)}")
            found.append(without)
        return found

    def _takes_away(self, one: Branch, other: Branch, shared: Sequence[Name]) -> str:
        """Return whether a solution agrees with a branch and has a term for one of its names."""
        both = " OR ".join(
            f"({one.forms[name].is_known} AND {other.forms[name].is_known})" for name in shared
        )
        narrowed = other.copy()
        narrowed.where.append(f"({both})")
        return self._there(one, narrowed)

    def _exists(self, pattern: CompValue, branch: Branch) -> str:
        """Return whether a pattern has a solution with the terms of a branch, in SQL."""
        condition = None
        if pattern.name == "Filter":
            # It sees the names of the branch, too.
            condition, pattern = pattern.expr, pattern.p
        _require_no_scope(pattern, branch)
        ways = [self._there(branch, each, condition) for each in self.branches(pattern)]
        return f"({' OR '.join(ways)})" if ways else "0"

    def _multiset(self, part: CompValue) -> list[Branch]:
        if part.p.name == "values":
            return self._values(part.p.res)
        return self.branches(part.p)

    def _values(self, rows: Sequence[dict[Name, Any]]) -> list[Branch]:
        """Return the branches of inline data: one for all rows with forms of the same kinds."""
        groups: dict[tuple[tuple[Name, str], ...], list[list[Form]]] = {}
        for row in rows:
            forms = {
                name: self.workshop.constants(term)[0]
                for name, term in row.items()
                if term != "UNDEF"
            }
            shape = tuple((name, form.kind) for name, form in forms.items())
            groups.setdefault(shape, []).append(list(forms.values()))
        return [self._listed([name for name, _ in shape], rows) for shape, rows in groups.items()]

    def _listed(self, names: Sequence[Name], rows: Sequence[Sequence[Form]]) -> Branch:
        """Return rows of forms of the same kinds as a branch."""
        if len(rows) == 1:
            return Branch(forms=dict(zip(names, rows[0], strict=True)))
        alias = self.workshop.alias()
        listed = ", ".join(
            f"({', '.join(sql for form in row for sql in form.values) or '1'})" for row in rows
        )
        found, place = Branch([f"(SELECT * FROM (VALUES {listed})) AS {alias}"]), 1
        for name, form in zip(names, rows[0], strict=True):
            values = [f"{alias}.column{place + each}" for each, _ in enumerate(form.values)]
            of_rows = list(zip(*(row[names.index(name)].values for row in rows), strict=True))
            for each, found_in_rows in enumerate(of_rows):
                # What is the same in all rows is known further on.
                if each and len(set(found_in_rows)) == 1:
                    values[each] = found_in_rows[0]
            found.forms[name] = Form(form.kind, tuple(values))
            place += len(form.values)
        return found


def _null_without(form: Form, table: str) -> Form:
    """Return a form that is null where its table has no row, though it may be constant."""
    first = form.values[0]
    if _is_column(first, table.rpartition(" AS ")[2]):
        return form
    return replace(
        form, values=(f"CASE WHEN {_there_in(table)} THEN {first} END", *form.values[1:])
    )


def _there_in(table: str) -> str:
    """Return the condition that a table, as the FROM clause has it, has a row."""
    name, _, alias = table.rpartition(" AS ")
    # A table may be a view of what may be read of it, and a view has no rowid.
    key = "rowid" if name.startswith("temp.") else next(iter(TABLES[name].columns))
    return f"{alias}.{key} IS NOT NULL"


def _is_column(sql: str, alias: str) -> bool:
    return sql.startswith(f"{alias}.") and sql[len(alias) + 1 :].isidentifier()


def _names(branches: Sequence[Branch]) -> list[Name]:
    return list(dict.fromkeys(name for each in branches for name in each.forms))


def _is_true(condition: Any) -> bool:
    return condition is None or getattr(condition, "name", "") == "TrueFilter"


def _require_no_scope(pattern: CompValue, branch: Branch) -> None:
    """Raise Untranslated for a pattern in which a part means by itself something else than with the
    terms of a branch put into it.
    """
    for part in parts_of(pattern):
        if part.name in ("BGP", "Join", "Union", "TriplesBlock"):
            continue
        if part.name == "ToMultiSet" and part.p.name == "values":
            continue
        names = set(names_in(part)) & set(branch.forms)
        if names and part.name in ("Filter", "LeftJoin", "Minus", "Extend", "ToMultiSet"):
            raise Untranslated("a pattern with scopes of its own inside of EXISTS")


_OPERATORS: dict[str, Callable[[Operators, CompValue], list[Branch]]] = {
    "BGP": Operators._basic,
    "Join": Operators._join,
    "LeftJoin": Operators._left_join,
    "Union": Operators._union,
    "Filter": Operators._filter,
    "Extend": Operators._extend,
    "Minus": Operators._minus,
    "ToMultiSet": Operators._multiset,
}
