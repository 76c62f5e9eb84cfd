"""The command line: options, one call, errors to exit codes.

What a command needs is imported in its body, so that ``datasette --help`` does not pay for it.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from datasette_newsgraph.errors import NewsgraphError

if TYPE_CHECKING:
    from types import FrameType

    from datasette_newsgraph.rdf import Format
    from datasette_newsgraph.store.summary import LoadSummary

_REJECTS_UNDER_STRICT = 3


class _NewsgraphGroup(click.Group):
    """Turns our errors into one line and their exit code, signals into theirs."""

    def invoke(self, ctx: click.Context) -> Any:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
                signal.signal(number, _stop)
        try:
            return super().invoke(ctx)
        except NewsgraphError as error:
            click.echo(f"Error: {_one_line(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("Interrupted; what was loaded is kept: run the same again", err=True)
            ctx.exit(128 + signal.SIGINT)
        except OSError as error:
            # Python would complain once more at exit, when it flushes.
            sys.stdout = None
            # Where the reader has gone, as with "| head", there is nothing to complain about.
            if not isinstance(error, BrokenPipeError):
                click.echo(f"Error: standard output: {error.strerror}", err=True)
            ctx.exit(1)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    # An exception, so that open files and transactions are cleared away.
    raise SystemExit(128 + number)


def _one_line(text: str) -> str:
    # A file's name may hold anything, even what no terminal can show.
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


@click.group(cls=_NewsgraphGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="datasette-newsgraph")
def cli() -> None:
    """Turn parsed news articles into one SQLite file, and that into RDF."""


@cli.command()
@click.argument("database", type=click.Path(dir_okay=False))
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--base-iri", metavar="IRI", help="Keep IRI as the base of identifier IRIs.")
@click.option(
    "--replace",
    is_flag=True,
    help="Let articles take the place of those that another tool extracted.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 if anything was rejected.")
@click.option(
    "--max-errors",
    metavar="N",
    type=click.IntRange(min=0),
    help="Stop with 1 when more than N records or parts were rejected; what was loaded is kept.",
)
@click.option(
    "--progress/--no-progress", default=None, help="Show a progress bar (default: on a terminal)."
)
def load(
    database: str,
    files: tuple[str, ...],
    base_iri: str | None,
    replace: bool,
    strict: bool,
    max_errors: int | None,
    progress: bool | None,
) -> None:
    """Load FILES of article records into DATABASE, which is made if it is not there.

    A file holds one record a line (.jsonl), or one record or an array of them (.json); it may be
    gzipped, and - is standard input. Loading a file again takes up what has changed in it.
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
                summary=summary,
                progress=advance,
            )
    finally:
        # A file that cannot even be opened needs no summary of nothing.
        if summary.read or not isinstance(sys.exc_info()[1], NewsgraphError):
            _show_summary(summary)
    _warn_of_loopback(database)
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
    notes = {
        "parts of records rejected (table rejects)": summary.parts_rejected,
        "unknown fields": summary.unknown_fields.total(),
        "spans that do not read their surface": summary.spans_wrong,
        "numbers out of range taken as absent": summary.numbers_dropped,
    }
    details = {
        "unknown fields": ", ".join(
            f"{name} {count}" for name, count in summary.unknown_fields.most_common(10)
        ),
        "spans that do not read their surface": f"{summary.spans_spaced} in white space only",
    }
    for what, count in notes.items():
        if count:
            click.echo(
                f"{count} {what}" + (f" ({details[what]})" if what in details else ""), err=True
            )


def _warn_of_loopback(database: str) -> None:
    from datasette_newsgraph.store import get_base, is_loopback, open_store

    with open_store(database) as db:
        base = get_base(db)
    if is_loopback(base):
        click.echo(
            f"Warning: IRIs stand under {base}, which means something on this machine only;"
            f" newsgraph base-iri {database} https://HOST/DB/-/newsgraph/ changes it",
            err=True,
        )


@cli.command()
@click.argument("database", type=click.Path(dir_okay=False))
@click.option("--article", metavar="ID", help="The article of this id or key.")
@click.option("--source", metavar="FILE", help="All articles that a file of this name gave.")
def remove(database: str, article: str | None, source: str | None) -> None:
    """Remove an article, or all articles of a file, with all that only they gave."""
    from datasette_newsgraph.store import open_store
    from datasette_newsgraph.store.remove import remove_article, remove_source

    if (article is None) == (source is None):
        raise click.UsageError("Give either --article ID or --source FILE.")
    with open_store(database, write=True) as db:
        if article is not None:
            count = remove_article(db, article)
        else:
            assert source is not None
            count = remove_source(db, source)
    click.echo(f"{count} article{'' if count == 1 else 's'} removed", err=True)


@cli.command()
@click.argument("database", type=click.Path(dir_okay=False))
def stats(database: str) -> None:
    """Count what is in DATABASE."""
    from datasette_newsgraph.store import get_base, open_store
    from datasette_newsgraph.store.stats import count_groups, count_tables

    with open_store(database) as db:
        click.echo(f"base IRI  {get_base(db)}")
        for name, count in count_tables(db).items():
            click.echo(f"{count:>9,}  {name}")
        for title, group in count_groups(db).items():
            if group:
                click.echo(f"\n{title}")
            for label, count in group:
                click.echo(f"{count:>9,}  {label}")


