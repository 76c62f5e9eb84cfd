"""What the tests of entity recognisers share: loading a file, and what is looked at in an article."""

from __future__ import annotations

import importlib
import json
import textwrap
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import format_called, recognise


def load_path(path: Path) -> tuple[str, list[Parsed]]:
    """Recognise a file and parse all of it: the format's name and the articles."""
    with closing(Source(path)) as source:
        found = recognise(source)
        return found.name, [found.reader.parse(each.raw) for each in found.reader.entries(source)]


def parse(name: str, value: Any) -> Parsed:
    return format_called(name).reader.parse(json.dumps(value).encode())


def example(name: str) -> str:
    """The example in the docstring of a reader."""
    doc = importlib.import_module(f"datasette_newsgraph.readers.formats.{name}").__doc__
    assert doc is not None
    return textwrap.dedent(doc.split("Example::\n")[1]).strip()


def mentions(parsed: Parsed) -> list[tuple[str, int | None, int | None, str | None]]:
    """(type, start, end, surface) of every mention, by place."""
    found = [
        (entity.type, each.start, each.end, each.text)
        for entity in parsed.article.entities
        for each in entity.mentions
    ]
    return sorted(found, key=lambda each: (each[1] or 0, each[2] or 0, each[0]))


def statements(parsed: Parsed) -> list[tuple[str, str, str]]:
    """(subject, predicate, object) by name."""
    names = {each.id: each.name for each in parsed.article.entities}
    return [
        (names[each.subject], each.predicate, names[each.object or ""])
        for each in parsed.article.relations
    ]


def same_as(parsed: Parsed) -> dict[str, list[str]]:
    return {each.name: each.same_as for each in parsed.article.entities if each.same_as}


def reasons(parsed: Parsed) -> list[str]:
    return [each.reason for each in parsed.faults]


def count(parsed: list[Parsed]) -> tuple[int, int, int]:
    """How many entities, mentions and relations there are."""
    entities = [each for one in parsed for each in one.article.entities]
    relations = sum(len(one.article.relations) for one in parsed)
    return len(entities), sum(len(each.mentions) for each in entities), relations
