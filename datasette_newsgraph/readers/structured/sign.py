"""By what the output of a language model is known: lists of things and links, maybe wrapped.

A list of objects with names is in very many files. So the lists must be called what lists of entities
are, half of the keys of their objects must be known, and where they only hold names a text or links
must stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from datasette_newsgraph.article import Article, Entity, Relation
from datasette_newsgraph.readers.format_signs import Sample
from datasette_newsgraph.readers.named_keys import by_folded_key, folded
from datasette_newsgraph.readers.structured.answers import Found, found_in
from datasette_newsgraph.readers.structured.around import text_of
from datasette_newsgraph.readers.structured.keys import THINGS, are_type_words
from datasette_newsgraph.readers.structured.lists import (
    Lists,
    Member,
    says_entity,
    says_whole_link,
)
from datasette_newsgraph.readers.structured.loose_json import is_loose
from datasette_newsgraph.readers.structured.roles import has_name

_KNOWN = frozenset(map(folded, chain.from_iterable(THINGS.values())))
#: Lists that hold things of any kind in files of all kinds.
_LOOSE = ("nodes[", "concepts[", "entity[")
#: What says where a thing stands: so tools write, and few models.
_PLACES = frozenset(
    map(folded, (*THINGS["start"], *THINGS["end"], "start_token", "span", "offset", "offsets"))
)
_TYPES = tuple(map(folded, THINGS["type"]))
_FEW = 20
#: The fields of our own record.
_OF_ARTICLES = frozenset(Article.__struct_fields__)
_OF_ENTITIES = frozenset(Entity.__struct_fields__)
_OF_RELATIONS = frozenset(Relation.__struct_fields__)


@dataclass(frozen=True)
class Structured:
    """JSON with lists of things and links by name, by itself or in the answer of a language model.

    ``with_links`` asks for both, and that nothing has a place in a text: then lists by label are no
    output of a tool that finds names alone.
    """

    with_links: bool = False

    @property
    def weight(self) -> float:
        """How much it asks for; lists of names alone give way to those of tools."""
        return 4 if self.with_links else 1.5

    def score(self, sample: Sample) -> float:
        """Return 1 where some record has such lists."""
        fits = _relates_names if self.with_links else _is_extraction
        return float(any(fits(each) and not _is_record(each) for each in _found(sample)))

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        if self.with_links:
            return "JSON with a list of things by name, without offsets, and a list of links"
        return (
            "JSON with a list of things by name (`entities`, `named_entities`, or lists such as"
            " `persons` and `locations` beside a text) or of links (`relationships`, `relations`),"
            " also in the answer of a language model, in a fence, or broken off"
        )


def _found(sample: Sample) -> Iterator[Found]:
    """Yield what lists there are: in the records, in a list of things that these are the members of, or
    in all that the sample begins with.
    """
    yield from chain.from_iterable(map(found_in, sample.records))
    head = sample.head.lstrip()
    if head.startswith(b"[") and sample.records:
        yield from found_in(list(sample.records))
    elif head[:1] not in (b"{", b"[") or is_loose(head.decode("utf-8", "replace")):
        yield from found_in(head.decode("utf-8", "replace"))


def _is_extraction(found: Found) -> bool:
    lists = found.lists
    if found.is_listed and not _may_be_listed(found):
        # Documents and sentences are in the output of many tools.
        return False
    if _are_nodes(lists) and not found.around:
        # A graph: its nodes are told apart from what relates them by its own keys.
        return False
    links = [each.part for each in lists.links[:_FEW]]
    if any(map(says_whole_link, links)):
        return True
    if links and not lists.has_things:
        # Lists of three words may be anything, but beside a text.
        return bool(_text(found)) and any(isinstance(each, list) for each in links)
    if not lists.things:
        # Nothing was found: an answer says so in a wrapper, or beside a text.
        return lists.has_things and bool(found.around or _text(found))
    members = lists.things[:_FEW]
    if not found.around and not all(map(_says_what_it_is, members)):
        return False
    return not _are_nodes(lists) and _are_things(lists, members, has_text=bool(_text(found)))


def _may_be_listed(found: Found) -> bool:
    """Tell whether a list of articles or passages may be of a model: nothing in it has a place, and it
    has their texts, or tells more of its things than their names.
    """
    lists = found.lists
    return _are_without_places(lists) and (
        bool(_text(found)) or any(isinstance(each.part, dict) for each in lists.things[:_FEW])
    )


def _says_what_it_is(member: Member) -> bool:
    """Tell whether a member of a list that has no name says that it is an entity."""
    if not member.place.startswith("["):
        return True
    given = by_folded_key(member.part)
    return says_entity(given) or are_type_words(
        [each for key in _TYPES if isinstance(each := given.get(key), str)][:1]
    )


def _are_nodes(lists: Lists) -> bool:
    return bool(lists.things) and all(each.place.startswith(_LOOSE) for each in lists.things[:_FEW])


def _relates_names(found: Found) -> bool:
    lists = found.lists
    links = (each.part for each in lists.links[:_FEW])
    if not lists.has_things or not any(map(says_whole_link, links)):
        return False
    return not _are_nodes(lists) and not found.is_listed and _are_without_places(lists)


def _are_without_places(lists: Lists) -> bool:
    members = lists.things[:_FEW]
    objects = (by_folded_key(each.part) for each in members if isinstance(each.part, dict))
    return all(map(_PLACES.isdisjoint, objects))


def _is_record(found: Found) -> bool:
    """Tell whether all that there is has the names of our own record, of which something is missing."""
    lists = found.lists
    things = [each.part for each in lists.things[:_FEW]]
    if found.around or lists.fields.keys() - _OF_ARTICLES or not things:
        return False
    return (
        all(isinstance(each, dict) and each.keys() <= _OF_ENTITIES for each in things)
        and any(
            "mentions" in each or {"id", "type", "name"} >= each.keys() > {"id"} for each in things
        )
        and all(
            isinstance(each.part, dict) and each.part.keys() <= _OF_RELATIONS
            for each in lists.links[:_FEW]
        )
    )


def _text(found: Found) -> str | None:
    return text_of((found.lists.fields, *reversed(found.around)))


def _are_things(lists: Lists, members: list[Member], *, has_text: bool) -> bool:
    objects = [by_folded_key(each.part) for each in members if isinstance(each.part, dict)]
    if not objects:
        # Names alone, with their types or not.
        return has_text or (bool(members[0].label) and 2 * len(lists.fields) <= _labels(lists))
    is_labelled = bool(members[0].label)
    return (has_text or not is_labelled) and all(
        _is_thing(each, 1 if is_labelled else 2) for each in objects
    )


def _labels(lists: Lists) -> int:
    return len({each.label for each in lists.things})


def _is_thing(given: Mapping[str, Any], least: int) -> bool:
    known = [key for key, value in given.items() if key in _KNOWN and not isinstance(value, dict)]
    has_type = any(folded(key) in given for key in THINGS["type"])
    return len(known) >= max(least, len(given) / 2) and (has_name(given) or has_type)
