"""What the tests of corpora and graphs share: reading a file, and what is looked at in an article."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.reading.recognition import format_called, recognise


def load(path: Path) -> tuple[str, list[Parsed]]:
    """Recognise a file or folder and parse all of it; what is rejected is left out."""
    with closing(open_input(path)) as source:
        found = recognise(source)
        given = found.reader.entries(source)
        return found.name, [found.reader.parse(each.raw) for each in given if not each.fault]


def parse(name: str, value: Any) -> Parsed:
    return format_called(name).reader.parse(json.dumps(value).encode())


def example(name: str) -> str:
    doc = format_called(name).reader.__doc__
    assert doc is not None
    return textwrap.dedent(doc.split("Example::\n")[1]).strip()


def records(name: str) -> list[Any]:
    value = json.loads(example(name))
    return value if isinstance(value, list) else [value]


def reasons(parsed: Parsed) -> list[str]:
    return [each.reason for each in parsed.faults]


def statements(parsed: Parsed) -> list[tuple[str, str, Any]]:
    names = {each.id: each.name for each in parsed.article.entities}
    return [
        (
            names[each.subject],
            each.predicate,
            each.value if each.object is None else names[each.object],
        )
        for each in parsed.article.relations
    ]


def mentions(parsed: Parsed) -> list[tuple[str, int | None, int | None, str | None]]:
    return [
        (entity.name, each.start, each.end, each.text)
        for entity in parsed.article.entities
        for each in entity.mentions
    ]


def counts(articles: list[Parsed]) -> Counter[str]:
    found: Counter[str] = Counter(articles=len(articles))
    for parsed in articles:
        article = parsed.article
        found["entities"] += len(article.entities)
        found["mentions"] += sum(len(each.mentions) for each in article.entities)
        found["relations"] += len(article.relations)
        found["evidence"] += sum(len(each.evidence) for each in article.relations)
        found["faults"] += len(parsed.faults)
    return found


def is_sound(parsed: Parsed) -> None:
    """What holds of all that a reader returns: ids are there, spans read what they say."""
    article = parsed.article
    ids = {each.id for each in article.entities}
    assert len(ids) == len(article.entities)
    for relation in article.relations:
        assert relation.subject in ids
        assert (relation.object in ids) != (relation.value is not None)
    assert article.id == ""


def docred(**changes: Any) -> dict[str, Any]:
    return {**records("docred")[0], **changes}


NODES = [
    {
        "id": "Q36740",
        "type": "Person",
        "properties": {
            "name": "Maria Ressa",
            "description": "journalist",
            "aliases": ["Ressa"],
            "wikidata_id": "Q36740",
            "born": "1963-10-02",
            "awards": ["Nobel Peace Prize", {"x": 1}, None],
            "is_editor": True,
            "embedding": [0.1, 0.2],
            "confidence": 0.9,
        },
    },
    {"id": "Rappler", "type": "Organization", "properties": None},
]


RELATIONSHIP = {
    "source": {"id": "Q36740", "type": "Person"},
    "target": {"id": "Rappler", "type": "Organization"},
    "type": "FOUNDED",
    "properties": {
        "start": "2012-01-01T00:00:00Z",
        "end": "unknown",
        "weight": 9,
        "score": 0.5,
        "evidence": "Ressa  founded rappler",
        "description": "not in the text at all",
    },
}


GRAPH = {
    "nodes": NODES,
    "relationships": [RELATIONSHIP],
    "source": {
        "id": "doc-7",
        "page_content": "In 2012 Ressa founded Rappler.",
        "metadata": {
            "source": "news/a.txt",
            "url": "https://example.org/a",
            "title": "A",
            "date": "2021-10-08T10:00:00",
            "language": "en",
            "author": ["B", "B"],
        },
    },
}


def serialised(value: Any, kind: str) -> dict[str, Any]:
    return {"lc": 1, "type": "constructor", "id": ["langchain", kind], "kwargs": value}


def chunk(text: str, *edges: tuple[str, str, str], **metadata: Any) -> dict[str, Any]:
    """A graph of LangChain's, every end of which is a person."""
    names = dict.fromkeys(name for source, _, target in edges for name in (source, target))
    return {
        "nodes": [{"id": name, "type": "Person", "properties": {"seen": True}} for name in names],
        "relationships": [
            {
                "source": {"id": source, "type": "Person"},
                "target": {"id": target, "type": "Person"},
                "type": kind,
            }
            for source, kind, target in edges
        ],
        "source": {"page_content": text, "metadata": metadata},
    }


def llama_store() -> dict[str, Any]:
    def chunk(key: str, document: str, text: str) -> dict[str, Any]:
        properties = {"ref_doc_id": document, "file_name": f"{document}.txt"}
        return {"label": "text_chunk", "properties": properties, "text": text, "id_": key}

    def entity(name: str, key: str) -> dict[str, Any]:
        properties = {"triplet_source_id": key, "file_name": "x", "role": "?"}
        return {"label": "entity", "name": name, "properties": properties, "embedding": None}

    def relation(source: str, label: str, target: str, key: str) -> dict[str, Any]:
        properties = {"triplet_source_id": key}
        return {"label": label, "source_id": source, "target_id": target, "properties": properties}

    return {
        "nodes": {
            "c1": chunk("c1", "d1", "Ressa founded Rappler."),
            "c2": chunk("c2", "d1", "Ressa lives in Manila."),
            "c3": chunk("c3", "d2", "Manila is a capital."),
            "Ressa": entity("Ressa", "c1"),
            "Rappler": entity("Rappler", "c1"),
            # Found in the second document last.
            "Manila": entity("Manila", "c3"),
            "stray": entity("stray", "gone"),
        },
        "relations": {
            "a": relation("Ressa", "FOUNDED", "Rappler", "c1"),
            "b": relation("Ressa", "LIVES_IN", "Manila", "c2"),
            "c": relation("Ressa", "HAS_SOURCE", "c1", ""),
            "d": relation("c1", "NEXT", "c2", ""),
        },
        "triplets": [["Ressa", "a", "Rappler"]],
    }
