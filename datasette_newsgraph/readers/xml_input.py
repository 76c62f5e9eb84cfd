"""Read XML without entities, network or files: what a document declares is never expanded or fetched.

``walk`` goes through one document, ``documents`` cuts a file into such, in flat memory. Both stand on
expat itself, not on a tree or on defusedxml: a file is cut by the bytes at which elements begin and
end, which nothing else tells, and a document is read as it is parsed, with no tree of it held.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol
from xml.parsers import expat

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.cutting import whole
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.xml_cutting import Elements
from datasette_newsgraph.readers.xml_parser import (
    MAX_DEPTH,
    TOO_DEEP,
    check_encoding,
    full_name,
    local,
    new_parser,
    not_well_formed,
    place_of,
    root_of,
)

__all__ = ["XML", "Target", "documents", "local", "walk"]

#: What stands before the names of ``xml:id`` and ``xml:lang``.
XML = "{http://www.w3.org/XML/1998/namespace}"
_HEAD = 1 << 20


class Target(Protocol):
    """What is told of a document; ``{namespace}local`` are the names of what has a namespace."""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Take the beginning of an element."""

    def end(self, name: str, /) -> None:
        """Take the end of an element."""

    def words(self, text: str, /) -> None:
        """Take text, as much as comes at once."""


#: What pyexpat says of an encoding with several bytes for a letter.
_SEVERAL_BYTES = "multi-byte encodings"


def walk(raw: bytes, target: Target) -> None:
    """Tell ``target`` of all elements and words of a document; raises RecordError with the line."""
    check_encoding(raw)
    parser = new_parser(raw)
    start, end = target.start, target.end
    depth = 0

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise RecordError(f"{place_of(parser)}: {TOO_DEEP}")
        for each in attributes:
            if "}" in each:
                attributes = {
                    "{" + name if "}" in name else name: value for name, value in attributes.items()
                }
                break
        start(full_name(name), attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(full_name(name))

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler = target.words
    try:
        # expat itself is given a megabyte at a time.
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise RecordError(not_well_formed(error, parser, raw)) from error
    except ValueError as error:
        if _SEVERAL_BYTES not in str(error):
            raise
        # Which a damaged declaration may name.
        raise RecordError(f"{place_of(parser)}: {error}; save the file as UTF-8") from error


def documents(source: Source, *local_names: str) -> Iterator[Entry]:
    """Yield each outermost element that has one of the names, as a document of its own, or the whole
    file if its root has one. One over the limit is a fault.

    What is declared around an element, prefixes and ``xml:lang``, is declared in it. Raises
    DamagedInput where the file is no XML any more, behind the last whole element.
    """
    head, _ = source.sample(_HEAD)
    try:
        check_encoding(head)
    except RecordError as error:
        raise InputError(f"{source.path}: {error}") from error
    root = root_of(head)
    if root is None or local(root) in local_names:
        yield from whole(source)
        return
    yield from Elements(source, frozenset(local_names)).entries()
