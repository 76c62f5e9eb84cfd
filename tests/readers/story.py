"""A story that any format may tell: its text, things, mentions and statements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Thing(NamedTuple):
    """Somebody or something that articles name; ``item`` is its number in Wikidata."""

    type: str
    name: str
    item: str | None = None


class Token(NamedTuple):
    """A token, whether a blank comes behind it, and where it stands in the text."""

    words: str
    blank: bool
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(frozen=True)
class Mention:
    """Where an article names a thing: tokens ``first`` to ``beyond`` of all, ends exclusive."""

    thing: Thing
    surface: str
    sentence: int
    first: int
    beyond: int
    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class Statement:
    """What a sentence says of two mentions in it."""

    subject: Mention
    predicate: str
    object: Mention
    confidence: float


def _words(part: str | Thing | tuple[Thing, str]) -> str:
    return part if isinstance(part, str) else part.name if isinstance(part, Thing) else part[1]


@dataclass(frozen=True)
class Sentence:
    """Words and names in their order; statements as (place of a name, predicate, place of another).

    A name is a thing, or a thing with other words for it.
    """

    parts: tuple[str | Thing | tuple[Thing, str], ...]
    statements: tuple[tuple[int, str, int], ...] = ()


@dataclass(frozen=True)
class Story:
    """An article. All sentences end in a full stop, with a blank before it if it ``is_spaced``: then
    the text is its tokens joined by blanks.
    """

    number: int
    given: tuple[Sentence, ...]
    is_spaced: bool = False

    @property
    def url(self) -> str:
        return f"https://example.org/{self.number}"

    @property
    def title(self) -> str:
        return f"Report no. {self.number}"

    @property
    def name(self) -> str:
        """What a tool calls the document."""
        return f"story-{self.number}"

    #: When it was published, and the language that it is said to be in.
    published = "2015-11-30"
    language = "en"

    @cached_property
    def sentences(self) -> list[list[Token]]:
        """The tokens of each sentence."""
        found, place = list[list[Token]](), 0
        for number, sentence in enumerate(self.given):
            words = [each for part in sentence.parts for each in _words(part).split()]
            tokens: list[Token] = []
            for each in (*words, "."):
                is_last = each == "." and len(tokens) == len(words)
                is_glued = len(tokens) == len(words) - 1 and not self.is_spaced
                blank = number < len(self.given) - 1 if is_last else not is_glued
                tokens.append(Token(each, blank, place))
                place += len(each) + blank
            found.append(tokens)
        return found

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of all sentences."""
        return [each for sentence in self.sentences for each in sentence]

    @cached_property
    def text(self) -> str:
        return "".join(each.words + " " * each.blank for each in self.tokens)

    def first_token(self, sentence: int) -> int:
        """How many tokens come before a sentence."""
        return sum(map(len, self.sentences[:sentence]))

    def span(self, sentence: int) -> tuple[int, int]:
        """The first character of a sentence and the one behind its last."""
        tokens = self.sentences[sentence]
        return tokens[0].start, tokens[-1].end

    def reading(self, sentence: int) -> str:
        start, end = self.span(sentence)
        return self.text[start:end]

    @cached_property
    def _mentions(self) -> list[list[Mention]]:
        found, place, count = list[list[Mention]](), 0, 0
        for number, sentence in enumerate(self.given):
            mentions = []
            for part in sentence.parts:
                surface = _words(part)
                beyond = place + len(surface.split())
                if not isinstance(part, str):
                    thing = part if isinstance(part, Thing) else part[0]
                    start, end = self.tokens[place].start, self.tokens[beyond - 1].end
                    sure = round(0.99 - count % 40 / 100, 2)
                    span = (place, beyond, start, end, sure)
                    mentions.append(Mention(thing, surface, number, *span))
                    count += 1
                place = beyond
            place += 1
            found.append(mentions)
        return found

    @cached_property
    def mentions(self) -> list[Mention]:
        return [each for sentence in self._mentions for each in sentence]

    @cached_property
    def statements(self) -> list[Statement]:
        given = [
            (self._mentions[number][one], predicate, self._mentions[number][other])
            for number, sentence in enumerate(self.given)
            for one, predicate, other in sentence.statements
        ]
        return [
            Statement(*each, confidence=round(0.95 - count % 40 / 100, 2))
            for count, each in enumerate(given)
        ]

    @cached_property
    def things(self) -> list[Thing]:
        """The things that are named, in the order of the text."""
        return list(dict.fromkeys(each.thing for each in self.mentions))

    def surfaces(self, thing: Thing) -> list[str]:
        """All words for a thing, in the order of the text."""
        return list(dict.fromkeys(each.surface for each in self.mentions if each.thing == thing))
