"""Authorities that give identifiers to people, places and organisations, in order of preference.

One table says how each authority's many addresses become the one IRI that its own data uses, which
comes first when an entity has several, and which of them name a thing (``owl:sameAs``) rather than
a page about it (only ``schema:sameAs``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from datasette_newsgraph.iri import clean_iri


@dataclass(frozen=True)
class Authority:
    """``pattern`` matches an address, scheme left out; ``canonical`` is its IRI, from the groups."""

    name: str
    pattern: re.Pattern[str]
    canonical: str
    names_things: bool
    #: The identifier is a title, in which "_" and " ", "%20" and "É" and "%C3%89" are the same.
    is_title: bool = False


def _authority(
    name: str, pattern: str, canonical: str, *, names_things: bool, is_title: bool = False
) -> Authority:
    return Authority(name, re.compile(pattern), canonical, names_things, is_title)


AUTHORITIES: tuple[Authority, ...] = (
    _authority(
        "Wikidata",
        r"(?:www\.|m\.)*wikidata\.org/(?:wiki|entity|wiki/Special:EntityData)/"
        r"(?:Item:|Property:|Lexeme:)?([QPLqpl][1-9]\d*)(?:\.\w+)?",
        "http://www.wikidata.org/entity/{0}",
        names_things=True,
    ),
    _authority(
        "GeoNames",
        r"(?:www\.|sws\.)?geonames\.org/([1-9]\d*)(?:/[^?#]*)?",
        "https://sws.geonames.org/{0}/",
        names_things=True,
    ),
    _authority(
        "VIAF",
        r"(?:www\.)?viaf\.org/(?:[a-z]{2}/)?viaf/(\d+)(?:/[^?#]*)?",
        "http://viaf.org/viaf/{0}",
        names_things=True,
    ),
    _authority(
        "ISNI",
        r"(?:www\.)?isni\.org/(?:isni/)?(\d{4})(?:-|%20)?(\d{4})(?:-|%20)?(\d{4})"
        r"(?:-|%20)?(\d{3}[\dXx])/?",
        "https://isni.org/isni/{0}{1}{2}{3}",
        names_things=True,
    ),
    _authority(
        "LEI",
        r"(?:search\.gleif\.org/#/record/|lei\.info/|lei:)([0-9A-Za-z]{18}\d{2})/?",
        "https://search.gleif.org/#/record/{0}",
        names_things=False,
    ),
    _authority(
        "DBpedia",
        r"(?:(?:www|live)\.)?((?:[a-z-]{2,12}\.)?)dbpedia\.org/(?:resource|page|data)/([^?#]+)",
        "http://{0}dbpedia.org/resource/{1}",
        names_things=True,
        is_title=True,
    ),
    _authority(
        "Wikipedia",
        r"([a-z-]{2,12}\.)(?:m\.)?wikipedia\.org/wiki/([^?#]+)",
        "https://{0}wikipedia.org/wiki/{1}",
        names_things=False,
        is_title=True,
    ),
)
#: The rank of an IRI that no authority of the table gave.
OTHER = len(AUTHORITIES)

_SCHEME = re.compile(r"(?:https?://|urn:)", re.IGNORECASE)


@lru_cache(maxsize=2048)
def canonical_identifier(given: str) -> tuple[int, str] | None:
    """Return (rank, canonical IRI) of an identifier; None if it is not an absolute IRI.

    The rank is the authority's place in ``AUTHORITIES``, or ``OTHER``. Sorting by the pair gives
    the order in which an entity's identity is chosen.

    >>> canonical_identifier("https://www.wikidata.org/wiki/Q90")
    (0, 'http://www.wikidata.org/entity/Q90')
    """
    iri = clean_iri(given)
    if iri is None:
        return None
    scheme = _SCHEME.match(iri)
    if scheme is None:
        return OTHER, iri
    rest = iri[scheme.end() :]
    # The host is case-insensitive (RFC 3986 section 3.2.2), what follows is not.
    host, slash, path = rest.partition("/")
    rest = host.lower() + slash + path
    for rank, authority in enumerate(AUTHORITIES):
        found = authority.pattern.fullmatch(rest)
        if not found and not authority.is_title:
            # A part of the page, or a view of it.
            found = authority.pattern.fullmatch(re.split("[?#]", rest)[0])
        if found and (canonical := _canonical(authority, list(found.groups()))):
            return rank, canonical
    return OTHER, iri


def authority_of(iri: str) -> tuple[str, str] | None:
    """Return the authority that a canonical IRI is of, by its name, and the host, as two titles in two
    languages may be one thing; None for an IRI of no authority in the table.

    >>> authority_of("http://www.wikidata.org/entity/Q90")
    ('Wikidata', 'www.wikidata.org')
    """
    found = canonical_identifier(iri)
    if found is None or found[0] == OTHER:
        return None
    return AUTHORITIES[found[0]].name, iri.split("/")[2]


def identifier_iri(authority: str, identifier: str) -> str:
    """Return the IRI of an identifier that stands without its authority's address.

    Raises KeyError for an authority that is not in the table.

    >>> identifier_iri("Wikidata", "Q90")
    'http://www.wikidata.org/entity/Q90'
    """
    by_name = {each.name: each.canonical for each in AUTHORITIES if each.canonical.count("{") == 1}
    return by_name[authority].format(identifier.strip())


_ITEM = re.compile(r"Q[1-9]\d*", re.ASCII)
_IRI = re.compile(r"(?:https?://|urn:)\S+", re.IGNORECASE)


def stated_iri(id_: str) -> str | None:
    """Return the IRI of what a tool calls the id of an entity: of Wikidata's item, or an IRI already;
    None for ids of its own, ``NIL`` and the like.

    >>> stated_iri("Q90")
    'http://www.wikidata.org/entity/Q90'
    """
    id_ = id_.strip()
    if _ITEM.fullmatch(id_):
        return identifier_iri("Wikidata", id_)
    return id_ if _IRI.fullmatch(id_) else None


def wikipedia_page(title: str) -> str:
    """Return the address of a page of the English Wikipedia.

    >>> wikipedia_page("Marie Curie")
    'https://en.wikipedia.org/wiki/Marie_Curie'
    """
    return "https://en.wikipedia.org/wiki/" + title.replace(" ", "_")


def _canonical(authority: Authority, groups: list[str]) -> str | None:
    if authority.is_title:
        title = unquote(groups[-1]).replace(" ", "_").strip("_")
        if not title:
            return None
        first = title[0].upper()
        title = title if len(first) > 1 else first + title[1:]
        groups[-1] = re.sub("[%?#]", lambda found: f"%{ord(found[0]):02X}", title)
    else:
        groups = [group.upper() for group in groups]
    return clean_iri(authority.canonical.format(*groups))


_THINGS = re.compile(
    "|".join(
        # The groups of a canonical IRI stand for whatever they hold.
        re.sub(r"\\{\d\\}", "[^?#]*", re.escape(authority.canonical))
        for authority in AUTHORITIES
        if authority.names_things
    )
)


def names_thing(iri: str) -> bool:
    """Tell whether a canonical IRI names the thing itself, so that ``owl:sameAs`` is true of it."""
    return _THINGS.fullmatch(iri) is not None
