"""Who speaks by a verb of reporting, or "according to" whom something is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette_newsgraph.extraction.nlp.he_said import HeSaid, LastSpeaker
from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.quotes.cues import Cues
from datasette_newsgraph.extraction.nlp.quotes.names_by_token import NamesByToken

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
_CLAUSES = frozenset(
    ("ccomp", "xcomp", "advcl", "conj", "parataxis", "acl", "relcl", "dep", "pcomp", "prep")
)
_HE = frozenset(("he", "she"))
#: Those of an organisation who have no name, and what they say.
_UNNAMED = frozenset(
    ("statement", "report", "spokespeople", "officials", "authorities", "police", "officers")
)


class Speakers:
    """Finds the speakers of a page. ``titled`` gives the person who is named by a title alone: the
    number of a name for a token.
    """

    def __init__(
        self,
        page: Page,
        lexicon: Lexicon,
        by_token: NamesByToken,
        cues: Cues,
        titled: dict[int, int],
        he_said: HeSaid,
        quoted: bytearray,
    ) -> None:
        self.page, self.lexicon, self.by_token, self.cues = page, lexicon, by_token, cues
        self.names, self.titled = by_token.names, titled
        self._he_said, self._quoted_tokens = he_said, quoted

    def of(self, cue: Token, position: int, last: LastSpeaker | None) -> tuple[int | None, float]:
        """Return the name of who speaks by the verb, and how sure that is."""
        subject = self._subject(cue)
        if subject is None:
            return None, 0.5
        number = self.by_token.of(subject, self.lexicon)
        if number is not None:
            return number, 0.92
        if subject.i in self.titled:
            return self.titled[subject.i], 0.8
        if subject.lower_ in _HE:
            meant = self._he_said.meant(subject, position, last)
            return meant, 0.8 if meant is not None else 0.5
        speaker = self._of_office(subject)
        return speaker, 0.75 if speaker is not None else 0.5

    def _subject(self, verb: Token) -> Token | None:
        """Return the subject of a verb, its own or of a verb that it hangs on."""
        token = self._outer(verb)
        for _ in range(6):
            for child in token.children:
                if child.dep_ in SUBJECTS and not self._quoted_tokens[child.i]:
                    if child.lower_ in ("who", "which", "that") and token.dep_ in ("relcl", "acl"):
                        return token.head
                    return child
            agent = next((c for c in token.children if c.dep_ == "agent"), None)
            if agent is not None:
                return next((c for c in agent.children if c.dep_ == "pobj"), None)
            if token.dep_ in ("relcl", "acl"):
                return token.head
            if token.dep_ not in _CLAUSES or token.head.i == token.i:
                return None
            token = token.head
        return None

    def _outer(self, verb: Token) -> Token:
        """Return the verb that another is joined to across a report: in "he said that they agreed but
        criticised …", the second verb of saying is of who said it.
        """
        first = verb
        while first.dep_ == "conj" and first.head.pos_ in ("VERB", "AUX"):
            if any(child.dep_ in SUBJECTS for child in first.children):
                return verb
            first = first.head
        if first is verb or first.dep_ != "ccomp":
            return verb
        outer = first.head
        return outer if self.cues.is_cue(outer) and outer.i < first.i else verb

    def _of_office(self, subject: Token) -> int | None:
        """Return whose spokesman or official an unnamed one is: "a spokesman for the ministry"."""
        if subject.lemma_.lower() not in self.lexicon.titles and subject.lower_ not in _UNNAMED:
            return None
        for child in subject.children:
            if child.dep_ == "prep" and child.lower_ in ("for", "of", "from", "at", "with"):
                for noun in child.children:
                    if (
                        noun.dep_ == "pobj"
                        and (number := self.by_token.of(noun, self.lexicon)) is not None
                    ):
                        return number
            if child.dep_ in ("compound", "poss", "amod", "nmod"):
                number = self.by_token.at(child.i)
                if number is not None and self.names[number].type == "Organization":
                    return number
        return None

    def according_to(self, sentence: Span) -> int | None:
        """Return the name of the person or the body according to whom a sentence says something."""
        for token in sentence:
            is_said_by = token.lower_ == "according" or (
                token.lower_ == "words" and self.page.words[token.i + 1 : token.i + 2] == ["of"]
            )
            if is_said_by and token.i + 1 < len(self.page.words):
                for index in range(token.i + 2, min(token.i + 14, sentence.end)):
                    if self.page.words[index] in (",", ".", "“", '"'):
                        break
                    number = self.by_token.at(index)
                    if number is not None:
                        return self._last_of_phrase(number, sentence.end)
        return None

    def _last_of_phrase(self, number: int, end: int) -> int:
        """Return the person at the end of a phrase: "Acme's chief, Ana Ruiz"."""
        name = self.names[number]
        if name.type == "Person":
            return number
        for index in range(name.last, min(name.last + 7, end)):
            other = self.by_token.at(index)
            if other is not None:
                return other if self.names[other].type == "Person" else number
            if self.page.doc[index].pos_ in ("VERB", "AUX"):
                break
        return number
