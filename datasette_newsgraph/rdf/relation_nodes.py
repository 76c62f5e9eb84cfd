"""Relations as rows that can be written: with their terms, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.rdf.decided_rows import DecidedRows
from datasette_newsgraph.rdf.node_columns import ordered, value_of
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.vocabulary import Vocabulary

_NODE = mapping.RELATION
_said: Any = value_of(_NODE, "key", "predicate_label", "subject", "object", "value")
#: Puts what is added to a row, in this order, into that of the mapping.
_added: Any = ordered(_NODE, "predicate", "label", "former")


def relation_rows(
    decided: DecidedRows, part: Part, vocabulary: Vocabulary
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the relations of a part, by their keys, as the compiled function takes them.

    Raises WrongValue.
    """
    predicate_iri = lru_cache(maxsize=8192)(vocabulary.predicate)
    is_decided, former_keys = decided.is_any, decided.former_relations(part)
    for row in decided.rows.nodes(_NODE, part):
        key, predicate, subject, object_, value = _said(row)
        label = f"{subject} {predicate} {value if object_ is None else object_}"
        former = sorted({each for _, each in former_keys.of(key)}) if is_decided else ()
        yield (*row, *_added((predicate_iri(predicate), label, former)))
