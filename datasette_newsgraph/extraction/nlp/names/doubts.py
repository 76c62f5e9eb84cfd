"""What the model takes for a name and is none: offices, addresses, common words."""

from __future__ import annotations

from collections import Counter

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names.name import Name
from datasette_newsgraph.extraction.nlp.offices import OF_AN_OFFICE, is_office, is_portfolio
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

_HONORIFICS = word_list("honorifics")
#: Capitalised words that are no names.
_NO_NAMES = word_list("no names")
#: Verbs whose object is a language.
_OF_LANGUAGES = frozenset(("speak", "learn", "teach", "understand", "read", "write", "study"))


def is_no_name(page: Page, lexicon: Lexicon, name: Name) -> bool:
    """Tell whether what the model took for a name is none: no capital, an address, a common word."""
    text = name.text
    if is_language(page, name) or _is_behind_person(page, name):
        return True
    if name.known is not None:
        return False
    if not any(map(str.isupper, text)) or "@" in text or "://" in text or len(text) > 150:
        return True
    if name.type in OF_AN_OFFICE and (
        is_office(page.words[name.first : name.last], lexicon)
        or is_portfolio(page.words, name.first, name.last, lexicon)
    ):
        return True
    if name.last - name.first == 1:
        token = page.doc[name.first]
        small = text.lower().rstrip(".")
        if (
            small in _NO_NAMES
            or len(text) == 1
            or (name.type == "Person" and (small in _HONORIFICS or small in lexicon.heads))
        ):
            return True
        if name.type == "Group" and token.pos_ in ("ADJ", "NOUN"):
            return True
    return False


def is_language(page: Page, name: Name) -> bool:
    """Tell whether the adjective of a country is its language: "she speaks English", "in French"."""
    if not name.is_demonym or name.last - name.first > 1:
        return False
    token = page.doc[name.first]
    if token.ent_type_ == "LANGUAGE":
        return True
    if page.words[name.last : name.last + 1] == ["-"]:
        return page.words[name.last + 1 : name.last + 2] in (["speaking"], ["language"])
    if token.dep_ == "dobj":
        return token.head.lemma_ in _OF_LANGUAGES
    is_many = name.text.endswith("s")
    return token.dep_ == "pobj" and token.head.lower_ in ("in", "into") and not is_many


def _is_behind_person(page: Page, name: Name) -> bool:
    """Tell whether the short form of a state is what stands behind a person's name: "Ana Ruiz, SC"."""
    return (
        name.type == "Place"
        and name.first > 1
        and name.last - name.first == 1
        and name.text.isupper()
        and len(name.text) == 2
        and page.words[name.first - 1] == ","
        and page.doc[name.first - 2].ent_type_ == "PERSON"
    )


def without_common_words(page: Page, names: list[Name]) -> list[Name]:
    """Leave out what the model finds in a title of capitalised words, unless the story has it, too; and
    single words that the text has in small letters more often.
    """
    zones = page.token_zones
    titled = {index for index, zone in enumerate(zones) if zone == "title"}
    in_capitals = titled and _is_in_capitals([page.words[index] for index in sorted(titled)])
    elsewhere = {
        word
        for name in names
        if zones[name.first] != "title"
        for word in page.words[name.first : name.last]
    }
    small = Counter(word for word in page.words if word.islower())
    found = []
    for name in names:
        words = page.words[name.first : name.last]
        if name.known is None:
            if in_capitals and name.first in titled and not any(w in elsewhere for w in words):
                continue
            if len(words) == 1 and small[name.text.lower()] and _is_common(page, name, small):
                continue
        found.append(name)
    return found


def _is_in_capitals(words: list[str]) -> bool:
    longer = [word for word in words if word.isalpha() and len(word) > 3]
    return len(longer) > 2 and sum(word[0].isupper() for word in longer) >= 0.8 * len(longer)


def _is_common(page: Page, name: Name, small: Counter[str]) -> bool:
    """Tell whether a single word is a common one: the text has it in small letters, and here it stands
    where any word has a capital, or it is small more often.
    """
    if page.token_zones[name.first] == "title" or page.doc[name.first].is_sent_start:
        return True
    return small[name.text.lower()] >= page.words.count(name.text)
