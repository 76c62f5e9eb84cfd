"""Commands that read what tools wrote: into a database, or only to see or convert it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.warnings import warn_of_loopback
from datasette_newsgraph.errors import InputError, NewsgraphError

if TYPE_CHECKING:
    from datasette_newsgraph.store.summary import LoadSummary

_REJECTS_UNDER_STRICT = 3
_SHOWN = 10
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _reading(command: _Command) -> _Command:
    """Give a command the files it reads and the options that say how."""
    for decorate in (
        click.option(
            "--map",
            "label_map",
            metavar="FILE",
            type=click.Path(dir_okay=False),
            help="TOML or JSON that maps the labels of the tool.",
        ),
        click.option(
            "--articles",
            metavar="FILE",
            type=click.Path(dir_okay=False),
            help="JSON or CSV with titles, addresses, dates and texts of the articles.",
        ),
        click.option(
            "--format",
            "format_name",
            metavar="NAME",
            help="The format of all files, if it is not recognised; newsgraph formats lists them.",
        ),
        click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True)),
    ):
        command = decorate(command)
    return command


@click.command(
    epilog=examples(
        "newsgraph load newsgraph.db articles.jsonl",
        "newsgraph load newsgraph.db doccano.jsonl --articles articles.csv",
    )
)
@click.argument("database", type=click.Path(dir_okay=False))
@_reading
@click.option("--base-iri", metavar="IRI", help="Set the base IRI of the database.")
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
@click.option(
    "--progress/--no-progress", default=None, help="Show a progress bar (default: on a terminal)."
)
def load(
    database: str,
    files: tuple[str, ...],
    format_name: str | None,
    articles: str | None,
    label_map: str | None,
    base_iri: str | None,
    replace: bool,
    strict: bool,
    max_errors: int | None,
    progress: bool | None,
) -> None:
    """Load the output of extraction tools into DATABASE.

    DATABASE is a SQLite file, which is made if it does not exist. FILES are what the tools wrote, or
    folders of such files; a file may be gzipped, and - is standard input. The format of each is
    recognised from its content. Loading a file again loads what has changed in it.
    """
    from datasette_newsgraph.store.load import LoadOptions, LoadSummary, load_files

    summary = LoadSummary()
    try:
        with _progress_bar(files, progress) as advance:
            load_files(
                database,
                files,
                options=LoadOptions(replace, max_errors),
                base_iri=base_iri,
                format_name=format_name,
                articles=articles,
                label_map=label_map,
                summary=summary,
                progress=advance,
            )
    finally:
        # A file that cannot even be opened needs no summary of nothing.
        if summary.read or not isinstance(sys.exc_info()[1], NewsgraphError):
            _show_summary(summary)
    warn_of_loopback(database)
    if summary.barren:
        raise InputError(
            "nothing in it could be taken: "
            + "; ".join(f"{name}: {reason}" for name, reason in summary.barren.items())
        )
    if strict and summary.rejects:
        raise SystemExit(_REJECTS_UNDER_STRICT)


@contextmanager
def _progress_bar(files: Iterable[str], wanted: bool | None) -> Iterator[Any]:
    import os

    if not (sys.stderr.isatty() if wanted is None else wanted):
        yield lambda position: None
        return
    length = sum(os.path.getsize(each) for each in files if os.path.isfile(each))
    with click.progressbar(length=length, label="Loading", file=sys.stderr) as bar:

        def advance(position: int) -> None:
            bar.update(position - bar.pos)

        yield advance


def _show_summary(summary: LoadSummary) -> None:
    for source, line in summary.resumed:
        click.echo(f"{source}: taken up again behind line {line}", err=True)
    click.echo(
        f"{summary.read} read: {summary.new} new, {summary.changed} changed,"
        f" {summary.unchanged} unchanged, {summary.rejected} rejected",
        err=True,
    )
    for note in _notes(summary):
        click.echo(_shown(note), err=True)


def _notes(summary: LoadSummary) -> Iterator[str]:
    """Yield a line for each thing that a load found out of order, or made something else of."""
    from datasette_newsgraph.anchoring import EXACT, UNVERIFIED
    from datasette_newsgraph.anchoring.units import CODE_POINTS

    others = {name: count for name, count in summary.formats.items() if count != "record"}
    if others:
        yield "formats: " + ", ".join(f"{name} is {each}" for name, each in others.items())
    if summary.parts_rejected:
        yield f"{summary.parts_rejected} parts of records rejected (table rejects)"
    if summary.left_out:
        yield f"{summary.left_out} records left out: rejected or skipped by annotators, or empty"
    if summary.passed_over:
        yield "passed over: " + _listed(summary.passed_over)
    if summary.rows_missed:
        yield f"{summary.rows_missed} records for which --articles has no row"
    if summary.rows_unused:
        yield f"{summary.rows_unused} rows of --articles that fit no record"
    if summary.unknown_fields:
        yield _counted("unknown fields", summary.unknown_fields)
    if set(summary.spans) - {EXACT, UNVERIFIED}:
        yield _counted("spans", summary.spans)
    if set(summary.units) - {CODE_POINTS}:
        yield "offsets count " + _listed(summary.units, "in")
    if summary.unmapped:
        labels = {f"{label} ({kind})": n for (kind, label), n in summary.unmapped.items()}
        yield _counted("labels kept as they are, as nothing maps them", labels)
    if summary.dropped:
        yield _counted("entities and relations left out by their labels", summary.dropped)
    for (kind, label), iri in summary.terms_kept.items():
        yield f"the {kind} {label!r} stays {iri}; newsgraph vocabulary changes it"
    if summary.numbers_dropped:
        yield f"{summary.numbers_dropped} numbers out of range taken as absent"


def _counted(what: str, group: dict[str, int]) -> str:
    return f"{sum(group.values())} {what} ({_listed(group)})"


def _listed(group: dict[str, int], between: str = "") -> str:
    largest = sorted(group.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{name} {between}{' ' * bool(between)}{n}" for name, n in largest[:_SHOWN])
    return listed + (f" and {len(largest) - _SHOWN} more" if len(largest) > _SHOWN else "")


@click.command(epilog=examples("newsgraph inspect articles.jsonl"))
@_reading
def inspect(
    files: tuple[str, ...],
    format_name: str | None,
    articles: str | None,
    label_map: str | None,
) -> None:
    """Report what is in FILES without loading them.

    The report tells formats, labels, offsets, and the first errors with their lines.
    """
    from datasette_newsgraph.inspection import described
    from datasette_newsgraph.inspection import inspect as look_into
    from datasette_newsgraph.pipeline import Reading
    from datasette_newsgraph.readers.inputs import open_inputs

    reading = Reading.of(format_name=format_name, articles=articles, label_map=label_map)
    wrong = 0
    for path in files:
        click.echo(_shown(path))
        try:
            with closing(open_inputs([path])[0]) as source:
                found = look_into(source, reading.pipeline(source))
        except InputError as error:
            wrong += 1
            click.echo(f"  {'error':<15} {_shown(str(error).removeprefix(f'{path}: '))}")
            continue
        wrong += bool(found.broken)
        for heading, text in described(found):
            click.echo(f"  {heading:<15} {_shown(text)}")
    if wrong:
        raise SystemExit(1)


def _shown(text: str) -> str:
    """Return words of a file as one line, without what a terminal would take for orders."""
    return "".join(each if each.isprintable() else " " for each in text)


@click.command(
    epilog=examples("newsgraph convert doccano.jsonl --articles articles.csv > articles.jsonl")
)
@_reading
def convert(
    files: tuple[str, ...],
    format_name: str | None,
    articles: str | None,
    label_map: str | None,
) -> None:
    """Convert FILES to article records, one JSON object a line.

    Labels are mapped and offsets corrected as in a load. The records go to standard output.
    """
    import msgspec

    from datasette_newsgraph.errors import RecordError, RecordLeftOut
    from datasette_newsgraph.pipeline import Reading
    from datasette_newsgraph.readers.inputs import open_inputs
    from datasette_newsgraph.store.plan import plan_article

    reading = Reading.of(format_name=format_name, articles=articles, label_map=label_map)
    rejected = 0

    def tell(line: int, reason: str) -> None:
        click.echo(_shown(f"{source.path}: line {line}: {reason}"), err=True)

    for path in files:
        with closing(open_inputs([path])[0]) as source:
            way = reading.pipeline(source)
            for entry in way.format.reader.entries(source):
                try:
                    ready = way.run(entry)
                except RecordLeftOut:
                    continue
                except RecordError as error:
                    rejected += 1
                    tell(entry.line, str(error))
                    continue
                for fault in plan_article(ready.parsed).faults:
                    rejected += 1
                    tell(entry.line, fault.reason)
                click.echo(msgspec.json.encode(ready.settle_spans()))
    if rejected:
        raise InputError(
            f"{rejected} records or parts of them could not be read; the rest is written"
        )


@click.command(epilog=examples("newsgraph formats"))
def formats() -> None:
    """List the formats that can be read."""
    from datasette_newsgraph.readers.formats import FORMATS

    width = max(len(each.name) for each in FORMATS)
    for each in FORMATS:
        needs = f" [needs datasette-newsgraph[{each.extra}]]" if each.extra else ""
        click.echo(f"{each.name:<{width}}  {each.title} ({' '.join(each.endings)}){needs}")
