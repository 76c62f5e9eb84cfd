"""The article record of newsgraph itself."""

from __future__ import annotations

from datasette_newsgraph.article import Article, Entity, Quote, Relation
from datasette_newsgraph.readers.format_signs import Keys
from datasette_newsgraph.readers.record_signs import Fields, Lacking
from datasette_newsgraph.readers.table.format import Format

_KNOWN = frozenset(Article.__struct_fields__)
_FOREIGN = frozenset(
    (
        *("label", "labels", "spans", "ents", "tokens", "annotations"),
        # What a language model wrote about the text.
        *("answer", "completion", "extraction", "generated_text", "knowledge_graph", "llm_output"),
        *(
            "llm_response",
            "model_output",
            "output",
            "prediction",
            "raw_output",
            "response",
            "result",
        ),
    )
)

OWN: tuple[Format, ...] = (
    Format(
        "record",
        "the article record of newsgraph",
        (".jsonl", ".ndjson", ".json"),
        (
            Fields(
                known=_KNOWN,
                foreign=_FOREIGN,
                parts={
                    "entities": ("id", "name", "type"),
                    "relations": ("subject", "predicate"),
                },
            ),
            # Without an id of its own it is a record nonetheless, and no document of statements.
            Keys(
                (
                    *(f"entities[].{each}" for each in ("id", "name", "type", "mentions[].start")),
                    "text",
                ),
                without=("id",),
            ),
            Lacking(
                known=_KNOWN,
                foreign=_FOREIGN,
                parts={
                    "entities": frozenset(Entity.__struct_fields__),
                    "relations": frozenset(Relation.__struct_fields__),
                    "quotes": frozenset(Quote.__struct_fields__),
                },
            ),
        ),
        labels=(),
        known_as="our own article records",
    ),
)
