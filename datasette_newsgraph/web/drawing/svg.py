"""The drawing of a neighbourhood as SVG: well-formed by itself, every name in it escaped.

It has classes and no colours, so that a page's own colours, dark ones and print hold for it. Entities
are links in the order of their weight; lines are links too, for the mouse, and need no keyboard, as the
table beside the drawing has them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from datasette_newsgraph.web.drawing.captions import note, said, shared_by, told, told_briefly
from datasette_newsgraph.web.drawing.layout import (
    NAME,
    NOTE,
    RADIUS,
    SIGN,
    TRUNK,
    Form,
    Layout,
    Neighbour,
    Node,
    Place,
    Statement,
    Tie,
    lay_out,
    weight_of,
)
from datasette_newsgraph.web.drawing.lettering import cut, isolated
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign

#: How thick lines are.
_THIN, _THICK = 1.2, 6.0
#: Articles from which a line may be as thick as can be: one article is no thick line.
_HEAVY = 6

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="ng-drawing ng-drawing-%s" role="group"'
    ' viewBox="0 0 %s %s" width="%s" height="%s" font-size="%s" aria-label="%s">\n'
    '<g class="ng-lines" aria-hidden="true">\n%s</g>\n%s</svg>'
)
_LINE = (
    '<a href="%s" tabindex="-1" class="ng-line%s"><title>%s</title>'
    '<path d="%s" stroke-width="%s"/>%s</a>\n'
)
_UNLINKED = '<g class="ng-line%s"><title>%s</title><path d="%s" stroke-width="%s"/></g>\n'
_ARROW = '<path class="ng-arrow" d="%s"/>'
_TRUNK = '<path class="ng-trunk" d="%s"/>\n'
_NODE = (
    '<a href="%s" class="ng-node ng-kind-%s"><title>%s</title>'
    '<rect class="ng-box" x="%s" y="%s" width="%s" height="%s" rx="6"/>'
    '<circle cx="%s" cy="%s" r="%s"/>'
    '<text class="ng-sign" x="%s" y="%s" text-anchor="middle" font-size="%s">%s</text>%s</a>\n'
)
#: A picture within the picture cuts off whatever is wider than was thought.
_LETTERS = (
    '<svg role="none" x="%s" y="%s" width="%s" height="%s">'
    '<text class="ng-%s" x="%s" y="%s" text-anchor="%s" font-size="%s">%s</text></svg>'
)
_NOTE_LINK = '<a href="%s" tabindex="-1" class="ng-note-link"><title>%s</title>%s</a>\n'


def draw(middle: Node, neighbours: Sequence[Neighbour], ties: Sequence[Tie], form: Form) -> Markup:
    """Return the drawing of a neighbourhood in a form, as an ``svg`` element."""
    layout = lay_out(middle, neighbours, form)
    heaviest = max(_HEAVY, *(place.neighbour.weight for place in layout.places), 0)
    lines = Markup("").join([*_ties(layout, ties, heaviest), *_spokes(layout, middle, heaviest)])
    nodes = Markup("").join([_middle(layout, middle), *map(_neighbour, layout.places)])
    title = f"Drawing of the neighbourhood of {isolated(middle.name)}"
    width, height = form.width, layout.height
    return _filled(_SVG, form.name, width, height, width, height, NAME, title, lines, nodes)


def _filled(template: str, *values: str | float) -> Markup:
    """Return a template with values in it: texts escaped unless they are markup, numbers short."""
    filled = template % tuple([escape(v) if isinstance(v, str) else _number(v) for v in values])
    return Markup(filled)  # noqa: S704 - templates are ours, values escaped


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _path(*parts: str | float) -> str:
    return " ".join(each if isinstance(each, str) else _number(each) for each in parts)


def _thickness(weight: int, heaviest: int, thick: float = _THICK) -> float:
    return _THIN + (thick - _THIN) * math.sqrt(weight / max(heaviest, 1))


# ---------------------------------------------------------------------------------------- lines


def _spokes(layout: Layout, middle: Node, heaviest: int) -> Iterator[Markup]:
    """Yield the lines between the middle and its neighbours, the lightest first."""
    if layout.form.is_narrow and layout.places:
        bottom, end = layout.middle.y + layout.middle.height, layout.places[-1].y - 12
        yield _filled(_TRUNK, _path("M", TRUNK, bottom, "V", end))
    for place in sorted(layout.places, key=lambda each: each.neighbour.weight):
        each = place.neighbour
        kind = f" ng-kind-{type_number(each.node.type)}"
        course = _spoke(layout, place)
        if not each.statements:
            title = f"{isolated(middle.name)} and {isolated(each.node.name)}: {shared_by(each)}"
            yield _filled(_UNLINKED, f"{kind} ng-together", title, course, _THIN + 0.4)
            continue
        arrows = Markup("").join(_arrows(place))
        yield _filled(
            _LINE,
            each.statements[0].href,
            kind + _doubt(each.statements),
            said(middle, each),
            course,
            _thickness(each.weight, heaviest),
            arrows,
        )


def _doubt(statements: Sequence[Statement]) -> str:
    """Return the class of a line of which all relations are uncertain."""
    return " ng-doubtful" if all(each.is_uncertain for each in statements) else ""


def _spoke(layout: Layout, place: Place) -> str:
    x = place.x - place.side * RADIUS
    if layout.form.is_narrow:
        return _path("M", TRUNK, place.y - 12, "Q", TRUNK, place.y, TRUNK + 12, place.y, "H", x)
    box = layout.middle
    end = box.x + box.width if place.side > 0 else box.x
    # Ends are spread over the side of the box, in the order of the dots.
    y = box.y + box.height * (0.14 + 0.72 * place.y / layout.height)
    bend = (x + end) / 2
    return _path("M", x, place.y, "C", bend, place.y, bend, y, end, y)


def _arrows(place: Place) -> Iterator[Markup]:
    """Yield which way the relations go: to the neighbour, from it, or both."""
    at = place.x - place.side * (RADIUS + 2)
    if place.neighbour.outward:
        yield _arrow(at, place.y, place.side, 0.0)
    if place.neighbour.inward:
        at -= place.side * (9 if place.neighbour.outward else 0)
        yield _arrow(at - place.side * 9, place.y, -place.side, 0.0)


def _arrow(x: float, y: float, dx: float, dy: float, size: float = 9.0) -> Markup:
    """Return an arrow's head with its tip here, that points to where (dx, dy) does."""
    long = math.hypot(dx, dy) or 1.0
    ux, uy = dx / long * size, dy / long * size
    left, right = (x - ux - uy / 2, y - uy + ux / 2), (x - ux + uy / 2, y - uy - ux / 2)
    return _filled(_ARROW, _path("M", x, y, "L", *left, "L", *right, "Z"))


