"""What the model takes for a name and is none: offices, addresses, common words."""

from __future__ import annotations

from collections import Counter

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names.name import Name
from datasette_newsgraph.extraction.nlp.offices import OF_AN_OFFICE, is_office
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

_HONORIFICS = word_list("honorifics")
#: Capitalised words that are no names.
_NO_NAMES = word_list("no names")


def is_no_name(page: Page, lexicon: Lexicon, name: Name) -> bool:
    """Tell whether what the model took for a name is none: no capital, an address, a common word."""
    text = name.text
    if name.known is not None:
        return False
    if not any(map(str.isupper, text)) or "@" in text or "://" in text or len(text) > 150:
        return True
    if name.type in OF_AN_OFFICE and is_office(page.words[name.first : name.last], lexicon):
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
        if name.type == "Group" and token.pos_ == "ADJ":
            return True
    return False


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
