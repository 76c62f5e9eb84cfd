"""The place and whole date before a press release: ``LIMA, Peru, 4 June 2023 -``."""

from __future__ import annotations

import re

from datasette_newsgraph.extraction.layout.date_lines import DATE

#: Words that begin a sentence with a date, and no place.
_NO_PLACE = (
    r"(?!(?:On|In|At|By|From|Since|Until|Till|Before|After|During|For|The|This|That|It|He|She|They|We"
    r"|As|When|While|Between|Published|Updated|Posted)\b)"
)
_WORD = r"[^\W\d_a-z][\w.'’]*"
_PLACE = rf"{_WORD}(?:[ -]{_WORD}){{0,3}}"
#: A city with its state or country, and perhaps further cities.
_PLACES = rf"{_NO_PLACE}{_PLACE}(?:(?:,\s?|\s?/\s?|\s(?:and|&)\s){_PLACE}){{0,4}}"
_DASH = r"(?:[–—―|:]|--|-)"
_AGENCY = r"(?:\([A-Z][\w.& /-]{1,30}\)|/[A-Z][\w.& -]{1,30}/)"
_DATELINE = re.compile(
    rf"(?:\({_PLACES}\)|{_PLACES}),?(?:\s?{_DASH})?\s?(?:{_AGENCY}\s?{_DASH}?\s?)?"
    rf"(?:\({DATE}\)|{DATE})(?:,?\s?{_AGENCY})?\s?{_DASH}"
    rf"|(?:\({DATE}\)|{DATE})(?:,\s?|\s?{_DASH}\s?|\s)(?:\({_PLACES}\)|{_PLACES})"
    rf"(?:\s{_AGENCY})?\s?{_DASH}",
)
_BEHIND = re.compile(rf"\s?(?!{DATE})[\"“‘'«(]?[^\W\d_a-z]")
#: Code points of the longest dateline.
_LONGEST = 160


def end_of_press_dateline(words: str) -> int:
    """Return where a place with a whole date ends that a paragraph begins with; 0 if there is none.

    >>> end_of_press_dateline("LIMA, Peru, 4 June 2023 - Acme opens a bridge.")
    25
    >>> end_of_press_dateline("On Sunday, 4 June 2023 - a day of rain - Acme opened a bridge.")
    0
    """
    found = _DATELINE.match(words, 0, _LONGEST)
    return found.end() if found is not None and _BEHIND.match(words, found.end()) else 0
