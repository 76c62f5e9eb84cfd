"""What a file says of each article, gathered from all of it, within the limits of what is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from datasette_newsgraph.readers.limits import KEPT, OBJECT, Held, Limit
from datasette_newsgraph.readers.source import Entry

#: Pieces of a file: text or bytes.
_Piece = TypeVar("_Piece", str, bytes)


@dataclass
class Gathered(Generic[_Piece]):
    """The pieces of one article, the first of them from ``line``; or the first one, and the ``fault``
    that they are too much together.
    """

    name: str
    line: int
    pieces: list[_Piece] = field(default_factory=list)
    size: int = 0
    fault: str | None = None


class Gathering(Generic[_Piece]):
    """The articles of one file by their names, in the order in which they come up."""

    def __init__(self, path: str, limit: Limit) -> None:
        self._limit = limit
        self._articles: dict[str, Gathered[_Piece]] = {}
        self.held = Held(path, limit)

    def add(self, name: str, line: int, piece: _Piece) -> None:
        """Add a piece to an article; raises InputError when too much is held of the file."""
        article = self._articles.get(name)
        if article is None:
            article = self._articles[name] = Gathered(name, line)
            self.held.add(len(name) + OBJECT)
        if article.fault is not None:
            return
        size = len(piece) + OBJECT
        article.size += size
        article.pieces.append(piece)
        self.held.add(len(piece))
        if article.size > self._limit.article:
            article.fault = self._limit.too_long("what the file says of this article")
            self.held.let_go(article.size)
            del article.pieces[1:]

    def __bool__(self) -> bool:
        return bool(self._articles)

    def __iter__(self) -> Iterator[Gathered[_Piece]]:
        return iter(self._articles.values())


def in_order(
    others: Iterable[Entry],
    articles: Iterable[Gathered[bytes]],
    written: Callable[[Gathered[bytes]], bytes],
) -> Iterator[Entry]:
    """Yield other entries of a file and its articles by their lines. ``written`` makes the record of an
    article, when it is its turn; of one that is too much its first piece is shown.
    """
    found: list[Entry | Gathered[bytes]] = [*others, *articles]
    for each in sorted(found, key=lambda each: each.line):
        if isinstance(each, Entry):
            yield each
        elif each.fault is not None:
            yield Entry(each.line, each.pieces[0][:KEPT], fault=each.fault)
        else:
            yield Entry(each.line, written(each))
