"""The table of input formats: what each is called, and by what it is known.

A new format is a module of this package and an entry here; recognition, ``newsgraph formats``, the
documentation and most tests follow from it. What comes first is preferred where two formats fit a
file equally well.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from datasette_newsgraph.article import Article, Entity, Quote, Relation
from datasette_newsgraph.readers import Reader
from datasette_newsgraph.readers.format_signs import (
    Deflated,
    Files,
    Keys,
    Pattern,
    Sign,
    Tagged,
    Typed,
    iri_pattern,
)
from datasette_newsgraph.readers.record_signs import Fields, Lacking


@dataclass(frozen=True)
class Format:
    """An input format.

    ``name`` is that of its module and of ``--format``; ``signs`` are alternatives, any of which tells
    the format; ``labels`` the presets by which its labels are mapped (``labels.PRESETS``), the first
    one that has a label counts; ``extra`` the extra of the package that reading it needs.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    signs: tuple[Sign, ...]
    labels: tuple[str, ...] = ("ontonotes", "conll", "ace", "corenlp", "kbp", "plain")
    extra: str | None = None

    @property
    def takes_folders(self) -> bool:
        """Whether a folder can be one input of this format."""
        return any(isinstance(sign, Files) for sign in self.signs)

    @property
    def reader(self) -> Reader:
        """The module, imported when it is used; of a package it is the module ``reader``."""
        module = import_module(f"{__name__}.{self.name}")
        if hasattr(module, "__path__"):
            module = import_module(f"{module.__name__}.reader")
        return cast(Reader, module)


_JSON = (".json", ".jsonl")
_KNOWN = frozenset(Article.__struct_fields__)
_FOREIGN = frozenset({"label", "labels", "spans", "ents", "tokens", "annotations"})
_RELEX = ("relation", "head.start", "head.end", "head.text", "tail.start", "tail.end", "tail.text")
#: A column of a table by its name, wherever it stands in the first line.
_COLUMN = rb"(?=[^\n]*(?:^|[,;|\t])[ \"]*(?:%b)(?:[ _]?name)?[ \"]*(?:[,;|\t\r\n]|\Z))"

