r"""Read Label Studio's JSON export, full or JSON-MIN: tasks with labelled spans and relations.

- The labelled regions of a text become mentions, one for each label of a region.
- Relations go the way that their arrow points, or both ways if it points both ways. A relation
  without a label is ``related to``.
- What was written or chosen for one region (a text area, or choices of each region) identifies its
  entity, if it is a Wikidata id or a web address. Other choices, ratings and answers are left out.
- Of several annotations of one task, only *one* is taken: the one marked as ground truth, or else
  the one that was changed last. The others are left out, however they differ from it. Skipped
  (cancelled) annotations are never taken. A task with nothing else is left out.
- A task that nobody has annotated gives its newest prediction, whose score is the confidence.
- JSON-MIN has no relations.
- The text is the field of ``data`` that has the name of the tag which was labelled, or else
  ``text``, or else the longest field. If a task shows several texts, it is the one with most
  labels, and what is labelled in the others is looked for in it.
- HTML that was labelled as HTML is read without its tags. If the data has only the address of a
  text, the task is an article without text.
- Fields of data and meta that are called ``url``, ``title``, ``date`` and so on describe the
  article.

Offsets: UTF-16 code units (JavaScript's), end exclusive; in HTML those of its text
(``globalOffsets``). If there are none, the ``text`` of the region is looked for. Older exports have
``\n`` as two letters in it.

Example::

    [{"id": 12, "inner_id": 1,
      "data": {"text": "Greta Thunberg spoke at the United Nations in New York.",
               "url": "https://example.org/2019/summit", "date": "2019-09-23"},
      "annotations": [{"id": 7, "was_cancelled": false, "ground_truth": false, "result": [
        {"id": "r1", "from_name": "label", "to_name": "text", "type": "labels",
         "value": {"start": 0, "end": 14, "text": "Greta Thunberg", "labels": ["PER"]}},
        {"id": "r2", "from_name": "label", "to_name": "text", "type": "labels",
         "value": {"start": 28, "end": 42, "text": "United Nations", "labels": ["ORG"]}},
        {"from_id": "r1", "to_id": "r2", "type": "relation", "direction": "right",
         "labels": ["spoke at"]}]}],
      "predictions": []}]
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from datasette_newsgraph.anchoring.units import UTF16
from datasette_newsgraph.article import Entity
from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.errors import RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import Shape, decode

__all__ = ["entries", "parse"]

#: Where a text is kept that the data only has the address of.
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,9}:/|/data/)\S*\Z")
#: Fields of JSON-MIN that are about the annotation.
_NOT_DATA = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time")
#: Answers about a region that may say what its entity is.
_LINKING = ("textarea", "choices")
_WIKIDATA_ID = re.compile(r"Q[1-9]\d*", re.ASCII)
_IRI = re.compile(r"https?://\S+")
#: Python takes a number of many digits for an attack.
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")


class _Offsets(Shape):
    start: int | None = None
    end: int | None = None


class _Value(Shape, omit_defaults=True, rename={"global_offsets": "globalOffsets"}):
    """What a region is. In HTML ``start`` and ``end`` are paths."""

    start: int | float | str | None = None
    end: int | float | str | None = None
    text: str | list[Any] | None = None
    labels: list[str | None] | None = None
    hypertextlabels: list[str | None] | None = None
    choices: Any = None
    global_offsets: _Offsets | None = None


class _Result(Shape, omit_defaults=True):
    """A region, or a relation of two of them, or an answer about the whole."""

    id: str | int | None = None
    type: str | None = None
    to_name: str | None = None
    value: _Value | None = None
    score: float | None = None
    from_id: str | int | None = None
    to_id: str | int | None = None
    direction: str | None = None
    labels: list[str | None] | None = None


class _Annotation(Shape):
    """What one person has made of a task, or one model."""

    id: int | str | None = None
    result: list[_Result] | None = None
    was_cancelled: bool | None = None
    ground_truth: bool | None = None
    updated_at: str | int | float | None = None
    created_at: str | int | float | None = None
    model_version: str | None = None
    score: float | None = None


class _Task(Shape):
    # Lists of annotations are numbers only, where somebody exported without them.
    id: int | str | None = None
    inner_id: int | str | None = None
    file_upload: str | None = None
    data: dict[str, Any] | None = None
    meta: dict[str, Any] | None = None
    annotations: list[_Annotation | int | None] | None = None
    #: As they were called before version 1.
    completions: list[_Annotation | int | None] | None = None
    predictions: list[_Annotation | int | None] | None = None


def parse(raw: bytes) -> Parsed:
    """Make one task an article. Raises RecordLeftOut if all its annotations are cancelled."""
    task = decode(raw, _Task)
    if task.data is None:
        task = _of_minimal(decode(raw, dict[str, Any]))
    data = task.data or {}
    annotation, is_prediction = _chosen(task)
    tag = _labelled_tag(annotation)
    text, address = _text_of(data, tag, annotation)
    building = Building(text, UTF16)
    _add(building, annotation, tag)
    if text is None and not building.entities:
        raise RecordError("no entities in it, and no text")
    own = data.get("id")
    parsed = building.finish(
        "Label Studio",
        model=annotation.model_version if is_prediction else None,
        # The first is the user's, the others are given by Label Studio.
        local_ids=(
            own if isinstance(own, (str, int)) else None,
            task.id,
            task.inner_id,
            task.file_upload,
            address,
        ),
        **about_article({**(task.meta or {}), **data}),
    )
    others = _completed(task) - 1
    if others > 0 and not is_prediction:
        parsed.notes.passed_over["other annotations of a task"] = others
    return parsed


def _of_minimal(task: dict[str, Any]) -> _Task:
    """Return a task of JSON-MIN, where data and answers are fields of one object, as a full one."""
    results: list[_Result] = []
    data: dict[str, Any] = {}
    for name, value in task.items():
        regions = value if isinstance(value, list) else []
        if any(isinstance(each, dict) and "start" in each for each in regions):
            results += [_region(name, number, each) for number, each in enumerate(regions)]
        elif name not in _NOT_DATA:
            data[name] = value
    return _Task(data=data, annotations=[_Annotation(result=results)])


def _region(name: str, number: int, value: Any) -> _Result:
    try:
        return _Result(type="labels", value=msgspec.convert(value, _Value, strict=False))
    except msgspec.ValidationError as error:
        raise RecordError(f"not of this format: {error} of {name}[{number}]") from error


def _chosen(task: _Task) -> tuple[_Annotation, bool]:
    """Return the annotation to take, and whether it is a prediction; an empty one if there is none."""
    given = [
        each
        for each in (*(task.annotations or ()), *(task.completions or ()))
        if isinstance(each, _Annotation)
    ]
    taken = [each for each in given if not each.was_cancelled]
    if taken:
        return max(taken, key=_recency), False
    if given:
        raise RecordLeftOut("cancelled (skipped) in Label Studio")
    predicted = [each for each in task.predictions or () if isinstance(each, _Annotation)]
    if predicted:
        return max(predicted, key=_recency), True
    return _Annotation(), False


def _completed(task: _Task) -> int:
    """Return how many annotations of a task are not cancelled."""
    given = (*(task.annotations or ()), *(task.completions or ()))
    return sum(isinstance(each, _Annotation) and not each.was_cancelled for each in given)


def _recency(annotation: _Annotation) -> tuple[bool, str, int]:
    changed = annotation.updated_at or annotation.created_at or ""
    number = annotation.id if isinstance(annotation.id, int) else 0
    return bool(annotation.ground_truth), str(changed), number


def _labelled_tag(annotation: _Annotation) -> str | None:
    """Return the name of the tag that has most labels, as a task may show several texts."""
    given = [each.to_name for each in annotation.result or () if _labels(each) is not None]
    return max(Counter(given).items(), key=lambda item: item[1], default=(None, 0))[0]


def _labels(result: _Result) -> list[str | None] | None:
    value = result.value
    return None if value is None else value.labels or value.hypertextlabels


def _text_of(
    data: dict[str, Any], tag: str | None, annotation: _Annotation
) -> tuple[str | None, str | None]:
    """Return the text that is labelled, and its address if only that is there."""
    values = [each.value for each in annotation.result or () if each.to_name == tag]
    is_html = any(each is not None and each.hypertextlabels is not None for each in values)
    strings = {name: each for name, each in data.items() if isinstance(each, str)}
    text = next((strings[name] for name in (tag, "text") if name and strings.get(name)), None)
    if text is None:
        text = max(strings.values(), key=len, default=None)
    if text is None:
        return None, None
    if _ADDRESS.match(text):
        return None, text
    return (_without_tags(text) if is_html else text), None


def _without_tags(source: str) -> str:
    """Return the text of HTML as a browser counts it: nothing instead of the tags."""
    first, *others = source.split("<")
    pieces = (first, *(each.partition(">")[2] for each in others))
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", "".join(pieces)))


def _add(building: Building, annotation: _Annotation, tag: str | None) -> None:
    results = annotation.result or ()
    regions: dict[str | int | None, Entity] = {}
    # A text that has such a pair of its own says what it means.
    escapes = "\\n" not in (building.text or "")
    links = _links(results)
    for number, result in enumerate(results):
        if result.type != "relation":
            is_elsewhere = result.to_name not in (None, tag)
            entity = _mention(
                building,
                f"result[{number}]",
                result,
                annotation.score,
                escapes,
                is_elsewhere,
                links.get(result.id, ()),
            )
            if entity is not None:
                regions.setdefault(result.id, entity)
    for number, result in enumerate(results):
        if result.type == "relation":
            _relation(building, f"result[{number}]", result, regions)


def _links(results: Iterable[_Result]) -> dict[str | int | None, list[str]]:
    """Return the IRIs that were written or chosen for regions, by the ids of these."""
    links: dict[str | int | None, list[str]] = {}
    for result in results:
        if result.type not in _LINKING or result.id is None or result.value is None:
            continue
        # Beside choices ``text`` is what the region reads.
        given = result.value.choices if result.type == "choices" else result.value.text
        if found := [*_iris(given if isinstance(given, list) else [given])]:
            links.setdefault(result.id, []).extend(found)
    return links


def _iris(answers: Iterable[Any]) -> Iterator[str]:
    for each in answers:
        words = each.strip() if isinstance(each, str) else ""
        if _WIKIDATA_ID.fullmatch(words):
            yield identifier_iri("Wikidata", words)
        elif _IRI.fullmatch(words):
            yield words


def _mention(
    building: Building,
    place: str,
    result: _Result,
    score: float | None,
    escapes: bool,
    is_elsewhere: bool,
    same_as: Iterable[str],
) -> Entity | None:
    """Add a region's mentions and return the entity of its first label, if it is one of a text."""
    value, labels = result.value, _labels(result)
    if value is None or (labels is None and result.type not in ("labels", "hypertextlabels")):
        if (result.type or "").endswith("labels"):
            building.fault(f"{place}: {result.type} are no spans of a text", result)
        return None
    start, end = _offset(value.start), _offset(value.end)
    if value.global_offsets is not None:
        start, end = value.global_offsets.start, value.global_offsets.end
    if is_elsewhere:
        # It counts in another text than the article's, which may have the words too.
        start = end = None
    surface = value.text if isinstance(value.text, str) else None
    if surface is not None and escapes:
        surface = surface.replace("\\n", "\n")
    confidence = score if result.score is None else result.score
    first = None
    for label in dict.fromkeys(labels or [None]):
        entity = building.mention(
            place, result, label, start, end, surface, confidence=confidence, same_as=same_as
        )
        first = first or entity
        if entity is None:
            break
    return first


def _offset(given: int | float | str | None) -> int | None:
    if isinstance(given, str):
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None
    return int(given) if given is not None and given == given // 1 else None


def _relation(
    building: Building,
    place: str,
    result: _Result,
    regions: dict[str | int | None, Entity],
) -> None:
    ends = []
    for key, id_ in (("from_id", result.from_id), ("to_id", result.to_id)):
        if id_ is None or id_ not in regions:
            building.fault(f"{place}: {key} {id_!r} is no labelled span of this task", result)
            return
        ends.append(regions[id_])
    subject, object_ = ends
    for label in dict.fromkeys(result.labels or [None]):
        if result.direction != "left":
            building.relation(subject, label, object_, confidence=result.score)
        if result.direction in ("left", "bi"):
            building.relation(object_, label, subject, confidence=result.score)
