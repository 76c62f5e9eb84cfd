"""Stage 4: SQLite → RDF. The table of formats: each is one module and one line here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from datasette_newsgraph.errors import UsageError

if TYPE_CHECKING:
    from datasette_newsgraph.rdf.syntax import Syntax


@dataclass(frozen=True)
class Format:
    """An RDF syntax: its name, file ending and media type, and the class that writes it."""

    name: str
    title: str
    ending: str
    media_type: str
    class_name: str
    #: How a line of comment is written, where the syntax has comments; without a line end in it.
    comment: str | None = None

    @lru_cache(maxsize=16)  # noqa: B019  # there are as many formats as FORMATS has, for ever
    def syntax(self, base: str) -> Syntax:
        """Return the writer for identifier IRIs under ``base``, the same one each time; its module is
        imported now.
        """
        module = import_module(f"{__name__}.{self.name}")
        syntax: Syntax = getattr(module, self.class_name)(base)
        return syntax


FORMATS: tuple[Format, ...] = (
    Format("turtle", "Turtle", ".ttl", "text/turtle", "Turtle", "# {}\n"),
    Format("jsonld", "JSON-LD", ".jsonld", "application/ld+json", "JsonLd"),
    Format("ntriples", "N-Triples", ".nt", "application/n-triples", "NTriples", "# {}\n"),
)


def format_named(name: str) -> Format:
    """Return the format of a name; raises UsageError that lists them all."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise UsageError(f"there is no format {name!r}; choose {_choices()}")


def format_of_file(path: str) -> Format:
    """Return the format that a file's ending names, a final ``.gz`` aside; raises UsageError."""
    for each in FORMATS:
        if path.removesuffix(".gz").endswith(each.ending):
            return each
    endings = ", ".join(each.ending for each in FORMATS)
    raise UsageError(f"{path}: its ending is none of {endings}; give the format: -f {_choices()}")


def _choices() -> str:
    return ", ".join(each.name for each in FORMATS)
