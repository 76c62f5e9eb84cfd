"""The table of formats of answers: for solutions and truth each is one module and one entry here, for
triples they are those of RDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from datasette_newsgraph import rdf
from datasette_newsgraph.errors import UsageError

if TYPE_CHECKING:
    # It imports rdflib, which those who only read this table need not wait for.
    from datasette_newsgraph.sparql.answer import Answer


@dataclass(frozen=True)
class ResultFormat:
    """A format of answers: its name on the command line, its title in sentences, its file ending, and
    the media types that clients ask for it by, the one that answers are sent under first. One without
    media types is for terminals only.

    ``syntax`` is there for triples, and for nothing else; other formats are for solutions and truth.
    """

    name: str
    title: str
    ending: str
    media_types: tuple[str, ...]
    content_type: str
    syntax: rdf.Format | None = None

    def fits(self, answer: Answer) -> bool:
        """Tell whether this format can hold an answer of this kind."""
        from datasette_newsgraph.sparql.answer import Triples

        return isinstance(answer, Triples) == (self.syntax is not None)

    def write(self, answer: Answer, base: str) -> Iterator[bytes]:
        """Return an answer about the graph with a base, in blocks of some kB.

        Rows are asked for one after the other, and no more of them are held than a block has. Raises
        UsageError at once for an answer of another kind, and where triples cannot be written in the
        syntax; the errors that the answer raises come through.
        """
        from datasette_newsgraph.sparql.answer import Triples, Truth

        if not self.fits(answer):
            fitting = _in_words(formats_for(answer))
            raise UsageError(f"{self.title} cannot hold {_kind(answer)}; choose {fitting}")
        if isinstance(answer, Triples):
            return cast("Iterator[bytes]", _writer("graph").write(answer, self.syntax, base))
        writer = _writer(self.name)
        written = writer.truth(answer) if isinstance(answer, Truth) else writer.rows(answer, base)
        return cast("Iterator[bytes]", written)


def _writer(name: str) -> Any:
    return import_module(f"{__package__}.{name}_results")


def _of_triples(syntax: rdf.Format) -> ResultFormat:
    media_types = (syntax.media_type,)
    return ResultFormat(
        syntax.name, syntax.title, syntax.ending, media_types, syntax.content_type, syntax
    )


FORMATS: tuple[ResultFormat, ...] = (
    ResultFormat(
        "json",
        "SPARQL JSON",
        ".srj",
        ("application/sparql-results+json", "application/json"),
        "application/sparql-results+json",
    ),
    ResultFormat(
        "xml",
        "SPARQL XML",
        ".srx",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        "application/sparql-results+xml",
    ),
    ResultFormat("csv", "CSV", ".csv", ("text/csv",), "text/csv; charset=utf-8; header=present"),
    ResultFormat(
        "tsv",
        "TSV",
        ".tsv",
        ("text/tab-separated-values",),
        "text/tab-separated-values; charset=utf-8; header=present",
    ),
    ResultFormat("table", "a table", ".txt", (), "text/plain; charset=utf-8"),
    *map(_of_triples, rdf.FORMATS),
)


def formats_for(answer: Answer) -> tuple[ResultFormat, ...]:
    """Return the formats for an answer of this kind, the most usual one first."""
    return tuple(each for each in FORMATS if each.fits(answer))


def format_named(name: str) -> ResultFormat:
    """Return the format of a name; raises UsageError that lists them all."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise UsageError(f"there is no format {name!r}; choose {choices()}")


def format_of_file(path: str) -> ResultFormat:
    """Return the format that a file's ending names, a final ``.gz`` aside: the usual ending, or the
    name of the format. Raises UsageError.
    """
    for each in FORMATS:
        if path.removesuffix(".gz").endswith((each.ending, f".{each.name}")):
            return each
    endings = ", ".join(each.ending for each in FORMATS)
    raise UsageError(f"{path}: its ending is none of {endings}; give the format: -f {choices()}")


def choices(graphs: bool | None = None) -> str:
    """Return the names of all formats in words: of those for triples, of the others, or of both."""
    return _in_words(
        tuple(each for each in FORMATS if graphs is None or graphs == (each.syntax is not None))
    )


def _in_words(formats: tuple[ResultFormat, ...]) -> str:
    *names, last = (each.name for each in formats)
    return f"{', '.join(names)} or {last}"


def _kind(answer: Answer) -> str:
    from datasette_newsgraph.sparql.answer import Solutions, Truth

    if isinstance(answer, Truth):
        return "the answer of ASK"
    return "the rows of SELECT" if isinstance(answer, Solutions) else "triples"
