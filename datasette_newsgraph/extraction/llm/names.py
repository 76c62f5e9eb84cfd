"""The entities that answers name, and where the text has their names.

Names are looked for in the window that the model was asked about. A name that stands there to the
letter is marked wherever it stands as whole words, but not as a part of a longer name; one that does
not is left to anchoring, which knows other ways of writing, and is in the record only if that finds
it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from datasette_newsgraph.anchoring.occurrences import WordIndex
from datasette_newsgraph.article import Entity, Mention
from datasette_newsgraph.extraction.llm.answer import AnsweredEntity
from datasette_newsgraph.identity import collapse, is_blank, normalise_label, normalise_name
from datasette_newsgraph.pronouns import pronouns_of

#: Code points of a name and of a label; names of one entity.
LONGEST_NAME = 200
LONGEST_LABEL = 100
MOST_NAMES = 50
_NO_TYPE = "Thing"

#: What is not in the record, as people are told.
NOT_THERE = "names that the article does not have"
NO_NAME = "entities without a name"
PRONOUNS = "pronouns"
TOO_LONG = "words that are too long"
TOO_MANY = "more than fits one window"

Span = tuple[int, int]


@dataclass(eq=False)
class Named:
    """An entity that answers name."""

    type: str
    name: str
    #: All its names, each with whether it may be an alias; none of them is known to be in the text.
    names: dict[str, bool] = field(default_factory=dict)
    #: Where the text has which of them to the letter.
    spans: dict[Span, str] = field(default_factory=dict)
    #: Those that some window has to the letter, and those that some window has not.
    there: dict[str, None] = field(default_factory=dict)
    loose: dict[str, None] = field(default_factory=dict)

    def mark(self, words: str, start: int, places: Iterable[int]) -> None:
        """Note that a name stands at some places of a window that starts at ``start``."""
        for place in places:
            self.spans[start + place, start + place + len(words)] = words

    def entity(self, number: int) -> Entity:
        """Return it with all its mentions; those without a place are still to be looked for."""
        placed = [
            Mention(start=start, end=end, text=words)
            for (start, end), words in sorted(self.spans.items())
        ]
        loose = [Mention(text=words) for words in self.loose if words not in self.there]
        # A letter first, so that it is never taken for an IRI.
        return Entity(id=f"e{number}", type=self.type, name=self.name, mentions=[*placed, *loose])


class Names:
    """All entities of an article, and which of them is meant by a name."""

    def __init__(self, language: str | None, left_out: Counter[str]) -> None:
        self.all: list[Named] = []
        # Ben is a pronoun in some language: those of all are too many.
        self._pronouns = pronouns_of(language or "en")
        self._left_out = left_out
        self._by_name: dict[tuple[str, str], Named] = {}
        self._by_alias: dict[tuple[str, str], list[Named]] = {}

    def add(self, text: str, start: int, given: Iterable[AnsweredEntity]) -> dict[str, Named]:
        """Add the entities that an answer names of a window, which starts at a place of the article;
        return which of them is meant by a name there, normalised.
        """
        here: dict[str, list[Named]] = {}
        meant: dict[str, Named] = {}
        for each in given:
            named = self._named(each)
            if named is None:
                continue
            meant.setdefault(normalise_name(each.name or ""), named)
            for words in self._names(each, named):
                owners = here.setdefault(words, [])
                if named not in owners:
                    owners.append(named)
        _place(text, start, here)
        for words, owners in here.items():
            if len(owners) == 1:
                meant.setdefault(normalise_name(words), owners[0])
        return meant

    def _named(self, given: AnsweredEntity) -> Named | None:
        """Return the entity that is given: a new one, or one of the same type and name."""
        name = collapse(given.name or "")
        if not name or len(name) > LONGEST_NAME:
            self._left_out[TOO_LONG if name else NO_NAME] += 1
            return None
        if self._is_pronoun(name):
            self._left_out[PRONOUNS] += 1
            return None
        type_ = collapse(given.type or "")[:LONGEST_LABEL] or _NO_TYPE
        key = normalise_label(type_), normalise_name(name)
        known = self._by_name.get(key)
        aliases = self._by_alias.get(key, [])
        if known is None and len(aliases) == 1:
            known = aliases[0]
        if known is None:
            known = Named(type_, name)
            self.all.append(known)
        return self._by_name.setdefault(key, known)

    def _names(self, given: AnsweredEntity, named: Named) -> Iterator[str]:
        """Yield the names that are given of an entity, and note them."""
        label = normalise_label(named.type)
        names = [(given.name or "", True)]
        names += [(each, True) for each in given.aliases or ()]
        names += [(each, False) for each in given.mentions or ()]
        self._left_out[TOO_MANY] += len(names[MOST_NAMES:])
        for each, is_alias in names[:MOST_NAMES]:
            words = collapse(each)
            if not words or len(words) > LONGEST_NAME:
                self._left_out[TOO_LONG] += len(words) > 0
            elif self._is_pronoun(words):
                self._left_out[PRONOUNS] += 1
            else:
                named.names[words] = is_alias or named.names.get(words, False)
                owners = self._by_alias.setdefault((label, normalise_name(words)), [])
                if is_alias and named not in owners:
                    owners.append(named)
                yield words

    def _is_pronoun(self, words: str) -> bool:
        # US is a country.
        is_upper = len(words) > 1 and words.isupper()
        return not is_upper and words.casefold() in self._pronouns


def _place(text: str, start: int, here: dict[str, list[Named]]) -> None:
    """Note where a window has the names of its entities."""
    index = WordIndex(text, here)
    found = {words: index.whole_words(words) for words in here}
    inner = _inner((at, at + len(words)) for words, places in found.items() for at in places)
    for words, owners in here.items():
        places = found[words]
        apart = [at for at in places if (at, at + len(words)) not in inner]
        for named in owners:
            if places:
                named.there[words] = None
            else:
                named.loose[words] = None
        # Which of two is meant is not known, nor what "the minister" means elsewhere.
        if len(owners) == 1:
            owners[0].mark(words, start, apart if _is_name(words) else apart[:1])
    for words, owners in here.items():
        for named in owners:
            # A part of a longer name is no mention, unless it is all that there is.
            if not named.spans:
                named.mark(words, start, found[words][:1])


def _is_name(words: str) -> bool:
    """Tell whether words are a name by their letters: there is a capital, or a script without them."""
    return words != words.lower() or words == words.upper()


def _inner(spans: Iterable[Span]) -> set[Span]:
    """Return the spans that lie in a longer one."""
    inner = set()
    cover = (0, 0)
    for span in sorted(spans, key=lambda each: (each[0], -each[1])):
        if span[1] > cover[1]:
            cover = span
        elif span != cover:
            inner.add(span)
    return inner


def visible(words: str | None, longest: int, left_out: Counter[str]) -> str | None:
    """Return words as they are given, None where there are none, or too many."""
    if words is None or is_blank(words):
        return None
    if len(words) > longest:
        left_out[TOO_LONG] += 1
        return None
    return words.strip()
