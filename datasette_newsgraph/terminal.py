"""All that the command line prints: nothing else of ours writes to standard output or standard error.

Names of files, labels and whatever else a database holds may carry what a terminal takes for orders,
such as to change its title or to turn the direction of a line. Lines for people show these characters
by their numbers. Documents for programs are written as they are, unless it is a terminal that they go
to: then with the escapes that JSON, Turtle, N-Triples and XML have for them, which mean the same.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import click

from datasette_newsgraph import slow_readers

#: Zero width (non-)joiners, which Persian and Hindi are spelled with.
_SPELLED_WITH = "\u200c\u200d"
#: In UTF-8: C0 controls but tab, line feed and the carriage return before one, with which lines of CSV
#: end; DEL, C1 controls, and what turns a text's direction.
_ORDERS = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
)


def shown(text: str) -> str:
    r"""Return words of a file or a database as one line; what cannot be seen is shown by its number
    (``\x1b``), line breaks and tabs as blanks.
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable() or character in _SPELLED_WITH:
        return character
    if "\ud800" <= character <= "\udfff":
        # A byte of a file's name that is no letter here.
        return "?"
    return " " if character.isspace() else ascii(character)[1:-1]


def say(line: str) -> None:
    """Print a line for people to standard error."""
    click.echo(shown(line), err=True)


def show(line: str) -> None:
    """Print a line for people to standard output."""
    click.echo(shown(line))


def is_there() -> bool:
    """Tell whether standard output is a terminal."""
    return sys.stdout.isatty()


def write(blocks: Iterable[bytes], hurries: Callable[[], bool] | None = None) -> None:
    """Write a document in JSON, Turtle, JSON-LD or N-Triples, in UTF-8, to standard output."""
    out = sys.stdout.buffer
    write_to(out, blocks, hurries)
    out.flush()


def write_to(
    out: BinaryIO, blocks: Iterable[bytes], hurries: Callable[[], bool] | None = None
) -> None:
    """Write a document, given in blocks of bytes, to a file, which may be a terminal. Where others wait
    for what the blocks are made of, ``hurries`` tells whether they do so now.
    """
    if out.isatty():
        blocks = _escaped(blocks)
    if hurries is not None and slow_readers.may_stand_still(out):
        slow_readers.write(out, blocks, hurries)
        return
    for block in blocks:
        out.write(block)


def _escaped(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a document with the escapes of its syntax: XML has others than all else that we write."""
    escape: bytes | None = None
    for block in blocks:
        if escape is None and block:
            escape = b"&#x%x;" if block.startswith(b"<?xml") else b"\\u%04x"
        if escape is not None:
            yield _with_escapes(block, escape)


def _with_escapes(block: bytes, escape: bytes) -> bytes:
    return _ORDERS.sub(lambda found: escape % ord(found[0].decode()), block)
