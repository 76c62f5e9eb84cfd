"""The sentence of the best evidence of each of several relations, read at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from datasette_newsgraph.store.best_evidence import best_evidence
from datasette_newsgraph.store.text_parts import stretch
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.passages import Passage
from datasette_newsgraph.web.parts.sentence_around import WINDOW, WORDS, Sentence, fitted

# Of a sentence as much is read as can be shown: SQLite reads a text from its beginning.
_BEST = (
    f"WITH asked AS MATERIALIZED (SELECT value AS number, {best_evidence('json_each.value')} AS best"
    " FROM json_each(?)),"
    " spans AS (SELECT number, evidence.*,"
    f" max(sentence_start, start_char - {WINDOW}) AS first,"
    f" CASE WHEN end_char - start_char > {WORDS} THEN start_char + {WORDS}"
    f" ELSE min(sentence_end, end_char + {WINDOW}) END AS last"
    " FROM asked CROSS JOIN evidence ON evidence.id = best)"
    " SELECT number, spans.key, start_char, end_char, sentence_start, sentence_end, first, last,"
    f" substr(surface, 1, {WORDS}) AS surface, confidence, zone, offset_status,"
    " articles.key AS article_key, articles.title, first_line, publisher, published, language,"
    f" {stretch('first', '(last - first)')} AS part FROM spans"
    " CROSS JOIN articles ON articles.id = spans.article_id"
    " CROSS JOIN article_texts ON article_texts.article_id = spans.article_id"
)


async def best_sentences(visit: Visit, relations: Iterable[int]) -> dict[int, Passage]:
    """Return the passage of the best evidence of each relation, by row number: of those that have one,
    and nothing where the visitor may not see texts. It is one query, whatever the number.
    """
    asked = list(relations)
    if not asked or not visit.sight.sees("evidence", "articles", "article_texts"):
        return {}
    rows = await visit.rows(_BEST, json.dumps(asked))
    return {row["number"]: _passage(visit, row) for row in rows if row["part"] is not None}


def _passage(visit: Visit, row: Any) -> Passage:
    link = visit.links.span(row["article_key"], row["start_char"], row["end_char"])
    return Passage(row, link, _sentence(row), None)


def _sentence(row: Any) -> Sentence:
    """Return the sentence as it is shown; of very long evidence its beginning."""
    part, first = row["part"], row["first"]
    start, end = row["start_char"] - first, row["end_char"] - first
    is_long = end - start > WORDS
    words = f"{part[start:]} …" if is_long else part[start:end]
    return fitted(
        part[:start],
        words,
        "" if is_long else part[end:],
        is_cut_before=first > row["sentence_start"],
        is_cut_after=not is_long and row["last"] < row["sentence_end"],
    )
