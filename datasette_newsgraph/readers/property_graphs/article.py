"""Make an article of the part of a graph that is about it."""

from __future__ import annotations

import re
from typing import Any

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordLeftOut
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed, named_keys
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.grouping import decoded, joined
from datasette_newsgraph.readers.named_keys import by_folded_key, folded, values_in
from datasette_newsgraph.readers.property_graphs.edges import type_of
from datasette_newsgraph.readers.property_graphs.graph import (
    BETWEEN,
    ArticleGraph,
    Edge,
    Node,
)
from datasette_newsgraph.readers.property_graphs.properties import (
    UNDERSTOOD,
    Passages,
    confidence_of,
    dates_of,
    describe,
    same_as,
    texts_of,
)
from datasette_newsgraph.readers.property_graphs.sources import SOURCE_KEYS
from datasette_newsgraph.readers.property_graphs.value_nodes import NodeValue, is_value, value_of
from datasette_newsgraph.readers.shapes import decode

#: What a description of a relationship, which is no passage of the text, is a value of its subject by.
_DESCRIPTION = "relationship description"
#: A longer name is damage.
_LONGEST_NAME = 1000
_ADDRESS = re.compile(r"https?://\S+")
_LOCAL_IDS = ("id", "doc_id", "document_id", "file_path", "file_name", "filename", "title")
#: The properties of edges of which something is taken, or that are about the drawing.
_OF_EDGES = (
    UNDERSTOOD
    | SOURCE_KEYS
    | {"kind"}
    | frozenset(
        map(
            folded,
            (
                *named_keys.PREDICATES,
                *named_keys.BEGINNINGS,
                *named_keys.ENDINGS,
                *named_keys.DAYS,
                *named_keys.EVIDENCE,
                *named_keys.DRAWN,
                *named_keys.STATEMENT_DESCRIPTIONS,
            ),
        )
    )
)


def parse(raw: bytes) -> Parsed:
    """Make the graphs of one article, each a line as ``ArticleGraph``, an article.

    Raises RecordError if none can be read, or nothing is in them.
    """
    parts, faults = decoded(raw, lambda line: decode(line, ArticleGraph), "graph")
    text, begins = joined(part.text for _, part in parts)
    reading = _Reading(text)
    reading.building.faults += faults
    for where, part in parts:
        reading.take(where, part, begins.get(part.text or "", 0))
    return reading.finish([part for _, part in parts])


class _Reading:
    """One article as the parts of its graphs are read."""

    def __init__(self, text: str | None) -> None:
        self.building = Building(text)
        self._passages = Passages(text)
        self._unknown: dict[str, int] = {}
        self._described: set[tuple[str, str]] = set()

    def take(self, where: str, part: ArticleGraph, begin: int) -> None:
        """Take a graph whose text begins there in the article's."""
        for reason, value in part.faults:
            self.building.fault(where + reason, value)
        spans = {id_: (start + begin, end + begin) for id_, (start, end) in part.passages.items()}
        values = {
            each.id: value_of(each)
            for each in part.nodes
            if is_value(each, next(iter(each.labels), None))
        }
        entities: dict[str, Entity] = {}
        for node in part.nodes:
            entity = None if node.id in values else self._node(where, node, spans)
            if entity is not None:
                entities[node.id] = entity
        for edge in part.edges:
            subject = entities.get(edge.source)
            object_ = values.get(edge.target) or entities.get(edge.target)
            if subject is not None and object_ is not None:
                self._edge(subject, edge, object_, spans)

    def _node(self, where: str, node: Node, spans: dict[str, tuple[int, int]]) -> Entity | None:
        name = collapse(node.name or "")
        if not name or len(name) > _LONGEST_NAME:
            why = "is too long for a name" if name else "has neither an id nor a name"
            self.building.fault(f"{where}{node.place}: {why}", node.properties)
            return None
        label = node.labels[0] if node.labels else None
        entity = self.building.entity(
            label, name, id=f"{node.id}\n{name}\n{label}", same_as=same_as(node.id)
        )
        describe(self.building, entity, node.properties, ())
        if entity.description is not None:
            # Of several chunks, as LightRAG joins them.
            entity.description = "\n".join(entity.description.split(BETWEEN))
        confidence = confidence_of(by_folded_key(node.properties))
        passages = [spans[each] for each in node.passages if each in spans]
        for passage in passages:
            self.building.seek(entity, passage, confidence=confidence)
        if not passages:
            self.building.seek(entity, confidence=confidence)
        return entity

    def _edge(
        self,
        subject: Entity,
        edge: Edge,
        object_: Entity | NodeValue,
        spans: dict[str, tuple[int, int]],
    ) -> None:
        properties = by_folded_key(edge.properties)
        start_date, end_date = dates_of(properties)
        self.building.relation(
            subject,
            type_of(edge),
            None if isinstance(object_, NodeValue) else object_,
            value=object_.value if isinstance(object_, NodeValue) else None,
            datatype=object_.datatype if isinstance(object_, NodeValue) else None,
            confidence=confidence_of(properties),
            start_date=start_date,
            end_date=end_date,
            evidence=self._evidence(edge, properties, spans),
        )
        for given in texts_of(properties, named_keys.STATEMENT_DESCRIPTIONS):
            for each in filter(str.strip, given.split(BETWEEN)):
                if (subject.id, each) not in self._described:
                    self._described.add((subject.id, each))
                    self.building.relation(
                        subject, _DESCRIPTION, value=each.strip(), datatype="string"
                    )
        for key, value in edge.properties.items():
            if folded(key) not in _OF_EDGES and value not in (None, "", [], {}):
                self._unknown[key] = self._unknown.get(key, 0) + 1

    def _evidence(
        self, edge: Edge, properties: dict[str, Any], spans: dict[str, tuple[int, int]]
    ) -> list[Evidence]:
        """Return the passages that a relation quotes, else the pieces of text that it is from."""
        if self.building.text is None:
            return [Evidence(text=each) for each in texts_of(properties, named_keys.EVIDENCE)]
        found = [spans[each] for each in edge.passages if each in spans]
        return self._passages.evidence(properties) or [
            Evidence(start=start, end=end) for start, end in found
        ]

    def finish(self, parts: list[ArticleGraph]) -> Parsed:
        """Return the article."""
        building = self.building
        if building.text is None and not building.entities and not building.faults:
            raise RecordLeftOut("no node in it, and no text")
        about: dict[str, Any] = {}
        for part in parts:
            about = {**part.about, **about}
        keys = [part.key for part in parts if part.key]
        address = next(filter(_ADDRESS.fullmatch, keys), None)
        fields = about_article({**about, "url": address} if address else about)
        given = values_in(by_folded_key(about), _LOCAL_IDS)
        local = [str(each) for each in (*keys, *given) if isinstance(each, (str, int)) and each]
        local += [each.replace("\\", "/").rpartition("/")[2] for each in local if "://" not in each]
        parsed = building.finish(
            parts[0].tool,
            local_ids=tuple(dict.fromkeys(each for each in local if each != fields.get("url"))),
            **fields,
        )
        parsed.is_joined = any(part.is_joined for part in parts)
        parsed.notes.unknown_fields.update(self._unknown)
        return parsed
