"""Stage 3: article records → SQLite. What the database is, and how it is opened."""

from __future__ import annotations

from datasette_newsgraph.store.base_iri import DEFAULT_BASE, get_base, is_loopback, set_base
from datasette_newsgraph.store.opening import AnyDatabase, open_store
from datasette_newsgraph.store.own_files import File, file_of, identity, leading_to, own_files

__all__ = [
    "DEFAULT_BASE",
    "AnyDatabase",
    "File",
    "file_of",
    "get_base",
    "identity",
    "is_loopback",
    "leading_to",
    "open_store",
    "own_files",
    "set_base",
]
