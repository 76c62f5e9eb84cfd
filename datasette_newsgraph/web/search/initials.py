"""Names by their initials: ``USA`` for United States of America, in any script that has capitals."""

from __future__ import annotations

import re
import unicodedata

#: Letters that initials may have; and those that are not typed as capitals: more are a word.
_FEWEST, _MOST, _MOST_SMALL = 2, 8, 4
#: Code points of a name in which capitals are looked for.
_READ = 300
_SMALL = (
    "a an and at by for from in of on or the to with"
    " a al an au aux d da das de del della der des di die do dos du e ed ein el en et für i il im"
    " la las le les lo los na o och of og pour sur und van von y z zu zur"
    " и в для на о об от по при с"
)
#: Articles, prepositions and conjunctions, as they stand in the names of states, offices and
#: companies: initials may be without them, however they are written.
SMALL_WORDS = frozenset(_SMALL.split())
_WORDS = re.compile(r"[^\W\d_][\w'’]*")


def read_initials(typed: str) -> str | None:
    """Return the capitals that may be meant as initials: of ``USA``, ``usa`` and ``U. S. A.``"""
    parts = re.split(r"[.\s]+", unicodedata.normalize("NFC", typed).strip(". "))
    if len(parts) > 1 and any(len(part) != 1 for part in parts):
        return None
    letters = "".join(parts)
    capitals = letters.upper()
    is_word = letters.isalpha() and capitals != letters.lower() and len(capitals) == len(letters)
    most = _MOST if letters == capitals else _MOST_SMALL
    return capitals if is_word and _FEWEST <= len(letters) <= most else None


def has_initials(name: str, capitals: str) -> bool:
    """Tell whether a name's capitalised words begin with these letters, small words aside or not."""
    if len(name) < len(capitals):
        return False
    words = _WORDS.findall(unicodedata.normalize("NFC", name[:_READ]))
    capitalised = [word for word in words if word[0].isupper()]
    telling = [word for word in capitalised if word.casefold() not in SMALL_WORDS]
    return capitals in ("".join(word[0] for word in each) for each in (telling, capitalised))


def without_last(capitals: str) -> str | None:
    """Return initials but for the last, as ``US`` of ``USA``: many a name is shorter than what it is
    short for. None where too few would be left.
    """
    return capitals[:-1] if len(capitals) > _FEWEST else None


def glob_of(capitals: str) -> str:
    """Return the pattern of SQLite's GLOB that every name with these initials fits."""
    return f"*{'*'.join(capitals)}*"
