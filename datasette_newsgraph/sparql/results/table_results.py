"""A table for people at a terminal: columns in line, IRIs by prefixed names, literals by their text.

Nothing in it gives the terminal orders, and no text breaks a line: see ``terminal.py``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, islice

from datasette_newsgraph.rdf.escapes import narrow
from datasette_newsgraph.sparql.answer import Solutions, Term, Truth
from datasette_newsgraph.sparql.prologue import namespaces, prefixed
from datasette_newsgraph.sparql.results.blocks import blocks_of
from datasette_newsgraph.sparql.results.terms import written
from datasette_newsgraph.terminal import shown

#: How many rows say how wide the columns are; a later cell that is wider moves the rest of its line.
_MEASURED = 1000
#: How wide a column is at most; a longer cell is shown in full, and moves the rest of its line.
_WIDEST = 60
_GAP = "  "


def rows(answer: Solutions, base: str) -> Iterator[bytes]:
    """Yield a line of the names of the variables, one of dashes, and one for each solution, in which an
    unbound variable is blank. Up to 1,000 rows are held to find out how wide the columns are.
    """
    cell = partial(_cell, shortened=lru_cache(maxsize=8192)(prefixed(namespaces(base))))
    return blocks_of(map(narrow, _lines(answer.variables, answer.rows, cell)))


def truth(answer: Truth) -> Iterator[bytes]:
    """Yield ``true`` or ``false`` on a line."""
    yield b"true\n" if answer.holds else b"false\n"


def _lines(
    names: Sequence[str], found: Iterable[Sequence[Term]], cell: Callable[[Term], str]
) -> Iterator[str]:
    laid_out = ([cell(term) for term in row] for row in found)
    first = list(islice(laid_out, _MEASURED))
    columns = list(zip(names, *first, strict=True))
    widths = [min(max(map(_width, column)), _WIDEST) for column in columns]
    yield _line(names, widths)
    yield _line(["-" * width for width in widths], widths)
    for row in chain(first, laid_out):
        yield _line(row, widths)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return _GAP.join(padded).rstrip() + "\n"


def _cell(term: Term, shortened: Callable[[str], str]) -> str:
    parts = written(term)
    if parts is None:
        return ""
    if parts.kind == "uri":
        return shortened(parts.text)
    return f"_:{parts.text}" if parts.kind == "bnode" else shown(parts.text)


def _width(text: str) -> int:
    """Return how many places of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_places, text))


@lru_cache(maxsize=4096)
def _places(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
