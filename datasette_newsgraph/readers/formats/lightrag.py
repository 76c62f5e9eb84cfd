"""Read LightRAG and nano-graphrag: the folder that they keep their graph and texts in.

- Each document of ``kv_store_full_docs.json`` is an article. Its chunks in
  ``kv_store_text_chunks.json`` are looked up in its text. If the document is not there, its text is
  that of its chunks in their order, in which the words where two overlap stand twice.
- The nodes of ``graph_chunk_entity_relation.graphml`` become entities of the documents that their
  chunks (``source_id``) are from. A node whose chunk is not there is from the document of its
  ``file_path``, or else from an article of its own. A description of several parts has a line for
  each.
- The edges become relations. LightRAG has no predicates: the ``keywords`` are the nearest, and are
  taken as they stand. nano-graphrag has no keywords, and so ``related to``. The evidence is the
  chunks, or the description if the text says the same. Otherwise the description becomes the value
  of ``relationship description`` of the first end.
- Weights, embeddings (``vdb_…``), caches and communities are left out.

Offsets: none. Names, which nano-graphrag writes in capitals, are looked for within their chunks.

Example::

    graph_chunk_entity_relation.graphml
        <graphml><key id="d0" for="node" attr.name="entity_type" attr.type="string"/>
        <key id="d1" for="node" attr.name="source_id" attr.type="string"/>
        <key id="d2" for="edge" attr.name="keywords" attr.type="string"/>
        <key id="d3" for="edge" attr.name="source_id" attr.type="string"/>
        <graph edgedefault="undirected">
        <node id="Maria Ressa"><data key="d0">person</data><data key="d1">chunk-1</data></node>
        <node id="Rappler"><data key="d0">organization</data><data key="d1">chunk-1</data></node>
        <edge source="Maria Ressa" target="Rappler"><data key="d2">founding</data>
        <data key="d3">chunk-1</data></edge>
        </graph></graphml>
    kv_store_text_chunks.json
        {"chunk-1": {"content": "Maria Ressa founded Rappler in 2012.", "chunk_order_index": 0,
                     "full_doc_id": "doc-1", "file_path": "ressa.txt"}}
    kv_store_full_docs.json
        {"doc-1": {"content": "Maria Ressa founded Rappler in 2012.", "file_path": "ressa.txt"}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.formats.graphml import graphs_in
from datasette_newsgraph.readers.property_graphs.article import parse
from datasette_newsgraph.readers.property_graphs.articles import articles_of
from datasette_newsgraph.readers.property_graphs.graph import Graph, Node, split, words_of
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_GRAPH = "graph_chunk_entity_relation.graphml"
_CHUNKS, _DOCUMENTS, _STATUS = (
    "kv_store_text_chunks.json",
    "kv_store_full_docs.json",
    "kv_store_doc_status.json",
)

_Stored = dict[str, Any]


def entries(source: Folder | Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each document with what is from it, as JSON of ``ArticleGraph``.

    Raises InputError for a single file, or where one of the files cannot be read.
    """
    if not isinstance(source, Folder):
        raise InputError(f"{source.path}: is one file; give the folder that has it and {_GRAPH}")
    place = _place(source)
    graph = _graph(source, place)
    stored = {name: _stored(source, place + name) for name in (_CHUNKS, _DOCUMENTS, _STATUS)}
    chunks = stored[_CHUNKS]
    for properties in (
        *(each.properties for each in graph.nodes),
        *(each.properties for each in graph.edges),
    ):
        _name_chunks(properties, chunks)
    texts = [*_documents(stored), *_chunk_nodes(chunks)]
    graph.texts = {each.id for each in texts}
    graph.nodes = [*texts, *(each for each in graph.nodes if each.id not in graph.texts)]
    for number, article in enumerate(articles_of(graph), 1):
        yield Entry(number, msgspec.json.encode(article))


def _place(folder: Folder) -> str:
    """Return the folder within that has the files."""
    found = [each.removesuffix(_GRAPH) for each in folder.names if each.endswith(_GRAPH)]
    found = [each for each in found if not each or each.endswith("/")]
    if len(found) != 1:
        listed = ", ".join(each or "./" for each in found[:5])
        reason = f"has several ({listed}); give one of them" if found else f"has no {_GRAPH}"
        raise InputError(f"{folder.path}: {reason}")
    return found[0]


def _graph(folder: Folder, place: str) -> Graph:
    try:
        found = graphs_in(folder.read(place + _GRAPH, is_whole=True))
    except RecordError as error:
        raise InputError(f"{folder.path}: {place}{_GRAPH}: {error}") from error
    graph = Graph("LightRAG")
    for each in found:
        graph.nodes += each.nodes
        graph.edges += each.edges
        graph.faults += each.faults
    return graph


def _stored(folder: Folder, name: str) -> dict[str, _Stored]:
    """Return what a store has by its keys; nothing if it is not there."""
    if name not in folder.names:
        return {}
    try:
        given = decode(folder.read(name, is_whole=True), dict[str, Any])
    except RecordError as error:
        raise InputError(f"{folder.path}: {name}: {error}") from error
    return {key: each for key, each in given.items() if isinstance(each, dict)}


def _name_chunks(properties: dict[str, Any], chunks: dict[str, _Stored]) -> None:
    """Have a node or an edge name only chunks that are there, or else its file."""
    known = [each for each in split(properties.pop("source_id", None)) if each in chunks]
    if known:
        properties["chunk_ids"] = known
        properties.pop("file_path", None)


def _documents(stored: dict[str, dict[str, _Stored]]) -> Iterator[Node]:
    for id_, document in stored[_DOCUMENTS].items():
        status = stored[_STATUS].get(id_, {})
        properties = {
            "text": words_of(document.get("content")),
            "file_path": words_of(document.get("file_path")) or words_of(status.get("file_path")),
        }
        properties["document_id"] = id_
        found = {key: each for key, each in properties.items() if each is not None}
        yield Node(id_, f"{_DOCUMENTS}[{id_!r}]", found, ["Document"])


def _chunk_nodes(chunks: dict[str, _Stored]) -> Iterator[Node]:
    for id_, chunk in chunks.items():
        text, order = words_of(chunk.get("content")), chunk.get("chunk_order_index")
        properties: dict[str, Any] = {"document_id": words_of(chunk.get("full_doc_id")) or id_}
        if text is not None:
            properties["text"] = text
        if isinstance(order, int):
            properties["chunk_order_index"] = order
        if file := words_of(chunk.get("file_path")):
            properties["file_path"] = file
        yield Node(id_, f"{_CHUNKS}[{id_!r}]", properties, ["Chunk"])
