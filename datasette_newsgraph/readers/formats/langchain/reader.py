"""Read graph documents of LangChain, property graphs of LlamaIndex and of neo4j-graphrag.

- A node becomes an entity. Its name is the id of the node, unless the node has a ``name`` or
  ``title``. It has one mention: its name, which is looked for in the text.
- ``description``, ``aliases`` and identifiers (``wikidata_id``, ``same_as``) of a node are
  understood. Every other property becomes a value, with its key as the predicate.
- Of a relationship, ``date``, ``start`` and so on become its dates. ``confidence`` or ``score``
  from 0 to 1 becomes its confidence. ``evidence``, ``text`` or ``description`` becomes its
  evidence, if the text says the same. Its other properties are left out.
- The text is ``page_content``, or that of the chunks of a document, joined. In the second case,
  entities are looked for in the chunks that they are from, and the chunk of a relation is its
  evidence.
- Title, address, date, language and authors are taken from the metadata; the address only if it is
  more than a host.
- A LlamaIndex store becomes one article a document. Objects as LangChain serialises them (``lc``,
  ``kwargs``) are read, too. So is what a model writes for LangChain's transformer
  (``source_node_id``, ``target_node_type``), which has no text.
- All graphs of one address (a text that was split into chunks), or else of one text, are one
  article, wherever they stand in the file. Their texts are joined by blank lines in the order of
  the file, equal ones once. Words in which two chunks overlap stand there twice. The line of the
  article is that of its last graph.

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

from typing import Any

from datasette_newsgraph.article import Entity, Evidence, Mention
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.langchain.graph_documents import entries
from datasette_newsgraph.readers.formats.langchain.property_graph import (
    Graph,
    Node,
    Relationship,
    chunk_in,
    name_of,
    text_of,
)
from datasette_newsgraph.readers.formats.langchain.source_metadata import about, metadata_of
from datasette_newsgraph.readers.grouping import BETWEEN_TEXTS, decoded
from datasette_newsgraph.readers.named_keys import CONFIDENCES, by_folded_key, folded
from datasette_newsgraph.readers.property_graphs.properties import (
    Passages,
    confidence_of,
    dates_of,
    describe,
    same_as,
)
from datasette_newsgraph.readers.shapes import decode

__all__ = ["entries", "parse"]

_BETWEEN_CHUNKS = "\n"
#: A weight from 0 to 1 is how sure a model is.
_CONFIDENCES = (*CONFIDENCES, "weight")
#: What is taken otherwise, or is about the document.
_BESIDES = frozenset(
    map(
        folded,
        (
            *("name", "title", "label", "weight", "source_id", "document_id", "doc_id"),
            *("ref_doc_id", "file_name", "file_path"),
        ),
    )
)

_Span = tuple[int, int]


def parse(raw: bytes) -> Parsed:
    """Make the graphs of one document, each a line, an article.

    Raises RecordError if none has nodes or a text.
    """
    parts, faults = decoded(raw, _decode, "graph")
    for where, part in parts:
        part.where = where
    reading = _Reading([part for _, part in parts])
    reading.building.faults += faults
    for part in reading.parts:
        reading.take(part)
    for entity in reading.building.entities:
        reading.mention(entity)
    fields = about(metadata_of(each.graph) for each in reading.parts)
    parsed = reading.building.finish(reading.parts[0].graph.tool, **fields)
    parsed.is_joined = any(each.lexical for each in reading.parts)
    return parsed


def _decode(raw: bytes) -> _Part:
    graph = decode(raw, Graph).unwrapped
    if not graph.is_readable:
        raise RecordError("has no nodes: LangChain could not serialise it; write its model_dump()")
    part = _Part(graph)
    if part.text is None and not graph.all_nodes and not graph.all_relationships:
        raise RecordError("no entities in it, and no text")
    return part


class _Part:
    """A graph, and where its text begins in the article's."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        #: How its parts are called in faults.
        self.where = ""
        self.lexical = graph.lexical
        self.text, self._chunks = _joined(graph, self.lexical)
        self.base = 0
        #: Whether others have texts too.
        self.is_one_of_several = False

    def span(self, chunk: str | None) -> _Span | None:
        """Return where a chunk is in the article: one of the graph's, or else the graph's text if
        that is a chunk of the article's.
        """
        found = self._chunks.get(chunk or "")
        if found is None and self.is_one_of_several and self.text and not self._chunks:
            found = 0, len(self.text)
        return None if found is None else (found[0] + self.base, found[1] + self.base)


