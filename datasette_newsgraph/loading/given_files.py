"""The files that are given to a load, opened, with all that says how they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.extraction.batches import Running
from datasette_newsgraph.extraction.request import Extraction
from datasette_newsgraph.loading.summary import LoadSummary
from datasette_newsgraph.readers.sidecar import Sidecar
from datasette_newsgraph.readers.source import STANDARD_INPUT
from datasette_newsgraph.reading.opening import Opened, opened
from datasette_newsgraph.reading.pipeline import Reading
from datasette_newsgraph.store import AnyDatabase, leading_to, own_files
from datasette_newsgraph.wording import counted


class HowToRead(TypedDict, total=False):
    """What a user says of how files are read.

    ``format_name`` says what format all are of, if it is not to be recognised; ``articles`` is a
    sidecar, a file that gives metadata and texts to articles, and ``label_map`` one that maps labels.
    ``max_article`` is the size of the longest article that is read, in bytes or as ``"64M"``, and
    ``annotator`` whose annotations are read of a project export of INCEpTION.
    """

    format_name: str | None
    articles: str | Path | None
    label_map: str | Path | None
    max_article: int | str | None
    annotator: str | None


@dataclass(frozen=True)
class GivenFiles:
    """Files that are open, what extracts their raw articles, if anything does, and the sidecar."""

    opened: Opened
    running: Running | None
    sidecar: Sidecar | None

    def note(self, summary: LoadSummary) -> None:
        """Note what is known before anything is read."""
        summary.unread |= self.opened.unread
        summary.limits = "" if self.running is None else self.running.limits

    def note_rows(self, summary: LoadSummary) -> None:
        """Note what became of the rows of the sidecar, when all is read."""
        if self.sidecar is None:
            return
        usage = self.sidecar.usage
        summary.unread |= self.sidecar.unread
        summary.rows_missed = usage.missed
        summary.rows_undecided = usage.undecided
        summary.rows_reason = self.sidecar.reason
        summary.rows_shared = usage.shared
        # Records that are passed over as unchanged ask for no row.
        summary.rows_unused = 0 if summary.unchanged else self.sidecar.unused


@contextmanager
def open_files(
    target: AnyDatabase,
    paths: Iterable[str | Path],
    extract: Extraction | None,
    how: HowToRead,
) -> Iterator[GivenFiles]:
    """Open all files: a mistyped name is told before an hour of loading, not after.

    Raises UsageError for one path in place of many, and for the ``target`` of the load among its own
    inputs; InputError for a file that cannot be read.
    """
    articles, label_map = how.get("articles"), how.get("label_map")
    paths = _distinct_from(target, paths, articles, label_map)
    with (
        nullcontext() if extract is None else Running(extract) as running,
        opened(
            reading := Reading.of(**how, extraction=running), paths, besides=own_files(target)
        ) as given,
    ):
        yield GivenFiles(given, running, reading.sidecar)


def _distinct_from(
    target: AnyDatabase, paths: Iterable[str | Path], *besides: str | Path | None
) -> list[str | Path]:
    """Return the paths; raises UsageError for what is none, and where one leads to the target."""
    if isinstance(paths, (str, bytes, Path)):
        raise UsageError(f"files are given as a list of paths, not as one: [{paths!r}]")
    found = list(paths)
    given = [*found, *(each for each in besides if each)]
    for path in given:
        if not isinstance(path, (str, Path)):
            raise UsageError(f"a file is given by its path, not by {type(path).__name__}")
    for path in leading_to(target, (each for each in given if each != STANDARD_INPUT)):
        raise UsageError(f"{path}: is the database to load into; name another file to read")
    return found


def raise_broken(broken: list[InputError]) -> None:
    """Raise why inputs could not be read to their end, if there are any."""
    if len(broken) > 1:
        others = counted(len(broken) - 1, "further file")
        raise InputError(f"{broken[0]}; nor could {others} be read to the end") from broken[0]
    if broken:
        raise broken[0]
