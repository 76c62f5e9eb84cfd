"""Basic graph patterns as SQL: which sources each triple can be of, and these joined.

Each variable has terms of some kinds only, as the mapping has it. What no neighbour allows is left out
first (arc consistency); each choice that is left is a branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import prod

from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.term import BNode, Identifier, URIRef

from datasette_newsgraph import mapping
from datasette_newsgraph.sparql.branch import MANY, Branch, Untranslated, Workshop
from datasette_newsgraph.sparql.joining import Joined
from datasette_newsgraph.sparql.pattern import (
    NAMES,
    NO_STEP,
    Apart,
    Choice,
    Closure,
    Other,
    Pattern,
)
from datasette_newsgraph.sparql.sources.graph import Sources, union
from datasette_newsgraph.sparql.sources.source import Source, quoted


class Patterns:
    """Translates basic graph patterns."""

    def __init__(self, workshop: Workshop, sources: Sources) -> None:
        self.workshop, self.sources = workshop, sources

    def translate(self, triples: Sequence[Pattern]) -> list[Branch]:
        """Return the branches of a basic graph pattern. Raises Untranslated."""
        return [branch for way in self._spelled_out(triples) for branch in self._way(way)]

    def _way(self, way: list[Pattern]) -> list[Branch]:
        """Return the branches of patterns of which some may be paths of no steps."""
        same: list[tuple[Identifier, Identifier]] = []
        # One after the other: each renames the ends of those that are left.
        while step := next((each for each in way if each.predicate is NO_STEP), None):
            way = [each for each in way if each is not step]
            one, other = step.subject, step.object
            if not isinstance(other, NAMES):
                one, other = other, one
            if one == other:
                other = one
            elif not isinstance(other, NAMES):
                return []
            elif isinstance(one, NAMES) and not _is_end_of(one, way):
                one, other = other, one
            if isinstance(one, NAMES) and not _is_end_of(one, way):
                raise Untranslated("a path of no steps between any two")
            way = [_renamed(each, other, one) for each in way]
            same = [(name, one if term == other else term) for name, term in same]
            same.append((other, one))
        branches = self._joined(way)
        for branch in branches:
            for name, term in reversed(same):
                if isinstance(name, NAMES) and name != term:
                    branch.forms[name] = (
                        branch.forms[term]
                        if isinstance(term, NAMES)
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
            once = Pattern(subject, Apart(more), object_)
            return [[Pattern(subject, NO_STEP, object_)], [once]]
        if isinstance(path, NegatedPath):
            ahead = [str(each) for each in path.args if isinstance(each, URIRef)]
            back = [str(each.arg) for each in path.args if isinstance(each, InvPath)]
            ways = [[Pattern(subject, Other(tuple(ahead)), object_)]] if ahead or not back else []
            return ways + ([[Pattern(object_, Other(tuple(back)), subject)]] if back else [])
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
            branch = Joined(self.workshop).join(triples, chosen)
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
        if isinstance(predicate, Apart):
            predicate = predicate.path
        if isinstance(predicate, NAMES):
            sources: Sequence[Source] = self.sources.all
        elif isinstance(predicate, URIRef):
            sources = self.sources.of(str(predicate))
        elif isinstance(predicate, MulPath) and predicate.mod == "+":
            return self._closures(predicate)
        elif isinstance(predicate, Other):
            sources = self._others(predicate)
        else:
            raise Untranslated(f"the path {predicate}")
        if isinstance(triple.object, URIRef):
            found = (each.of(str(triple.object)) if each.of else each for each in sources)
            sources = [each for each in found if each is not None]
        return [Choice(each.subject.kind, each.object.kind, each) for each in sources]

    def _others(self, predicate: Other) -> list[Source]:
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
                if not isinstance(term, NAMES):
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


def _is_end_of(term: Identifier, way: list[Pattern]) -> bool:
    return any(term in (each.subject, each.object) for each in way)


def _renamed(triple: Pattern, name: Identifier, term: Identifier) -> Pattern:
    subject = term if triple.subject == name else triple.subject
    object_ = term if triple.object == name else triple.object
    return Pattern(subject, triple.predicate, object_)
