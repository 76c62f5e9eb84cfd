"""What the drawing of a neighbourhood says: of each line, and under each name."""

from __future__ import annotations

from collections.abc import Sequence

from datasette_newsgraph.confidence import UNCERTAIN
from datasette_newsgraph.web.drawing.layout import NOTE, Neighbour, Node, Place, Statement
from datasette_newsgraph.web.drawing.lettering import cut, isolated

#: Statements listed in a tooltip.
_LISTED = 3


def told(subject: str, statements: Sequence[Statement], object_: str) -> str:
    """Return statements in words, those of most articles first."""
    listed = [
        f"{isolated(subject)} {isolated(each.predicate)} {isolated(object_)}{_remarks(each)}"
        for each in statements[:_LISTED]
    ]
    left = len(statements) - len(listed)
    return "; ".join([*listed, f"and {left} more"] if left else listed)


def _remarks(statement: Statement) -> str:
    remarks = [] if statement.articles is None else [counted(statement.articles)]
    remarks += [UNCERTAIN] if statement.is_uncertain else []
    return f" ({', '.join(remarks)})" if remarks else ""


def counted(articles: int) -> str:
    """Return a number of articles in words."""
    return f"{articles:,} article{'' if articles == 1 else 's'}"


def shared_by(neighbour: Neighbour) -> str:
    """Return in how many articles a neighbour is named with the one in the middle, in words."""
    return f"in {counted(neighbour.shared)} together" if neighbour.shared else ""


def said(middle: Node, each: Neighbour) -> str:
    """Return what is said of a neighbour and by it, in words."""
    parts = (
        told(middle.name, each.outward, each.node.name),
        told(each.node.name, each.inward, middle.name),
    )
    return "; ".join(part for part in parts if part)


def told_briefly(statement: Statement) -> str:
    """Return a statement without its two ends."""
    return f"{isolated(statement.predicate)}{_remarks(statement)}"


def note(place: Place) -> str:
    """Return what stands under a name: the foremost predicate, how many more, how many articles."""
    each = place.neighbour
    if not each.statements:
        return shared_by(each)
    first = each.statements[0]
    count = "" if first.articles is None else f" · {counted(first.articles)}"
    more = " ?" if first.is_uncertain else ""
    more += f" +{len(each.statements) - 1}" if len(each.statements) > 1 else ""
    room = place.label.width / NOTE - len(count + more) * 0.6 - 2
    predicate = isolated(cut(first.predicate, room))
    is_outward = first in each.outward
    if place.side > 0:
        return f"{'→' if is_outward else '←'} {predicate}{more}{count}"
    return f"{predicate}{more}{count} {'←' if is_outward else '→'}"
