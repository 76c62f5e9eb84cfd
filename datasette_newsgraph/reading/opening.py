"""What is given to be read, opened: each file or folder with the pipeline that its records go through.

A folder with files of brat's or GraphRAG's in it is one input, and its other files are not used. Any
other folder stands for the files in it and in the folders below, in the order of their names: what
cannot be read there is named, and the rest is read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.readers.folder import Folder, is_inside
from datasette_newsgraph.readers.inputs import Input, distinct, open_input
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.readers.zipped import BEGINS, Archive
from datasette_newsgraph.reading.pipeline import Pipeline, Reading
from datasette_newsgraph.reading.recognition import folder_format
from datasette_newsgraph.wording import counted, printable

#: The first files of an export, in an archive that breaks off.
_OF_EXPORT = re.compile(rb"exportedproject|annotation(?:_ser)?/|curation(?:_ser)?/|source/")
_HEAD = 1 << 12


@dataclass
class Opened:
    """Inputs with their pipelines, in order, and why files of a folder are not among them, by path.

    The inputs rest: ``Source.begin`` opens one again, so that only the one being read is open.
    """

    inputs: list[tuple[Input, Pipeline]] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The bytes of all files, as far as it is known."""
        return sum(source.size or 0 for source, _ in self.inputs)

    def read(self) -> Iterator[tuple[Input, Pipeline]]:
        """Yield one input after the other, opened; it is closed when the next one is asked for."""
        for source, pipeline in self.inputs:
            source.begin()
            yield source, pipeline
            source.close()

    def close(self) -> None:
        """Close whatever is open."""
        for source, _ in self.inputs:
            source.close()


@contextmanager
def opened(
    reading: Reading, paths: Iterable[str | Path], besides: Iterable[str | Path] = ()
) -> Iterator[Opened]:
    """Open all ``paths`` and recognise their formats, before any is read.

    Files in folders that are one of ``besides`` are passed over, as they are there for something
    else. Raises InputError for a file that cannot be read, and for a folder without any that can;
    UsageError where an annotator is chosen, and no file has annotators.
    """
    found = Opened()
    apart = {os.path.realpath(each) for each in (*reading.besides, *besides)}
    try:
        for path in distinct(list(paths)):
            source = _unpacked(
                open_input(path, reading.limit, may_be_wide=reading.raw_too), reading
            )
            if isinstance(source, Folder) and not _is_one(source, reading):
                _open_files(found, reading, source, apart)
            else:
                _add(found, reading, source)
        _check_annotator(found, reading)
        yield found
    finally:
        found.close()


def unused_files(source: Input, pipeline: Pipeline) -> list[str]:
    """Return the files in a folder that is one input which are not of the kinds that its format has."""
    if not isinstance(source, Folder):
        return []
    format_ = pipeline.format
    others = [name for name in source.names if not name.endswith(format_.endings)]
    if format_.own_files is None:
        return others
    return [name for name in others if not re.search(format_.own_files, name)]


def _unpacked(source: Input, reading: Reading) -> Input:
    """Return a zip archive as the folder that it unpacks to, if that is one input. What else is a zip
    archive, such as a workbook, stays a file. Raises InputError for one that is not to be read.
    """
    if isinstance(source, Folder) or source.size is None or source.packing:
        return source
    head = source.head(_HEAD)
    if not head.startswith(BEGINS):
        return source
    try:
        archive = _archive(source, reading, is_export=_OF_EXPORT.search(head) is not None)
    except InputError:
        source.close()
        raise
    if archive is None:
        return source
    source.close()
    return archive


def _archive(source: Source, reading: Reading, *, is_export: bool) -> Archive | None:
    try:
        archive = Archive(source.path, source.limit)
    except InputError:
        if is_export:
            raise
        # It is told what other files of this kind are.
        return None
    try:
        if archive.names and _is_one(archive, reading):
            archive.check()
            return archive
    finally:
        archive.rest()
    return None


def _check_annotator(found: Opened, reading: Reading) -> None:
    if reading.annotator is not None and not any(
        pipeline.format.has_annotators for _, pipeline in found.inputs
    ):
        raise UsageError("--annotator is for project exports of INCEpTION, and no file is one")


def _is_one(folder: Folder, reading: Reading) -> bool:
    if reading.format is not None:
        return reading.format.takes_folders
    return not folder.names or folder_format(folder) is not None


def _add(found: Opened, reading: Reading, source: Input) -> None:
    source.annotator = reading.annotator
    try:
        found.inputs.append((source, reading.pipeline(source)))
    except BaseException:
        source.close()
        raise
    source.rest()


def _open_files(found: Opened, reading: Reading, folder: Folder, apart: set[str]) -> None:
    before = len(found.inputs)
    unread: dict[str, str] = {}
    for name in folder.names:
        path = os.path.join(folder.path, name)
        if any(is_inside(path, each) for each in apart):
            continue
        try:
            source = Source(path, reading.limit, may_be_wide=reading.raw_too)
            if source.size == 0:
                source.close()
                unread[path] = "is empty"
                continue
            _add(found, reading, _unpacked(source, reading))
        except InputError as error:
            unread[path] = str(error).removeprefix(f"{path}: ")
    for name in folder.left_out:
        unread[os.path.join(folder.path, name)] = (
            "leads out of the folder, is no file, or is not open to you"
        )
    if len(found.inputs) == before:
        raise InputError(f"{folder.path}: {_nothing(folder, unread)}")
    found.unread |= unread


def _nothing(folder: Folder, unread: dict[str, str]) -> str:
    if not unread:
        return "has no files to be read in it"
    path, reason = next(iter(unread.items()))
    name = printable(os.path.relpath(path, folder.path))
    return f"no file in it can be read (of {counted(len(unread), 'file')}): {name} {reason}"
