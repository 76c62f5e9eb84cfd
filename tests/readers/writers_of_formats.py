"""One article, and a writer of it for every format: the bytes that the tools themselves would write."""

from __future__ import annotations

from tests.readers import (
    writers_for_annotation,
    writers_for_cas,
    writers_for_columns,
    writers_for_graph_builders,
    writers_for_graphs,
    writers_for_markup,
    writers_for_names,
    writers_for_nodes_and_edges,
    writers_for_relations,
    writers_for_web_and_tables,
)
from tests.readers.writing import WRITERS

__all__ = ["WRITERS"]

#: The modules whose writers are in the table, as they are imported.
MODULES = (
    writers_for_names,
    writers_for_annotation,
    writers_for_cas,
    writers_for_relations,
    writers_for_columns,
    writers_for_graph_builders,
    writers_for_graphs,
    writers_for_nodes_and_edges,
    writers_for_web_and_tables,
    writers_for_markup,
)
