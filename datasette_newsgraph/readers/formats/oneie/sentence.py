"""The sentences of OneIE's files, in the one form that the reader reads: that of the data.

Predictions have lists in a ``graph`` instead, and an older form of ERE has other names for the same.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from msgspec import field

from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.tokens import JoinedText

#: Where a token stands in its document, the end inclusive: ``NYT_ENG_20130914.0094:16-19``.
_TOKEN_ID = re.compile(r".*:(\d{1,12})-(\d{1,12})", re.DOTALL)
_NO_PREDICATE = ("", "None", "O")


class Head(Shape):
    """What tells the document of a sentence."""

    doc_id: str | int | None = None
    sentence: str | None = None
    text: str | None = None

    @property
    def key(self) -> str | None:
        """What the sentences of one document have in common."""
        return self.sentence or self.text if self.doc_id in (None, "") else str(self.doc_id)


class EntityMention(Shape):
    """A span of tokens that names or means an entity."""

    id: str | int | None = None
    entity_id: str | int | None = None
    entity_type: str | None = None
    mention_type: str | None = None
    text: str | None = None
    start: int | None = None
    end: int | None = None
    score: float | None = None

    @property
    def key(self) -> str:
        """The id by which arguments name it."""
        return str(self.id or self.entity_id or "")

    @property
    def is_name(self) -> bool:
        """Whether it names the entity, rather than calling it "the court" or "they"."""
        return (self.mention_type or "NAM") in ("NAM", "UNK")


class Argument(Shape):
    """A mention, by its id, in a role."""

    entity_id: str | int | None = None
    role: str | None = None
    score: float | None = None


class Relation(Shape):
    """What a sentence says of two mentions."""

    relation_type: str | None = None
    relation_subtype: str | None = None
    arguments: list[Argument] = field(default_factory=list)
    arg1: Argument | None = None
    arg2: Argument | None = None
    score: float | None = None

    @property
    def ends(self) -> tuple[str | int | None, str | int | None] | None:
        """The ids of the subject and of the object, by the numbers in their roles if there are any."""
        if self.arg1 is not None and self.arg2 is not None:
            return self.arg1.entity_id, self.arg2.entity_id
        if len(self.arguments) != 2:
            return None
        one, other = self.arguments
        if (one.role or "").endswith("2") and (other.role or "").endswith("1"):
            one, other = other, one
        return one.entity_id, other.entity_id

    @property
    def predicate(self) -> str | None:
        """The subtype, which has the type before it in ACE but not in ERE."""
        kind, subtype = self.relation_type or "", self.relation_subtype or ""
        if subtype in _NO_PREDICATE:
            return kind or None
        return subtype if not kind or subtype.startswith(kind) else f"{kind}:{subtype}"


class Trigger(Shape):
    """The tokens that say that something happened."""

    start: int | None = None
    end: int | None = None


class Event(Shape):
    """What a sentence says that happened."""

    event_type: str | None = None
    event_subtype: str | None = None
    trigger: Trigger = field(default_factory=Trigger)
    arguments: list[Argument] = field(default_factory=list)
    score: float | None = None

    @property
    def kind(self) -> str | None:
        """Type and subtype, as ACE writes both in one."""
        return ":".join(filter(None, (self.event_type, self.event_subtype))) or None


class Graph(Shape):
    """A prediction: rows of token numbers, numbers of other rows, labels and scores."""

    entities: list[list[Any]] = field(default_factory=list)
    triggers: list[list[Any]] = field(default_factory=list)
    relations: list[list[Any]] = field(default_factory=list)
    roles: list[list[Any]] = field(default_factory=list)


class Sentence(Head):
    """A sentence, in any of its forms."""

    tokens: list[str] = field(default_factory=list)
    token_ids: list[Any] = field(default_factory=list)
    entity_mentions: list[EntityMention] = field(default_factory=list)
    relation_mentions: list[Relation] = field(default_factory=list)
    event_mentions: list[Event] = field(default_factory=list)
    # ERE, as it was prepared first
    entities: list[EntityMention] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    graph: Graph | None = None

    @property
    def reading(self) -> str | None:
        """What the sentence reads, as far as it is told."""
        if self.sentence or self.text:
            return (self.sentence or self.text or "").strip()
        blanks = _blanks(self.token_ids)
        if len(blanks) != len(self.tokens):
            return None
        return JoinedText([self.tokens], [blanks]).text


def _blanks(token_ids: list[Any]) -> list[bool]:
    """Return whether a blank comes behind each token, by where the tokens stand."""
    places = [_TOKEN_ID.fullmatch(each) for each in token_ids if isinstance(each, str)]
    ends = [(int(each[1]), int(each[2])) for each in places if each]
    if len(ends) < len(token_ids) or not ends:
        return []
    return [*(right[0] > left[1] + 1 for left, right in pairwise(ends)), False]


def read_sentence(raw: bytes) -> Sentence:
    """Return a sentence; whatever its form was, all of it is in ``…_mentions``. Raises RecordError."""
    sentence = decode(raw, Sentence)
    sentence.entity_mentions += sentence.entities
    sentence.relation_mentions += sentence.relations
    sentence.event_mentions += sentence.events
    if sentence.graph is not None:
        _add_graph(sentence, sentence.graph)
    return sentence


def _add_graph(sentence: Sentence, graph: Graph) -> None:
    """Put a prediction into the form of the data; rows of nothing become what refers to nothing."""

    def id_of(number: Any) -> str:
        return f"graph.entities[{number}]"

    for number, row in enumerate(graph.entities):
        start, end, kind, level, score = _row(row, 5)
        if isinstance(level, float):
            level, score = None, level
        sentence.entity_mentions.append(
            EntityMention(
                id=id_of(number),
                entity_type=_words(kind),
                mention_type=_words(level),
                start=_number(start),
                end=_number(end),
                score=_score(score),
            )
        )
    for row in graph.relations:
        one, other, kind, score = _row(row, 4)
        ends = [Argument(id_of(one)), Argument(id_of(other))]
        sentence.relation_mentions.append(
            Relation(relation_type=_words(kind), arguments=ends, score=_score(score))
        )
    events: list[Event] = []
    for row in graph.triggers:
        start, end, kind, score = _row(row, 4)
        trigger = Trigger(_number(start), _number(end))
        events.append(Event(event_type=_words(kind), trigger=trigger, score=_score(score)))
    for row in graph.roles:
        place, argument, role, score = _row(row, 4)
        of = _number(place)
        if of is not None and 0 <= of < len(events):
            given = Argument(id_of(argument), _words(role), _score(score))
            events[of].arguments.append(given)
        else:
            # Told as an argument of an event without a trigger.
            events.append(Event(arguments=[Argument(id_of(argument), _words(role))]))
    sentence.event_mentions += events


def _row(given: list[Any], length: int) -> list[Any]:
    return [*given, *[None] * length][:length]


def _number(given: Any) -> int | None:
    return given if type(given) is int else None


def _words(given: Any) -> str | None:
    return given if isinstance(given, str) else None


def _score(given: Any) -> float | None:
    """Return a score that is a probability; some versions write logarithms."""
    is_one = isinstance(given, (int, float)) and not isinstance(given, bool) and 0 <= given <= 1
    return float(given) if is_one else None
