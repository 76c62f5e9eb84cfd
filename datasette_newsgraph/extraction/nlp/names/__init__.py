"""Find the names of a text: those of the model, put right and completed.

What is put right: where a name begins and ends (``spans``), its type by lists and by the rest of the
article (``types``), what is no name (``doubts``). What is completed: names that the lists know
(``of_lists``), further occurrences of names that were found once (``repeats``), and proper nouns that
nothing else has found (``guesses``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names.compounds import with_compounds
from datasette_newsgraph.extraction.nlp.names.doubts import (
    is_language,
    is_no_name,
    without_common_words,
)
from datasette_newsgraph.extraction.nlp.names.guesses import proper_nouns
from datasette_newsgraph.extraction.nlp.names.name import Board, Name, name_at
from datasette_newsgraph.extraction.nlp.names.of_lists import longer_of_lists, of_lists
from datasette_newsgraph.extraction.nlp.names.repeats import agree_on_types, repeats
from datasette_newsgraph.extraction.nlp.names.spans import completed, trimmed
from datasette_newsgraph.extraction.nlp.names.things import tell_things
from datasette_newsgraph.extraction.nlp.names.types import settle_type
from datasette_newsgraph.extraction.nlp.offices import is_portfolio
from datasette_newsgraph.extraction.nlp.page import Page

__all__ = ["Name", "find_names"]

#: The types of the labels of OntoNotes; what is not here is no name.
_TYPES = {
    "PERSON": "Person",
    "PER": "Person",
    "NORP": "Group",
    "FAC": "Place",
    "ORG": "Organization",
    "GPE": "Place",
    "LOC": "Place",
    "PRODUCT": "Product",
    "EVENT": "Event",
    "WORK_OF_ART": "CreativeWork",
    "LAW": "Law",
    "MISC": "Thing",
}


def find_names(page: Page, lexicon: Lexicon, given: Iterable[str] = ()) -> list[Name]:
    """Return the names of a text in order, none inside another. ``given`` are names that are known to
    be in the article, such as its publisher.
    """
    names = [name for name in _of_model(page, lexicon) if not is_no_name(page, lexicon, name)]
    names = without_common_words(page, names)
    tell_things(page, lexicon, names)
    board = Board(page, ())
    board.add(longer_of_lists(page, lexicon, names))
    names = list(with_compounds(page, lexicon, names, board))
    board.add(sorted(names, key=lambda name: name.first - name.last))
    board.add(name for name in of_lists(page, lexicon, given, board) if not is_language(page, name))
    agree_on_types(board.names)
    board.add(repeats(page, board))
    if page.doc.lang_ == "en":
        board.add(
            name
            for name in proper_nouns(page, lexicon, board)
            if not is_portfolio(page.words, name.first, name.last, lexicon)
        )
    agree_on_types(board.names)
    return sorted(board.names, key=lambda name: name.start)


def _of_model(page: Page, lexicon: Lexicon) -> Iterator[Name]:
    for entity in page.doc.ents:
        type_ = _TYPES.get(entity.label_)
        if type_ is None:
            continue
        first, last = trimmed(page.words, entity.start, entity.end)
        if first < last:
            first, last = completed(page, lexicon, first, last, is_person=type_ == "Person")
            name = name_at(page, first, last, type_, "model")
            settle_type(page, lexicon, name)
            yield name
