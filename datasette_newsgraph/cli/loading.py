"""The command that loads what tools wrote into a database."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from datasette_newsgraph.cli.decision_options import read_told, tell_added, with_decisions
from datasette_newsgraph.cli.extracting import NAMES, extraction
from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import (
    FILE,
    WORDS,
    log_words,
    progress,
    progress_bar,
    quiet,
    reading,
    unread_files,
)
from datasette_newsgraph.cli.serving import overview_address, serving_command
from datasette_newsgraph.errors import InputError, NewsgraphError, UsageError
from datasette_newsgraph.journal_modes import MODES
from datasette_newsgraph.terminal import say
from datasette_newsgraph.wording import counted, first_of, listed

if TYPE_CHECKING:
    from datasette_newsgraph.extraction.request import Extraction
    from datasette_newsgraph.loading.summary import LoadSummary

#: The exit code of --strict where something was rejected.
_REJECTS_UNDER_STRICT = 3
#: Files of one format that are named; more are counted.
_MOST_OF_A_FORMAT = 3

replacing = click.option(
    "--replace",
    is_flag=True,
    help="Let articles replace those that another tool extracted.",
)
bounded = click.option(
    "--max-errors",
    metavar="N",
    type=click.IntRange(min=0),
    help="Stop when more than N records or parts of records are rejected, and exit with 1.",
)


@click.command(
    epilog=examples(
        "newsgraph load newsgraph.db articles.jsonl",
        "newsgraph load newsgraph.db doccano.jsonl --articles articles.csv",
        "newsgraph load newsgraph.db page.html --extract",
        "newsgraph load part.shard articles.jsonl --shard",
    )
)
@click.argument("database", type=FILE)
@reading
@click.option(
    "--extract",
    is_flag=True,
    help="Read raw articles, too (texts, web pages), and extract what they say; the options from"
    " --extractor to --aliases are for this.",
)
@extraction
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Read in so many processes (default: as many as there are processors where the files are"
    " large; with --extract 1, as each holds a model).",
)
@click.option("--base-iri", metavar="IRI", type=WORDS, help="Set the base IRI of the database.")
@replacing
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 3 if anything was rejected, or a file in a folder not read.",
)
@bounded
@with_decisions
@click.option(
    "--shard",
    is_flag=True,
    help="Make DATABASE a shard, which newsgraph combine takes into a database.",
)
@click.option(
    "--journal-mode",
    metavar="MODE",
    type=click.Choice(MODES),
    help="How DATABASE is written to from now on: with a write-ahead log for as long as something"
    " writes to it (auto), never with one (delete, for network drives), or always (wal).",
)
@progress
@quiet
def load(
    database: str,
    files: tuple[str, ...],
    format_name: str | None,
    articles: str | None,
    label_map: str | None,
    max_article: str | None,
    annotator: str | None,
    extract: bool,
    asked: Callable[[int], Extraction],
    jobs: int | None,
    base_iri: str | None,
    replace: bool,
    strict: bool,
    max_errors: int | None,
    decisions: str | None,
    shard: bool,
    journal_mode: str | None,
    progress: bool | None,
    quiet: bool,
) -> None:
    """Load the output of extraction tools into DATABASE.

    DATABASE is a SQLite file, which is made if it does not exist. FILES are what the tools wrote, or
    folders of such files; a file may be packed (gzip, bzip2, xz, zstd), and - is standard input. The
    format of each is recognised from its content. Loading a file again loads what has changed in it.
    """
    from datasette_newsgraph.decisions.files.formats import GivenDecisions, read_decisions
    from datasette_newsgraph.loading.given_files import HowToRead
    from datasette_newsgraph.loading.load import LoadOptions, LoadSummary, load_files
    from datasette_newsgraph.loading.shards.making import make_shard
    from datasette_newsgraph.store import DEFAULT_BASE

    if not extract:
        _refuse_options()
    if shard:
        _refuse_for_shards(
            replace=replace,
            max_errors=max_errors,
            jobs=None if extract else jobs,
            decisions=decisions,
        )
    how = HowToRead(
        format_name=format_name,
        articles=articles,
        label_map=label_map,
        max_article=max_article,
        annotator=annotator,
    )
    if decisions == "-" and "-" in files:
        raise UsageError("standard input cannot be read for --decisions and for FILES; give a file")
    asked_for = asked(jobs or 1) if extract else None
    decided = GivenDecisions([], 0) if decisions is None else read_decisions(decisions)
    summary = LoadSummary()
    with (
        told(summary, is_told=not quiet, is_shard=shard),
        progress_bar("Loading", False if quiet and progress is None else progress) as advance,
    ):
        if shard:
            base = base_iri or DEFAULT_BASE
            make_shard(
                database,
                files,
                base_iri=base,
                extract=asked_for,
                summary=summary,
                progress=advance,
                **how,
            )
        else:
            load_files(
                database,
                files,
                options=LoadOptions(replace, max_errors, journal_mode),
                base_iri=base_iri,
                extract=asked_for,
                jobs=jobs,
                decisions=decided.decisions,
                summary=summary,
                progress=advance,
                **how,
            )
    if summary.decided is not None and not quiet:
        tell_added(database, summary.decided, read_told(decided, summary.decided))
    end(summary, strict=strict)
    if shard and not quiet:
        say(
            f"To take it into a database, run: newsgraph combine newsgraph.db {shlex.quote(database)}"
        )
    elif not quiet:
        say_how_to_look(database, summary)


def _refuse_options() -> None:
    """Raise UsageError for an option of extraction that is given where nothing is extracted."""
    context = click.get_current_context()
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name in NAMES and source is not click.core.ParameterSource.DEFAULT:
            raise UsageError(f"{parameter.opts[0]} is for --extract, which is not given")


def _refuse_for_shards(
    *, replace: bool, max_errors: int | None, jobs: int | None, decisions: str | None
) -> None:
    """Raise UsageError for an option that says nothing to who makes a shard."""
    if decisions is not None:
        raise UsageError(
            "--decisions is not for --shard, in which nothing is decided: give the file to newsgraph"
            " decide when the shard is combined"
        )
    if replace or max_errors is not None:
        raise UsageError(
            "--replace and --max-errors are for newsgraph combine, which decides what is taken of a"
            " shard"
        )
    if jobs is not None:
        raise UsageError("--jobs is not for --shard: make several shards at once, and combine them")


@contextmanager
def told(summary: LoadSummary, *, is_told: bool, is_shard: bool = False) -> Iterator[None]:
    """Print the summary of a load, or of what went into a shard, when the body has ended, whatever has
    ended it.
    """
    try:
        yield
    finally:
        # A file that cannot even be opened needs no summary of nothing.
        if is_told and (summary.read or not isinstance(sys.exc_info()[1], NewsgraphError)):
            _show_summary(summary, is_shard=is_shard)


def end(summary: LoadSummary, *, strict: bool) -> None:
    """Raise InputError where files gave nothing at all, and SystemExit where not all was taken and a
    user is ``strict``.
    """
    if summary.barren:
        raise InputError(
            f"nothing could be loaded from {counted(len(summary.barren), 'file')}: "
            + listed([f"{name}: {reason}" for name, reason in summary.barren.items()], between="; ")
        )
    if strict and not summary.is_complete:
        raise SystemExit(_REJECTS_UNDER_STRICT)


def say_how_to_look(database: str, summary: LoadSummary) -> None:
    """Say how a database is looked at, if something came into it."""
    if summary.new or summary.changed:
        say(f"To look at it, run: {serving_command(database)}")
        say(f"and open: {overview_address(database)}")


def _show_summary(summary: LoadSummary, *, is_shard: bool) -> None:
    resumed = [
        f"{source}: continued after line {line:,}, where the last load stopped"
        for source, line in summary.resumed
    ]
    for note in first_of(resumed, lambda n: f"{counted(n, 'further file')} continued likewise"):
        say(note)
    # What is new or changed is not known of a shard.
    written = f"{summary.new:,} new, {summary.changed:,} changed, {summary.unchanged:,} unchanged, "
    say(
        f"{counted(summary.read, 'record')} read: {'' if is_shard else written}"
        f"{summary.rejected:,} rejected"
    )
    for note in _notes(summary):
        say(note)


def _notes(summary: LoadSummary) -> Iterator[str]:
    """Yield a line for each thing that a load found out of order, or made something else of."""
    if others := _formats(summary):
        yield f"formats: {listed(others)}"
    if summary.limits and (summary.new or summary.changed):
        yield summary.limits
    yield from first_of(*unread_files(summary.unread))
    unused = [
        f"{folder} is read as {summary.formats[folder]}, without"
        f" {counted(len(names), 'other file')}: {listed(names)}"
        for folder, names in summary.unused.items()
    ]
    yield from first_of(
        unused, lambda n: f"{counted(n, 'further folder')} with files that are not used"
    )
    if summary.parts_rejected:
        parts = counted(summary.parts_rejected, "part of a record", "parts of records")
        yield f"{parts} rejected"
    if summary.first_reject and not summary.barren:
        yield f"rejected first: {summary.first_reject}; the table rejects has all"
    yield from summary.lines()
    if summary.rows_missed:
        missed = counted(summary.rows_missed, "record")
        yield f"{missed} without a row in --articles: {summary.rows_reason}"
    if summary.rows_undecided:
        undecided = counted(summary.rows_undecided, "record")
        yield f"{undecided} without a row in --articles, as several rows have the same text"
    if summary.rows_shared:
        shared = counted(summary.rows_shared, "record")
        yield f"{shared} with the text of another record, which took the same row of --articles"
    if summary.rows_unused:
        yield f"{counted(summary.rows_unused, 'row')} of --articles without a record"
    for name, table in summary.indexes_named_alike:
        yield (
            f"the index {name!r} on the table {table!r} has the name of one of ours, which gets"
            " another name; there is nothing to do"
        )
    if summary.log:
        yield log_words(summary.log)
    kept = [
        f"the {kind} {label!r} keeps its term {iri}; newsgraph vocabulary --set changes it"
        for (kind, label), iri in summary.terms_kept.items()
    ]
    yield from first_of(kept, lambda n: f"{counted(n, 'further label')} with a term that is kept")


def _formats(summary: LoadSummary) -> list[str]:
    """Say what format each file is of, or how many are of each if these are many."""
    names: dict[str, list[str]] = {}
    for name, format_ in summary.formats.items():
        names.setdefault(format_, []).append(name)
    names.pop("record", None)
    said: list[str] = []
    for format_, files in names.items():
        if len(files) > _MOST_OF_A_FORMAT:
            said.append(f"{counted(len(files), 'file')} are {format_}")
        else:
            said += [f"{name} is {format_}" for name in files]
    return said
