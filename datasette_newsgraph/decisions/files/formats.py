"""The table of formats of decisions: each is one module, which has ``read`` and ``write``, and one
entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from datasette_newsgraph.errors import UsageError

if TYPE_CHECKING:
    from datasette_newsgraph.decisions.decision import Decision
    from datasette_newsgraph.decisions.files.fields import NameOf, Written
    from datasette_newsgraph.readers.source import Source


@dataclass(frozen=True)
class Format:
    """A format: its name on the command line, what it is in words, its module, and what its first
    record begins with. With ``on_pairs`` it has the last verdict on each pair of entities only.
    """

    name: str
    title: str
    module: str
    begins: bytes
    on_pairs: bool = False

    @property
    def read(self) -> Callable[[Source], Iterator[Decision | None]]:
        """Return what yields the decision of each record, None for one that has none."""
        read: Callable[[Source], Iterator[Decision | None]] = self._imported().read
        return read

    @property
    def write(self) -> Callable[[Iterable[Written], NameOf], Iterator[bytes]]:
        """Return what yields decisions as parts of a file."""
        write: Callable[[Iterable[Written], NameOf], Iterator[bytes]] = self._imported().write
        return write

    def _imported(self) -> Any:
        return import_module(f"{__package__}.{self.module}")


#: The first is the usual one; a file that begins as none of the others is of the last.
FORMATS: tuple[Format, ...] = (
    Format("jsonl", "JSON Lines, an object a line", "json_lines", b"{"),
    Format(
        "nomenklatura",
        "The judgements of nomenklatura's resolver, an array a line",
        "nomenklatura",
        b"[",
        on_pairs=True,
    ),
    Format("csv", "A table for spreadsheet programs", "table", b""),
)
NAMES = tuple(each.name for each in FORMATS)
_BOM = b"\xef\xbb\xbf"
#: White space before the first record is passed over up to so many bytes.
_HEAD = 1 << 12


class GivenDecisions(NamedTuple):
    """What a file has: its decisions, and the number of its records that decide nothing."""

    decisions: list[Decision]
    undecided: int


def format_named(name: str) -> Format:
    """Return the format of a name; raises UsageError that lists them all."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise UsageError(f"there is no format {name!r} of decisions; choose one of {', '.join(NAMES)}")


def read_decisions(path: str | Path, format_name: str | None = None) -> GivenDecisions:
    """Return the decisions of a file, packed or not, or of standard input (``-``); the format is told
    by its first character if it is not named.

    Raises InputError where the file cannot be read, DecisionError with the line of the first record
    that is no decision, and UsageError for a format that is none.
    """
    from contextlib import closing

    from datasette_newsgraph.readers.source import Source

    format_ = None if format_name is None else format_named(format_name)
    with closing(Source(path)) as source:
        if format_ is None:
            head = source.head(_HEAD).removeprefix(_BOM).lstrip()
            format_ = next(each for each in FORMATS if head.startswith(each.begins))
        found = list(format_.read(source))
    decisions = [each for each in found if each is not None]
    return GivenDecisions(decisions, len(found) - len(decisions))
