"""Read a table of GeoNames: `cities15000.txt` and its like, `allCountries.txt`, or that of one country.

The files have no header. They have 19 columns with tabs between, of which the number, the name, the
name in ASCII, the other names (with commas between), the class and code of the feature, the country
and the inhabitants are read. Countries and their parts (class `A`), towns (`P`), waters (`H`), hills
(`T`) and areas (`L`) are taken. Roads, buildings, woods and what is under the sea are left out, and so
are other names in capitals only, most of which are codes of airports. Unpack the zip archives that
GeoNames has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.authority.folding import folded, is_acronym
from datasette_newsgraph.authority.formats.choice import Choice, Read
from datasette_newsgraph.authority.things import Fault, LeftOut, Thing
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers.source import Source

_COLUMNS = 19
_TAKEN = frozenset("APHTL")
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_FIRST_LINE = re.compile(
    r"\ufeff?[0-9]+\t[^\t\n]+\t[^\t\n]*\t[^\t\n]*\t-?[0-9.]+\t-?[0-9.]+\t[A-Z]?\t[^\n]*", re.ASCII
)


def is_meant(sample: str) -> bool:
    """Tell whether a file that begins so is of this format."""
    first = sample.lstrip("\n").partition("\n")[0]
    return first.count("\t") == _COLUMNS - 1 and _FIRST_LINE.fullmatch(first) is not None


def things(source: Source, _choice: Choice) -> Iterator[Read]:
    """Yield what each line has."""
    for entry in source.lines():
        if entry.fault is not None:
            yield Fault(entry.line, entry.fault)
            continue
        try:
            line = entry.raw.decode("utf-8")
        except UnicodeDecodeError as error:
            yield Fault(entry.line, f"not UTF-8: byte {error.start + 1} of the line")
            continue
        yield _thing(entry.line, line.replace("\0", "\ufffd").split("\t"))


def _thing(number: int, cells: list[str]) -> Read:
    if len(cells) != _COLUMNS:
        return Fault(
            number, f"the line has {len(cells)} columns, and a line of GeoNames {_COLUMNS}"
        )
    id_, name, others = cells[0], collapse(cells[1]), cells[3]
    feature, code, country, inhabitants = cells[6], cells[7], cells[8], cells[14]
    if not _NUMBER.fullmatch(id_) or id_.startswith("0"):
        return Fault(number, f"{id_!r} is no number of GeoNames")
    if not _NUMBER.fullmatch(inhabitants or "0"):
        return Fault(number, f"{inhabitants!r} is no number of inhabitants")
    if not name or feature not in _TAKEN:
        return LeftOut(number)
    words = (collapse(each) for each in (cells[2], *others.split(",")))
    return Thing(
        identifier_iri("GeoNames", id_),
        name,
        tuple(each for each in words if each and not is_acronym(folded(each))),
        collapse(f"{code} {country}"),
        "Place",
        int(inhabitants or 0),
    )
