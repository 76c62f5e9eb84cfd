"""The formats of files that authorities are made of: the table of them, and how one is recognised."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from datasette_newsgraph.authority.formats import (
    geonames,
    reconciled,
    wikidata_dump,
    wikidata_query,
)
from datasette_newsgraph.authority.formats.choice import Choice, Read, Reader
from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.readers import packing
from datasette_newsgraph.readers.source import Source

__all__ = ["FORMATS", "Choice", "Format", "Read", "format_of"]

#: So much of a file is looked at: an item of Wikidata may be long.
_SAMPLE = 256 << 10


class Format(NamedTuple):
    """A format: ``is_meant`` tells by the beginning of a file whether it is of it, and ``things`` reads
    such a file.
    """

    name: str
    title: str
    is_meant: Callable[[str], bool]
    things: Reader


#: In the order in which a file is tried: the first that has its signs is meant.
FORMATS = (
    Format(
        "wikidata_dump",
        "a JSON dump of Wikidata",
        wikidata_dump.is_meant,
        wikidata_dump.things,
    ),
    Format("geonames", "a table of GeoNames", geonames.is_meant, geonames.things),
    Format(
        "wikidata_query",
        "the CSV of a query to Wikidata",
        wikidata_query.is_meant,
        wikidata_query.things,
    ),
    Format(
        "reconciled",
        "a table of reconciled names",
        reconciled.is_meant,
        reconciled.things,
    ),
)
_NAMES = ", ".join(each.name for each in FORMATS)


def format_of(source: Source, name: str | None) -> Format:
    """Return the format of this name, or else the one that the beginning of a file tells.

    Raises UsageError for a name that no format has, and InputError for an archive and for a file of no
    such format.
    """
    if name is not None:
        called = name.replace("-", "_").casefold()
        for each in FORMATS:
            if each.name == called:
                return each
        raise UsageError(f"--format {name}: there is no such format of authorities: {_NAMES}")
    packing.refuse(source.head(packing.HEAD), source.path, zip_too=True)
    sample = source.sample(_SAMPLE)[0].decode("utf-8", "replace")
    for each in FORMATS:
        if each.is_meant(sample):
            return each
    raise InputError(
        f"{source.path}: is of no format that authorities are made of;"
        f" name it with --format if it is one of {_NAMES}"
    )
