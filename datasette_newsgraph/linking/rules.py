"""The rules by which an entity is linked to a thing of its name, and what keeps them from it.

A link joins what all articles say of an entity with what is known of a thing, so a wrong one is worse
than one that is left to people. A rule decides only where nothing speaks against it:

* one thing of the entity's type has the name, and no other name of the entity is one of another thing;
* a person has a first and a last name, and nothing else in the authority is called so;
* an organization or event is called by several words, or by at least three capitals that nothing else
  in the authority has;
* a name that one article gives it besides decides only where it is a longer form of the usual one;
* the name is not just a shorter form of the thing's label, as "Supreme Court" is of many;
* the name is written like a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datasette_newsgraph.authority.folding import folded, is_acronym, without_article
from datasette_newsgraph.authority.things import Authority, Known, Named
from datasette_newsgraph.authority.types import type_of
from datasette_newsgraph.linking.link import Entity, Link

#: The types that rules decide about.
_DECIDED = frozenset({"Person", "Organization", "Place", "Event"})
_SHORTEST_ACRONYM = 3


def link_of(entity: Entity, authority: Authority) -> Link | None:
    """Return the link of an entity, or None if nothing of its type, or nearly so, has a name of it."""
    type_ = type_of(entity.type)
    by_name = _named(authority, entity.name)
    meant = _of_type(by_name.things, type_)
    by_alias = {alias: _named(authority, alias) for alias in entity.aliases}
    others = {
        alias: found
        for alias, named in by_alias.items()
        if (found := _of_type(named.things, type_))
    }
    link = None
    if meant:
        link = _judged(entity, entity.name, by_name, others, authority)
        if link.is_sure or len(meant) > 1 or by_name.is_shared:
            return link
    for alias in _longer(entity, others):
        longer = _judged(entity, alias, by_alias[alias], others, authority)
        if longer.is_sure and meant in ((), longer.things):
            return longer
    if link is None and others:
        words = f"only its other name “{next(iter(others))}” is known"
        return Link(entity, _distinct(others.values()), False, words)
    return link or _of_another_type(entity, by_name, type_)


def _longer(entity: Entity, others: Iterable[str]) -> Iterator[str]:
    """Yield longer forms of the name of an entity: "Apple Inc." of "Apple".

    Not of people: one of those who have a surname is called in full by one article, and others not.
    """
    if type_of(entity.type) != "Person":
        words = {*folded(entity.name).split()}
        yield from (alias for alias in others if words < {*folded(alias).split()})


def _judged(
    entity: Entity,
    name: str,
    named: Named,
    others: dict[str, tuple[Known, ...]],
    authority: Authority,
) -> Link:
    """Return the link of an entity to the things of its type that have one of its names."""
    meant = _of_type(named.things, type_of(entity.type))
    if named.is_shared:
        return Link(entity, meant, False, f"others are called “{name}”, too")
    if len(meant) > 1:
        return Link(entity, meant, False, f"{len(meant)} things are called “{name}”")
    (thing,) = meant
    for alias, found in others.items():
        if thing not in found:
            return Link(
                entity,
                (thing, *found),
                False,
                f"its other name “{alias}” is one of {found[0].label}",
            )
    against = next(_against(name, named, thing, is_checked=authority.is_checked), None)
    if against is not None:
        return Link(entity, meant, False, against)
    return Link(entity, meant, True, f"“{name}” is a name of {thing.label} alone")


def _against(name: str, named: Named, thing: Known, *, is_checked: bool) -> Iterator[str]:
    """Yield what speaks against a thing that alone of its type has the name."""
    form = folded(name)
    words = form.split()
    is_alone = len(named.things) == 1
    if name == name.lower() != name.upper():
        yield f"“{name}” is not written like a name"
    if thing.type not in _DECIDED:
        yield "rules decide about people, places, organizations and events only"
    if thing.type == "Person":
        if len(words) < 2 or min(len(words[0]), len(words[-1])) < 2:
            yield f"“{name}” is no full name"
        if not is_alone:
            yield f"something else is called “{name}”, too"
    if is_checked:
        return
    if is_acronym(form) and (len(form) < _SHORTEST_ACRONYM or not is_alone):
        yield f"the letters “{name}” may stand for something else"
    if thing.type in ("Organization", "Event") and len(words) < 2 and not is_acronym(form):
        yield f"“{name}” is one word"
    if thing.type != "Person" and {*words} < {*folded(thing.label).split()}:
        yield f"“{name}” is a shorter form of “{thing.label}”"


def _named(authority: Authority, name: str) -> Named:
    """Return what has a name, or else what has it without what tools leave around it."""
    found = Named()
    for form in map(folded, dict.fromkeys((name, without_article(name)))):
        if not found.things and form:
            found = authority.named(form)
        if not found.things and authority.is_checked and _is_in_capitals(form):
            found = authority.named(form.lower())
    return found


def _is_in_capitals(form: str) -> bool:
    """Tell whether a folded name may be a word that is written in capitals, as in headlines."""
    return is_acronym(form) and len(form) > _SHORTEST_ACRONYM


def _of_type(things: Iterable[Known], type_: str) -> tuple[Known, ...]:
    return tuple(each for each in things if each.type == type_)


def _of_another_type(entity: Entity, named: Named, type_: str) -> Link | None:
    """Return a link for people to decide where the types are not of one kind, but may mean the same: a
    state is a place and an organization, and what a tool calls a thing may be anything.
    """
    if type_ == "Person":
        return None
    things = tuple(each for each in named.things if each.type != "Person" or type_ not in _DECIDED)
    if not things:
        return None
    types = " or ".join(sorted({each.type or "of no known type" for each in things}))
    return Link(entity, things, False, f"it is {entity.type} here, and {types} there")


def _distinct(groups: Iterable[tuple[Known, ...]]) -> tuple[Known, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))
