"""Graphs: things, and what relates them."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Files, Keys, Pattern, Typed
from datasette_newsgraph.readers.graph_signs import (
    Asked,
    LabelledNodes,
    NodesAndEdges,
    NodeTables,
)
from datasette_newsgraph.readers.table.format import JSON, Format

#: A column of a table by its name, wherever it stands in the first line.
_COLUMN = rb"(?=[^\n]*(?:^|[,;|\t])[ \"]*(?:%b)(?:[ _]?name)?[ \"]*(?:[,;|\t\r\n]|\Z))"

GRAPHS: tuple[Format, ...] = (
    Format(
        "node_link",
        "nodes and edges in JSON: networkx, D3, vis.js, Cytoscape.js, Sigma",
        JSON,
        (
            NodesAndEdges(),
            # Cytoscape.js without groups.
            Keys(("elements[].data.id",)),
            Pattern(
                rb'\A\s*\[\s*\{\s*"(?:group"\s*:\s*"nodes|data"\s*:\s*\{\s*"id)"'
                rb'(?=[\s\S]*"source"\s*:)',
                "a list of the elements of Cytoscape.js, each with its `data`",
                weight=3,
            ),
        ),
        labels=("plain", "ontonotes", "conll", "ace"),
        known_as="networkx, D3, vis.js, Cytoscape or Sigma JSON",
    ),
    Format(
        "graphml",
        "GraphML",
        (".graphml", ".xml"),
        (Pattern(rb"<(?:\w+:)?graphml\b", "XML with the element `graphml`", weight=3),),
        labels=("plain", "ontonotes", "conll", "ace"),
    ),
    Format(
        "gexf",
        "GEXF (Gephi)",
        (".gexf",),
        (Pattern(rb"<(?:\w+:)?gexf\b", "XML with the element `gexf`", weight=3),),
        labels=("plain", "ontonotes", "conll", "ace"),
        known_as="Gephi GEXF",
    ),
    Format(
        "neo4j",
        "Neo4j: its Browser, its HTTP API, APOC in JSON",
        JSON,
        (LabelledNodes(),),
        labels=("plain", "ontonotes", "conll", "ace"),
        known_as="Neo4j (Browser, APOC)",
    ),
    Format(
        "node_tables",
        "tables of nodes and edges: Gephi, neo4j-admin, APOC",
        (".csv", ".tsv"),
        (
            NodeTables(),
            Pattern(
                rb"\A(?=[^\n{]*\b_id\b)(?=[^\n{]*\b_labels\b)(?=[^\n{]*\b_start\b)[^\n{]*\b_end\b",
                "a first line with `_id`, `_labels`, `_start` and `_end`, as APOC has it",
                weight=4,
            ),
            Pattern(
                rb"\A[^\n{]*:(?:ID|START_ID)\b[^\n{]*$",
                "one of the tables of neo4j-admin; give the whole folder",
                weight=4,
            ),
        ),
        labels=("plain", "ontonotes", "conll", "ace"),
        known_as="node and edge tables (Gephi, Neo4j)",
    ),
    Format(
        "lightrag",
        "LightRAG and nano-graphrag",
        (".graphml", ".json"),
        (Files(("graph_chunk_entity_relation.graphml", "kv_store_text_chunks.json")),),
        labels=("plain", "ontonotes", "conll", "ace"),
    ),
    Format(
        "kg_gen",
        "kg-gen",
        JSON,
        (
            Keys(
                ("entities[]", "edges[]", "relations[]", "relations[][]"),
                without=("entities[].name", "entities[].type", "tokens", "nodes"),
            ),
            Keys(("entities", "edges", "relations", "entities_chunk_ids", "relations_chunk_ids")),
            Keys(("entities", "edges", "relations", "entity_clusters", "edge_clusters")),
            # One in which nothing was found.
            Typed({"entities": list, "edges": list, "relations": list}),
        ),
        labels=("plain", "ontonotes", "conll", "ace"),
    ),
    Format(
        "itext2kg",
        "iText2KG",
        JSON,
        (
            Keys(
                (
                    *("relationships[].startEntity", "relationships[].startEntity.name"),
                    *("relationships[].startEntity.label", "relationships[].endEntity"),
                    *("relationships[].endEntity.name", "relationships[].endEntity.label"),
                    "relationships[].name",
                )
            ),
        ),
        labels=("plain", "ontonotes", "conll", "ace"),
    ),
    Format(
        "oneke",
        "OneKE, and models trained on IEPile",
        JSON,
        (Asked(),),
        labels=("plain", "ontonotes", "conll", "ace"),
        known_as="OneKE",
    ),
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
        known_as="LangChain and LlamaIndex graphs",
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
        known_as="FollowTheMoney",
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
                Keys((key, f"{key}[][]"), without=("tokens", "sentences", "nodes"))
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
        known_as="tables of subject, predicate, object",
    ),
)