class _Reading:
    """One article as the parts of its graphs are read."""

    def __init__(self, parts: list[_Part]) -> None:
        self.parts = parts
        self._part = parts[0]
        text = _placed(parts)
        self.building = Building(text)
        self._passages = Passages(text)
        #: The entities of one graph, and of all before: two may call different things by one id.
        self._entities: dict[tuple[str, str | None], Entity] = {}
        self._before: dict[tuple[str, str | None, str | None], Entity] = {}
        self._confidences: dict[str, float | None] = {}
        self._described: set[tuple[str, str, str]] = set()
        #: By entity the chunks that it was taken from.
        self._taken_from: dict[str, dict[_Span, None]] = {}
        #: Relations, and the graph that had them first.
        self._stated: dict[Any, _Part] = {}

    def take(self, part: _Part) -> None:
        """Take all of a graph."""
        self._part = part
        self._entities = {}
        for place, node in part.graph.all_nodes:
            self._node(part.where + place, node.unwrapped)
        for place, relationship in part.graph.all_relationships:
            self._relationship(part.where + place, relationship.unwrapped)

    def mention(self, entity: Entity) -> None:
        """Add the mentions of an entity: one, or one in each chunk that it was taken from."""
        confidence = self._confidences.get(entity.id)
        for start, end in self._taken_from.get(entity.id) or [(None, None)]:
            entity.mentions.append(
                Mention(start=start, end=end, text=entity.name, confidence=confidence)
            )

    def _node(self, place: str, node: Node) -> Entity | None:
        """Take a node, or what a relationship says of one; return its entity if it has a name."""
        if node.key in self._part.lexical:
            return None
        properties = node.properties
        own_name = name_of(properties) or node.name
        name = collapse(own_name or node.key)
        if not name:
            self.building.fault(f"{place}: has neither an id nor a name", node)
            return None
        key = node.key or name
        known = self._entities.get((key, node.kind))
        if known is not None:
            return known
        entity = self._before.get((key, node.kind, name if own_name else None))
        if entity is None:
            number = len(self.building.entities)
            entity = self.building.entity(
                node.kind, name, id=f"{key} {number}", same_as=same_as(key)
            )
            for called in (name, None):
                self._before.setdefault((key, node.kind, called), entity)
        for kind in (node.kind, None):
            self._entities.setdefault((key, kind), entity)
        self._describe(entity, properties)
        self._take_from(entity, chunk_in(properties))
        return entity

    def _describe(self, entity: Entity, properties: dict[str, Any]) -> None:
        if len(self.parts) > 1:
            # What several graphs say alike is said once.
            told = {(entity.id, key, repr(value)): key for key, value in properties.items()}
            fresh = {key for each, key in told.items() if each not in self._described}
            self._described.update(told)
            properties = {key: value for key, value in properties.items() if key in fresh}
        describe(self.building, entity, properties, _BESIDES)
        confidence = confidence_of(by_folded_key(properties), _CONFIDENCES)
        if self._confidences.get(entity.id) is None:
            self._confidences[entity.id] = confidence

    def _relationship(self, place: str, given: Relationship) -> None:
        """Take a relationship; one with a chunk says only where its other end was taken from."""
        ends = given.ends
        if len(ends) < 2:
            self.building.fault(f"{place}: has not two ends", given)
            return
        lexical = [each for each in given.ids if each in self._part.lexical]
        found = [self._end(place, end, given) for end in ends]
        chunk = lexical[0] if lexical else chunk_in(given.properties)
        entities = [each for each in found if each is not None]
        for entity in entities:
            self._take_from(entity, chunk)
        if lexical or len(entities) < 2:
            return
        subject, object_ = entities
        span = self._part.span(chunk)
        statement = (subject.id, given.kind, object_.id, span)
        if self._stated.setdefault(statement, self._part) is not self._part:
            return
        properties = by_folded_key(given.properties)
        start_date, end_date = dates_of(properties)
        self.building.relation(
            subject,
            given.kind,
            object_,
            confidence=confidence_of(properties, _CONFIDENCES),
            start_date=start_date,
            end_date=end_date,
            evidence=self._passages.evidence(properties)
            or ([Evidence(start=span[0], end=span[1])] if span else []),
        )

    def _end(self, place: str, end: Node | str, given: Relationship) -> Entity | None:
        if isinstance(end, Node):
            return self._node(place, end)
        found = self._entities.get((end, None))
        if found is None and end not in self._part.lexical:
            self.building.fault(f"{place}: {end!r} is the id of no node", given)
        return found

    def _take_from(self, entity: Entity, chunk: str | None) -> None:
        span = self._part.span(chunk)
        if span is not None:
            self._taken_from.setdefault(entity.id, {})[span] = None


def _placed(parts: list[_Part]) -> str | None:
    """Return the text of the article, and note in its parts where theirs are in it."""
    begins: dict[str, int] = {}
    end = 0
    for part in parts:
        if part.text:
            part.base = begins.setdefault(part.text, end)
            if part.base == end:
                end += len(part.text) + len(BETWEEN_TEXTS)
    for part in parts:
        part.is_one_of_several = len(begins) > 1
    return BETWEEN_TEXTS.join(begins) if begins else parts[0].text


def _joined(graph: Graph, lexical: dict[str, Node]) -> tuple[str | None, dict[str, _Span]]:
    """Return the text, and of what is joined from several chunks where each lies."""
    if graph.source is not None and graph.source.unwrapped.page_content is not None:
        return graph.source.unwrapped.page_content, {}
    texts = {key: text for key, each in lexical.items() if (text := text_of(each)) is not None}
    chunks: dict[str, _Span] = {}
    place = 0
    for key, text in texts.items():
        chunks[key] = (place, place + len(text))
        place += len(text) + len(_BETWEEN_CHUNKS)
    text = _BETWEEN_CHUNKS.join(texts.values()) if texts else None
    return text, chunks if len(chunks) > 1 else {}
