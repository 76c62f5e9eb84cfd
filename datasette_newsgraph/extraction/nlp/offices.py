"""Find the offices that a model takes into names: "Chief Executive of Helixon" is of Helixon."""

from __future__ import annotations

from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.word_lists import word_list

#: Types that the model gives to an office together with whose it is.
OF_AN_OFFICE = frozenset(("Organization", "Place", "Group", "Thing"))
#: Words of organisations that are also what somebody is.
OFFICES_TOO = frozenset(("center", "centre", "guard", "forward", "justice"))
#: Words of the longest title.
_LONGEST_TITLE = 5
_PORTFOLIOS = word_list("portfolios")
_OFFICES_WITH_PORTFOLIO = frozenset(
    ("minister", "ministers", "secretary", "secretaries", "undersecretary", "ombudsman")
)
_BETWEEN_PORTFOLIOS = frozenset(("and", "&", ",", "the"))
_ARTICLES = frozenset(("the", "a", "an", "its", "their", "his", "her", "our"))


def is_office(words: list[str], lexicon: Lexicon) -> bool:
    """Tell whether words in capitals are nothing but an office of several words, perhaps with what it
    is for: "Minister of Health".
    """
    length = _length_of_title(lexicon, words)
    if length == len(words):
        return length > 1
    return (
        bool(length) and words[length] in ("of", "for") and _behind_portfolio(words, length) is None
    )


def is_portfolio(words: list[str], first: int, last: int, lexicon: Lexicon) -> bool:
    """Tell whether a name is what an office is for: "Minister of Health", "Home Secretary"."""
    if all(word in _PORTFOLIOS or not word[:1].isupper() for word in words[first:last]):
        behind = "".join(words[last : last + 1]).lower()
        if behind in _OFFICES_WITH_PORTFOLIO:
            return True
    # "Minister for Women and Equality"
    while first > 1 and words[first - 1] == "and" and words[first - 2] in _PORTFOLIOS:
        first -= 2
    before = [word.lower() for word in words[max(0, first - 3) : first] if word.lower() != "the"]
    if len(before) < 2 or before[-1] not in ("of", "for"):
        return False
    if before[-2] in ("secretary", "secretaries", "undersecretary"):
        return words[first] in _PORTFOLIOS
    # "Secretary of State for Health"
    has_office = before[-2] in (*_OFFICES_WITH_PORTFOLIO, "state")
    return has_office and words[last - 1].lower() not in lexicon.heads


def behind_office(words: list[str], first: int, last: int, lexicon: Lexicon) -> int | None:
    """Return where the name of an organisation or a place begins behind an office that the model took
    into it: "Chief Executive of Helixon"; None if there is none.
    """
    index = first
    while length := _length_of_title(lexicon, words[index:last]):
        index += length
    # "Center for Peace", "Justice for Lima": a single word before "for" is no office.
    before_owner = ("of", "for", "at") if index - first > 1 else ("of",)
    is_office = first < index < last and words[index] in before_owner
    if not is_office or words[first].lower() in OFFICES_TOO:
        return None
    index += 1
    while index < last and words[index].lower() in _ARTICLES:
        index += 1
    is_named = index < last and words[index][:1].isupper()
    if not is_named or words[index] not in _PORTFOLIOS:
        return index if is_named else None
    # "Secretary of State" is an office as a whole, "Minister of Health of Peru" is of Peru.
    behind = _behind_portfolio(words[:last], index)
    return behind if behind is not None and words[behind][:1].isupper() else None


def _behind_portfolio(words: list[str], index: int) -> int | None:
    """Return where a name begins behind a portfolio, which is at ``index`` or behind a preposition
    there; None if there is none.
    """
    index += words[index] in ("of", "for")
    while index < len(words) and (
        words[index] in _PORTFOLIOS or words[index].lower() in _BETWEEN_PORTFOLIOS
    ):
        index += 1
    if index < len(words) and words[index] in ("of", "for"):
        index += 1
        while index < len(words) and words[index].lower() in _ARTICLES:
            index += 1
    return index if index < len(words) else None


def _length_of_title(lexicon: Lexicon, words: list[str]) -> int:
    """Return how many words the longest title in capitals has that stands first."""
    for length in range(min(_LONGEST_TITLE, len(words)), 0, -1):
        title = words[:length]
        is_title = " ".join(title).lower().replace(" - ", "-") in lexicon.titles
        if is_title and all(word[:1].isupper() or not word.isalpha() for word in title):
            return length
    return 0
