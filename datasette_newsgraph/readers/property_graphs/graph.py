"""A property graph as a file has it, and the part of one that is an article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from datasette_newsgraph.readers import Fault
from datasette_newsgraph.readers.shapes import Shape

#: What joins several values in one string: LightRAG's ids of chunks, its descriptions.
BETWEEN = "<SEP>"


class Node(Shape, omit_defaults=True):
    """A node. ``labels`` are its types where the format has a place for them, ``name`` is what the
    format calls it beside its properties; ``place`` names it in faults.
    """

    id: str
    place: str = ""
    properties: dict[str, Any] = msgspec.field(default_factory=dict)
    labels: list[str] = msgspec.field(default_factory=list)
    name: str | None = None
    #: Whether the file has the id, or it is only the node's number.
    has_id: bool = True
    #: The passages of the article that it is from, by their ids.
    passages: list[str] = msgspec.field(default_factory=list)


class Edge(Shape, omit_defaults=True):
    """An edge between two nodes, named by their ids; ``type`` is what the format has a place for."""

    source: str
    target: str
    place: str = ""
    properties: dict[str, Any] = msgspec.field(default_factory=dict)
    type: str | None = None
    passages: list[str] = msgspec.field(default_factory=list)


class ArticleGraph(Shape, omit_defaults=True):
    """What an article is made of: what tells it from others, what is said of it, its text with the
    places of passages in it, and its nodes, with their names and one label each, and edges.
    """

    tool: str = ""
    key: str | None = None
    about: dict[str, Any] = msgspec.field(default_factory=dict)
    text: str | None = None
    is_joined: bool = False
    passages: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    nodes: list[Node] = msgspec.field(default_factory=list)
    edges: list[Edge] = msgspec.field(default_factory=list)
    faults: list[tuple[str, Any]] = msgspec.field(default_factory=list)
    unknown: dict[str, int] = msgspec.field(default_factory=dict)


@dataclass
class Graph:
    """A graph as its file has it: ``about`` is what is said of all of it, ``texts`` are the ids of the
    nodes that stand for articles and pieces of them, where the format tells.
    """

    tool: str
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    texts: set[str] | None = None

    def fault(self, reason: str, part: Any) -> None:
        """Note what cannot be taken."""
        self.faults.append(Fault(reason, part))


def words_of(given: Any) -> str | None:
    """Return a string or a number as words, None for all else and where there are none.

    >>> [words_of(each) for each in ("Ana", 7, 1.0, " ", True, ["x"])]
    ['Ana', '7', '1', None, None, None]
    """
    if isinstance(given, str):
        return given if given.strip() else None
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        return None
    return str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)


def key_of(given: Any) -> str | None:
    """Return an id, which may be any JSON, as the words by which edges name it.

    >>> [key_of(each) for each in ("n1", 1, "1", ["a", 2], None)]
    ['n1', '1', '1', '["a",2]', None]
    """
    if isinstance(given, str):
        return given if given.strip() else None
    if isinstance(given, (list, bool)) or (isinstance(given, dict) and given):
        return msgspec.json.encode(given).decode()
    return words_of(given)


def split(given: Any) -> list[str]:
    """Return the several values of a list or of a string that joins them.

    >>> split("chunk-1<SEP>chunk-2"), split(["a", None, 2]), split(None)
    (['chunk-1', 'chunk-2'], ['a', '2'], [])
    """
    values: Iterable[Any] = given if isinstance(given, list) else [given]
    found = (words for each in values if (words := words_of(each)))
    parts = (part.strip() for words in found for part in words.split(BETWEEN))
    return [each for each in dict.fromkeys(parts) if each]
