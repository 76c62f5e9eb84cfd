"""Basic graph patterns as SQL: which sources each triple can be of, and these joined.

Each variable has terms of some kinds only, as the mapping has it. What no neighbour allows is left out
first (arc consistency); each choice that is left is a branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import prod
from typing import NamedTuple

from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.term import BNode, Identifier, URIRef, Variable

from datasette_newsgraph import mapping
from datasette_newsgraph.sparql.branch import MANY, Branch, Name, Untranslated, Workshop
from datasette_newsgraph.sparql.forms import TERM, Form
from datasette_newsgraph.sparql.sources.graph import Sources, union
from datasette_newsgraph.sparql.sources.source import Source, literal, quoted


class _Other(NamedTuple):
    """Any predicate but some."""

    than: tuple[str, ...]


class _Apart(NamedTuple):
    """A path between ends that differ; of ``_NO_STEP`` they are the same."""

    path: Identifier | Path


_NO_STEP = _Apart(URIRef("urn:x-none"))
_NAMES = (Variable, BNode)
Term = Identifier | Path | _Other | _Apart


class Pattern(NamedTuple):
    """A triple of a question."""

    subject: Identifier
    predicate: Term
    object: Identifier


class Closure(NamedTuple):
    """One step or more along some predicates from entity to entity."""

    sources: tuple[Source, ...]


class Choice(NamedTuple):
    """A way for a pattern to be met: the kinds of subject and object, and the source."""

    subject: str
    object: str
    source: Source | Closure


class Patterns:
    """Translates basic graph patterns."""

    def __init__(self, workshop: Workshop, sources: Sources) -> None:
        self.workshop, self.sources = workshop, sources

    def translate(self, triples: Sequence[Pattern]) -> list[Branch]:
        """Return the branches of a basic graph pattern. Raises Untranslated."""
        ways = self._spelled_out(triples)
        if len(ways) > MANY:
            raise Untranslated("too many ways along its paths")
        return [branch for way in ways for branch in self._way(way)]

    def _way(self, way: list[Pattern]) -> list[Branch]:
        """Return the branches of patterns of which some may be paths of no steps."""
        same: list[tuple[Identifier, Identifier]] = []
        # One after the other: each renames the ends of those that are left.
        while step := next((each for each in way if each.predicate is _NO_STEP), None):
            way = [each for each in way if each is not step]
            one, other = step.subject, step.object
            if not isinstance(other, _NAMES):
                one, other = other, one
            if one == other:
                other = one
            elif not isinstance(other, _NAMES):
                return []
            elif isinstance(one, _NAMES) and not _is_end_of(one, way):
                one, other = other, one
            if isinstance(one, _NAMES) and not _is_end_of(one, way):
                raise Untranslated("a path of no steps between any two")
            way = [_renamed(each, other, one) for each in way]
            same = [(name, one if term == other else term) for name, term in same]
            same.append((other, one))
        branches = self._joined(way)
        for branch in branches:
            for name, term in reversed(same):
                if isinstance(name, _NAMES) and name != term:
                    branch.forms[name] = (
                        branch.forms[term]
                        if isinstance(term, _NAMES)
                        else self.workshop.constants(term)[0]
                    )
        return branches

    # Paths.

    def _spelled_out(self, triples: Sequence[Pattern]) -> list[list[Pattern]]:
        """Return ways to meet patterns, each without sequences and alternatives in paths.

        A path that may have no step is one way without it, where its ends are the same, and one with
        it, where they differ.
        """
        ways: list[list[Pattern]] = [[]]
        for triple in triples:
            found = self._ways(triple)
            ways = [[*one, *other] for one, other in product(ways, found)]
            if len(ways) > MANY:
                raise Untranslated("too many ways along its paths")
        return ways

    def _ways(self, triple: Pattern) -> list[list[Pattern]]:
        subject, path, object_ = triple
        if isinstance(path, SequencePath):
            places: list[Identifier] = [
                subject,
                *(BNode() for _ in path.args[1:]),
                object_,
            ]
            steps = [
                self._ways(Pattern(places[i], step, places[i + 1]))
                for i, step in enumerate(path.args)
            ]
            return [[each for part in way for each in part] for way in product(*steps)]
        if isinstance(path, InvPath):
            return self._ways(Pattern(object_, path.arg, subject))
        if isinstance(path, AlternativePath):
            return [
                way for each in path.args for way in self._ways(Pattern(subject, each, object_))
            ]
        if isinstance(path, MulPath) and path.mod in ("?", "*"):
            more = MulPath(path.path, "+") if path.mod == "*" else path.path
            once = Pattern(subject, _Apart(more), object_)
            return [[Pattern(subject, _NO_STEP, object_)], [once]]
        if isinstance(path, NegatedPath):
            ahead = [str(each) for each in path.args if isinstance(each, URIRef)]
            back = [str(each.arg) for each in path.args if isinstance(each, InvPath)]
            ways = [[Pattern(subject, _Other(tuple(ahead)), object_)]] if ahead or not back else []
            return ways + ([[Pattern(object_, _Other(tuple(back)), subject)]] if back else [])
        return [[triple]]

    # Sources.

    def _joined(self, triples: list[Pattern]) -> list[Branch]:
        """Return the branches of patterns without paths that have to be spelled out."""
        choices = [self._choices(each) for each in triples]
        self._prune(triples, choices)
        if prod(map(len, choices)) > MANY and len(triples) > 1:
            return self._one_apart(triples, choices)
        branches = []
        for chosen in product(*choices):
            branch = _Joined(self.workshop).join(triples, chosen)
            if branch is not None:
                branches.append(branch)
        return branches

    def _one_apart(self, triples: list[Pattern], choices: list[list[Choice]]) -> list[Branch]:
        """Return the branches of patterns with too many choices together.

        That with most of them becomes one table first.
        """
        place = max(range(len(triples)), key=lambda each: len(choices[each]))
        alone = self._joined([triples[place]])
        table = self.workshop.derived(alone, list(alone[0].forms) if alone else [])
        rest = self._joined(triples[:place] + triples[place + 1 :])
        if len(rest) > 1:
            rest = [self.workshop.derived(rest, list(rest[0].forms))]
        joined = [self.workshop.joined(each, table) for each in rest]
        return [each for each in joined if each is not None]

    def _choices(self, triple: Pattern) -> list[Choice]:
        predicate = triple.predicate
        if isinstance(predicate, _Apart):
            predicate = predicate.path
        if isinstance(predicate, _NAMES):
            sources: Sequence[Source] = self.sources.all
        elif isinstance(predicate, URIRef):
            sources = self.sources.of(str(predicate))
        elif isinstance(predicate, MulPath) and predicate.mod == "+":
            return self._closures(predicate)
        elif isinstance(predicate, _Other):
            sources = self._others(predicate)
        else:
            raise Untranslated(f"the path {predicate}")
        if isinstance(triple.object, URIRef):
            found = (each.of(str(triple.object)) if each.of else each for each in sources)
            sources = [each for each in found if each is not None]
        return [Choice(each.subject.kind, each.object.kind, each) for each in sources]

    def _others(self, predicate: _Other) -> list[Source]:
        """Return the sources of triples of other predicates: each pair of their ends once."""
        groups: dict[tuple[str, str], list[Source]] = {}
        listed = ", ".join(map(quoted, predicate.than))
        for each in self.sources.all:
            if each.predicate in predicate.than:
                continue
            if each.predicate_sql:
                condition = f"{each.predicate_sql} NOT IN ({listed})"
                each = replace(each, where=(*each.where, condition))
            groups.setdefault((each.subject.kind, each.object.kind), []).append(each)
        return [union(each) for each in groups.values()]

    def _closures(self, path: MulPath) -> list[Choice]:
        inner = path.path
        steps = inner.args if isinstance(inner, AlternativePath) else [inner]
        if not all(isinstance(each, URIRef) for each in steps):
            raise Untranslated("a path of several steps again and again")
        kind = mapping.ENTITY.kind
        found = [source for each in steps for source in self.sources.of(str(each))]
        along = tuple(each for each in found if each.subject.kind == each.object.kind == kind)
        choices = [Choice(kind, kind, Closure(along))] if along else []
        # A last step may lead elsewhere.
        for source in found:
            if source not in along:
                choices.append(Choice(source.subject.kind, source.object.kind, Closure((source,))))
        return choices

    def _prune(self, triples: list[Pattern], choices: list[list[Choice]]) -> None:
        """Leave out choices whose kinds of terms no pattern beside them has."""
        domains: dict[Identifier, set[str]] = {}
        for triple in triples:
            for term in (triple.subject, triple.object):
                if not isinstance(term, _NAMES):
                    domains[term] = {form.kind for form in self.workshop.constants(term)}
        changed = True
        while changed:
            changed = False
            for place, triple in enumerate(triples):
                left = [each for each in choices[place] if self._fits(triple, each, domains)]
                changed |= len(left) < len(choices[place])
                choices[place] = left
                for term, kinds in (
                    (triple.subject, {each.subject for each in left}),
                    (triple.object, {each.object for each in left}),
                ):
                    before = domains.get(term)
                    now = kinds if before is None else self._common(before, kinds)
                    if now != before:
                        domains[term] = now
                        changed = True

    def _fits(self, triple: Pattern, choice: Choice, domains: dict[Identifier, set[str]]) -> bool:
        source = choice.source
        class_ = source.class_ if isinstance(source, Source) else None
        if class_ and isinstance(triple.object, URIRef) and class_ != str(triple.object):
            return False
        for term, kind in ((triple.subject, choice.subject), (triple.object, choice.object)):
            domain = domains.get(term)
            if domain is not None and not self._common(domain, {kind}):
                return False
        return True

    def _common(self, one: set[str], other: set[str]) -> set[str]:
        """Return the kinds that terms of both can have."""
        return {a for a in one if any(self.workshop.may_equal(a, b) for b in other)} | {
            b for b in other if any(self.workshop.may_equal(a, b) for a in one)
        }


class _Joined:
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
        if source.near and known is not None and not isinstance(triple.subject, _NAMES):
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
            if source.predicate_sql and isinstance(predicate, _NAMES):
                form = Form(TERM, (source.predicate_sql.format(*names),))
                if not self._bind(predicate, form):
                    return False
        if (
            source.predicate
            and isinstance(triple.predicate, _NAMES)
            and not self._bind(triple.predicate, workshop.forms.iri(source.predicate))
        ):
            return False
        if isinstance(triple.predicate, _Apart):
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
        if isinstance(term, _NAMES):
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
        if isinstance(term, _NAMES):
            form = self.branch.forms.get(term)
            return form if form and form.kind == kind else None
        return next((each for each in self.workshop.constants(term) if each.kind == kind), None)

    def _bind(self, term: Identifier, form: Form) -> bool:
        """Make a form that of a term, or equal to that which it has; false if it cannot be."""
        if not isinstance(term, _NAMES):
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
        if isinstance(triple.subject, _NAMES):
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
        if isinstance(triple.subject, _NAMES) and not self._bind(
            triple.subject, Form(kind, (f"{alias}.start",))
        ):
            return False
        if isinstance(triple.predicate, _Apart):
            self.branch.where.append(f"{alias}.start <> {alias}.place")
        return self._bind(triple.object, Form(kind, (f"{alias}.place",)))


def _near(source: Source, subject: Form) -> Source:
    """Return a source of the triples of a subject with its expressions put in."""

    def fill(sql: str) -> str:
        for place, value in enumerate(subject.values):
            sql = sql.replace(f"{{s{place}}}", value)
        return sql

    return replace(
        source,
        subject=Form(source.subject.kind, tuple(map(fill, source.subject.values))),
        rows=tuple(map(fill, source.rows)),
        where=tuple(map(fill, source.where)),
    )


def _follows(source: Source | Closure) -> bool:
    return isinstance(source, Source) and (source.held or source.words)


def _is_end_of(term: Identifier, way: list[Pattern]) -> bool:
    return any(term in (each.subject, each.object) for each in way)


def _renamed(triple: Pattern, name: Identifier, term: Identifier) -> Pattern:
    subject = term if triple.subject == name else triple.subject
    object_ = term if triple.object == name else triple.object
    return Pattern(subject, triple.predicate, object_)


def _filled(form: Form, names: Sequence[str], subject: Form | None = None) -> Form:
    """Return a form with the names of its tables, and the expressions of the subject."""
    given = {f"s{place}": each for place, each in enumerate(subject.values if subject else ())}

    def fill(sql: str | None) -> str | None:
        return None if sql is None else sql.format(*names, **given)

    values = tuple(each.format(*names, **given) for each in form.values)
    return Form(form.kind, values, fill(form.number), fill(form.words))


__all__ = ["Name", "Pattern", "Patterns"]
