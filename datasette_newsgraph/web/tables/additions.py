"""What stands beside the values of a relation on its row: the sentence that says it, and whether it is
uncertain.

They are no columns, so that JSON and CSV have no text that the view does not have.
"""

from __future__ import annotations

import json

from markupsafe import Markup

from datasette_newsgraph.confidence import UNCERTAIN, doubt
from datasette_newsgraph.rdf.literals import language_tag
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.best_sentences import best_sentences
from datasette_newsgraph.web.parts.passages import Passage
from datasette_newsgraph.web.parts.typography import direction_of
from datasette_newsgraph.web.tables.waiting import WaitingCell, waiting_cell

_SENTENCE = Markup(
    '<span class="ng-sentence" dir="{}"{}>{}<a href="{}"><mark>{}</mark></a>{}</span>'
)
_UNCERTAIN = Markup(' <span class="ng-uncertain" title="{}">{}</span>')


def with_sentence(database: str, relation: int, html: str) -> WaitingCell:
    """Return a cell of this HTML, under which the sentence of the relation, a row number, will be."""
    return waiting_cell(database, _add_sentences, WaitingCell(relation, html))


def with_doubt(database: str, relation: int, html: str) -> WaitingCell:
    """Return a cell with a confidence, beside which will stand that the relation is uncertain, if no
    evidence asserts it.
    """
    return waiting_cell(database, _add_doubts, WaitingCell(relation, html))


async def _add_doubts(visit: Visit, cells: list[WaitingCell]) -> None:
    if not visit.sight.sees("relation_counts"):
        return
    rows = await visit.rows(
        "SELECT relation_id, asserted_up_to FROM relation_counts"
        " WHERE relation_id IN (SELECT value FROM json_each(?))",
        json.dumps([cell.about for cell in cells]),
    )
    asserted = {row[0]: row[1] for row in rows}
    for cell in cells:
        why = doubt(asserted.get(cell.about), visit.settings.assert_from)
        if why is not None:
            cell.filling = str(_UNCERTAIN.format(why, UNCERTAIN))


async def _add_sentences(visit: Visit, cells: list[WaitingCell]) -> None:
    found = await best_sentences(visit, [int(cell.about) for cell in cells])
    for cell in cells:
        passage = found.get(int(cell.about))
        if passage is not None:
            cell.filling = str(_written(passage))


def _written(passage: Passage) -> Markup:
    """Return a passage as HTML, its evidence marked."""
    sentence = passage.sentence
    assert sentence is not None
    language = language_tag(passage.row["language"])
    tag = Markup(' lang="{}"').format(language) if language else ""
    words = sentence.words or "…"
    direction = direction_of(passage.row["language"])
    return _SENTENCE.format(direction, tag, sentence.before, passage.link, words, sentence.after)
