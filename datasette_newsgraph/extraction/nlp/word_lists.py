"""The lists of words that the rules go by: ``data/word_lists.txt``."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources


def word_list(name: str) -> frozenset[str]:
    """Return the words of a list; raises KeyError for a name that the file does not have."""
    return _lists()[name]


def word_lists_digest() -> str:
    """Return the hash of all lists."""
    return hashlib.sha256(_text().encode()).hexdigest()[:16]


@cache
def _text() -> str:
    folder = resources.files("datasette_newsgraph.extraction.nlp") / "data"
    return (folder / "word_lists.txt").read_text("utf-8")


@cache
def _lists() -> dict[str, frozenset[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in _text().splitlines():
        if line.startswith("#"):
            continue
        if line.startswith(" "):
            found[name] += line.split()
        elif line:
            name = line.removesuffix(":")
            found[name] = []
    return {name: frozenset(each) for name, each in found.items()}
