"""Read what NER Annotator (tecoholic/ner-annotator) exports: pairs of a text and its entities.

- Each element of ``annotations`` is an article. One that is ``null`` was skipped by its annotator,
  and is left out.
- Entities of one label and the same words are one.
- ``classes`` are the labels that there were to choose from. They say nothing of an article.

Offsets: UTF-16 code units, end exclusive, as JavaScript counts them. The export does not give the
words of a span, so its offsets cannot be checked.

Example::

    {"classes": ["PERSON", "ORGANIZATION", "LOCATION"],
     "annotations": [
       ["Gro Harlem Brundtland took over the WHO in Geneva in 1998.",
        {"entities": [[0, 21, "PERSON"], [36, 39, "ORGANIZATION"], [43, 49, "LOCATION"]]}]]}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from datasette_newsgraph.anchoring.units import UTF16
from datasette_newsgraph.errors import RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import elements_under
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_NO_PAIR = "not of this format: not a pair of a text and its entities"


class _Annotations(Shape):
    entities: list[Any] | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the pairs of a text and its entities, without holding the file."""
    return elements_under(source, "annotations")


def parse(raw: bytes) -> Parsed:
    """Make one pair an article. Raises RecordError if it is none, RecordLeftOut if it was skipped."""
    pair = decode(raw, list[Any] | None)  # type: ignore[arg-type]
    if pair is None:
        raise RecordLeftOut("a text that its annotator skipped")
    if len(pair) != 2 or not isinstance(pair[0], str):
        raise RecordError(_NO_PAIR)
    try:
        annotations = msgspec.convert(pair[1], _Annotations)
    except msgspec.ValidationError as error:
        raise RecordError(f"{_NO_PAIR}: {error} of the pair") from error
    building = Building(pair[0], UTF16)
    for number, each in enumerate(annotations.entities or ()):
        _add(building, f"entities[{number}]", each)
    if not building.entities and not pair[0].strip():
        raise RecordError("no entities and no text in it")
    return building.finish("NER Annotator")


def _add(building: Building, place: str, given: Any) -> None:
    match given:
        case [int(start), int(end), str(label)]:
            building.mention(place, given, label, start, end)
        case _:
            building.fault(f"{place}: expected [start, end, label]", given)
