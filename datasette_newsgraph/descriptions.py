"""What each table, view and column holds, in words, and how Datasette is to show it.

Datasette shows the words above the rows, so they are few. ``metadata.py`` and ``docs/tables.md`` are
made from this.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from datasette_newsgraph.anchoring import STATUSES


@dataclass(frozen=True)
class Description:
    """A table or view in words. ``columns`` describes all but those that ``COMMON`` describes.

    ``facets`` are columns with an index. The facets of views are those of ``store.facets``.
    """

    title: str
    text: str
    columns: dict[str, str] = field(default_factory=dict)
    label_column: str | None = None
    facets: tuple[str, ...] = ()
    sort_desc: str | None = None
    #: For a view: the full-text table by which it is searched, and the view's column of its row ids.
    fts_table: str | None = None
    fts_pk: str | None = None
    #: Housekeeping: no list of tables shows it.
    hidden: bool = False


#: Columns that mean the same in every table and view.
COMMON = {
    "id": "Row number, in this database only.",
    "key": "What its IRI ends in; the same everywhere.",
    "article_id": "The article.",
    "entity_id": "The entity.",
    "relation_id": "The statement.",
    "extraction_id": "The tool or people that found it.",
    "source_id": "The file it was loaded from.",
    "appearance_id": "The entity in the article that gave it.",
    "start_char": "First code point, from 0; none if unlocated.",
    "end_char": "Code point behind it; none if unlocated.",
    "surface": "The words of the span: what the text reads there.",
    "zone": "The zone it begins in, if any.",
    "confidence": "How sure the extractor was, 0 to 1.",
    "offset_status": f"Found how: {', '.join(STATUSES)}.",
    "given_start": "The start as it was given.",
    "given_end": "The end as it was given.",
    "moved": "Code points from the place given to this one.",
    "given_surface": "The words as they were given, where the text reads others.",
    "published": "Date of publication; may be partial (2021-08).",
    "first_seen": "First date of publication.",
    "last_seen": "Last date of publication.",
    "article": "Title of the article.",
    "article_key": "Key of the article.",
    "entity_key": "Key of the entity.",
}

_ARTICLE = {
    "title": "Its title.",
    "url": "Where it was published.",
    "publisher": "Who published it.",
    "authors": "Who wrote it: a JSON array.",
    "sections": "Sections it stood in: a JSON array.",
    "language": "BCP 47 tag.",
}

DESCRIPTIONS: dict[str, Description] = {
    "article_index": Description(
        "Browse articles",
        "Each article once; search looks in titles and texts.",
        {**_ARTICLE, "month": "Month of publication."},
        sort_desc="published",
        fts_table="article_texts_fts",
        fts_pk="id",
    ),
    "entity_index": Description(
        "Browse entities",
        "Who and what the articles name; search looks in names and other names.",
        {
            "name": "Its most frequent name.",
            "type": "Its most frequent type.",
            "mentions": "Mentions in all articles.",
            "articles": "Articles that name it.",
            "description": "Its most frequent description.",
            "also_called": "Its other names.",
        },
        sort_desc="mentions",
        fts_table="entities_fts",
        fts_pk="id",
    ),
    "mention_index": Description(
        "Browse mentions",
        "Where the articles name an entity, with the text around it.",
        {
            "before": "Text before the mention.",
            "surface": "The words that name it.",
            "after": "Text behind the mention.",
            "entity": "Name of the entity.",
            "type": "Type of the entity.",
        },
    ),
    "relation_index": Description(
        "Browse relations",
        "What the articles state, each statement once.",
        {
            "subject": "Who or what it is about.",
            "predicate": "What is said of it.",
            "object": "Whom or what it is related to, or a value.",
            "articles": "Articles that state it.",
            "confidence": "The highest in any article.",
            "start_date": "Since when it is true.",
            "end_date": "Until when it is true.",
            "subject_key": "Key of the subject.",
            "object_key": "Key of the object.",
        },
        sort_desc="articles",
    ),
    "quote_index": Description(
        "Browse quotes",
        "What somebody is quoted with; search looks in the quotes.",
        {
            "quote": "The words.",
            "speaker": "Who said it.",
            "verb": "The verb that introduces it.",
            "direct": "1 verbatim, 0 reported speech.",
            "speaker_key": "Key of the speaker.",
        },
        fts_table="quotes_fts",
        fts_pk="id",
    ),
    "articles": Description(
        "Articles",
        "The articles, without their texts.",
        {
            "given_id": "The id as the record gave it.",
            **_ARTICLE,
            "licence": "IRI or name of its licence.",
            "record_hash": "Tells whether the same record comes again.",
            "faults": "Parts of the record that were rejected.",
        },
        label_column="title",
        facets=("publisher", "language"),
        sort_desc="published",
    ),
    "article_texts": Description(
        "Article texts",
        "Apart from articles, so that a page of rows stays small.",
        {
            "title": "The title again, for full-text search.",
            "length": "Length of the text in code points.",
            "sha256": "SHA-256 of the text in UTF-8.",
            "text": "The text; offsets count its code points.",
        },
        label_column="title",
    ),
    "zones": Description(
        "Zones",
        "Parts of a text that are set apart, such as captions. The rest is body.",
        {
            "zone": "title, standfirst, byline, dateline, breadcrumb, body, caption or footer.",
            "start_char": "First code point, from 0.",
            "end_char": "Code point behind it.",
        },
    ),
    "entities": Description(
        "Entities",
        "People, places, organisations, events and whatever else the articles name.",
        {
            "type": "The type that most articles give it.",
            "name": "The name that most articles give it.",
            "alias_text": "Its other names, one a line.",
            "description": "The description that most articles give it.",
            "latitude": "Degrees north (WGS 84).",
            "longitude": "Degrees east (WGS 84).",
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
            "type": "Its type again.",
        },
        sort_desc="mentions",
    ),
    "appearances": Description(
        "Appearances",
        "An entity in an article: what this article says it is.",
        {
            "type": "Its type in this article.",
            "name": "Its name in this article.",
            "description": "Its description in this article.",
            "latitude": "Degrees north (WGS 84).",
            "longitude": "Degrees east (WGS 84).",
            "mentions": "Its mentions in this article.",
            "main_mentions": "Those in title, standfirst and body.",
            "mentions_by_zone": "Mentions in each zone: a JSON object.",
        },
        label_column="name",
    ),
    "aliases": Description(
        "Aliases",
        "Other names of an entity, by the article that gives them.",
        {"alias": "The name."},
        label_column="alias",
    ),
    "identifiers": Description(
        "Identifiers",
        "IRIs of an entity elsewhere, by the article that gives them.",
        {"iri": "The IRI, as its own authority writes it."},
        label_column="iri",
    ),
    "mentions": Description("Mentions", "Spans of text that name an entity."),
    "relations": Description(
        "Relations",
        "Statements about an entity, each once, however many articles make it.",
        {
            "subject_id": "The entity it is about.",
            "predicate": "What is said of it.",
            "object_id": "The entity it is related to.",
            "value": "A value instead of an object.",
            "datatype": "Of a value: string, date, number, boolean or IRI.",
        },
        label_column="predicate",
        facets=("predicate",),
    ),
    "relation_counts": Description(
        "Relation counts",
        "How often, when and how surely the articles make a statement.",
        {
            "subject_id": "Its subject again.",
            "predicate": "Its predicate again.",
            "object_id": "Its object again.",
            "articles": "Articles that state it.",
            "evidence": "Rows of evidence for it.",
            "unrated": "Those without a confidence.",
            "confidence": "The highest confidence.",
            "start_date": "The earliest start given.",
            "end_date": "The latest end given.",
        },
        sort_desc="articles",
    ),
    "evidence": Description(
        "Evidence",
        "Where an article makes a statement: one row an occurrence.",
        {
            "start_date": "Since when it is true; may be partial.",
            "end_date": "Until when it is true; may be partial.",
        },
    ),
    "quotes": Description(
        "Quotes",
        "What somebody is quoted with.",
        {
            "speaker_id": "Who said it.",
            "verb": "The verb that introduces it.",
            "direct": "1 verbatim, 0 reported speech.",
        },
    ),
    "extractions": Description(
        "Extractions",
        "The tools, or the people, that found entities, relations and quotes.",
        {"tool": "The name.", "version": "Its version.", "model": "The model it worked with."},
        label_column="tool",
    ),
    "vocabulary": Description(
        "Vocabulary",
        "Terms of published vocabularies that stand for types and predicates in exports.",
        {
            "kind": "type or predicate.",
            "label": "The type or predicate.",
            "iri": "IRI of the class or property.",
        },
        label_column="label",
        facets=("kind",),
    ),
    "sources": Description(
        "Sources",
        "The files that were loaded.",
        {
            "name": "Name of the file; - is standard input.",
            "place": "Tells its folder from others, without naming it.",
            "size": "Size in bytes.",
            "sha256": "SHA-256 of what was read, decompressed.",
            "resume_line": "Line of the last record taken.",
            "resume_byte": "Offset behind it, while incomplete.",
            "complete": "1 when it was read to its end.",
            "way": "Hash of format, map and sidecar that it was read with.",
        },
        label_column="name",
    ),
    "rejects": Description(
        "Rejects",
        "Records, and parts of records, that could not be taken.",
        {
            "source": "Name of the file.",
            "line": "Line of the record, or its number in an array, from 1.",
            "item": "0 for a whole record, else the ordinal of the part.",
            "reason": "Why it could not be taken.",
            "raw": "Its first 2 kB, as given.",
        },
        facets=("source",),
    ),
    "settings": Description(
        "Settings",
        "Settings of this database.",
        {"name": "base_iri.", "value": "Its value."},
        hidden=True,
    ),
    "unsettled": Description(
        "Unsettled",
        "What the end of a load has yet to compute again.",
        {"kind": "entity, relation or article.", "row_id": "Its row number."},
        hidden=True,
    ),
    "facet_counts": Description(
        "Facet counts",
        "The values of the facets of the views, counted.",
        {
            "view": "The view.",
            "facet": "The facet.",
            "value": "The value that rows are filtered by.",
            "label": "The value to show.",
            "count": "Rows of the view that have it.",
        },
        hidden=True,
    ),
    "facet_rows": Description(
        "Facet rows",
        "Which rows of a view each value of a facet has, to count them quickly.",
        {
            "view": "The view.",
            "facet": "The facet; for all zones with @all behind its name.",
            "value": "The value.",
            "rows": "The ids of its rows: a bit each, the lowest first, compressed.",
        },
        hidden=True,
    ),
}
