"""An entry of BibTeX, whatever is in its fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

#: Characters that mean something to BibTeX, and how they are written.
_ESCAPED = {
    "\\": r"\textbackslash{}",
    # Not with a backslash: BibTeX counts every brace.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{each: f"\\{each}" for each in "$&#%_"},
}


def bibtex(names: Iterable[str], fields: Mapping[str, str | Sequence[str | None] | None]) -> str:
    """Return an entry whose key is made of the names; fields without a value are left out. Of an
    author there may be several, as :func:`several` has them.
    """
    plain = (re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") for name in names)
    key = "-".join(each for each in plain if each) or "newsgraph"
    lines = (f"  {field} = {{{_value(field, value)}}}" for field, value in fields.items() if value)
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def _value(field: str, value: str | Sequence[str | None]) -> str:
    if isinstance(value, str):
        return escaped(field, value)
    return " and ".join("others" if each is None else escaped(field, each) for each in value)


def several(authors: Sequence[str], most: int) -> list[str | None]:
    """Return so many authors, and None for those who are not named."""
    return [*authors[:most], *([None] if len(authors) > most else [])]


def escaped(field: str, value: str) -> str:
    """Return a value as it stands between the braces of a field."""
    if field == "url":
        # As it stands, but for what would end it.
        return value.replace("{", "%7B").replace("}", "%7D")
    line = "".join(each for each in " ".join(value.split()) if unicodedata.category(each) != "Cc")
    text = "".join(_ESCAPED.get(each, each) for each in line)
    # The braces keep the case of a title, and an institution in one piece.
    return f"{{{text}}}" if field in ("title", "author") else text
