"""Build an article record from what a tool says: what most readers have in common.

Extraction tools give spans with labels; the record has entities with mentions. A ``Building`` brings
spans of one label and one name together, keeps the labels and offsets as they are given (mapping
labels and repairing offsets come after), and notes what cannot be taken as faults with the place in
the tool's own record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from datasette_newsgraph.anchoring.sought_names import Sought
from datasette_newsgraph.anchoring.units import CODE_POINTS, Convert, Unit, converter
from datasette_newsgraph.article import (
    Article,
    Entity,
    Evidence,
    Extractor,
    Mention,
    Quote,
    Relation,
    Zone,
)
from datasette_newsgraph.identity import collapse, is_blank, normalise_name
from datasette_newsgraph.readers import Fault, Parsed

_NO_LABEL = "Thing"
#: Nothing is called by more characters than that: a span of them is damage.
_LONGEST_NAME = 1000
#: Nor is anything mentioned in more, whatever it is called.
_LONGEST_SPAN = 10_000
#: What a tool has made of the words of a date, an amount: 2021-07-16 of "Friday".
NORMALISED_VALUE = "normalised value"
#: What relates entities that a tool takes for one, under different names.
POSSIBLY_SAME = "possibly same as"


class Building:
    """An article in the making. ``text`` is what offsets count in, in ``unit``, end exclusive."""

    def __init__(self, text: str | None = None, unit: Unit = CODE_POINTS) -> None:
        self.text = text
        self.unit = unit
        self.entities: list[Entity] = []
        self.relations: list[Relation] = []
        self.quotes: list[Quote] = []
        self.zones: list[Zone] = []
        self.faults: list[Fault] = []
        self.sought: list[Sought] = []
        self._by_name: dict[tuple[str, str], Entity] = {}
        self._by_id: dict[str, Entity] = {}
        #: All names of each entity, by its id.
        self._names: dict[str, set[str]] = {}
        self._values: set[tuple[str, str]] = set()
        self._convert: Convert | None = None

    def fault(self, reason: str, part: Any) -> None:
        """Note that ``part`` of the tool's record cannot be taken: ``spans[3]: ends before …``."""
        self.faults.append(Fault(reason, part))

    def words(self, start: int | None, end: int | None) -> str | None:
        """Return what the text reads at a span given in the unit, or None if it is no span of it."""
        if self.text is None or start is None or end is None:
            return None
        if self._convert is None:
            self._convert = converter(self.text, self.unit)
        first, last = self._convert(start), self._convert(end)
        if first is None or last is None or first >= last:
            return None
        return self.text[first:last]

    def entity(
        self,
        label: str | None,
        name: str,
        *,
        id: str | None = None,  # noqa: A002 - the record's word for it
        aliases: Iterable[str] = (),
        same_as: Iterable[str] = (),
        description: str | None = None,
    ) -> Entity:
        """Return the entity of this ``id``, or else of this label, name and identifiers; it is made
        if it is not there yet. The label is the tool's own; without one it is a ``Thing``.
        """
        label = collapse(label or "") or _NO_LABEL
        same_as = [each for each in same_as if each]
        if id is not None:
            known = self._by_id.get(id)
        else:
            known = self._by_name.get((label, same_as[0] if same_as else normalise_name(name)))
        if known is None:
            # A letter first, so that a tool's id is never taken for an IRI.
            known = Entity(id=f"e{len(self.entities) + 1}", type=label, name=collapse(name))
            self.entities.append(known)
            if id is not None:
                self._by_id[id] = known
            else:
                self._by_name[label, same_as[0] if same_as else normalise_name(name)] = known
        names = self._names.setdefault(known.id, {known.name})
        for given in (name, *aliases):
            # One that is blank stays as it is, to be told as a fault with its place.
            each = collapse(given) or given
            if each and each not in names:
                names.add(each)
                known.aliases.append(each)
        known.same_as += [each for each in dict.fromkeys(same_as) if each not in known.same_as]
        known.description = known.description or description or None
        return known

    def mention(
        self,
        place: str,
        part: Any,
        label: str | None,
        start: int | None,
        end: int | None,
        surface: str | None = None,
        *,
        confidence: float | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the record's word for it
        same_as: Iterable[str] = (),
    ) -> Entity | None:
        """Add a mention and return its entity, which has the mention's words for its name unless
        ``name`` is given.

        ``place`` and ``part`` name it in a fault (``spans[3]``): there is none, and None is returned,
        if it has neither words nor a span of the text. ``surface`` is what the *tool* says that the
        text reads there; leave it None where it says nothing, never read it from the text.
        """
        if not surface and start is not None and end is not None and end - start > _LONGEST_SPAN:
            # Not even looked at: there may be thousands of them around each other.
            self.fault(f"{place}: {end - start} characters are too long for a mention", part)
            return None
        if isinstance(start, bool) or isinstance(end, bool):
            # JSON's true is no 1.
            self.fault(f"{place}: {start}-{end} is no span", part)
            return None
        words = surface if surface and not is_blank(surface) else self.words(start, end)
        if words is None or is_blank(words):
            if surface is None and self.text is not None and start is not None and end is not None:
                reason = f"{start}-{end} is not a span of the text ({len(self.text)} long)"
            else:
                reason = "has no words"
            self.fault(f"{place}: {reason}", part)
            return None
        if len(words) > _LONGEST_NAME and name is None:
            reason = f"{len(words)} characters are too long for a name"
            self.fault(f"{place}: {reason}", words[:_LONGEST_NAME])
            return None
        name = words if name is None or is_blank(name) else name
        entity = self.entity(label, name, id=id, same_as=same_as)
        entity.mentions.append(Mention(start=start, end=end, text=surface, confidence=confidence))
        return entity

    def seek(
        self,
        entity: Entity,
        passage: tuple[int, int] | None = None,
        *,
        confidence: float | None = None,
    ) -> None:
        """Have the names of an entity looked for, as the tool says no places: in the text, which may
        still come from the articles file, or in a ``passage`` of it, in code points. All occurrences
        become mentions, or else the name is one without a place.
        """
        start, end = passage or (None, None)
        self.sought.append(Sought(entity, start, end, confidence))

    def relation(
        self,
        subject: Entity,
        predicate: str | None,
        object: Entity | None = None,  # noqa: A002 - the record's word for it
        *,
        value: str | bool | int | float | None = None,
        datatype: Any = None,
        confidence: float | None = None,
        start_date: str | None = None,
        end_date: str | None = None,
        evidence: Iterable[Evidence] = (),
    ) -> Relation:
        """Add a statement; without a predicate it is ``related to``."""
        relation = Relation(
            subject=subject.id,
            predicate=collapse(predicate or "") or "related to",
            object=None if object is None else object.id,
            value=value,
            datatype=datatype,
            confidence=confidence,
            start_date=start_date,
            end_date=end_date,
            evidence=list(evidence),
        )
        self.relations.append(relation)
        return relation

    def relate_chain(self, entities: Iterable[Entity]) -> None:
        """Relate the first entity of a coreference chain with each other one. They are never merged:
        that is a person's call.
        """
        distinct = list({entity.id: entity for entity in entities}.values())
        for other in distinct[1:]:
            self.relation(distinct[0], POSSIBLY_SAME, other)

    def value(self, entity: Entity, value: str, datatype: Any = None) -> None:
        """Note the normalised value of an entity (2021-07-16 for "Friday"), once."""
        if (entity.id, value) not in self._values:
            self._values.add((entity.id, value))
            self.relation(entity, NORMALISED_VALUE, value=value, datatype=datatype)

    def finish(
        self,
        tool: str,
        *,
        version: str | None = None,
        model: str | None = None,
        local_ids: Iterable[str | int | None] = (),
        passed_over: Mapping[str, int] | None = None,
        **fields: Any,
    ) -> Parsed:
        """Return the article. ``fields`` are those of ``Article``: ``url``, ``title`` …

        ``id`` may be left out: it becomes the URL, or else the hash of the text. ``local_ids`` are
        the ids that the tool knows the document by, which are never the article's own;
        ``passed_over`` counts what is said of the article and of no use. Dates are given in the
        words that the tool has: all of a file are read together.
        """
        id_ = fields.pop("id", None) or ""
        parsed = Parsed(
            Article(
                id=id_,
                text=self.text,
                zones=self.zones,
                entities=self.entities,
                relations=self.relations,
                quotes=self.quotes,
                extractor=Extractor(name=tool, version=version, model=model),
                **fields,
            ),
            faults=self.faults,
            sought=self.sought,
            unit=self.unit,
            is_unnamed=not id_,
            local_ids=tuple(str(each) for each in local_ids if each not in (None, "")),
        )
        if passed_over:
            parsed.notes.passed_over.update(passed_over)
        return parsed
