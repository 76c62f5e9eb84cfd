"""The tables of what is loaded: what the files say, the files themselves, and settings.

One entry is a column with its type, its rule and its meaning in words.
"""

from __future__ import annotations

from dataclasses import replace

from datasette_newsgraph.article import ZONES
from datasette_newsgraph.store.columns import (
    BASIS,
    COUNT,
    COUNTS,
    DATATYPE,
    DIRECT,
    ID,
    IRI,
    KEY,
    KIND,
    LATITUDE,
    LENGTH,
    LONGITUDE,
    NAME,
    NUMBER,
    OBJECT,
    PLACE,
    SHA256,
    SPAN,
    STRINGS,
    TEXT,
    VALUE,
    ZONE,
    Table,
    date,
    row_of,
)

LOADED: dict[str, Table] = {
    "settings": Table(
        {
            "name": TEXT.says("Name of the setting: base_iri."),
            "value": TEXT.says("Value of the setting."),
        },
        pk="name",
    ),
    "sources": Table(
        {
            "id": ID,
            "name": TEXT.says("Name of the file; - for standard input."),
            "place": TEXT.says("Hash of its folder, which tells files of one name apart."),
            "size": NUMBER.says("Size in bytes."),
            "sha256": TEXT.says("SHA-256 checksum of what was read, after decompression."),
            "resume_line": NUMBER.says("Line of the last record that was read."),
            "resume_byte": NUMBER.says(
                "Byte where an interrupted load goes on; empty when complete."
            ),
            "complete": NUMBER.says("1 if the file was read to its end, else 0."),
            "way": TEXT.says("Hash of the format, label map and articles file used."),
        }
    ),
    "extractions": Table(
        {
            "id": ID,
            "key": KEY,
            "tool": NAME.says("Name of the tool or the people."),
            "version": TEXT.says("Version of the tool."),
            "model": TEXT.says("Model that the tool used."),
        }
    ),
    "articles": Table(
        {
            "id": ID,
            "key": KEY,
            "given_id": NAME.says("The id that the article record gave."),
            "title": TEXT.says("Title of the article."),
            "url": TEXT.says("Web address of the article."),
            "publisher": TEXT.says("Name of the publisher."),
            "authors": STRINGS.says("Names of the authors, as a JSON array."),
            "sections": STRINGS.says("Sections of the newspaper or site, as a JSON array."),
            "published": date("given_published").says(
                "Date of publication; may be a month (2021-08) or a year."
            ),
            "language": TEXT.says("Language tag (BCP 47), such as en."),
            "licence": TEXT.says("IRI or name of the licence."),
            "extraction_id": row_of("extractions", required=False),
            "source_id": row_of("sources", required=False),
            "record_hash": NAME.says("Hash of the record, to recognise it when it comes again."),
            "given_published": TEXT.says("The words given for the date, if they are no date."),
        }
    ),
    # A row where there are any, apart from the article: whoever may not see rejects is not to see it.
    "article_faults": Table(
        {
            "article_id": row_of("articles"),
            "faults": NUMBER.says("Number of parts of the record that were rejected."),
        },
        pk="article_id",
    ),
    "article_texts": Table(
        # What a text is measured by stands before it: SQLite reads a row from its beginning.
        {
            "article_id": row_of("articles"),
            "title": TEXT.says("Title of the article, repeated for full-text search."),
            "first_line": TEXT.says("First line of the text, if the article has no title."),
            "length": LENGTH.says("Length of the text in code points."),
            "sha256": SHA256.says("SHA-256 checksum of the text in UTF-8."),
            "text": TEXT.says("The text. Offsets count its code points from 0."),
        },
        pk="article_id",
    ),
    "zones": Table(
        {
            "id": ID,
            "article_id": row_of("articles"),
            "zone": replace(ZONE, required=True).says(f"{', '.join(ZONES[:-1])} or {ZONES[-1]}."),
            "start_char": PLACE.says("Where the zone starts, in code points from 0."),
            "end_char": PLACE.says("Where the zone ends, in code points (exclusive)."),
        }
    ),
    "entities": Table(
        {
            "id": ID,
            "key": KEY,
            "type": NAME.says("The type that most articles give it."),
            "name": NAME.says("The name that most articles give it."),
            "alias_text": TEXT.says("Its other names, one a line."),
            "description": TEXT.says("The description that most articles give it."),
            "latitude": LATITUDE.says("Latitude in degrees north (WGS 84)."),
            "longitude": LONGITUDE.says("Longitude in degrees east (WGS 84)."),
            "basis": BASIS.says(
                "What its key follows from: identifier, name, or name and article."
            ),
        }
    ),
    "appearances": Table(
        {
            "id": ID,
            "article_id": row_of("articles"),
            "entity_id": row_of("entities"),
            "type": NAME.says("The type that this article gives it."),
            "name": NAME.says("The name that this article gives it."),
            "description": TEXT.says("The description that this article gives it."),
            "latitude": LATITUDE.says("Latitude in degrees north (WGS 84)."),
            "longitude": LONGITUDE.says("Longitude in degrees east (WGS 84)."),
            "mentions": COUNT.says("Number of mentions in this article."),
            "main_mentions": COUNT.says("Number of mentions in title, standfirst and body."),
            "mentions_by_zone": COUNTS.says("Number of mentions in each zone, as a JSON object."),
        }
    ),
    "aliases": Table(
        {
            "id": ID,
            "appearance_id": row_of("appearances"),
            "entity_id": row_of("entities"),
            "alias": NAME.says("The other name."),
        }
    ),
    "identifiers": Table(
        {
            "id": ID,
            "appearance_id": row_of("appearances"),
            "entity_id": row_of("entities"),
            "iri": IRI.says("The IRI, in the form that its authority uses."),
        }
    ),
    "mentions": Table(
        {
            "id": ID,
            "key": KEY,
            "article_id": row_of("articles"),
            "entity_id": row_of("entities"),
            **SPAN,
        }
    ),
    "relations": Table(
        {
            "id": ID,
            "key": KEY,
            "subject_id": row_of("entities").says("The entity that the relation is about."),
            "predicate": NAME.says("What the relation says, such as member of."),
            "object_id": OBJECT.says("The entity that the subject is related to."),
            "value": VALUE.says("A value in place of an object, such as a date."),
            "datatype": DATATYPE.says("Kind of value: string, date, number, boolean or IRI."),
        }
    ),
    "evidence": Table(
        {
            "id": ID,
            "key": KEY,
            "relation_id": row_of("relations"),
            "article_id": row_of("articles"),
            "extraction_id": row_of("extractions", required=False),
            "start_date": date("given_start_date").says(
                "Date since which it holds; may be a month or year."
            ),
            "end_date": date("given_end_date").says(
                "Date until which it holds; may be a month or year."
            ),
            **SPAN,
            "sentence_start": NUMBER.says("Where its sentence, or the first of them, starts."),
            "sentence_end": NUMBER.says(
                "Where its sentence, or the last of them, ends (exclusive)."
            ),
            "given_start_date": TEXT.says("The words given for the start date, if they are none."),
            "given_end_date": TEXT.says("The words given for the end date, if they are none."),
            "pattern": TEXT.says("The rule or pattern of the tool that found the statement."),
        }
    ),
    "quotes": Table(
        {
            "id": ID,
            "key": KEY,
            "article_id": row_of("articles"),
            "speaker_id": row_of("entities", required=False).says("The entity that said it."),
            "verb": TEXT.says("The verb that introduces it, such as said."),
            "direct": DIRECT.says("1 for the speaker's own words, 0 for reported speech."),
            **SPAN,
        }
    ),
    "rejects": Table(
        {
            "id": ID,
            "source_id": row_of("sources", required=False),
            "source": TEXT.says("Name of the file."),
            "line": NUMBER.says("Line of the record, or its number in an array, from 1."),
            "item": NUMBER.says("0 for a whole record, else the number of the part."),
            "reason": TEXT.says("Why it could not be loaded."),
            "raw": TEXT.says("The first 2 kB of it, unless an earlier row has them."),
            "parts": NUMBER.says("How many it stands for: 1, but behind the first 100."),
            "article_key": TEXT.says("Key of the article of the record, if that was read."),
        }
    ),
    "vocabulary": Table(
        {
            "id": ID,
            "kind": KIND.says("What the label is: type or predicate."),
            "label": NAME.says("The type or predicate."),
            "iri": IRI.says("IRI of the class or property that exports use."),
        }
    ),
}
