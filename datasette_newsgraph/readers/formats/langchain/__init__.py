"""Read graph documents of LangChain, property graphs of LlamaIndex and of neo4j-graphrag.

Nodes become entities with one mention, their name, to be found in the text: the node's id, unless it
has a `name` or `title`. `description`, `aliases` and identifiers (`wikidata_id`, `same_as`) are
understood; every other property becomes a value under its key. Of a relationship `date`, `start`
and so on become its dates, `confidence` or `score` from 0 to 1 its confidence, `evidence`, `text`
or `description` its evidence if the text says the same; its other properties are left out. The text is
`page_content`, or that of the chunks of a document, joined; entities are then looked for in the chunks
that they are from, and a relation's chunk is its evidence. Title, address, date, language and authors
are taken from the metadata. A LlamaIndex store becomes an article a document. Objects as LangChain
serialises them (`lc`, `kwargs`) are read too.

Offsets: none. Names are looked for in the text or in their chunk.

Example::

    {"nodes": [{"id": "Wangari Maathai", "type": "Person", "properties": {"birth_year": 1940}},
               {"id": "Green Belt Movement", "type": "Organization", "properties": {}}],
     "relationships": [
       {"source": {"id": "Wangari Maathai", "type": "Person"},
        "target": {"id": "Green Belt Movement", "type": "Organization"},
        "type": "FOUNDED", "properties": {"date": "1977", "confidence": 0.9}}],
     "source": {"page_content": "Wangari Maathai founded the Green Belt Movement in 1977.",
                "metadata": {"source": "https://example.org/maathai", "title": "A Nobel for trees"}}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.article import Entity, Evidence, Mention
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.langchain.properties import (
    Passages,
    confidence_of,
    dates_of,
    describe,
    name_of,
    same_as,
)
from datasette_newsgraph.readers.formats.langchain.property_graph import (
    Graph,
    Node,
    Relationship,
    chunk_in,
    entries,
    text_of,
)
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.values import partial_date

__all__ = ["entries", "parse"]

_TITLES = ("title",)
_ADDRESSES = ("source", "url", "link", "source_url", "path")
_PUBLISHED = ("published", "publish_date", "date_published", "published_at", "publishedAt", "date")
_LANGUAGES = ("language", "lang")
_AUTHORS = ("authors", "author")
_LOCAL = ("id", "doc_id", "document_id", "ref_doc_id", "file_name", "source")


def parse(raw: bytes) -> Parsed:
    """Make one graph document an article. Raises RecordError if it has neither nodes nor text."""
    graph = decode(raw, Graph).unwrapped
    if not graph.is_readable:
        raise RecordError("has no nodes: LangChain could not serialise it; write its model_dump()")
    reading = _Reading(graph)
    if reading.building.text is None and not graph.all_nodes and not graph.all_relationships:
        raise RecordError("no entities in it, and no text")
    for place, node in graph.all_nodes:
        reading.node(place, node.unwrapped)
    for place, relationship in graph.all_relationships:
        reading.relationship(place, relationship.unwrapped)
    for entity in reading.building.entities:
        reading.mention(entity)
    parsed = reading.building.finish(graph.tool, **_about(graph, reading.lexical))
    parsed.is_joined = bool(reading.lexical)
    return parsed


class _Reading:
    """One graph as its parts are read."""

    def __init__(self, graph: Graph) -> None:
        self.lexical = graph.lexical
        text, self._chunks = _joined(graph, self.lexical)
        self.building = Building(text)
        self._passages = Passages(text)
        self._entities: dict[tuple[str, str | None], Entity] = {}
        self._confidences: dict[str, float | None] = {}
        #: By entity the chunks that it was taken from.
        self._taken_from: dict[str, dict[str, None]] = {}

    def node(self, place: str, node: Node) -> Entity | None:
        """Take a node, or what a relationship says of one; return its entity if it has a name."""
        if node.key in self.lexical:
            return None
        properties = node.properties or {}
        name = collapse(name_of(properties) or node.name or node.key)
        if not name:
            self.building.fault(f"{place}: has neither an id nor a name", node)
            return None
        key = node.key or name
        known = self._entities.get((key, node.kind))
        if known is not None:
            return known
        entity = self.building.entity(
            node.kind, name, id=f"{key} {len(self._entities)}", same_as=same_as(key)
        )
        for kind in (node.kind, None):
            self._entities.setdefault((key, kind), entity)
        describe(self.building, entity, properties)
        self._confidences[entity.id] = confidence_of(properties)
        self._take_from(entity, chunk_in(properties))
        return entity

    def relationship(self, place: str, given: Relationship) -> None:
        """Take a relationship; one with a chunk says only where its other end was taken from."""
        ends = given.ends
        if len(ends) < 2:
            self.building.fault(f"{place}: has not two ends", given)
            return
        lexical = [each for each in given.ids if each in self.lexical]
        found = [self._end(place, end, given) for end in ends]
        chunk = lexical[0] if lexical else chunk_in(given.properties or {})
        entities = [each for each in found if each is not None]
        for entity in entities:
            self._take_from(entity, chunk)
        if lexical or len(entities) < 2:
            return
        properties = given.properties or {}
        start_date, end_date = dates_of(properties)
        span = self._chunks.get(chunk or "")
        stated = [Evidence(start=span[0], end=span[1])] if span else []
        self.building.relation(
            entities[0],
            given.kind,
            entities[1],
            confidence=confidence_of(properties),
            start_date=start_date,
            end_date=end_date,
            evidence=self._passages.evidence(properties) or stated,
        )

    def mention(self, entity: Entity) -> None:
        """Add the mentions of an entity: one, or one in each chunk that it was taken from."""
        confidence = self._confidences.get(entity.id)
        chunks = self._taken_from.get(entity.id) or {"": None}
        for start, end in (self._chunks.get(each, (None, None)) for each in chunks):
            entity.mentions.append(
                Mention(start=start, end=end, text=entity.name, confidence=confidence)
            )

    def _end(self, place: str, end: Node | str, given: Relationship) -> Entity | None:
        if isinstance(end, Node):
            return self.node(place, end)
        found = self._entities.get((end, None))
        if found is None and end not in self.lexical:
            self.building.fault(f"{place}: {end!r} is the id of no node", given)
        return found

    def _take_from(self, entity: Entity, chunk: str | None) -> None:
        if chunk is not None and chunk in self._chunks:
            self._taken_from.setdefault(entity.id, {})[chunk] = None


def _joined(
    graph: Graph, lexical: dict[str, Node]
) -> tuple[str | None, dict[str, tuple[int, int]]]:
    """Return the text, and of what is joined from several chunks where each lies."""
    if graph.source is not None and graph.source.unwrapped.page_content is not None:
        return graph.source.unwrapped.page_content, {}
    texts = {key: text for key, each in lexical.items() if (text := text_of(each)) is not None}
    chunks: dict[str, tuple[int, int]] = {}
    place = 0
    for key, text in texts.items():
        chunks[key] = (place, place + len(text))
        place += len(text) + 1
    return "\n".join(texts.values()) if texts else None, chunks if len(chunks) > 1 else {}


def _about(graph: Graph, lexical: dict[str, Node]) -> dict[str, Any]:
    """Return the fields of the article that the metadata of its source has."""
    if graph.source is not None:
        source = graph.source.unwrapped
        metadata = dict(source.metadata or {})
        metadata.setdefault("id", source.id)
    else:
        metadata = {}
        for node in lexical.values():
            metadata = {**(node.properties or {}), **metadata}
    address = next((each for each in _strings(metadata, _ADDRESSES) if _is_address(each)), None)
    dates = map(partial_date, _strings(metadata, _PUBLISHED))
    return {
        "url": address,
        "title": next(_strings(metadata, _TITLES), None),
        "published": next(filter(None, dates), None),
        "language": next(_strings(metadata, _LANGUAGES), None),
        "authors": list(dict.fromkeys(_strings(metadata, _AUTHORS))),
        "local_ids": tuple(each for each in _strings(metadata, _LOCAL) if each != address),
    }


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not text.split()[1:]


def _strings(metadata: dict[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for value in map(metadata.get, keys):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each.strip():
                yield each
