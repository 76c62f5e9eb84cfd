"""The part of ``newsgraph export`` that writes for graph tools."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database

    from datasette_newsgraph.property_graphs import GraphFormat


def graph_format(name: str | None, path: str) -> GraphFormat | None:
    """Return the format for a graph tool that is named, else the one that the ending of a file or a
    folder names; None if it is none of these.
    """
    from datasette_newsgraph.property_graphs import find_format, format_of_name

    return find_format(path) if name is None else format_of_name(name)


def require_options(name: str, allowed: Collection[str], given: Collection[str]) -> None:
    """Raise UsageError for an option, by the name of its parameter, that a format has no use for."""
    from datasette_newsgraph.errors import UsageError

    for each in given:
        if each not in allowed:
            raise UsageError(
                f"--{each.replace('_', '-')} is not for {name}; {_OTHERS[each]}, or leave it out"
            )


#: For which formats an option is, where it is not for all.
_OTHERS = {
    "with_text": "choose an RDF format, graphml, cytoscape, neo4j-csv or parquet",
    "profile": "choose an RDF format",
    "with_decisions": "choose an RDF format",
    "assert_from": "choose an RDF format",
    "jobs": "choose an RDF format",
    "together": "choose gexf",
}


def write_graph(
    db: Database,
    database: str,
    format_: GraphFormat,
    output: str,
    *,
    with_text: bool,
    together: int,
    parts: Mapping[str, Any],
) -> None:
    """Write a graph, or a part of it (keys of ``parts``), to a file or a folder."""
    from datasette_newsgraph.errors import UsageError
    from datasette_newsgraph.property_graphs.export import opened_files, stream
    from datasette_newsgraph.property_graphs.folders import write_folder
    from datasette_newsgraph.store.journal import is_awaited
    from datasette_newsgraph.whole_files import write as write_file

    if not format_.is_folder:
        with closing(
            stream(db.conn, format_, with_text=with_text, together=together, **parts)
        ) as blocks:
            write_file(blocks, output, hurries=partial(is_awaited, database))
        return
    if output == "-":
        raise UsageError(f"{format_.name} is a folder of files; name it: -o DIR")
    if output.endswith(".gz"):
        raise UsageError(f"-o {output}: {format_.name} is a folder; name it without .gz")
    with opened_files(db.conn, format_, with_text=with_text, **parts) as files:
        write_folder(files, output, format_.module.NAMES)
