"""The terms in which the mapping is written: kinds of nodes, their properties, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class Value(Enum):
    """What a column holds, and so what an object becomes."""

    STRING = auto()
    #: A string from a closed list of ours, of letters only.
    CODE = auto()
    #: A string in the language of the column ``language``, where that is a well-formed tag.
    TEXT = auto()
    #: A date, typed by its precision where it is a real one, else a plain string.
    DATE = auto()
    DOUBLE = auto()
    COUNT = auto()
    BOOLEAN = auto()
    #: A geometry as Well-Known Text.
    WKT = auto()
    #: An IRI that users give.
    IRI = auto()
    #: The same, or a plain string where it is none.
    IRI_OR_STRING = auto()
    #: The IRI of a class or property, worked out from a label by the vocabulary.
    TERM = auto()
    #: An entity, or a value with its datatype: the columns ``object_key``, ``value``, ``datatype``.
    OBJECT = auto()
    #: Pairs of a predicate's IRI and such an object.
    STATEMENTS = auto()


@dataclass(frozen=True)
class Ref:
    """An identifier IRI of ours: its path under ``{base}id/``, with columns in braces."""

    path: str


@dataclass(frozen=True)
class Constant:
    """Always the same term, by its prefixed name."""

    name: str


@dataclass(frozen=True)
class Property:
    """One property. ``column`` is None for what follows from the node's IRI or is constant.

    ``many``: the column holds a list. ``required``: it is never null. ``with_text``: it is text of
    an article, exported only when asked for. ``is_turned``: the node is the object, and the items of
    the list are subjects. ``only`` names the profiles that alone have it.
    """

    term: str
    value: Value | Ref | Constant
    column: str | None = None
    comment: str = ""
    many: bool = False
    required: bool = False
    with_text: bool = False
    is_turned: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Node:
    """A kind of thing.

    ``columns`` are what the writer is given of each, in any order, each with the SQL that reads it, or
    None for what the reader of rows adds; ``rows`` is the FROM clause. A property or IRI may also
    name the columns of ``OF_ARTICLE``; an IRI also ``_fragment``, which follows from ``start_char``
    and ``end_char``, and ``_item``, one of the list that the property's column holds. ``classes_in``
    are the classes in profiles that have others.
    """

    kind: str
    iri: Ref
    classes: tuple[str, ...]
    columns: dict[str, str | None]
    properties: tuple[Property, ...]
    rows: str = ""
    classes_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def read(self) -> tuple[str, ...]:
        """Return the columns that SQL reads, in order."""
        return tuple(name for name, sql in self.columns.items() if sql)

    @property
    def added(self) -> tuple[str, ...]:
        """Return the columns that the reader of rows adds, which stand behind those in a row."""
        return tuple(name for name, sql in self.columns.items() if not sql)
