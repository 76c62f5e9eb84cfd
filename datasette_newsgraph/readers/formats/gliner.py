"""Read what GLiNER's ``predict_entities`` returns: a list of spans with labels and scores.

A list is one document; a list of lists (``batch_predict_entities``, ``inference``) and lines are many.
The tool does not give the text back: wrap the list as ``{"text": …, "entities": […]}``, one document
a line, or give the texts by ``--articles``. Spans of one label and one name are one entity, the score
is the confidence of the mention, and the labels are those that the model was asked for. ``title``,
``url``, ``published``, ``publisher`` and ``language`` of a wrapped document are taken too.

Offsets: Unicode code points, end exclusive. ``text`` of a span is checked against them; without
offsets it is looked for in the text.

Example::

    {"text": "Kofi Annan opened the Millennium Summit in New York.",
     "entities": [{"start": 0, "end": 10, "text": "Kofi Annan", "label": "person", "score": 0.98},
                  {"start": 22, "end": 39, "text": "Millennium Summit", "label": "event",
                   "score": 0.91},
                  {"start": 43, "end": 51, "text": "New York", "label": "city", "score": 0.97}]}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datasette_newsgraph.article import Entity
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import Wrapped, documents, require_content
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["Ends", "GlinerSpan", "add_entities", "entries", "parse"]

_KEYS = frozenset({"entities"})


class GlinerSpan(Shape):
    """An entity, as GLiNER and GLiNER-RelEx write it."""

    start: int | None = None
    end: int | None = None
    text: str | None = None
    label: str | None = None
    score: float | None = None


class _Document(Wrapped):
    entities: list[GlinerSpan] | None = None


#: The entities by span and label, and by span alone: what the ends of relations are found by.
Ends = dict[tuple[int | None, int | None, str | None], Entity]


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents: lists of spans, or objects with such a list."""
    return documents(source, resume, _KEYS)


def parse(raw: bytes) -> Parsed:
    """Make one list of spans an article."""
    given = decode(raw, _Document | list[GlinerSpan])  # type: ignore[arg-type]
    document = _Document(entities=given) if isinstance(given, list) else given
    building = Building(document.text)
    add_entities(building, document.entities or (), "entities" if document is given else "")
    require_content(building)
    return building.finish("GLiNER", **document.about)


def add_entities(building: Building, spans: Iterable[GlinerSpan], place: str) -> Ends:
    """Add the spans as mentions."""
    ends: Ends = {}
    for number, span in enumerate(spans):
        entity = building.mention(
            f"{place}[{number}]",
            span,
            span.label,
            span.start,
            span.end,
            span.text,
            confidence=span.score,
        )
        if entity is not None:
            ends.setdefault((span.start, span.end, span.label), entity)
            ends.setdefault((span.start, span.end, None), entity)
    return ends
