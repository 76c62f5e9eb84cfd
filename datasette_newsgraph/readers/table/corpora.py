"""The forms of corpora, and of the models that are trained with them."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Keys
from datasette_newsgraph.readers.table.format import JSON, Format

CORPORA: tuple[Format, ...] = (
    Format(
        "docred",
        "DocRED and Re-DocRED",
        JSON,
        (Keys(("vertexSet", "sents[]")), Keys(("vertexSet[][].sent_id", "vertexSet[][].pos"))),
        labels=("docred", "conll"),
    ),
    Format(
        "spert",
        "SpERT and CoNLL04",
        JSON,
        (
            Keys(
                ("tokens[]", "entities", "relations"),
                without=("tokens[].id", "tokens[].text", "tags", "text"),
            ),
        ),
        labels=("conll04", "ontonotes", "conll", "ace"),
    ),
    Format(
        "dygie",
        "DyGIE++, SciERC and CrossRE",
        JSON,
        (
            Keys(("doc_key", "sentences[][]", "ner")),
            Keys(("doc_key", "sentences[][]", "predicted_ner")),
            Keys(("doc_key", "sentences[][]", "events")),
            Keys(("doc_key", "sentence[]", "ner", "relations")),
        ),
        labels=("crossre", "scierc", "ace", "ontonotes", "conll"),
    ),
    Format(
        "rebel",
        "REBEL triplets",
        JSON,
        (
            Keys(("docid", "uri", "text", "entities", "triples")),
            Keys(("entities[].boundaries", "entities[].surfaceform")),
            Keys(("triples[].subject.surfaceform", "triples[].predicate.surfaceform")),
            Keys(("triples[].head", "triples[].type", "triples[].tail")),
            Keys(("triplets[].head", "triplets[].type", "triplets[].tail")),
            Keys(("head", "type", "tail")),
            Keys(("[].head", "[].type", "[].tail")),
        ),
        labels=("wikidata", "mrebel"),
    ),
)
