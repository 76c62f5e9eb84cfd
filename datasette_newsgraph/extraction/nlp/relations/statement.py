"""What a pattern finds, and what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names import Name
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.quotes import NamesByToken

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Zones in which nothing is stated.
_SILENT = frozenset(("breadcrumb", "byline", "footer", "promotion"))


@dataclass(slots=True)
class Statement:
    """A statement between two names, given by their numbers; ``token`` is the word that says so."""

    subject: int
    predicate: str
    object: int
    token: int
    pattern: str = ""
    confidence: float = 0.0
    #: When: a date as it is stored.
    start_date: str | None = None
    end_date: str | None = None


@dataclass
class Scene:
    """A page with its names in order, for the patterns."""

    page: Page
    names: Sequence[Name]
    lexicon: Lexicon
    by_token: NamesByToken
    #: 1 for each token in direct speech.
    quoted: bytearray = field(default_factory=bytearray)
    #: The first name of each thing, by what lists have for it, else by its words.
    first_named: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, name in enumerate(self.names):
            meant = name.known.name if name.known is not None else name.text
            self.first_named.setdefault(meant, number)

    @cached_property
    def verbs(self) -> list[Token]:
        """The verbs of the page."""
        doc = self.page.doc
        verb = doc.vocab.strings["VERB"]
        parts_of_speech: list[int] = doc.to_array(["POS"]).tolist()
        return [doc[index] for index, each in enumerate(parts_of_speech) if each == verb]

    def tokens_of(self, *words: str) -> list[Token]:
        """Return the tokens that are one of some words, in small letters."""
        doc = self.page.doc
        return [doc[index] for index, word in enumerate(self.words) if word.lower() in words]

    @property
    def words(self) -> list[str]:
        """The words of the page."""
        return self.page.words

    def is_silent(self, index: int) -> bool:
        """Tell whether a token stands where nothing is stated."""
        return self.page.token_zones[index] in _SILENT

    def named(self, token: Token) -> int | None:
        """Return the number of the name that a noun phrase is of."""
        return self.by_token.of(token, self.lexicon)

    def same_block(self, first: int, last: int) -> bool:
        """Tell whether no line ends between two tokens."""
        return not any("\n" in word for word in self.words[first:last])


@dataclass(slots=True)
class Happening:
    """An event without a name: what it is called, who takes part, where and when."""

    token: int
    name: str
    participants: list[int] = field(default_factory=list)
    place: int | None = None
    start_date: str | None = None
    end_date: str | None = None
