"""What each table, view and column holds, in words, and how Datasette is to show it.

Datasette shows the words above the rows, so they are few. ``metadata/datasette.py`` and
``docs/tables.md`` are made from this.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from datasette_newsgraph.anchoring import STATUSES
from datasette_newsgraph.article import ZONES
from datasette_newsgraph.drafting.rejects import MOST_PARTS
from datasette_newsgraph.store.text_parts import PART


@dataclass(frozen=True)
class Description:
    """A table or view in words. ``columns`` describes all but those that ``COMMON`` describes.

    ``facets`` are columns with an index. The facets of views are those of ``facets.catalogue``.
    """

    title: str
    text: str
    columns: dict[str, str] = field(default_factory=dict)
    label_column: str | None = None
    facets: tuple[str, ...] = ()
    sort_desc: str | None = None
    #: The full-text table by which it is searched, and its own column of the row numbers there.
    fts_table: str | None = None
    fts_pk: str | None = None
    #: It only serves other tables: it has what follows from them, what can be read beside them, or
    #: what the loader notes for itself. Datasette lists it apart. Its name may not begin the name of a
    #: table that is to be shown: 0.65 would hide that one, too.
    hidden: bool = False


#: Columns that mean the same in every table and view.
COMMON = {
    "id": "Row number in this database; it means nothing elsewhere.",
    "key": "Last part of its IRI; the same in every database.",
    "article_id": "The article that the row belongs to.",
    "entity_id": "The entity that the row is about.",
    "relation_id": "The relation that the row is about.",
    "extraction_id": "The tool, or the people, that made the annotations.",
    "source_id": "The file that it was loaded from.",
    "appearance_id": "The appearance: the entity in the article that gives it.",
    "start_char": "Where the span starts, in code points from 0; empty if unknown.",
    "end_char": "Where the span ends, in code points (exclusive); empty if unknown.",
    "surface": "The words of the span, as the text has them.",
    "zone": "The zone in which the span begins, if any.",
    "confidence": "How sure the extractor was, from 0 to 1.",
    "offset_status": f"How the span was found: {', '.join(STATUSES)}.",
    "given_start": "The start that the file gave.",
    "given_end": "The end that the file gave.",
    "moved": "How far the span was moved, in code points.",
    "given_surface": "The words that the file gave, where the text has others.",
    "published": "Date of publication; may be a month (2021-08) or a year.",
    "given_published": "The words given for the date, if they are no date.",
    "first_seen": "Earliest publication date of its articles.",
    "last_seen": "Latest publication date of its articles.",
    "article": "Title of the article.",
    "article_key": "Key of the article.",
    "entity_key": "Key of the entity.",
}

_ARTICLE = {
    "title": "Title of the article.",
    "url": "Web address of the article.",
    "publisher": "Name of the publisher.",
    "authors": "Names of the authors, as a JSON array.",
    "sections": "Sections of the newspaper or site, as a JSON array.",
    "language": "Language tag (BCP 47), such as en.",
}

DESCRIPTIONS: dict[str, Description] = {
    "article_index": Description(
        "Browse articles",
        "One row for each article. Search looks in titles and texts.",
        {**_ARTICLE, "month": "Year and month of publication."},
        sort_desc="published",
        fts_table="article_texts_fts",
        fts_pk="id",
    ),
    "entity_index": Description(
        "Browse entities",
        "The people, places, organisations and other things that the articles name. Search looks in"
        " all their names.",
        {
            "name": "The name that most articles give it.",
            "type": "The type that most articles give it.",
            "mentions": "Number of mentions in all articles.",
            "articles": "Number of articles that name it.",
            "description": "The description that most articles give it.",
            "also_called": "Its other names.",
        },
        sort_desc="mentions",
        fts_table="entities_fts",
        fts_pk="id",
    ),
    "mention_index": Description(
        "Browse mentions",
        "Each place where an article names an entity, with the text around it.",
        {
            "before": "The text before the mention.",
            "surface": "The words that name the entity.",
            "after": "The text after the mention.",
            "entity": "Name of the entity.",
            "type": "Type of the entity.",
        },
    ),
    "relation_index": Description(
        "Browse relations",
        "One row for each relation: a statement that one or more articles make.",
        {
            "subject": "Who or what the relation is about.",
            "predicate": "What the relation says, such as member of.",
            "object": "Whom or what the subject is related to, or a value.",
            "articles": "Number of articles that state it.",
            "confidence": "The highest confidence in any article, from 0 to 1.",
            "start_date": "Earliest date given since which it holds.",
            "end_date": "Latest date given until which it holds.",
            "subject_key": "Key of the subject.",
            "object_key": "Key of the object.",
        },
        sort_desc="articles",
    ),
    "quote_index": Description(
        "Browse quotes",
        "One row for each quote in an article. Search looks in the quotes.",
        {
            "quote": "The words of the quote.",
            "speaker": "Name of who said it.",
            "verb": "The verb that introduces it, such as said.",
            "direct": "1 for the speaker's own words, 0 for reported speech.",
            "speaker_key": "Key of the speaker.",
        },
        fts_table="quotes_fts",
        fts_pk="id",
    ),
    "articles": Description(
        "Articles",
        "One row for each article, without its text.",
        {
            "given_id": "The id that the article record gave.",
            **_ARTICLE,
            "licence": "IRI or name of the licence.",
            "record_hash": "Hash of the record, to recognise it when it comes again.",
        },
        label_column="title",
        facets=("publisher", "language"),
        sort_desc="published",
    ),
    "article_faults": Description(
        "Article faults",
        "One row for each article of whose record a part was rejected.",
        {"faults": "Number of parts of the record that were rejected."},
        hidden=True,
    ),
    "article_texts": Description(
        "Article texts",
        "The text of each article, in a table of its own to keep pages of articles small.",
        {
            "title": "Title of the article, repeated for full-text search.",
            "first_line": "First line of the text, if the article has no title.",
            "length": "Length of the text in code points.",
            "sha256": "SHA-256 checksum of the text in UTF-8.",
            "text": "The text. Offsets count its code points from 0.",
        },
        label_column="title",
        fts_table="article_texts_fts",
        fts_pk="article_id",
        hidden=True,
    ),
    "text_parts": Description(
        "Parts of texts",
        "Long texts once more in parts, from which contexts are read faster.",
        {
            "number": "Number of the part in its text, from 0.",
            "part": f"{PART:,} code points of the text, or what is left of it.",
        },
        hidden=True,
    ),
    "zones": Description(
        "Zones",
        "Parts of a text that are marked as title, caption, footer and so on. The rest is body.",
        {
            "zone": f"{', '.join(ZONES[:-1])} or {ZONES[-1]}.",
            "start_char": "Where the zone starts, in code points from 0.",
            "end_char": "Where the zone ends, in code points (exclusive).",
        },
    ),
    "entities": Description(
        "Entities",
        "The people, places, organisations, events and other things that the articles name.",
        {
            "type": "The type that most articles give it.",
            "name": "The name that most articles give it.",
            "alias_text": "Its other names, one a line.",
            "description": "The description that most articles give it.",
            "latitude": "Latitude in degrees north (WGS 84).",
            "longitude": "Longitude in degrees east (WGS 84).",
            "basis": "What its key follows from: identifier, name, or name and article.",
        },
        label_column="name",
        facets=("type",),
        fts_table="entities_fts",
        fts_pk="id",
    ),
    "entity_counts": Description(
        "Entity counts",
        "How many articles name each entity, how often, and from when to when.",
        {
            "mentions": "Number of mentions in all articles.",
            "articles": "Number of articles that name it.",
            "type": "Type of the entity, repeated from entities.",
        },
        sort_desc="mentions",
        hidden=True,
    ),
    "appearances": Description(
        "Appearances",
        "One row for each entity in each article, with the name and type given there.",
        {
            "type": "The type that this article gives it.",
            "name": "The name that this article gives it.",
            "description": "The description that this article gives it.",
            "latitude": "Latitude in degrees north (WGS 84).",
            "longitude": "Longitude in degrees east (WGS 84).",
            "mentions": "Number of mentions in this article.",
            "main_mentions": "Number of mentions in title, standfirst and body.",
            "mentions_by_zone": "Number of mentions in each zone, as a JSON object.",
        },
        label_column="name",
        hidden=True,
    ),
    "aliases": Description(
        "Aliases",
        "Other names of entities, each with the article that gives it.",
        {"alias": "The other name."},
        label_column="alias",
        hidden=True,
    ),
    "identifiers": Description(
        "Identifiers",
        "IRIs of entities at Wikidata and elsewhere, each with the article that gives it.",
        {"iri": "The IRI, in the form that its authority uses."},
        label_column="iri",
    ),
    "mentions": Description("Mentions", "Each span of a text that names an entity."),
    "relations": Description(
        "Relations",
        "One row for each relation: a statement about an entity, however many articles make it.",
        {
            "subject_id": "The entity that the relation is about.",
            "predicate": "What the relation says, such as member of.",
            "object_id": "The entity that the subject is related to.",
            "value": "A value in place of an object, such as a date.",
            "datatype": "Kind of value: string, date, number, boolean or IRI.",
        },
        label_column="predicate",
        facets=("predicate",),
    ),
    "relation_counts": Description(
        "Relation counts",
        "How many articles state each relation, from when to when, and with what confidence.",
        {
            "subject_id": "Subject of the relation, repeated from relations.",
            "predicate": "Predicate of the relation, repeated from relations.",
            "object_id": "Object of the relation, repeated from relations.",
            "articles": "Number of articles that state it.",
            "evidence": "Number of rows of evidence for it.",
            "unrated": "Number of those rows without a confidence.",
            "confidence": "The highest confidence of those rows.",
            "start_date": "The earliest start date given.",
            "end_date": "The latest end date given.",
        },
        sort_desc="articles",
        hidden=True,
    ),
    "evidence": Description(
        "Evidence",
        "The passages that state relations: one row for each time that an article states one.",
        {
            "start_date": "Date since which it holds; may be a month or year.",
            "end_date": "Date until which it holds; may be a month or year.",
            "given_start_date": "The words given for the start date, if they are none.",
            "given_end_date": "The words given for the end date, if they are none.",
            "sentence_start": "Where its sentence, or the first of them, starts.",
            "sentence_end": "Where its sentence, or the last of them, ends (exclusive).",
        },
    ),
    "quotes": Description(
        "Quotes",
        "The quotes in the articles, and who said them.",
        {
            "speaker_id": "The entity that said it.",
            "verb": "The verb that introduces it, such as said.",
            "direct": "1 for the speaker's own words, 0 for reported speech.",
        },
        fts_table="quotes_fts",
        fts_pk="id",
    ),
    "extractions": Description(
        "Extractions",
        "The tools, or the people, that found the entities, relations and quotes.",
        {
            "tool": "Name of the tool or the people.",
            "version": "Version of the tool.",
            "model": "Model that the tool used.",
        },
        label_column="tool",
    ),
    "vocabulary": Description(
        "Vocabulary",
        "The terms of published vocabularies that exports use for types and predicates.",
        {
            "kind": "What the label is: type or predicate.",
            "label": "The type or predicate.",
            "iri": "IRI of the class or property that exports use.",
        },
        label_column="label",
        facets=("kind",),
    ),
    "sources": Description(
        "Sources",
        "The files that were loaded.",
        {
            "name": "Name of the file; - for standard input.",
            "place": "Hash of its folder, which tells files of one name apart.",
            "size": "Size in bytes.",
            "sha256": "SHA-256 checksum of what was read, after decompression.",
            "resume_line": "Line of the last record that was read.",
            "resume_byte": "Byte where an interrupted load goes on; empty when complete.",
            "complete": "1 if the file was read to its end, else 0.",
            "way": "Hash of the format, label map and articles file used.",
        },
        label_column="name",
    ),
    "rejects": Description(
        "Rejects",
        "Records, and parts of records, that could not be loaded.",
        {
            "source": "Name of the file.",
            "line": "Line of the record, or its number in an array, from 1.",
            "item": "0 for a whole record, else the number of the part.",
            "reason": "Why it could not be loaded.",
            "raw": "The first 2 kB of it, unless an earlier row has them.",
            "parts": f"How many it stands for: 1, but behind the first {MOST_PARTS}.",
        },
        facets=("source",),
    ),
    "settings": Description(
        "Settings",
        "Settings of this database.",
        {"name": "Name of the setting: base_iri.", "value": "Value of the setting."},
        hidden=True,
    ),
    "unsettled": Description(
        "Unsettled",
        "Rows that an unfinished load has still to compute again.",
        {"kind": "Kind of row: entity, relation or article.", "row_id": "Number of the row."},
        hidden=True,
    ),
    "facet_counts": Description(
        "Facet counts",
        "The values of each facet of a view, with their numbers of rows.",
        {
            "view": "Name of the view.",
            "facet": "Name of the facet.",
            "value": "The value by which rows are filtered.",
            "label": "The value as it is shown.",
            "count": "Number of rows of the view that have it.",
        },
        hidden=True,
    ),
    "facet_rows": Description(
        "Facet rows",
        "The rows of a view that have each value of a facet, so that they are counted fast.",
        {
            "view": "Name of the view.",
            "facet": "Name of the facet; with @all it covers all zones.",
            "value": "The facet value.",
            "rows": "Ids of the rows as a compressed bitmap, lowest id first.",
        },
        hidden=True,
    ),
    "folded_texts": Description(
        "Folded texts",
        "Titles and texts in the form in which they are searched, if that is not as they are.",
        {"title": "The words of the title.", "text": "The words of the text."},
        hidden=True,
    ),
    "folded_names": Description(
        "Folded names",
        "Names in the form in which they are searched, if that is not as they are.",
        {"name": "The words of the name.", "alias_text": "The words of the other names."},
        hidden=True,
    ),
    "folded_quotes": Description(
        "Folded quotes",
        "Quotes in the form in which they are searched, if that is not as they are.",
        {"quote_id": "The quote that the row is about.", "surface": "The words of the quote."},
        hidden=True,
    ),
}
