"""Graphs: things, and what relates them."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Files, Keys, Pattern
from datasette_newsgraph.readers.table.format import JSON, Format

#: A column of a table by its name, wherever it stands in the first line.
_COLUMN = rb"(?=[^\n]*(?:^|[,;|\t])[ \"]*(?:%b)(?:[ _]?name)?[ \"]*(?:[,;|\t\r\n]|\Z))"

GRAPHS: tuple[Format, ...] = (
    Format(
        "langchain",
        "LangChain and LlamaIndex graph documents",
        JSON,
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
        (".ijson", *JSON),
        (Keys(("id", "schema", "properties")),),
        labels=("followthemoney",),
    ),
    Format(
        "triples",
        "subject, predicate, object: a table, or JSON",
        (".csv", ".tsv", *JSON),
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
