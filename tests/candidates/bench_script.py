"""The benchmark of hidden links, as a module."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_SCRIPT = Path(__file__).parents[2] / "benchmarks" / "hidden_links.py"
_spec = importlib.util.spec_from_file_location("hidden_links", _SCRIPT)
assert _spec
assert _spec.loader
hidden_links = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hidden_links)
