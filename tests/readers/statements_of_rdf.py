"""What the tests of NIF and Web Annotations share."""

from __future__ import annotations

import textwrap
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.source import Source


def example_of(reader: ModuleType) -> bytes:
    """The example in a reader's docstring."""
    assert reader.__doc__ is not None
    return textwrap.dedent(reader.__doc__.partition("Example::\n\n")[2]).encode()


def read(reader: Any, data: bytes | Path, folder: Path | None = None, name: str = "a") -> list[Any]:
    """What each record of a file becomes: what was parsed, or why it was not."""
    if isinstance(data, bytes):
        assert folder is not None
        path = folder / name
        path.write_bytes(data)
    else:
        path = data
    with closing(Source(path)) as source:
        return [parsed_or_refused(reader, entry.raw) for entry in reader.entries(source)]


def parsed_or_refused(reader: Any, raw: bytes) -> Any:
    try:
        return reader.parse(raw)
    except RecordError as error:
        return str(error)


def surfaces(parsed: Parsed) -> list[tuple[str, str, int | None, int | None, str | None]]:
    return [
        (entity.type, entity.name, mention.start, mention.end, mention.text)
        for entity in parsed.article.entities
        for mention in entity.mentions
    ]


def reasons(parsed: Parsed) -> list[str]:
    return [fault.reason for fault in parsed.faults]
