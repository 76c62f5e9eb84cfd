"""Entities whose names are asked for, and the pairs that may be one thing by the answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from datasette_newsgraph.authorities import canonical_identifier
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.identity import entity_key, is_value_type, normalise_label
from datasette_newsgraph.kinds import ENTITY
from datasette_newsgraph.reconciling.service import Answer, Query, Service
from datasette_newsgraph.vocabulary import ID_PATH
from datasette_newsgraph.wording import listed

if TYPE_CHECKING:
    from sqlite_utils import Database

#: Code points of a name that is asked for: a longer one is a sentence.
_LONGEST = 500
#: What a score is where a service gives none.
_NO_SCORE = 0.5

_ASKED = """
SELECT entities.id, key, name, entities.type
FROM entities LEFT JOIN entity_counts ON entity_id = entities.id
WHERE basis <> 'article' AND name IS NOT NULL AND length(name) <= ? ORDER BY mentions DESC, key"""
_IDENTIFIED = "SELECT DISTINCT entity_id FROM identifiers WHERE substr(iri, 1, ?) = ?"


class Asked(NamedTuple):
    """An entity whose name is asked for."""

    key: str
    name: str
    type: str


@dataclass(frozen=True)
class Found:
    """An entity of ours and a thing of a service that may be the same, by keys and names.

    ``right`` is the key that the thing has, or would have, in a graph: that of its IRI. ``score`` is
    from 0 to 1.
    """

    left: str
    right: str
    left_name: str
    right_name: str
    score: float
    reasons: tuple[str, ...]
    iri: str


def entities_to_ask(
    db: Database, space: str, type_: str | None = None, most: int | None = None
) -> list[Asked]:
    """Return the entities whose names are asked for, the most mentioned first: all, or those of a type,
    up to so many. Left out are dates and such, what is local to an article, and what has an identifier
    that begins with ``space`` already.

    Raises UsageError for a type that no entity has.
    """
    identified = _identified(db, space)
    wanted = None if type_ is None else normalise_label(type_)
    if wanted is not None:
        _require_type(db, type_ or "", wanted)
    found = (
        Asked(key, name, of_type)
        for number, key, name, of_type in db.conn.execute(_ASKED, [_LONGEST])
        if number not in identified
        and not is_value_type(of_type)
        and wanted in (None, normalise_label(of_type))
    )
    return list(islice(found, most))


def _identified(db: Database, space: str) -> set[int]:
    # Of many services the space is that of the IRIs which an authority itself uses.
    if not space:
        return set()
    return {row[0] for row in db.conn.execute(_IDENTIFIED, [len(space), space])}


def _require_type(db: Database, type_: str, wanted: str) -> None:
    known = [row[0] for row in db.conn.execute("SELECT DISTINCT type FROM entities ORDER BY type")]
    if all(normalise_label(each) != wanted for each in known):
        raise UsageError(
            f"no entity is of the type {type_!r}; there are: {listed(known) or 'none'}"
        )


def found_by(
    service: Service, asked: Sequence[Asked], most: int, base: str
) -> Iterator[tuple[int, list[Found]]]:
    """Yield of each batch of entities how many were asked for, and what the service has for these: at
    most so many things for each. Raises ServiceError. ``base`` is the base IRI of the graph.
    """
    for start in range(0, len(asked), service.batch):
        batch = asked[start : start + service.batch]
        answers = service.ask([Query(each.name, each.type) for each in batch], most)
        yield (
            len(batch),
            [
                found
                for entity, of_entity in zip(batch, answers, strict=True)
                for answer in of_entity
                if (found := _found(service, entity, answer, base)) is not None
            ],
        )


def _found(service: Service, entity: Asked, answer: Answer, base: str) -> Found | None:
    key = _key_of(answer.iri, base)
    if key == entity.key:
        return None
    score = _NO_SCORE if answer.score is None else min(max(answer.score, 0.0), 100.0) / 100
    reason = _reason(service, entity, answer)
    return Found(entity.key, key, entity.name, answer.name, score, (reason,), answer.iri)


def _key_of(iri: str, base: str) -> str:
    """Return the key of the entity that has an IRI as its identifier, or is meant by it."""
    own = f"{base}{ID_PATH}{ENTITY.name}/"
    if iri.startswith(own):
        return iri.removeprefix(own)
    identifier = canonical_identifier(iri)
    assert identifier is not None, "a service gives canonical IRIs"
    return entity_key("", "", [identifier])


def _reason(service: Service, entity: Asked, answer: Answer) -> str:
    types = f" ({listed(list(answer.types))})" if answer.types else ""
    scored = "" if answer.score is None else f", with a score of {answer.score:g}"
    sure = " and calls it a match" if answer.is_match else ""
    return (
        f"{service.name}, asked for “{entity.name}”, answers “{answer.name}”{types}{scored}{sure}"
    )


def json_line(found: Found) -> bytes:
    """Return what was found as a line of JSON. ``value`` is the IRI, as a decision has it."""
    told = {
        "left": found.left,
        "right": found.right,
        "left_name": found.left_name,
        "right_name": found.right_name,
        "score": round(found.score, 4),
        "reasons": found.reasons,
        "value": found.iri,
    }
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
