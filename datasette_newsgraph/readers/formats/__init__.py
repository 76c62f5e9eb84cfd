"""The readers, a module or package for each input format, and the table of them.

A new format is a module of this package and an entry in one of the modules of ``readers.table``;
recognition, ``newsgraph formats``, the documentation and most tests follow from it.
"""

from __future__ import annotations

from datasette_newsgraph.readers.table.annotators import ANNOTATORS
from datasette_newsgraph.readers.table.columns import COLUMNS
from datasette_newsgraph.readers.table.corpora import CORPORA
from datasette_newsgraph.readers.table.format import Format
from datasette_newsgraph.readers.table.graphs import GRAPHS
from datasette_newsgraph.readers.table.language_models import LANGUAGE_MODELS
from datasette_newsgraph.readers.table.linked_data import LINKED_DATA
from datasette_newsgraph.readers.table.markup import MARKUP
from datasette_newsgraph.readers.table.own import OWN
from datasette_newsgraph.readers.table.pipelines import PIPELINES
from datasette_newsgraph.readers.table.services import SERVICES

__all__ = ["FORMATS", "KINDS", "Format"]

#: The formats by what writes them, as the README lists them. The first is our own record.
KINDS: dict[str, tuple[Format, ...]] = {
    "newsgraph": OWN,
    "Language models": LANGUAGE_MODELS,
    "Graphs": GRAPHS,
    "Annotation tools": ANNOTATORS,
    "Libraries and models": PIPELINES,
    "Services": SERVICES,
    "XML": MARKUP,
    "RDF": LINKED_DATA,
    "Columns": COLUMNS,
    "Corpora": CORPORA,
}
FORMATS: tuple[Format, ...] = tuple(each for formats in KINDS.values() for each in formats)
