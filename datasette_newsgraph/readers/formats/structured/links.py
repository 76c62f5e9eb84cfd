"""Take the links of an answer: each a statement about two things, or about a thing and a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.readers.formats.structured.things import (
    Things,
    spelled,
    texts_of,
    unknown_keys,
    words_of,
)
from datasette_newsgraph.readers.named_keys import by_folded_key
from datasette_newsgraph.readers.plain_values import is_number
from datasette_newsgraph.readers.structured.keys import LINKS, THINGS
from datasette_newsgraph.readers.structured.lists import Member
from datasette_newsgraph.readers.structured.roles import Taken, taken

_DATE = re.compile(r"[12]\d{3}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
#: A description of so many characters says what relates the ends, where nothing else does.
_SHORT = 60
#: So many statements may one link with several ends make.
_MOST = 1000


class Links:
    """Takes links; where things are told apart from them, their ends are such things."""

    def __init__(self, things: Things, *, has_things: bool) -> None:
        self._things = things
        self._has_things = has_things

    def take(self, members: Sequence[Member]) -> None:
        """Take all members of the lists of links."""
        objects = [by_folded_key(each.part) for each in members if isinstance(each.part, dict)]
        roles = taken(objects, LINKS, self._things.keys)
        if objects:
            first = next(each.part for each in members if isinstance(each.part, dict))
            self._things.tell("relations[]", roles, first, len(objects))
        for member in members:
            if isinstance(member.part, dict):
                self._object(member, by_folded_key(member.part), roles)
            else:
                self._three(member)

    def _three(self, member: Member) -> None:
        part = member.part
        if not isinstance(part, list) or len(part) != 3:
            self._fault(member, "is no object and no list of three")
            return
        subject = self._end(member, "subject", part[0])
        object_ = self._end(member, "object", part[2]) if subject is not None else None
        if subject is not None and object_ is not None:
            self._state(subject, words_of(part[1]), object_)

    def _object(self, member: Member, given: Mapping[str, Any], roles: Taken) -> None:
        ends = [self._ends(member, given, roles, role) for role in ("subject", "object")]
        if not all(ends):
            return
        building, things = self._things.building, self._things
        description = words_of(roles.get(given, "description"))
        predicate = words_of(roles.get(given, "predicate"))
        if not predicate and len(description) <= _SHORT:
            predicate, description = description, ""
        if description:
            key = roles.keys["description"]
            things.unknown[f"relations[].{spelled(member.part).get(key, key)}"] += 1
        evidence = texts_of(roles.get(given, "evidence"))
        if (count := len(ends[0]) * len(ends[1])) > 1 and count * (len(evidence) or 1) > _MOST:
            self._fault(member, f"relates more than {_MOST} pairs or pieces of evidence")
            return
        more: dict[str, Any] = {
            "confidence": things.confidence("relations[]", roles.get(given, "confidence")),
            "start_date": first_date(filter(None, [words_of(roles.get(given, "start date"))])),
            "end_date": first_date(filter(None, [words_of(roles.get(given, "end date"))])),
        }
        for subject, object_ in product(*ends):
            if isinstance(subject, Entity):
                self._state(
                    subject,
                    predicate,
                    object_,
                    evidence=[Evidence(text=each) for each in evidence],
                    **more,
                )
            else:
                building.fault(f"{member.place}: its subject is a value", member.part)
        things.unknown.update(unknown_keys("relations[]", member.part, roles, things.keys))

    def _state(
        self, subject: Entity | Value, predicate: str, object_: Entity | Value, **more: Any
    ) -> None:
        building = self._things.building
        if not isinstance(subject, Entity):
            building.fault(f"the subject {subject.words!r} is a value", subject.words)
        elif isinstance(object_, Entity):
            building.relation(subject, predicate, object_, **more)
        else:
            building.relation(
                subject, predicate, value=object_.words, datatype=object_.datatype, **more
            )

    def _ends(
        self, member: Member, given: Mapping[str, Any], roles: Taken, role: str
    ) -> list[Entity | Value]:
        """Return what stands at an end: one thing or value, or each of a list."""
        label = words_of(roles.get(given, f"{role} type"))
        end = roles.get(given, role)
        listed = end if isinstance(end, list) else [end]
        found = (self._end(member, role, each, label) for each in listed)
        return [each for each in found if each is not None]

    def _end(self, member: Member, role: str, given: Any, label: str = "") -> Entity | Value | None:
        """Return the thing or the value that an end is; None, with a fault, if it is neither."""
        if isinstance(given, dict):
            given, label = _named_inside(given, label)
            if given and (known := self._things.who(given)) is None:
                # It is told here what it is.
                return self._things.named(given, label)
        words = words_of(given)
        if not words:
            self._fault(member, f"has no {role}")
            return None
        known = self._things.who(words)
        if known is not None:
            return known
        if role == "object" and (value := _value(given, words)) is not None:
            return value
        if not self._has_things:
            return self._things.named(words, label)
        self._fault(member, f"its {role} {words[:100]!r} is the name of no entity in the record")
        return None

    def _fault(self, member: Member, reason: str) -> None:
        self._things.building.fault(f"{member.place}: {reason}", member.part)


class Value:
    """An end that is no thing: a number or a date."""

    def __init__(self, words: str, datatype: str) -> None:
        self.words = words
        self.datatype = datatype


def _value(given: Any, words: str) -> Value | None:
    if _DATE.fullmatch(words):
        return Value(words, "date")
    is_whole = isinstance(given, (int, float)) and not isinstance(given, bool)
    return Value(words, "number") if is_whole or is_number(words) else None


def _named_inside(given: dict[str, Any], label: str) -> tuple[str, str]:
    """Return the name, or else the id, and the type of a thing that stands in a link."""
    fields = by_folded_key(given)
    roles = taken([fields], THINGS)
    names = (roles.get(fields, role) for role in ("full name", "name", "surface", "id"))
    return (
        next(filter(None, map(words_of, names)), ""),
        words_of(roles.get(fields, "type")) or label,
    )
