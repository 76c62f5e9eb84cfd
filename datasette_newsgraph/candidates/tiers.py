"""The rules that are right so often that all their pairs may be looked at as one: the tiers.

Each is declared here, once, with how often it was right of how many pairs whose answer is known. A pair
that something contradicts is in none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from datasette_newsgraph.candidates.evidence import Evidence


class Rate(NamedTuple):
    """How often a rule was right of how many pairs."""

    right: int
    of: int


@dataclass(frozen=True)
class Tier:
    """A rule: its name, what its pairs are called, and when it holds, in words and as a function.

    How often it was right: ``by_tool`` in modern news with the names and types of a tool (spaCy),
    ``by_hand`` in modern news that was annotated by hand, ``old`` in old newspapers read by machine.
    docs/candidates.md says which corpora these are.
    """

    name: str
    title: str
    condition: str
    holds: Callable[[Evidence], bool]
    by_tool: Rate
    by_hand: Rate
    old: Rate

    @property
    def modern(self) -> Rate:
        """Return how often it was right in modern news."""
        return Rate(self.by_tool.right + self.by_hand.right, self.by_tool.of + self.by_hand.of)


TIERS: tuple[Tier, ...] = (
    Tier(
        "surname",
        "A surname, and whose it is",
        "Both are people. The one name is the last word of the other and of no different name, and each"
        " article that has it names the other, too.",
        lambda found: (
            found.last_word and found.people and is_only_one(found) and found.short_together == 1
        ),
        by_tool=Rate(24, 24),
        by_hand=Rate(204, 204),
        old=Rate(58, 61),
    ),
    Tier(
        "letters",
        "The same name",
        "The names differ in articles, marks, hyphens or capitals only, or in the titles of people, and"
        " the types are the same.",
        lambda found: found.same_letters and found.same_type and is_by_name(found),
        by_tool=Rate(55, 58),
        by_hand=Rate(123, 123),
        old=Rate(389, 419),
    ),
    Tier(
        "country",
        "Two names of a country",
        "Both are places, and usual names of that country alone.",
        lambda found: found.same_country and found.places and not found.shared_country_name,
        by_tool=Rate(8, 8),
        by_hand=Rate(45, 45),
        old=Rate(3, 4),
    ),
    Tier(
        "acronym",
        "An acronym, and what it stands for",
        "The one name is the initials of the other, three or more; some article names both, and the"
        " types are the same.",
        lambda found: found.acronym and found.together > 0 and found.same_type and is_long(found),
        by_tool=Rate(6, 7),
        by_hand=Rate(45, 46),
        old=Rate(0, 1),
    ),
)
#: Letters of an acronym that says enough.
_LETTERS = 3


def is_by_name(found: Evidence) -> bool:
    """Tell whether both are names, and titles differ in those of people only: "a World Cup" is any, and
    "General Motors" are not "Motors".
    """
    return not found.indefinite and (found.people or not found.other_title)


def is_only_one(found: Evidence) -> bool:
    """Tell whether no other name of the graph ends with the short one."""
    return found.endings == 1


def is_long(found: Evidence) -> bool:
    """Tell whether the shorter name has as many letters as an acronym that says enough."""
    return found.letters >= _LETTERS


def tier_of(found: Evidence, against: tuple[str, ...]) -> str:
    """Return the name of the first tier that a pair is in; "" if it is in none."""
    if against:
        return ""
    return next((tier.name for tier in TIERS if tier.holds(found)), "")
