"""What a model is to answer: the JSON schema that it is given, and the shape that an answer has."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.shapes import Shape, decode

#: Code points of an answer. What a window says takes a tenth of it.
LONGEST = 1 << 18

_DATE = "A year, month or day as ISO 8601: 2021, 2021-07, 2021-07-18. Leave it out if unknown."


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _list(description: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    items = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    return {"type": "array", "description": description, "items": items}


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "entities": _list(
            "Everybody and everything that the article names, each once.",
            {
                "name": _text("The fullest name that stands in the article, exactly as it stands."),
                "type": _text(
                    "Person, Organization, Place, Event, Date, Product, or another noun."
                ),
                "aliases": {
                    "type": "array",
                    "description": "Other names of it that stand in the article.",
                    "items": {"type": "string"},
                },
                "mentions": {
                    "type": "array",
                    "description": "Further words of the article that mean it; no pronouns.",
                    "items": {"type": "string"},
                },
            },
            ["name", "type"],
        ),
        "relations": _list(
            "What the article states of an entity.",
            {
                "subject": _text("The name of an entity of the list."),
                "predicate": _text("A few English words, as: member of, born in, was elected."),
                "object": _text("The name of another entity of the list, if it relates two."),
                "value": _text("What is stated, if it is no entity, as: foreign minister."),
                "sentence": _text("The sentence that states it, copied to the letter."),
                "start_date": _text(f"Since when, or when. {_DATE}"),
                "end_date": _text(f"Until when. {_DATE}"),
                "confidence": {"type": "number", "description": "From 0 to 1, if you can tell."},
            },
            ["subject", "predicate", "sentence"],
        ),
        "quotes": _list(
            "What somebody is quoted with.",
            {
                "words": _text("The words that are quoted, copied to the letter."),
                "speaker": _text("The name of an entity of the list. Leave it out if unknown."),
                "verb": _text("The verb that introduces the quotation, as: said."),
                "direct": {"type": "boolean", "description": "True between quotation marks."},
            },
            ["words"],
        ),
    },
    "required": ["entities", "relations", "quotes"],
    "additionalProperties": False,
}


class AnsweredEntity(Shape):
    """An entity as a model gives it."""

    name: str | None = None
    type: str | None = None
    aliases: list[str] | None = None
    mentions: list[str] | None = None


class AnsweredRelation(Shape):
    """A statement as a model gives it."""

    subject: str | None = None
    predicate: str | None = None
    object: str | None = None
    value: str | bool | int | float | None = None
    sentence: str | None = None
    start_date: str | int | None = None
    end_date: str | int | None = None
    confidence: float | None = None


class AnsweredQuote(Shape):
    """A quotation as a model gives it."""

    words: str | None = None
    speaker: str | None = None
    verb: str | None = None
    direct: bool | None = None


class Answer(Shape):
    """All that a model says of a window. Without entities there would be nothing that it speaks of."""

    entities: list[AnsweredEntity]
    relations: list[AnsweredRelation] | None = None
    quotes: list[AnsweredQuote] | None = None


def read(given: str) -> Answer:
    """Return the answer that stands in what a model wrote, whatever stands around it; raises
    RecordError where there is none.
    """
    if len(given) > LONGEST:
        raise RecordError(f"longer than {LONGEST:,} characters")
    start, end = given.find("{"), given.rfind("}")
    if start < 0:
        raise RecordError("no JSON object in it")
    if end < start:
        raise RecordError("a JSON object without an end")
    return decode(given[start : end + 1].encode("utf-8", "replace"), Answer)
