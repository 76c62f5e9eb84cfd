"""How to look at a database with Datasette: the command to start it, and the address to open."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

#: Where Datasette listens unless it is told otherwise.
_SERVER = "http://127.0.0.1:8001"


def overview_address(database: str) -> str:
    """Return where the overview of a database is while Datasette serves it, alone and at its default
    port: the route of a database follows from the name of its file.
    """
    from datasette.utils import tilde_encode

    from datasette_newsgraph.wording import printable

    return f"{_SERVER}/{tilde_encode(printable(Path(database).stem))}/-/newsgraph"


def serving_command(database: str) -> str:
    """Return the command that serves a database, to be typed into a shell.

    It starts the Datasette that this plugin is installed for, which need not be the one that a shell
    finds first: pipx and uv offer the commands of a package only, and not those it depends on.
    """
    from datasette_newsgraph.wording import printable

    # A name that looks like an option would be taken for one.
    name = os.path.join(".", database) if database.startswith("-") else database
    return f"{_datasette()} {shlex.quote(printable(name))}"


def _datasette() -> str:
    beside = shutil.which("datasette", path=str(Path(sys.executable).parent))
    if beside is None:
        return f"{shlex.quote(sys.executable)} -m datasette"
    found = shutil.which("datasette")
    if found is not None and Path(found).resolve() == Path(beside).resolve():
        return "datasette"
    return shlex.quote(beside)
