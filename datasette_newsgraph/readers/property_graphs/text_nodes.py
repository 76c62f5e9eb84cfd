"""Nodes that stand for an article or a piece of its text, and not for a thing that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datasette_newsgraph.readers.named_keys import by_folded_key, values_in
from datasette_newsgraph.readers.property_graphs.graph import Edge, Node

#: The labels of pieces of a text, and of whole articles, in all tools that read them; compared in
#: lower case and without ``_``. A language model gives some of them to things, too: see ``text_nodes``.
CHUNK_LABELS = (
    "Chunk",
    "__Chunk__",
    "text_chunk",
    "TextUnit",
    "__TextUnit__",
    "Passage",
    "Segment",
)
ARTICLE_LABELS = (
    *("Document", "__Document__", "Article", "NewsArticle", "Source", "SourceDocument", "WebPage"),
    *("News", "Report", "File", "Episode", "Episodic"),
)
#: What leads from an article or its pieces to a thing that is named there, or the other way round.
MENTIONING = frozenset(
    (
        *("mentions", "mention", "mentionedin", "hasentity", "containsentity", "fromchunk"),
        *("fromdocument", "extractedfrom", "hasmention", "appearsin", "mentionedby", "foundin"),
        *("sourcedfrom", "describes", "about"),
    )
)
_TEXTS = ("text", "content", "page_content", "body", "article_text", "full_text", "raw_text")
_ADDRESSES = ("url", "link", "source_url", "uri", "source", "web_url")
_ADDRESS = re.compile(r"https?://\S+")
_CHUNKS, _ARTICLES = (
    frozenset(each.replace("_", "").casefold() for each in labels)
    for labels in (CHUNK_LABELS, ARTICLE_LABELS)
)


def squeezed(label: str) -> str:
    """Return a label, or a predicate, as it is compared here."""
    return label.replace("_", "").replace(" ", "").replace("-", "").casefold()


def is_chunk_label(label: str | None) -> bool:
    """Tell whether a label stands for pieces of a text."""
    return label is not None and squeezed(label) in _CHUNKS


def is_article_label(label: str | None) -> bool:
    """Tell whether a label stands for articles."""
    return label is not None and squeezed(label) in _ARTICLES


def text_in(properties: Mapping[str, Any]) -> str | None:
    """Return the text that a node of a text has."""
    found = values_in(by_folded_key(properties), _TEXTS)
    return next((each for each in found if isinstance(each, str) and each.strip()), None)


def text_nodes(
    nodes: Iterable[tuple[Node, str | None]], edges: Sequence[tuple[Edge, str | None]]
) -> dict[str, Node]:
    """Return the nodes that stand for articles or pieces of them, by their ids.

    The label alone does not tell: ``Document`` may be the type of a treaty. Such a node has a text or
    an address, too, or an edge to a piece of a text, or mentions what is at the other end of one.
    """
    chunks: dict[str, Node] = {}
    articles: dict[str, Node] = {}
    for node, type_ in nodes:
        if is_chunk_label(type_):
            chunks[node.id] = node
        elif is_article_label(type_):
            articles[node.id] = node
    if not chunks and not articles:
        return {}
    tied: set[str] = set()
    for edge, type_ in edges:
        ends = (edge.source, edge.target)
        if type_ is not None and squeezed(type_) in MENTIONING:
            tied.update(ends)
        elif any(end in chunks for end in ends):
            tied.update(end for end in ends if end in articles)
    return {
        id_: node
        for id_, node in {**articles, **chunks}.items()
        if id_ in tied or text_in(node.properties) or _has_address(node)
    }


def _has_address(node: Node) -> bool:
    found = values_in(by_folded_key(node.properties), _ADDRESSES)
    return any(isinstance(each, str) and _ADDRESS.fullmatch(each) for each in found)
