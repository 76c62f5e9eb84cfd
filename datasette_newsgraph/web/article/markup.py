"""Blocks of a text as HTML: links, marks and signs around what is escaped.

A template would take four times as long for the thousands of pieces of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from datasette_newsgraph.web.article.highlighting import Block, Piece, Sign


class Shown(NamedTuple):
    """A mention as the page shows it: where it leads, what it is, the number of its type, its sign."""

    href: str
    title: str
    number: int
    sign: str


_LINK = Markup('<a href="%s" class="mention type-%s%s" title="%s"%s>%s</a>')
_LINKED_SIGN = Markup(
    '<a href="%s" class="sign type-%s" data-sign="%s" title="%s" aria-label="%s"></a>'
)
_SIGN = Markup('<span class="sign type-%s" data-sign="%s"></span>')
_SIGNED = Markup(' data-sign="%s"')
_NOTHING = Markup()


def marked_up(block: Block, shown: Sequence[Shown], fragment: str | None = None) -> Markup:
    """Return the HTML of a block. ``fragment`` is the id of the first mark in it."""
    parts: list[Markup] = []
    for run in block.runs:
        if run.is_asked:
            parts.append(Markup('<mark id="%s">') % fragment if fragment else Markup("<mark>"))
            fragment = None
        for piece in run.pieces:
            parts.append(_piece(piece, shown))
            parts.extend(_sign(each, shown[each.mention]) for each in piece.signs)
        if run.is_asked:
            parts.append(Markup("</mark>"))
    return _NOTHING.join(parts)


def _piece(piece: Piece, shown: Sequence[Shown]) -> Markup:
    if piece.mention is None:
        return escape(piece.text)
    mention = shown[piece.mention]
    lines = "".join(
        f" line-{line}-{shown[each].number}"
        for line, each in enumerate(piece.lines, 1)
        if each is not None
    )
    # One that had no line free where it began has one where it is alone.
    lines = lines or f" line-1-{mention.number}"
    sign = _SIGNED % mention.sign if piece.is_last else _NOTHING
    return _LINK % (mention.href, mention.number, lines, mention.title, sign, piece.text)


def _sign(sign: Sign, mention: Shown) -> Markup:
    """Return the sign of a mention that ends behind pieces of others: a link, if it has no other."""
    about = (mention.number, mention.sign)
    if sign.is_link:
        return _LINKED_SIGN % (mention.href, *about, mention.title, mention.title)
    return _SIGN % about
