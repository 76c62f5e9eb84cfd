"""Which name a token, or a noun phrase, is of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names import Name
from datasette_newsgraph.extraction.nlp.page import Page

if TYPE_CHECKING:
    from spacy.tokens import Token


class NamesByToken:
    """Which name covers a token."""

    def __init__(self, page: Page, names: Sequence[Name]) -> None:
        self.names = names
        self._of: dict[int, int] = {}
        for number, name in enumerate(names):
            for index in range(name.first, name.last):
                self._of[index] = number

    def at(self, index: int) -> int | None:
        """Return the number of the name that covers a token."""
        return self._of.get(index)

    def of(self, token: Token, lexicon: Lexicon) -> int | None:
        """Return the name that a noun phrase is of, by its head: the head itself, a name beside it
        ("spokesman Ana Ruiz", "the mayor, Ana Ruiz,"), or whose speaker it is ("a spokesman for X").
        """
        number = self.at(token.i)
        if number is not None:
            return number
        for child in token.children:
            if child.dep_ in ("appos", "flat", "compound", "nmod") and child.pos_ == "PROPN":
                number = self.at(child.i)
                if number is not None and self.names[number].type == "Person":
                    return number
        return None
