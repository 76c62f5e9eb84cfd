"""What speaks against a thing that alone of its type has the name of an entity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datasette_newsgraph.authorities import AUTHORITIES
from datasette_newsgraph.authority.countries import may_be_another_country
from datasette_newsgraph.authority.folding import folded, is_acronym
from datasette_newsgraph.authority.things import Known, Named
from datasette_newsgraph.linking.link import rank_of

#: The types that rules decide about.
DECIDED = frozenset({"Person", "Organization", "Place", "Event"})
_SHORTEST_ACRONYM = 3
#: Where there are no sitelinks: how the capitals of countries are marked in GeoNames.
_CAPITAL = "PPLC "


class _Least(NamedTuple):
    """What a thing has at least that is so well known: sitelinks, or inhabitants in GeoNames."""

    sitelinks: int
    inhabitants: int


#: What many know, and what is so well known that one word says it.
_KNOWN, _WELL_KNOWN = _Least(20, 100_000), _Least(80, 500_000)


def against_name(name: str, named: Named, thing: Known) -> Iterator[str]:
    """Yield what speaks against the thing of a name, in words; ``named`` are all things of the name."""
    words = folded(name).split()
    if name == name.lower() != name.upper():
        yield f"“{name}” is not written like a name"
    if thing.type not in DECIDED:
        yield "rules decide about people, places, organizations and events only"
    if thing.type == "Person":
        if len(words) < 2 or min(len(words[0]), len(words[-1])) < 2:
            yield f"“{name}” is no full name"
        if len(named.things) > 1:
            yield f"something else is called “{name}”, too"
    if not thing.is_checked:
        yield from _against_unchecked(name, named, thing)


def _against_unchecked(name: str, named: Named, thing: Known) -> Iterator[str]:
    form, label = folded(name), folded(thing.label)
    words = {*form.split()}
    if thing.type == "Person":
        if not _has(thing, _KNOWN):
            yield f"{thing.label} is not very well known"
        return
    if may_be_another_country(form, thing.iri):
        yield f"“{name}” is the name of a country"
    if words < {*label.split()}:
        yield f"“{name}” is a shorter form of “{thing.label}”"
    if len(words) == 1:
        yield from _against_one_word(name, named, thing)
    elif not words & {*label.split()}:
        yield f"“{name}” has no word of “{thing.label}” in it"
    elif (thing.type == "Place" or form != label) and not _has(thing, _KNOWN):
        yield f"{thing.label} is not very well known"


def _against_one_word(name: str, named: Named, thing: Known) -> Iterator[str]:
    form = folded(name)
    if not _has(thing, _WELL_KNOWN):
        yield f"“{name}” is one word, and {thing.label} not very well known"
    if is_acronym(form):
        if len(form) < _SHORTEST_ACRONYM or len(named.things) > 1:
            yield f"the letters “{name}” may stand for something else"
    elif thing.type != "Place":
        yield f"“{name}” is one word"
    elif form != folded(thing.label):
        yield f"“{name}” is one word, and another name of {thing.label}"


def _has(thing: Known, least: _Least) -> bool:
    if _is_of_geonames(thing.iri):
        return thing.description.startswith(_CAPITAL) or thing.links >= least.inhabitants
    return thing.links >= least.sitelinks


def _is_of_geonames(iri: str) -> bool:
    rank = rank_of(iri)
    return rank < len(AUTHORITIES) and AUTHORITIES[rank].name == "GeoNames"
