"""Open what is given on the command line: files, folders, standard input."""

from __future__ import annotations

import os
from pathlib import Path

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.folder import Folder, is_inside
from datasette_newsgraph.readers.limits import DEFAULT, Limit
from datasette_newsgraph.readers.source import STANDARD_INPUT, Source

Input = Source | Folder


def open_input(path: str | Path, limit: Limit = DEFAULT, *, may_be_wide: bool = False) -> Input:
    """Open a file, a folder, or standard input (``-``), of which ``limit`` says how much is held at
    once, and ``may_be_wide`` that UTF-16 is read. Raises InputError.
    """
    is_folder = str(path) != STANDARD_INPUT and os.path.isdir(path)
    return Folder(path, limit) if is_folder else Source(path, limit, may_be_wide=may_be_wide)


def distinct(paths: list[str | Path]) -> list[str | Path]:
    """Return each path once, in order.

    A text that has brat's annotations beside it (``a.txt``, ``a.ann``) is read with them, once. Raises
    InputError where these are a link out of the folder.
    """
    return list(dict.fromkeys(map(_annotations_of, paths)))


def _annotations_of(path: str | Path) -> str | Path:
    beside = Path(path).with_suffix(".ann") if str(path).endswith(".txt") else None
    if beside is None or not beside.is_file():
        return path
    if not is_inside(beside, beside.parent):
        raise InputError(
            f"{path}: {beside.name} beside it is a link out of the folder; put the file itself there"
        )
    return str(beside)
