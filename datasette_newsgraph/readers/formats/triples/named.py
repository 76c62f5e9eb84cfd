"""Entities that a document of statements tells apart from them, in whichever form people write them.

::

    ["Ana", "Rome"]                                   names
    [{"name": "Ana", "type": "Person", "start": 0}]   objects
    [["Ana", "Person"]]                               pairs
    {"Person": ["Ana", {"text": "Bob"}]}              lists by label, also of spans ([0, 3])
    {"Ana": "Person"}                                 types by name
    {"e1": {"name": "Ana", "type": "Person"}}         objects by id, or by name

Nothing says which word of a pair, or of a key and its value, is the name: the statements and the text
do, as names stand in them. Where they do not, the entity is not taken and becomes a fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from datasette_newsgraph.identity import normalise_name

#: What an entity that is an object has its name and its type in.
_NAMES = ("name", "text", "surfaceform", "mention", "id")
_TYPES = ("type", "label")


class Named(NamedTuple):
    """An entity as it is given: ``place`` and ``part`` name it in faults; ``fault`` says why it is not
    taken.
    """

    place: str
    part: Any
    name: str = ""
    label: str = ""
    start: int | None = None
    end: int | None = None
    id: str = ""
    fault: str | None = None


class Known:
    """The words of a document that are known to be names: the ends of its statements, or else what
    its text has.
    """

    def __init__(self, ends: Collection[str], text: str | None) -> None:
        self._ends = frozenset(map(normalise_name, ends))
        self._text = (text or "").casefold()

    def are_first(self, pairs: list[tuple[str, str]]) -> bool | None:
        """Tell whether the first word of each pair is a name and the second its label, or the other
        way round; None where that is not certain.
        """
        if (first := self.are_ends_first(pairs)) is not None:
            return first
        # Words of the text may as well be labels: one of the two must be there without exception.
        all_first, all_second = (
            all(self._stands_there(pair[place]) for pair in pairs) for place in (0, 1)
        )
        return all_first if all_first != all_second else None

    def are_ends_first(self, pairs: list[tuple[str, str]]) -> bool | None:
        """Tell whether the first words of pairs are ends of statements; None if both or neither are."""
        first, second = (any(self._is_end(pair[place]) for pair in pairs) for place in (0, 1))
        return first if first != second else None

    def _is_end(self, words: str) -> bool:
        return normalise_name(words) in self._ends

    def _stands_there(self, words: str) -> bool:
        return self._is_end(words) or (bool(words.strip()) and words.casefold() in self._text)


def named(given: Any, known: Known) -> Iterator[Named]:
    """Yield the entities of a document's ``entities``, those that cannot be taken with the reason."""
    if isinstance(given, list):
        yield from _of_list(given, known)
    elif isinstance(given, dict):
        yield from _of_object("entities", given, known)
    elif given is not None:
        fault = f"expected a list or an object, got {type(given).__name__}"
        yield Named("entities", given, fault=fault)


def name_and_type(given: Any) -> tuple[str, str]:
    """Return the name and the type of an entity that is a string or an object, "" where it has none."""
    if not isinstance(given, dict):
        return words(given), ""
    name = next(filter(None, (words(given.get(key)) for key in _NAMES)), "")
    return name, next(filter(None, (words(given.get(key)) for key in _TYPES)), "")


def words(given: Any) -> str:
    """Return a string or a number as words, "" for all else."""
    if isinstance(given, str):
        return given.strip()
    return "" if given is None or isinstance(given, (bool, dict, list)) else str(given)


def _of_list(given: list[Any], known: Known) -> Iterator[Named]:
    pairs = [(each[0], each[1]) for each in given if _is_pair(each)]
    is_name_first = known.are_first(pairs) if pairs else None
    for number, part in enumerate(given):
        place = f"entities[{number}]"
        if _is_pair(part):
            yield _of_pair(place, part, part[0], part[1], is_name_first)
        elif isinstance(part, dict) and _has_lists(part):
            yield from _of_object(place, part, known)
        else:
            yield _one(place, part)


def _is_pair(given: Any) -> bool:
    return (
        isinstance(given, list) and len(given) == 2 and all(isinstance(each, str) for each in given)
    )


def _has_lists(given: dict[str, Any]) -> bool:
    has_name = any(words(given.get(key)) for key in _NAMES)
    return not has_name and bool(given) and all(isinstance(each, list) for each in given.values())


def _of_object(place: str, given: dict[str, Any], known: Known) -> Iterator[Named]:
    has_lists = any(isinstance(each, list) for each in given.values())
    pairs = [
        (key, member)
        for key, value in given.items()
        for member in (value if isinstance(value, list) else [value])
        if isinstance(member, str)
    ]
    # The usual form are lists of names by label.
    is_key_name = known.are_ends_first(pairs) is True if has_lists else known.are_first(pairs)
    for key, value in given.items():
        where = f"{place}[{key!r}]"
        if isinstance(value, list):
            if is_key_name and all(isinstance(each, str) for each in value):
                # Its types, of which the first is taken.
                yield Named(where, {key: value}, key, next(iter(value), ""))
                continue
            for number, member in enumerate(value):
                yield _one(f"{where}[{number}]", member, label=key)
        elif isinstance(value, str):
            yield _of_pair(where, {key: value}, key, value, is_key_name)
        elif isinstance(value, dict) and name_and_type(value) != ("", ""):
            yield _one(where, value, key=key)
        elif value is not None:
            yield Named(where, {key: value}, fault="expected a list of names, a type or an object")


def _of_pair(place: str, part: Any, first: str, second: str, is_name_first: bool | None) -> Named:
    if is_name_first is None:
        fault = f"nothing tells which of {first!r} and {second!r} is the name and which its type"
        return Named(place, part, fault=fault)
    name, label = (first, second) if is_name_first else (second, first)
    return Named(place, part, name.strip(), label.strip())


def _one(place: str, part: Any, label: str = "", key: str = "") -> Named:
    """Return an entity that is a name, an object or a span; ``key`` is its name or its id."""
    if isinstance(part, dict):
        name, own = name_and_type({**part, "id": part.get("id", key) or key})
        start, end = (_offset(part.get(each)) for each in ("start", "end"))
        id_ = words(part.get("id")) or key
        return Named(place, part, name, own or label, start, end, id_ if id_ != name else "")
    if isinstance(part, list):
        offsets = [each for each in part if isinstance(each, int) and not isinstance(each, bool)]
        strings = [each for each in part if isinstance(each, str)]
        if len(offsets) != 2 or len(strings) > 1 or len(part) > 3 or (strings and not label):
            return Named(place, part, fault="expected a name, an object or a span")
        start, end = map(_offset, offsets)
        return Named(place, part, "".join(strings).strip(), label, start, end)
    return Named(place, part, words(part), label)


def _offset(given: Any) -> int | None:
    is_offset = isinstance(given, int) and not isinstance(given, bool)
    return given if is_offset and abs(given) < 1 << 53 else None
