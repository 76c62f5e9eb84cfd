"""What tools export in which people annotate."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Files, Keys, Paths, Pattern, Spans, Typed
from datasette_newsgraph.readers.table.format import JSON, Format

ANNOTATORS: tuple[Format, ...] = (
    Format(
        "label_studio",
        "Label Studio JSON",
        JSON,
        (
            Keys(("data", "annotations[].result")),
            Keys(("data", "predictions[].result")),
            Keys(("data", "completions[].result")),
            Keys(("data", "annotations", "predictions", "id")),
            # JSON-MIN
            Keys(("id", "annotator", "annotation_id", "lead_time")),
        ),
        known_as="Label Studio (JSON)",
    ),
    Format(
        "label_studio_table",
        "Label Studio CSV and TSV",
        (".csv", ".tsv"),
        (
            Pattern(
                rb"\A(?=[^\n{]*\bannotation_id\b)[^\n{]*\b(?:annotator|lead_time)\b",
                "a first line with `annotation_id`, and `annotator` or `lead_time`",
                weight=4,
            ),
        ),
        known_as="Label Studio (CSV, TSV)",
    ),
    Format(
        "prodigy",
        "Prodigy JSON Lines",
        JSON,
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
        known_as="Prodigy",
    ),
    Format(
        "doccano",
        "doccano JSON Lines",
        JSON,
        (
            Keys(("text", "entities[].start_offset", "entities[].end_offset")),
            Keys(("text", "annotations[].start_offset", "annotations[].end_offset")),
            Keys(("id", "text", "entities", "relations", "Comments")),
            Keys(("id", "text", "label", "Comments")),
            # Nobody has labelled the first texts
            Typed({"id": int, "text": str, "entities": list, "relations": list}),
            Typed({"id": int, "text": str, "label": list}),
            Spans("label"),
            Spans("labels"),
            Spans("entities"),
            Spans("label", text="data"),
        ),
        known_as="doccano",
    ),
    Format(
        "ner_annotator",
        "NER Annotator (tecoholic) JSON",
        (".json",),
        (Keys(("classes", "annotations[][].entities")),),
        known_as="NER Annotator",
    ),
    Format(
        "pubannotation",
        "PubAnnotation JSON",
        JSON,
        (
            Keys(("text", "denotations")),
            Keys(("denotations[].span.begin", "denotations[].obj")),
            Keys(("text", "tracks[].denotations")),
            Keys(("sourcedb", "sourceid", "text")),
        ),
        known_as="PubAnnotation",
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
        known_as="brat",
    ),
    Format(
        "inception",
        "project export of INCEpTION",
        (".zip",),
        (
            Paths(
                r"(?:^|/)exportedproject[^/]*\.json$",
                "`exportedproject.json`",
                weight=4,
            ),
            Paths(
                r"(?:^|/)(?:annotation|curation)/[^/]+/(?:CURATION_USER|INITIAL_CAS)\.\w+$",
                "`annotation/…/INITIAL_CAS.…` or `curation/…/CURATION_USER.…`",
            ),
            Paths(
                r"(?:^|/)annotation/[^/]+\.[A-Za-z]{2,5}/[^/]+\.(?:zip|xmi|json|tsv)$",
                "files like `annotation/a.txt/ana.xmi` (or `.json`, `.tsv`, `.zip`)",
            ),
        ),
        own_files=(
            r"(?:^|/)(?:exportedproject[^/]*\.json$|event\.log$"
            r"|(?:annotation|curation)(?:_ser)?/[^/]+/|(?:source|log)/)"
        ),
        has_annotators=True,
        known_as="INCEpTION projects",
    ),
    Format(
        "webanno",
        "WebAnno TSV 3",
        (".tsv",),
        (
            Pattern(
                rb"\A\s*#FORMAT=WebAnno TSV ",
                "a first line that begins with `#FORMAT=WebAnno TSV`",
                weight=9,
            ),
        ),
        labels=("ontonotes", "conll", "ace", "gum", "plain"),
        known_as="WebAnno and INCEpTION TSV",
    ),
    Format(
        "uima_xmi",
        "UIMA CAS XMI",
        (".xmi", ".xml"),
        (
            Pattern(
                rb"\A[^{\[]{0,4096}<[\w.-]{0,60}:?XMI\b[^>]*[\"']http:///uima/cas\.ecore[\"']",
                "XML whose root `XMI` has the namespace `http:///uima/cas.ecore`",
                weight=9,
            ),
        ),
        known_as="UIMA CAS (XMI)",
    ),
    Format(
        "uima_json",
        "UIMA CAS JSON",
        JSON,
        (
            Keys(("%FEATURE_STRUCTURES[].%TYPE",)),
            Keys(("%TYPES", "%FEATURE_STRUCTURES")),
            Keys(("%VIEWS", "%FEATURE_STRUCTURES")),
        ),
        known_as="UIMA CAS (JSON)",
    ),
)
