"""Where an entity is mentioned, quoted, and a relation stated: spans with the text around each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from datasette_newsgraph.store.text_parts import stretch
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.headings import first_line_column
from datasette_newsgraph.web.parts.sentence_around import (
    WINDOW,
    WORDS,
    Sentence,
    fitted,
    sentence_around,
)

#: Passages on one page.
PAGE = 25
#: Code points of a text that are read at once, for spans that stand close together.
_STRETCH = 200_000


class Passage(NamedTuple):
    """A span in its article: where it leads, and its sentence or, where that is hidden or the span
    has no place, its words.
    """

    row: Any
    link: str
    sentence: Sentence | None
    words: str | None


class Surroundings(NamedTuple):
    """What stands before a span, its words, and what stands behind, as far as it is looked at."""

    before: str
    words: str
    after: str


async def passages_of(
    visit: Visit, table: str, numbers: Sequence[int], columns: str = ""
) -> list[Passage]:
    """Return the mentions, evidence or quotes (``table``) of these row numbers, in this order.

    The caller has made sure that the visitor may see the table and articles.
    """
    rows = await span_rows(visit, table, numbers, columns)
    texts = await surroundings(visit, rows)
    return [_passage(visit, row, texts.get(row["id"])) for row in rows]


async def span_rows(
    visit: Visit, table: str, numbers: Sequence[int], columns: str = ""
) -> list[Any]:
    """Return the same as rows, with what is to be said of their articles."""
    marks = ", ".join("?" * len(numbers))
    if table == "evidence":
        columns += ", sentence_start, sentence_end"
    query = (
        "SELECT spans.id, spans.key, spans.article_id, start_char, end_char,"
        f" substr(surface, 1, {WORDS}) AS surface, spans.confidence, zone, offset_status,"
        " articles.key AS article_key, articles.title, articles.publisher, articles.published,"
        f" articles.language, {first_line_column(visit.sight)}{columns}"
        f" FROM {table} AS spans JOIN articles ON articles.id = spans.article_id"
        f" WHERE spans.id IN ({marks})"
    )
    found = {row["id"]: row for row in await visit.rows(query, *numbers)}
    return [found[number] for number in numbers if number in found]


async def surroundings(visit: Visit, rows: Iterable[Any]) -> dict[int, Surroundings]:
    """Return the text around those spans that have a place, by row number; nothing if texts are
    hidden from the visitor.

    SQLite reads a text from its beginning, so what stands close together in a long one is read
    at once.
    """
    if not visit.sight.sees("article_texts"):
        return {}
    stretches = _stretches(rows)
    if not stretches:
        return {}
    asked = [(each[0]["article_id"], *_bounds(each)) for each in stretches]
    values = ", ".join("(?, ?, ?, ?)" for _ in asked)
    found = await visit.rows(
        f"WITH stretches (number, article, first, last) AS (VALUES {values})"
        f" SELECT number, {stretch('first', '(last - first)')} AS part FROM stretches"
        " JOIN article_texts ON article_id = article",
        *(value for number, each in enumerate(asked) for value in (number, *each)),
    )
    parts = {row["number"]: row["part"] for row in found if row["part"] is not None}
    return {
        row["id"]: _around(parts[number], asked[number][1], row)
        for number, stretch in enumerate(stretches)
        if number in parts
        for row in stretch
    }


def _stretches(rows: Iterable[Any]) -> list[list[Any]]:
    """Return the spans that have a place, those together that are read at once."""
    placed = [row for row in rows if row["start_char"] is not None and row["end_char"] is not None]
    placed.sort(key=lambda row: (row["article_id"], row["start_char"]))
    found: list[list[Any]] = []
    for row in placed:
        last = found[-1][0] if found else None
        if (
            last is not None
            and last["article_id"] == row["article_id"]
            and row["end_char"] - last["start_char"] <= _STRETCH
        ):
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _shown_end(row: Any) -> int:
    """Return where the words that are shown of a span end."""
    return int(min(row["end_char"], row["start_char"] + WORDS))


def _bounds(stretch: list[Any]) -> tuple[int, int]:
    first = max(0, stretch[0]["start_char"] - WINDOW)
    # Of a very long span only the two ends are shown; what is behind it is read all the same.
    return first, max(each["end_char"] for each in stretch) + WINDOW


def _around(part: str, first: int, row: Any) -> Surroundings:
    start, end = row["start_char"] - first, row["end_char"] - first
    words = part[start : _shown_end(row) - first]
    if _shown_end(row) < row["end_char"]:
        words += " …"
    return Surroundings(part[max(0, start - WINDOW) : start], words, part[end : end + WINDOW])


def _passage(visit: Visit, row: Any, around: Surroundings | None) -> Passage:
    link = visit.links.span(row["article_key"], row["start_char"], row["end_char"])
    if around is None:
        return Passage(row, link, None, row["surface"] or None)
    return Passage(row, link, _sentence(row, around), None)


def _sentence(row: Any, around: Surroundings) -> Sentence:
    """Return the sentence of a span: with evidence it is stored where that begins and ends."""
    if "sentence_start" not in row.keys() or row["sentence_start"] is None:  # noqa: SIM118 - a Row
        return sentence_around(*around, row["language"])
    before, words, after = around
    lead = row["start_char"] - row["sentence_start"]
    tail = row["sentence_end"] - row["end_char"]
    return fitted(
        before[max(0, len(before) - lead) :],
        words,
        after[:tail],
        is_cut_before=lead > len(before),
        is_cut_after=tail > len(after),
    )
