"""Open what is given on the command line: files, folders, standard input."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.source import STANDARD_INPUT, Source

Input = Source | Folder


def open_inputs(paths: Iterable[str | Path]) -> list[Input]:
    """Open all; where one cannot be opened the others are closed and InputError is raised.

    A text that has brat's annotations beside it (``a.txt``, ``a.ann``) is read with them, once.
    """
    opened: list[Input] = []
    try:
        for path in dict.fromkeys(map(_annotations_of, paths)):
            is_folder = str(path) != STANDARD_INPUT and os.path.isdir(path)
            opened.append(Folder(path) if is_folder else Source(path))
    except BaseException:
        for each in opened:
            each.close()
        raise
    return opened


def _annotations_of(path: str | Path) -> str | Path:
    beside = Path(path).with_suffix(".ann") if str(path).endswith(".txt") else None
    return str(beside) if beside is not None and beside.is_file() else path
