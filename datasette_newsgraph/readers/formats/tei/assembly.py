"""From a document that has been read to entities, relations, quotes and zones."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, islice, product
from typing import NamedTuple

from datasette_newsgraph.article import Entity, Quote, Zone
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.tei.document import Document, Marked
from datasette_newsgraph.readers.formats.tei.elements import NAMES, TYPED
from datasette_newsgraph.readers.formats.tei.flow import Span
from datasette_newsgraph.readers.formats.tei.references import Reference
from datasette_newsgraph.readers.formats.tei.register import Entry

_REFERRING = ("ref", "key", "corresp", "sameAs")
_VALUES = ("when", "when-iso", "value")
_RANGE = (("from", "notBefore"), ("to", "notAfter"))
_BETWEEN = "\n\n"
#: A relation between more things than these is damage.
_MOST_PAIRS = 1000


class _Name(NamedTuple):
    """A name with its place in the text and its words, whether these are what a thing is called, and
    what it refers to.
    """

    marked: Marked
    start: int | None
    end: int | None
    words: str | None
    is_name: bool
    reference: Reference


class Assembly:
    """The parts of an article; the document is not changed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._pronouns = pronouns_of(document.header.language)
        text = document.text.text
        #: Where the notes begin in the text.
        self._notes_begin = len(text) + len(_BETWEEN) if text else 0
        notes = document.notes.text
        self.building = Building(_BETWEEN.join(filter(None, (text, notes))) or None)
        self.passed_over = (
            document.passed_over + document.header.passed_over + document.register.passed_over
        )
        self._by_id: dict[str, Entity] = {}
        names = [self._read(each) for each in _without_repeats(document.names)]
        #: What those are called that are in no register: by a name, if there is one.
        self._called: dict[str, str] = {}
        for each in sorted(names, key=lambda each: not each.is_name):
            for id_ in each.reference.ids:
                self._called.setdefault(id_, each.words or "")
        for each in names:
            self._name(each)
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

    def _read(self, marked: Marked) -> _Name:
        start, end = self._places(marked.span) if marked.span.end else (None, None)
        words = self.building.words(start, end)
        is_name = marked.name != "rs" and (words or "").casefold() not in self._pronouns
        return _Name(marked, start, end, words, is_name, self._reference(marked))

    def _reference(self, name: Marked) -> Reference:
        key = next((each for each in _REFERRING if name.attributes.get(each)), None)
        if key is None:
            return Reference()
        references = self._document.references
        return (references.key if key == "key" else references.read)(name.attributes[key])

    def _name(self, name: _Name) -> None:
        marked, reference = name.marked, name.reference
        place, label = (marked.place, marked.attributes), _label(marked)
        if not reference.ids:
            entity = self.building.mention(
                *place, label, name.start, name.end, same_as=reference.iris
            )
            if entity is not None and marked.name == "date":
                self._value(entity, marked.attributes)
        for id_ in reference.ids:
            entity = self._entity(id_, label, reference.iris if len(reference.ids) == 1 else ())
            called = None if entity is None else entity.name
            self.building.mention(*place, label, name.start, name.end, id=id_, name=called)
            if entity is not None and name.is_name and name.words != called:
                self.building.entity(label, entity.name, id=id_, aliases=(name.words or "",))

    def _value(self, entity: Entity, attributes: dict[str, str]) -> None:
        """Say what day or period a date is, as its attributes have it."""
        value = next((attributes[each] for each in _VALUES if attributes.get(each)), None)
        if value is not None:
            self.building.value(entity, value, "date")
            return
        ends = [
            next((attributes[one] for one in names if attributes.get(one)), "") for names in _RANGE
        ]
        if any(ends):
            self.building.value(entity, "/".join(ends))

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

    def _quote(self, quote: Marked) -> None:
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


def _without_repeats(names: list[Marked]) -> list[Marked]:
    """Leave out names that are all of another one, which takes what they refer to."""
    kept: list[Marked] = []
    inner: dict[tuple[int, int | None, int], Marked] = {}
    # An element ends behind those in it.
    for name in names:
        span = (id(name.span.flow), name.span.start, name.span.end)
        before = inner.get(span) if name.span.start is not None else None
        if before is None:
            kept.append(name)
            inner[span] = name
            continue
        refers = [any(each.attributes.get(one) for one in _REFERRING) for each in (before, name)]
        if not all(refers):
            is_vague = name.name in TYPED and "type" not in name.attributes
            before.attributes = {**before.attributes, **name.attributes}
            before.name = before.name if is_vague else name.name
        else:
            kept.append(name)
    return kept


def _label(name: Marked) -> str | None:
    if name.name in TYPED:
        return name.attributes.get("type")
    if name.name == "title":
        return "work"
    return NAMES[name.name]


def _readable(id_: str) -> str:
    return id_.rstrip("/").rpartition("/")[2] or id_
