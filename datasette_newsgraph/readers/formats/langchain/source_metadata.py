"""What the metadata of a graph's source say about the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.readers.formats.langchain.property_graph import Graph, SourceDocument
from datasette_newsgraph.readers.sidecar_fields import folded, unusable, words_of

_TITLES = ("title",)
_ADDRESSES = ("source", "url", "link", "source_url", "path")
_PUBLISHED = ("published", "publish_date", "date_published", "published_at", "publishedAt", "date")
_LANGUAGES = ("language", "lang")
_AUTHORS = ("authors", "author")
_FIELDS = ("url", "title", "published", "language", "authors")
_LOCAL = ("id", "doc_id", "document_id", "ref_doc_id", "file_name", "source")

#: With something behind the host: a newspaper's own address is not that of an article.
_ADDRESS = re.compile(r"https?://[^\s/?#]+[/?#]+[^\s/?#]\S*")

_Metadata = Mapping[str, Any]


def metadata_of(graph: Graph) -> _Metadata:
    """Return what a graph says of its source."""
    if graph.source is not None:
        return _of_source(graph.source)
    metadata: dict[str, Any] = {}
    for node in graph.lexical.values():
        metadata = {**node.properties, **metadata}
    return metadata


def _of_source(source: SourceDocument) -> _Metadata:
    document = source.unwrapped
    return {"id": document.id, **(document.metadata or {})}


def address_of(metadata: _Metadata) -> str | None:
    """Return the article's address."""
    return next(filter(_ADDRESS.fullmatch, _strings(metadata, _ADDRESSES)), None)


def about(sources: Iterable[_Metadata]) -> dict[str, Any]:
    """Return the fields of the article, each from the first source that has it."""
    found: dict[str, Any] = {}
    local: list[str] = []
    given: dict[str, Any] = {}
    for metadata in sources:
        given = {**{folded(name): value for name, value in metadata.items()}, **given}
        address = address_of(metadata)
        local += [each for each in _strings(metadata, _LOCAL) if each != address]
        fields = {
            "url": address,
            "title": next(_strings(metadata, _TITLES), None),
            "published": first_date(_strings(metadata, _PUBLISHED)),
            "language": next(_strings(metadata, _LANGUAGES), None),
            "authors": list(dict.fromkeys(_strings(metadata, _AUTHORS))),
        }
        found = {**{name: each for name, each in fields.items() if each}, **found}
    passed_over = unusable(given, {**dict.fromkeys(_FIELDS), **found})
    return {**found, "passed_over": passed_over, "local_ids": tuple(dict.fromkeys(local))}


def _strings(metadata: _Metadata, keys: tuple[str, ...]) -> Iterator[str]:
    for value in map(metadata.get, keys):
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, (dict, list)) and (words := words_of(each)):
                yield words
