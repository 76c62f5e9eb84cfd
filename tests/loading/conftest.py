"""Fixtures that several modules of this folder share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Generated = Callable[[int], list[dict[str, Any]]]
Write = Callable[..., Path]


@pytest.fixture
def small(write: Write, generated: Generated) -> Path:
    """A file of a few articles."""
    return write("small.jsonl", *generated(30))
