"""Read what GLiREL's ``predict_relations`` returns: a list of relations between spans of tokens.

GLiREL does not give its input back. Wrap it as ``{"tokens": […], "ner": [[first, last, type,
words], …], "relations": […]}``, and text, types and places are there, too. ``tokenized_text`` in
place of ``tokens``, and relations as in GLiREL's training data, are read as well. Without ``ner``
the entities have no type.

- A list is one document. Lists in a list and lines are several.
- GLiREL is given the label ``no relation`` to choose when nothing holds. It states nothing, so it
  is left out.
- Scores are the confidence.

Offsets: tokens. The end is exclusive in ``head_pos`` and ``tail_pos``, but inclusive in ``ner`` and
in ``position`` of the training data. The text is the tokens joined by blanks, or a ``text`` in
which they are found one after the other. Without tokens their numbers say nothing. Then the spans
have no offsets, and ``head_text`` and ``tail_text`` are looked for in the text given with
``--articles``.

Example::

    {"tokens": ["Muhammad", "Yunus", "founded", "Grameen", "Bank", "in", "Bangladesh", "."],
     "ner": [[0, 1, "PERSON", "Muhammad Yunus"], [3, 4, "ORG", "Grameen Bank"],
             [6, 6, "GPE", "Bangladesh"]],
     "relations": [{"head_pos": [3, 5], "tail_pos": [0, 2], "head_text": ["Grameen", "Bank"],
                    "tail_text": ["Muhammad", "Yunus"], "label": "founded by", "score": 0.97}]}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datasette_newsgraph.article import Entity
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import Wrapped, documents, require_content
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.tokens import JoinedText, find_tokens

__all__ = ["entries", "parse"]

_NOTHING = frozenset({"no relation", "no_relation"})


class _End(Shape):
    mention: str | None = None
    position: list[int] | None = None
    type: str | None = None


class _Relation(Shape):
    head_pos: list[int] | None = None
    tail_pos: list[int] | None = None
    head_text: list[str] | str | None = None
    tail_text: list[str] | str | None = None
    label: str | None = None
    score: float | None = None
    head: _End | None = None
    tail: _End | None = None
    relation_text: str | None = None


class _Document(Wrapped):
    tokens: list[str] | None = None
    tokenized_text: list[str] | None = None
    ner: list[list[int | str | None]] | None = None
    relations: list[_Relation] | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents: lists of relations, or objects with such a list."""
    return documents(source, resume, frozenset({"relations", "ner", "tokens", "tokenized_text"}))


def parse(raw: bytes) -> Parsed:
    """Make one list of relations an article."""
    given = decode(raw, _Document | list[_Relation])  # type: ignore[arg-type]
    document = _Document(relations=given) if isinstance(given, list) else given
    spans = _Spans(document)
    for number, entry in enumerate(document.ner or ()):
        spans.add_named(f"ner[{number}]", entry)
    for number, relation in enumerate(document.relations or ()):
        _add_relation(spans, f"relations[{number}]", relation)
    require_content(spans.building)
    parsed = spans.building.finish("GLiREL", **document.about)
    parsed.is_joined = spans.is_joined
    return parsed


class _Spans:
    """The spans of one document, each one entity's; ends are exclusive here."""

    def __init__(self, document: _Document) -> None:
        tokens = document.tokens or document.tokenized_text or []
        #: Of each token; empty if there are none.
        self.places: Sequence[tuple[int, int]] = []
        self.is_joined = bool(tokens) and document.text is None
        text = document.text
        if self.is_joined:
            joined = JoinedText([tokens])
            text, self.places = joined.text, joined.tokens
        elif text is not None:
            self.places = find_tokens(text, tokens) or []
        self.tokens = tokens
        self.building = Building(text)
        self._entities: dict[tuple[int, int], Entity] = {}

    def add_named(self, place: str, entry: list[int | str | None]) -> None:
        """Add an entity of ``ner``: first and last token, type, words."""
        first, last, label, words, *_ = [*entry, None, None, None, None]
        if isinstance(first, int) and isinstance(last, int):
            named = None if label is None else str(label)
            self.entity(place, entry, (first, last + 1), named, _joined(words))
        else:
            self.building.fault(f"{place}: has no first and last token", entry)

    def entity(
        self,
        place: str,
        part: object,
        span: tuple[int, int] | None,
        label: str | None,
        words: str | None,
    ) -> Entity | None:
        """Return the entity of a span of tokens; it is made if it is not there yet."""
        if span is not None and span in self._entities:
            return self._entities[span]
        start = end = None
        if self.places and span is not None:
            if not 0 <= span[0] < span[1] <= len(self.places):
                self.building.fault(
                    f"{place}: there are no tokens {span[0]} to {span[1] - 1}"
                    f" (there are {len(self.places)})",
                    part,
                )
                return None
            start, end = self.places[span[0]][0], self.places[span[1] - 1][1]
            words = self._words(*span)
        entity = self.building.mention(place, part, label, start, end, words)
        if entity is not None and span is not None:
            self._entities[span] = entity
        return entity

    def _words(self, first: int, end: int) -> str:
        """Return what the tokens say, with a blank where there is something between them."""
        words: list[str] = []
        for number in range(first, end):
            if words and self.places[number - 1][1] < self.places[number][0]:
                words.append(" ")
            words.append(self.tokens[number])
        return "".join(words)


def _joined(words: list[str] | str | int | None) -> str | None:
    if isinstance(words, list):
        return " ".join(words)
    return None if words is None else str(words)


def _add_relation(spans: _Spans, place: str, relation: _Relation) -> None:
    label = relation.label or relation.relation_text
    if label is not None and label.strip().casefold() in _NOTHING:
        return
    found: list[Entity] = []
    for role, position, words, end in (
        ("head", relation.head_pos, relation.head_text, relation.head),
        ("tail", relation.tail_pos, relation.tail_text, relation.tail),
    ):
        kind = None
        if end is not None and position is None:
            words, kind = end.mention, end.type
            inclusive = end.position
            position = (
                None if inclusive is None else [*inclusive[:1], *(n + 1 for n in inclusive[1:])]
            )
        span = None if position is None or len(position) != 2 else (position[0], position[1])
        entity = spans.entity(f"{place}: {role}", relation, span, kind, _joined(words))
        if entity is None:
            return
        found.append(entity)
    spans.building.relation(found[0], label, found[1], confidence=relation.score)
