"""One article as its record gave it and as it is shown: read from the database before anything in it
is shown otherwise.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from datasette_newsgraph.decisions.as_given import NOBODY, AsGiven, Ends, Kept
from datasette_newsgraph.identity import relation_key


class Shown(NamedTuple):
    """A row of ``appearances``, and the key of its entity."""

    id: int
    entity_id: int
    key: str


@dataclass
class Given:
    """An entity of the record: its key; the row that shows it, None if it is not shown; and what
    ``as_given`` keeps of it. A row that shows several has a record of each there.
    """

    key: str
    shown: Shown | None
    kept: Kept | None = None

    @property
    def shown_key(self) -> str | None:
        """The key under which it is shown; None if it is not."""
        return None if self.shown is None else self.shown.key

    @property
    def is_whole(self) -> bool:
        """Whether the row that shows it has all that the record gave, and nothing else."""
        return self.shown is not None and (self.kept is None or self.kept.record is None)


class Statement(NamedTuple):
    """What evidence says: a predicate, and a value with its datatype where there is no object."""

    predicate: str
    value: str | None
    datatype: str | None

    def key(self, subject: str, object_: str | None) -> str:
        """Return the key of the relation between entities of these keys."""
        return relation_key(subject, self.predicate, object_, self.value or "", self.datatype or "")


@dataclass
class Span:
    """A mention, a quote or evidence: its row if it is shown, the key of what it is shown about
    (``NOBODY`` for no speaker), and what the record gave.
    """

    kind: str
    key: str
    id: int | None
    shown: str | None
    ends: Ends
    kept: Kept | None = None
    zone: str | None = None
    statement: Statement | None = None

    @property
    def given(self) -> str:
        """The key of what the record gave."""
        return (self.ends.relation if self.kind == "evidence" else self.ends.subject) or NOBODY


@dataclass
class ArticleState:
    """What an article gave and what is shown of it; ``id`` and ``key`` are the article's.

    ``entities`` are those of the record by their keys. ``spans`` are read when it is known whose.
    """

    id: int
    key: str
    entities: dict[str, Given]
    spans: list[Span] = field(default_factory=list)
    mentions: dict[str, list[Span]] = field(default_factory=dict)
    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)

    def mentions_of(self, key: str) -> list[Span]:
        """Return the mentions that the record gave of an entity."""
        return self.mentions.get(key, [])


_APPEARANCES = (
    "SELECT appearances.id, entity_id, entities.key FROM appearances"
    " JOIN entities ON entities.id = entity_id WHERE article_id = ?"
)
_MENTIONS = (
    "SELECT mentions.key, mentions.id, entities.key, zone FROM mentions"
    " JOIN entities ON entities.id = entity_id WHERE article_id = ? AND {entity_id}"
)
_QUOTES = (
    "SELECT quotes.key, quotes.id, entities.key FROM quotes"
    " LEFT JOIN entities ON entities.id = speaker_id"
    " WHERE article_id = ? AND ({speaker_id} OR speaker_id IS NULL)"
)
_EVIDENCE = (
    "SELECT evidence.key, evidence.id, relations.key, subjects.key, objects.key, predicate, value,"
    " datatype FROM evidence JOIN relations ON relations.id = relation_id"
    " JOIN entities AS subjects ON subjects.id = subject_id"
    " LEFT JOIN entities AS objects ON objects.id = object_id"
    " WHERE article_id = ? AND ({subject_id} OR {object_id})"
)


def read_article(connection: sqlite3.Connection, article: int) -> ArticleState:
    """Return the state of an article, by its row number, without spans."""
    (key,) = connection.execute("SELECT key FROM articles WHERE id = ?", [article]).fetchone()
    kept = {(each.kind, each.key): each for each in AsGiven(connection).rows(article)}
    return ArticleState(article, key, _entities(connection, article, kept), kept=kept)


def read_spans(
    connection: sqlite3.Connection, state: ArticleState, entities: Iterable[int] | None
) -> None:
    """Read the spans of an article that are shown about some entities, by their row numbers (None:
    about all), and all that are not shown.
    """
    kept = dict(state.kept)
    queries = (_of(each, entities) for each in (_MENTIONS, _QUOTES, _EVIDENCE))
    mentions, quotes, evidence = (connection.execute(each, [state.id]) for each in queries)
    state.spans.extend(_mentions(mentions, kept))
    state.spans.extend(_quotes(quotes, kept))
    state.spans.extend(_evidence(evidence, kept))
    for (kind, own_key), row in kept.items():
        if row.shown is None:
            statement = Statement(*row.record["statement"]) if kind == "evidence" else None
            zone = row.record["row"]["zone"]
            state.spans.append(
                Span(kind, own_key, None, None, row.ends, row, zone=zone, statement=statement)
            )
    for span in state.spans:
        if span.kind == "mention" and span.ends.subject is not None:
            state.mentions.setdefault(span.ends.subject, []).append(span)


def _of(query: str, entities: Iterable[int] | None) -> str:
    """Return a query for spans that are about these entities."""
    columns = ("entity_id", "speaker_id", "subject_id", "object_id")
    if entities is None:
        return query.format(**dict.fromkeys(columns, "true"))
    listed = ", ".join(map(str, sorted(entities)))
    # Looked up by article, not by an entity that many others name: hence the plus.
    return query.format(**{each: f"+{each} IN ({listed})" for each in columns})


def _entities(
    connection: sqlite3.Connection, article: int, kept: dict[tuple[str, str], Kept]
) -> dict[str, Given]:
    rows = {row[2]: Shown(*row) for row in connection.execute(_APPEARANCES, [article])}
    found = {
        key: Given(key, rows.get(row.shown or ""), row)
        for (kind, key), row in kept.items()
        if kind == "appearance"
    }
    for key in found:
        del kept["appearance", key]
    told = {each.shown.key for each in found.values() if each.shown}
    return found | {key: Given(key, row) for key, row in rows.items() if key not in told}


def _mentions(rows: Iterable[Any], kept: dict[tuple[str, str], Kept]) -> Iterator[Span]:
    for key, number, entity, zone in rows:
        row = kept.pop(("mention", key), None)
        ends = row.ends if row else Ends(entity)
        yield Span("mention", key, number, entity, ends, row, zone=zone)


def _quotes(rows: Iterable[Any], kept: dict[tuple[str, str], Kept]) -> Iterator[Span]:
    for key, number, speaker in rows:
        row = kept.pop(("quote", key), None)
        yield Span("quote", key, number, speaker or NOBODY, row.ends if row else Ends(speaker), row)


def _evidence(rows: Iterable[Any], kept: dict[tuple[str, str], Kept]) -> Iterator[Span]:
    for key, number, relation, subject, object_, *said in rows:
        row = kept.pop(("evidence", key), None)
        ends = row.ends if row else Ends(subject, object_, relation)
        statement = Statement(*said)
        yield Span("evidence", key, number, relation, ends, row, statement=statement)


def record_of(connection: sqlite3.Connection, shown: Shown) -> dict[str, Any]:
    """Return what a row of ``appearances`` has, which shows one entity of the record."""
    columns = ("type", "name", "description", "latitude", "longitude")
    values = connection.execute(
        f"SELECT {', '.join(columns)} FROM appearances WHERE id = ?", [shown.id]
    ).fetchone()
    record: dict[str, Any] = dict(zip(columns, values, strict=True))
    for name, column in (("aliases", "alias"), ("identifiers", "iri")):
        query = f"SELECT {column} FROM {name} WHERE appearance_id = ? ORDER BY id"
        record[name] = [row[0] for row in connection.execute(query, [shown.id])]
    return record
