"""What services answer."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Keys
from datasette_newsgraph.readers.table.format import JSON, Format

SERVICES: tuple[Format, ...] = (
    Format(
        "google_nl",
        "Google Natural Language",
        JSON,
        (
            Keys(("entities[].mentions[].text.content", "entities[].name", "entities[].type")),
            Keys(("entities[].mentions[].text.content", "entities[].name", "entities[].type_")),
            Keys(("entities", "languageCode", "languageSupported")),
            Keys(("entities", "documentSentiment", "sentences[].text.content")),
        ),
        labels=("google", "ontonotes", "conll"),
        known_as="Google Natural Language",
    ),
    Format(
        "comprehend",
        "Amazon Comprehend",
        JSON,
        (
            Keys(("Entities[].BeginOffset", "Entities[].EndOffset", "Entities[].Type")),
            Keys(("Entities[].Mentions[].BeginOffset", "Entities[].Mentions[].EndOffset")),
            Keys(("ResultList[].Entities",)),
            Keys(("Entities", "File")),
            Keys(("Entities", "ResponseMetadata")),
            Keys(("File", "ErrorCode", "ErrorMessage")),
        ),
        labels=("comprehend", "ontonotes", "conll"),
    ),
    Format(
        "diffbot",
        "Diffbot Natural Language",
        JSON,
        (
            Keys(
                (
                    "entities[].diffbotUri",
                    "entities[].mentions[].beginOffset",
                    "entities[].mentions[].endOffset",
                )
            ),
            Keys(("entities[].allTypes", "entities[].mentions[].endOffset", "entities[].salience")),
            Keys(("facts[].humanReadable", "facts[].evidence[].passage", "facts[].property")),
        ),
        labels=("plain", "ontonotes", "conll"),
    ),
)
