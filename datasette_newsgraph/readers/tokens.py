"""Text from tokens, for formats that count tokens and keep no text.

Tokens are joined by one blank, sentences too; where a format says which tokens have no blank behind
them, that is kept. Spans come out in code points of that text, end exclusive.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, repeat
from typing import NamedTuple, overload


class TokenSpan(NamedTuple):
    """A span of the joined text with what it reads."""

    start: int
    end: int
    surface: str


class Places(Sequence[tuple[int, int]]):
    """Where tokens start and end. A document may have millions, so they are held as numbers."""

    def __init__(self) -> None:
        self._starts = array("q")
        self._ends = array("q")

    def add(self, start: int, end: int) -> None:
        """Add the place of the next token."""
        self._starts.append(start)
        self._ends.append(end)

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, number: int) -> tuple[int, int]: ...
    @overload
    def __getitem__(self, number: slice) -> list[tuple[int, int]]: ...
    def __getitem__(self, number: int | slice) -> tuple[int, int] | list[tuple[int, int]]:
        if isinstance(number, slice):
            return list(zip(self._starts[number], self._ends[number], strict=True))
        return self._starts[number], self._ends[number]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._starts, self._ends, strict=True)


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
        blanks: Sequence[Sequence[int]] | None = None,
    ) -> None:
        parts: list[str] = []
        #: (start, end) of every token, over all sentences.
        self.tokens = Places()
        #: How many tokens come before each sentence, and all of them at the end.
        self.first_tokens: list[int] = [0]
        place = 0
        for number, sentence in enumerate(sentences):
            pieces: list[str] = []
            between = repeat(True) if blanks is None else blanks[number]
            for token, blank in zip(sentence, between):  # noqa: B905 - repeat has no end
                self.tokens.add(place, place + len(token))
                pieces += (token, " ") if blank else (token,)
                place += len(token) + bool(blank)
            parts.append("".join(pieces))
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
            places: Iterable[tuple[int, int]] | None = find_tokens(given, tokens) if given else None
            if places is None or given is None:
                joined = cls([tokens])
                given, places = joined.text, joined.tokens
            for start, end in places:
                found.tokens.add(begin + start, begin + end)
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
