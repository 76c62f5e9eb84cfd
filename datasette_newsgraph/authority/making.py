"""Make the file of an authority from the files that others give away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from datasette_newsgraph.authority.file import write_authority
from datasette_newsgraph.authority.formats import Choice, Read, format_of
from datasette_newsgraph.authority.things import Fault, LeftOut, Thing
from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.readers.source import Source

#: Faults that are kept to be told; all are counted.
_MOST_TOLD = 1000


@dataclass
class Made:
    """What became of the files: counts, and the first lines that could not be read."""

    things: int = 0
    names: int = 0
    left_out: int = 0
    faults: int = 0
    told: list[str] = field(default_factory=list)


def make_authority(
    path: str,
    files: Iterable[str],
    *,
    format_name: str | None = None,
    choice: Choice | None = None,
    progress: Callable[[int, int], None] = lambda position, size: None,
) -> Made:
    """Make an authority file at ``path`` of ``files``, which is there when it is whole.

    A line that cannot be read costs no other. Raises InputError for a file that cannot be read at all,
    that is damaged, or that has nothing to be taken; UsageError for a format that is not there and for
    a file that would be written over itself; StoreError where nothing can be written.
    """
    made = Made()
    given = list(files)
    target = Path(path).resolve()
    for each in given:
        if Path(each).resolve() == target:
            raise UsageError(f"{path}: is one of the files that are read; choose another name")
    wanted = choice or Choice()
    things = _read(given, format_name, wanted, made, progress)
    # Nothing is made of files in which there is nothing.
    first = next(things, None)
    if first is None:
        told = f": {made.told[0]}" if made.told else ""
        raise InputError(f"no thing was found in {', '.join(given)}{told}; nothing was written")
    made.things, made.names = write_authority(path, _with(first, things))
    return made


def _with(first: Thing, rest: Iterator[Thing]) -> Iterator[Thing]:
    yield first
    yield from rest


def _read(
    files: list[str],
    format_name: str | None,
    choice: Choice,
    made: Made,
    progress: Callable[[int, int], None],
) -> Iterator[Thing]:
    for path in files:
        source = Source(path)
        try:
            found = format_of(source, format_name).things(source, choice)
            for each in _counted(found, source.path, made):
                yield each
                progress(source.position(), source.size or 0)
        finally:
            source.close()


def _counted(found: Iterator[Read], path: str, made: Made) -> Iterator[Thing]:
    for each in found:
        if isinstance(each, Thing):
            yield each
        elif isinstance(each, LeftOut):
            made.left_out += 1
        else:
            made.faults += 1
            if len(made.told) < _MOST_TOLD:
                made.told.append(_told(path, each))


def _told(path: str, fault: Fault) -> str:
    return f"{path}: line {fault.line}: {fault.reason}"
