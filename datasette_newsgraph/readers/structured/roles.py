"""Which keys a list has for the parts of its things, links or quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.named_keys import folded
from datasette_newsgraph.readers.structured.keys import (
    NAMING,
    NO_KEYS,
    THINGS,
    GivenKeys,
    are_type_words,
)


@dataclass(frozen=True)
class Taken:
    """By role the folded key that a list has for it; ``also`` are further names, which are aliases."""

    keys: Mapping[str, str]
    also: tuple[str, ...] = ()

    def get(self, given: Mapping[str, Any], role: str) -> Any:
        """Return what an object, by folded keys, has for a role; None where it has nothing."""
        key = self.keys.get(role)
        value = None if key is None else given.get(key)
        return None if value in ("", [], {}) else value

    @property
    def known(self) -> frozenset[str]:
        """The keys that are taken."""
        return frozenset((*self.keys.values(), *self.also))


def has_name(given: Mapping[str, Any]) -> bool:
    """Tell whether an object, by folded keys, has words under a key that means a name."""
    names = (folded(key) for role in NAMING for key in THINGS[role])
    return any(_words(given.get(each)) for each in names)


def taken(
    objects: Sequence[Mapping[str, Any]],
    roles: Mapping[str, tuple[str, ...]],
    given: GivenKeys = NO_KEYS,
) -> Taken:
    """Return what keys a list of objects, by folded keys, has for each role: those of the user, or the
    first that most of them have.
    """
    counts: dict[str, int] = {}
    for each in objects:
        for key, value in each.items():
            if value not in (None, "", [], {}):
                counts[key] = counts.get(key, 0) + 1
    found: dict[str, str] = {}
    said = given.said
    for role, keys in roles.items():
        own = [key for key in given.of(role) if key in counts]
        usual = [key for each in keys if (key := folded(each)) in counts and key not in said]
        # Rather one that half of them have than an earlier one that hardly any has.
        often = [key for key in usual if 2 * counts[key] >= len(objects)]
        choice = next(iter((*own, *often, *usual)), None)
        if choice is not None and choice not in found.values():
            found[role] = choice
    return Taken(found)


def taken_of_things(
    place: str, objects: Sequence[Mapping[str, Any]], given: GivenKeys = NO_KEYS
) -> Taken:
    """Return what keys the objects of a list of things have for each role, one of them for the name.

    Raises RecordError that names both where either of two keys may be the name.
    """
    keys = dict(taken(objects, THINGS, given).keys)
    if given.of("name") and "name" in keys:
        return _named(objects, keys, keys["name"])
    of_types: list[str] = []
    for role in NAMING:
        candidates = [
            key
            for each in THINGS[role]
            if (key := folded(each)) not in given.said
            and any(_words(one.get(key)) for one in objects)
        ]
        names = [key for key in candidates if not _are_types(objects, key)]
        if role != "full name" and len(names) > 1:
            _tell_apart(place, objects, names)
        of_types += (key for key in candidates if key not in names)
        if names:
            if of_types:
                keys.setdefault("type", of_types[0])
            return _named(objects, keys, names[0])
    return _without_a_name(place, objects, keys)


def _named(objects: Sequence[Mapping[str, Any]], keys: dict[str, str], name: str) -> Taken:
    others = {key for role, key in keys.items() if role not in NAMING}
    also = tuple(
        key
        for role in NAMING
        for key in map(folded, THINGS[role])
        if key != name and key not in others and any(_words(each.get(key)) for each in objects)
    )
    rest = {role: key for role, key in keys.items() if role not in NAMING}
    return Taken({role: key for role, key in rest.items() if key != name} | {"name": name}, also)


def _without_a_name(
    place: str, objects: Sequence[Mapping[str, Any]], keys: dict[str, str]
) -> Taken:
    """Take a label or an id for the name, where that is certain."""
    label, id_, type_ = folded("label"), keys.get("id"), keys.get("type")
    has_label = any(_words(each.get(label)) for each in objects)
    if has_label and type_ not in (None, label):
        return _named(objects, keys, label)
    ids = [each.get(id_) for each in objects] if id_ is not None else []
    if id_ is not None and any(isinstance(each, str) and _is_name(each) for each in ids):
        if has_label and not _are_types(objects, label):
            raise _ambiguous(place, "id", "label")
        return Taken({**{role: key for role, key in keys.items() if role != "id"}, "name": id_})
    if has_label and not _are_types(objects, label):
        return Taken({**{r: key for r, key in keys.items() if r != "type"}, "name": label})
    raise RecordError(f"{place}: no key of them is the name; say which one is (--map, [keys])")


def _is_name(words: str) -> bool:
    """Tell whether an id is a name, and no number or code: "Ana Silva", but not "e1"."""
    return " " in words or (words[:1].isupper() and not any(map(str.isdigit, words)))


def _are_types(objects: Sequence[Mapping[str, Any]], key: str) -> bool:
    return are_type_words([words for each in objects if (words := _words(each.get(key)))])


def _tell_apart(place: str, objects: Sequence[Mapping[str, Any]], keys: list[str]) -> None:
    """Raise RecordError where two keys have different words, so that either may be the name."""
    for each in objects:
        both = [(key, words) for key in keys if (words := _words(each.get(key)))]
        if len({folded(words) for _, words in both}) > 1:
            raise _ambiguous(place, *(key for key, _ in both[:2]))


def _ambiguous(place: str, one: str, other: str) -> RecordError:
    return RecordError(
        f"{place}: both {one!r} and {other!r} may be the name; say which one is"
        f' (--map, with [keys] {one} = "name")'
    )


def _words(given: Any) -> str:
    return given.strip() if isinstance(given, str) else ""
