"""Names that mean a country, and words for its people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from datasette_newsgraph.authority.countries import countries, country_names, peoples
from datasette_newsgraph.authority.folding import folded, without_article
from datasette_newsgraph.candidates.names import LONGEST

_AROUND = re.compile(r"^the\s+|['’]s$", re.IGNORECASE)


class Nation(NamedTuple):
    """The countries that a name may mean, of which it is the only one if it is not ``shared`` with
    others or with other things; and whether the name is a word for the people.
    """

    countries: frozenset[str]
    is_shared: bool = False
    is_people: bool = False


@lru_cache(maxsize=1 << 14)
def nation_of(raw: str) -> Nation | None:
    """Return the country that a name means or may mean, itself or as a word for its people."""
    # Before it is folded: a word in capitals is told from others where it stands alone.
    form = without_article(folded(_AROUND.sub("", raw[:LONGEST])))
    country = country_names().get(form)
    if country is not None:
        return Nation(frozenset({country}))
    if form in _shared():
        return Nation(_shared()[form], is_shared=True)
    country = peoples().get(form)
    return None if country is None else Nation(frozenset({country}), is_people=True)


@cache
def _shared() -> Mapping[str, frozenset[str]]:
    """Return the countries that a name may mean which means something else, too."""
    found: dict[str, set[str]] = {}
    for country in countries():
        for name in country.shared:
            found.setdefault(folded(name), set()).add(country.iri)
    return {form: frozenset(iris) for form, iris in found.items()}
