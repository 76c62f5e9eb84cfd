"""What a client asks: batches of queries in JSON, as version 0.2 and the draft have them.

Both are read strictly where a value would be misunderstood, and leniently where the specification has
fields that mean nothing here: what is not known is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

import msgspec
from datasette.utils.asgi import BadRequest

#: Queries of a batch; a client is told so in the manifest.
BATCH = 50
#: Candidates of a query: those that are given where it does not say, and at most.
SOME, MOST = 5, 50
#: Code points of a name that is looked for; of a longer one nothing is found.
LONGEST = 1_000
#: Names, keys or types of one query.
_VALUES = 10

_Asked = TypeVar("_Asked")


class Question(NamedTuple):
    """A query: entities of any of these names or keys, of any of these types (of every type if there
    are none), and how many of them.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    limit: int = SOME


class _Property(msgspec.Struct):
    pid: str
    v: Any


class _Query(msgspec.Struct):
    query: str | None = None
    type: str | list[str] | None = None
    limit: int | float | None = None
    properties: list[_Property] | None = None


class _Condition(msgspec.Struct, rename="camel"):
    match_type: Literal["name", "id", "property"]
    property_value: Any
    property_id: str | None = None
    required: bool = False
    match_quantifier: Literal["any", "all", "none"] = "any"


class _DraftQuery(msgspec.Struct):
    conditions: Annotated[list[_Condition], msgspec.Meta(min_length=1)]
    type: str | None = None
    limit: int | float | None = None


class _DraftBatch(msgspec.Struct):
    queries: list[_DraftQuery]


def read_batch(text: str | bytes) -> dict[str, Question]:
    """Return the questions of a batch of version 0.2, by the names that it gives them. Raises
    BadRequest, with a sentence.
    """
    queries = _decoded(text, dict[str, _Query], "queries")
    return {name: _question(query) for name, query in queries.items()}


def read_query(text: str) -> Question:
    """Return the one question that is asked without a batch: a query in JSON, or a name alone."""
    if not text.lstrip().startswith("{"):
        return Question((text,), (text,))
    return _question(_decoded(text, _Query, "query"))


def read_draft_batch(text: bytes) -> list[Question]:
    """Return the questions of a batch of the draft, in order. Raises BadRequest, with a sentence."""
    return [_draft_question(query) for query in _decoded(text, _DraftBatch, "The body").queries]


def _decoded(text: str | bytes, type_: type[_Asked], what: str) -> _Asked:
    try:
        return msgspec.json.decode(text, type=type_)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        reason = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        raise BadRequest(f"{what} is not JSON as the specification has it: {reason}.") from error


def _question(query: _Query) -> Question:
    if query.query is None and not query.properties:
        raise BadRequest("A query has to have a field query, the name to look for.")
    types = [query.type] if isinstance(query.type, str) else query.type or ()
    # A key is as good as a name (section 4.4: "supplying an entity identifier as query").
    names = () if query.query is None else (query.query,)
    return Question(names, names, _some(types, "types"), _limit(query.limit))


def _draft_question(query: _DraftQuery) -> Question:
    asked: dict[str, list[str]] = {"name": [], "id": []}
    for condition in query.conditions:
        if condition.match_type != "property":
            asked[condition.match_type] += _values_of(condition)
        elif condition.required:
            raise BadRequest(
                "Entities are not matched by properties here; leave out conditions of the matchType"
                " property, or do not require them."
            )
    names, keys = (_some(asked[each], "values") for each in ("name", "id"))
    types = () if query.type is None else (query.type,)
    return Question(names, (*keys, *names), types, _limit(query.limit))


def _values_of(condition: _Condition) -> Iterator[str]:
    value, quantifier = condition.property_value, condition.match_quantifier
    values = value if isinstance(value, list) else [value]
    if quantifier == "none" or (quantifier == "all" and len(values) > 1):
        raise BadRequest("The matchQuantifier of a name or id can only be any.")
    for each in values:
        if isinstance(each, dict):
            # What was reconciled before, which has an id and perhaps a name.
            each = each.get(condition.match_type)
        if isinstance(each, (str, int, float)) and not isinstance(each, bool):
            yield str(each)


def _some(values: Iterable[str], what: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(values))
    if len(found) > _VALUES:
        raise BadRequest(f"A query may have up to {_VALUES} {what}.")
    return found


def _limit(given: float | None) -> int:
    if given is None:
        return SOME
    if given < 1 or given != int(given):
        raise BadRequest("limit has to be a whole number from 1.")
    return min(int(given), MOST)