@cli.command()
@click.argument("database", type=click.Path(dir_okay=False))
def check(database: str) -> None:
    """Check DATABASE against itself; exit with 1 when something is wrong."""
    from datasette_newsgraph.store import open_store
    from datasette_newsgraph.store.check import check as find_faults

    with open_store(database) as db:
        faults = list(find_faults(db))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo("All is well.", err=True)


@cli.command("base-iri")
@click.argument("database", type=click.Path(dir_okay=False))
@click.argument("iri", required=False)
def base_iri(database: str, iri: str | None) -> None:
    """Show, or set to IRI, the base under which the identifier IRIs of DATABASE stand."""
    from datasette_newsgraph.store import get_base, open_store, set_base

    with open_store(database, write=iri is not None) as db:
        click.echo(get_base(db) if iri is None else set_base(db, iri))


@cli.command()
@click.argument("database", type=click.Path(dir_okay=False))
@click.option("-f", "--format", "format_name", metavar="FORMAT", help="turtle, jsonld or ntriples.")
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="FILE",
    help="File to write, its ending tells the format; .gz compresses it; - is standard output.",
)
@click.option("--with-text", is_flag=True, help="Export texts, quotes and evidence in words too.")
@click.option(
    "--assert-from",
    metavar="X",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Write the plain triple of a statement if some evidence has at least this confidence, or"
    " none given.",
)
@click.option(
    "--entity",
    "entities",
    multiple=True,
    metavar="KEY",
    help="Only what is about the entity of this key; may be given several times.",
)
@click.option(
    "--article",
    "articles",
    multiple=True,
    metavar="KEY",
    help="Only what the article of this key or id says; may be given several times.",
)
@click.option(
    "--relation",
    "relations",
    multiple=True,
    metavar="KEY",
    help="Only the relation of this key with its evidence; may be given several times.",
)
def export(
    database: str,
    format_name: str | None,
    output: str,
    with_text: bool,
    assert_from: float,
    entities: tuple[str, ...],
    articles: tuple[str, ...],
    relations: tuple[str, ...],
) -> None:
    """Export DATABASE as RDF. The format is that of the file's ending unless -f gives one."""
    import gc

    from datasette_newsgraph.rdf.export import stream, write
    from datasette_newsgraph.store import open_store

    # Rows and text hold no cycles, and looking for them costs a tenth of the time.
    gc.disable()
    format_ = _format(format_name, output)
    _warn_of_loopback(database)
    with (
        open_store(database) as db,
        closing(
            stream(
                db,
                format_,
                with_text=with_text,
                assert_from=assert_from,
                entities=entities,
                articles=articles,
                relations=relations,
            )
        ) as blocks,
    ):
        write(blocks, output)


def _format(name: str | None, path: str) -> Format:
    from datasette_newsgraph.rdf import format_named, format_of_file

    if name is not None:
        return format_named(name)
    return format_named("turtle") if path == "-" else format_of_file(path)


@cli.command()
@click.argument("database", required=False, type=click.Path(dir_okay=False))
@click.option("--set", "term", nargs=2, metavar="LABEL IRI", help="Let LABEL stand for IRI.")
@click.option(
    "--kind",
    type=click.Choice(["type", "predicate"]),
    help="Whether LABEL is a type or a predicate; needed if the database does not use it yet.",
)
@click.option("-f", "--format", "format_name", metavar="FORMAT", help="turtle, jsonld or ntriples.")
def vocabulary(
    database: str | None, term: tuple[str, str] | None, kind: str | None, format_name: str | None
) -> None:
    """Print the terms that exports use, or give a label of DATABASE its term."""
    from datasette_newsgraph.rdf.labels import own_terms, read_vocabulary
    from datasette_newsgraph.rdf.terms import vocabulary_document
    from datasette_newsgraph.store import DEFAULT_BASE, get_base, open_store
    from datasette_newsgraph.store.terms import set_term

    if term is None:
        base, labels = DEFAULT_BASE, set()
        if database is not None:
            with open_store(database) as db:
                base = get_base(db)
                labels = own_terms(db.conn, read_vocabulary(db.conn, base))
        sys.stdout.buffer.write(vocabulary_document(_format(format_name, "-"), base, labels))
        sys.stdout.buffer.flush()
        return
    if database is None:
        raise click.UsageError("--set needs a DATABASE.")
    with open_store(database, write=True) as db:
        kinds = set_term(db, *term, kind=kind)
    click.echo(f"{' and '.join(kinds)} {term[0]!r} is now {term[1]}", err=True)


@cli.command()
def shapes() -> None:
    """Print the SHACL shapes that every export conforms to."""
    from importlib.resources import files

    click.echo(files("datasette_newsgraph.rdf").joinpath("shapes.ttl").read_text("utf-8"), nl=False)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the article record."""
    import json

    from datasette_newsgraph.article import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@cli.command()
@click.option(
    "--database",
    metavar="NAME",
    default="newsgraph",
    show_default=True,
    help="The name that Datasette gives to the database: that of its file.",
)
def metadata(database: str) -> None:
    """Print metadata for Datasette: titles, descriptions, facets and queries, to be changed."""
    import json

    from datasette_newsgraph.metadata import document

    click.echo(json.dumps(document(database), indent=2, ensure_ascii=False))
