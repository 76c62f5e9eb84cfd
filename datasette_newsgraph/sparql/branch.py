"""A part of a question as SQL: tables, conditions, and the forms of its variables.

What a graph pattern finds is the union of some branches, in each of which a variable has terms of one
kind. Operators combine branches; where that would make too many, they are put into one derived table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from rdflib.term import BNode, Identifier, Literal, Variable

from datasette_newsgraph.sparql.facts import Facts
from datasette_newsgraph.sparql.forms import ENCODED, IRI, IRIS, LITERAL, TERM, Form, Forms

#: What a pattern names: variables, and blank nodes, which are like them.
Name = Variable | BNode
#: Branches from which on they become one.
MANY = 160


class Untranslated(Exception):
    """A part of a question has no translation that is surely the same."""


@dataclass
class Branch:
    """Tables in the order of the FROM clause, conditions, and forms by name.

    ``tables`` are joined by commas, but for those that begin with ``LEFT JOIN``. ``optional`` are the
    names that may be without a term.
    """

    tables: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    forms: dict[Name, Form] = field(default_factory=dict)
    optional: set[Name] = field(default_factory=set)

    def copy(self) -> Branch:
        """Return a branch that can be added to."""
        return Branch(list(self.tables), list(self.where), dict(self.forms), set(self.optional))

    @property
    def body(self) -> str:
        """Return the FROM and WHERE clauses."""
        text = ""
        for table in self.tables:
            if table.startswith("LEFT JOIN"):
                text += f" {table}" if text else f"(SELECT 1) {table}"
            else:
                text += f", {table}" if text else table
        if text:
            text = f"FROM {text} "
        return text + (f"WHERE {' AND '.join(self.where)}" if self.where else "")


class Workshop:
    """What all parts of one question share: the graph's facts, forms, aliases and the values in SQL."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        #: The values of the parameters in SQL, by their names.
        self.values: dict[str, str] = {}
        self._places: dict[str, str] = {}
        self._numbers = count(1)
        self.forms = Forms(facts.base, self.bind)

    def bind(self, value: str) -> str:
        """Return the parameter that stands for a value."""
        if value not in self._places:
            name = f"v{len(self.values)}"
            self.values[name] = value
            self._places[value] = f":{name}"
        return self._places[value]

    def alias(self) -> str:
        """Return a name for a table that no other has."""
        return f"t{next(self._numbers)}"

    # Equal terms.

    def equal(self, one: Form, other: Form) -> list[str] | None:
        """Return the conditions under which two forms are the same term; None if they never are."""
        if one.kind == other.kind:
            if one.is_exact and other.is_exact and one.values[1:] == other.values[1:]:
                return [f"{one.number} = {other.number}"]
            pairs = list(zip(one.values, other.values, strict=True))
            if one.kind == LITERAL and any(map(_differ, *zip(*pairs[1:], strict=True))):
                return None
            return [f"{a} = {b}" for a, b in pairs if a != b]
        kinds = {one.kind, other.kind}
        if ENCODED in kinds:
            pair = [self.forms.encoded(each).values[0] for each in (one, other)]
            return [f"{pair[0]} = {pair[1]}"]
        if not self.may_equal(one.kind, other.kind):
            return None
        return [f"{self.forms.iri_of(one)} = {self.forms.iri_of(other)}"]

    def may_equal(self, one: str, other: str) -> bool:
        """Tell whether terms of two kinds of forms can be the same."""
        if one == other or ENCODED in (one, other):
            return True
        if LITERAL in (one, other):
            return False
        given = {one, other} & IRIS
        if len(given) == 2:
            return True
        # An article, or a vocabulary, may have given the IRI of a node.
        return (IRI in given and self.facts.names_ours) or (
            TERM in given and self.facts.terms_are_ours
        )

    # Constants.

    def constants(self, term: Identifier) -> list[Form]:
        """Return the forms that a term of a question can have."""
        if isinstance(term, Literal):
            return [self.forms.literal(term)]
        iri = str(term)
        found = [self.forms.iri(iri)]
        ours = self.facts.form_of(iri)
        return [ours, *found] if ours else found

    # Two branches together.

    def joined(self, one: Branch, other: Branch) -> Branch | None:
        """Return two branches joined on the names that both have; None where they never agree."""
        found = one.copy()
        found.tables += other.tables
        found.where += other.where
        found.optional |= other.optional
        for name, form in other.forms.items():
            before = found.forms.get(name)
            if before is None:
                found.forms[name] = form
                continue
            agreed = self.agreed(
                before, form, name in one.optional, name in other.optional, found.where
            )
            if agreed is None:
                return None
            found.forms[name] = agreed
            if not (name in one.optional and name in other.optional):
                found.optional.discard(name)
        return found

    def agreed(
        self, one: Form, other: Form, one_optional: bool, other_optional: bool, where: list[str]
    ) -> Form | None:
        """Return the form of a name that two sides have, and add when they agree; None if never."""
        if not (one_optional or other_optional):
            same = self.equal(one, other)
            if same is None:
                return None
            where += same
            return one
        if one.kind != other.kind:
            one, other = (self.forms.encoded(each) for each in (one, other))
        same = self.equal(one, other)
        missing = [f"{form.values[0]} IS NULL" for form in (one, other)]
        ways = [*missing, f"({' AND '.join(same) or '1'})"] if same is not None else missing
        where.append(f"({' OR '.join(ways)})")
        both = zip(one.values, other.values, strict=True)
        if one.kind == LITERAL:
            # All of it is of the side that has a value.
            return Form(
                one.kind,
                tuple(
                    f"CASE WHEN {one.values[0]} IS NOT NULL THEN {a} ELSE {b} END" for a, b in both
                ),
            )
        return Form(one.kind, tuple(f"coalesce({a}, {b})" for a, b in both))

    # Many branches as one.

    def flat(self, branches: Sequence[Branch], names: Iterable[Name] | None = None) -> Branch:
        """Return branches as one, with a derived table of all their solutions where there are several.

        ``names`` are those that are asked for; None for all.
        """
        if names is None:
            names = dict.fromkeys(name for each in branches for name in each.forms)
        names = list(names)
        if len(branches) == 1:
            return branches[0]
        return self.derived(branches, names)

    def derived(
        self, branches: Sequence[Branch], names: Sequence[Name], distinct: bool = False
    ) -> Branch:
        """Return a branch of a derived table that has the solutions of others."""
        alias, number = self.alias(), count()
        shapes = {name: self._common(branches, name) for name in names}
        columns: list[list[str]] = [[] for _ in branches]
        found = Branch()
        for name, shape in shapes.items():
            if shape is None:
                continue
            forms = [self._as(each.forms.get(name), shape) for each in branches]
            found.forms[name] = self._selected(shape, forms, alias, number, columns)
            if any(name not in each.forms or name in each.optional for each in branches):
                found.optional.add(name)
        first = "SELECT DISTINCT" if distinct and len(branches) == 1 else "SELECT"
        selects = [
            f"{first} {', '.join(selected) or '1 AS c'} {branch.body}"
            for selected, branch in zip(columns, branches, strict=True)
        ]
        joiner = " UNION " if distinct else " UNION ALL "
        found.tables = [f"({joiner.join(selects)}) AS {alias}"] if selects else []
        if not selects:
            found.where.append("0")
        return found

    def _as(self, form: Form | None, shape: Form) -> Form:
        if form is None:
            return Form(shape.kind, ("NULL",) * len(shape.values))
        return form if form.kind == shape.kind else self.forms.encoded(form)

    def _selected(
        self,
        shape: Form,
        forms: Sequence[Form],
        alias: str,
        number: Iterator[int],
        columns: list[list[str]],
    ) -> Form:
        """Add the columns of a name to the SELECT of each branch, and return the form of these."""

        def column(found: Sequence[str]) -> str:
            name = f"c{next(number)}"
            for selected, sql in zip(columns, found, strict=True):
                selected.append(f"{sql} AS {name}")
            return f"{alias}.{name}"

        values = []
        for place, _ in enumerate(shape.values):
            found = [each.values[place] for each in forms]
            # What is the same for all need not be selected, and is known further on.
            if place and _is_constant(found[0]) and set(found) <= {found[0], "NULL"}:
                values.append(found[0])
            else:
                values.append(column(found))
        of_number = None
        if all(each.number is not None for each in forms):
            of_number = column([each.number or "" for each in forms])
        is_exact = all(each.is_exact for each in forms)
        return Form(shape.kind, tuple(values), of_number, is_exact=is_exact)

    def _common(self, branches: Sequence[Branch], name: Name) -> Form | None:
        """Return a form of the kind that a name has in all branches that have it."""
        forms = [each.forms[name] for each in branches if name in each.forms]
        if not forms:
            return None
        if len({each.kind for each in forms}) == 1:
            return forms[0]
        return Form(ENCODED, ("NULL",))


def _differ(one: str, other: str) -> bool:
    """Tell whether two expressions are constants that differ."""
    return one != other and _is_constant(one) and _is_constant(other)


def _is_constant(sql: str) -> bool:
    return sql.startswith(("'", ":"))
