"""Read responses of Google Cloud Natural Language, v1 and v2: entities, with sentiment or annotations.

- The responses of ``analyzeEntities``, ``analyzeEntitySentiment`` and ``annotateText`` are read.
- Mentions of type ``PROPER`` give an entity its other names. Mentions of type ``COMMON``
  ("painter") give none. An entity that has no others and no page in Wikipedia is local to its
  article.
- ``metadata`` gives the Wikipedia page and, for dates, numbers, prices, addresses and telephone
  numbers, a normalised value.
- The ``probability`` of v2 is the confidence. Salience and sentiment are left out, because they say
  how much an article is about something, not how sure it is.
- The only text in a response is that of the ``sentences`` of ``annotateText``; each is set at its
  offset. For other responses, put the ``document`` (or ``text``) of the request beside
  ``entities``, or give the articles with ``--articles``.

Offsets: in the unit of the ``encodingType`` of the request (UTF-8, UTF-16 or code points). The
response does not name the unit. It is the one in which the sentences follow one another, or else it
is found when spans are checked. There is no end; it is computed from the length of the words. -1 is
no offset.

Example::

    {"entities": [
       {"name": "Laurent Fabius", "type": "PERSON", "salience": 0.7,
        "metadata": {"wikipedia_url": "https://en.wikipedia.org/wiki/Laurent_Fabius"},
        "mentions": [{"text": {"content": "Laurent Fabius", "beginOffset": 0}, "type": "PROPER"},
                     {"text": {"content": "minister", "beginOffset": 31}, "type": "COMMON"}]},
       {"name": "30 November 2015", "type": "DATE", "salience": 0,
        "metadata": {"year": "2015", "month": "11", "day": "30"},
        "mentions": [{"text": {"content": "30 November 2015", "beginOffset": 64},
                      "type": "TYPE_UNKNOWN"}]}],
     "sentences": [
       {"text": {"content": "Laurent Fabius was the foreign minister.", "beginOffset": 0}},
       {"text": {"content": "He opened the talks on 30 November 2015.", "beginOffset": 41}}],
     "language": "en"}
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from msgspec import field

from datasette_newsgraph.anchoring.units import CODE_POINTS, UNITS, Unit
from datasette_newsgraph.article import Entity
from datasette_newsgraph.dates import is_date
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import NORMALISED_VALUE, Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.placed_text import Piece, blanks_allowed, place, width
from datasette_newsgraph.readers.plain_values import is_number
from datasette_newsgraph.readers.shapes import Shape, decode

__all__ = ["entries", "parse"]

#: What stands for the numbers that Python's client writes by default.
_TYPES = (
    "UNKNOWN",
    "PERSON",
    "LOCATION",
    "ORGANIZATION",
    "EVENT",
    "WORK_OF_ART",
    "CONSUMER_GOOD",
    "OTHER",
    "",
    "PHONE_NUMBER",
    "ADDRESS",
    "DATE",
    "NUMBER",
    "PRICE",
)
_PROPER, _COMMON = "PROPER", "COMMON"
_MENTION_TYPES = ("TYPE_UNKNOWN", _PROPER, _COMMON)
_ADDRESS = (
    "street_number",
    "street_name",
    "sublocality",
    "locality",
    "narrow_region",
    "broad_region",
    "postal_code",
    "country",
)


class _Text(Shape):
    content: str | None = None
    begin_offset: int | None = field(name="beginOffset", default=None)
    # So writes Python's client.
    begin_offset_too: int | None = field(name="begin_offset", default=None)

    @property
    def start(self) -> int | None:
        start = self.begin_offset_too if self.begin_offset is None else self.begin_offset
        return None if start is None or start < 0 else start


class _Mention(Shape):
    text: _Text | None = None
    type: str | int | None = None
    type_too: str | int | None = field(name="type_", default=None)
    probability: float | None = None


class _Entity(Shape):
    name: str | None = None
    type: str | int | None = None
    type_too: str | int | None = field(name="type_", default=None)
    metadata: dict[str, Any] | None = None
    mentions: list[_Mention] | None = None


class _Sentence(Shape):
    text: _Text | None = None


class _Document(Shape):
    content: str | None = None
    language: str | None = None


class _Response(Shape):
    entities: list[_Entity] | None = None
    sentences: list[_Sentence] | None = None
    language: str | None = None
    language_code: str | None = field(name="languageCode", default=None)
    document: _Document | None = None
    text: str | None = None


def parse(raw: bytes) -> Parsed:
    """Return the article of one response; raises RecordError."""
    response = decode(raw, _Response)
    document = response.document or _Document()
    text, unit, is_joined = response.text or document.content, CODE_POINTS, False
    if not text:
        text, unit = _text_of(response.sentences or [], blanks_allowed(len(raw)))
        is_joined = text is not None
    building = Building(text, unit)
    for number, entity in enumerate(response.entities or ()):
        _take(building, number, entity)
    if building.text is None and not building.entities:
        raise RecordError("no entities in it, and no text")
    language = response.language or response.language_code or document.language
    parsed = building.finish("Google Natural Language", language=language)
    parsed.is_joined = is_joined
    return parsed


def _text_of(sentences: list[_Sentence], most_blanks: int) -> tuple[str | None, Unit]:
    """Return the text of the sentences, and the unit in which they follow one another."""
    texts = [each.text for each in sentences if each.text and each.text.content]
    pieces = [
        Piece(text.start, text.content)
        for text in texts
        if text.start is not None and text.content is not None
    ]
    if not pieces:
        return " ".join(text.content or "" for text in texts) or None, CODE_POINTS
    pieces.sort(key=lambda piece: piece.start)
    unit = min(UNITS, key=lambda unit: _looseness(pieces, unit))
    return place(pieces, unit, most_blanks).text, unit


def _looseness(pieces: list[Piece], unit: Unit) -> int:
    """Return how far sentences are from having one blank between them."""
    return sum(
        abs(after.start - before.start - width(before.words, unit) - 1)
        for before, after in pairwise(pieces)
    )


def _take(building: Building, number: int, given: _Entity) -> None:
    name, place = collapse(given.name or ""), f"entities[{number}]"
    label = _called(given.type_too if given.type is None else given.type, _TYPES)
    metadata = given.metadata or {}
    page = metadata.get("wikipedia_url")
    same_as = [page] if isinstance(page, str) else []
    mentions = [each for each in given.mentions or () if each.text and each.text.content]
    name = name or next((collapse(each.text.content or "") for each in mentions if each.text), "")
    if not name:
        building.fault(f"{place}: has no name", given)
        return
    kinds = {_kind(each) for each in mentions}
    entity = building.entity(label, name, id=str(number), same_as=same_as)
    entity.local = kinds == {_COMMON} and not same_as
    names: set[str] = set()
    for index, mention in enumerate(given.mentions or ()):
        text = mention.text or _Text()
        start, words = text.start, text.content or ""
        building.mention(
            f"{place}.mentions[{index}]",
            mention,
            label,
            start,
            None if start is None else start + width(words, building.unit),
            words,
            confidence=mention.probability,
            name=name,
            id=str(number),
        )
        if _kind(mention) != _COMMON:
            names.add(collapse(words))
    entity.aliases += sorted(names - {"", entity.name})
    _value(building, entity, label, metadata)


def _value(building: Building, entity: Entity, label: str, metadata: dict[str, Any]) -> None:
    """Note what a date, a number, a price … is in figures."""

    def of(key: str) -> str:
        value = metadata.get(key)
        return str(value).strip() if isinstance(value, (str, int, float)) else ""

    if label == "DATE":
        parts = (of("year").zfill(4), of("month").zfill(2), of("day").zfill(2))
        known = next((n for n, part in enumerate(parts) if not part.strip("0")), 3)
        date = "-".join(parts[:known])
        if is_date(date):
            building.relation(entity, NORMALISED_VALUE, value=date, datatype="date")
        return
    value = {
        "NUMBER": of("value"),
        "PRICE": f"{of('value')} {of('currency')}",
        "PHONE_NUMBER": f"{of('national_prefix')} {of('area_code')} {of('number')}",
        "ADDRESS": " ".join(of(key) for key in _ADDRESS),
    }.get(label, "")
    if value := collapse(value):
        datatype = "number" if is_number(value) else "string"
        building.relation(entity, NORMALISED_VALUE, value=value, datatype=datatype)


def _kind(mention: _Mention) -> str:
    given = mention.type_too if mention.type is None else mention.type
    return _called(given, _MENTION_TYPES)


def _called(given: str | int | None, names: tuple[str, ...]) -> str:
    if isinstance(given, str):
        return given
    return names[given] if given is not None and 0 <= given < len(names) else ""
