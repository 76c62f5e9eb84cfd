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

#: The fields of a decision in a file; docs/decisions.md is written from this.
DECISIONS = {
    "verdict": "What is decided.",
    "left": "The key of what it is decided on, or the batch or the decision that is taken back.",
    "left_name": "The name of that, for the reader: as it was before a decision gave it another.",
    "right": "The key of the other entity, of a pair or a split.",
    "right_name": "The name of that, for the reader.",
    "keep": "Of two entities that are the same, the key that stands for both.",
    "kind": "What `left` is the key of. Needed only for `wrong` of what is no entity, and for `undo` of"
    " one decision.",
    "articles": "The keys of the articles of a split: in JSON a list, in a table with spaces between.",
    "value": "The name or the type; of a split, the name of what is split off.",
    "by": "Who decided. Nobody has to say so.",
    "at": "When, in UTC with microseconds, as `2026-11-28T17:20:01.123456Z`. Without it, now.",
    "how": "By which way or rule: what begins with `rule` counts less than what people decided.",
    "why": "Why, in words.",
    "batch": "Decisions of one batch are taken back together. Those of a file that name none get one.",
    "key": "The key of the decision itself, for `newsgraph undo`. It follows from all other fields.",
}
