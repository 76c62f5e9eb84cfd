"""What each table and column holds, in words.

``docs/tables.md`` and ``metadata.json`` are written from this by ``generate.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Description:
    """A table in words. ``columns`` describes all but those that ``COMMON`` describes."""

    title: str
    text: str
    columns: dict[str, str] = field(default_factory=dict)
    label_column: str | None = None
    facets: tuple[str, ...] = ()
    sort_desc: str | None = None
    #: Housekeeping: no list of tables shows it.
    hidden: bool = False
    #: Its rows tell something about articles: whoever may not see articles should not see it.
    tells_of_articles: bool = False


#: Columns that mean the same in every table.
COMMON = {
    "id": "Row number. It says nothing and may differ between two loads of the same articles.",
    "key": "What the identifier IRI ends in; the same in every database.",
    "article_id": "The article.",
    "entity_id": "The entity.",
    "extraction_id": "The tool or people that found it.",
    "source_id": "The file it was loaded from.",
    "appearance_id": "The appearance (an entity in an article) that gave it.",
    "start_char": "First code point of the span, from 0; null unless the text there reads the surface.",
    "end_char": "Code point behind the span; null unless the text there reads the surface.",
    "surface": "The words of the span: as given, else read from the text.",
    "zone": "The zone that the span begins in; null where it has no place in an article with zones.",
    "confidence": "How sure the extractor was, from 0 to 1.",
    "offset_status": "exact, unverified (there was nothing to compare) or unlocated.",
    "given_start": "The start as the record gave it.",
    "given_end": "The end as the record gave it.",
}

DESCRIPTIONS: dict[str, Description] = {
    "articles": Description(
        "Articles",
        "The articles, without their texts.",
        {
            "given_id": "The id as the record gave it.",
            "title": "The title.",
            "url": "Where it was published.",
            "publisher": "Who published it, by name.",
            "authors": "Who wrote it, by name: a JSON array.",
            "sections": "The sections it stood in: a JSON array.",
            "published": "The date of publication; may be partial (2021, 2021-07).",
            "language": "The language, as a BCP 47 tag.",
            "licence": "The IRI or name of its licence.",
            "record_hash": "Tells whether the very same record comes again.",
            "faults": "How many parts of the record were rejected.",
        },
        label_column="title",
        facets=("publisher", "language"),
        sort_desc="published",
        tells_of_articles=True,
    ),
    "article_texts": Description(
        "Article texts",
        "The text of each article: apart from articles, so that a page of rows stays small.",
        {
            "title": "The title again, for full-text search.",
            "length": "The length of the text in code points.",
            "sha256": "SHA-256 of the text in UTF-8.",
            "text": "The text. All offsets count its code points.",
        },
        label_column="title",
        tells_of_articles=True,
    ),
    "zones": Description(
        "Zones",
        "Parts of a text that are set apart, such as captions. What no zone covers is body.",
        {
            "zone": "title, standfirst, byline, dateline, breadcrumb, body, caption or footer.",
            "start_char": "First code point of the zone, from 0.",
            "end_char": "Code point behind the zone.",
        },
        facets=("zone",),
        tells_of_articles=True,
    ),
    "entities": Description(
        "Entities",
        "People, places, organisations, events and whatever else the articles name.",
        {
            "type": "The type that most articles give it.",
            "name": "The name that most articles give it.",
            "alias_text": "Its other names, one a line.",
            "description": "The description that most articles give it.",
            "latitude": "Degrees north (WGS 84), as most articles give them.",
            "longitude": "Degrees east (WGS 84), as most articles give them.",
        },
        label_column="name",
        facets=("type",),
    ),
    "entity_counts": Description(
        "Entity counts",
        "How often and when the articles name an entity.",
        {
            "mentions": "Mentions in all articles.",
            "articles": "Articles that name it.",
            "first_seen": "The earliest date of publication among them.",
            "last_seen": "The latest.",
        },
        sort_desc="mentions",
        tells_of_articles=True,
    ),
    "appearances": Description(
        "Appearances",
        "One row for an entity in an article: what this article says it is.",
        {
            "type": "Its type in this article.",
            "name": "Its name in this article.",
            "description": "Its description in this article.",
            "latitude": "Degrees north (WGS 84), as this article gives them.",
            "longitude": "Degrees east (WGS 84), as this article gives them.",
            "mentions": "Its mentions in this article.",
            "main_mentions": "Those in title, standfirst and body.",
            "mentions_by_zone": "Its mentions in each zone: a JSON object.",
        },
        label_column="name",
        facets=("type",),
        tells_of_articles=True,
    ),
    "aliases": Description(
        "Aliases",
        "Other names of an entity, by the article that gives them.",
        {"alias": "The name."},
        label_column="alias",
        tells_of_articles=True,
    ),
    "identifiers": Description(
        "Identifiers",
        "IRIs of an entity elsewhere, by the article that gives them.",
        {"iri": "The IRI, in the form that its own authority uses."},
        label_column="iri",
        tells_of_articles=True,
    ),
    "mentions": Description(
        "Mentions",
        "Spans of text that name an entity.",
        facets=("zone", "offset_status"),
        tells_of_articles=True,
    ),
    "relations": Description(
        "Relations",
        "Statements about an entity, each once, however many articles make it.",
        {
            "subject_id": "The entity that the statement is about.",
            "predicate": "What is said of it, in normalised form.",
            "object_id": "The entity that it is related to, or null.",
            "value": "The value instead of an object, or null.",
            "datatype": "string, date, number, boolean or IRI, where there is a value.",
        },
        label_column="predicate",
        facets=("predicate",),
    ),
    "evidence": Description(
        "Evidence",
        "Where an article makes a statement: one row for each occurrence.",
        {
            "relation_id": "The statement.",
            "start_date": "Since when it is true; may be partial.",
            "end_date": "Until when it is true; may be partial.",
        },
        facets=("offset_status",),
        tells_of_articles=True,
    ),
    "quotes": Description(
        "Quotes",
        "What somebody is quoted with.",
        {
            "speaker_id": "The entity that said it.",
            "verb": "The verb that introduces it.",
            "direct": "1 for the speaker's own words, 0 for reported speech.",
        },
        facets=("direct", "offset_status"),
        tells_of_articles=True,
    ),
    "extractions": Description(
        "Extractions",
        "The tools, or the people, that found entities, relations and quotes.",
        {
            "tool": "The name.",
            "version": "Its version.",
            "model": "The model it worked with.",
        },
        label_column="tool",
    ),
    "vocabulary": Description(
        "Vocabulary",
        "Terms of published vocabularies that stand for types and predicates in exports.",
        {
            "kind": "type or predicate.",
            "label": "The type or predicate in normalised form.",
            "iri": "The IRI of the class or property.",
        },
        label_column="label",
        facets=("kind",),
    ),
    "sources": Description(
        "Sources",
        "The files that were loaded.",
        {
            "name": "The file's name without its folder; - is standard input.",
            "place": "Tells the folder it lay in from others, without naming it.",
            "size": "Its size in bytes.",
            "sha256": "SHA-256 of what was read of it, decompressed.",
            "resume_line": "The line of the last record that was taken.",
            "resume_byte": "The offset behind that record, while the load is incomplete.",
            "complete": "1 when it was read to its end.",
        },
        label_column="name",
        tells_of_articles=True,
    ),
    "rejects": Description(
        "Rejects",
        "Records, and parts of records, that could not be taken.",
        {
            "source": "The file's name again.",
            "line": "The line of the record in the file, or in an array its number, from 1.",
            "item": "0 for a whole record, else the ordinal of the part.",
            "reason": "Why it could not be taken.",
            "raw": "The first 2 kB of it, as given.",
        },
        facets=("source",),
        tells_of_articles=True,
    ),
    "settings": Description(
        "Settings",
        "Settings of this database.",
        {"name": "base_iri.", "value": "Its value."},
        hidden=True,
    ),
    "unsettled": Description(
        "Unsettled",
        "What the end of a load has yet to compute again; empty after a load.",
        {"kind": "entity or relation.", "row_id": "The row number of the entity or relation."},
        hidden=True,
    ),
}

#: Fields of the article record that say nothing of themselves in the JSON Schema.
FIELDS = {
    ("Article", "url"): "Where it was published.",
    ("Article", "title"): "The title. It is no part of `text` unless `text` repeats it.",
    ("Article", "publisher"): "Who published it, by name.",
    ("Article", "authors"): "Who wrote it, by name.",
    ("Article", "sections"): "The sections it stood in, the outermost first.",
    ("Article", "text"): "The text that all offsets count in.",
    ("Article", "zones"): "Parts of the text that are set apart.",
    ("Article", "entities"): "What the article names.",
    ("Article", "relations"): "What it states.",
    ("Article", "quotes"): "Whom it quotes.",
    ("Article", "extractor"): "The tool, or the people, that made all this.",
    ("Zone", "zone"): "Which zone it is.",
    ("Zone", "start"): "First code point of the zone, from 0.",
    ("Zone", "end"): "Code point behind the zone (exclusive).",
    ("Entity", "name"): "The name to show.",
    ("Entity", "aliases"): "Its other names.",
    ("Entity", "description"): "What it is, in a few words.",
    ("Entity", "latitude"): "Degrees north (WGS 84), from -90 to 90; needs `longitude`.",
    ("Entity", "longitude"): "Degrees east (WGS 84), from -180 to 180; needs `latitude`.",
    ("Entity", "mentions"): "Where the text names it.",
    ("Relation", "value"): "A value instead of an object.",
    ("Relation", "datatype"): "What the value is; by default what it is in JSON.",
    ("Relation", "evidence"): "Where the text states it; none given: somewhere in the article.",
    ("Quote", "verb"): "The verb that introduces it: said, warned.",
    ("Quote", "direct"): "True for the speaker's own words, false for reported speech.",
    ("Extractor", "name"): "The name of the tool.",
    ("Extractor", "version"): "Its version.",
    ("Extractor", "model"): "The model it worked with.",
}
