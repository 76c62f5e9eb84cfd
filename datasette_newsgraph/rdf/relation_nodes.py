"""Relations as rows that can be written: with their terms, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.rdf.decided_rows import DecidedRows
from datasette_newsgraph.rdf.groups import Groups
from datasette_newsgraph.rdf.node_columns import ordered, value_of
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.vocabulary import Vocabulary, kind_of_object

_NODE = mapping.RELATION
_said: Any = value_of(
    _NODE,
    *("key", "predicate_label", "subject_key", "subject", "object_key", "object", "value"),
    "datatype",
)
#: Puts what is added to a row, in this order, into that of the mapping.
_added: Any = ordered(_NODE, "predicate", "label", "about", "stated_in", "former")


def relation_rows(
    decided: DecidedRows, part: Part, vocabulary: Vocabulary, *, as_claims: bool
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the relations of a part, by their keys, as the compiled function takes them;
    what they are about and the articles that state them only if ``as_claims`` is set.

    Raises WrongValue.
    """
    predicate_iri = lru_cache(maxsize=8192)(vocabulary.predicate)
    is_decided, former_keys = decided.is_any, decided.former_relations(part)
    stated = decided.rows.stated_in(part) if as_claims else Groups((), itemgetter(0))
    for row in decided.rows.nodes(_NODE, part):
        key, predicate, subject_key, subject, object_key, object_, value, datatype = _said(row)
        label = f"{subject} {predicate} {value if object_ is None else object_}"
        former = sorted({each for _, each in former_keys.of(key)}) if is_decided else ()
        term = predicate_iri(predicate, kind_of_object(object_key, datatype))
        about: Iterable[str] = ()
        articles: Iterable[str] = ()
        if as_claims:
            about = dict.fromkeys(each for each in (subject_key, object_key) if each is not None)
            articles = sorted({each for _, each in stated.of(key)})
        yield (*row, *_added((term, label, about, articles, former)))
