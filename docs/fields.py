"""What each field of the article record holds, where the JSON Schema does not say it itself.

``docs/record.md`` is written from this by ``generate.py``.
"""

from __future__ import annotations

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
