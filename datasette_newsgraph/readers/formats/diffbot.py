"""Read responses of Diffbot's Natural Language API: entities with mentions, facts with evidence.

- A response to one document is an article. An array of them is several.
- ``diffbotUri`` and ``allUris`` are the identifiers of the entity. Its type is one of the general
  ones in ``allTypes`` (``person``, ``organization``, ``location``, ``event``), or else the first
  one there.
- Mentions that are no pronouns and begin like a name give the other names.
- A fact becomes a relation between entities, or from an entity to a value if the value is a date, a
  number or the like. The qualifiers that say since when and until when become its dates, and the
  passage becomes its evidence.
- The response has no text. Put it beside ``entities`` as ``content``, or give the articles with
  ``--articles``.

Offsets: characters of the text, taken as code points, end exclusive. A passage has none, and is
found by its words.

Example::

    {"content": "Laurent Fabius was born in Paris.",
     "entities": [
       {"name": "Laurent Fabius", "diffbotUri": "https://diffbot.com/entity/Eexample1",
        "allUris": ["http://dbpedia.org/resource/Laurent_Fabius"], "allTypes": [{"name": "person"}],
        "mentions": [{"text": "Laurent Fabius", "beginOffset": 0, "endOffset": 14, "confidence": 0.9}]},
       {"name": "Paris", "diffbotUri": "https://diffbot.com/entity/Eexample2",
        "allUris": ["http://www.wikidata.org/entity/Q90"], "allTypes": [{"name": "location"}],
        "mentions": [{"text": "Paris", "beginOffset": 27, "endOffset": 32, "confidence": 0.98}]}],
     "facts": [
       {"humanReadable": "[Laurent Fabius] place of birth [Paris]", "confidence": 0.97,
        "entity": {"name": "Laurent Fabius", "diffbotUri": "https://diffbot.com/entity/Eexample1"},
        "property": {"name": "place of birth"},
        "value": {"name": "Paris", "diffbotUri": "https://diffbot.com/entity/Eexample2"},
        "evidence": [{"passage": "Laurent Fabius was born in Paris."}]}]}
"""

from __future__ import annotations

import re
from typing import Any

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse, normalise_label, normalise_name
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.plain_values import datatype_of
from datasette_newsgraph.readers.shapes import Shape, decode

__all__ = ["entries", "parse"]

_GENERAL = ("person", "organization", "location", "event")
#: Types of what is no thing but a value.
_DATE = "date"
_OWN_DATE = re.compile(r"\s*d(?=[0-9])")
_VALUES = frozenset(
    {_DATE, "number", "integer", "money", "duration", "quantity", "string", "boolean"}
)
_SINCE = frozenset({"start date", "start time", "from"})
_UNTIL = frozenset({"end date", "end time", "to"})


class _Named(Shape):
    name: str | None = None


class _Mention(Shape, rename="camel"):
    text: str | None = None
    begin_offset: int | None = None
    end_offset: int | None = None
    confidence: float | None = None
    is_pronoun: bool | None = None


class _Entity(Shape, rename="camel"):
    name: str | None = None
    diffbot_uri: str | None = None
    all_uris: list[str] | None = None
    all_types: list[_Named] | None = None
    mentions: list[_Mention] | None = None


class _Qualifier(Shape):
    property: _Named | None = None
    value: _Named | None = None


class _Passage(Shape, rename="camel"):
    passage: str | None = None
    entity_mentions: list[_Mention] | None = None
    value_mentions: list[_Mention] | None = None


class _Fact(Shape):
    entity: _Entity | None = None
    property: _Named | None = None
    value: _Entity | None = None
    qualifiers: list[_Qualifier] | None = None
    confidence: float | None = None
    evidence: list[_Passage] | None = None


class _Response(Shape):
    entities: list[_Entity] | None = None
    facts: list[_Fact] | None = None
    language: Any = None
    content: str | None = None
    text: str | None = None


def parse(raw: bytes) -> Parsed:
    """Return the article of one document; raises RecordError."""
    response = decode(raw, _Response)
    reading = _Reading(Building(response.content or response.text))
    for number, entity in enumerate(response.entities or ()):
        reading.take_entity(f"entities[{number}]", entity)
    for number, fact in enumerate(response.facts or ()):
        reading.take_fact(f"facts[{number}]", fact)
    building = reading.building
    if building.text is None and not building.entities:
        raise RecordError("no entities in it, and no text")
    language = response.language if isinstance(response.language, str) else None
    return building.finish("Diffbot", language=language)


