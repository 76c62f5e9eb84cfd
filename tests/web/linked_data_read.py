"""What a program reads in the JSON-LD of a page."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph

from tests.rdf.rdf_tools import NQUADS, Graph, iri, read_with_pyoxigraph

#: What a page says besides: which page is about its thing, and which one it was taken from.
OF_PAGES = {iri("schema:mainEntityOfPage"), iri("schema:isBasedOn")}
PAGE = "https://news.example.org/the/page"


def triples_of(data: Any) -> Graph:
    """What is read by a program that fetches no context."""
    parsed = pyoxigraph.parse(
        json.dumps(data).encode(), format=pyoxigraph.RdfFormat.JSON_LD, base_iri=PAGE
    )
    lines = pyoxigraph.serialize(parsed, format=pyoxigraph.RdfFormat.N_QUADS)
    assert lines is not None
    return set(read_with_pyoxigraph(lines, NQUADS))
