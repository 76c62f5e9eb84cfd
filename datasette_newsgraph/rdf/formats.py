"""The table of RDF formats: each is one module and one entry here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from datasette_newsgraph.errors import UsageError

if TYPE_CHECKING:
    from datasette_newsgraph.rdf.syntax import Syntax


@dataclass(frozen=True)
class Format:
    """An RDF syntax: its name on the command line, its title in sentences, its file ending and media
    type, and the class that writes it.

    Readers are chosen by ``media_type``, in programs as in the tests, and where ``has_graphs`` is set,
    one that knows named graphs.
    """

    name: str
    title: str
    ending: str
    media_type: str
    class_name: str
    #: The charset to name beside the media type, where many a program guesses without it.
    charset: str | None = None
    #: How a line of comment is written, where the syntax has comments; without a line end in it.
    comment: str | None = None
    #: Whether its statements stand in a named graph.
    has_graphs: bool = False
    #: The name of the format of which each document is one of this format, too, without named graphs.
    without_graphs: str | None = None
    #: The form that its documents have, where the media type has a parameter for it.
    profile: str | None = None

    @property
    def content_type(self) -> str:
        """Return the media type with its parameters, as the header Content-Type has it."""
        if self.charset:
            return f"{self.media_type}; charset={self.charset}"
        return f'{self.media_type};profile="{self.profile}"' if self.profile else self.media_type

    @property
    def of_things(self) -> Format:
        """Return the format for what is about a thing: of the same media type, but with everything in
        the default graph. There a client looks for what a thing's own address says.
        """
        if self.without_graphs is None:
            return self
        other = format_named(self.without_graphs)
        return replace(self, name=other.name, class_name=other.class_name, has_graphs=False)

    @lru_cache(maxsize=16)  # noqa: B019  # there are as many formats as FORMATS has, for ever
    def syntax(self, base: str) -> Syntax:
        """Return the writer for identifier IRIs under ``base``, the same one each time; its module is
        imported now.
        """
        syntax: Syntax = self._class()(base)
        return syntax

    def syntax_of(self, base: str, prefixes: Mapping[str, str]) -> Syntax:
        """Return a writer of documents that are no graphs of ours, and have these prefixes."""
        syntax: Syntax = self._class()(base, prefixes)
        return syntax

    def _class(self) -> Any:
        return getattr(import_module(f"{__package__}.{self.name}"), self.class_name)


FORMATS: tuple[Format, ...] = (
    Format("turtle", "Turtle", ".ttl", "text/turtle", "Turtle", "utf-8", "# {}\n"),
    Format(
        "jsonld",
        "JSON-LD",
        ".jsonld",
        "application/ld+json",
        "JsonLd",
        profile="http://www.w3.org/ns/json-ld#streaming",
    ),
    Format("ntriples", "N-Triples", ".nt", "application/n-triples", "NTriples", "utf-8", "# {}\n"),
    Format(
        "nquads",
        "N-Quads",
        ".nq",
        "application/n-quads",
        "NQuads",
        "utf-8",
        "# {}\n",
        has_graphs=True,
        without_graphs="ntriples",
    ),
    Format(
        "trig",
        "TriG",
        ".trig",
        "application/trig",
        "TriG",
        "utf-8",
        "# {}\n",
        has_graphs=True,
        without_graphs="turtle",
    ),
    Format("rdfxml", "RDF/XML", ".rdf", "application/rdf+xml", "RdfXml"),
)


def format_named(name: str) -> Format:
    """Return the format of a name; raises UsageError that lists them all."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise UsageError(f"there is no format {name!r}; choose {choices()}")


def format_of_file(path: str) -> Format:
    """Return the format that a file's ending names, a final ``.gz`` aside; raises UsageError."""
    for each in FORMATS:
        if path.removesuffix(".gz").endswith(each.ending):
            return each
    endings = ", ".join(each.ending for each in FORMATS)
    raise UsageError(f"{path}: its ending is none of {endings}; give the format: -f {choices()}")


def choices() -> str:
    """Return the names of all formats in words."""
    *names, last = (each.name for each in FORMATS)
    return f"{', '.join(names)} or {last}"