def _ties(layout: Layout, ties: Sequence[Tie], heaviest: int) -> Iterator[Markup]:
    """Yield the curves between neighbours, the lightest first."""
    places = {place.neighbour.node.key: place for place in layout.places}
    for tie in sorted(ties, key=lambda each: weight_of(each.statements)):
        if tie.subject not in places or tie.object not in places:
            continue
        start, end = places[tie.subject], places[tie.object]
        course, arrow = _curve(layout.form, start, end)
        title = told(start.neighbour.node.name, tie.statements, end.neighbour.node.name)
        thickness = _thickness(weight_of(tie.statements), heaviest, _THICK / 2)
        kind = " ng-tie" + _doubt(tie.statements)
        yield _filled(_LINE, tie.statements[0].href, kind, title, course, thickness, arrow)


def _curve(form: Form, start: Place, end: Place) -> tuple[str, Markup]:
    """Return a curve between two dots, which stays between the labels, and its arrow's head."""
    x1, x2 = (each.x - each.side * RADIUS for each in (start, end))
    most = 44.0 if form.is_narrow else 120.0
    bulge = min(18 + 0.3 * abs(start.y - end.y), most)
    if start.side != end.side:
        bulge = abs(x1 - x2) / 2
    c1, c2 = x1 - start.side * bulge, x2 - end.side * bulge
    course = _path("M", x1, start.y, "C", c1, start.y, c2, end.y, x2, end.y)
    # Half way along a cubic curve, and the way that it goes there; a bit on, so that the heads of
    # the same curve there and back stand apart.
    x, y = (x1 + 3 * c1 + 3 * c2 + x2) / 8, (start.y + end.y) / 2
    dx, dy = (x2 + c2 - c1 - x1) / 4 * 3, (end.y - start.y) / 4 * 3
    long = math.hypot(dx, dy) or 1.0
    return course, _arrow(x + 4 * dx / long, y + 4 * dy / long, dx, dy, 7.0)


# ---------------------------------------------------------------------------------------- nodes


def _middle(layout: Layout, middle: Node) -> Markup:
    box = layout.middle
    top = box.y + (box.height - 18 * len(layout.name)) / 2 - 2
    words = [
        _filled(_LETTERS, box.x + 42, top + 18 * row, box.width - 48, 22,
            "middle", 0, 15, "start", NAME + 1, isolated(line),
        )
        for row, line in enumerate(layout.name)
    ]  # fmt: skip
    at = (box.x + 22, box.y + box.height / 2)
    return _node(middle, f"{isolated(middle.name)}, {isolated(middle.type)}", box, at, words)


def _neighbour(place: Place) -> Markup:
    node, label = place.neighbour.node, place.label
    anchor, x = ("end", label.width) if place.side < 0 else ("start", 0.0)
    letters = (label.x, label.y, label.width)
    name = _filled(_LETTERS, *letters, 20,
        "name", x, 15.5, anchor, NAME, isolated(place.name),
    )  # fmt: skip
    words = _filled(_LETTERS, letters[0], label.y + 19.5, label.width, 15,
        "note", x, 11, anchor, NOTE, note(place),
    )  # fmt: skip
    title = f"{isolated(node.name)}, {isolated(node.type)}"
    left = min(label.x, place.x - RADIUS - 2)
    reach = (left, label.y, label.width + 2 * RADIUS + 8, label.height)
    linked = _node(node, title, reach, (place.x, place.y), [name])
    statements = place.neighbour.statements
    if not statements:
        return linked + words + "\n"
    title = told_briefly(statements[0])
    return linked + _filled(_NOTE_LINK, statements[0].href, title, words)


def _node(
    node: Node,
    title: str,
    reach: tuple[float, float, float, float],
    at: tuple[float, float],
    words: list[Markup],
) -> Markup:
    number, sign = type_number(node.type), cut(type_sign(node.type), 2.4)
    return _filled(_NODE, node.href, number, title,
        *reach, *at, RADIUS,
        at[0], at[1] + 3.4, SIGN, sign,
        Markup("").join(words),
    )  # fmt: skip
