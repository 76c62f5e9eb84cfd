"""Names that end with a place: "Environment Canada" and "Ana Paris" are of no country and no city."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names.name import Board, Name, name_at
from datasette_newsgraph.extraction.nlp.names.spans import CREDITS
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

_HONORIFICS = word_list("honorifics")
_NO_NAMES = word_list("no names")
#: Words before a place that leave it one: "downtown Lima".
_PARTS = word_list("parts of places")


def with_compounds(
    page: Page, lexicon: Lexicon, names: Iterable[Name], board: Board
) -> Iterator[Name]:
    """Yield names, those of places with a proper noun before them that is in no name."""
    for name in names:
        if (
            name.type == "Place"
            and not name.is_demonym
            and _is_compound(page, lexicon, name, board)
        ):
            longer = name_at(page, name.first - 1, name.last, "Person", name.by)
            if name.known is not None:
                longer.type = _type(page, lexicon, longer)
            yield longer
        else:
            yield name


def _is_compound(page: Page, lexicon: Lexicon, name: Name, board: Board) -> bool:
    if not name.first or name.last - name.first > 1:
        return False
    before = page.doc[name.first - 1]
    word = before.lower_.rstrip(".")
    return (
        before.pos_ == "PROPN"
        and before.dep_ == "compound"
        and before.head.i == name.first
        and before.is_title
        and len(before.text) > 1
        and not before.ent_type_
        and not board.covered[name.first - 1]
        and page.token_zones[name.first - 1] in ("body", "standfirst", "caption")
        and word not in _PARTS
        # A word that begins a sentence may be taken for a proper noun: "Initially".
        and not (before.is_sent_start and word.endswith("ly"))
        and word not in _HONORIFICS
        and word not in _NO_NAMES
        and word not in lexicon.titles
        and word not in lexicon.heads
        and before.text not in CREDITS
    )


def _type(page: Page, lexicon: Lexicon, name: Name) -> str:
    """Return the type of a name that ends with a place of the lists: a person says something, or is
    somebody behind a comma.
    """
    behind = page.words[name.last : name.last + 2]
    if (
        behind[:1] == [","]
        and behind[1:]
        and (behind[1] in ("a", "an", "who") or behind[1].isdigit())
    ):
        return "Person"
    verb = page.doc[name.last] if name.last < len(page.words) else None
    if verb is not None and verb.pos_ == "VERB" and verb.lemma_ in lexicon.reporting:
        return "Person"
    return "Organization"
