"""Where everything of an entity's neighbourhood stands in its drawing.

The entity stands in the middle, its neighbours in lines beside it: who something is said of it by, on
the left, whom it says something of, on the right. Labels are outside, and every line of the drawing
inside between them, so that none of them hides a name. On a narrow screen there is one column, with the
entity above. Nothing here knows of databases or colours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from datasette_newsgraph.web.drawing.lettering import cut, lines

#: Nodes of a drawing, the one in the middle among them.
NODES = 40
#: The size of names and of the notes under them, and of the letters for a type.
NAME, NOTE, SIGN = 14.0, 11.5, 9.5
#: A line of the drawing: a name with its note.
ROW = 36.0
RADIUS = 11.0
#: Between those with relations and those that are only named in the same articles.
_GAP = 16.0
#: As many may stand on one side before the other is asked.
_ONE_SIDE = 6
_MARGIN = 6.0


@dataclass(frozen=True)
class Node:
    """An entity, its name fit to be shown."""

    key: str
    name: str
    type: str
    href: str


@dataclass(frozen=True)
class Statement:
    """A relation of two entities, and in how many articles it is stated, if that is known."""

    key: str
    predicate: str
    articles: int | None
    #: Gives the address of a relation by its key: there are many more relations than are shown.
    page: Callable[[str], str] = field(repr=False, compare=False)
    is_uncertain: bool = False

    @cached_property
    def href(self) -> str:
        """Return the address of its page."""
        return self.page(self.key)


@dataclass(frozen=True)
class Neighbour:
    """An entity beside the one in the middle: what is said of it by that one (``outward``), of that one
    by it (``inward``), and how many articles name both, if that is known.
    """

    node: Node
    outward: tuple[Statement, ...] = ()
    inward: tuple[Statement, ...] = ()
    shared: int | None = None

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Return the relations both ways, those of most articles first."""
        return tuple(sorted(self.outward + self.inward, key=lambda each: -(each.articles or 0)))

    @cached_property
    def weight(self) -> int:
        """Return how much there is behind the relations, or else behind being named together."""
        return weight_of(self.outward + self.inward) or self.shared or 0


@dataclass(frozen=True)
class Tie:
    """What is said of one neighbour (``object``) by another (``subject``); both are keys."""

    subject: str
    object: str
    statements: tuple[Statement, ...]


def weight_of(statements: Sequence[Statement]) -> int:
    """Return the articles behind relations; where they are not known, each counts one."""
    return sum(each.articles if each.articles is not None else 1 for each in statements)


class Box(NamedTuple):
    """A part of the plane."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Form:
    """Measures of a drawing: its width, how wide labels are, and where the dots stand; a narrow one has
    no left side.
    """

    name: str
    width: float
    label: float
    dots: tuple[float, float]
    middle: float
    is_narrow: bool = False


WIDE = Form("wide", 960, 268, (290, 670), 190)
NARROW = Form("narrow", 336, 246, (72, 72), 330, is_narrow=True)
#: Where the trunk stands from which the branches of a narrow drawing go off.
TRUNK = 16.0
_HEAD = 72.0
#: Where the box in the middle of a narrow drawing begins.
_TOP = 2.0


class Place(NamedTuple):
    """Where a neighbour stands: the middle of its dot, on the left (-1) or right (1), and its words."""

    neighbour: Neighbour
    side: int
    x: float
    y: float
    label: Box
    name: str


class Layout(NamedTuple):
    """A drawing's size, the box of the entity in the middle with its name in lines, and the rest."""

    form: Form
    height: float
    middle: Box
    name: list[str]
    places: list[Place]


def lay_out(middle: Node, neighbours: Sequence[Neighbour], form: Form) -> Layout:
    """Return where the neighbours stand, of which the first come first; at most ``NODES`` in all."""
    shown = neighbours[: NODES - 1]
    columns = {1: list(shown)} if form.is_narrow else _sides(shown)
    name = lines(middle.name, (form.middle - 56) / (NAME + 1), 3)
    tall = 24.0 + 18.0 * len(name)
    # A name of three lines needs more room than most.
    head = max(_HEAD, _TOP + tall + _MARGIN) if form.is_narrow else _MARGIN
    tallest = max(map(_height, columns.values()), default=0.0)
    height = head + max(tallest, 0.0 if form.is_narrow else 2 * ROW) + _MARGIN
    top = _TOP if form.is_narrow else (height - tall) / 2
    places = [
        place
        for side, column in sorted(columns.items())
        # A short column stands beside the middle, not beside the top.
        for place in _column(
            column, side, form, head if form.is_narrow else (height - _height(column)) / 2
        )
    ]
    box = Box((form.width - form.middle) / 2, top, form.middle, tall)
    return Layout(form, height, box, name, places)


def _sides(neighbours: Sequence[Neighbour]) -> dict[int, list[Neighbour]]:
    """Return who stands on the left and on the right: by direction, while there is room."""
    room = max(math.ceil(len(neighbours) / 2), _ONE_SIDE)
    columns: dict[int, list[Neighbour]] = {-1: [], 1: []}
    for each in neighbours:
        if each.outward or each.inward:
            side = 1 if weight_of(each.outward) >= weight_of(each.inward) else -1
        else:
            side = -1 if len(columns[-1]) < len(columns[1]) else 1
        columns[side if len(columns[side]) < room else -side].append(each)
    return columns


def _is_apart(column: Sequence[Neighbour], row: int) -> bool:
    """Tell whether a gap stands above a line: there begin those without relations."""
    return row > 0 and bool(column[row - 1].statements) and not column[row].statements


def _height(column: Sequence[Neighbour]) -> float:
    gaps = sum(_is_apart(column, row) for row in range(len(column)))
    return ROW * len(column) + _GAP * gaps


def _column(column: Sequence[Neighbour], side: int, form: Form, top: float) -> list[Place]:
    places = []
    x = form.dots[0 if side < 0 else 1]
    for row, each in enumerate(column):
        top += _GAP if _is_apart(column, row) else 0.0
        start = x - RADIUS - 6 - form.label if side < 0 else x + RADIUS + 6
        label = Box(start, top, form.label, ROW)
        name = cut(each.node.name, form.label / NAME)
        places.append(Place(each, side, x, top + ROW / 2, label, name))
        top += ROW
    return places
