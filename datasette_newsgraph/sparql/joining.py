"""Join the sources that were chosen for the triples of a pattern: tables, conditions, forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from rdflib.term import Identifier, URIRef

from datasette_newsgraph import mapping
from datasette_newsgraph.sparql.branch import Branch, Untranslated, Workshop
from datasette_newsgraph.sparql.forms import TERM, Form
from datasette_newsgraph.sparql.pattern import NAMES, Apart, Choice, Closure, Pattern
from datasette_newsgraph.sparql.sources.source import Source, literal, of_subject


class Joined:
    """A branch that is being put together of chosen sources."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.branch = Branch()
        self._rows: dict[tuple[Identifier, str], str] = {}

    def join(self, triples: list[Pattern], chosen: Sequence[Choice]) -> Branch | None:
        """Return the branch of patterns by their choices; None if nothing can meet them all."""
        # What follows from a term that others bind, last: it may need no table then.
        order = sorted(
            range(len(triples)),
            key=lambda place: _follows(chosen[place].source),
        )
        for place in order:
            source = chosen[place].source
            if isinstance(source, Closure):
                met = self._closure(triples[place], source)
            else:
                met = self._add(triples[place], source)
            if not met:
                return None
        return self.branch

    def _add(self, triple: Pattern, source: Source) -> bool:
        workshop = self.workshop
        known = self._form_of(triple.subject, source.subject.kind)
        if source.near and known is not None and not isinstance(triple.subject, NAMES):
            source = _near(source.near, known)
        if source.held and known is not None:
            if not self._is_there(triple.subject, source, known):
                return False
            found = _filled(source.object, (), known)
        elif source.words and known is not None and known.words is not None:
            found = literal(known.words)
            self.branch.where.append(found.is_known)
        else:
            shared = self._rows.get((triple.subject, source.rows[0])) if source.row else None
            names = [shared or workshop.alias()]
            names += [workshop.alias() for _ in source.rows[1:]]
            if not shared:
                self.branch.tables.append(source.rows[0].format(*names))
                if source.row:
                    self._rows[triple.subject, source.rows[0]] = names[0]
            self.branch.tables += [each.format(*names) for each in source.rows[1:]]
            self.branch.where += [each.format(*names) for each in source.where]
            subject = _filled(source.subject, names)
            if not shared and not self._bind(triple.subject, subject):
                return False
            found = _filled(source.object, names, subject)
            predicate = triple.predicate
            if source.predicate_sql and isinstance(predicate, NAMES):
                form = Form(TERM, (source.predicate_sql.format(*names),))
                if not self._bind(predicate, form):
                    return False
        if (
            source.predicate
            and isinstance(triple.predicate, NAMES)
            and not self._bind(triple.predicate, workshop.forms.iri(source.predicate))
        ):
            return False
        if isinstance(triple.predicate, Apart):
            self._differ(triple, source, found)
        return self._bind(triple.object, found)

    def _differ(self, triple: Pattern, source: Source, found: Form) -> None:
        subject = self._form_of(triple.subject, source.subject.kind)
        assert subject is not None
        same = self.workshop.equal(subject, found)
        if same is not None:
            self.branch.where.append(f"NOT ({' AND '.join(same) or '1'})")

    def _is_there(self, term: Identifier, source: Source, known: Form) -> bool:
        """Add that a constant is a subject of a source; what others bind is one."""
        if isinstance(term, NAMES):
            return True
        names = [self.workshop.alias() for _ in source.rows]
        subject = _filled(source.subject, names)
        same = self.workshop.equal(subject, known)
        if same is None:
            return False
        tables = ", ".join(source.rows).format(*names)
        conditions = " AND ".join([*(each.format(*names) for each in source.where), *same])
        self.branch.where.append(f"EXISTS (SELECT 1 FROM {tables} WHERE {conditions or '1'})")
        return True

    def _form_of(self, term: Identifier, kind: str) -> Form | None:
        """Return the form of a kind that a term has already."""
        if isinstance(term, NAMES):
            form = self.branch.forms.get(term)
            return form if form and form.kind == kind else None
        return next((each for each in self.workshop.constants(term) if each.kind == kind), None)

    def _bind(self, term: Identifier, form: Form) -> bool:
        """Make a form that of a term, or equal to that which it has; false if it cannot be."""
        if not isinstance(term, NAMES):
            if isinstance(term, URIRef) and form.values == (f"'{term}'",):
                return True
            for constant in self.workshop.constants(term):
                same = self.workshop.equal(form, constant)
                if same is not None:
                    self.branch.where += same
                    return True
            return False
        before = self.branch.forms.get(term)
        if before is None:
            self.branch.forms[term] = form
            return True
        same = self.workshop.equal(before, form)
        if same is None:
            return False
        self.branch.where += same
        return True

    def _closure(self, triple: Pattern, closure: Closure) -> bool:
        """Add one step or more along some sources."""
        workshop = self.workshop
        kind = mapping.ENTITY.kind
        if any(each.object.kind != kind or each.subject.kind != kind for each in closure.sources):
            raise Untranslated("a path that ends in what is no entity")
        start = self._form_of(triple.subject, kind)
        alias, steps = workshop.alias(), []
        for source in closure.sources:
            names = [workshop.alias() for _ in source.rows]
            subject, found = _filled(source.subject, names), _filled(source.object, names)
            where = [each.format(*names) for each in source.where]
            tables = ", ".join(source.rows).format(*names)
            steps.append((subject.values[0], found.values[0], tables, where))
        if isinstance(triple.subject, NAMES):
            first = " UNION ".join(
                f"SELECT {one}, {other} FROM {tables} WHERE {' AND '.join(where) or '1'}"
                for one, other, tables, where in steps
            )
        else:
            if start is None:
                return False
            first = " UNION ".join(
                f"SELECT {one}, {other} FROM {tables}"
                f" WHERE {' AND '.join([*where, f'{one} = {start.values[0]}'])}"
                for one, other, tables, where in steps
            )
        further = " UNION ".join(
            f"SELECT reached.start, {other} FROM reached, {tables}"
            f" WHERE {' AND '.join([*where, f'{one} = reached.place'])}"
            for one, other, tables, where in steps
        )
        self.branch.tables.append(
            f"(WITH RECURSIVE reached (start, place) AS ({first} UNION {further})"
            f" SELECT start, place FROM reached) AS {alias}"
        )
        if isinstance(triple.subject, NAMES) and not self._bind(
            triple.subject, Form(kind, (f"{alias}.start",))
        ):
            return False
        if isinstance(triple.predicate, Apart):
            self.branch.where.append(f"{alias}.start <> {alias}.place")
        return self._bind(triple.object, Form(kind, (f"{alias}.place",)))


def _near(source: Source, subject: Form) -> Source:
    """Return a source of the triples of a subject with its expressions put in."""
    fill = partial(of_subject, subject=subject)
    return replace(
        source,
        subject=Form(source.subject.kind, tuple(map(fill, source.subject.values))),
        rows=tuple(map(fill, source.rows)),
        where=tuple(map(fill, source.where)),
    )


def _follows(source: Source | Closure) -> bool:
    return isinstance(source, Source) and (source.held or source.words)


def _filled(form: Form, names: Sequence[str], subject: Form | None = None) -> Form:
    """Return a form with the names of its tables, and the expressions of the subject."""
    given = {f"s{place}": each for place, each in enumerate(subject.values if subject else ())}

    def fill(sql: str | None) -> str | None:
        return None if sql is None else sql.format(*names, **given)

    values = tuple(each.format(*names, **given) for each in form.values)
    return Form(form.kind, values, fill(form.number), fill(form.words))