class _Reading:
    def __init__(self, building: Building) -> None:
        self.building = building
        self.by_uri: dict[str, Entity] = {}
        self.by_name: dict[str, Entity] = {}
        self._names: set[tuple[str, str]] = set()

    def take_entity(self, place: str, given: _Entity) -> Entity | None:
        """Add an entity with its mentions."""
        name = collapse(given.name or "")
        if not name:
            self.building.fault(f"{place}: has no name", given)
            return None
        label = _label(given)
        key = given.diffbot_uri or place
        uris = [each for each in (given.diffbot_uri, *(given.all_uris or ())) if each]
        entity = self.building.entity(label, name, id=key, same_as=filter(_is_whole, uris))
        if given.diffbot_uri:
            self.by_uri.setdefault(given.diffbot_uri, entity)
        self.by_name.setdefault(normalise_name(name), entity)
        for number, mention in enumerate(given.mentions or ()):
            self._mention(f"{place}.mentions[{number}]", entity, key, mention)
        return entity

    def _mention(self, place: str, entity: Entity, key: str, mention: _Mention) -> None:
        if mention.is_pronoun:
            return
        self.building.mention(
            place,
            mention,
            entity.type,
            mention.begin_offset,
            mention.end_offset,
            mention.text,
            confidence=mention.confidence,
            name=entity.name,
            id=key,
        )
        name = collapse(mention.text or "")
        is_new = name and name != entity.name and (entity.id, name) not in self._names
        if is_new and not name[0].islower():
            self._names.add((entity.id, name))
            entity.aliases.append(name)

    def take_fact(self, place: str, fact: _Fact) -> None:
        """Add what a fact states."""
        subject = self._party(f"{place}.entity", fact.entity, fact.evidence, of_value=False)
        if subject is None:
            return
        value, object_, datatype = None, None, None
        type_ = normalise_label(_label(fact.value) or "") if fact.value else ""
        if fact.value and type_ in _VALUES and not self._known(fact.value):
            value = collapse(fact.value.name or "")
            datatype = datatype_of(value, of_date=type_ == _DATE)
            if not value:
                self.building.fault(f"{place}.value: has no name", fact.value)
                return
        else:
            object_ = self._party(f"{place}.value", fact.value, fact.evidence, of_value=True)
            if object_ is None:
                return
        self.building.relation(
            subject,
            fact.property.name if fact.property else None,
            object_,
            value=value,
            datatype=datatype,
            confidence=fact.confidence,
            start_date=_qualifier(fact, _SINCE),
            end_date=_qualifier(fact, _UNTIL),
            evidence=[one for each in fact.evidence or () if (one := _evidence(each))],
        )

    def _known(self, given: _Entity) -> Entity | None:
        if given.diffbot_uri and (known := self.by_uri.get(given.diffbot_uri)):
            return known
        return self.by_name.get(normalise_name(given.name or ""))

    def _party(
        self, place: str, given: _Entity | None, evidence: list[_Passage] | None, *, of_value: bool
    ) -> Entity | None:
        """Return the entity that a fact is about, which may not be among the ``entities``."""
        if given is None:
            self.building.fault(f"{place}: is missing", given)
            return None
        known = self._known(given)
        if known is None:
            known = self.take_entity(place, given)
            if known is not None and not given.mentions:
                for number, each in enumerate(evidence or ()):
                    mentions = each.value_mentions if of_value else each.entity_mentions
                    for index, mention in enumerate(mentions or ()):
                        at = f"{place}: evidence[{number}], mention {index}"
                        self._mention(at, known, given.diffbot_uri or place, mention)
        return known


def _label(given: _Entity) -> str | None:
    types = [each.name for each in given.all_types or () if each.name]
    return next(
        (each for each in types if each.casefold() in _GENERAL), types[0] if types else None
    )


def _is_whole(uri: str) -> bool:
    return "://" in uri and not uri.endswith("...")


def _qualifier(fact: _Fact, names: frozenset[str]) -> str | None:
    for each in fact.qualifiers or ():
        name = each.property and each.property.name
        value = each.value and each.value.name
        if name and value and normalise_label(name) in names:
            # Diffbot's own dates begin with a letter: d2015-06-01.
            return first_date([_OWN_DATE.sub("", value)])
    return None


def _evidence(given: _Passage) -> Evidence | None:
    if given.passage and given.passage.strip():
        return Evidence(text=given.passage)
    mentions = [*(given.entity_mentions or ()), *(given.value_mentions or ())]
    starts = [each.begin_offset for each in mentions if each.begin_offset is not None]
    ends = [each.end_offset for each in mentions if each.end_offset is not None]
    return Evidence(start=min(starts), end=max(ends)) if starts and ends else None
