"""An entry of BibTeX, whatever is in its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

#: What stands for the authors who are not named.
_OTHERS = "others"
#: Characters that mean something to BibTeX, and how they are written.
_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{each: f"\\{each}" for each in "$&#%_"},
}


def bibtex(names: Iterable[str], fields: Mapping[str, str | Sequence[str] | None]) -> str:
    """Return an entry whose key is made of the names; fields without a value are left out. Of an
    author there may be several.
    """
    plain = (re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") for name in names)
    key = "-".join(each for each in plain if each) or "newsgraph"
    lines = (f"  {field} = {{{_value(field, value)}}}" for field, value in fields.items() if value)
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def _value(field: str, value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return escaped(field, value)
    return " and ".join(each if each == _OTHERS else escaped(field, each) for each in value)


def several(authors: Sequence[str], most: int) -> list[str]:
    """Return so many authors, and that there are others."""
    return [*authors[:most], *([_OTHERS] if len(authors) > most else [])]


def escaped(field: str, value: str) -> str:
    """Return a value as it stands between the braces of a field."""
    if field == "url":
        # As it stands, but for what would end it.
        return value.replace("{", "%7B").replace("}", "%7D")
    text = "".join(_ESCAPED.get(each, each) for each in " ".join(value.split()))
    # The braces keep the case of a title, and an institution in one piece.
    return f"{{{text}}}" if field in ("title", "author") else text
