"""Proper nouns that are no names of the model, of the lists, or of what was found elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names.name import Board, Name, name_at
from datasette_newsgraph.extraction.nlp.names.spans import CREDITS
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

_HONORIFICS = word_list("honorifics")
_NO_NAMES = word_list("no names")
_MARKS = frozenset(('"', "“", "”", "'", "‘", "’", "a", "an", "A", "An"))


def proper_nouns(page: Page, lexicon: Lexicon, board: Board) -> Iterator[Name]:
    """Yield runs of proper nouns that nothing else has found, within sentences of the story."""
    zones = page.token_zones
    index, count = 0, len(page.words)
    while index < count:
        word = page.words[index]
        if not word[:1].isupper() or board.covered[index] or not _may_be_name(page, index):
            index += 1
            continue
        last = index + 1
        while (
            last < count
            and not board.covered[last]
            and (page.words[last][:1].isupper() and _may_be_name(page, last))
        ):
            last += 1
        type_ = _guess(page, lexicon, index, last)
        if zones[index] in ("body", "standfirst", "caption") and type_ is not None:
            yield name_at(page, index, last, type_, "guess")
        index = last


def _may_be_name(page: Page, index: int) -> bool:
    token = page.doc[index]
    small = token.text.lower().rstrip(".")
    return (
        token.pos_ == "PROPN"
        and len(token.text) > 1
        and small not in _NO_NAMES
        and small not in _HONORIFICS
        and token.text not in CREDITS
    )


def _guess(page: Page, lexicon: Lexicon, first: int, last: int) -> str | None:
    """Return the type of a run of proper nouns by the words around it; None if it is to be left out."""
    words = page.words
    if last - first == 1:
        word = words[first]
        is_short = len(word) < 3 or (word.endswith(".") and len(word) < 6)
        if page.doc[first].is_sent_start and _is_in_table(page, first, last):
            return "Organization"
        if page.doc[first].is_sent_start or is_short or word.lower() in lexicon.titles:
            return None
    type_ = lexicon.heads.get(words[last - 1].lower())
    if type_ is not None:
        return type_ if last - first > 1 else None
    before = words[first - 1].lower() if first else ""
    behind = page.doc[last] if last < len(words) else None
    if before.rstrip(".") in _HONORIFICS or before in lexicon.titles:
        return "Person"
    if behind is not None and behind.lemma_ in lexicon.reporting and behind.pos_ == "VERB":
        return "Person"
    if before in ("in", "at", "near", "from", "to") and page.doc[first - 1].pos_ == "ADP":
        return "Place"
    if words[first].isupper() or before == "the" or _is_in_results(page, first, last):
        return "Organization"
    return "Person" if _is_like_person(page, first, last) else "Thing"


def _is_in_results(page: Page, first: int, last: int) -> bool:
    """Tell whether a name stands where teams do in results: ``Lima 1 Red Star 0``."""
    before = page.words[first - 1] if first else "\n"
    behind = page.words[last] if last < len(page.words) else ""
    return behind.isdigit() and len(behind) < 3 and (before.isdigit() or "\n" in before)


def _is_in_table(page: Page, first: int, last: int) -> bool:
    """Tell whether a line begins with a name and numbers as tables do: ``Lima 4 2 1``."""
    numbers = [word for word in page.words[last : last + 3] if word.isdigit()]
    return len(numbers) > 1 and _is_in_results(page, first, last)


def _is_like_person(page: Page, first: int, last: int) -> bool:
    """Tell whether words look like a first name and a surname: two or three, in no quotation marks."""
    words = page.words[first:last]
    around = page.words[max(0, first - 1) : first] + page.words[last : last + 1]
    return (
        2 <= last - first <= 3
        and all(word.isalpha() and not word.isupper() for word in words)
        and not any(word in _MARKS for word in around)
        and not _is_hyphened(page, first, last)
        and page.doc[last - 1].tag_ != "NNPS"
    )


def _is_hyphened(page: Page, first: int, last: int) -> bool:
    """Tell whether words are a part of hyphened ones: "Grozny-Urus Martan"."""
    before, behind = page.words[first - 1 : first], page.words[last : last + 1]
    return (before == ["-"] and not page.doc[first - 1].whitespace_) or (
        behind == ["-"] and not page.doc[last - 1].whitespace_
    )
