"""The forms of corpora, and of the models that are trained with them."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Keys, Pattern, Typed
from datasette_newsgraph.readers.table.format import JSON, Format
from datasette_newsgraph.readers.tag_list_signs import TagLists

#: The first list of FewRel's one object; its ``h`` is not far behind.
BY_RELATION = (
    rb'\A\s*\{\s*"[^"\n]{1,200}"\s*:\s*\[\s*\{\s*"(?:tokens|h|t)"\s*:'
    rb'(?=[\s\S]{0,99999}?"h"\s*:\s*\[)(?=[\s\S]{0,99999}?"t"\s*:\s*\[)'
)

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
        "tagged_tokens",
        "tokens with a tag each: datasets of Hugging Face, TablERT",
        JSON,
        (
            TagLists(),
            Keys(("features[].name", "rows[].row.tokens[]", "rows[].row.ner_tags[]")),
            Keys(("features[].name", "rows[].row.tokens[]", "rows[].row.tags[]")),
        ),
        labels=("conll", "conll04", "ontonotes", "ace", "crossre", "plain"),
        known_as="datasets of Hugging Face with tags",
    ),
    Format(
        "tacred",
        "TACRED and Re-TACRED",
        JSON,
        tuple(
            Keys((f"{tokens}[]", "relation", f"{one}_start", f"{other}_start"))
            for tokens in ("token", "tokens")
            for one, other in (("subj", "obj"), ("e1", "e2"))
        ),
        labels=("kbp", "corenlp", "ontonotes", "conll"),
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
        "oneie",
        "OneIE: ACE and ERE in sentences, and predictions",
        JSON,
        (
            Keys(("tokens[]", "entity_mentions", "event_mentions")),
            Keys(("tokens[]", "entity_mentions", "relation_mentions")),
            Keys(("tokens[]", "entity_mentions[].entity_type", "entity_mentions[].start")),
            Keys(("tokens[]", "graph.entities", "graph.triggers", "graph.relations")),
            # ERE, as it was prepared first
            Keys(
                (
                    *("doc_id", "sent_id", "tokens[]", "events"),
                    *(
                        f"entities[].{each}"
                        for each in ("entity_id", "entity_type", "start", "end")
                    ),
                )
            ),
        ),
        labels=("ace", "ontonotes", "conll"),
        known_as="OneIE",
    ),
    Format(
        "maven",
        "MAVEN, MAVEN-ERE and MAVEN-Arg",
        JSON,
        (
            Keys(("events[].mention[].trigger_word", "events[].mention[].offset", "events[].type")),
            Keys(("content[].sentence", "content[].tokens[]", "events")),
            Keys(("document", "events", "entities[].mention[].offset")),
            # Test data
            Keys(("content[].sentence", "content[].tokens[]", "candidates[].trigger_word")),
            Keys(("tokens[][]", "event_mentions[].trigger_word", "event_mentions[].offset")),
        ),
        labels=("plain", "corenlp", "ontonotes", "ace"),
        known_as="MAVEN",
    ),
    Format(
        "fewrel",
        "FewRel, Wiki80, NYT10 and other data of OpenNRE",
        (".json", ".jsonl", ".txt"),
        (
            Pattern(
                BY_RELATION,
                "JSON with lists under the names of relations, of objects with `tokens`, `h` and `t`",
                weight=5,
            ),
            *(
                Keys((words, "h.name", "t.name", "relation"))
                for words in ("tokens[]", "token[]", "text")
            ),
            *(
                Keys((words, "h.name", "h.pos", "t.name", "t.pos"))
                for words in ("tokens[]", "token[]", "text")
            ),
            Keys(("tokens[]", "h[][]", "t[][]")),
            Keys(("tokens[]", "h[][][]", "t[][][]", "relation")),
        ),
        labels=("wikidata", "nyt", "kbp"),
        known_as="FewRel and OpenNRE",
    ),
    Format(
        "nyt",
        "NYT sentences with relations and entities (CoType)",
        JSON,
        (
            Keys(("sentText", "relationMentions", "entityMentions")),
            Keys(("sentText", "relationMentions[].em1Text", "relationMentions[].em2Text")),
        ),
        labels=("nyt", "kbp", "corenlp", "ontonotes", "conll"),
        known_as="NYT",
    ),
    Format(
        "elevant",
        "ELEVANT: benchmarks and results of entity linking",
        JSON,
        (
            Keys(("text", "labels[].span", "labels[].entity_id")),
            Keys(("text", "entity_mentions[].span", "entity_mentions[].id")),
            # Nothing is named in the first articles.
            Keys(("text", "evaluation_span", "labels")),
            Keys(("text", "evaluation_span", "entity_mentions")),
        ),
        labels=("wikidata_classes",),
        known_as="ELEVANT",
    ),
    Format(
        "gliner_training",
        "GLiNER training data",
        JSON,
        (
            Keys(("tokenized_text[]", "ner[][]"), without=("relations",)),
            Keys(("tokens[]", "ner[][]"), without=("relations", "sentences", "entities")),
            # Nothing is named in the first sentences, or nothing is related.
            Typed({"tokenized_text": list, "ner": list}, weight=2),
        ),
        labels=("plain", "ontonotes", "conll", "ace"),
    ),
    Format(
        "spacy_training",
        "spaCy training data: JSON of spaCy 2, and dictionaries of examples",
        JSON,
        (
            Keys(("paragraphs[].sentences[]", "paragraphs[].sentences[].tokens[].orth")),
            *(
                Keys(("doc_annotation.entities", f"token_annotation.{name}"))
                for name in ("ORTH", "words")
            ),
        ),
        known_as="spaCy training data",
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
