"""What each format can hold of an article, for ``test_same_article``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from datasette_newsgraph.anchoring import CONVERTED, EXACT, MOVED, NORMALISED, UNVERIFIED

#: What comes of a span: it was right, of another unit, nothing is said to read there, or it has no
#: offsets and was found by its words (also where these are in capitals).
Statuses = frozenset[str]
RIGHT: Statuses = frozenset({EXACT})
UNITS: Statuses = frozenset({EXACT, CONVERTED})
UNSAID: Statuses = frozenset({UNVERIFIED})
FOUND: Statuses = frozenset({MOVED})


@dataclass(frozen=True)
class Carries:
    """What a format has a place for."""

    #: What anchoring has to say of its mentions.
    spans: Statuses
    #: All mentions, the first one of each thing, or those that a statement is about.
    mentions: Literal["all", "first", "stated"] = "all"
    #: What is told to state a relation.
    evidence: Literal["sentence", "text"] | None = None
    relations: bool = False
    #: Confidence, of mentions and of relations.
    mention_scores: bool = False
    relation_scores: bool = False
    #: Whether mentions in other words are of one thing: by clusters, or by what they identify.
    names: bool = False
    identifiers: bool = False
    #: Whether predicates are properties of Wikidata, and so their terms in RDF.
    properties: bool = False
    #: Whether address, title, date and language of the article are in it: a sidecar has them else.
    about: bool = False
    # What nearly all formats have.
    without_types: bool = False
    in_capitals: bool = False
    #: Neither a text nor tokens to put it together of.
    without_text: bool = False
    #: Nothing that the tool calls the document: it is known by its number in the file.
    without_id: bool = False
    #: Articles are told apart by nothing but their texts.
    by_text: bool = False
    #: Some spans have none, so that their keys are others than the record's.
    without_offsets: bool = False


def _carries(
    spans: Statuses,
    words: str = "",
    mentions: Literal["all", "first", "stated"] = "all",
    evidence: Literal["sentence", "text"] | None = None,
) -> Carries:
    flags: dict[str, Any] = dict.fromkeys(words.split(), True)
    return Carries(spans, mentions, evidence, **flags)


_NODES_AND_EDGES = _carries(
    FOUND, "names identifiers relations relation_scores about without_offsets", evidence="sentence"
)

CARRIES: dict[str, Carries] = {
    "record": _carries(
        RIGHT,
        "names identifiers mention_scores relations relation_scores about",
        evidence="sentence",
    ),
    "spacy": _carries(UNSAID, "names identifiers relations relation_scores about"),
    "docbin": _carries(UNSAID, "names identifiers relations relation_scores about"),
    "corenlp": _carries(UNITS, "mention_scores relations", evidence="sentence"),
    "stanza": _carries(RIGHT, "without_id"),
    "flair": _carries(
        RIGHT, "names identifiers mention_scores relations relation_scores without_id"
    ),
    "allennlp": _carries(RIGHT, ""),
    "gliner": _carries(RIGHT, "mention_scores without_text without_id"),
    "transformers": _carries(RIGHT, "mention_scores without_text without_id"),
    "gliner_relex": _carries(
        RIGHT, "mention_scores relations relation_scores without_text without_id"
    ),
    "glirel": _carries(RIGHT, "relations relation_scores without_id"),
    "label_studio": _carries(UNITS, "relations about"),
    "label_studio_table": _carries(UNITS, "about"),
    "prodigy": _carries(RIGHT, "names identifiers relations about"),
    "doccano": _carries(UNSAID, "relations about"),
    "ner_annotator": _carries(UNSAID, "without_id"),
    "pubannotation": _carries(UNSAID, "names identifiers mention_scores relations"),
    "brat": _carries(RIGHT, "names identifiers relations"),
    "webanno": _carries(UNITS, "names identifiers relations without_id"),
    "inception": _carries(UNSAID | UNITS, "names identifiers relations"),
    "uima_xmi": _carries(UNSAID, "names identifiers relations"),
    "uima_json": _carries(UNSAID, "names identifiers relations"),
    "docred": _carries(RIGHT, "names relations properties", evidence="sentence"),
    # What it takes for a sentence is all of the article.
    "spert": _carries(RIGHT, "relations", evidence="text"),
    "tagged_tokens": _carries(RIGHT, "relations", evidence="text"),
    "tacred": _carries(RIGHT, "relations", evidence="sentence"),
    "dygie": _carries(RIGHT, "relations", evidence="sentence"),
    "oneie": _carries(RIGHT, "names relations", evidence="sentence"),
    "maven": _carries(RIGHT, "names"),
    "fewrel": _carries(
        RIGHT,
        "names identifiers relations properties without_types without_id by_text without_offsets",
        mentions="stated",
        evidence="text",
    ),
    "nyt": _carries(FOUND, "relations without_offsets", evidence="text"),
    "elevant": _carries(UNSAID, "names identifiers"),
    "uie": _carries(RIGHT, "mention_scores relations relation_scores without_text without_id"),
    "schema_org": _carries(FOUND, "names identifiers about without_offsets"),
    "ninjs_entities": _carries(FOUND, "names identifiers about without_offsets"),
    "gliner_training": _carries(RIGHT, "without_id"),
    "spacy_training": _carries(RIGHT, "names identifiers without_id"),
    "rebel": _carries(
        RIGHT,
        "names identifiers relations relation_scores properties without_types",
        evidence="sentence",
    ),
    "conll": _carries(RIGHT, "names identifiers"),
    "word_table": _carries(RIGHT, ""),
    "conll2012": _carries(RIGHT, "names"),
    "conllu": _carries(RIGHT, "names identifiers relations about", evidence="sentence"),
    "node_link": _NODES_AND_EDGES,
    "graphml": _NODES_AND_EDGES,
    "gexf": _carries(
        FOUND,
        "names identifiers relations relation_scores without_text without_offsets",
        evidence="sentence",
    ),
    "neo4j": _NODES_AND_EDGES,
    "node_tables": _carries(
        FOUND,
        "names identifiers relations relation_scores without_text without_offsets",
        evidence="sentence",
    ),
    "lightrag": _carries(FOUND, "relations without_offsets", evidence="text"),
    "kg_gen": _carries(
        FOUND, "names relations without_types without_text without_id without_offsets"
    ),
    "itext2kg": _carries(FOUND, "relations without_id without_offsets"),
    "oneke": _carries(FOUND, "relations without_offsets"),
    "langchain": _carries(
        FOUND,
        "names identifiers relations relation_scores about without_offsets",
        mentions="first",
        evidence="sentence",
    ),
    "structured": _carries(
        FOUND,
        "names identifiers relations relation_scores about without_offsets",
        evidence="sentence",
    ),
    "langextract": _carries(RIGHT, "relations relation_scores", evidence="sentence"),
    "graphrag": _carries(
        FOUND | {NORMALISED},
        "relations in_capitals without_offsets",
        mentions="first",
        evidence="sentence",
    ),
    "followthemoney": _carries(FOUND, "names identifiers relations about", mentions="first"),
    "tei": _carries(UNSAID, "names identifiers relations about"),
    "naf": _carries(RIGHT, "names identifiers about"),
    "gate": _carries(UNSAID, "names identifiers about"),
    "cat": _carries(RIGHT, "names identifiers relations", evidence="sentence"),
    "nif": _carries(RIGHT, "names identifiers mention_scores about"),
    "web_annotation": _carries(RIGHT, "names identifiers without_text"),
    # It tells neither the unit nor the end: of a single sentence they may be taken for others.
    "google_nl": _carries(UNITS | {MOVED}, "names mention_scores without_id"),
    "comprehend": _carries(RIGHT, "mention_scores without_text"),
    # Only the evidence has no offsets.
    "diffbot": _carries(
        RIGHT,
        "names identifiers mention_scores relations relation_scores"
        " without_text without_id without_offsets",
        evidence="sentence",
    ),
    "triples": _carries(
        FOUND,
        "names identifiers relations relation_scores about without_offsets",
        mentions="stated",
        evidence="sentence",
    ),
}
