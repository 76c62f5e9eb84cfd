"""Read the training data of GLiNER: tokens of a sentence, and which of them are names.

- Each record is one sentence. Spans of one label and the same words are one entity.
- ``tokens`` in place of ``tokenized_text`` is read as well. With ``relations`` it is the training
  data of GLiREL, which its reader reads.
- The text is the tokens, joined by blanks, or a ``text`` in which they stand one after the other.

Offsets: tokens of the record, from 0, end inclusive.

Example::

    [{"tokenized_text": ["Samia", "Suluhu", "Hassan", "was", "sworn", "in", "at", "Dar", "es",
                         "Salaam", "."],
      "ner": [[0, 2, "person"], [7, 9, "city"]]}]
"""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import Wrapped
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.tokens import JoinedText

__all__ = ["entries", "parse"]


class _Sentence(Wrapped):
    tokenized_text: list[str] | None = None
    tokens: list[str] | None = None
    ner: list[Any] | None = None
    relations: list[Any] | None = None


def parse(raw: bytes) -> Parsed:
    """Make one sentence an article. Raises RecordError if it has no tokens."""
    given = decode(raw, _Sentence)
    tokens = given.tokenized_text or given.tokens or []
    joined = JoinedText.of_sentences([(given.text, tokens)])
    if not joined.text:
        raise RecordError("no entities in it, and no tokens: not a sentence of GLiNER's data")
    building = Building(joined.text)
    for number, each in enumerate(given.ner or ()):
        _mention(building, joined, f"ner[{number}]", each)
    if given.relations:
        building.fault("relations: load the file with --format glirel", given.relations)
    parsed = building.finish("GLiNER training data", **given.about)
    parsed.is_joined = joined.text != given.text
    return parsed


def _mention(building: Building, joined: JoinedText, place: str, given: Any) -> None:
    match given:
        case [int(first), int(last), str(label), *_]:
            span = joined.span(first, last + 1)
            if span is None:
                count = len(joined.tokens)
                building.fault(f"{place}: {first}-{last} is no span of {count} tokens", given)
            else:
                building.mention(place, given, label, *span)
        case _:
            building.fault(f"{place}: expected [first, last, label]", given)
