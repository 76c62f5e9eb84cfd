"""Find all places at which a text has the names that a tool gives without any place.

Whole words are looked for, where the script has borders of words; case, white space, quotes, dashes
and Unicode form do not count. Longer names come first: what stands inside of one is no mention of a
shorter one ("England" in "Bank of England"). Words without a capital letter are taken for a name that
has one only if nothing better is there: "may" is not "May", and "us" never "US".

The work is bounded by the length of the text. What is not found here stays one mention without a
place, which anchoring goes on to look for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from datasette_newsgraph.anchoring.folding import fold
from datasette_newsgraph.anchoring.occurrences import WORD, fold_word
from datasette_newsgraph.anchoring.statuses import MOVED, NORMALISED
from datasette_newsgraph.anchoring.thresholds import (
    ACRONYM,
    SEARCH_STEPS,
    SEARCHED_LENGTH,
    SHARED_NAME,
    STEPS_PER_CHARACTER,
)
from datasette_newsgraph.article import Anchored, Entity, Mention
from datasette_newsgraph.identity import collapse


class Sought(NamedTuple):
    """An entity whose name and aliases are to be found, in the whole text or in a passage of it (from
    ``start`` to ``end``, in code points).
    """

    entity: Entity
    start: int | None = None
    end: int | None = None
    confidence: float | None = None


def mention_all(text: str | None, sought: Iterable[Sought]) -> None:
    """Add to each entity a mention for each occurrence of its names; one without a place, for the
    name itself, if there is none.
    """
    wanted = [each for each in sought if collapse(each.entity.name)]
    found = _Search(text, wanted).found() if text and wanted else {}
    told: set[tuple[int, int, int]] = set()
    for number, spans in sorted(found.items()):
        entity, confidence = wanted[number].entity, wanted[number].confidence
        for span in sorted(spans):
            # Passages may overlap.
            place = (id(entity), span.start, span.end)
            if place not in told:
                told.add(place)
                entity.mentions.append(_mention(text or "", span, confidence))
    for each in wanted:
        if not each.entity.mentions:
            name = each.entity.name
            each.entity.mentions.append(
                Mention(start=each.start, end=each.end, text=name, confidence=each.confidence)
            )


class _Span(NamedTuple):
    start: int
    end: int
    #: The name of which this is an occurrence.
    name: str


def _mention(text: str, span: _Span, confidence: float | None) -> Mention:
    words = text[span.start : span.end]
    is_same = words == span.name
    return Mention(
        start=span.start,
        end=span.end,
        text=words,
        confidence=confidence,
        anchored=Anchored(
            offset_status=MOVED if is_same else NORMALISED,
            given_surface=None if is_same else span.name,
        ),
    )


class _Words:
    """The words of a text that some name has, by their number among all words of the text."""

    def __init__(self, text: str, wanted: set[str]) -> None:
        self.spans: dict[int, tuple[int, int]] = {}
        self.folded: dict[int, str] = {}
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        known: dict[str, str | None] = {}
        for number, match in enumerate(WORD.finditer(text)):
            word = match.group()
            if word not in known:
                folded = fold_word(word)
                known[word] = folded if folded in wanted else None
            kept = known[word]
            if kept is not None:
                self.spans[number] = match.span()
                self.folded[number] = kept
                self.places[kept].append(number)


class _Search:
    """The search for all names of one article."""

    def __init__(self, text: str, sought: list[Sought]) -> None:
        self._text = text
        self._sought = sought
        self._seekers = _by_name(sought)
        self._names = {
            name: [fold_word(each) for each in WORD.findall(name)] for name in self._seekers
        }
        self._words = _Words(text, {word for words in self._names.values() for word in words})
        #: Some tools write all names in capital letters.
        self._all_are_capital = all(name.isupper() for name in self._names) and any(
            len(name) > ACRONYM for name in self._names
        )
        self._budget = SEARCH_STEPS + STEPS_PER_CHARACTER * len(text)
        self._taken = _Taken(len(text))

    def found(self) -> dict[int, list[_Span]]:
        """Return the spans of each sought entity, by its number."""
        found: defaultdict[int, list[_Span]] = defaultdict(list)
        for name in sorted(self._names, key=len, reverse=True):
            spans = [each for each in self._occurrences(name) if not self._taken.cover(each)]
            for number in self._seekers[name]:
                part = self._in_passage(spans, self._sought[number])
                self._budget -= len(part)
                if self._budget >= 0:
                    found[number] += part
            self._taken.add(spans)
        return found

    @staticmethod
    def _in_passage(spans: list[_Span], sought: Sought) -> list[_Span]:
        if sought.start is None or sought.end is None:
            return spans
        begins = bisect_left(spans, sought.start, key=lambda each: each.start)
        stops = bisect_right(spans, sought.end, key=lambda each: each.end)
        return spans[begins:stops]

    def _occurrences(self, name: str) -> list[_Span]:
        """Return where a name stands, the better ones if there are any."""
        likely: list[_Span] = []
        lower: list[_Span] = []
        for span in self._alike(name):
            words = self._text[span.start : span.end]
            if words == name or self._is_likely(name, words):
                likely.append(span)
            else:
                lower.append(span)
        return likely if likely or _is_acronym(name) else lower

    def _is_likely(self, name: str, words: str) -> bool:
        """Tell whether words that differ from a name may be it, by their capital letters."""
        if _is_acronym(name) and not self._all_are_capital:
            return words.upper() == words
        return not _has_capital(name) or _has_capital(words)

    def _alike(self, name: str) -> Iterator[_Span]:
        """Yield where the words of a name stand one behind the other, and read like it."""
        words = self._names[name]
        if not words or any(word not in self._words.places for word in words):
            return
        rarest = min(range(len(words)), key=lambda each: len(self._words.places[words[each]]))
        places = self._words.places[words[rarest]]
        self._budget -= len(places) * len(words)
        if self._budget < 0:
            return
        folded = fold(name)
        before, after = _edges(name)
        for place in places:
            first = place - rarest
            if all(self._words.folded.get(first + at) == word for at, word in enumerate(words)):
                start = self._words.spans[first][0] - before
                end = self._words.spans[first + len(words) - 1][1] + after
                if self._reads(start, end, name, folded):
                    yield _Span(start, end, name)

    def _reads(self, start: int, end: int, name: str, folded: str) -> bool:
        if start < 0 or end > len(self._text):
            return False
        words = self._text[start:end]
        return words == name or (fold(words) == folded and words == words.strip())


def _by_name(sought: list[Sought]) -> dict[str, list[int]]:
    """Return the numbers of those who are called by each name. An alias that is the name of another
    entity is that one's.
    """
    found: defaultdict[str, list[int]] = defaultdict(list)
    own = {fold(each.entity.name) for each in sought}
    for number, each in enumerate(sought):
        aliases = (alias for alias in each.entity.aliases if fold(alias) not in own)
        for name in dict.fromkeys(map(collapse, (each.entity.name, *aliases))):
            if len(name) <= SEARCHED_LENGTH:
                found[name].append(number)
    return {
        name: numbers
        for name, numbers in found.items()
        if len({id(sought[each].entity) for each in numbers}) <= SHARED_NAME
    }


class _Taken:
    """The spans of longer names, none of which lies in another."""

    def __init__(self, length: int) -> None:
        self._is_taken = bytearray(length)
        self._spans: set[tuple[int, int]] = set()

    def cover(self, span: _Span) -> bool:
        """Tell whether a span begins or ends in a longer one. One that is as long is not covered."""
        return (
            bool(self._is_taken[span.start] or self._is_taken[span.end - 1])
            and (span.start, span.end) not in self._spans
        )

    def add(self, spans: Iterable[_Span]) -> None:
        """Add spans that are not covered."""
        for each in spans:
            self._spans.add((each.start, each.end))
            self._is_taken[each.start : each.end] = b"\1" * (each.end - each.start)


def _edges(name: str) -> tuple[int, int]:
    """Return how many characters a name has before its first word and behind its last."""
    words = list(WORD.finditer(name))
    return words[0].start(), len(name) - words[-1].end()


def _has_capital(words: str) -> bool:
    return any(each.isupper() for each in words)


def _is_acronym(name: str) -> bool:
    return len(name) <= ACRONYM and name.isupper()
