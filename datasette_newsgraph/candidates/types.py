"""What kind of thing a type of an entity is: two kinds are two things, most of the time."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """A kind of thing, by the words for one of it. ``OTHER`` says nothing, as no type does."""

    PERSON = "a person"
    PLACE = "a place"
    ORGANISATION = "an organisation"
    PEOPLE = "a people or group"
    EVENT = "an event"
    PRODUCT = "a product"
    OTHER = "something else"


_LABELS = {
    Kind.PERSON: "person people per",
    Kind.PLACE: "place location loc gpe country city facility fac",
    Kind.ORGANISATION: "organization organisation org company",
    Kind.PEOPLE: "norp nationality",
    Kind.EVENT: "event",
    Kind.PRODUCT: "product",
}
_KINDS = {label: kind for kind, labels in _LABELS.items() for label in labels.split()}


def kind_of(label: str) -> Kind:
    """Return the kind of a type, given in the form of ``identity.normalise_label``."""
    return _KINDS.get(label, Kind.OTHER)
