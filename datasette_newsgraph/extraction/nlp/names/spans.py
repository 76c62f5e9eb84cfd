"""Where a name begins and ends: without what the model took into it, and with what it left out."""

from __future__ import annotations

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

_EDGE = frozenset("\"'“”‘’„«»()[]{}<>-–—.,;:!?/|*#•…`") | {
    "--",
    "...",
    "''",
    "``",
    "'s",
    "’s",
    "’S",
    "'S",
}
_ARTICLES = frozenset(("the", "a", "an", "its", "their", "his", "her", "our", "this", "that"))
_HONORIFICS = word_list("honorifics")
_NO_NAMES = word_list("no names")
#: So many words are added to a name at most.
_FARTHEST = 10
#: Small words that begin names.
_PARTICLES = word_list("particles")
#: Words before a credit, "Image: Ana Ruiz", which the model takes into names.
CREDITS = frozenset(
    ("Image", "Images", "Photo", "Photos", "Photograph", "Picture", "File", "Credit", "Video")
)


def trimmed(words: list[str], first: int, last: int) -> tuple[int, int]:
    """Return a span of tokens without articles, marks and possessives at its edges."""
    while first < last and (words[first].lower() in _ARTICLES or _is_edge(words[first])):
        first += 1
    while first < last - 1 and words[first].islower() and words[first] not in _PARTICLES:
        first += 1
        while first < last and _is_edge(words[first]):
            first += 1
    while last > first and (
        _is_edge(words[last - 1])
        or (words[last - 1] in CREDITS and words[last : last + 1] == [":"])
    ):
        last -= 1
    # A line end within: only what stands before it.
    for index in range(first, last):
        if "\n" in words[index]:
            return first, index
    return first, last


def completed(
    page: Page, lexicon: Lexicon, first: int, last: int, *, is_person: bool
) -> tuple[int, int]:
    """Return a span with what belongs to the name: "University of" before it, "Ministry" behind."""
    words = page.words
    for gap in (1, 2):
        before = first - gap - 1
        if (
            before >= 0
            and words[first - gap] in ("of", "for")
            and (gap == 1 or words[first - 1] == "the")
            and words[before][:1].isupper()
            and words[before].lower() in lexicon.heads
            and not words[first].islower()
            and (words[first - gap] == "for" or not _is_of_several(page, before))
        ):
            first = before
            least = max(0, before - _FARTHEST)
            while first > least and words[first - 1][:1].isupper() and _is_proper(page, first - 1):
                first -= 1
            break
    if is_person:
        return _whole_person(page, lexicon, first, last)
    end, most = last, min(len(words), last + _FARTHEST)
    while end < most and words[end][:1].isupper() and _is_proper(page, end):
        end += 1
        if words[end - 1].lower() in lexicon.heads:
            last = end
    return first, last


def _is_of_several(page: Page, index: int) -> bool:
    """Tell whether a word ends a name of several words that the model has found by itself: in "the East
    Tower of the Palace" there are two names.
    """
    return bool(index) and bool(page.doc[index].ent_type_) and page.doc[index].ent_iob_ == "I"


def _whole_person(page: Page, lexicon: Lexicon, first: int, last: int) -> tuple[int, int]:
    """Return the span of a person's name with a given name before it and the rest of a hyphened one."""
    words = page.words
    least = max(0, first - _FARTHEST)
    while (
        first > least
        and words[first - 1][:1].isupper()
        and page.doc[first - 1].pos_ == "PROPN"
        and not page.doc[first - 1].ent_type_
        and words[first - 1].lower() not in lexicon.titles
        and _is_proper(page, first - 1)
    ):
        first -= 1
    most = min(len(words), last + 2 * _FARTHEST)
    while (
        last + 1 < most
        and words[last] == "-"
        and not page.doc[last - 1].whitespace_
        and not page.doc[last].whitespace_
        and page.doc[last + 1].pos_ in ("PROPN", "NOUN", "ADJ")
    ):
        last += 2
    return first, last


def _is_proper(page: Page, index: int) -> bool:
    token = page.doc[index]
    return (
        token.pos_ in ("PROPN", "ADJ", "NOUN")
        and not token.is_sent_start
        and token.text.lower().rstrip(".") not in _HONORIFICS
        and token.text.lower() not in _NO_NAMES
    )


def _is_edge(word: str) -> bool:
    return word in _EDGE or word.isspace()
