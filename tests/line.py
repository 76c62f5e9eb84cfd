"""Which tests another line of Datasette can change: the second run of CI is of these alone.

A test is, unless nothing tells so: neither its module nor a module of the tests that it imports names
Datasette, and it asks for no server. All else that is installed is the same with both lines.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
#: The conftest serves all modules; what it has of Datasette comes by these fixtures.
_SERVING = {"serve", "chromium"}
_NAMES = re.compile(
    r"\bdatasette\b(?![_-]newsgraph)|datasette_newsgraph\.web|datasette_newsgraph import web",
    re.IGNORECASE,
)


def is_of_datasette(item: pytest.Item) -> bool:
    """Tell whether another line of Datasette may change what this test says."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & _SERVING) or _names_datasette(item.path)


@cache
def _names_datasette(module: Path) -> bool:
    if module == TESTS / "conftest.py":
        return False
    source = module.read_text("utf-8")
    return bool(_NAMES.search(source)) or any(
        _names_datasette(each) for each in _imported(module, source)
    )


def _imported(module: Path, source: str) -> list[Path]:
    """Return the modules of the tests that a module imports, as ``tests.readers.damage``."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{each.name}" for each in node.names] + [node.module or ""]
        for name in names:
            path = TESTS.joinpath(*name.removeprefix("tests.").split(".")).with_suffix(".py")
            if path.is_file() and path != module:
                found.append(path)
    return found
