"""What the header of a document says of the article: title, date, where it appeared, by whom."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.readers.formats.tei.references import References

_ADDRESS = re.compile(r"https?://\S+")
#: Titles that are part of another, or of what the article appeared in.
_NO_TITLE = frozenset({"sub", "subordinate", "short", "desc", "gmd", "volume", "issue", "number"})
_CONTAINERS = frozenset({"j", "s", "m"})
#: Where dates are looked for, the best place first: an edition is younger than what it edits.
_DATES = ("creation", "sourceDesc", "correspDesc", "settingDesc", "publicationStmt")
_MOST_IDS = 20
_WITH_DATES = ("when", "when-iso", "value", "from", "notBefore", "to", "notAfter")


class Header:
    """Gathers what is said, element by element."""

    def __init__(self, references: References) -> None:
        self._references = references
        #: The language of the whole document, and those which the header lists.
        self.language: str | None = None
        self._languages: list[str] = []
        #: By the rank of what has it: an article, a document, and the series or dates last.
        self._titles: dict[int, list[str]] = {}
        self._dates: dict[str, list[str]] = {}
        self._authors: dict[str, list[str]] = {"titleStmt": [], "sourceDesc": []}
        self._publishers: dict[str, list[str]] = {}
        self._addresses: dict[str, list[str]] = {}
        self._licence: str | None = None
        self.ids: list[str] = []
        self.passed_over: Counter[str] = Counter()

    def take(self, path: tuple[str, ...], attributes: dict[str, str], words: str) -> None:
        """Take an element of the header, which ends: the names from the header down to its own."""
        name = path[-1]
        section = next((each for each in path[1:] if each in _SECTIONS), None)
        if name == "language":
            self._languages += filter(None, (attributes.get("ident") or attributes.get("id"),))
        elif name == "prefixDef":
            given = (attributes.get(each, "") for each in _PREFIX)
            if not self._references.define(*given):
                self.passed_over["prefixDef"] += 1
        elif name == "licence" or (name == "availability" and self._licence is None):
            self._licence = attributes.get("target") or self._licence or words[:200] or None
        elif section is not None and name in _TAKEN:
            _TAKEN[name](self, section, attributes, words)

    def _title(self, section: str, attributes: dict[str, str], words: str) -> None:
        if not words:
            return
        if section == "titleStmt":
            if attributes.get("type") not in _NO_TITLE:
                self._titles.setdefault(_RANKS.get(attributes.get("level", ""), 1), []).append(
                    words
                )
        elif attributes.get("level") in _CONTAINERS:
            is_periodical = attributes["level"] != "m"
            self._publishers.setdefault("periodical" if is_periodical else "book", []).append(words)
        elif section == "sourceDesc" and attributes.get("level") == "a":
            self._titles.setdefault(2, []).append(words)

    def _date(self, section: str, attributes: dict[str, str], words: str) -> None:
        given = next((attributes[each] for each in _WITH_DATES if attributes.get(each)), words)
        if given:
            self._dates.setdefault(section, []).append(given)

    def _author(self, section: str, attributes: dict[str, str], words: str) -> None:
        if words and section in self._authors:
            self._authors[section].append(words)

    def _publisher(self, section: str, attributes: dict[str, str], words: str) -> None:
        if words:
            self._publishers.setdefault(section, []).append(words)

    def _address(self, section: str, attributes: dict[str, str], words: str) -> None:
        target = attributes.get("target") or words
        if _ADDRESS.fullmatch(target):
            self._addresses.setdefault(section, []).append(target)
        elif words and "target" not in attributes and len(self.ids) < _MOST_IDS:
            self.ids.append(words)

    def fields(self) -> dict[str, Any]:
        """Return the fields of the article that are known."""
        publishers = (
            *self._publishers.get("periodical", ()),
            *self._publishers.get("sourceDesc", ()),
            *self._publishers.get("publicationStmt", ()),
        )
        dates = (each for section in _DATES for each in self._dates.get(section, ()))
        languages = (self.language, *self._languages[:1])
        addresses = (
            *self._addresses.get("publicationStmt", ()),
            *self._addresses.get("sourceDesc", ()),
        )
        found = {
            "title": next((self._titles[rank][0] for rank in sorted(self._titles)), None),
            "published": first_date(dates),
            "publisher": next(iter(publishers), None),
            "authors": self._authors["titleStmt"] or self._authors["sourceDesc"],
            "language": next(filter(None, languages), None),
            "licence": self._licence,
            "url": next(iter(addresses), None),
        }
        found["authors"] = list(dict.fromkeys(found["authors"] or ()))
        return {name: value for name, value in found.items() if value}


#: A title in the header is that of the article (``a``) sooner than that of the document, and the series
#: or the newspaper lend theirs only where there is no other, not even in the source.
_RANKS = {"a": 0, "s": 3, "j": 3}
_PREFIX = ("ident", "matchPattern", "replacementPattern")
_SECTIONS = frozenset({*_DATES, "titleStmt"})
_TAKEN = {
    "title": Header._title,
    "date": Header._date,
    "author": Header._author,
    "publisher": Header._publisher,
    "idno": Header._address,
    "ref": Header._address,
    "ptr": Header._address,
}
