"""What the layers say of a text: entities, chains, events, times and statements."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from urllib.parse import urlsplit

from datasette_newsgraph.article import Entity, Evidence, Mention, Quote
from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.naf.layers import Item, Layers
from datasette_newsgraph.readers.formats.naf.text import Span, Text
from datasette_newsgraph.readers.plain_values import datatype_of

_EVENT = "Event"
_EVENT_TYPE = "event type"
_ITEM = re.compile(r"Q[1-9]\d*", re.ASCII)
#: More words than that are a clause.
_MOST_WORDS = 8
_DETERMINER = re.compile(r"\A(?:the|an?) ", re.IGNORECASE)


class Annotations:
    """The annotations of one document, each of which may refer to those before it."""

    def __init__(self, layers: Layers, text: Text) -> None:
        self._layers, self._text = layers, text
        self.building = Building(text.text)
        #: The day on which the document says to have been made, in its layer of times.
        self.created: str | None = None
        self._by_span: dict[tuple[int, int], Entity] = {}
        self._pronouns = pronouns_of(layers.language)
        items = layers.items
        for entity in items.get("entity", ()):
            self._entity(entity)
        for time in items.get("timex3", ()):
            self._time(time)
        self._starts = sorted(self._by_span)
        #: What each event is known by: the chain that it is in, or itself.
        self._events: dict[tuple[str, ...], str] = {}
        for chain in items.get("coref", ()):
            self._chain(chain)
        for predicate in items.get("predicate", ()):
            self._predicate(predicate)
        for statement in layers.statements:
            self._statement(statement)

    def _entity(self, item: Item) -> None:
        same_as = self._identifiers(item)
        if not item.spans:
            self.building.fault(f"{item.place}: has no words", item.attributes)
        name: str | None = None
        for ids in item.spans:
            # All spans are of one entity, whatever their words.
            entity = self._mention(item, item.attributes.get("type"), ids, same_as, name)
            if entity is None:
                continue
            words = entity.mentions[-1].text or ""
            name = name or entity.name
            if words != entity.name and words not in entity.aliases and self._is_nominal(words):
                entity.aliases.append(words)

    def _mention(
        self,
        item: Item,
        label: str | None,
        ids: list[str],
        same_as: Iterable[str] = (),
        name: str | None = None,
    ) -> Entity | None:
        span = self._text.span(ids)
        if span is None:
            reason = "is of words that are not in the document" if ids else "has no words"
            self.building.fault(f"{item.place}: {reason}", item.attributes)
            return None
        entity = self.building.mention(
            item.place, item.attributes, label, *span, name=name, same_as=same_as
        )
        if entity is not None:
            self._by_span.setdefault(span[:2], entity)
        return entity

    def _identifiers(self, item: Item) -> list[str]:
        """Return what identifies an entity, of each authority the reference that is surest."""
        best: dict[str, tuple[float, list[str]]] = {}
        for group in item.references:
            iris = [each for one in group if (each := _iri(one))]
            if not iris:
                self._layers.passed_over["references that are no addresses"] += 1
                continue
            host, sure = urlsplit(iris[0]).netloc, _confidence(group[0])
            if host in best:
                self._layers.passed_over["further candidates for an entity"] += 1
            if host not in best or sure > best[host][0]:
                best[host] = sure, iris
        return list(dict.fromkeys(each for _, iris in best.values() for each in iris))

    def _time(self, item: Item) -> None:
        value = item.attributes.get("value")
        ids = [each for span in item.spans for each in span]
        if not ids:
            if item.attributes.get("functionInDocument") in ("CREATION_TIME", "PUBLICATION_TIME"):
                self.created = self.created or value
            return
        entity = self._mention(item, item.attributes.get("type") or "DATE", ids)
        if entity is not None and value:
            self.building.value(entity, value, datatype_of(value, of_date=True))

    # Chains -------------------------------------------------------------------------------------

    def _chain(self, item: Item) -> None:
        if item.attributes.get("type", "").lower().startswith("event"):
            for ids in item.spans:
                self._events.setdefault(tuple(ids), item.place)
            return
        named: list[Entity] = []
        others: list[Span] = []
        for ids in item.spans:
            span = self._text.span(ids)
            if span is None:
                reason = "is of words that are not in the document"
                self.building.fault(f"{item.place}: {reason}", ids)
            elif (entity := self._at(span)) is not None:
                named.append(entity)
            elif self._is_nominal(span.surface):
                others.append(span)
        if not named:
            return
        self.building.relate_chain(named)
        for span in others:
            named[0].mentions.append(Mention(start=span.start, end=span.end, text=span.surface))

    def _at(self, span: Span) -> Entity | None:
        """Return the entity that is named at a span, with or without an article before it."""
        shift = len(span.surface) - len(_DETERMINER.sub("", span.surface))
        found = self._by_span.get(span[:2])
        return found or self._by_span.get((span.start + shift, span.end))

    def _is_nominal(self, words: str) -> bool:
        return words.casefold() not in self._pronouns and len(words.split()) <= _MOST_WORDS

    # Events -------------------------------------------------------------------------------------

    def _predicate(self, item: Item) -> None:
        roles = [(role, self._of_role(role)) for role in item.roles]
        named = [(role, entity) for role, entity in roles if entity is not None]
        span = self._text.span(item.spans[0]) if item.spans else None
        if span is None or not named:
            self._layers.passed_over["predicates without an entity in a role"] += 1
            return
        id_ = self._events.get(tuple(item.spans[0]), item.place)
        is_new = len(self.building.entities)
        event = self.building.mention(item.place, item.attributes, _EVENT, *span, id=id_)
        if event is None:
            return
        if len(self.building.entities) > is_new:
            event.local = True
            if kind := _kind(item):
                self.building.relation(event, _EVENT_TYPE, value=kind)
        sentence = self._text.sentence(item.spans[0])
        for role, entity in named:
            evidence = [] if sentence is None else [Evidence(*sentence)]
            self.building.relation(event, role.attributes.get("semRole"), entity, evidence=evidence)
        if missed := len(roles) - len(named):
            self._layers.passed_over["roles that are no entity"] += missed

    def _of_role(self, role: Item) -> Entity | None:
        """Return the entity that a role is, by its head, or as the only one in it."""
        span = self._text.span(role.spans[0]) if role.spans else None
        if span is None:
            return None
        if (found := self._at(span)) is not None:
            return found
        head = None if role.head is None else self._text.span([role.head])
        inside = self._inside(span)
        if head is None:
            return self._by_span[inside[0]] if len(inside) == 1 else None
        covering = (each for each in inside if each[0] <= head.start and head.end <= each[1])
        place = next(covering, None)
        return None if place is None else self._by_span[place]

    def _inside(self, span: Span) -> list[tuple[int, int]]:
        """Return the mentions that lie in a span, the first ones of many."""
        first = bisect_left(self._starts, (span.start, 0))
        found = []
        for place in self._starts[first : first + 20]:
            if place[0] >= span.end:
                break
            if place[1] <= span.end:
                found.append(place)
        return found

    def _statement(self, parts: dict[str, Item]) -> None:
        target, source, cue = (
            parts.get(f"statement_{each}") for each in ("target", "source", "cue")
        )
        span = self._text.span(target.spans[0]) if target is not None and target.spans else None
        if span is None:
            self._layers.passed_over["statements without words"] += 1
            return
        speaker = None if source is None else self._of_role(source)
        verb = self._text.span(cue.spans[0]) if cue is not None and cue.spans else None
        self.building.quotes.append(
            Quote(
                speaker=None if speaker is None else speaker.id,
                start=span.start,
                end=span.end,
                text=span.surface,
                verb=None if verb is None else verb.surface,
            )
        )


def _kind(item: Item) -> str | None:
    """Return what kind of event a predicate is, as FrameNet, PropBank or another has it."""
    given = [each for group in item.references for each in group if each.get("reference")]
    given.sort(key=lambda each: each.get("resource", "").casefold() != "framenet")
    return given[0]["reference"] if given else item.attributes.get("uri")


def _iri(reference: dict[str, str]) -> str | None:
    given = reference.get("reference", "").strip()
    if _ITEM.fullmatch(given):
        return identifier_iri("Wikidata", given)
    return clean_iri(given) if given.startswith(("http://", "https://", "urn:")) else None


def _confidence(reference: dict[str, str]) -> float:
    try:
        return float(reference.get("confidence", ""))
    except ValueError:
        return -1.0
