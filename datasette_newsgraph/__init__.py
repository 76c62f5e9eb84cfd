"""datasette-newsgraph: parsed news articles → SQLite → pages and RDF.

Datasette's hooks, and the Python interface: ``load`` and ``rdf_graph``. Datasette imports this
module at every start, so nothing else is imported until it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette import hookimpl

if TYPE_CHECKING:
    import click

    from datasette_newsgraph.rdf.notebook import rdf_graph
    from datasette_newsgraph.store.load import load

__all__ = ["load", "rdf_graph"]


@hookimpl  # type: ignore[untyped-decorator]  # datasette has no annotations
def register_commands(cli: click.Group) -> None:
    """Offer the commands as ``datasette newsgraph …`` too."""
    from datasette_newsgraph.cli import cli as newsgraph

    cli.add_command(newsgraph, name="newsgraph")


def __getattr__(name: str) -> Any:
    if name == "load":
        from datasette_newsgraph.store.load import load

        return load
    if name == "rdf_graph":
        from datasette_newsgraph.rdf.notebook import rdf_graph

        return rdf_graph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
