"""The command that asks a database a question in SPARQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from datasette_newsgraph import terminal
from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import FILE, INPUT, WORDS, assert_from_option
from datasette_newsgraph.sparql.results import choices

if TYPE_CHECKING:
    from datasette_newsgraph.sparql.answer import Answer
    from datasette_newsgraph.sparql.results import ResultFormat


@click.command(
    epilog=examples(
        'newsgraph sparql newsgraph.db -q "SELECT ?name { ?person a schema:Person ; schema:name ?name }'
        ' LIMIT 10"',
        "newsgraph sparql newsgraph.db question.rq -o answer.csv",
    )
)
@click.argument("database", type=FILE)
@click.argument("file", required=False, type=INPUT)
@click.option("-q", "--query", metavar="QUERY", type=WORDS, help="The question itself.")
@click.option(
    "-f",
    "--format",
    "format_name",
    metavar="FORMAT",
    help=f"For SELECT and ASK: {choices(graphs=False)}. For CONSTRUCT and DESCRIBE:"
    f" {choices(graphs=True)}.",
)
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="FILE",
    help="File to write, its ending tells the format; .gz compresses it; - is standard output.",
)
@click.option(
    "--time-limit",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    help="Give up a question that takes longer; there is no limit if none is given.",
)
@click.option(
    "--max-rows",
    metavar="N",
    type=click.IntRange(min=1),
    help="Give up a question that finds more rows or triples; there is no limit if none is given.",
)
@assert_from_option("Ask the graph that newsgraph export writes with this option.")
def sparql(
    database: str,
    file: str | None,
    query: str | None,
    format_name: str | None,
    output: str,
    time_limit: float | None,
    max_rows: int | None,
    assert_from: float,
) -> None:
    """Ask DATABASE a question in SPARQL 1.1.

    The question is in FILE, - is standard input, or is given with -q. The graph asked is the one that
    newsgraph export writes. Its prefixes, such as schema: and entity:, need not be declared.

    The answer is a table on a terminal and JSON elsewhere; triples are Turtle. If a limit is given,
    nothing is written of an answer that goes over it.
    """
    from functools import partial

    from datasette_newsgraph.sparql.alarm import alarmed
    from datasette_newsgraph.sparql.asking import ask
    from datasette_newsgraph.sparql.interruption import heard
    from datasette_newsgraph.sparql.limits import Limits
    from datasette_newsgraph.sparql.prologue import declarations
    from datasette_newsgraph.spooling import made_at_once
    from datasette_newsgraph.store import get_base, open_store
    from datasette_newsgraph.store.journal import begin_reading, is_awaited
    from datasette_newsgraph.whole_files import write

    if (file is None) == (query is None):
        raise click.UsageError("Give a question: either FILE, or -q QUERY.")
    format_ = _format(format_name, output, database, file)
    text = _text_of(file) if query is None else query
    limits = Limits(time_limit, max_rows)
    with open_store(database) as db:
        begin_reading(db.conn)
        base = get_base(db)
        declared = declarations(base)
        with heard(), _words_of_parser(file, declared), _quiet_rdflib():
            with alarmed(limits):
                answer = ask(db.conn, base, declared + text, assert_from=assert_from, limits=limits)
                blocks = (format_ or _usual(answer)).write(answer, base)
                if time_limit is not None or max_rows is not None:
                    blocks = made_at_once(blocks)
            write(blocks, output, hurries=partial(is_awaited, database))


def _format(name: str | None, output: str, database: str, file: str | None) -> ResultFormat | None:
    """Return the format asked for, if one is; raises UsageError for what must not be written."""
    import os

    from datasette_newsgraph.errors import UsageError
    from datasette_newsgraph.sparql.results import format_named, format_of_file
    from datasette_newsgraph.store import leading_to

    if output == "-":
        return format_named(name) if name else None
    if any(leading_to(database, [output])):
        raise UsageError(
            f"-o {output} would put the answer in the database's place; name another file"
        )
    if file not in (None, "-") and os.path.realpath(str(file)) == os.path.realpath(output):
        raise UsageError(f"-o {output} is the question; name another file to write")
    return format_named(name) if name else format_of_file(output)


def _usual(answer: Answer) -> ResultFormat:
    """Return the format of an answer for which nobody chose one."""
    from datasette_newsgraph.sparql.answer import Triples
    from datasette_newsgraph.sparql.results import format_named

    if isinstance(answer, Triples):
        return format_named("turtle")
    return format_named("table" if terminal.is_there() else "json")


def _text_of(file: str | None) -> str:
    """Return the question in a file, or in standard input. Raises InputError."""
    from datasette_newsgraph.errors import InputError

    name = "standard input" if file == "-" else file
    try:
        with click.open_file(str(file), "rb") as opened:
            return bytes(opened.read()).decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: a question is text in UTF-8; this is not") from error


@contextmanager
def _words_of_parser(file: str | None, declared: str) -> Iterator[None]:
    """Let an error in a question name its file, and places in the question as it is there."""
    from datasette_newsgraph.errors import BadQuery
    from datasette_newsgraph.sparql.prologue import as_given

    try:
        yield
    except BadQuery as error:
        named = "" if file is None else f"{'standard input' if file == '-' else file}: "
        raise BadQuery(named + as_given(str(error), declared)) from error


@contextmanager
def _quiet_rdflib() -> Iterator[None]:
    """Keep rdflib from printing its doubts about terms, in which may be orders for a terminal."""
    import logging

    handler = logging.NullHandler()
    logging.getLogger("rdflib").addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger("rdflib").removeHandler(handler)
