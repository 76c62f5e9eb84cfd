"""The command that makes one database of several."""

from __future__ import annotations

import click

from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.loading import bounded, end, replacing, say_how_to_look, told
from datasette_newsgraph.cli.options import FILE, progress, progress_bar, quiet


@click.command(
    epilog=examples(
        "newsgraph combine newsgraph.db first.shard second.shard",
        "newsgraph combine newsgraph.db agencies.db papers.db --replace",
    )
)
@click.argument("database", type=FILE)
@click.argument("parts", nargs=-1, required=True, type=FILE)
@replacing
@click.option("--strict", is_flag=True, help="Exit with 3 if anything was rejected.")
@bounded
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
    end(summary, strict=strict)
    if not quiet:
        say_how_to_look(database, summary)
