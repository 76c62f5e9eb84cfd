"""What a mention is: a name, other words or a pronoun, told by the part of speech of its head."""

from __future__ import annotations

from datasette_newsgraph.readers.chains import MOST_WORDS_OF_A_NAME, Kind, Link, core, kind_of
from datasette_newsgraph.readers.formats.conllu.brackets import Opened
from datasette_newsgraph.readers.formats.conllu.lines import Document

#: A mention is looked at up to so many words: a relative clause has no head of the whole.
_MOST_WORDS = 200


def link_of(document: Document, mention: Opened, same_as: tuple[str, ...]) -> Link:
    """Return a mention as a link of the chain of its entity."""
    first, end = mention.first, mention.end
    name = core(document.words, first, end)
    head = _head(document, first, end)
    kind: Kind
    if mention.part:
        # "the prime and foreign ministers": no part is all of a name.
        kind = "words"
    elif head is None:
        kind = kind_of(document.words, first, end, document.plain)
    else:
        tag = document.tags[head]
        is_pronoun = tag == "PRON" or (tag == "DET" and end - first == 1)
        kind = "pronoun" if is_pronoun else "name" if tag == "PROPN" else "words"
        if kind == "name":
            name = _name(document, head, *name)
    return Link(mention.place, first, end, kind, name, mention.label, (*mention.same_as, *same_as))


def _head(document: Document, first: int, end: int) -> int | None:
    """Return the first word of a mention whose head is outside of it; None where no part of speech or
    no tree tells it.
    """
    for place in range(first, min(end, first + _MOST_WORDS)):
        head = document.heads[place]
        if not document.tags[place] or (head == -2 and end - first > 1):
            return None
        if not first <= head < end:
            return place
    return None


def _name(document: Document, head: int, first: int, end: int) -> tuple[int, int]:
    """Return where the name in a mention stands: of a long one the proper nouns around its head."""
    if first < head and document.layout.begins_sentence(first):
        # "The" is the article before the name there, in capitals as any first word.
        first += document.tags[first] == "DET"
    if end - first <= MOST_WORDS_OF_A_NAME or not first <= head < end:
        return first, end
    begin = beyond = head
    while begin > first and document.tags[begin - 1] == "PROPN":
        begin -= 1
    while beyond < end and document.tags[beyond] == "PROPN":
        beyond += 1
    return begin, beyond
