"""What of a file is wanted in an authority."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from datasette_newsgraph.authority.things import Fault, LeftOut, Thing
from datasette_newsgraph.readers.source import Source


@dataclass(frozen=True)
class Choice:
    """Which things of a dump of Wikidata are wanted: those with so many ``sitelinks``, by their names
    in these ``languages``.
    """

    sitelinks: int = 5
    #: "mul" is where Wikidata keeps a name that is the same in all languages.
    languages: tuple[str, ...] = ("en", "mul")


#: What is read of each line.
Read: TypeAlias = Thing | Fault | LeftOut
Reader: TypeAlias = Callable[[Source, Choice], Iterator[Read]]
