"""The columns of a table of statements: their names, and rows that do not fit them."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: The names that columns may have, compared without case, blanks, ``_`` and ``-``; a name belongs to
#: the first column in this order that it fits.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "subject": ("subject", "subj", "head", "source", "s", "subjectname", "headname"),
    "predicate": ("predicate", "pred", "relation", "relationship", "rel", "p", "type", "property"),
    "object": ("object", "obj", "tail", "target", "o", "objectname", "tailname"),
    "value": ("value", "objectvalue", "literal"),
    "datatype": ("datatype", "objectdatatype", "valuetype"),
    "subject_type": ("subjecttype", "subjtype", "headtype", "sourcetype", "stype"),
    "object_type": ("objecttype", "objtype", "tailtype", "targettype", "otype"),
    "subject_id": ("subjectid", "subjectiri", "subjecturi", "headid", "subjid"),
    "object_id": ("objectid", "objectiri", "objecturi", "tailid", "objid"),
    "article": ("article", "articleid", "doc", "docid", "document", "documentid", "dockey", "filename"),
    "url": ("url", "articleurl", "sourceurl", "link"),
    "title": ("title", "headline", "articletitle"),
    "published": ("published", "datepublished", "publishdate", "publishedat", "articledate"),
    "language": ("language", "lang"),
    "text": ("text", "articletext", "documenttext"),
    "evidence": ("evidence", "sentence", "context", "passage", "quote", "evidencetext"),
    "start": ("start", "evidencestart", "sentencestart"),
    "end": ("end", "evidenceend", "sentenceend"),
    "start_date": ("startdate", "since"),
    "end_date": ("enddate", "until"),
    "confidence": ("confidence", "score", "probability"),
    "label": ("label", "edgelabel"),
}  # fmt: skip
#: What bytes that are not UTF-8 are decoded to.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
#: The places of columns, by our names.
Columns = Mapping[str, int]


def unreadable(text: str) -> str | None:
    """Return why a row that was decoded with ``surrogateescape`` cannot be read, or None."""
    return None if text.isascii() or _NOT_UTF8.search(text) is None else "not UTF-8"


def misfit(cells: list[str], header: list[str]) -> str | None:
    """Return why a row does not fit its header, or None."""
    # Blank cells behind the last column are some programs' habit.
    surplus = any(cell.strip() for cell in cells[len(header) :])
    if len(cells) < len(header) or surplus:
        return f"the row has {len(cells)} cells, but the header {len(header)}"
    return None


def _folded(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


def columns_of(header: list[str]) -> dict[str, int]:
    """Return the places of the columns that are known, by our names."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(_folded(name), place)
    found: dict[str, int] = {}
    for column, called in _COLUMNS.items():
        name = next((name for name in called if name in places), "")
        if name:
            found[column] = places.pop(name)
    return found


def has_edges(header: list[str], columns: Columns) -> bool:
    """Tell whether a table may be one of edges, as Gephi has them: Source, Target and Type, which is
    not what an edge says but whether it is directed.
    """
    names = {each: _folded(header[place]) for each, place in columns.items()}
    return (names.get("subject"), names.get("predicate")) == ("source", "type")


def lacking_column(columns: Columns) -> str | None:
    """Return the first column that a table of statements cannot do without and has not."""
    if "object" not in columns and "value" not in columns:
        return "object"
    return next((each for each in ("subject", "predicate") if each not in columns), None)


def cell(cells: list[str], columns: Columns, column: str) -> str:
    """Return what a row has in a column, without the blanks around it; "" if it has no such."""
    place = columns.get(column, len(cells))
    return cells[place].strip() if place < len(cells) else ""
