"""The text of an article on its page: a page of it, its blocks, and the mentions in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, zip_longest
from typing import Any, NamedTuple, TypedDict
from urllib.parse import urlencode

from markupsafe import Markup

from datasette_newsgraph.anchoring import statuses
from datasette_newsgraph.article import APART_ZONES, ZONES
from datasette_newsgraph.web.access.arguments import number_argument, span_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.article.highlighting import BODY, Block, Span, blocks
from datasette_newsgraph.web.article.markup import Shown, marked_up
from datasette_newsgraph.web.frame.page_frame import plain
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign

#: Code points of a text on one page, about: it ends at a line end or a space, if one is near.
LENGTH = 50_000
NEAR = 2_000
#: Mentions and zones that are shown on one page. Nobody reads text that has more.
MARKED = 3_000

#: What the zones are called that are no part of what one reads from top to bottom.
APART = {zone: zone.capitalize() for zone in APART_ZONES}
#: What stands beside the sign of a type where a span is not exactly as it was given.
STATUS_SIGNS = {
    statuses.CONVERTED: "↔",
    statuses.MOVED: "→",
    statuses.NORMALISED: "≈",
    statuses.FUZZY: "~",
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


class Kind(NamedTuple):
    """A type in the legend, with how many mentions of it are on the page."""

    type: str
    number: int
    sign: str
    mentions: int


class Paragraph(NamedTuple):
    """A block as the page shows it. ``classes`` say its zone, and whether its line goes on."""

    classes: str
    html: Markup


class Stretch(NamedTuple):
    """What is read as one; ``label`` says what it is, if that is set apart."""

    label: str | None
    paragraphs: list[Paragraph]


class ShownText(TypedDict):
    """A text as its page shows it; long ones have several pages."""

    stretches: list[Stretch]
    legend: list[Kind]
    #: The statuses of spans on this page that are remarked: sign, name, meaning.
    statuses: list[tuple[str, str, str]]
    is_unverified: bool
    #: The number of mentions that are marked, if there are more.
    most_marked: int | None
    language: str | None
    page: int
    pages: int
    #: The addresses of the pages before and after this one.
    earlier: str | None
    later: str | None


async def read_text(visit: Visit, article: Any) -> ShownText | None:
    """Return what the page shows of an article's text; None if there is none.

    The caller has made sure that the visitor may see it. Raises BadRequest.
    """
    asked = Span(*(span_argument(visit.request, "at") or (0, 0)))
    wanted = number_argument(visit.request, "page", 0)
    row = await visit.row("SELECT length FROM article_texts WHERE article_id = ?", article["id"])
    if row is None or not row["length"]:
        return None
    pages = pages_of(row["length"])
    number = min(wanted or asked.start // LENGTH + 1, pages)
    first, text = await _read_page(visit, article["id"], row["length"], number)
    if not wanted and number < pages and asked.start >= first + len(text):
        number += 1
        first, text = await _read_page(visit, article["id"], row["length"], number)
    rows = await _mentions(visit, article["id"], first, first + len(text))
    zones = await _zones(visit, article["id"], first, first + len(text))
    found = blocks(
        text,
        first,
        [Span(each["start_char"], each["end_char"]) for each in rows[:MARKED]],
        [(each["zone"], Span(each["start_char"], each["end_char"])) for each in zones],
        asked,
    )
    shown = [_shown(visit, each) for each in rows[:MARKED]]
    return {
        "stretches": stretches(found, shown, f"char={asked.start},{asked.end}"),
        "legend": _legend(rows[:MARKED]),
        "statuses": _statuses(rows[:MARKED]),
        "is_unverified": any(map(is_unverified, rows[:MARKED])),
        "most_marked": MARKED if len(rows) > MARKED else None,
        "language": article["language"] if _LANGUAGE.fullmatch(article["language"] or "") else None,
        "page": number,
        "pages": pages,
        "earlier": _address(number - 1, asked) if number > 1 else None,
        "later": _address(number + 1, asked) if number < pages else None,
    }


def pages_of(length: int) -> int:
    """Return how many pages a text has. The last may be a quarter longer, rather than very short."""
    return max(1, -(-(length - LENGTH // 4) // LENGTH))


async def _read_page(visit: Visit, article_id: int, length: int, number: int) -> tuple[int, str]:
    """Return where a page of a text begins, and its text."""
    pages = pages_of(length)
    base = max(0, (number - 1) * LENGTH - NEAR)
    end = length if number == pages else number * LENGTH
    row = await visit.row(
        "SELECT substr(text, ?, ?) FROM article_texts WHERE article_id = ?",
        base + 1,
        end - base,
        article_id,
    )
    part = str(row[0])
    first = cut_before(part, (number - 1) * LENGTH - base) if number > 1 else 0
    last = len(part) if number == pages else cut_before(part, len(part))
    return base + first, part[first:last]


def cut_before(text: str, place: int) -> int:
    """Return where to cut a text: behind the last line end or else space near a place before it."""
    for each in "\n ":
        found = text.rfind(each, max(0, place - NEAR), place)
        if found >= 0:
            return found + 1
    return place


def _address(number: int, asked: Span) -> str:
    at = {"at": f"{asked.start},{asked.end}"} if asked.end > asked.start else {}
    return "?" + urlencode({"page": str(number), **at}, safe=",")


async def _mentions(visit: Visit, article_id: int, start: int, end: int) -> list[Any]:
    """Return the mentions over a part of the text, one more than are shown."""
    if not visit.sight.sees("mentions", "entities"):
        return []
    return await visit.rows(
        "SELECT start_char, end_char, offset_status, moved, entities.key,"
        " substr(entities.name, 1, 300) AS name, entities.type"
        " FROM (SELECT id, entity_id, start_char, end_char, offset_status, moved FROM mentions"
        " WHERE article_id = ? AND start_char < ? AND end_char > ?"
        f" ORDER BY start_char, id LIMIT {MARKED + 1}) AS spans"
        " CROSS JOIN entities ON entities.id = entity_id ORDER BY start_char, spans.id",
        article_id,
        end,
        start,
    )


async def _zones(visit: Visit, article_id: int, start: int, end: int) -> list[Any]:
    if not visit.sight.sees("zones"):
        return []
    return await visit.rows(
        "SELECT zone, start_char, end_char FROM zones"
        " WHERE article_id = ? AND start_char < ? AND end_char > ?"
        f" ORDER BY start_char, id LIMIT {MARKED}",
        article_id,
        end,
        start,
    )


def _shown(visit: Visit, row: Any) -> Shown:
    title = plain(f"{row['name'] or '(without a name)'}, {row['type']}")
    sign = type_sign(row["type"])
    status = status_words(row)
    if status:
        title += f" ({status})"
        sign += STATUS_SIGNS.get(row["offset_status"], "?")
    number = type_number(row["type"])
    return Shown(visit.links.page("entity", row["key"]), title, number, sign)


def status_words(row: Any) -> str | None:
    """Return what is to be said of the span of a row that is not exactly as it was given."""
    status = row["offset_status"]
    if status is None or status in statuses.UNREMARKED:
        return None
    if status == statuses.MOVED and row["moved"]:
        return f"span moved by {row['moved']:+,}"
    return f"span {status}"


def is_unverified(row: Any) -> bool:
    """Tell whether a span has a place in a text, but came without words to compare."""
    return row["start_char"] is not None and row["offset_status"] == statuses.UNVERIFIED


def _legend(rows: Sequence[Any]) -> list[Kind]:
    """Return the types of the mentions on a page, the most frequent first."""
    counted = Counter(each["type"] for each in rows)
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return [Kind(type_, type_number(type_), type_sign(type_), n) for type_, n in ordered]


def _statuses(rows: Sequence[Any]) -> list[tuple[str, str, str]]:
    """Return the statuses of spans on a page that are remarked: sign, name, meaning."""
    there = {each["offset_status"] for each in rows}
    return [
        (sign, status, statuses.STATUSES[status])
        for status, sign in STATUS_SIGNS.items()
        if status in there
    ]


def stretches(found: Sequence[Block], shown: Sequence[Shown], fragment: str) -> list[Stretch]:
    """Return blocks by what is read as one: prose, or one of the zones that are set apart.

    The first mark of all has the id ``fragment``.
    """
    listed: list[Stretch] = []
    first = next((block for block in found if any(run.is_asked for run in block.runs)), None)
    for label, group in groupby(found, lambda block: APART.get(block.zone)):
        together = list(group)
        paragraphs: list[Paragraph] = []
        for block, after in zip_longest(together, together[1:]):
            names = [block.zone if block.zone in ZONES else BODY]
            names += ["continued"] if block.is_continued and paragraphs else []
            names += ["goes-on"] if after and after.is_continued else []
            html = marked_up(block, shown, fragment if block is first else None)
            paragraphs.append(Paragraph(" ".join(names), html))
        listed.append(Stretch(label, paragraphs))
    return listed
