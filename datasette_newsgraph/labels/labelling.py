"""Map the labels of one article, in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

from datasette_newsgraph.article import Entity, LabelKind, Relation, Term
from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.labels import own
from datasette_newsgraph.labels.given import GivenMap
from datasette_newsgraph.labels.presets import PRESETS, known_predicates
from datasette_newsgraph.labels.rules import NUMBER, Rule, rules_of
from datasette_newsgraph.readers import Fault, Parsed
from datasette_newsgraph.readers.building import NORMALISED_VALUE
from datasette_newsgraph.readers.structured.keys import NO_KEYS, GivenKeys

_KEEP = Rule()
#: Labels of which it is remembered what becomes of them: text can be taken for a predicate.
_MAX_REMEMBERED = 10_000


#: The IRIs of labels that an article has, by (kind, normalised label).
Terms: TypeAlias = "dict[tuple[str, str], str]"


class LabelMap:
    """Rules in force: the user's before those of presets, in order, before our own labels.

    Make it by ``LabelMap.of``. ``digest`` tells one user's map from another; it is empty without.
    """

    def __init__(self, types: dict[str, Rule], predicates: dict[str, Rule], digest: str) -> None:
        self.digest = digest
        self._presets: tuple[str, ...] = ()
        self._given: GivenMap | None = None
        self._led_by: dict[str, LabelMap] = {}
        self._is_active = bool(types or predicates or digest)
        self._rules: dict[LabelKind, dict[str, Rule]] = {"type": types, "predicate": predicates}
        #: Rules by label as given, None where there is none.
        self._remembered: dict[LabelKind, dict[str, Rule | None]] = {"type": {}, "predicate": {}}

    @classmethod
    def of(cls, presets: Iterable[str], given: GivenMap | None = None) -> LabelMap:
        """Return the map of these presets and the user's. Raises KeyError for an unknown preset."""
        if given is not None and given.presets is not None:
            presets = given.presets
        presets = tuple(presets)
        types: dict[str, Rule] = {}
        # Behind all presets: numbers are no entities in the labels of any tool.
        if presets:
            types = {each: NUMBER if each in own.NUMERIC else _KEEP for each in own.TYPE_BY_LABEL}
        predicates: dict[str, Rule] = {}
        for name in reversed(presets):
            of_types, of_predicates = rules_of(PRESETS[name])
            types.update(of_types)
            predicates.update(of_predicates)
        if given is None:
            found = cls(types, predicates, "")
        else:
            types = _overridden(types, given.types)
            found = cls(types, _overridden(predicates, given.predicates), given.digest)
        found._presets, found._given = presets, given
        return found

    @property
    def keys(self) -> GivenKeys:
        """What the user says of the keys of language models' JSON."""
        return NO_KEYS if self._given is None else self._given.keys

    def led_by(self, preset: str | None) -> LabelMap:
        """Return the map with ``preset`` before the other presets, unless the user names those."""
        if preset is None or (self._given is not None and self._given.presets is not None):
            return self
        if preset not in self._led_by:
            self._led_by[preset] = LabelMap.of((preset, *self._presets), self._given)
        return self._led_by[preset]

    def apply(self, parsed: Parsed) -> Terms:
        """Map the labels of an article in place: types, predicates, and who takes part. Return the
        terms of its labels. Labels that no rule knows, and those that are left out, are added to its
        notes.
        """
        mapping = _Mapping(self, parsed)
        if parsed.article.vocabulary:
            mapping.take_terms()
        if self._is_active:
            mapping.map_types()
            mapping.map_predicates()
        return mapping.terms

    def rule(self, kind: LabelKind, label: str) -> Rule | None:
        """Return what becomes of a label, None if nothing is known of it."""
        remembered = self._remembered[kind]
        try:
            return remembered[label]
        except KeyError:
            if len(remembered) >= _MAX_REMEMBERED:
                remembered.clear()
            found = remembered[label] = self._find(kind, normalise_label(label))
            return found

    def _find(self, kind: LabelKind, label: str) -> Rule | None:
        rule = self._rules[kind].get(label)
        if kind == "predicate":
            return rule or (_KEEP if label in known_predicates() else None)
        if rule is None or (rule.label is None and not rule.drop):
            ours = own.TYPE_BY_LABEL.get(label)
            rule = rule if ours is None else replace(rule or _KEEP, label=ours)
        return rule


def _overridden(rules: dict[str, Rule], given: dict[str, Rule]) -> dict[str, Rule]:
    """Return the rules with the user's before them; one of hers that gives an IRI only, or turns a
    relation round, leaves the label to them.
    """
    found = dict(rules)
    for label, rule in given.items():
        below = rules.get(label, _KEEP)
        if rule.label is None and not (rule.drop or rule.alias or below.drop or below.alias):
            rule = replace(
                rule,
                label=below.label,
                iri=rule.iri or below.iri,
                inverse=rule.inverse or below.inverse,
            )
        found[label] = rule
    return found