FORMATS: tuple[Format, ...] = (
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
    ),
    Format(
        "spacy",
        "spaCy, Doc.to_json",
        _JSON,
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
    ),
    Format(
        "corenlp",
        "Stanford CoreNLP JSON",
        _JSON,
        (
            Keys(("sentences[].index", "sentences[].tokens[].characterOffsetBegin")),
            Keys(("sentences[].entitymentions[].ner", "sentences[].entitymentions[].text")),
            Keys(("sentences[].openie[].subjectSpan", "sentences[].openie[].relation")),
            Keys(("sentences[].kbp[].subjectSpan", "sentences[].kbp[].relation")),
        ),
        labels=("corenlp", "kbp", "ontonotes", "conll", "ace"),
    ),
    Format(
        "stanza",
        "Stanza",
        _JSON,
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
        "flair",
        "Flair",
        _JSON,
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
        _JSON,
        (
            Keys(("start", "end", "text", "label")),
            Keys(("[].start", "[].end", "[].text", "[].label")),
            Keys(("[].start", "[].end", "[].label", "[].score")),
            Keys(("text", "entities[].start", "entities[].end", "entities[].label")),
            Keys(("entities[].start", "entities[].label", "entities[].score")),
            Keys(("text", "entities[].text", "entities[].label")),
            Keys(("text", "entities[].text", "entities[].type")),
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
        _JSON,
        tuple(
            Keys(tuple(f"{place}{each}" for each in (label, "word", "score")))
            for place in ("", "[].", "entities[].")
            for label in ("entity_group", "entity")
        ),
        labels=("conll", "ontonotes", "ace", "plain"),
    ),
    Format(
        "gliner_relex",
        "GLiNER-RelEx",
        _JSON,
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
        _JSON,
        (
            Keys(("head_pos", "tail_pos", "label")),
            Keys(("[].head_pos", "[].tail_pos", "[].label")),
            Keys(("relations[].head_pos", "relations[].tail_pos", "relations[].label")),
            Keys(("tokenized_text", "relations[].head.position", "relations[].relation_text")),
        ),
    ),
    Format(
        "label_studio",
        "Label Studio JSON",
        _JSON,
        (
            Keys(("data", "annotations[].result")),
            Keys(("data", "predictions[].result")),
            Keys(("data", "completions[].result")),
            Keys(("data", "annotations", "predictions", "id")),
            # JSON-MIN
            Keys(("id", "annotator", "annotation_id", "lead_time")),
        ),
    ),
    Format(
        "prodigy",
        "Prodigy JSON Lines",
        _JSON,
        (
            Keys(("_input_hash", "_task_hash")),
            Keys(("text", "spans[].token_start", "spans[].token_end", "spans[].label")),
            Keys(("text", "spans[].start", "spans[].end", "answer")),
            # As it is given to Prodigy
            Keys(
                ("text", "spans[].start", "spans[].end", "spans[].label"),
                without=("ents", "entities", "spans[].start_token"),
            ),
        ),
    ),
    Format(
        "doccano",
        "doccano JSON Lines",
        _JSON,
        (
            Keys(("text", "entities[].start_offset", "entities[].end_offset")),
            Keys(("text", "annotations[].start_offset", "annotations[].end_offset")),
            Keys(("id", "text", "entities", "relations", "Comments")),
            Keys(("id", "text", "label", "Comments")),
            # Nobody has labelled the first texts
            Typed({"id": int, "text": str, "entities": list, "relations": list}),
            Typed({"id": int, "text": str, "label": list}),
            Keys(("text", "label[][]"), without=("tokens",)),
            Keys(("text", "labels[][]"), without=("tokens",)),
            Keys(("text", "entities[][]"), without=("tokens",)),
            Keys(("id", "data", "label[][]")),
        ),
    ),
    Format(
        "brat",
        "brat standoff",
        (".ann", ".txt"),
        (
            Files((".ann",)),
            Pattern(
                rb"^T\d+[ \t]+\S+[ \t]+\d+ \d+(;\d+ \d+)*(?=\s|$)",
                "a line like `T1<TAB>Person 0 11<TAB>Paul Kagame`",
            ),
        ),
    ),
    Format(
        "docred",
        "DocRED and Re-DocRED",
        _JSON,
        (Keys(("vertexSet", "sents[]")), Keys(("vertexSet[][].sent_id", "vertexSet[][].pos"))),
        labels=("docred", "conll"),
    ),
    Format(
        "spert",
        "SpERT and CoNLL04",
        _JSON,
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
        _JSON,
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
        _JSON,
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
    Format(
        "langchain",
        "LangChain and LlamaIndex graph documents",
        _JSON,
        (
            Keys(("nodes", "relationships", "source")),
            Keys(("nodes[].id", "relationships")),
            Keys(("nodes", "relations", "triplets")),
            Keys(("nodes", "relations", "triplets", "triplets[][]")),
            Keys(("lc", "kwargs.nodes", "kwargs.relationships")),
        ),
        labels=("plain", "ontonotes", "conll", "ace"),
    ),
    Format(
        "langextract",
        "LangExtract",
        _JSON,
        (
            Keys(("extractions[].extraction_class", "extractions[].extraction_text")),
            Keys(("extractions", "document_id")),
        ),
        labels=("ontonotes", "conll", "ace", "plain"),
    ),
    Format(
        "graphrag",
        "Microsoft GraphRAG",
        (".parquet", ".csv"),
        (
            Files(("entities.parquet", "text_units.parquet")),
            Files(("entities.csv", "text_units.csv")),
            # Not all of it is there; the reader says what is missing.
            Files(("entities.parquet", "relationships.parquet")),
            Pattern(rb"\APAR1", "one of its Parquet tables; give the whole folder"),
        ),
        labels=("plain", "ontonotes", "conll", "ace"),
        extra="parquet",
    ),
    Format(
        "followthemoney",
        "FollowTheMoney entities",
        (".ijson", *_JSON),
        (Keys(("id", "schema", "properties")),),
        labels=("followthemoney",),
    ),
    Format(
        "nif",
        "NIF in Turtle",
        (".ttl", ".nt", ".n3"),
        (Pattern(iri_pattern("nif", b"<"), "Turtle or N-Triples with the namespace of NIF"),),
    ),
    Format(
        "web_annotation",
        "W3C Web Annotation JSON-LD",
        (".jsonld", *_JSON),
        (
            Pattern(
                rb'"@context"\s*:\s*(?:\[[^\]]{0,400})?"https?:\\?/\\?/www\.w3\.org\\?/ns\\?/anno\.jsonld"',
                "JSON whose `@context` is or contains the W3C's `anno.jsonld`",
                weight=4,
            ),
        ),
    ),
    Format(
        "google_nl",
        "Google Natural Language",
        _JSON,
        (
            Keys(("entities[].mentions[].text.content", "entities[].name", "entities[].type")),
            Keys(("entities[].mentions[].text.content", "entities[].name", "entities[].type_")),
            Keys(("entities", "languageCode", "languageSupported")),
            Keys(("entities", "documentSentiment", "sentences[].text.content")),
        ),
        labels=("google", "ontonotes", "conll"),
    ),
    Format(
        "comprehend",
        "Amazon Comprehend",
        _JSON,
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
        _JSON,
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
    Format(
        "conll",
        "HIPE and CoNLL columns",
        (".tsv", ".conll", ".iob", ".bio", ".txt"),
        (
            Pattern(
                rb"\ATOKEN\t(?:[^\n]*\t)?NE-",
                "a first line that names columns `TOKEN` and `NE-…`",
                weight=4,
            ),
            Pattern(rb"\A-DOCSTART-[ \t]", "a first line that begins with `-DOCSTART-`"),
            Tagged(),
        ),
        # Where the first line is HIPE's, its labels come before these.
        labels=("conll", "ontonotes", "ace", "crossre"),
    ),
    Format(
        "triples",
        "subject, predicate, object: a table, or JSON",
        (".csv", ".tsv", *_JSON),
        (
            *(Keys(("subject", name, "object")) for name in ("predicate", "relation")),
            *(
                Keys(("[].subject", f"[].{name}", "[].object"))
                for name in ("predicate", "relation")
            ),
            Keys(("head", "relation", "tail"), without=("head.start", "head.text")),
            *(
                Keys(
                    tuple(f"{key}[].{each}" for each in names),
                    without=(f"{key}[].subject.surfaceform", f"{key}[].head.start"),
                )
                for key in ("triples", "triplets", "relations")
                for names in (
                    ("subject", "predicate", "object"),
                    ("subject", "relation", "object"),
                    ("head", "relation", "tail"),
                )
            ),
            *(
                Keys((key, f"{key}[][]"), without=("tokens", "sentences"))
                for key in ("triples", "triplets")
            ),
            Pattern(
                # JSON is no table, whatever stands in its first line.
                rb"(?i)\A(?!\s*[\[{])"
                + _COLUMN % rb"subject|subj|head|source|s"
                + _COLUMN % rb"predicate|pred|relation|relationship|rel|property|type|p"
                + _COLUMN % rb"object|obj|tail|target|value|o",
                "a first line that names columns `subject`, `predicate` and `object` (or `head`,"
                " `relation`, `tail`; `source`, `type`, `target`)",
            ),
        ),
        labels=("plain", "ontonotes", "conll", "ace"),
    ),
)
