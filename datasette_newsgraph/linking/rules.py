"""The rules by which an entity is linked to a thing of its name, and what keeps them from it.

A link joins what all articles say of an entity with what is known of a thing, so a wrong one is worse
than one that is left to people. Authorities are never complete: a file of towns has an Armenia and an
Ontario, and other names are often old ones, or those of another language. So a rule decides only where
nothing speaks against it:

* one thing of the entity's type has the name, and no other name of the entity is one of another thing;
* a name that one article gives it besides decides only where it is a longer form of the usual one;
* a person has a first and a last name, nothing else in the authority is called so, and many know him;
* an organization or event is called by several words, or by three capitals or more that nothing else
  in the authority has, and is well known;
* a place is called by several words, and many know it, or by one, and it is its label and well known;
* another name than the label has a word of it in it, and many know the thing;
* the name is no country's, and not just a shorter form of the thing's label, as "Supreme Court" is of
  many;
* the name is written like a name.

Names that people have matched, as those of our countries, may be short, and their things little known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datasette_newsgraph.authority.folding import folded, is_acronym, without_article
from datasette_newsgraph.authority.things import Authority, Known, Named
from datasette_newsgraph.authority.types import type_of
from datasette_newsgraph.linking.link import Entity, Link
from datasette_newsgraph.linking.objections import DECIDED, against_name


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
        link = _judged(entity, entity.name, by_name, others)
        if link.is_sure or len(meant) > 1 or by_name.is_shared:
            return link
    for alias in _longer(entity, others):
        longer = _judged(entity, alias, by_alias[alias], others)
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


def _judged(entity: Entity, name: str, named: Named, others: dict[str, tuple[Known, ...]]) -> Link:
    """Return the link of an entity to the things of its type that have one of its names."""
    meant = _of_type(named.things, type_of(entity.type))
    if named.is_shared:
        return Link(entity, meant, False, f"others are called “{name}”, too")
    if len(meant) > 1:
        return Link(entity, meant, False, f"{len(meant)} things are called “{name}”")
    (thing,) = meant
    for alias, found in others.items():
        if thing.iri not in {each.iri for each in found}:
            words = f"its other name “{alias}” is one of {found[0].label}"
            return Link(entity, (thing, *found), False, words)
    against = next(against_name(name, named, thing), None)
    if against is not None:
        return Link(entity, meant, False, against)
    return Link(entity, meant, True, f"“{name}” is a name of {thing.label} alone")


def _named(authority: Authority, name: str) -> Named:
    """Return what has a name, or else what has it without what tools leave around it."""
    found = Named()
    for form in map(folded, dict.fromkeys((name, without_article(name)))):
        if not found.things and form:
            found = authority.named(form)
        if not found.things and is_acronym(form):
            # A word that is written in capitals, as in headlines, if people know it.
            word = authority.named(form.lower())
            found = word if all(each.is_checked for each in word.things) else found
    return found


def _of_type(things: Iterable[Known], type_: str) -> tuple[Known, ...]:
    return tuple(each for each in things if each.type == type_)


def _of_another_type(entity: Entity, named: Named, type_: str) -> Link | None:
    """Return a link for people to decide where the types are not of one kind, but may mean the same: a
    state is a place and an organization, and what a tool calls a thing may be anything.
    """
    if type_ == "Person":
        return None
    things = tuple(each for each in named.things if each.type != "Person" or type_ not in DECIDED)
    if not things:
        return None
    types = " or ".join(sorted({each.type or "of no known type" for each in things}))
    return Link(entity, things, False, f"it is {entity.type} here, and {types} there")


def _distinct(groups: Iterable[tuple[Known, ...]]) -> tuple[Known, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))
