"""Read brat standoff: a folder with pairs of ``a.txt`` and ``a.ann``, or one such pair.

Give either file of a pair, or the folder; folders below it count, too. Annotations without their
text are an article without text. In a folder, texts without annotations are left out. Of a pair, the
file that you do not name may not be a link out of the folder.

- Spans (``T``) become mentions. Relations (``R``) go from their first argument to their second. A
  relation that is negated is not taken.
- The words of a span over the end of a line may go on in the next lines, if the text has them there,
  or if they are as long as the span.
- An event (``E``) becomes an entity that is local to its article, named by its trigger. It has a
  relation to each participant. The predicate is the role, without its number, and the evidence is
  the trigger. If several events of one type have the same trigger words, their names contain their
  participants, too.
- An equivalence (``*``) gives its first entity the names of the others as aliases, and a relation
  of its label to each of them. Nothing is merged.
- Attributes (``A``, ``M``) become values of what they belong to.
- A normalisation (``N``) identifies the entity if it leads to Wikidata or another authority that
  newsgraph knows, to the English Wikipedia by title, or to a web address. So does a note (``#``)
  that is nothing but a web address. Other notes are left out.

The annotations in the example are of a text that begins "Paul Kagame opened the summit in Kigali."

Offsets: Unicode code points of the file as it is, end exclusive. If a span has several fragments,
each is a mention with its own words, and the name of the entity has all words. Fragments with only
white space between them are one.

Example::

    T1\tPerson 0 11\tPaul Kagame
    T2\tCity 33 39\tKigali
    R1\tSpoke_in Arg1:T1 Arg2:T2
    T3\tOpening 12 18\topened
    E1\tOpening:T3 Opener:T1 Place:T2
    N1\tReference T2 Wikidata:Q3859\tKigali
"""  # noqa: D301 - an editor would make blanks of tabs

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import normalise_name
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.brat.pairs import Pair, entries
from datasette_newsgraph.readers.formats.brat.standoff import Span, Standoff, Tie, read_standoff
from datasette_newsgraph.readers.shapes import decode

__all__ = ["entries", "parse"]

#: White space between two fragments of one span is not looked for in a longer gap.
_MAX_GAP = 8
#: A statement has no more spans for evidence, however many fragments there are.
_MAX_EVIDENCE = 8
#: A participant takes so much of an event's name at most.
_MAX_NAME = 60
_MAX_PARTICIPANTS = 8
_LONGEST_NAME = 1000
_NUMBER = re.compile(r"(?<=.)\d+\Z", re.DOTALL)

_Fragment = tuple[int | None, int | None, str | None]


def parse(raw: bytes) -> Parsed:
    """Make a pair an article. Raises RecordError if there is neither a text nor an annotation."""
    pair = decode(raw, Pair)
    # Files that were put one behind the other may each begin with a byte order mark.
    lines = (pair.ann or "").removeprefix("\ufeff").replace("\n\ufeff", "\n")
    standoff = read_standoff(lines, pair.txt)
    document = _Document(Building(pair.txt or None), standoff)
    document.add_all()
    building = document.building
    if building.text is None and not building.entities:
        raise RecordError("no entities in it, and no text")
    return building.finish(
        "brat", local_ids=dict.fromkeys((pair.name, pair.name.rpartition("/")[2]))
    )


