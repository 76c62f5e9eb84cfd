"""What a name is of: its type by the lists and by its last word, without offices and honorifics."""

from __future__ import annotations

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names.name import Name
from datasette_newsgraph.extraction.nlp.offices import OF_AN_OFFICE, OFFICES_TOO, behind_office
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.word_lists import word_list

_HONORIFICS = word_list("honorifics")
#: Of an office that is named before a person: "Secretary of State", "Speaker of the House".
_PORTFOLIOS = word_list("portfolios")


def settle_type(page: Page, lexicon: Lexicon, name: Name) -> None:
    """Give a name the type that lists have for it, or for its last word; cut off what is an office."""
    known = lexicon.names.get(name.text) or lexicon.names.get(
        name.text.title() if len(name.text) > 4 and name.text.isupper() else ""
    )
    if known is not None and not (
        name.type == "Person" and name.last - name.first == 1 and known.place == "capital"
    ):
        name.known, name.type = known, known.type
        return
    if name.type in OF_AN_OFFICE and (
        behind := behind_office(page.words, name.first, name.last, lexicon)
    ):
        _begin_at(page, name, behind)
        settle_type(page, lexicon, name)
        return
    _without_portfolio(page, name)
    _without_honorifics(page, name)
    _without_title_behind(page, lexicon, name)
    tell_by_last_word(page, lexicon, name)


def _without_portfolio(page: Page, name: Name) -> None:
    """Begin a person's name behind the portfolio: "Secretary of State John Hay" is of John Hay."""
    words = page.words
    if words[name.first] not in _PORTFOLIOS or name.last - name.first == 1:
        return
    if not words[name.first + 1][:1].isupper():
        return
    if "of" in (word.lower() for word in words[max(0, name.first - 2) : name.first]):
        _begin_at(page, name, name.first + 1)
        name.type = "Person"


def _without_honorifics(page: Page, name: Name) -> None:
    """Cut off a person's honorifics, before the name and behind it."""
    words = page.words
    if name.type != "Person":
        return
    while name.last - name.first > 1 and words[name.first].lower().rstrip(".") in _HONORIFICS:
        _begin_at(page, name, name.first + (2 if words[name.first + 1] == "." else 1))
    while name.last - name.first > 1 and words[name.last - 1].lower().rstrip(".") in _HONORIFICS:
        _end_at(page, name, name.last - 1)


def _without_title_behind(page: Page, lexicon: Lexicon, name: Name) -> None:
    """Cut off what is said behind a name: "NASA Administrator" is of the administrator; "Sweden 1"
    is a result.
    """
    words = page.words
    while name.type != "Person" and name.last - name.first > 1:
        last_word = words[name.last - 1]
        rest = page.text[name.start : page.end_of(name.last - 2)]
        # "Pentagon Press Secretary" is of the Pentagon's press secretary.
        both = " ".join(words[name.last - 1 : name.last + 1]).lower()
        if last_word.lower() in OFFICES_TOO:
            break
        if (
            last_word.lower() not in lexicon.titles
            and both not in lexicon.titles
            and not (last_word.isdigit() and rest in lexicon.names)
        ):
            break
        _end_at(page, name, name.last - 1)
        name.known = lexicon.names.get(rest)
        name.type = name.known.type if name.known else name.type


def tell_by_last_word(page: Page, lexicon: Lexicon, name: Name) -> None:
    """Give a name of several words the type of its last one: a ministry is an organisation."""
    words = page.words
    if name.type == "Person" or name.last - name.first == 1:
        return
    head = name.last - 1
    for index in range(name.first + 1, name.last):
        if words[index].lower() in ("of", "for", "in", "on", "at"):
            head = index - 1
            break
    type_ = lexicon.heads.get(words[head].lower())
    # The Kennedy Center is a place, the Center for Peace perhaps not.
    is_of_purpose = type_ == "Place" and words[head + 1 : head + 2] == ["for"]
    if type_ is not None and words[head][:1].isupper() and not is_of_purpose:
        name.type = type_


def _begin_at(page: Page, name: Name, first: int) -> None:
    if first < name.last:
        name.first, name.start = first, page.starts[first]
        name.text = page.text[name.start : name.end]


def _end_at(page: Page, name: Name, last: int) -> None:
    name.last, name.end = last, page.end_of(last - 1)
    name.text = page.text[name.start : name.end]
