"""What the tests of faults share: a command as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.store import open_store

COMMAND = [sys.executable, "-m", "datasette_newsgraph"]
#: What a child is to be before it becomes newsgraph: open to Ctrl-C, which a shell's background jobs
#: are not, and unable to write behind a number of bytes, as on a full disk. (Not ``preexec_fn``, which
#: Python warns of where there are threads.)
PREPARED = f"""
import os, resource, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
if size := int(sys.argv[1]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
os.execv(sys.executable, {COMMAND!r} + sys.argv[2:])
"""


def command_of(arguments: tuple[Any, ...], file_size: int) -> list[str]:
    """The command line of ``newsgraph`` with these arguments."""
    return [sys.executable, "-c", PREPARED, str(file_size), *map(os.fspath, arguments)]


def run(*arguments: Any, file_size: int = 0, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run ``newsgraph`` to its end; ``file_size`` is the number of bytes that a file may have."""
    if "stdout" not in options:
        options["capture_output"] = True
    return subprocess.run(command_of(arguments, file_size), check=False, **options)


def faults(path: Path) -> list[str]:
    with open_store(path) as db:
        return list(check(db))
