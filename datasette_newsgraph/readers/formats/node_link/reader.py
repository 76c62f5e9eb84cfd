"""Read nodes and edges in JSON, as networkx, D3, vis.js, Cytoscape.js and Sigma have them.

- A file is one graph, or has one a line. ``nodes`` are objects or names; ``edges`` (``links``) lead
  from ``source`` to ``target`` (``from``, ``to``), which are ids, names or numbers in the list. The
  properties of a node may be in ``data``, ``attributes``, ``properties`` or ``metadata``. JSON Graph
  Format is read, too.
- How nodes are named, and which article they are from: see
  [files of nodes and edges](#files-of-nodes-and-edges). ``text``, ``title``, ``url`` and so on beside
  the lists, or in ``graph``, are those of the article.
- An edge may name an end that is no node, if nodes are known by their names. It becomes an entity
  without a type.

Offsets: none. Names are looked for in the text.

Example::

    {"directed": true, "multigraph": false,
     "graph": {"title": "A Nobel for trees", "url": "https://example.org/maathai",
               "text": "Wangari Maathai founded the Green Belt Movement in 1977."},
     "nodes": [{"id": "Wangari Maathai", "type": "Person", "birth_year": 1940},
               {"id": "Green Belt Movement", "type": "Organization", "wikidata_id": "Q1368470"}],
     "links": [{"source": "Wangari Maathai", "target": "Green Belt Movement", "relation": "founded",
                "confidence": 0.9}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.readers.cutting import records, whole
from datasette_newsgraph.readers.formats.node_link.json_graphs import graphs_of
from datasette_newsgraph.readers.property_graphs.article import parse
from datasette_newsgraph.readers.property_graphs.cutting import graph_entries, of_each_record
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_PEEK = 1 << 12
#: A list of the elements of one graph, not of graphs.
_ELEMENTS = re.compile(rb'\s*\[\s*\{\s*"(?:group|data)"\s*:')


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the articles of each graph, those of one source together."""
    is_one = _ELEMENTS.match(source.sample(_PEEK)[0]) is not None
    return graph_entries(source, resume, of_each_record(whole if is_one else records, graphs_of))
