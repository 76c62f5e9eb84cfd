"""What stands beside the values of a relation on its row: the sentence that says it, and whether it is
uncertain.

They are no columns, so that JSON and CSV have no text that the view does not have. Datasette asks for
cells one by one: each is remembered, and all are filled together before the page is made of them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, NamedTuple

from datasette.database import QueryInterrupted
from markupsafe import Markup

from datasette_newsgraph.confidence import UNCERTAIN
from datasette_newsgraph.rdf.literals import language_tag
from datasette_newsgraph.web import line
from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import sight_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.links import Links
from datasette_newsgraph.web.parts.as_written import direction_of
from datasette_newsgraph.web.parts.best_sentences import best_sentences
from datasette_newsgraph.web.parts.passages import Passage

_WAITING = "cells of relations"
_SENTENCE = Markup(
    '<span class="ng-sentence" dir="{}"{}>{}<a href="{}"><mark>{}</mark></a>{}</span>'
)
_UNCERTAIN = Markup(' <span class="ng-uncertain">{}</span>').format(UNCERTAIN)


class Cell(Markup):
    """The HTML of a cell, to which something is added where the page of rows shows it."""

    addition: Markup = Markup("")

    def __html__(self) -> Cell:
        return Cell(str(self) + str(self.addition))


class _Waiting(NamedTuple):
    relation: int
    cell: Cell


class Cells:
    """The cells of one page that wait for what is added to them."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.for_sentences: list[_Waiting] = []
        self.for_doubts: list[_Waiting] = []

    @classmethod
    def of_request(cls, database: str) -> Cells:
        """Return the cells of the request under way."""
        cells = line.remembered().setdefault(_WAITING, cls(database))
        assert isinstance(cells, cls)
        return cells

    def with_sentence(self, html: str, relation: int) -> Cell:
        """Return a cell under which the sentence of the relation will stand."""
        return self._wait(self.for_sentences, html, relation)

    def with_doubt(self, html: str, relation: int) -> Cell:
        """Return a cell beside which will stand that the relation is uncertain, if no evidence without
        a confidence makes up for the low one in the cell.
        """
        return self._wait(self.for_doubts, html, relation)

    def _wait(self, among: list[_Waiting], html: str, relation: int) -> Cell:
        cell = Cell(html)
        among.append(_Waiting(relation, cell))
        return cell


async def fill(datasette: Any, request: Any) -> dict[str, Any]:
    """Fill the cells that wait; return what the template is given besides, which is nothing."""
    cells: Cells | None = line.remembered().pop(_WAITING, None)
    if cells is None or request is None:
        return {}
    graph = await find_graph(datasette, cells.database)
    if graph is None or graph.trouble:
        return {}
    sight = await sight_of(datasette, request.actor, graph)
    visit = Visit(datasette, request, graph, sight, Links(datasette, graph.name))
    # The rows are there; what takes too long can be done without.
    with suppress(QueryInterrupted):
        await _add_doubts(visit, cells.for_doubts)
        await _add_sentences(visit, cells.for_sentences)
    return {}


async def _add_doubts(visit: Visit, waiting: list[_Waiting]) -> None:
    if not waiting or not visit.sight.sees("relation_counts"):
        return
    rows = await visit.rows(
        "SELECT relation_id FROM relation_counts"
        " WHERE unrated = 0 AND relation_id IN (SELECT value FROM json_each(?))",
        json.dumps([each.relation for each in waiting]),
    )
    uncertain = {row[0] for row in rows}
    for each in waiting:
        if each.relation in uncertain:
            each.cell.addition = _UNCERTAIN


async def _add_sentences(visit: Visit, waiting: list[_Waiting]) -> None:
    found = await best_sentences(visit, [each.relation for each in waiting])
    for each in waiting:
        passage = found.get(each.relation)
        if passage is not None:
            each.cell.addition = _written(passage)


def _written(passage: Passage) -> Markup:
    """Return a passage as HTML, its evidence marked."""
    sentence = passage.sentence
    assert sentence is not None
    language = language_tag(passage.row["language"])
    tag = Markup(' lang="{}"').format(language) if language else ""
    words = sentence.words or "…"
    direction = direction_of(passage.row["language"])
    return _SENTENCE.format(direction, tag, sentence.before, passage.link, words, sentence.after)
