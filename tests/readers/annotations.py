"""What the tests of tools for annotation share: reading a file, and what is looked at in an article."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.formats import doccano, label_studio
from datasette_newsgraph.readers.formats.brat import reader as brat
from datasette_newsgraph.readers.formats.prodigy import reader as prodigy
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.reading.recognition import recognise

READERS = {
    "label_studio": label_studio,
    "prodigy": prodigy,
    "doccano": doccano,
    "brat": brat,
}


Json = dict[str, Any]


def read(name: str, path: Path) -> list[Parsed]:
    """All articles of a file or folder, which must be recognised."""
    with closing(Folder(path) if path.is_dir() else Source(path)) as source:
        assert recognise(source).name == name
        return [READERS[name].parse(entry.raw) for entry in READERS[name].entries(source)]


def cut(name: str, path: Path, resume: tuple[int, int, str] | None = None) -> list[Entry]:
    with closing(Source(path)) as source:
        return list(READERS[name].entries(source, resume))


def parse(name: str, record: Any) -> Parsed:
    return READERS[name].parse(json.dumps(record).encode())


def refusal(name: str, record: Any) -> str:
    with pytest.raises(RecordError) as found:
        parse(name, record)
    return str(found.value)


def counts(parsed: list[Parsed]) -> tuple[int, int, int, int]:
    """Articles, entities, mentions and relations."""
    articles = [each.article for each in parsed]
    return (
        len(articles),
        sum(len(each.entities) for each in articles),
        sum(len(entity.mentions) for each in articles for entity in each.entities),
        sum(len(each.relations) for each in articles),
    )


def reasons(parsed: Parsed) -> list[str]:
    return [fault.reason for fault in parsed.faults]


def names(parsed: Parsed) -> list[tuple[str, str]]:
    return [(each.type, each.name) for each in parsed.article.entities]


def statements(parsed: Parsed) -> list[tuple[str, str, Any]]:
    """Relations with the names of their ends."""
    called = {each.id: each.name for each in parsed.article.entities}
    return [
        (called[each.subject], each.predicate, called[each.object] if each.object else each.value)
        for each in parsed.article.relations
    ]


def spans(parsed: Parsed) -> list[tuple[int | None, int | None, str | None]]:
    return [
        (mention.start, mention.end, mention.text)
        for entity in parsed.article.entities
        for mention in entity.mentions
    ]


def entity(parsed: Parsed, name: str) -> Entity:
    return next(each for each in parsed.article.entities if each.name == name)


SUMMIT = "Greta Thunberg spoke at the United Nations."


def region(start: int, end: int, id_: str, *labels: str, text: str = SUMMIT, **more: Any) -> Json:
    value = {"start": start, "end": end, "text": text[start:end], "labels": list(labels)}
    return {"id": id_, "type": "labels", "to_name": "text", "value": value, **more}


def arrow(direction: str | None, *labels: str, to: str = "b") -> Json:
    way = {} if direction is None else {"direction": direction}
    return {"type": "relation", "from_id": "a", "to_id": to, **way, "labels": list(labels)}


def task(*results: Json, text: str = SUMMIT, **fields: Any) -> Json:
    annotation = {"id": 1, "result": list(results)}
    return {"id": 9, "data": {"text": text}, "annotations": [annotation], **fields}


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in records)


TOKENS = [
    {"text": "Malala", "start": 0, "end": 6, "id": 0, "ws": True},
    {"text": "Yousafzai", "start": 7, "end": 16, "id": 1, "ws": False},
    {"text": ",", "start": 16, "end": 17, "id": 2, "ws": True},
    {"text": "Mingora", "start": 18, "end": 25, "id": 3, "ws": False},
]
