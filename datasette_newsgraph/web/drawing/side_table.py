"""Cells of the table beside a drawing, made here: a template takes several times as long for them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from datasette_newsgraph.confidence import UNCERTAIN
from datasette_newsgraph.web.drawing.captions import counted
from datasette_newsgraph.web.drawing.layout import Statement
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign

#: Statements listed in a cell.
_LISTED = 3
_UNCERTAIN = f' <span class="ng-uncertain">{UNCERTAIN}</span>'


def listed(subject: str, statements: Sequence[Statement], object_: str) -> Markup:
    """Return statements as the items of a list, those of most articles first."""
    ends = f"<bdi>{escape(subject)}</bdi> ", f" <bdi>{escape(object_)}</bdi>"
    items = [
        f'<li>{ends[0]}<a href="{escape(each.href)}"><i><bdi>{escape(each.predicate)}</bdi></i></a>'
        f"{ends[1]}{_articles(each)}{_doubt(each)}</li>"
        for each in statements[:_LISTED]
    ]
    if len(statements) > _LISTED:
        items.append(f'<li class="count">and {len(statements) - _LISTED} more</li>')
    return Markup("".join(items))  # noqa: S704  # each value in it is escaped


def _articles(statement: Statement) -> str:
    if statement.articles is None:
        return ""
    return f' <span class="count">{counted(statement.articles)}</span>'


def _doubt(statement: Statement) -> str:
    return _UNCERTAIN if statement.is_uncertain else ""


def typed(type_: str) -> Markup:
    """Return a type with its sign."""
    return Markup(
        '<span class="ng-key ng-kind-{}" aria-hidden="true">{}</span> <bdi>{}</bdi>'
    ).format(type_number(type_), type_sign(type_), type_)
