"""Which part of the graph a page is about: its thing and what that names, where there is room."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from datasette_newsgraph import kinds
from datasette_newsgraph.kinds import Kind
from datasette_newsgraph.rdf.graph_rows import NAMED
from datasette_newsgraph.rdf.selection import Selection
from datasette_newsgraph.vocabulary import PREDICATES, PREFIXES, Vocabulary

#: Things that a thing names in one way, at most.
LISTED = 100
_PUBLISHED = PREFIXES["schema"]


class Reader:
    """Reads which rows belong to a thing; ``sees`` tells whether some tables may be read."""

    def __init__(
        self, connection: sqlite3.Connection, sees: Callable[..., bool], vocabulary: Vocabulary
    ) -> None:
        self.connection, self.sees, self.vocabulary = connection, sees, vocabulary

    def article(self, number: int) -> Selection:
        """Return an article with the entities that it names, those named most if there are many."""
        chosen = Selection(articles={number})
        if self.sees("appearances", "entities", "zones"):
            named = self._rows(
                f"SELECT entity_id FROM appearances WHERE article_id = ? AND {NAMED}"
                f" ORDER BY main_mentions DESC, mentions DESC, id LIMIT {LISTED}",
                number,
            )
            chosen.entities = {entity for (entity,) in named}
        return chosen

    def entity(self, number: int) -> Selection:
        """Return an entity with those of its statements that schema.org has a property for."""
        chosen = Selection(entities={number})
        if self.sees("relations"):
            stated = self._rows(
                "SELECT id, object_id FROM relations WHERE subject_id = ?"
                f" AND predicate IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT {LISTED}",
                number,
                json.dumps(self._predicates()),
            )
            chosen.relations = {relation for relation, _ in stated}
            chosen.entities |= {object_ for _, object_ in stated if object_ is not None}
        return chosen

    def relation(self, number: int) -> Selection:
        """Return a relation with its subject, its object, and the articles that state it."""
        chosen = Selection(relations={number})
        for sides in self._rows("SELECT subject_id, object_id FROM relations WHERE id = ?", number):
            chosen.entities = {each for each in sides if each is not None}
        if self.sees("evidence", "articles"):
            stated = self._rows(
                "SELECT article_id, min(id) FROM evidence WHERE relation_id = ?"
                f" GROUP BY article_id LIMIT {LISTED}",
                number,
            )
            chosen.evidence = {article: [evidence] for article, evidence in stated}
            chosen.articles = set(chosen.evidence)
        return chosen

    def _predicates(self) -> list[str]:
        """Return the labels of predicates that may stand for properties of schema.org."""
        given = self.vocabulary.given.items()
        own = {label for (kind, label), iri in given if kind == "predicate" and _is_published(iri)}
        return sorted(own.union(PREDICATES))

    def _rows(self, query: str, *parameters: Any) -> list[Any]:
        return self.connection.execute(query, parameters).fetchall()


def _is_published(iri: str) -> bool:
    return iri.startswith(_PUBLISHED)


#: What reads the part of the graph that the page of a thing is about, by its kind.
PARTS: dict[Kind, Callable[[Reader, int], Selection]] = {
    kinds.ARTICLE: Reader.article,
    kinds.ENTITY: Reader.entity,
    kinds.RELATION: Reader.relation,
}
