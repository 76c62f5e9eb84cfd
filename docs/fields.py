"""What each field of the article record holds, where the JSON Schema does not say it itself.

``docs/record.md`` is written from this by ``generate.py``.
"""

from __future__ import annotations

FIELDS = {
    ("Article", "url"): "The web address of the article.",
    ("Article", "title"): "The title. It is not part of `text`, unless `text` repeats it.",
    ("Article", "publisher"): "The name of the publisher.",
    ("Article", "authors"): "The names of the authors.",
    ("Article", "sections"): "Sections of the newspaper or site, the widest first.",
    ("Article", "text"): "The text. All offsets count its code points.",
    ("Article", "zones"): "Parts of the text that are marked as title, caption, footer and so on.",
    ("Article", "entities"): "The entities that the article names.",
    ("Article", "relations"): "The relations that it states.",
    ("Article", "quotes"): "The quotes in it.",
    ("Article", "vocabulary"): "The terms that its types and predicates have in exports.",
    ("Article", "extractor"): "The tool, or the people, that found all this.",
    ("Zone", "zone"): "The kind of zone.",
    ("Zone", "start"): "Where the zone starts, in code points from 0.",
    ("Zone", "end"): "Where the zone ends, in code points (exclusive).",
    ("Entity", "name"): "The name to show.",
    ("Entity", "aliases"): "Its other names.",
    ("Entity", "description"): "What the entity is, in a few words.",
    ("Entity", "latitude"): "Degrees north (WGS 84), from -90 to 90. It needs `longitude`.",
    ("Entity", "longitude"): "Degrees east (WGS 84), from -180 to 180. It needs `latitude`.",
    ("Entity", "mentions"): "The places where the text names it.",
    ("Relation", "value"): "A value in place of an object, such as a date.",
    ("Relation", "datatype"): "The kind of value. By default it is the JSON type of `value`.",
    ("Relation", "evidence"): "The passages that state it. Without any, the place is not known.",
    ("Quote", "verb"): "The verb that introduces the quote, such as said or warned.",
    ("Quote", "direct"): "True for the speaker's own words, false for reported speech.",
    ("Term", "kind"): "What the label is.",
    ("Term", "label"): "The type or predicate, in any case.",
    ("Term", "iri"): "An absolute IRI. A term that the database has for the label already is kept.",
    ("Extractor", "name"): "The name of the tool.",
    ("Extractor", "version"): "The version of the tool.",
    ("Extractor", "model"): "The model that the tool used.",
}
