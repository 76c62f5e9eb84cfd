"""An occurrence of a name, and the board on which those that were found lie side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from datasette_newsgraph.extraction.nlp.lexicons import KnownName
from datasette_newsgraph.extraction.nlp.page import Page


@dataclass(slots=True)
class Name:
    """An occurrence of a name: its tokens, its code points, what it names."""

    first: int
    last: int
    start: int
    end: int
    text: str
    type: str
    #: The name that the lists have for it, perhaps another than the words.
    known: KnownName | None = None
    #: "model", "list" or "repeat": how it was found.
    by: str = "model"

    @property
    def is_demonym(self) -> bool:
        """Tell whether the name is of the people of a place or its adjective."""
        return self.known is not None and self.known.kind == "demonym"


def name_at(page: Page, first: int, last: int, type_: str, by: str) -> Name:
    """Return the name of some tokens, ``first`` to before ``last``."""
    start, end = page.starts[first], page.end_of(last - 1)
    return Name(first, last, start, end, page.text[start:end], type_, None, by)


class Board:
    """The names found so far, and which tokens they cover."""

    def __init__(self, page: Page, names: Iterable[Name]) -> None:
        self.names: list[Name] = []
        self.covered = bytearray(len(page.words))
        self.add(names)

    def add(self, names: Iterable[Name]) -> None:
        """Add names that cover no token of one that is there."""
        for name in names:
            if not any(self.covered[name.first : name.last]):
                self.covered[name.first : name.last] = b"\1" * (name.last - name.first)
                self.names.append(name)
