"""The form in which names of an authority are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Letters and digits of the longest name in capitals that is told from the word of the same letters.
_LONGEST_ACRONYM = 5
#: Combining marks of Latin, Greek and Cyrillic letters; marks of other scripts are vowels of theirs.
_MARKS = range(0x300, 0x370)
_DROPPED = frozenset(".'`\u2019\u2018\u02bc\u02bb\u02b9\u02ba\u00b4")

#: What tools leave around a name.
_AROUND = re.compile(r"\Athe\s+(?=\S)|(?<=\S)['\u2019]s\Z", re.IGNORECASE)


class _Characters(dict[int, str]):
    """What becomes of each character: nothing, a blank or itself; looked up once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)[0]
        if character in _DROPPED or code in _MARKS:
            found = ""
        elif character == "&":
            found = " and "
        elif character.isspace() or category in "PZ":
            found = " "
        else:
            # What cannot be seen, such as a joiner, stands between letters of one word.
            found = "" if category == "C" else character
        self[code] = found
        return found


_CHARACTERS = _Characters()


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Return the form in which two names are one: without case, accents, full stops and apostrophes,
    with blanks for all other punctuation. Nothing is transliterated.

    A name of one word in capitals keeps them if it is short: "WHO" is not "who", nor "Who". A name
    without a letter, digit or symbol is "".

    >>> folded("Côte d’Ivoire"), folded("U.S."), folded("Guinea-Bissau")
    ('cote divoire', 'US', 'guinea bissau')
    """
    decomposed = unicodedata.normalize("NFKD", name).translate(_CHARACTERS)
    words = unicodedata.normalize("NFC", decomposed).split()
    joined = " ".join(words)
    if len(words) == 1 and len(joined) <= _LONGEST_ACRONYM and joined.isupper():
        return joined
    # Case folding may bring a mark: "İ".
    again = unicodedata.normalize("NFKD", joined.casefold()).translate(_CHARACTERS)
    return " ".join(unicodedata.normalize("NFC", again).split())


def is_acronym(form: str) -> bool:
    """Tell whether a folded name is one that keeps its capitals.

    >>> is_acronym(folded("N.A.T.O.")), is_acronym(folded("Nato"))
    (True, False)
    """
    return form.isupper()


def without_article(name: str) -> str:
    """Return a name, folded or not, without an English article before it and a possessive behind it.

    >>> without_article("the UK"), without_article("France's")
    ('UK', 'France')
    """
    return _AROUND.sub("", name.strip())
