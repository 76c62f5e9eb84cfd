"""By what a format is known: signs in the content of a file, not in its name.

A sign is data: it says how much of itself it finds in a sample of the file (0 to 1; only 1 counts as
found), and puts itself in words for the documentation and for errors.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from datasette_newsgraph.readers.columns import looks_tagged
from datasette_newsgraph.vocabulary import PREFIXES

#: Deeper than this nothing is told apart any more.
_MAX_DEPTH = 12
#: How much of the head patterns are looked for in: of a long first record it can be much.
_SEARCHED = 256 << 10
#: So much of compressed bytes is looked at.
_FIRST = 256


@dataclass(frozen=True)
class Sample:
    """The beginning of a file, as signs look at it.

    ``head`` is its first bytes, decompressed and without a byte order mark; ``records`` are the JSON
    values among them (lines, or the elements of an array, or the one object; the last one may be cut
    off), none if it is not JSON. ``names`` are the files of a folder, ``tables`` the first lines of
    those that are tables.
    """

    name: str
    head: bytes = b""
    records: tuple[Any, ...] = ()
    names: frozenset[str] = frozenset()
    tables: tuple[str, ...] = ()
    paths: frozenset[str] = field(init=False)

    @property
    def is_json(self) -> bool:
        """Whether the file is JSON, not only lines of which some can be read as that ("[1] O")."""
        return any(
            isinstance(each, dict) or any(isinstance(part, (dict, list)) for part in each)
            for each in self.records
        )

    def __post_init__(self) -> None:
        found = frozenset(path for record in self.records for path in _paths(record))
        object.__setattr__(self, "paths", found)


def _paths(value: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the paths of all that is in ``value``: ``ents``, ``ents[]``, ``ents[].start``."""
    if path:
        yield path
    if depth >= _MAX_DEPTH:
        return
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _paths(each, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _paths(each, f"{path}[]", depth + 1)


class Sign(Protocol):
    """What tells a format."""

    def score(self, sample: Sample) -> float:
        """Return how much of the sign is in the sample, from 0 to 1."""

    @property
    def weight(self) -> float:
        """How much the sign asks for: of two formats that are found, the heavier one is meant."""

    @property
    def words(self) -> str:
        """The sign in words, as Markdown."""


@dataclass(frozen=True)
class Keys:
    """JSON records that have all these paths among them (``ents[].start``) and none of ``without``.

    What is ``usual`` among tools gives way to other formats that ask for as much.
    """

    paths: tuple[str, ...]
    without: tuple[str, ...] = ()
    usual: bool = False

    def score(self, sample: Sample) -> float:
        """Return the share of the paths that are there; half of it if a path is that may not be."""
        share = sum(path in sample.paths for path in self.paths) / len(self.paths)
        return share / 2 if any(path in sample.paths for path in self.without) else share

    @property
    def weight(self) -> float:
        """The number of paths."""
        return len(self.paths) + len(self.without) - 0.5 * self.usual

    @property
    def words(self) -> str:
        """The paths."""
        has = ", ".join(f"`{path}`" for path in self.paths)
        lacks = ", ".join(f"`{path}`" for path in self.without)
        return f"JSON with {has}" + (f", but without {lacks}" if lacks else "")


@dataclass(frozen=True)
class Typed:
    """A JSON object that has all these fields, each of its type.

    Tells formats whose first records may have nothing but empty lists.
    """

    fields: Mapping[str, type]
    weight: int = 3

    def score(self, sample: Sample) -> float:
        """Return 1 where some record is such an object."""
        return float(any(self._is_it(record) for record in sample.records))

    def _is_it(self, record: Any) -> bool:
        # Not isinstance: true is no number.
        return isinstance(record, dict) and all(
            type(record.get(name)) is kind for name, kind in self.fields.items()
        )

    @property
    def words(self) -> str:
        """The fields with their types."""
        called = {int: "a whole number", str: "a string", list: "a list", dict: "an object"}
        listed = (f"`{name}` ({called[kind]})" for name, kind in self.fields.items())
        return "JSON with " + ", ".join(listed)


@dataclass(frozen=True)
class Spans:
    """A JSON object with a text and no tokens, and under ``key`` lists that begin with two offsets."""

    key: str
    text: str = "text"
    weight: int = 3

    def score(self, sample: Sample) -> float:
        """Return 1 where some record is such an object."""
        return float(any(map(self._is_it, sample.records)))

    def _is_it(self, record: Any) -> bool:
        if not isinstance(record, dict) or self.text not in record or "tokens" in record:
            return False
        given = record.get(self.key)
        return isinstance(given, list) and any(
            isinstance(each, list) and len(each) > 2 and {type(each[0]), type(each[1])} == {int}
            for each in given
        )

    @property
    def words(self) -> str:
        """The lists."""
        return f"JSON with `{self.text}`, and with lists `[start, end, label]` in `{self.key}`"


@dataclass(frozen=True)
class Pattern:
    """Bytes at the beginning of a file that match a regular expression (searched, multi-line)."""

    expression: bytes
    meaning: str
    weight: int = 2

    def score(self, sample: Sample) -> float:
        """Return 1 where it matches."""
        head = sample.head[:_SEARCHED]
        return float(re.search(self.expression, head, re.MULTILINE) is not None)

    @property
    def words(self) -> str:
        """What the expression means."""
        return self.meaning


@dataclass(frozen=True)
class Tagged:
    """Columns of which one has the tags of names, most of whose lines have the same columns."""

    weight: int = 2

    def score(self, sample: Sample) -> float:
        """Return 1 where the lines are such columns."""
        return float(not sample.is_json and looks_tagged(sample.head))

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        return "lines of as many columns, one of them with `O` and `B-…`, `I-…` or labels"


@dataclass(frozen=True)
class Deflated:
    """A zlib stream that begins with bytes which match a regular expression."""

    expression: bytes
    meaning: str
    weight: int = 3

    def score(self, sample: Sample) -> float:
        """Return 1 where it matches at the very beginning."""
        try:
            begin = zlib.decompressobj().decompress(sample.head, _FIRST)
        except zlib.error:
            return 0.0
        return float(re.match(self.expression, begin, re.DOTALL) is not None)

    @property
    def words(self) -> str:
        """What the expression means."""
        return self.meaning


@dataclass(frozen=True)
class Files:
    """A folder that holds a file of each of these endings."""

    endings: tuple[str, ...]
    weight: int = 2

    def score(self, sample: Sample) -> float:
        """Return the share of the endings that some file has."""
        found = sum(any(name.endswith(end) for name in sample.names) for end in self.endings)
        return found / len(self.endings)

    @property
    def words(self) -> str:
        """The endings."""
        return "a folder with files " + " and ".join(f"`*{ending}`" for ending in self.endings)


@dataclass(frozen=True)
class Paths:
    """A folder that holds a file whose path in it matches a regular expression."""

    expression: str
    meaning: str
    weight: int = 3

    def score(self, sample: Sample) -> float:
        """Return 1 where a path matches."""
        return float(any(re.search(self.expression, name) for name in sample.names))

    @property
    def words(self) -> str:
        """What the expression means."""
        return f"a folder, or a zip archive, with {self.meaning}"


def iri_pattern(prefix: str, before: bytes) -> bytes:
    """Return the expression for an IRI of a namespace of ours behind the bytes ``before``."""
    return re.escape(before + PREFIXES[prefix].encode())


def root_pattern(*names: bytes) -> bytes:
    """Return the expression for XML whose first element has one of these names, with any prefix."""
    prolog = (
        rb"<\?(?:(?!\?>)[\s\S]){0,2000}\?>|<!--(?:(?!-->)[\s\S]){0,9999}-->|"
        rb"<!DOCTYPE[^>\[]{0,2000}(?:\[[^\]]{0,9999}\]\s{0,99})?>"
    )
    named = b"|".join(map(re.escape, names))
    return rb"\A\s*(?:(?:" + prolog + rb")\s*){0,99}<(?:[\w.-]+:)?(?:" + named + rb")(?=[\s/>])"
