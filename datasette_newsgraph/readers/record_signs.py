"""By what our own record is known, whole or with something missing.

That is more than keys can say: very many files have records with an id, a title and a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.readers.format_signs import Sample

#: What says something of an article: an id, a title or an address is in any record.
_CONTENT = ("text", "entities", "relations", "quotes", "zones")


def _is_ours(record: Any, known: frozenset[str], foreign: frozenset[str]) -> bool:
    """Tell whether most fields of a record are ``known``, some of them its content or all it has, and
    none ``foreign``.
    """
    if not isinstance(record, dict) or foreign.intersection(record):
        return False
    found = known.intersection(record)
    if 2 * len(found) <= len(record) or found == {"id", "title"}:
        return False
    return len(found) == len(record) or any(name in found for name in _CONTENT)


@dataclass(frozen=True)
class Fields:
    """A JSON object with an ``id``; most of its fields are ``known`` and none ``foreign``, and the
    objects in its lists have what ``parts`` asks for. An id that is a number will do where there are
    such objects, or a text and a further known field.
    """

    known: frozenset[str]
    foreign: frozenset[str]
    parts: Mapping[str, tuple[str, ...]]
    # It asks for more than it says: other formats with such keys inside are not meant.
    weight: int = 8

    def score(self, sample: Sample) -> float:
        """Return 1 where some record is such an object."""
        return float(any(map(self._fits, sample.records)))

    def _fits(self, record: Any) -> bool:
        return (
            _is_ours(record, self.known, self.foreign)
            and self._has_id(record)
            and all(
                self._has_parts(record.get(name), fields) for name, fields in self.parts.items()
            )
        )

    def _has_id(self, record: dict[str, Any]) -> bool:
        given = record.get("id")
        if type(given) is not int:
            return isinstance(given, str)
        if any(name in record for name in self.parts):
            # Empty ones are as well those of doccano, which numbers its texts.
            return any(record.get(name) for name in self.parts)
        return "text" in record and len(self.known.intersection(record)) > 2

    @staticmethod
    def _has_parts(given: Any, fields: tuple[str, ...]) -> bool:
        if not isinstance(given, list) or not given:
            return not isinstance(given, dict)
        return any(isinstance(each, dict) and each.keys() >= {*fields} for each in given)

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        return "JSON with an `id` and the fields of the record"


@dataclass(frozen=True)
class Lacking:
    """A JSON object that most fields say to be a record, and most of those of the objects in its
    lists, though some field is missing that it cannot do without.

    ``parts`` are the fields that such an object may have. Any other format that fits is meant instead.
    """

    known: frozenset[str]
    foreign: frozenset[str]
    parts: Mapping[str, frozenset[str]]
    weight: int = 1

    def score(self, sample: Sample) -> float:
        """Return 1 where some record is such an object."""
        return float(any(map(self._fits, sample.records)))

    def _fits(self, record: Any) -> bool:
        if not _is_ours(record, self.known, self.foreign):
            return False
        members = list(self._members(record))
        return bool(members) and all(
            isinstance(each, dict)
            and len(fields.intersection(each)) >= 2
            and 2 * len(fields.intersection(each)) > len(each)
            for each, fields in members
        )

    def _members(self, record: dict[str, Any]) -> Iterator[tuple[Any, frozenset[str]]]:
        for name, fields in self.parts.items():
            given = record.get(name)
            if isinstance(given, list):
                yield from ((each, fields) for each in given)
            elif given is not None:
                yield None, fields

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        return "JSON with fields of the record, of which a required one is missing"


@dataclass(frozen=True)
class UnderAnyKey:
    """A JSON object that has, under whatever key, a list of objects with all these fields; what is in
    its other lists has those ``in_all``. It may stand in a list.
    """

    fields: tuple[str, ...]
    in_all: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """The number of fields."""
        return len(self.fields)

    def score(self, sample: Sample) -> float:
        """Return 1 where some record is such an object."""
        return float(any(map(self._fits, sample.records)))

    def _fits(self, record: Any) -> bool:
        if isinstance(record, list):
            return any(isinstance(each, dict) and self._fits(each) for each in record)
        if not isinstance(record, dict):
            return False
        lists = [each for each in record.values() if isinstance(each, list)]
        return any(_some_has(each, self.fields) for each in lists) and all(
            isinstance(member, dict) and member.keys() >= {*self.in_all}
            for each in lists
            for member in each
        )

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        fields = ", ".join(f"`{each}`" for each in self.fields)
        return f"JSON with lists, under whatever keys, of objects with {fields}"


def _some_has(given: list[Any], fields: tuple[str, ...]) -> bool:
    return any(isinstance(each, dict) and each.keys() >= {*fields} for each in given)
