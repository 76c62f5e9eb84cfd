"""What may stand for the key of an entity: an identifier IRI, or the address of its page."""

from __future__ import annotations

import re

from datasette_newsgraph.authorities import canonical_identifier, identifier_iri
from datasette_newsgraph.identity import HASH_LENGTH, entity_key

_WHOLE = rf"[a-z0-9-]+-[a-z2-7]{{{HASH_LENGTH}}}"
_KEY = re.compile(_WHOLE)
#: An IRI that we made for an entity, or its page, whatever the base is.
_OURS = re.compile(rf"https?://\S*/entity/({_WHOLE})(?:[?#]\S*)?", re.IGNORECASE)
#: The same for what articles say.
_OF_THING = re.compile(
    r"https?://\S*/(?:mention|relation|evidence|quote)/([a-z0-9-]+)(?:[?#]\S*)?", re.IGNORECASE
)
_OF_ITEM = re.compile(rf"(q[1-9]\d*)-[a-z2-7]{{{HASH_LENGTH}}}", re.ASCII)


def looks_like_key(text: str) -> bool:
    """Tell whether a text has the form of the keys that we make."""
    return _KEY.fullmatch(text) is not None


def is_iri(text: str) -> bool:
    """Tell whether a text is taken for an IRI."""
    return "://" in text or text[:4].lower() == "urn:"


def key_meant(given: str) -> str:
    """Return the key of the entity that an identifier IRI, an IRI of ours or the address of a page
    stands for; any other text as it is, without white space at its ends.

    >>> key_meant("https://www.wikidata.org/wiki/Q90")
    'q90-7vjtwgbjzcbb3'
    """
    given = given.strip()
    if not is_iri(given):
        return given
    if ours := _OURS.fullmatch(given):
        return ours[1]
    found = canonical_identifier(given)
    return given if found is None else entity_key("", "", [found])


def thing_meant(given: str) -> str:
    """Return the key of the mention, relation, evidence or quote that an IRI of ours or the address of
    a page stands for; any other text as it is, without white space at its ends.
    """
    found = _OF_THING.fullmatch(given.strip())
    return found[1] if found else given.strip()


def item_iri_of(key: str) -> str | None:
    """Return the IRI of Wikidata's item that a key follows from, if it follows from one.

    >>> item_iri_of("q90-7vjtwgbjzcbb3")
    'http://www.wikidata.org/entity/Q90'
    """
    item = item_of(key)
    return None if item is None else identifier_iri("Wikidata", item)


def item_of(key: str) -> str | None:
    """Return the number of Wikidata's item that a key follows from, if it follows from one.

    >>> item_of("q90-7vjtwgbjzcbb3")
    'Q90'
    """
    found = _OF_ITEM.fullmatch(key)
    if found is None:
        return None
    item = found[1].upper()
    return item if key_meant(identifier_iri("Wikidata", item)) == key else None
