"""Let chosen calls of a process on chosen files fail, or be its last, by a library that stands before
those of the C library. It is compiled where there is a C compiler, on Linux.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

_SOURCE = Path(__file__).with_suffix(".c")
_COMPILER = shutil.which("cc")
needs_library = pytest.mark.skipif(
    sys.platform != "linux" or _COMPILER is None, reason="needs Linux and a C compiler (cc)"
)
#: In place of an error: the process is killed.
KILL = 0


@dataclass(frozen=True)
class Calls:
    """Calls on files: their names (``read``, ``write``, ``sync``, ``truncate``), and what the paths of
    the files end in.
    """

    names: tuple[str, ...]
    files: tuple[str, ...]


@cache
def _library() -> Path:
    path = Path(mkdtemp(), "failing_calls.so")
    command = [str(_COMPILER), "-shared", "-fPIC", "-O1", "-o", str(path), str(_SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return path


def count_calls(command: tuple[str, ...], folder: Path, calls: Calls) -> int:
    """Run a command of Python in a folder; return how many of these calls it makes."""
    _run(command, folder, calls, nth=0, error=0, is_once=False)
    return _number(folder)


def run_failing(
    command: tuple[str, ...],
    folder: Path,
    calls: Calls,
    *,
    nth: int,
    error: int,
    is_once: bool = False,
) -> tuple[subprocess.CompletedProcess[str], bool]:
    """Run a command of Python in a folder while the nth of these calls has an error, or kills it
    (``KILL``): only this one, or all from then on. Return how it ended, and whether any failed.
    """
    result = _run(command, folder, calls, nth=nth, error=error, is_once=is_once)
    return result, _number(folder) > 0


def _run(
    command: tuple[str, ...], folder: Path, calls: Calls, *, nth: int, error: int, is_once: bool
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "LD_PRELOAD": str(_library()),
        "FAILING_CALLS": " ".join(calls.names),
        "FAILING_FILES": " ".join(calls.files),
        "FAILING_NTH": str(nth),
        "FAILING_ERROR": str(error),
        "FAILING_ONCE": str(int(is_once)),
        "FAILING_MARK": str(_mark(folder)),
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _mark(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.mark")


def _number(folder: Path) -> int:
    """What the library has left: the number of a call, 0 if it has left nothing."""
    mark = _mark(folder)
    number = int(mark.read_text()) if mark.exists() else 0
    mark.unlink(missing_ok=True)
    return number
