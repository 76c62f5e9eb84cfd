"""The countries that come with the package: what they are called, and the words for their people.

``countries.toml`` has them by their item in Wikidata, and says what its fields mean.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.authority.folding import folded
from datasette_newsgraph.authority.things import Known, Named

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Country(NamedTuple):
    """A country: ``names`` are those that mean it alone, ``shared`` those that mean others, too."""

    iri: str
    name: str
    names: tuple[str, ...]
    shared: tuple[str, ...]
    people: tuple[str, ...]


@cache
def countries() -> tuple[Country, ...]:
    """Return the countries, in the order of the file."""
    text = (resources.files("datasette_newsgraph.authority") / "countries.toml").read_text("utf-8")
    return tuple(_country(item, fields) for item, fields in tomllib.loads(text).items())


@cache
def country_names() -> Mapping[str, str]:
    """Return the IRI in Wikidata of each country by its names, folded as of ``folding.folded``.

    Names are in English and some other languages. No name has an English article, and none is there
    that means something else, too: "Congo", "Georgia", "America".
    """
    found = {folded(name): each.iri for each in countries() for name in each.names}
    return MappingProxyType(found)


@cache
def peoples() -> Mapping[str, str]:
    """Return the IRI in Wikidata of each country by the English words for its people, folded:
    "french", "frenchmen". None of them is a name of a country.
    """
    found = {folded(word): each.iri for each in countries() for word in each.people}
    return MappingProxyType(found)


class Countries:
    """The countries as an authority, in which names can be looked up."""

    name = "countries"

    def named(self, form: str) -> Named:
        """Return the countries of a folded name, all of those that share it."""
        return _by_form().get(form, Named())


@cache
def _by_form() -> Mapping[str, Named]:
    found: dict[str, Named] = {}
    for each in countries():
        known = Known(each.iri, each.name, "", "Place", 0, is_checked=True)
        found |= {folded(name): Named((known,)) for name in each.names}
        for name in each.shared:
            others = found.get(folded(name), Named())
            found[folded(name)] = Named((*others.things, known), is_shared=True)
    return MappingProxyType(found)


def may_be_another_country(form: str, iri: str) -> bool:
    """Tell whether a folded name is one of a country, perhaps among other things, and not of the
    country of this IRI alone.
    """
    named = _by_form().get(form, Named())
    return named.is_shared or any(each.iri != iri for each in named.things)


def _country(item: str, fields: dict[str, Any]) -> Country:
    names = [fields["name"], *fields.get("also", ())]
    for given in fields.get("in_other_languages", {}).values():
        names += [given] if isinstance(given, str) else given
    shared = tuple(fields.get("shared", ()))
    meant = tuple(_without(names, {folded(each) for each in shared}))
    people = tuple(fields.get("people", ()))
    return Country(identifier_iri("Wikidata", item), fields["name"], meant, shared, people)


def _without(names: list[str], forms: set[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if folded(name) not in forms:
            yield name
