"""What graphs and the JSON of language models call the parts of things and statements.

No key is fixed there: each pipeline has its own. For each role this is all that is known, the key that
means it most surely first. Keys are compared in lower case; those of two words are written in one
(``entityName``), with ``_`` or with ``-``. Readers of graphs and of language models share the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

#: What a thing is called. ``label``, ``title`` and ``id`` may be that, too, or its type, or neither:
#: see ``property_graphs.naming``.
NAMES = ("name", "entity_name", "entity", "full_name", "canonical_name", "mention", "surface_form")
#: What kind of thing it is.
TYPES = (
    *("type", "entity_type", "node_type", "entity_label", "category", "kind", "class", "labels"),
    *("ntype", "concept_type", "semantic_type"),
)
DESCRIPTIONS = ("description", "summary", "entity_description", "definition", "desc", "bio")
ALIASES = ("aliases", "alias", "also_known_as", "aka", "alternative_names", "synonyms", "alt_names")
#: Other identifiers of the same thing: IRIs, or Q-ids of Wikidata.
IDENTIFIERS = (
    *("same_as", "uri", "iri", "wikidata", "wikidata_id", "wikidata_uri", "qid", "wikipedia"),
    *(
        "wikipedia_url",
        "dbpedia",
        "dbpedia_uri",
        "geonames",
        "kb_id",
        "external_id",
        "external_ref",
    ),
)
LATITUDES, LONGITUDES = ("latitude", "lat"), ("longitude", "lon", "lng", "long")

#: The two ends of a statement.
SUBJECTS = (
    *("subject", "source", "from", "head", "start", "source_entity", "subj", "src", "source_id"),
    *("source_name", "source_node", "source_node_id", "from_id", "from_node", "from_entity"),
    *(
        "head_entity",
        "subject_entity",
        "subject_name",
        "start_node",
        "start_node_id",
        "start_entity",
    ),
    *("src_id", "entity1", "entity_1", "node1", "node_1", "arg1"),
)
OBJECTS = (
    *("object", "target", "to", "tail", "end", "target_entity", "obj", "dst", "target_id", "tgt"),
    *("target_name", "target_node", "target_node_id", "to_id", "to_node", "to_entity"),
    *("tail_entity", "object_entity", "object_name", "end_node", "end_node_id", "end_entity"),
    *("tgt_id", "entity2", "entity_2", "node2", "node_2", "arg2"),
)
#: What a statement says of its ends. The last are words for it rather than its name.
PREDICATES = (
    *(
        "predicate",
        "relation",
        "relationship",
        "relation_type",
        "relationship_type",
        "rel",
        "rel_type",
    ),
    *("edge_type", "edge_label", "label", "type", "property", "verb", "action", "name", "title"),
    *("caption", "keywords", "relationship_keywords"),
)
STATEMENT_DESCRIPTIONS = (
    *("description", "relationship_description", "relation_description", "desc", "explanation"),
)
#: How sure the tool is; a weight is how often or how strongly, unless a tool means this by it.
CONFIDENCES = ("confidence", "confidence_score", "score", "probability", "certainty", "prob")
BEGINNINGS = ("start_date", "start", "from", "since", "valid_from", "start_time")
ENDINGS = ("end_date", "end", "to", "until", "valid_to", "end_time")
DAYS = ("date", "on", "time", "year")
#: Those that mean a date whatever stands there; "from" may be a place.
OF_DATES = ("start_date", "valid_from", "end_date", "valid_to", "date")
#: The passage that states it.
EVIDENCE = (
    *("evidence", "quote", "source_text", "sentence", "passage", "context", "evidence_text"),
    *("supporting_text", "text_span", "excerpt", "snippet", "source_sentence", "justification"),
)

#: The article that something was taken from: its address, its file or its id. A node has ``source``,
#: too, which on an edge is one of its ends.
SOURCES = (
    *("source_url", "article_url", "document_url", "source_document", "source_doc", "document_id"),
    *(
        "doc_id",
        "ref_doc_id",
        "article_id",
        "source_article",
        "source_file",
        "file_path",
        "filename",
    ),
    *("file_name", "source_id", "article", "document", "sources"),
)
#: The piece of an article that something was taken from.
CHUNKS = (
    "triplet_source_id",
    "chunk_id",
    "chunk_ids",
    "text_unit_id",
    "text_unit_ids",
    "source_id",
)
#: What is about the tool or the file, and not about the thing.
TECHNICAL = (
    *("id", "embedding", "embeddings", "vector", "page_label", "page_content", "file_type"),
    *("file_size", "creation_date", "last_modified_date", "last_accessed_date"),
)
#: What is computed of a node in its graph: by Gephi, which spells some as its columns are called, and
#: by networkx.
MEASURES = (
    *("pagerank", "pageranks", "eccentricity", "closeness", "closeness_centrality", "betweenness"),
    *("closnesscentrality", "harmonic_closeness_centrality", "harmonicclosnesscentrality"),
    *("betweenness_centrality", "betweenesscentrality", "degree_centrality", "eigencentrality"),
    *("eigenvector", "eigenvector_centrality", "componentnumber", "component_id", "strongcompnum"),
    *("strongly_connected_id", "clustering", "clustering_coefficient", "triangles"),
    *("number_of_triangles", "in_degree", "out_degree", "weighted_degree", "weighted_in_degree"),
    *("weighted_out_degree", "stat_inf_class", "inferred_class"),
)
#: What newsgraph counts, in its own exports for graph tools.
COUNTED = (
    *("mention_count", "main_mention_count", "article_count", "evidence_count"),
    *("first_seen", "last_seen"),
)
#: What is about a node as it is stored, counted or drawn, in files of nodes and edges.
DRAWN = (
    *("key", "index", "identity", "element_id", "entity_id", "base_entity_label", "created_at"),
    *("updated_at", "truncate", "weight", "value", "degree", "rank", "community", "cluster"),
    *("modularity_class", "x", "y", "z", "fx", "fy", "vx", "vy", "size", "color"),
    *("colour", "shape", "font", "image", "opacity", "radius", "width", "height", "border_width"),
    *("hidden", "fixed", "physics", "mass", "level", "position", "style", "classes", "selected"),
    *("selectable", "grabbable", "locked", "highlighted", "arrows", "dashes", "smooth", "length"),
    *("line_width", "marker", "icon", "group", "viz", "class_name", "removed", "pannable"),
    *COUNTED,
    *MEASURES,
)


# The same keys in every part of a file.
@lru_cache(maxsize=4096)
def folded(key: str) -> str:
    """Return the form in which keys are compared.

    >>> folded("entityName") == folded("Entity-Name") == folded("entity_name")
    True
    """
    return key.replace("_", "").replace("-", "").replace(" ", "").casefold()


@lru_cache(maxsize=256)
def folded_all(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of a role in the form in which they are compared."""
    return tuple(map(folded, keys))


def by_folded_key(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an object has by its keys in the form in which they are compared."""
    return {folded(key): value for key, value in given.items()}


def values_of(given: Mapping[str, Any], role: tuple[str, ...]) -> Iterator[Any]:
    """Yield what an object has under the keys of a role, in their order, if it is anything.

    >>> list(values_of({"Type": "Person", "entityName": "Ana"}, NAMES))
    ['Ana']
    """
    return values_in(by_folded_key(given), role)


def values_in(given: Mapping[str, Any], role: tuple[str, ...]) -> Iterator[Any]:
    """Yield the same of an object whose keys are folded already."""
    for key in folded_all(role):
        if key in given:
            value = given[key]
            if value is not None and value not in ("", [], {}):
                yield value
