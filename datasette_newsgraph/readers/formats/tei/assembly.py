"""From a document that has been read to entities, relations, quotes and zones."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, islice, product

from datasette_newsgraph.article import Entity, Quote, Zone
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.tei.document import Document, Quoted
from datasette_newsgraph.readers.formats.tei.flow import Span
from datasette_newsgraph.readers.formats.tei.name import Name
from datasette_newsgraph.readers.formats.tei.references import Reference
from datasette_newsgraph.readers.formats.tei.register import Entry

_BETWEEN = "\n\n"
#: A relation between more things than these is damage.
_MOST_PAIRS = 1000
_LONGEST_NAME = 1000


class Assembly:
    """The parts of an article; the text and the names of the document are taken over."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._pronouns = pronouns_of(document.header.language)
        text = document.text.take()
        #: Where the notes begin in the text.
        self._notes_begin = len(text) + len(_BETWEEN) if text else 0
        notes = document.notes.take()
        self.building = Building(_BETWEEN.join(filter(None, (text, notes))) or None)
        self.passed_over = (
            document.passed_over + document.header.passed_over + document.register.passed_over
        )
        self._by_id: dict[str, Entity] = {}
        #: What those are called that are in no register: by a name, if there is one.
        self._called: dict[str, str] = {}
        for is_name in (True, False):
            self._call(is_name=is_name)
        # Each is let go when its mention is there.
        document.names.reverse()
        while document.names:
            self._name(document.names.pop())
        for quote in document.quotes:
            self._quote(quote)
        for number, relation in enumerate(document.register.relations, 1):
            self._relation(f"relation[{number}]", relation)
        self._facts()
        for zone, span in document.zones:
            self.building.zones.append(Zone(zone, *self._places(span)))
        if notes:
            end = self._notes_begin + len(notes)
            self.building.zones.append(Zone(zone="footer", start=self._notes_begin, end=end))

    def _places(self, span: Span) -> tuple[int, int]:
        start = span.start or 0
        shift = self._notes_begin if span.flow is self._document.notes else 0
        return start + shift, span.end + shift

    def _span(self, name: Name) -> tuple[int | None, int | None]:
        if name.start is None:
            return None, None
        if not name.in_notes:
            return name.start, name.end
        return name.start + self._notes_begin, name.end + self._notes_begin

    def _words(self, name: Name) -> str | None:
        is_long = name.start is not None and name.end - name.start > _LONGEST_NAME
        return None if is_long else self.building.words(*self._span(name))

    def _call(self, *, is_name: bool) -> None:
        """Call by their words those that are in no register, by names or by other words."""
        entries = self._document.register.entries
        for name in self._document.names:
            for id_ in name.reference.ids:
                if id_ in self._called or (id_ in entries and entries[id_].called):
                    continue
                words = self._words(name)
                if words is not None and is_name == self._is_name(name, words):
                    self._called[id_] = words

    def _is_name(self, name: Name, words: str) -> bool:
        """Whether words are a name, and neither a pronoun nor any other way to refer to a thing."""
        return name.element != "rs" and words.casefold() not in self._pronouns

    def _name(self, name: Name) -> None:
        start, end = self._span(name)
        reference = name.reference
        if not reference.ids:
            entity = self.building.mention(
                name.place, name.element, name.label, start, end, same_as=reference.iris
            )
            if entity is not None and name.value:
                self.building.value(entity, name.value, "string" if "/" in name.value else "date")
        for id_ in reference.ids:
            iris = reference.iris if len(reference.ids) == 1 else ()
            entity = self._entity(id_, name.label, iris)
            called = None if entity is None else entity.name
            self.building.mention(
                name.place, name.element, name.label, start, end, id=id_, name=called
            )
            words = self._words(name)
            if entity is not None and words not in (None, called) and self._is_name(name, words):
                self.building.entity(name.label, entity.name, id=id_, aliases=(words,))

    def _entity(self, id_: str, label: str | None, iris: Iterable[str] = ()) -> Entity | None:
        """Return the entity of an id, with what the register says of it; None if it has no name."""
        if id_ in self._by_id:
            return self._by_id[id_]
        entry = self._document.register.entries.get(id_)
        called = entry.called if entry is not None and entry.called else [self._called.get(id_, "")]
        if not called[0]:
            return None
        entity = self._by_id[id_] = self.building.entity(
            label if entry is None else entry.label,
            called[0],
            id=id_,
            aliases=called,
            same_as=(*(entry.same_as if entry else ()), *iris),
            description=entry.description if entry else None,
        )
        if entry is not None and entry.place is not None:
            entity.latitude, entity.longitude = entry.place
        return entity

    def _referred(self, reference: Reference, label: str) -> list[Entity]:
        """Return what a reference names, by its id if nothing says how it is called."""
        for each in reference.ids:
            self._called.setdefault(each, _readable(each))
        found = [self._entity(each, label) for each in reference.ids]
        found += [
            self.building.entity(label, _readable(each), same_as=[each]) for each in reference.iris
        ]
        return [each for each in found if each is not None]

    def _quote(self, quote: Quoted) -> None:
        speakers = self._referred(
            self._document.references.read(quote.attributes.get("who")), "person"
        )
        start, end = self._places(quote.span)
        is_direct = quote.attributes.get("direct") != "false"
        for speaker in speakers or (None,):
            self.building.quotes.append(
                Quote(
                    speaker=None if speaker is None else speaker.id,
                    start=start,
                    end=end,
                    direct=is_direct,
                )
            )

    def _relation(self, place: str, given: dict[str, str]) -> None:
        ends = {each: self._named(place, given, each) for each in ("active", "passive", "mutual")}
        pairs = [
            *islice(product(ends["active"], ends["passive"]), _MOST_PAIRS + 1),
            *islice(combinations(ends["mutual"], 2), _MOST_PAIRS + 1),
        ]
        predicate = next((given[each] for each in ("name", "type", "ana") if given.get(each)), None)
        if not pairs:
            self.building.fault(f"{place}: does not relate two things of the document", given)
        elif len(pairs) > _MOST_PAIRS:
            self.building.fault(f"{place}: relates more than {_MOST_PAIRS:,} pairs", given)
        else:
            for one, other in pairs:
                self.building.relation(
                    one,
                    predicate and predicate.lstrip("#"),
                    other,
                    start_date=given.get("from") or given.get("notBefore"),
                    end_date=given.get("to") or given.get("notAfter"),
                )

    def _named(self, place: str, given: dict[str, str], key: str) -> list[Entity]:
        reference = self._document.references.read(given.get(key))
        known = [
            each
            for each in reference.ids
            if each in self._document.register.entries or each in self._by_id
        ]
        for each in reference.ids:
            if each not in known:
                reason = f"{place}: {key} {each} is neither in a register nor in the text"
                self.building.fault(reason, given)
        return self._referred(Reference(tuple(known), reference.iris), "Thing")

    def _facts(self) -> None:
        """Say what the registers say of the entities that are there."""
        for id_, entity in list(self._by_id.items()):
            entry = self._document.register.entries.get(id_, _NOTHING)
            for fact in entry.facts:
                other = next(
                    (self._by_id[each] for each in fact.reference.ids if each in self._by_id), None
                )
                self.building.relation(
                    entity,
                    fact.predicate,
                    other,
                    value=fact.words if other is None else None,
                    datatype="date" if fact.is_date else None,
                    start_date=fact.start,
                    end_date=fact.end,
                )


_NOTHING = Entry("")


def _readable(id_: str) -> str:
    return id_.rstrip("/").rpartition("/")[2] or id_
