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
    return "Organization" if words[first].isupper() or before == "the" else "Thing"