class _Mapping:
    """The mapping of one article."""

    def __init__(self, labels: LabelMap, parsed: Parsed) -> None:
        self._labels = labels
        self._parsed = parsed
        self._article = parsed.article
        self._notes = parsed.notes
        self.terms: Terms = {}
        #: Entities that were dropped, by id: their label as given, and name.
        self._gone: dict[str, tuple[str, str]] = {}

    @cached_property
    def _entities(self) -> dict[str, Entity]:
        return {entity.id: entity for entity in self._article.entities}

    @cached_property
    def _subjects(self) -> set[str]:
        """The ids of entities of which more will be said than their normalised value."""
        found = set()
        for relation in self._article.relations:
            rule = self._labels.rule("predicate", relation.predicate) or _KEEP
            if relation.predicate == NORMALISED_VALUE or rule.drop or rule.alias:
                continue
            is_turned = rule.inverse and relation.object is not None
            found.add(relation.object if is_turned and relation.object else relation.subject)
        return found

    def _note_term(self, kind: LabelKind, label: str, rule: Rule) -> None:
        if rule.iri is not None:
            self.terms[kind, normalise_label(label)] = rule.iri

    def take_terms(self) -> None:
        """Note the terms that the record itself gives; those of the map come before them."""
        kept = []
        for place, term in enumerate(self._article.vocabulary):
            label, iri = normalise_label(term.label), clean_iri(term.iri)
            if not label or iri is None:
                what = f"{term.iri!r} is not an absolute IRI" if label else "has no label"
                self._parsed.faults.append(Fault(f"vocabulary[{place}]: {what}", term))
                continue
            kept.append(Term(kind=term.kind, label=label, iri=iri))
            self.terms[term.kind, label] = iri
        self._article.vocabulary = kept

    def map_types(self) -> None:
        """Give entities our types; those whose type is dropped go, and with them what they said."""
        dropped: set[int] = set()
        for place, entity in enumerate(self._article.entities):
            rule = self._labels.rule("type", entity.type)
            if rule is None:
                self._notes.unmapped["type", entity.type] += 1
            elif rule.drop and not (rule.spares_subjects and entity.id in self._subjects):
                dropped.add(place)
                self._gone[entity.id] = entity.type, entity.name
                self._notes.dropped[entity.type] += 1
            else:
                ours = own.TYPE_BY_LABEL.get(normalise_label(entity.type)) if rule.drop else None
                entity.type = ours or rule.label or entity.type
                self._note_term("type", entity.type, rule)
        if not self._gone:
            return
        entities = self._article.entities
        kept = [place for place in range(len(entities)) if place not in dropped]
        for place in kept:
            # An id that is given twice is a fault, which is found later.
            self._gone.pop(entities[place].id, None)
        self._keep_places("entities", len(entities), kept)
        self._article.entities = [entities[place] for place in kept]
        for quote in self._article.quotes:
            if quote.speaker in self._gone:
                quote.speaker = None

    def map_predicates(self) -> None:
        """Give relations our predicates, and a name for an object that was dropped."""
        relations = self._article.relations
        kept = [place for place, each in enumerate(relations) if self._map_relation(each)]
        if len(kept) < len(relations):
            self._keep_places("relations", len(relations), kept)
            self._article.relations = [relations[place] for place in kept]

    def _keep_places(self, name: str, count: int, kept: list[int]) -> None:
        # Faults that are found later name the places that parts had in the tool's record.
        places = self._parsed.places.get(name) or range(count)
        self._parsed.places[name] = [places[place] for place in kept]

    def _map_relation(self, relation: Relation) -> bool:
        """Map one relation; tell whether it stays."""
        given = relation.predicate
        if given == NORMALISED_VALUE and relation.subject in self._gone:
            return False
        rule = self._labels.rule("predicate", given)
        if rule is None:
            self._notes.unmapped["predicate", given] += 1
            rule = _KEEP
        if rule.drop:
            self._notes.dropped[given] += 1
            return False
        # A value cannot be a subject: such a relation is no case for its rule.
        if rule.inverse and relation.object is None:
            rule = _KEEP
        if rule.inverse and relation.object is not None:
            relation.subject, relation.object = relation.object, relation.subject
        if relation.subject in self._gone:
            self._notes.dropped[f"relations of {self._gone[relation.subject][0]}"] += 1
            return False
        if relation.object in self._gone:
            relation.value = self._gone[relation.object][1]
            relation.object, relation.datatype = None, None
        if rule.alias and self._add_alias(relation):
            return False
        relation.predicate = rule.label or given
        self._note_term("predicate", relation.predicate, rule)
        return True

    def _add_alias(self, relation: Relation) -> bool:
        """Make the object's name an alias of the subject; tell whether there were both."""
        subject = self._entities.get(relation.subject)
        other = self._entities.get(relation.object or "")
        name = other.name if other is not None else relation.value
        if subject is None or not isinstance(name, str) or not name.strip():
            return False
        if name != subject.name and name not in subject.aliases:
            subject.aliases.append(name)
        return True
