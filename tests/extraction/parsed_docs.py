"""Documents of spaCy that are parsed by hand, so that a rule is tested without a model."""

from __future__ import annotations

from spacy.lang.en import English
from spacy.tokens import Doc

from datasette_newsgraph.article import Zone
from datasette_newsgraph.extraction.nlp.lexicons import load_lexicon
from datasette_newsgraph.extraction.nlp.names import find_names
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.quotes import NamesByToken
from datasette_newsgraph.extraction.nlp.relations.statement import Scene

NLP = English()
LEXICON = load_lexicon()
#: Marks that stand at the word behind them, or at the one before.
_OPENING, _CLOSING = ("“", "(", "-"), ("”", ")", ",", ".", "'s", "-")


def doc_of(rows: str) -> Doc:
    """A document of one sentence. Each row has a word, its part of speech, its relation and the number
    of its head, and perhaps a lemma and the label of an entity (``B-ORG``, ``I-ORG``); ``-`` is none.
    """
    fields = [[*row.split(), "-", "-"][:6] for row in rows.strip().splitlines()]
    words, tags, relations, heads, lemmas, labels = zip(*fields, strict=True)
    return Doc(
        NLP.vocab,
        words=list(words),
        spaces=[
            word not in _OPENING and behind not in _CLOSING
            for word, behind in zip(words, (*words[1:], ""), strict=True)
        ],
        pos=list(tags),
        deps=list(relations),
        heads=[int(head) for head in heads],
        lemmas=[w.lower() if m == "-" else m for w, m in zip(words, lemmas, strict=True)],
        ents=["O" if label == "-" else label for label in labels],
        sent_starts=[True] + [False] * (len(words) - 1),
    )


def scene_of(rows: str, zones: list[Zone] | None = None) -> Scene:
    """The scene of a document, with the names that are found in it."""
    page = Page(doc_of(rows), zones or [])
    names = find_names(page, LEXICON)
    return Scene(page, names, LEXICON, NamesByToken(page, names), bytearray(len(page.words) + 1))