class _Document:
    """An article in the making, with its entities by the ids of spans and events."""

    def __init__(self, building: Building, standoff: Standoff) -> None:
        self.building = building
        self.standoff = standoff
        self.entities: dict[str, Entity] = {}
        self._words_of: dict[str, str] = {}
        self._evidence_of: dict[str, list[Evidence]] = {}
        self.building.faults += standoff.faults

    def add_all(self) -> None:
        """Add what the lines say, first what others refer to."""
        triggers = {event.arguments[0][1] for event in self.standoff.events.values()}
        for id_, span in self.standoff.spans.items():
            if id_ not in triggers:
                self._add_mentions(id_, span, self._links(id_))
        self._add_events()
        self._add_relations()
        self._add_equivalences()
        self._add_attributes()

    def _links(self, *ids: str) -> list[str]:
        return [iri for id_ in ids for iri in self.standoff.links.get(id_, ())]

    def _words(self, span: Span) -> str:
        """Return all words of a span, those of the text if the annotations do not have them."""
        if span.surface:
            return span.surface
        id_ = span.line.id
        if id_ not in self._words_of:
            pieces = (self.building.words(*each) for each in span.fragments)
            # No more of them than shows that they are too many.
            self._words_of[id_] = " ".join(filter(None, pieces))[: _LONGEST_NAME + 1]
        return self._words_of[id_]

    def _add_mentions(
        self, id_: str, span: Span, links: list[str], event: str | None = None, more: str = ""
    ) -> None:
        """Add the fragments of a span; its entity is called as all of it reads, and ``more``."""
        name = self._words(span) + more
        if len(name) > _LONGEST_NAME:
            reason = f"{span.line.place}: its words are too many for a name"
            self.building.fault(reason, span.line.words[:_LONGEST_NAME])
            return
        for start, end, surface in self._fragments(span):
            entity = self.building.mention(
                span.line.place,
                span.line.words,
                span.label,
                start,
                end,
                surface,
                name=name,
                id=event,
                same_as=links,
            )
            if entity is not None:
                self.entities.setdefault(id_, entity)

    def _fragments(self, span: Span) -> list[_Fragment]:
        """Return the fragments of a span with their words, neighbours as one."""
        surface, found = span.surface, span.fragments
        widths = [end - start for start, end in found]
        if surface is not None and len(found) > 1 and sum(widths) + len(found) - 1 != len(surface):
            # Which words are whose cannot be told; if there is a text, it says.
            if self.building.text is None:
                return [(None, None, surface)]
            surface = None
        if len(found) == 1:
            return [(*found[0], surface)]
        joined: list[_Fragment] = []
        words_begin = place = 0
        for number, (start, end) in enumerate(found):
            if number == 0 or not self._is_one(found[number - 1][1], start):
                words_begin, first = place, start
            else:
                joined.pop()
            words_end = place + widths[number]
            words = None if surface is None else surface[words_begin:words_end]
            joined.append((first, end, words))
            place = words_end + 1
        return joined

    def _is_one(self, end: int, start: int) -> bool:
        """Tell whether there is nothing but white space between two fragments."""
        if not 0 <= start - end <= _MAX_GAP:
            return False
        text = self.building.text
        return start - end <= 1 if text is None else not text[end:start].strip()

    def _evidence(self, id_: str) -> list[Evidence]:
        if id_ not in self._evidence_of:
            event = self.standoff.events.get(id_)
            span = self.standoff.spans.get(id_ if event is None else event.arguments[0][1])
            fragments = [] if span is None else self._fragments(span)[:_MAX_EVIDENCE]
            self._evidence_of[id_] = [Evidence(*each) for each in fragments]
        return self._evidence_of[id_]

    def _add_events(self) -> None:
        spans, events = self.standoff.spans, self.standoff.events
        readings = Counter(map(self._reading, events.values()))
        for id_, event in events.items():
            trigger = event.arguments[0][1]
            span = spans.get(trigger)
            if span is None:
                self._dangling(event, "trigger", trigger)
                continue
            others = ""
            if readings[self._reading(event)] > 1:
                called = (self._short_name(target) for _, target in event.arguments[1:])
                others = ", ".join(filter(None, islice(called, _MAX_PARTICIPANTS)))
            span = span._replace(label=event.label)
            more = f": {others}" if others else ""
            self._add_mentions(id_, span, self._links(id_, trigger), id_, more)
            if id_ in self.entities:
                self.entities[id_].local = True
                self.entities.setdefault(trigger, self.entities[id_])
        for id_, event in events.items():
            if id_ in self.entities:
                self._add_participants(id_, event)

    def _reading(self, event: Tie) -> tuple[str, str]:
        span = self.standoff.spans.get(event.arguments[0][1])
        return event.label, "" if span is None else normalise_name(self._words(span))

    def _short_name(self, id_: str) -> str:
        event = self.standoff.events.get(id_)
        span = self.standoff.spans.get(id_ if event is None else event.arguments[0][1])
        return "" if span is None else self._words(span)[:_MAX_NAME]

    def _add_participants(self, id_: str, event: Tie) -> None:
        for role, target in event.arguments[1:]:
            participant = self.entities.get(target)
            if participant is None:
                self._dangling(event, role, target)
                continue
            self.building.relation(
                self.entities[id_],
                _NUMBER.sub("", role),
                participant,
                evidence=self._evidence(id_),
            )

    def _dangling(self, tie: Tie, role: str, target: str) -> None:
        place, words = tie.line.place, tie.line.words
        self.building.fault(f"{place}: {role} {target} is no annotation of this text", words)

    def _add_relations(self) -> None:
        negated = {
            each.target
            for each in self.standoff.attributes
            if each.name.casefold().startswith("negat") and each.value in (None, "true", "True")
        }
        for id_, relation in self.standoff.relations.items():
            ends = [self.entities.get(target) for _, target in relation.arguments[:2]]
            for (role, target), end in zip(relation.arguments, ends, strict=False):
                if end is None:
                    self._dangling(relation, role, target)
            if id_ not in negated and ends[0] is not None and ends[1] is not None:
                self.building.relation(ends[0], relation.label, ends[1])

    def _add_equivalences(self) -> None:
        stated = set()
        aliases: dict[str, dict[str, None]] = {}
        for equivalence in self.standoff.equivalences:
            members = []
            for _, target in equivalence.arguments:
                if target in self.entities:
                    members.append(self.entities[target])
                else:
                    self._dangling(equivalence, equivalence.label, target)
            for other in members[1:]:
                first = members[0]
                statement = (first.id, equivalence.label, other.id)
                if other is first or statement in stated:
                    continue
                stated.add(statement)
                self.building.relation(first, equivalence.label, other)
                if other.name != first.name and other.name.casefold() not in pronouns_of(None):
                    aliases.setdefault(first.id, dict.fromkeys(first.aliases))[other.name] = None
        for entity in self.building.entities:
            if entity.id in aliases:
                entity.aliases = list(aliases[entity.id])

    def _add_attributes(self) -> None:
        for attribute in self.standoff.attributes:
            entity = self.entities.get(attribute.target)
            if entity is not None:
                self.building.relation(
                    entity,
                    attribute.name,
                    value=True if attribute.value is None else attribute.value,
                    datatype="boolean" if attribute.value is None else "string",
                    evidence=self._evidence(attribute.target),
                )
            elif attribute.target not in self.standoff.relations:
                place, words = attribute.line.place, attribute.line.words
                reason = f"{place}: {attribute.target} is no annotation of this text"
                self.building.fault(reason, words)
