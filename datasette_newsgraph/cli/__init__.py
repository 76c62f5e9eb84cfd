"""The command line: options, one call, errors to exit codes.

What a command needs is imported in its body, so that ``datasette --help`` does not pay for it.
"""

from __future__ import annotations

import click

from datasette_newsgraph.cli.authorities import authority, link
from datasette_newsgraph.cli.candidates import candidates
from datasette_newsgraph.cli.combining import combine
from datasette_newsgraph.cli.deciding import correct, merge, split
from datasette_newsgraph.cli.decision_log import decide, decisions, undo
from datasette_newsgraph.cli.describing import describe
from datasette_newsgraph.cli.exporting import export, metadata, schema, shapes, vocabulary
from datasette_newsgraph.cli.extracting import extract
from datasette_newsgraph.cli.group import NewsgraphGroup
from datasette_newsgraph.cli.loading import load
from datasette_newsgraph.cli.looking import convert, formats, inspect
from datasette_newsgraph.cli.reconciling import reconcile
from datasette_newsgraph.cli.sparql import sparql
from datasette_newsgraph.cli.storing import base_iri, check, remove, repair, stats


@click.group(cls=NewsgraphGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="datasette-newsgraph")
def cli() -> None:
    """Load what extraction tools found in news articles into one SQLite file, to browse with
    Datasette and to export as RDF.

    newsgraph COMMAND --help shows the options of a command, with an example.
    """


cli.add_sections(
    {
        "Load and look": (extract, load, combine, inspect, convert, formats, stats),
        "Decide": (candidates, merge, split, correct, decide, decisions, undo),
        "Link": (authority, link, reconcile),
        "Correct": (remove, check, repair),
        "Export": (export, sparql, vocabulary),
        "Publish": (base_iri, metadata, describe),
        "About": (schema, shapes),
    }
)
