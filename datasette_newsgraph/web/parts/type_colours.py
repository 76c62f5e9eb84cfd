"""How the types of entities are told apart on our pages: by a colour, and by letters for whom colours
say nothing.
"""

from __future__ import annotations

import re
import unicodedata
import zlib

#: The types that have a colour of their own; every other shares one of the rest.
_OWN = {"Person": 1, "Organization": 2, "Place": 3, "Event": 4}
_SHARED = (5, 6, 7, 8)
_SIGNS = {"Person": "Pe", "Organization": "Or", "Place": "Pl", "Event": "Ev"}
_CAPITALISED = re.compile(r"[A-Z][a-z]+")


def type_number(type_: str) -> int:
    """Return the number of a type's colour, from 1 to 8: the same in every graph."""
    # Python's own hash differs from one run to the next.
    return _OWN.get(type_) or _SHARED[zlib.crc32(type_.encode()) % len(_SHARED)]


def type_sign(type_: str) -> str:
    """Return one to three letters that stand for a type; a question mark for one without letters."""
    if type_ in _SIGNS:
        return _SIGNS[type_]
    parts = _CAPITALISED.findall(type_)
    if len(parts) > 1 and "".join(parts) == type_:
        return "".join(part[0] for part in parts[:3])
    letters = [each for each in unicodedata.normalize("NFC", type_) if each.isalnum()]
    sign = "".join(letters[:2]).capitalize()
    # "Percentage" is not to be taken for a person.
    return ("".join(letters[:3]).capitalize() if sign in _SIGNS.values() else sign) or "?"
