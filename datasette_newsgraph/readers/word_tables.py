"""Tables of words with tags, as Kaggle has them: what their columns are, and the words of a row.

A row is a word with its tag, or a sentence with a list of tags.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.columns.tags import TagSet, tag_set

#: The names of columns, compared in small letters without blanks, ``_`` and ``-``; ``#`` is a number.
_WORD = ("word", "words", "token", "tokens")
_TAG = (
    "tag",
    "tags",
    "nertag",
    "nertags",
    "ner",
    "label",
    "labels",
    "wordlabels",
    "entitytag",
    "bio",
)
_SENTENCE = ("sentencenumber", "sentenceidx", "sentence", "sentenceid", "sentid", "sentenceno")
_TEXT = ("sentence", "sentences", "text")
_DOCUMENT = ("document", "documentid", "docid", "doc", "articleid", "article", "filename", "file")
_FOLDED = re.compile(r"[\s_-]+")
#: One that is not closed goes on to the end, so that none is looked at twice.
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)\\?(?:'|\Z)|\"((?:[^\"\\]|\\.)*)\\?(?:\"|\Z)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")
#: So many rows are looked at.
_ROWS = 2000


class Word(NamedTuple):
    """A word with its tag."""

    words: str
    tag: str


class WordColumns(NamedTuple):
    """The places of columns, counted from 0. With ``is_sentence`` a row is a sentence."""

    word: int
    tag: int
    sentence: int | None
    document: int | None
    is_sentence: bool

    def words(self, cells: Sequence[str]) -> list[Word] | str:
        """Return the words of a row with their tags, or why it has none."""
        given, tags = cells[self.word], cells[self.tag]
        if not self.is_sentence:
            return [Word(given.strip(), tags.strip())]
        words, labels = _listed(given), _listed(tags)
        if len(words) != len(labels):
            return f"it has {len(words)} words and {len(labels)} tags"
        return [Word(*pair) for pair in zip(words, labels, strict=True)]


def columns_of(header: Sequence[str]) -> list[WordColumns]:
    """Return what the columns of a header may be: a word a row, and then a sentence a row."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(_FOLDED.sub("", name.casefold().replace("#", "number")), place)

    def place_of(names: Sequence[str]) -> int | None:
        return next((places[name] for name in names if name in places), None)

    tag, document = place_of(_TAG), place_of(_DOCUMENT)
    word, text = place_of(_WORD), place_of(_TEXT)
    found: list[WordColumns] = []
    if tag is not None and word is not None:
        found.append(WordColumns(word, tag, place_of(_SENTENCE), document, False))
        found.append(WordColumns(word, tag, None, document, True))
    if tag is not None and text is not None:
        found.append(WordColumns(text, tag, None, document, True))
    return found


def decide(rows: Iterator[delimited.Row]) -> tuple[WordColumns, TagSet] | None:
    """Return the columns of a table by its header and first rows, with what the tags are; None if it
    has no words with tags.
    """
    header = next(rows, None)
    if header is None or header.fault is not None or not (may_be := columns_of(header.cells)):
        return None
    taken = [
        row.cells
        for row, _ in zip(rows, range(_ROWS), strict=False)
        if row.fault is None and len(row.cells) >= len(header.cells)
    ]
    for columns in may_be:
        found = [columns.words(cells) for cells in taken]
        words = [each for given in found if not isinstance(given, str) for each in given]
        if 4 * sum(not isinstance(each, str) for each in found) < 3 * len(found):
            continue
        tags = tag_set(Counter(each.tag for each in words))
        if words and tags is not None and not tags.is_of_words and not tags.is_of_chunks:
            return columns, tags
    return None


def _listed(cell: str) -> list[str]:
    """Return the strings of a list as Python, numpy or JSON write it, or else words between blanks."""
    cell = cell.strip()
    if not (cell.startswith("[") and cell.endswith("]") and len(cell) > 1):
        return cell.split()
    return [
        _ESCAPED.sub(r"\1", found[1] if found[1] is not None else found[2])
        for found in _QUOTED.finditer(cell)
    ]
