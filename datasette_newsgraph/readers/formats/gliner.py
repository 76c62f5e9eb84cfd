"""Read what GLiNER's ``predict_entities`` returns: a list of spans with labels and scores.

GLiNER does not give the text back. Wrap the list as ``{"text": …, "entities": […]}``, one document
a line, or give the texts with ``--articles``.

- A list is one document. A list of lists (``batch_predict_entities``, ``inference``) and lines are
  several.
- Spans of one label and one name are one entity. The score is the confidence of the mention, and
  the labels are those that the model was asked for.
- ``title``, ``url``, ``published``, ``publisher`` and ``language`` of a wrapped document describe
  the article.
- GLiNER2's ``{"entities": {"person": ["…"]}}`` is read, too, with words or spans under each label.
- Many people write such objects by hand or with a language model, without scores and maybe without
  offsets, or with ``type`` for ``label``. It is not known what made them, so their extractor is
  called ``annotations``.
- A list without spans and text is left out.

Offsets: Unicode code points, end exclusive. They are checked against the ``text`` of the span. If
there are none, that text is looked for in the text of the article.

Example::

    {"text": "Kofi Annan opened the Millennium Summit in New York.",
     "entities": [{"start": 0, "end": 10, "text": "Kofi Annan", "label": "person", "score": 0.98},
                  {"start": 22, "end": 39, "text": "Millennium Summit", "label": "event",
                   "score": 0.91},
                  {"start": 43, "end": 51, "text": "New York", "label": "city", "score": 0.97}]}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import Any

from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import Wrapped, documents, require_content
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["Ends", "GlinerSpan", "add_entities", "entries", "parse", "require_spans"]

_KEYS = frozenset({"entities"})


class GlinerSpan(Shape):
    """An entity, as GLiNER and GLiNER-RelEx write it."""

    start: int | None = None
    end: int | None = None
    text: str | None = None
    label: str | None = None
    type: str | None = None
    score: float | None = None
    confidence: float | None = None


class _Document(Wrapped):
    #: GLiNER2 has lists by label.
    entities: list[GlinerSpan] | dict[str, list[GlinerSpan | str] | None] | None = None
    relations: Any = None
    relation_extraction: Any = None


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
    if isinstance(document.entities, dict):
        tool = "GLiNER2"
        for label, found in document.entities.items():
            add_entities(building, _labelled(label, found or ()), f"entities[{label!r}]")
    else:
        spans = document.entities or []
        # Annotations of whatever origin have the same form, but no scores.
        has_scores = any(each.score is not None for each in spans)
        tool = "GLiNER" if has_scores or not spans else "annotations"
        add_entities(building, spans, "entities" if document is given else "")
    for key in ("relations", "relation_extraction"):
        if getattr(document, key):
            building.fault(f"{key}: not read beside entities like these", getattr(document, key))
    require_spans(building, document.entities)
    return building.finish(tool, **document.about)


def _labelled(label: str, spans: Iterable[GlinerSpan | str]) -> Iterator[GlinerSpan]:
    for span in spans:
        if isinstance(span, str):
            yield GlinerSpan(text=span, label=label)
        else:
            yield GlinerSpan(
                span.start, span.end, span.text, label, score=span.score, confidence=span.confidence
            )


def require_spans(building: Building, spans: Sized | None) -> None:
    """Raise RecordLeftOut where nothing was found and no text was kept, RecordError where there is
    nothing at all.
    """
    has_text = building.text is not None and building.text.strip()
    if spans is not None and not len(spans) and not building.entities and not has_text:
        raise RecordLeftOut("no entities and no text in it")
    require_content(building)


def add_entities(building: Building, spans: Iterable[GlinerSpan], place: str) -> Ends:
    """Add the spans as mentions."""
    ends: Ends = {}
    for number, span in enumerate(spans):
        label = span.label or span.type
        entity = building.mention(
            f"{place}[{number}]",
            span,
            label,
            span.start,
            span.end,
            span.text,
            confidence=span.confidence if span.score is None else span.score,
        )
        if entity is not None:
            ends.setdefault((span.start, span.end, label), entity)
            ends.setdefault((span.start, span.end, None), entity)
    return ends
