"""From what is marked and related to entities, events, values and relations."""

from __future__ import annotations

from collections import Counter
from itertools import islice, product

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.chains import PRONOUNS, fullest
from datasette_newsgraph.readers.formats.cat.document import Document, Marked, Related, Text
from datasette_newsgraph.readers.plain_values import datatype_of

_EVENT = "Event"
_EVENT_TYPE = "event type"
_REFERS = "REFERS_TO"
_NAMES = ("NAM", "PRE.NAM")
_PRONOUN = "PRO"
_CREATION = ("CREATION_TIME", "PUBLICATION_TIME")
_SIGNALS = ("SIGNAL", "C-SIGNAL", "C_SIGNAL")
_ROLES = ("sem_role", "reltype", "relType", "rel_type")
#: A relation of more pairs is damage.
_MOST_PAIRS = 1000


class Annotations:
    """The parts of an article."""

    def __init__(self, document: Document, text: Text) -> None:
        self._text = text
        self.building = Building(text.text or None)
        self.passed_over = Counter({"tokens with the number of another": document.repeated})
        self.published: str | None = None
        self._pronouns = pronouns_of(document.language)
        self._by_id: dict[str, Entity] = {}
        self._marked = {each.id: each for each in document.marked}
        #: The instance that a mention speaks of, by the id of the mention.
        self._instances: dict[str, str] = {}
        for relation in document.relations:
            if relation.name == _REFERS:
                self._refer(relation)
        self._related = {
            id_ for each in document.relations for id_ in (*each.sources, *each.targets)
        }
        mentions: dict[str, list[Marked]] = {}
        for each in document.marked:
            mentions.setdefault(self._instances.get(each.id, each.id), []).append(each)
        for id_, listed in mentions.items():
            self._entity(self._marked[id_], [each for each in listed if each.tokens])
        for relation in document.relations:
            if relation.name != _REFERS:
                self._relation(relation)

    def _refer(self, relation: Related) -> None:
        (target,) = relation.targets[:1] or ("",)
        if target not in self._marked:
            self.building.fault(f"{relation.place}: {target or 'nothing'} is not marked", target)
            return
        for source in relation.sources:
            if source in self._marked:
                self._instances.setdefault(source, target)
            else:
                self.building.fault(f"{relation.place}: {source} is not marked", source)

    def _entity(self, main: Marked, mentions: list[Marked]) -> None:
        """Add what mentions are of: an instance, or the one mention itself."""
        if main.name in _SIGNALS:
            self.passed_over["signals of relations"] += 1
        elif main.name == "TIMEX3":
            self._time(main)
        elif main.name.startswith("EVENT"):
            self._event(main, mentions)
        elif main.name.startswith("ENTITY"):
            self._thing(main, mentions)
        elif mentions:
            self._mention(main, main.attributes.get("type") or main.name, main)
        elif main.tokens or main.attributes.get("TAG_DESCRIPTOR"):
            self.building.fault(f"{main.place}: has no words", main.attributes)

    def _mention(
        self, of: Marked, label: str | None, mention: Marked, name: str | None = None
    ) -> Entity | None:
        span = self._text.span(mention.tokens)
        if span is None:
            reason = "is of tokens that are not in the document"
            self.building.fault(f"{mention.place}: {reason}", mention.attributes)
            return None
        entity = self.building.mention(
            mention.place, mention.attributes, label, *span, name=name, id=of.id
        )
        if entity is not None:
            self._by_id[of.id] = self._by_id[mention.id] = entity
        return entity

    def _words(self, mention: Marked) -> str:
        span = self._text.span(mention.tokens)
        return "" if span is None else span.surface

    def _thing(self, main: Marked, mentions: list[Marked]) -> None:
        kinds = {each.id: each.attributes.get("syntactic_type", "") for each in mentions}
        names = Counter(
            words for each in mentions if kinds[each.id] in _NAMES and (words := self._words(each))
        )
        taken = [each for each in mentions if not self._is_pronoun(each)]
        if len(taken) < len(mentions):
            self.passed_over[PRONOUNS] += len(mentions) - len(taken)
        iris = _iris(main)
        descriptor = main.attributes.get("TAG_DESCRIPTOR", "").strip()
        name = fullest(names) if names else descriptor or (self._words(taken[0]) if taken else "")
        if not mentions:
            if main.name == "ENTITY":
                # It is in another document of the corpus.
                self.passed_over["instances without a mention"] += 1
            else:
                self.building.fault(f"{main.place}: has no words", main.attributes)
            return
        label = main.attributes.get("ent_type") or None
        for each in taken:
            self._mention(main, label, each, name or None)
        if not name:
            return
        entity = self.building.entity(label, name, id=main.id, aliases=names, same_as=iris)
        # Without a name it is "lenders", who are others elsewhere.
        is_typed = all(kinds.values()) and bool(kinds)
        entity.local = is_typed and not names and not iris
        self._by_id.update({each.id: entity for each in (main, *mentions)})

    def _is_pronoun(self, mention: Marked) -> bool:
        kind = mention.attributes.get("syntactic_type", "")
        return kind.startswith(_PRONOUN) or self._words(mention).casefold() in self._pronouns

    def _event(self, main: Marked, mentions: list[Marked]) -> None:
        for each in mentions:
            event = self._mention(main, _EVENT, each)
            is_denied = each.attributes.get("polarity") == "NEG"
            is_sure = each.attributes.get("certainty", "") in ("", "CERTAIN")
            if event is not None and (is_denied or not is_sure):
                self.passed_over["events that are denied, or not certain"] += 1
        event = self._by_id.get(main.id)
        if event is None:
            if not mentions:
                self.passed_over["instances without a mention"] += 1
            return
        event.same_as += [each for each in _iris(main) if each not in event.same_as]
        event.local = not event.same_as
        if kind := main.attributes.get("class") or main.attributes.get("ent_type"):
            self.building.relation(event, _EVENT_TYPE, value=kind)

    def _time(self, main: Marked) -> None:
        value, label = main.attributes.get("value"), main.attributes.get("type") or "DATE"
        if main.attributes.get("functionInDocument") in _CREATION:
            self.published = self.published or value
        if main.tokens:
            entity = self._mention(main, label, main)
        elif value and main.id in self._related:
            entity = self._by_id[main.id] = self.building.entity(label, value, id=main.id)
        else:
            return
        if entity is not None and value:
            self.building.value(entity, value, datatype_of(value, of_date=True))

    def _relation(self, relation: Related) -> None:
        missing = [
            each for each in (*relation.sources, *relation.targets) if each not in self._by_id
        ]
        pairs = list(islice(product(relation.sources, relation.targets), _MOST_PAIRS + 1))
        if missing or not pairs or len(pairs) > _MOST_PAIRS:
            what = (
                f"{missing[0]} is no entity or event" if missing else "does not relate two things"
            )
            self.building.fault(f"{relation.place}: {what}", relation.attributes)
            return
        given = (relation.attributes.get(each) for each in _ROLES)
        predicate = next(filter(None, given), relation.name)
        for source, target in pairs:
            tokens = self._marked[source].tokens or self._marked[target].tokens
            sentence = self._text.sentence(tokens)
            evidence = [] if sentence is None else [Evidence(*sentence)]
            self.building.relation(
                self._by_id[source], predicate, self._by_id[target], evidence=evidence
            )


def _iris(marked: Marked) -> list[str]:
    given = marked.attributes.get("external_ref", "").split()
    return [
        iri
        for each in given[:20]
        if each.startswith(("http://", "https://", "urn:")) and (iri := clean_iri(each))
    ]
