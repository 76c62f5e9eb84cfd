"""Find where a quotation ends whose closing mark is missing.

It ends before the words that say who spoke: ``"We left, said Ana Ruiz. She …``. Without such words it
ends with its first sentence.
"""

from __future__ import annotations

import re
from functools import cache

from datasette_newsgraph.extraction.nlp.word_lists import word_list
from datasette_newsgraph.sentences import Sentences

_CAPITALISED = r"[^\W\d_a-z][\w.'’-]*"
#: Code points of the longest first sentence that is looked for.
_LONGEST = 3000


def said_by_name(text: str, start: int, end: int) -> int | None:
    """Return where words like ", said Ana" begin, which nobody says in speech; None without them.

    >>> said_by_name('"We left, said Ana Ruiz. She went home.', 1, 39)
    8
    """
    found = _forms()[0].search(text, start, end)
    return found.start() if found else None


def end_of_unclosed(text: str, start: int, end: int) -> int:
    """Return where a quotation ends that no mark closes between ``start`` and ``end``.

    >>> text = "We left, Ruiz said. She went home."
    >>> text[: end_of_unclosed(text, 0, len(text))]
    'We left'
    >>> text = "We left Mr. Ott. They went home."
    >>> text[: end_of_unclosed(text, 0, len(text))]
    'We left Mr. Ott.'
    """
    # Who spoke may be said behind a question or exclamation mark, where a sentence ends.
    places = [
        found.start() for form in _forms() if (found := form.search(text, start, end)) is not None
    ]
    if places:
        return min(places)
    ends = Sentences(text[start : min(end, start + _LONGEST)]).ends
    return start + ends[0] if ends else end


@cache
def _forms() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the forms of "comma, verb, name" and "comma, name or pronoun, verb"."""
    verbs = "|".join(sorted(word_list("said")))
    mark = r"(?:\s?,|(?<=[?!…]))\s+"
    return (
        re.compile(rf"{mark}(?:{verbs})\s+{_CAPITALISED}"),
        re.compile(rf"{mark}(?:{_CAPITALISED}(?:\s{_CAPITALISED}){{0,3}}|s?he)\s(?:{verbs})\b"),
    )
