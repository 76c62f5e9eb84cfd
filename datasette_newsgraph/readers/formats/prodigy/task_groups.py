"""Bring Prodigy's tasks about one article together.

Prodigy writes a task for each question and each annotator, in the order of the answers, so that what is
known of a text may stand far apart in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.grouping import grouped
from datasette_newsgraph.readers.source import Entry, Source


class _About(msgspec.Struct, gc=False):
    """What tells the article of a task."""

    text: str | None = None
    meta: dict[str, Any] | None = None
    url: Any = None


_decode_about = msgspec.json.Decoder(_About, strict=False).decode


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the tasks of each article together, one a line, at the line of the last one."""
    return grouped(source, resume, _article_of)


def _article_of(raw: bytes) -> str | None:
    found = _decode_about(raw)
    url: str | None = about_article({"url": found.url, **(found.meta or {})}).get("url")
    return url or found.text
