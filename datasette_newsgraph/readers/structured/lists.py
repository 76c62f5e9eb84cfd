"""Find the lists of things, links and quotes in an object, in whichever form they are written.

Things are a list of objects or names, lists by type, or objects by name; a name may stand in lists that
are called by a type ("persons", "locations"). Links are a list of objects, or of lists of three.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from datasette_newsgraph.readers.named_keys import by_folded_key, folded
from datasette_newsgraph.readers.structured import other_languages
from datasette_newsgraph.readers.structured.keys import LINKS, NO_KEYS, THINGS, GivenKeys
from datasette_newsgraph.readers.structured.roles import has_name

#: What lists of things are called.
THING_LISTS: tuple[str, ...] = (
    *("entities", "named_entities", "extracted_entities", "entity_list", "entity_mentions", "ner"),
    *("nodes", "concepts", "entity"),
    *other_languages.THING_LISTS,
)
#: What lists of links are called.
LINK_LISTS: tuple[str, ...] = (
    *("relationships", "relations", "extracted_relationships", "extracted_relations"),
    *("relation_list", "relationship_list", "edges", "links", "triples", "triplets", "facts"),
    *("statements", "connections", "relation"),
    *other_languages.LINK_LISTS,
)
QUOTE_LISTS: tuple[str, ...] = (
    *("quotes", "quotations", "direct_quotes"),
    *other_languages.QUOTE_LISTS,
)
#: What lists are called that hold the names of one type, with that type.
TYPE_LISTS: Mapping[str, str] = {
    **dict.fromkeys(("persons", "people", "person", "per", "individuals"), "Person"),
    **dict.fromkeys(
        ("organizations", "organisations", "organization", "organisation"), "Organization"
    ),
    **dict.fromkeys(("orgs", "org", "companies", "company", "institutions"), "Organization"),
    **dict.fromkeys(("locations", "location", "loc", "places", "place", "gpe", "cities"), "Place"),
    **dict.fromkeys(("countries", "facilities", "city", "country"), "Place"),
    **dict.fromkeys(("events", "event"), "Event"),
    **dict.fromkeys(("dates", "date"), "Date"),
    **dict.fromkeys(("products", "product"), "Product"),
    **dict.fromkeys(("norp", "nationalities", "groups", "laws", "works_of_art"), "Thing"),
    **other_languages.TYPE_LISTS,
}
_TYPE_LISTS = {folded(key): label for key, label in TYPE_LISTS.items()}
#: Lists by these words are what a post of a social network has in its ``entities``.
_OF_POSTS = frozenset(
    ("hashtags", "urls", "symbols", "media", "mentions", "usermentions", "annotations", "cashtags")
)
_TYPES = tuple(map(folded, THINGS["type"]))
#: The types of the blocks that an answer consists of.
_OF_BLOCKS = frozenset(
    map(
        folded,
        ("text", "input_text", "output_text", "thinking", "reasoning", "message", "tool_use"),
    )
) | {"functioncall", "toolresult", "document", "image", "imageurl"}
#: So many members show what a list is one of.
_SHOWN = 20


@dataclass(frozen=True)
class Member:
    """A member of a list: its place in the record, and the type that its list has for all."""

    place: str
    part: Any
    label: str = ""
    #: The name or the id under which it stands, if it stands under one.
    key: str = ""


@dataclass(frozen=True)
class Lists:
    """What an object has: its things, links and quotes, and the fields that are none of these."""

    things: list[Member] = field(default_factory=list)
    links: list[Member] = field(default_factory=list)
    quotes: list[Member] = field(default_factory=list)
    fields: Mapping[str, Any] = field(default_factory=dict)
    #: Whether things are told apart from links at all.
    has_things: bool = False


def lists_of(value: Any, given: GivenKeys = NO_KEYS, *, is_said: bool = False) -> Lists | None:
    """Return the lists of an object, or of a list that is one of things or links itself; None if it
    has none. Where it is all that a model has said (``is_said``), names with types are things.
    """
    if isinstance(value, list):
        return _of_bare_list(value, is_said=is_said)
    if not isinstance(value, dict):
        return None
    found = Lists(fields={})
    things, links, quotes, rest = found.things, found.links, found.quotes, {}
    has_things = False
    by_type: dict[str, Any] = {}
    for key, part in value.items():
        name = folded(key) if isinstance(key, str) else ""
        if name in given.dropped:
            continue
        if name in _names(THING_LISTS, given, "things") and _may_be_things(part):
            has_things = True
            things += _things(key, part)
        elif name in _names(LINK_LISTS, given, "links") and isinstance(part, list):
            links += (Member(f"{key}[{at}]", each) for at, each in enumerate(part))
        elif name in _names(QUOTE_LISTS, given, "quotes") and isinstance(part, list):
            quotes += (Member(f"{key}[{at}]", each) for at, each in enumerate(part))
        elif name in _TYPE_LISTS and _is_list_of_names(part):
            by_type[key] = part
        else:
            rest[key] = part
    # One such list may be anything: "people" of a web service, "events" of a calendar.
    if len(by_type) > 1 or (by_type and (has_things or links)):
        has_things = True
        for key, part in by_type.items():
            things += _labelled(key, part, _TYPE_LISTS[folded(key)])
    else:
        rest |= by_type
    if not has_things and not any(_is_link(each.part) for each in links):
        return None
    return Lists(things, links, quotes, rest, has_things)


def _names(usual: tuple[str, ...], given: GivenKeys, role: str) -> frozenset[str]:
    return frozenset(
        (*(each for each in map(folded, usual) if each not in given.said), *given.of(role))
    )


def _of_bare_list(value: list[Any], *, is_said: bool) -> Lists | None:
    """Return a list of things or of links that stands by itself: its objects must say what they are."""
    shown = value[:_SHOWN]
    objects = [by_folded_key(each) for each in shown if isinstance(each, dict)]
    if not shown or (len(objects) < len(shown) and not (is_said and not objects)):
        return None
    members = [Member(f"[{at}]", each) for at, each in enumerate(value)]
    if all(map(_is_link, shown)):
        return Lists(links=members)
    is_thing = _is_named_with_type if is_said else says_entity
    if objects and all(map(is_thing, objects)):
        return Lists(things=members, has_things=True)
    return None


def says_entity(given: Mapping[str, Any]) -> bool:
    """Tell whether an object, by folded keys, says that it is an entity of some type."""
    has_name = any(
        isinstance(given.get(key), str) for key in ("entity", "entityname", "entitytext")
    )
    return has_name and any(isinstance(given.get(key), str) for key in _TYPES if key != "class")


def _is_named_with_type(given: Mapping[str, Any]) -> bool:
    label = next((each for key in _TYPES if isinstance(each := given.get(key), str)), "")
    return bool(label) and folded(label) not in _OF_BLOCKS and has_name(given)


def _is_link(given: Any) -> bool:
    if isinstance(given, list):
        return len(given) == 3 and all(isinstance(each, str) for each in given)
    if not isinstance(given, dict):
        return False
    keys = by_folded_key(given).keys()
    return all(not keys.isdisjoint(map(folded, LINKS[role])) for role in ("subject", "object"))


def says_whole_link(given: Any) -> bool:
    """Tell whether a link says what relates its ends, too."""
    if not isinstance(given, dict):
        return False
    keys = by_folded_key(given).keys()
    return _is_link(given) and not keys.isdisjoint(map(folded, LINKS["predicate"]))


def _may_be_things(part: Any) -> bool:
    if isinstance(part, dict):
        return _OF_POSTS.isdisjoint(folded(key) for key in part)
    return isinstance(part, list)


def _is_list_of_names(part: Any) -> bool:
    return isinstance(part, list) and all(
        isinstance(each, str) or (isinstance(each, dict) and has_name(by_folded_key(each)))
        for each in part[:_SHOWN]
    )


def _things(key: str, part: list[Any] | dict[str, Any]) -> Iterator[Member]:
    if isinstance(part, list):
        yield from _of_list(key, part)
        return
    for name, each in part.items():
        if isinstance(each, list):
            yield from _labelled(f"{key}.{name}", each, name)
        else:
            # An object under its name or its id, or a type under its name.
            yield Member(f"{key}.{name}", each, key=name)


def _of_list(key: str, part: list[Any]) -> Iterator[Member]:
    for at, each in enumerate(part):
        place = f"{key}[{at}]"
        if isinstance(each, dict) and _are_lists_by_label(each):
            for name, members in each.items():
                yield from _labelled(f"{place}.{name}", members, name)
        else:
            yield Member(place, each)


def _are_lists_by_label(given: dict[str, Any]) -> bool:
    return bool(given) and all(isinstance(each, list) for each in given.values())


def _labelled(place: str, members: list[Any], label: str) -> Iterator[Member]:
    return (Member(f"{place}[{at}]", each, label) for at, each in enumerate(members))
