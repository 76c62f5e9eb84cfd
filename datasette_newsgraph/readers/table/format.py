"""What is said of each input format in the table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from datasette_newsgraph.readers import Parsed, Reader
from datasette_newsgraph.readers.format_signs import Files, Paths, Sign
from datasette_newsgraph.readers.graph_signs import NodeTables
from datasette_newsgraph.readers.structured.keys import GivenKeys

#: The package of the readers.
_READERS = "datasette_newsgraph.readers.formats"
#: The endings of files with JSON values.
JSON = (".json", ".jsonl")


@dataclass(frozen=True)
class Format:
    """An input format.

    ``name`` is that of its module and of ``--format``; ``signs`` are alternatives, any of which tells
    the format; ``labels`` the presets by which its labels are mapped (``labels.PRESETS``), the first
    one that has a label counts; ``extra`` the extra of the package that reading it needs;
    ``takes_keys`` that its reader is told what a user says of keys; ``own_files`` matches the paths of
    files in a folder of it that belong there, beside those of ``endings``; ``has_annotators`` tells
    that one of the people can be chosen who have annotated it.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    signs: tuple[Sign, ...]
    labels: tuple[str, ...] = ("ontonotes", "conll", "ace", "corenlp", "kbp", "plain")
    extra: str | None = None
    takes_keys: bool = False
    known_as: str = ""
    own_files: str | None = None
    has_annotators: bool = False

    @property
    def takes_folders(self) -> bool:
        """Whether a folder can be one input of this format."""
        return any(isinstance(sign, (Files, Paths, NodeTables)) for sign in self.signs)

    def parse(self, raw: bytes, keys: GivenKeys) -> Parsed:
        """Make a record an article, as its reader does."""
        parse: Callable[..., Parsed] = self.reader.parse
        return parse(raw, keys) if self.takes_keys else parse(raw)

    @property
    def reader(self) -> Reader:
        """The module, imported when it is used; of a package it is the module ``reader``."""
        module = import_module(f"{_READERS}.{self.name}")
        if hasattr(module, "__path__"):
            module = import_module(f"{module.__name__}.reader")
        return cast(Reader, module)
