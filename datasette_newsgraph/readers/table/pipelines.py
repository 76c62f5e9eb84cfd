"""What libraries and models write that find names and relations in texts."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Deflated, Keys, Pattern
from datasette_newsgraph.readers.record_signs import UnderAnyKey
from datasette_newsgraph.readers.table.format import JSON, Format
from datasette_newsgraph.readers.tag_list_signs import TagLists

_RELEX = ("relation", "head.start", "head.end", "head.text", "tail.start", "tail.end", "tail.text")

PIPELINES: tuple[Format, ...] = (
    Format(
        "spacy",
        "spaCy, Doc.to_json",
        JSON,
        (
            Keys(("text", "ents[].start", "ents[].label")),
            Keys(("text", "ents[].start_char", "ents[].label_")),
            Keys(("text", "ents[].start_char", "ents[].label")),
            Keys(("text", "entities[].start_char", "entities[].label_")),
            Keys(("text", "entities[].start_char", "entities[].label")),
            Keys(
                ("text", "tokens[].id", "tokens[].start", "tokens[].end"),
                without=("tokens[].text",),
            ),
            Keys(("text", "spans[].start_token", "spans[].label")),
            Keys(("text", "ents")),
            # Training pairs
            Keys(("[]", "[].entities[][]"), without=("[].text", "[].tokens")),
        ),
        known_as="spaCy (JSON)",
    ),
    Format(
        "docbin",
        "spaCy, DocBin",
        (".spacy",),
        (
            # A msgpack map of a few keys, of which the first are these (spaCy 3.0 and later).
            Deflated(
                rb"[\x80-\x8f](?:\xa7version\xa3[\d.]{3})?\xa5attrs",
                "data packed with zlib that begins with `attrs`",
            ),
        ),
        extra="spacy",
        known_as="spaCy (DocBin)",
    ),
    Format(
        "corenlp",
        "Stanford CoreNLP JSON",
        JSON,
        (
            Keys(("sentences[].index", "sentences[].tokens[].characterOffsetBegin")),
            Keys(("sentences[].entitymentions[].ner", "sentences[].entitymentions[].text")),
            Keys(("sentences[].openie[].subjectSpan", "sentences[].openie[].relation")),
            Keys(("sentences[].kbp[].subjectSpan", "sentences[].kbp[].relation")),
        ),
        labels=("corenlp", "kbp", "ontonotes", "conll", "ace"),
        known_as="Stanford CoreNLP",
    ),
    Format(
        "stanza",
        "Stanza",
        JSON,
        (
            Keys(("[].text", "[].start_char")),
            Keys(("[].id", "[].text", "[].upos")),
            Keys(("[].id", "[].text", "[].ner")),
            Keys(("[][].text", "[][].start_char")),
            Keys(("[][].id", "[][].text", "[][].upos")),
            Keys(("[][].id", "[][].text", "[][].ner")),
            Keys(("text", "type", "start_char", "end_char")),
            Keys(("sentences[][].text", "sentences[][].id")),
            Keys(("sentences[].tokens[].text", "sentences[].tokens[].start_char")),
            Keys(("sentences[].entities[].type", "sentences[].entities[].start_char")),
            Keys(("entities[].text", "entities[].type", "entities[].start_char")),
            Keys(("ents[].text", "ents[].type", "ents[].start_char")),
        ),
    ),
    Format(
        "allennlp",
        "AllenNLP",
        JSON,
        (
            TagLists(beside=("logits", "mask", "class_probabilities"), without=(), weight=5),
            Keys(("words[]", "verbs[].tags[]", "verbs[].description")),
            Keys(("document[]", "clusters", "top_spans")),
            Keys(("document[]", "clusters[][][]", "predicted_antecedents")),
        ),
    ),
    Format(
        "flair",
        "Flair",
        JSON,
        (
            Keys(("text", "entities[].start_pos", "entities[].end_pos")),
            Keys(("text", "start_pos", "end_pos")),
            Keys(("[].text", "[].start_pos", "[].end_pos")),
            Keys(("text", "labels", "entities")),
            Keys(("text", "all labels")),
        ),
    ),
    Format(
        "gliner",
        "GLiNER",
        JSON,
        (
            Keys(("start", "end", "text", "label")),
            Keys(("[].start", "[].end", "[].text", "[].label")),
            Keys(("[].start", "[].end", "[].label", "[].score")),
            Keys(("text", "entities[].start", "entities[].end", "entities[].label")),
            Keys(("entities[].start", "entities[].label", "entities[].score")),
            Keys(("text", "entities[].text", "entities[].label"), usual=True),
            Keys(("text", "entities[].text", "entities[].type"), usual=True),
            Pattern(
                rb'"entities"\s*:\s*\{\s*"(?!(?:hashtags|urls|symbols|media|mentions|user_mentions|'
                rb'annotations|description)")[^"\n]*"\s*:\s*\[',
                "JSON whose `entities` have a list for each label",
                weight=3,
            ),
        ),
    ),
    Format(
        "transformers",
        "Hugging Face Transformers, token classification",
        JSON,
        tuple(
            Keys(tuple(f"{place}{each}" for each in (label, "word", "score")))
            for place in ("", "[].", "entities[].")
            for label in ("entity_group", "entity")
        ),
        labels=("conll", "ontonotes", "ace", "plain"),
        known_as="Hugging Face Transformers",
    ),
    Format(
        "gliner_relex",
        "GLiNER-RelEx",
        JSON,
        (
            Keys(tuple(f"relations[].{each}" for each in _RELEX)),
            Keys(tuple(f"[].{each}" for each in _RELEX)),
            Keys(tuple(f"[][].{each}" for each in _RELEX)),
            Keys(tuple(f"[][][].{each}" for each in _RELEX)),
            *(
                Keys(tuple(f"{lists}.{each}" for each in ("start", "end", "label", "score")))
                for lists in ("[][]", "[][][]")
            ),
            Keys(("relations", "entities[].start", "entities[].label", "entities[].score")),
        ),
    ),
    Format(
        "glirel",
        "GLiREL",
        JSON,
        (
            Keys(("head_pos", "tail_pos", "label")),
            Keys(("[].head_pos", "[].tail_pos", "[].label")),
            Keys(("relations[].head_pos", "relations[].tail_pos", "relations[].label")),
            Keys(("tokenized_text", "relations[].head.position", "relations[].relation_text")),
        ),
    ),
    Format(
        "uie",
        "UIE, PaddleNLP's information extraction",
        JSON,
        (UnderAnyKey(("text", "start", "end", "probability"), in_all=("text", "probability")),),
        labels=("uie", "plain", "ontonotes", "conll"),
        known_as="UIE (PaddleNLP)",
    ),
)
