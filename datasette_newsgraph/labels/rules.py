"""What becomes of one label, and presets: rules for all labels of a scheme, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from datasette_newsgraph.identity import normalise_label


@dataclass(frozen=True)
class Rule:
    """What becomes of a type or predicate.

    ``label`` is the new one, None keeps the given one; ``iri`` is its term; with ``drop`` entities
    (or relations) of it are left out. Of predicates only: ``inverse`` lets subject and object change
    places, ``alias`` makes the object's name an alias of the subject, and both stay.
    """

    label: str | None = None
    iri: str | None = None
    drop: bool = False
    inverse: bool = False
    alias: bool = False
    #: Of types only: an entity that something is said of is not left out, as that would go with it.
    spares_subjects: bool = False


DROP = Rule(drop=True)
#: A number is no entity; as the object of a relation it is a value.
NUMBER = Rule("Quantity", drop=True, spares_subjects=True)
ALIAS = Rule(alias=True)

#: In data a rule that is no more than a new label is written as that.
Rules = Mapping[str, "str | Rule"]


@dataclass(frozen=True, eq=False)
class Preset:
    """The labels of one scheme. They are compared as ``normalise_label`` leaves them, so that
    "PERSON", "Person" and "person" are one.
    """

    title: str
    types: Rules = field(default_factory=dict)
    predicates: Rules = field(default_factory=dict)


@lru_cache(maxsize=64)
def rules_of(preset: Preset) -> tuple[dict[str, Rule], dict[str, Rule]]:
    """Return a preset's rules for types and for predicates, by normalised label."""
    return _normalised(preset.types), _normalised(preset.predicates)


def _normalised(rules: Rules) -> dict[str, Rule]:
    return {
        normalise_label(label): Rule(rule) if isinstance(rule, str) else rule
        for label, rule in rules.items()
    }
