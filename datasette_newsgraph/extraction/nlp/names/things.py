"""What the model takes for a person or a place and is a thing: a storm, a ship, a version."""

from __future__ import annotations

from collections import Counter

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names.name import Name
from datasette_newsgraph.extraction.nlp.names.types import tell_by_last_word
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

#: Words that such a name begins with: "Hurricane Ida", "Operation Overlord".
_EVENTS = word_list("beginnings of events")
_SHIPS = word_list("beginnings of ships")
_ARTICLES = frozenset(("the", "a", "an"))


def tell_things(page: Page, lexicon: Lexicon, names: list[Name]) -> None:
    """Give names of things their type, by how they begin, by digits, and by the article before them."""
    for name in names:
        if name.known is not None:
            continue
        beginning = page.words[name.first]
        if name.last - name.first > 1 and beginning.lower() in _EVENTS:
            name.type = "Event"
        elif name.last - name.first > 1 and beginning in _SHIPS:
            name.type = "Product"
        elif name.type in ("Person", "Place") and _is_version(name.text):
            name.type = "Thing"
    _without_people_behind_articles(page, lexicon, names)


def _is_version(words: str) -> bool:
    """Tell whether a single word has letters and digits: "IE9", "STS-1"."""
    return words[0].isalpha() and any(map(str.isdigit, words)) and " " not in words


def _without_people_behind_articles(page: Page, lexicon: Lexicon, names: list[Name]) -> None:
    """Take those for things that stand behind an article like a thing: "on the Hajj". In "the Biden
    plan" the article is of the plan.
    """
    behind: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for name in names:
        if name.type == "Person" and name.known is None:
            head = page.doc[name.last - 1]
            if head.dep_ == "compound" and head.head.i >= name.last:
                continue
            # "An Edward Hopper" is by a person.
            articles = _ARTICLES if name.last - name.first == 1 else ("the",)
            has_article = name.first and page.words[name.first - 1].lower() in articles
            (behind if has_article else alone)[name.text] += 1
    surnames = {name.text.split()[-1] for name in names if name.type == "Person"}
    for name in names:
        if name.type != "Person" or behind[name.text] <= alone[name.text]:
            continue
        # "The Yankees" are a team, but "the Obamas" are a family.
        is_many = page.doc[name.last - 1].tag_ == "NNPS"
        if not is_many:
            name.type = "Thing"
            tell_by_last_word(page, lexicon, name)
        elif name.text.removesuffix("s") not in surnames:
            name.type = "Organization"
