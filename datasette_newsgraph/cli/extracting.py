"""The command that makes article records of raw articles, and the options of extraction."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import click

from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import (
    FILE,
    INPUT,
    ROWS,
    WORDS,
    progress,
    progress_bar,
    quiet,
    unread_files,
)
from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.terminal import say
from datasette_newsgraph.wording import counted, first_of

if TYPE_CHECKING:
    from datasette_newsgraph.extraction.batches import Running
    from datasette_newsgraph.extraction.request import Extraction
    from datasette_newsgraph.notes import Notes
    from datasette_newsgraph.reading.opening import Opened

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--extractor",
        metavar="NAME",
        default="spacy",
        show_default=True,
        help="What finds names, relations and quotes: spacy, llm, or one that you have installed.",
    ),
    click.option("--model", metavar="NAME", help="The model that the extractor uses."),
    click.option(
        "--published", metavar="DATE", help="The date of articles that have none, as 2021-07-18."
    ),
    click.option(
        "--publisher", metavar="NAME", type=WORDS, help="The publisher of articles that name none."
    ),
    click.option(
        "--language", metavar="TAG", help="The language of articles that do not say theirs, as en."
    ),
    click.option(
        "--min-confidence",
        metavar="X",
        type=click.FloatRange(0, 1),
        default=0.0,
        show_default=True,
        help="Leave out statements of which the extractor is less sure.",
    ),
    click.option(
        "--lexicon",
        "lexicons",
        metavar="FILE",
        type=FILE,
        multiple=True,
        help="Words that the extractor is to know; may be given several times.",
    ),
    click.option(
        "--aliases",
        "aliases",
        metavar="FILE",
        type=FILE,
        multiple=True,
        help="Identifiers or other names of names; may be given several times.",
    ),
)
#: The names of the options, as functions have them.
NAMES = (
    *("extractor", "model", "published", "publisher", "language"),
    *("min_confidence", "lexicons", "aliases"),
)


def extraction(command: _Command) -> _Command:
    """Give a command the options of extraction, and what they ask for as one argument, ``asked``: a
    function that returns it for a number of processes, and raises UsageError.
    """

    @wraps(command)
    def wrapped(**arguments: Any) -> Any:
        given = {name: arguments.pop(name) for name in NAMES}
        return command(**arguments, asked=lambda jobs: _asked(jobs=jobs, **given))

    for decorate in reversed(_OPTIONS):
        wrapped = decorate(wrapped)
    return wrapped  # type: ignore[return-value]  # it is called as the command is


def _asked(*, extractor: str, publisher: str | None, jobs: int, **options: Any) -> Extraction:
    from datasette_newsgraph.extraction.extractor import Options
    from datasette_newsgraph.extraction.request import Extraction

    return Extraction(extractor, Options(**options), publisher, jobs)


@click.command(
    epilog=examples(
        "newsgraph extract articles -o articles.jsonl",
        "newsgraph extract page.html --published 2021-07-18 | newsgraph load newsgraph.db -",
    )
)
@click.argument("files", nargs=-1, required=True, type=INPUT)
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="FILE",
    help="File to write; .gz compresses it; - is standard output.",
)
@extraction
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Extract in so many processes, each of which holds a model.",
)
@click.option(
    "--articles",
    metavar="FILE",
    type=ROWS,
    help="Titles, addresses and dates of the articles: JSON, CSV, RSS or Atom, or a folder of"
    " such files and of web pages.",
)
@click.option(
    "--format",
    "format_name",
    metavar="NAME",
    help="The format of all files, if it is not recognised.",
)
@click.option(
    "--max-article",
    metavar="SIZE",
    help="Longest article to read, unpacked: 300K, 64M (the default), 2G.",
)
@progress
@quiet
def extract(
    files: tuple[str, ...],
    output: str,
    asked: Callable[[int], Extraction],
    jobs: int,
    articles: str | None,
    format_name: str | None,
    max_article: str | None,
    progress: bool | None,
    quiet: bool,
) -> None:
    """Make article records of raw articles, one JSON object a line.

    FILES are plain texts, web pages (HTML), JSON or CSV with texts or pages beside metadata, or
    folders of these; a file may be packed, and - is standard input. Records in which something has
    been found already are written as they are. Load what is written with newsgraph load.
    """
    from datasette_newsgraph.extraction.batches import Running
    from datasette_newsgraph.reading.opening import opened
    from datasette_newsgraph.reading.pipeline import Reading
    from datasette_newsgraph.whole_files import write

    _refuse_inputs(files, output)
    with (
        Running(asked(jobs)) as running,
        opened(
            Reading.of(
                format_name=format_name,
                articles=articles,
                max_article=max_article,
                extraction=running,
            ),
            files,
            besides=() if output == "-" else (output,),
        ) as given,
        progress_bar("Extracting", False if quiet and progress is None else progress) as advance,
    ):
        work = _Work(given, running, advance)
        write(work.blocks(), output)
    work.tell(quiet=quiet)


def _refuse_inputs(files: Iterable[str], output: str) -> None:
    """Raise UsageError where what is to be written would take the place of what is read."""
    if any(
        os.path.isfile(path) and os.path.realpath(path) == os.path.realpath(output)
        for path in files
    ):
        raise UsageError(f"-o {output} is read, too; name another file to write")


class _Work:
    """What is written of inputs, and what came of them."""

    def __init__(
        self, given: Opened, running: Running, advance: Callable[[int, int], None]
    ) -> None:
        from datasette_newsgraph.notes import Notes

        self._given, self._running, self._advance = given, running, advance
        self._notes: Notes = Notes()
        self._written = 0
        self._rejected: list[str] = []
        self._broken: list[str] = []

    def blocks(self) -> Iterator[bytes]:
        """Yield the records, a line each."""
        from datasette_newsgraph import conversion
        from datasette_newsgraph.reading.extracting import ahead

        before = 0
        last: InputError | None = None
        waiting = len(self._given.inputs)
        for source, way, batches in ahead(self._given.read(), self._running):
            waiting -= 1
            entries = chain.from_iterable(batches)
            try:
                for found in conversion.convert(source, way, entries):
                    self._notes.add(found.notes)
                    self._rejected += (
                        f"{source.path}: line {found.line}: {reason}" for reason in found.rejected
                    )
                    if found.json is not None:
                        self._written += 1
                        yield found.json + b"\n"
                    self._advance(before + source.position(), self._given.size)
            except InputError as error:
                last = error
                self._broken.append(str(error))
            before += source.size or 0
        if waiting and last is not None:
            # It was not one input that could not be read: what extracts has given up.
            raise last

    def tell(self, *, quiet: bool) -> None:
        """Say what came of all; raises InputError if something could not be read."""
        rejected = self._rejected
        for line in first_of(rejected, lambda n: f"{counted(n, 'further record')} rejected"):
            say(line)
        for line in (*first_of(*unread_files(self._given.unread)), *self._broken):
            say(line)
        if not quiet:
            say(f"{counted(self._written, 'record')} written, {len(rejected):,} rejected")
            limits = [self._running.limits] if self._written and self._running.limits else []
            for line in (*limits, *self._notes.lines()):
                say(line)
        failed = len(self._given.unread) + len(self._broken)
        if failed or rejected:
            parts = [
                *([counted(failed, "file")] if failed else []),
                *([counted(len(rejected), "record")] if rejected else []),
            ]
            raise InputError(f"{' and '.join(parts)} could not be read; the rest was written")
