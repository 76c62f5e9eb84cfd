"""How likely a pair is one thing: a weighted sum of what is known of it.

The weights are those of a logistic regression over pairs of sixteen annotated corpora, old newspapers
among them (docs/candidates.md). They stand in ``weights.json``: of each field of ``Evidence``, and of
each two fields that say more together.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from math import exp
from operator import attrgetter, mul
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette_newsgraph.candidates.evidence import Evidence

#: What one identifier in common is worth; what is left of a score where there are two of one authority,
#: and where one name is that of several people.
_SHARED, _CONFLICT, _SEVERAL = 0.97, 0.1, 0.3


class Weights(NamedTuple):
    """The constant of the sum, the weights of fields, and those of products of two fields."""

    constant: float
    fields: dict[str, float]
    products: dict[tuple[str, str], float]


@cache
def weights() -> Weights:
    """Return the weights."""
    text = (resources.files(__package__) / "weights.json").read_text("utf-8")
    given = json.loads(text)
    products = {
        (one, other): weight
        for one, several in given["products"].items()
        for other, weight in several.items()
    }
    return Weights(given["constant"], given["fields"], products)


@cache
def _sum() -> Callable[[Evidence], float]:
    """Return the function that adds up what is known of a pair."""
    constant, fields, products = weights()
    of_fields, factors = attrgetter(*fields), [*fields.values()]
    left = attrgetter(*(one for one, _ in products))
    right = attrgetter(*(other for _, other in products))
    of_products = [*products.values()]

    def add_up(found: Evidence) -> float:
        alone = sum(map(mul, of_fields(found), factors))
        together = sum(map(mul, map(mul, left(found), right(found)), of_products))
        return float(constant + alone + together)

    return add_up


def score(found: Evidence) -> float:
    """Return how likely a pair is one thing, from 0 to 1."""
    total = _sum()(found)
    likely = 1 / (1 + exp(-total)) if total > -700 else 0.0
    if found.two_identifiers:
        likely *= _CONFLICT
    if found.several:
        likely *= _SEVERAL
    return max(likely, _SHARED) if found.shared_identifier else likely
