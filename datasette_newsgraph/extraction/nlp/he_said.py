"""Find whom "he" or "she" means beside a quotation.

The subject of the sentence before comes first, where that is a person. Without one, it is the speaker
before, unless somebody else is named since then. Where neither tells, nobody is meant: a wrong speaker
is worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names import Name
from datasette_newsgraph.extraction.nlp.page import Page

if TYPE_CHECKING:
    from spacy.tokens import Token

    from datasette_newsgraph.extraction.nlp.quotes import NamesByToken

_SUBJECTS = frozenset(("nsubj", "nsubjpass"))
#: Zones in which people are named who are no part of the story.
_BESIDE = frozenset(("caption", "byline", "promotion", "footer", "breadcrumb", "title"))


class LastSpeaker(NamedTuple):
    """Who spoke last: the number of a name, its block, and the first token behind that sentence."""

    speaker: int
    block: int
    behind: int


class HeSaid:
    """Whom pronouns mean in one page. ``block_of`` tells the block of a position, ``quoted`` which
    tokens are in quotations.
    """

    def __init__(
        self,
        page: Page,
        by_token: NamesByToken,
        lexicon: Lexicon,
        quoted: bytearray,
        block_of: Callable[[int], int],
    ) -> None:
        self.page, self.by_token, self.lexicon = page, by_token, lexicon
        self.quoted, self.block_of = quoted, block_of
        #: The pronoun by which a person was meant, by the last word of the name.
        self._pronouns: dict[str, str] = {}

    def meant(self, he: Token, position: int, last: LastSpeaker | None) -> int | None:
        """Return the number of the name of who is meant beside what is said at a position."""
        pronoun = he.lower_
        found = self._subject_before(pronoun, min(position, he.idx))
        if found is None and last is not None and self._is_person(last.speaker, pronoun):
            is_near = self.block_of(position) - last.block <= 2
            if is_near and not self.is_other_named_since(last, position):
                found = last.speaker
        if found is not None:
            self._pronouns[self._surname(found)] = pronoun
        return found

    def is_other_named_since(self, last: LastSpeaker, position: int) -> bool:
        """Tell whether the story names somebody else between a speaker and a position."""
        surname, end = self._surname(last.speaker), self.page.token_at(position)
        return any(
            name.type == "Person"
            and last.behind <= name.first < end
            and not self.quoted[name.first]
            and name.text.split()[-1] != surname
            and self.page.zone_at(name.start) not in _BESIDE
            for name in self.by_token.names
        )

    def _surname(self, number: int) -> str:
        return self.by_token.names[number].text.split()[-1]

    def _is_person(self, number: int, pronoun: str) -> bool:
        name: Name = self.by_token.names[number]
        return (
            name.type == "Person" and self._pronouns.get(self._surname(number), pronoun) == pronoun
        )

    def _subject_before(self, pronoun: str, position: int) -> int | None:
        """Return the person who is the subject of what stands before a position in its sentence, or of
        the sentence before that in the same paragraph or in the one before.
        """
        doc, first = self.page.doc, self.page.token_at(position)
        sentence = self.page.sentence_of(min(first, len(doc) - 1))
        found = self._subject_among(pronoun, doc[sentence.start : first])
        if found is None and self._is_named_between(sentence.start, first):
            # "Ruiz's sister asked, and she said": the sentence before is not nearer than the name.
            return None
        index = sentence.start - 1
        while index >= 0 and self.page.words[index].isspace():
            index -= 1
        if found is not None or index < 0:
            return found
        before = self.page.sentence_of(index)
        is_near = self.block_of(position) - self.block_of(before.start_char) <= 1
        if not is_near or self.page.zone_at(before.start_char) in _BESIDE:
            return None
        return self._subject_among(pronoun, before)

    def _is_named_between(self, first: int, last: int) -> bool:
        numbers = {self.by_token.at(index) for index in range(first, last)}
        return any(
            self.by_token.names[number].type == "Person" for number in numbers if number is not None
        )

    def _subject_among(self, pronoun: str, tokens: Iterable[Token]) -> int | None:
        """Return the person who is the subject of the main verb, else of any verb."""
        subjects = [
            token for token in tokens if token.dep_ in _SUBJECTS and not self.quoted[token.i]
        ]
        for token in sorted(subjects, key=lambda token: (token.head.dep_ != "ROOT", token.i)):
            number = self.by_token.of(token, self.lexicon)
            if number is not None and self._is_person(number, pronoun):
                return number
        return None
