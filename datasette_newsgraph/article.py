"""The article record: what every reader yields and the loader takes.

One record is one article with its entities, relations and quotes. Offsets are Unicode code points
of ``text``, the end exclusive, as in spaCy's ``start_char``/``end_char`` and as the W3C Web
Annotation Data Model asks for (section 4.2.4, Text Position Selector).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct, field

ZoneName = Literal[
    "title",
    "standfirst",
    "byline",
    "dateline",
    "breadcrumb",
    "body",
    "caption",
    "footer",
    "promotion",
]
ZONES: tuple[str, ...] = get_args(ZoneName)
#: The zones in which a name is something that the article speaks of.
MAIN_ZONES = frozenset({"title", "standfirst", "body"})
#: The zones that stand apart from the story and may be of another one.
APART_ZONES = frozenset({"breadcrumb", "caption", "footer", "promotion"})

Datatype = Literal["string", "date", "number", "boolean", "IRI"]
#: What a label is the name of.
LabelKind = Literal["type", "predicate"]
OffsetStatus = Literal[
    "exact", "converted", "moved", "normalised", "fuzzy", "unlocated", "unverified"
]

Start = Annotated[int | None, Meta(description="Where the span starts, in code points from 0.")]
End = Annotated[int | None, Meta(description="Where the span ends, in code points (exclusive).")]
Surface = Annotated[
    str | None, Meta(description="The words of the span. The offsets are checked against them.")
]
Confidence = Annotated[
    float | None,
    Meta(description="How sure the extractor was, from 0 to 1. Anything else becomes null."),
]
PartialDate = Annotated[
    str | None,
    Meta(description="ISO 8601 date; may be a year or month: 2021, 2021-07, 2021-07-18."),
]


class Record(Struct, gc=False, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The base of all parts: unknown fields are errors, to be counted in a second, lenient pass."""


class Zone(Record):
    """A part of the text that is set apart. What no zone covers is body."""

    zone: ZoneName
    start: int
    end: int


class Anchored(Record):
    """What was made of a span when the record was converted from the output of a tool. It is believed
    where the text bears it out.
    """

    # Any string: an unknown one costs what is said here, not the span.
    offset_status: Annotated[
        str,
        Meta(
            description="What became of the span.",
            extra_json_schema={"enum": list(get_args(OffsetStatus))},
        ),
    ]
    given_start: Annotated[
        int | None, Meta(description="Where the span started in the output of the tool.")
    ] = None
    given_end: Annotated[
        int | None, Meta(description="Where the span ended in the output of the tool.")
    ] = None
    given_unit: Annotated[
        str | None, Meta(description="What these two count, if it is not code points: UTF-16.")
    ] = None
    moved: Annotated[
        int | None,
        Meta(description="By how many code points the start was moved, once it was converted."),
    ] = None
    given_surface: Annotated[
        str | None, Meta(description="The words of the tool, if the text has others.")
    ] = None


AnchoredSpan = Annotated[
    Anchored | None, Meta(description="Where the tool had the span. `newsgraph convert` writes it.")
]


class Mention(Record):
    """One span of the text that names an entity."""

    start: Start = None
    end: End = None
    text: Surface = None
    confidence: Confidence = None
    anchored: AnchoredSpan = None


class Entity(Record):
    """Somebody or something that the article names."""

    id: Annotated[
        str,
        Meta(
            description="Means something in this article only, unless it has :// or begins with urn:."
        ),
    ]
    type: Annotated[
        str, Meta(description="Person, Organization, Place, Event, Date, or any other.")
    ]
    name: str
    aliases: list[str] = field(default_factory=list)
    same_as: Annotated[
        list[str],
        Meta(description="Absolute IRIs of the same thing elsewhere, such as at Wikidata."),
    ] = field(default_factory=list)
    description: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    local: Annotated[
        bool,
        Meta(
            description="True if the name means something in this article only. Entities of one name"
            " and different ids are then different."
        ),
    ] = False
    mentions: list[Mention] = field(default_factory=list)


class Evidence(Record):
    """The span of the text that states a relation."""

    start: Start = None
    end: End = None
    text: Surface = None
    anchored: AnchoredSpan = None


class Relation(Record):
    """A statement: a subject, a predicate, and either another entity or a value."""

    subject: Annotated[str, Meta(description="The id of an entity of this article.")]
    predicate: Annotated[str, Meta(description="Any label, e.g. “member of”.")]
    object: Annotated[str | None, Meta(description="The id of an entity of this article.")] = None
    value: str | bool | int | float | None = None
    datatype: Datatype | None = None
    confidence: Confidence = None
    pattern: Annotated[
        str | None, Meta(description="The name of the rule or pattern that found the statement.")
    ] = None
    start_date: PartialDate = None
    end_date: PartialDate = None
    evidence: list[Evidence] = field(default_factory=list)


class Quote(Record):
    """Something that somebody is quoted with, directly or in reported speech."""

    speaker: Annotated[str | None, Meta(description="The id of an entity of this article.")] = None
    start: Start = None
    end: End = None
    text: Surface = None
    verb: str | None = None
    direct: bool | None = None
    confidence: Confidence = None
    anchored: AnchoredSpan = None


class Term(Record):
    """The term of a published vocabulary that a type or predicate of the article has in exports."""

    kind: LabelKind
    label: str
    iri: str


class Extractor(Record):
    """The tool, or the people, that made entities, relations and quotes."""

    name: str
    version: str | None = None
    model: str | None = None


class Article(Record):
    """A news article with what was extracted from it."""

    id: Annotated[
        str, Meta(description="Any string. An article with the same id replaces the one before.")
    ]
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    authors: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    published: PartialDate = None
    language: Annotated[str | None, Meta(description="BCP 47 tag, e.g. en.")] = None
    licence: Annotated[str | None, Meta(description="The IRI or name of a licence.")] = None
    text: str | None = None
    zones: list[Zone] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    vocabulary: list[Term] = field(default_factory=list)
    extractor: Extractor | None = None


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one article record."""
    schema = msgspec.json.schema(Article)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
