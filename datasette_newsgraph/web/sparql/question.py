"""What a process is told of a question, and what it tells of the answer: all of it can be pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasette_newsgraph.sparql.answer import Triple
    from datasette_newsgraph.web.sparql.asked import Table

#: Why an update is refused.
UPDATES = "updates are not done here: the graph changes by loads and decisions"


@dataclass(frozen=True)
class Question:
    """A question about the graph in a file, and how it is to be answered.

    ``uri`` opens the file with SQLite. ``tables`` may be read, of some only the ``parts``. Solutions
    and truth are written in the format of the name ``of_solutions``, triples in ``of_triples``: None
    where the client takes none of these. With ``shown`` nothing is written, and so many rows are given.
    """

    uri: str
    text: str
    tables: frozenset[str]
    parts: Mapping[str, str]
    assert_from: float
    seconds: float
    rows: int
    of_solutions: str | None = None
    of_triples: str | None = None
    shown: int | None = None


@dataclass(frozen=True)
class Shown:
    """The beginning of an answer, as a page has it; ``is_cut`` if there is more of it."""

    outcome: Table | bool | list[Triple]
    is_cut: bool


class NotAcceptable(Exception):
    """A client takes no format in which the answer can be: ``of_triples`` tells of which kind it is."""

    def __init__(self, of_triples: bool) -> None:
        super().__init__(of_triples)
        self.of_triples = of_triples
