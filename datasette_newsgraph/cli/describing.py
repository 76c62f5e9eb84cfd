"""The command that describes a graph as a data set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import FILE, WORDS, assert_from_option, quiet, rdf_format
from datasette_newsgraph.cli.warnings import warn_of_loopback
from datasette_newsgraph.terminal import write

if TYPE_CHECKING:
    from sqlite_utils import Database

    from datasette_newsgraph.rdf.description.told import Download


@click.command(
    epilog=examples(
        "newsgraph describe newsgraph.db > void.ttl",
        "newsgraph describe newsgraph.db --metadata metadata.json"
        " --download https://example.org/news.ttl.gz > void.ttl",
    )
)
@click.argument("database", type=FILE)
@rdf_format
@click.option(
    "--download",
    "downloads",
    multiple=True,
    type=WORDS,
    metavar="URL",
    help="Where an export of DATABASE is to be had, its ending tells the format; may be given several"
    " times.",
)
@click.option(
    "--metadata",
    "metadata_file",
    type=FILE,
    help="Metadata of Datasette, as JSON: title, description, licence and source of DATABASE.",
)
@assert_from_option(
    "As the export has it that is described: it changes how many plain triples there are."
)
@quiet
def describe(
    database: str,
    format_name: str | None,
    downloads: tuple[str, ...],
    metadata_file: str | None,
    assert_from: float,
    quiet: bool,
) -> None:
    """Print a description of DATABASE as a data set.

    It is in VoID and DCAT, to be published beside a dump. It says what newsgraph export writes: how
    many triples there are, of which classes and properties, and to what else things are linked.
    """
    from datasette_newsgraph.rdf import format_named
    from datasette_newsgraph.store import open_store

    format_ = format_named(format_name or "turtle")
    given = _given(metadata_file, Path(database).stem) if metadata_file else {}
    listed = tuple(map(_download, downloads))

    def blocks(db: Database) -> Iterator[bytes]:
        from datasette_newsgraph.rdf.description.counting import count
        from datasette_newsgraph.rdf.description.document import description
        from datasette_newsgraph.rdf.description.told import Told
        from datasette_newsgraph.store import get_base
        from datasette_newsgraph.store.journal import begin_reading

        begin_reading(db.conn)
        told = Told(Path(database).stem, f"{get_base(db)}void", given, listed)
        yield from description(
            db.conn, format_, told, lambda base: count(db.conn, base, assert_from=assert_from)
        )

    with open_store(database) as db:
        write(list(blocks(db)))
    if not quiet:
        warn_of_loopback(database)


def _download(address: str) -> Download:
    """Return the export at an address; raises UsageError where the address does not tell its format."""
    from datasette_newsgraph.errors import UsageError
    from datasette_newsgraph.iri import web_address
    from datasette_newsgraph.rdf import FORMATS
    from datasette_newsgraph.rdf.description.told import Download

    iri = web_address(address)
    for format_ in FORMATS:
        if iri and iri.removesuffix(".gz").endswith(format_.ending):
            return Download(iri, format_, is_packed=iri.endswith(".gz"))
    endings = ", ".join(each.ending for each in FORMATS)
    raise UsageError(
        f"--download {address} is no address of an export; give one like https://HOST/news.ttl.gz"
        f" that ends in one of {endings}"
    )


def _given(file: str, name: str) -> dict[str, str]:
    """Return what a file of metadata says of a database, or else of all of them. Raises UsageError."""
    import json

    from datasette_newsgraph.errors import UsageError
    from datasette_newsgraph.metadata.origin import ORIGIN

    try:
        found: Any = json.loads(Path(file).read_bytes())
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file} is no JSON; newsgraph metadata prints an example") from error
    of_all = found if isinstance(found, dict) else {}
    databases = of_all.get("databases")
    own = databases.get(name) if isinstance(databases, dict) else None
    given = {**of_all, **(own if isinstance(own, dict) else {})}
    return {key: given[key] for key in ORIGIN if isinstance(given.get(key), str) and given[key]}
