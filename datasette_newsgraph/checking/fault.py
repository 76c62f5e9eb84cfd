"""What a check finds, and by what a repair puts it right."""

from __future__ import annotations

from enum import IntEnum, auto
from typing import NamedTuple

from datasette_newsgraph.store.schema import FOLDED
from datasette_newsgraph.wording import counted

#: What to do about rows that only the records of an article can give.
LOAD_AGAIN = "take the article out (newsgraph remove), then load its file again"


class Mend(IntEnum):
    """What can be made anew from what the tables hold, in the order in which it is: what comes later
    may follow from what comes before.
    """

    REINDEX = auto()
    TABLES = auto()
    VIEWS = auto()
    INDEXES = auto()
    TEXTS = auto()
    APPEARANCES = auto()
    ORPHANS = auto()
    DECISIONS = auto()
    NAMES = auto()
    BASES = auto()
    FOLDED = auto()
    COUNTS = auto()
    FULL_TEXT = auto()
    FACETS = auto()
    CANDIDATES = auto()


class Fault(NamedTuple):
    """One thing that is wrong, in a sentence; what puts it right, or else what its user can do, if that
    is not in the sentence.
    """

    words: str
    mend: Mend | None = None
    remedy: str = ""


#: By what derived tables are made anew.
OF_TABLES = {
    "entity_counts": Mend.COUNTS,
    "relation_counts": Mend.COUNTS,
    "facet_counts": Mend.FACETS,
    "facet_rows": Mend.FACETS,
    "text_parts": Mend.TEXTS,
    "decided": Mend.DECISIONS,
    "candidates": Mend.CANDIDATES,
    **dict.fromkeys(FOLDED.values(), Mend.FOLDED),
}


def differ(count: int, table: str) -> str:
    """Return that so many rows of a table differ."""
    return f"{counted(count, 'row')} of {table} {'differs' if count == 1 else 'differ'}"
