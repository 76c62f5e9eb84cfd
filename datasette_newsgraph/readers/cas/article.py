"""Annotations become entities with mentions, and relations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cas import layers
from datasette_newsgraph.readers.cas.annotations import Annotations, Arrow, Span
from datasette_newsgraph.readers.cas.things import (
    Joined,
    bare_name,
    is_name,
    name_of,
    without_pronouns,
)
from datasette_newsgraph.readers.chains import PRONOUNS

#: Nothing is called by more characters.
_LONGEST_NAME = 1000


def build(annotations: Annotations, language: str | None = None) -> Building:
    """Return the article of annotations; what is not used of them is counted in ``passed_over``.

    Raises RecordError if there is neither a text nor an annotation that names something.
    """
    building = Building(annotations.text, annotations.unit)
    building.faults += annotations.faults
    _Article(building, annotations, language).add_all()
    if building.text is None and not building.entities:
        raise RecordError("no entities in it, and no text")
    return building


class _Article:
    """An article in the making, with the entity of each span."""

    def __init__(self, building: Building, annotations: Annotations, language: str | None) -> None:
        self.building = building
        self.annotations = annotations
        self.language = language
        self.joined = Joined()
        self.entities: dict[Span, Entity] = {}
        links = {link for chain in annotations.chains for link in chain}
        #: Spans that say nothing but where something stands.
        self.bare = links | {each for each in annotations.spans if layers.is_argument(each.layer)}
        self.labels = _label_features([*annotations.spans, *annotations.arrows])
        self.hosts = {each.source for each in annotations.arrows if each.is_role}
        #: Layers in which "the president" is marked as well as names.
        self.with_nominals: set[str] = set()

    def add_all(self) -> None:
        """Add the entities, and then what relates them."""
        given = self.annotations
        stated = [each for each in given.arrows if not self._joins(each)]
        for chain in given.chains:
            for link in chain:
                self.joined.join(chain[0], link)
        spans = [*given.spans, *(link for chain in given.chains for link in chain)]
        if self.bare:
            self._join_to_labelled(spans)
        spans.sort(key=lambda each: (each.start, -each.end))
        for each in self.joined.sets(spans):
            self._thing(each)
        for arrow in stated:
            self._relation(arrow)

    def _joins(self, arrow: Arrow) -> bool:
        """Join the ends of a relation which says that they are one thing; tell whether it does."""
        if arrow.is_role or not layers.says_same(arrow.layer, self._label(arrow)):
            return False
        self.with_nominals |= {arrow.source.layer, arrow.target.layer}
        self.joined.join(arrow.target, arrow.source)
        return True

    def _join_to_labelled(self, spans: Iterable[Span]) -> None:
        """Let what is nothing but a place mean what is annotated at the same place."""
        labelled: dict[tuple[int, int], Span] = {}
        for each in spans:
            if each not in self.bare:
                labelled.setdefault((each.start, each.end), each)
        for each in spans:
            found = labelled.get((each.start, each.end)) if each in self.bare else None
            if found is not None:
                self.joined.join(found, each)

    def _thing(self, spans: list[Span]) -> None:
        """Add an entity with the mentions that mean it."""
        if len(spans) == 1 and self._is_plain(spans[0]):
            self._name(spans[0])
            return
        mentions = self._mentions(spans)
        marked = any(each in self.bare or each.layer in self.with_nominals for each in spans)
        if marked:
            mentions = self._without_pronouns(mentions)
            if not mentions:
                return
        words = [found for each in mentions if (found := self._words(each))]
        name = name_of(words)
        is_host = any(each in self.hosts for each in spans)
        same_as = list(dict.fromkeys(iri for each in spans for iri in self._identifiers(each)))
        is_nominal = marked and not same_as and bool(name) and not is_name(name)
        is_local = is_host or is_nominal
        labels = Counter(label for each in spans if (label := self._label_of_span(each)))
        label = labels.most_common(1)[0][0] if labels else None
        id_ = str(id(spans[0])) if is_local or len(mentions) > 1 else None
        entity = None
        for each in mentions:
            added = self.building.mention(
                each.place,
                each.place,
                label,
                each.start,
                each.end,
                each.surface,
                name=None if id_ is None or len(name) > _LONGEST_NAME else name,
                id=id_,
                same_as=same_as,
            )
            entity = entity or added
        if entity is None:
            return
        if id_ is not None:
            self._describe(entity, id_, words)
            entity.local = is_local
        self.entities.update(dict.fromkeys(spans, entity))

    def _is_plain(self, span: Span) -> bool:
        """Tell whether a span is a name by itself, as most are."""
        return not (span in self.bare or span in self.hosts or span.layer in self.with_nominals)

    def _name(self, span: Span) -> None:
        """Add a name, which is what all of its words and its type are."""
        entity = self.building.mention(
            span.place,
            span.place,
            self._label_of_span(span),
            span.start,
            span.end,
            span.surface,
            same_as=dict.fromkeys(self._identifiers(span)),
        )
        if entity is not None:
            self.entities[span] = entity

    def _without_pronouns(self, mentions: list[Span]) -> list[Span]:
        words = [self._words(each) or "" for each in mentions]
        named = without_pronouns(words, self.language)
        if not all(named):
            self.annotations.passed_over[PRONOUNS] += named.count(False)
        return [each for each, is_one in zip(mentions, named, strict=True) if is_one]

    def _mentions(self, spans: list[Span]) -> list[Span]:
        """Return one span for each place; one that says something comes before one that does not."""
        places: dict[tuple[int, int], Span] = {}
        for each in spans:
            known = places.setdefault((each.start, each.end), each)
            if known in self.bare and each not in self.bare:
                places[each.start, each.end] = each
        return list(places.values())

    def _describe(self, entity: Entity, id_: str, words: list[str]) -> None:
        """Give an entity the other names that it is called by."""
        aliases = [each for each in dict.fromkeys(map(bare_name, words)) if is_name(each)]
        self.building.entity(entity.type, entity.name, id=id_, aliases=aliases)

    def _words(self, span: Span) -> str | None:
        return span.surface or self.building.words(span.start, span.end)

    def _label(self, part: Span | Arrow) -> str | None:
        """Return the value of the feature that is the label of a layer."""
        values = part.features.get(self.labels.get(part.layer) or "")
        return values[0] if values else None

    def _label_of_span(self, span: Span) -> str | None:
        """Return a span's label; a layer without one is called by its name."""
        if span in self.bare:
            return None
        label = self._label(span)
        return (
            label if label or span.layer == layers.NAMED_ENTITY else layers.short_name(span.layer)
        )

    def _identifiers(self, span: Span) -> list[str]:
        """Return the IRIs that a span is identified with; other features are counted as not used."""
        found: list[str] = []
        label = self.labels.get(span.layer)
        for feature, values in span.features.items():
            for value in values[1:] if feature == label else values:
                iri = layers.identifier(span.layer, feature, value)
                if iri is not None:
                    found.append(iri)
                else:
                    self._pass_over(span, feature)
        return found

    def _pass_over(self, part: Span | Arrow, feature: str) -> None:
        self.annotations.passed_over[f"{layers.short_name(part.layer)} {feature}"] += 1

    def _relation(self, arrow: Arrow) -> None:
        ends = [self.entities.get(arrow.source), self.entities.get(arrow.target)]
        subject, object_ = ends
        if subject is None or object_ is None:
            self.annotations.passed_over["relations of what is not used"] += 1
            return
        label = self.labels.get(arrow.layer)
        for feature, values in arrow.features.items():
            if feature != label or len(values) > 1:
                self._pass_over(arrow, feature)
        evidence = []
        if arrow.is_role:
            source = arrow.source
            evidence = [Evidence(start=source.start, end=source.end, text=source.surface)]
        self.building.relation(
            subject,
            self._label(arrow) or layers.short_name(arrow.layer),
            object_,
            evidence=evidence,
        )


def _label_features(parts: Iterable[Span | Arrow]) -> dict[str, str | None]:
    """Return the feature that is the label of each layer: none that identifies or counts something."""
    used: dict[str, dict[str, bool]] = {}
    for each in parts:
        known = used.setdefault(each.layer, {})
        for feature, values in each.features.items():
            if feature not in known:
                known[feature] = layers.may_be_label(each.layer, feature, values[0])
    return {
        layer: layers.label_feature(each for each, is_plain in features.items() if is_plain)
        for layer, features in used.items()
    }
