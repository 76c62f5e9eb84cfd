"""Text from tokens, for formats that count tokens and keep no text.

Tokens are joined by one blank, sentences too; where a format says which tokens have no blank behind
them, that is kept. Spans come out in code points of that text, end exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class TokenSpan(NamedTuple):
    """A span of the joined text with what it reads."""

    start: int
    end: int
    surface: str


def find_tokens(text: str, tokens: Iterable[str]) -> list[tuple[int, int]] | None:
    """Return where tokens stand in a text, one after the other with at most white space between them;
    None if they do not.
    """
    places: list[tuple[int, int]] = []
    beyond = 0
    for token in tokens:
        start = text.find(token, beyond)
        if start < 0:
            return None
        beyond = start + len(token)
        places.append((start, beyond))
    # Far apart, they were found elsewhere.
    if any(text[left[1] : right[0]].strip() for left, right in pairwise(places)):
        return None
    return places


class JoinedText:
    """The text of tokenised sentences.

    ``sentences`` are lists of tokens; ``blanks``, of the same lengths, says whether a blank comes
    behind each token.
    """

    def __init__(
        self,
        sentences: Sequence[Sequence[str]],
        blanks: Sequence[Sequence[bool]] | None = None,
    ) -> None:
        parts: list[str] = []
        #: (start, end) of every token, over all sentences.
        self.tokens: list[tuple[int, int]] = []
        #: How many tokens come before each sentence, and all of them at the end.
        self.first_tokens: list[int] = [0]
        place = 0
        for number, sentence in enumerate(sentences):
            for token_number, token in enumerate(sentence):
                blank = blanks is None or blanks[number][token_number]
                self.tokens.append((place, place + len(token)))
                parts += (token, " ") if blank else (token,)
                place += len(token) + blank
            self.first_tokens.append(len(self.tokens))
        self.text = "".join(parts).rstrip(" ")

    @classmethod
    def of_sentences(cls, sentences: Iterable[tuple[str | None, Sequence[str]]]) -> JoinedText:
        """Return the text of sentences that are given beside their tokens, joined by one blank.

        A sentence in which its tokens do not stand one after the other is its tokens joined.
        """
        found = cls(())
        texts: list[str] = []
        begin = 0
        for given, tokens in sentences:
            places = find_tokens(given, tokens) if given else None
            if places is None or given is None:
                joined = cls([tokens])
                given, places = joined.text, joined.tokens
            found.tokens += [(begin + start, begin + end) for start, end in places]
            found.first_tokens.append(len(found.tokens))
            texts.append(given)
            begin += len(given) + 1
        found.text = " ".join(texts)
        return found

    def span(self, first: int, end: int, sentence: int | None = None) -> TokenSpan | None:
        """Return the span of the tokens ``first`` to ``end`` (exclusive), counted from 0 in the whole
        text or in one ``sentence``; None if there are no such tokens.
        """
        if sentence is not None:
            if not 0 <= sentence < len(self.first_tokens) - 1:
                return None
            offset, beyond = self.first_tokens[sentence : sentence + 2]
        else:
            offset, beyond = 0, len(self.tokens)
        if not 0 <= first < end <= beyond - offset:
            return None
        start, stop = self.tokens[offset + first][0], self.tokens[offset + end - 1][1]
        return TokenSpan(start, stop, self.text[start:stop])

    def sentence(self, number: int) -> TokenSpan | None:
        """Return the span of a sentence, counted from 0; None if there is none, or it is empty."""
        if not 0 <= number < len(self.first_tokens) - 1:
            return None
        length = self.first_tokens[number + 1] - self.first_tokens[number]
        return self.span(0, length, number)
