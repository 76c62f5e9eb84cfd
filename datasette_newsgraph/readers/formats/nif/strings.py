"""The strings of a NIF context that name somebody or something, as mentions."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from datasette_newsgraph.readers.formats.nif.turtle_input import Node, Statements

    #: What is said of one subject: predicate → objects.
    About = dict[str, list[Node]]

NIF, ITS = PREFIXES["nif"], PREFIXES["itsrdf"]
TYPE = PREFIXES["rdf"] + "type"
IDENTITY, CLASS = ITS + "taIdentRef", ITS + "taClassRef"
CONTEXT, UNIT = NIF + "referenceContext", NIF + "annotationUnit"
TEXT, SURFACE = NIF + "isString", NIF + "anchorOf"
BEGIN, END = NIF + "beginIndex", NIF + "endIndex"

#: Strings that are no names.
_STRUCTURE = frozenset(
    NIF + name for name in ("Word", "Sentence", "Paragraph", "Title", "Section", "Structure")
)
#: Of several classes, one of these; else one that is not of the last.
_TELLING = ("Person", "Organisation", "Organization", "Place", "Location", "Event")
_VAGUE = ("Thing", "Agent", "Entity", "Resource")

FRAGMENT = re.compile(r"#(?:char=|offset_)(?P<begin>\d{0,18})[,_]?(?P<end>\d{0,18}).*", re.DOTALL)
_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def first(about: About, predicate: str) -> str | None:
    """Return what is said, of several the least, as they have no order."""
    return min((str(each) for each in about.get(predicate, ())), default=None)


def is_mention(about: About) -> bool:
    """Tell whether a resource is a string that names something."""
    if any(key in about for key in (IDENTITY, CLASS, UNIT)):
        # Sentences have units too, for what is said of them as a whole.
        return any(key in about for key in (SURFACE, BEGIN, CONTEXT))
    return (SURFACE in about or BEGIN in about) and _STRUCTURE.isdisjoint(
        map(str, about.get(TYPE, ()))
    )


class Mentions:
    """Takes strings as mentions."""

    def __init__(self, building: Building, statements: Statements, language: str | None) -> None:
        self.building = building
        self.statements = statements
        self.pronouns = pronouns_of(language)
        #: The classes of each thing, and the first of its names that is no pronoun.
        self.classes: dict[str, set[str]] = {}
        self.names: dict[str, str] = {}

    def take(self, strings: list[Node]) -> None:
        """Add the mentions in the order of the text."""
        spans = {string: self._span(string) for string in strings}
        strings = sorted(strings, key=lambda each: self._place(each, *spans[each]))
        described = [(string, self._described(string)) for string in strings]
        for _, about in described:
            words = first(about, SURFACE)
            for identity in _identities(about)[:1]:
                self.classes.setdefault(identity, set()).update(map(str, about.get(CLASS, ())))
                if words and words.casefold().strip() not in self.pronouns:
                    self.names.setdefault(identity, words)
        for string, about in described:
            self._mention(string, about, *spans[string])

    def _place(self, string: Node, begin: int | None, end: int | None) -> tuple[int, int, str, str]:
        # Names of blank nodes are last, as they are others each time.
        return begin or 0, end or 0, first(self.statements[string], SURFACE) or "", str(string)

    def _span(self, string: Node) -> tuple[int | None, int | None]:
        about = self.statements[string]
        own = FRAGMENT.search(str(string))
        begin, end = (first(about, key) for key in (BEGIN, END))
        if own is not None:
            begin, end = begin or own["begin"], end or own["end"]
        return _whole_number(begin), _whole_number(end)

    def _described(self, string: Node) -> About:
        """Return what is said of a string, in its annotation units too."""
        about = self.statements[string]
        if UNIT not in about:
            return about
        together = {key: list(objects) for key, objects in about.items()}
        for unit in about[UNIT]:
            for key, objects in self.statements.get(unit, {}).items():
                if key.startswith(ITS):
                    together.setdefault(key, []).extend(objects)
        return together

    def _mention(self, string: Node, about: About, begin: int | None, end: int | None) -> None:
        surface = first(about, SURFACE)
        identities = _identities(about)
        classes = {str(each) for each in about.get(CLASS, ())}
        name = None
        if identities:
            classes = self.classes[identities[0]]
            if surface and surface.casefold().strip() in self.pronouns:
                name = self.names.get(identities[0])
        place = f"<{string}>"
        for key, value in ((BEGIN, begin), (END, end)):
            if value is None and key in about:
                said = first(about, key)
                self.building.fault(f"{place}: {key[len(NIF) :]} {said!r} is no number", said)
        self.building.mention(
            place,
            str(string),
            _label(classes),
            begin,
            end,
            surface,
            name=name,
            same_as=identities,
            confidence=_confidence(about),
        )


def _identities(about: About) -> list[str]:
    return sorted({iri for each in about.get(IDENTITY, ()) if (iri := clean_iri(str(each)))})


def _label(classes: set[str]) -> str | None:
    """Return the local name of the class that says most."""
    names = sorted({unquote(re.split("[#/:]", each.rstrip("#/"))[-1]) for each in classes})
    for name in _TELLING:
        if name in names:
            return name
    return next((each for each in names if each not in _VAGUE), None)


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and _WHOLE_NUMBER.fullmatch(text.strip()) else None


def _confidence(about: About) -> float | None:
    try:
        confidence = float(first(about, ITS + "taConfidence") or "nan")
    except ValueError:
        return None
    return confidence if math.isfinite(confidence) else None
