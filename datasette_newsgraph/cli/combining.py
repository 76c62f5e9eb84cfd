"""The command that makes one database of several."""

from __future__ import annotations

import click

from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.loading import REJECTS_UNDER_STRICT, refuse_barren, told
from datasette_newsgraph.cli.options import FILE, progress, progress_bar, quiet
from datasette_newsgraph.cli.serving import overview_address, serving_command
from datasette_newsgraph.terminal import say


@click.command(
    epilog=examples(
        "newsgraph combine newsgraph.db first.shard second.shard",
        "newsgraph combine newsgraph.db agencies.db papers.db --replace",
    )
)
@click.argument("database", type=FILE)
@click.argument("parts", nargs=-1, required=True, type=FILE)
@click.option(
    "--replace",
    is_flag=True,
    help="Let articles replace those that another tool extracted.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 if anything was rejected.")
@click.option(
    "--max-errors",
    metavar="N",
    type=click.IntRange(min=0),
    help="Stop when more than N records or parts of records are rejected, and exit with 1.",
)
@progress
@quiet
def combine(
    database: str,
    parts: tuple[str, ...],
    replace: bool,
    strict: bool,
    max_errors: int | None,
    progress: bool | None,
    quiet: bool,
) -> None:
    """Combine shards and other databases into DATABASE.

    DATABASE is made if it does not exist. PARTS are shards, which newsgraph load --shard makes, or
    databases that newsgraph load has filled. DATABASE then holds what one load of all that they came
    from would have given, in their order: a later version of an article replaces an earlier one.
    """
    from datasette_newsgraph.loading.combine import combine as combine_parts
    from datasette_newsgraph.loading.summary import LoadOptions, LoadSummary

    summary = LoadSummary()
    with (
        told(summary, is_told=not quiet),
        progress_bar("Combining", False if quiet and progress is None else progress) as advance,
    ):
        combine_parts(
            database,
            parts,
            options=LoadOptions(replace, max_errors),
            summary=summary,
            progress=advance,
        )
    refuse_barren(summary)
    if strict and not summary.is_complete:
        raise SystemExit(REJECTS_UNDER_STRICT)
    if not quiet and (summary.new or summary.changed):
        say(f"To look at it, run: {serving_command(database)}")
        say(f"and open: {overview_address(database)}")
