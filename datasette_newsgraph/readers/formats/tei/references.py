"""What ``@ref``, ``@key`` and ``idno`` say: an entry of a register, or an identifier elsewhere."""

from __future__ import annotations

import re
from typing import NamedTuple

from datasette_newsgraph.iri import clean_iri

_ADDRESS = re.compile(r"(?i:https?://|urn:)\S+")
_IDENTIFIER = re.compile(r"[\w.-]{1,80}")
_WIKIDATA = "http://www.wikidata.org/entity/{}"
_GEONAMES = "https://sws.geonames.org/{}/"
#: The IRIs of identifiers, by what editions call their authorities.
_AUTHORITIES = {
    "gnd": "https://d-nb.info/gnd/{}",
    "wikidata": _WIKIDATA,
    "wd": _WIKIDATA,
    "geonames": _GEONAMES,
    "gn": _GEONAMES,
    "viaf": "http://viaf.org/viaf/{}",
    "isni": "https://isni.org/isni/{}",
    "orcid": "https://orcid.org/{}",
    "tgn": "http://vocab.getty.edu/tgn/{}",
    "ulan": "http://vocab.getty.edu/ulan/{}",
    "lccn": "http://id.loc.gov/authorities/names/{}",
    "idref": "http://www.idref.fr/{}/id",
    "pleiades": "https://pleiades.stoa.org/places/{}",
}
#: A pattern of a prefix that stands for all that comes behind the colon.
_WHOLE = re.compile(r"\^?\([^()]{1,80}\)\$?")
#: More than so many at once are damage.
_MOST = 50
_MOST_REMEMBERED = 10_000


class Reference(NamedTuple):
    """The ids that a name refers to, of entries here or in another file, and identifiers elsewhere."""

    ids: tuple[str, ...] = ()
    iris: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ids or self.iris)


_NOTHING = Reference()


def identifier(authority: str, given: str) -> str | None:
    """Return the IRI of an ``idno``: an address as it is, or an identifier of a known authority."""
    given = given.strip()
    if _ADDRESS.fullmatch(given):
        return clean_iri(given)
    form = _AUTHORITIES.get(re.sub(r"[\s_-]", "", authority.casefold()))
    return form.format(given) if form and _IDENTIFIER.fullmatch(given) else None


class References:
    """Reads references, with the prefixes that the header defines."""

    def __init__(self) -> None:
        self._prefixes: dict[str, str] = {}
        #: What has been read: a name refers to the same in many places.
        self._known: dict[str, Reference] = {}

    def define(self, prefix: str, pattern: str, replacement: str) -> bool:
        """Note what a prefix stands for; tell whether it is so simple that it is read."""
        if not _WHOLE.fullmatch(pattern) or replacement.count("$") != 1 or "$1" not in replacement:
            return False
        self._prefixes[prefix] = replacement
        self._known.clear()
        return True

    def key(self, given: str) -> Reference:
        """Return what a ``key`` refers to, which is one, whatever it is made of."""
        key = " ".join(given.split()).removeprefix("#")
        if " " not in key:
            return self.read(key)
        return self._known.setdefault(given, Reference((key,)))

    def read(self, given: str | None) -> Reference:
        """Return what the words of an attribute refer to."""
        if not given:
            return _NOTHING
        found = self._known.get(given)
        if found is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            found = self._known[given] = self._read(given)
        return found

    def _read(self, given: str) -> Reference:
        ids: list[str] = []
        iris: list[str] = []
        for each in given.split()[:_MOST]:
            prefix, colon, rest = each.partition(":")
            if colon and prefix in self._prefixes:
                each = self._prefixes[prefix].replace("$1", rest)
            iri = clean_iri(each) if _ADDRESS.fullmatch(each) else identifier(prefix, rest)
            if iri is not None:
                iris.append(iri)
            elif each != "#":
                ids.append(each.removeprefix("#"))
        return Reference(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(iris)))
