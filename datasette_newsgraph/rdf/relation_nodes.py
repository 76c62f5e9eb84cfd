"""Relations as rows that can be written: with their terms, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.node_columns import ordered, value_of
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.vocabulary import Vocabulary

_NODE = mapping.RELATION
_said: Any = value_of(_NODE, "predicate_label", "subject", "object", "value")
#: Puts what is added to a row, in this order, into that of the mapping.
_added: Any = ordered(_NODE, "predicate", "label")


def relation_rows(rows: GraphRows, part: Part, vocabulary: Vocabulary) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the relations of a part, by their keys, as the compiled function takes them.

    Raises WrongValue.
    """
    predicate_iri = lru_cache(maxsize=8192)(vocabulary.predicate)
    for row in rows.nodes(_NODE, part):
        predicate, subject, object_, value = _said(row)
        label = f"{subject} {predicate} {value if object_ is None else object_}"
        yield (*row, *_added((predicate_iri(predicate), label)))
