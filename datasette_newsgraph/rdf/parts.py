"""The parts of a document: each may be written by itself, and in order they are the document."""

from __future__ import annotations

from typing import NamedTuple

from datasette_newsgraph import mapping

#: What the articles share besides entities and relations: extractions, and terms of our own.
HEAD = "head"


class Part(NamedTuple):
    """Some of the nodes of a document: the head, or entities, relations, publishers, authors, articles
    or decisions
    (``kind`` is that of the mapping's node), those whose keys are ``low`` or higher and below ``high``.
    None is no bound.

    What lies in an article comes with it. The head has no bounds.
    """

    kind: str
    low: str | None = None
    high: str | None = None


#: All of a document in order. In place of a part there may be several, in order, that together have
#: its keys.
WHOLE = (
    Part(HEAD),
    Part(mapping.ENTITY.kind),
    Part(mapping.RELATION.kind),
    Part(mapping.PUBLISHER.kind),
    Part(mapping.AUTHOR.kind),
    Part(mapping.ARTICLE.kind),
    Part(mapping.DECISION.kind),
)
