"""What several commands share: options, and how words of files are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.rdf import choices
from datasette_newsgraph.terminal import say, write
from datasette_newsgraph.wording import counted

if TYPE_CHECKING:
    from sqlite_utils import Database

    from datasette_newsgraph.store.by_name import Ways

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Words(click.ParamType[str]):
    """Words of an argument. Where the locale is no UTF-8, Python reads the bytes of others as lone
    surrogates, which no database can be asked for.
    """

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return os.fsencode(value).decode("utf-8", "replace")


WORDS = _Words()
# Whether a file can be read is found out by reading it, and is no wrong usage.
FILE = click.Path(dir_okay=False, readable=False)
ROWS = click.Path(readable=False)
INPUT = click.Path(allow_dash=True, readable=False)
quiet = click.option("-q", "--quiet", is_flag=True, help="Print no summary and no warnings.")
progress = click.option(
    "--progress/--no-progress", default=None, help="Show a progress bar (default: on a terminal)."
)
rdf_format = click.option("-f", "--format", "format_name", metavar="FORMAT", help=f"{choices()}.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def assert_from_option(help_: str) -> Callable[[_Command], _Command]:
    """Return the option from which confidence on a statement is asserted by a plain triple."""
    return click.option(
        "--assert-from",
        metavar="X",
        type=click.FloatRange(0, 1),
        default=ASSERT_FROM,
        show_default=True,
        help=help_,
    )


def reading(command: _Command) -> _Command:
    """Give a command the files it reads and the options that say how."""
    for decorate in (
        click.option(
            "--max-article",
            metavar="SIZE",
            help="Longest article to read, unpacked: 300K, 64M (the default), 2G.",
        ),
        click.option(
            "--annotator",
            metavar="NAME",
            type=WORDS,
            help="Whose annotations to read of a project export of INCEpTION.",
        ),
        click.option(
            "--map",
            "label_map",
            metavar="FILE",
            type=FILE,
            help="TOML or JSON that maps the labels of the tool.",
        ),
        click.option(
            "--articles",
            metavar="FILE",
            type=ROWS,
            help="Titles, addresses, dates and texts of the articles: JSON, CSV, RSS or Atom, or a"
            " folder of such files and of web pages.",
        ),
        click.option(
            "--format",
            "format_name",
            metavar="NAME",
            help="The format of all files, if it is not recognised; newsgraph formats lists them.",
        ),
        click.argument("files", nargs=-1, required=True, type=INPUT),
    ):
        command = decorate(command)
    return command


@contextmanager
def progress_bar(label: str, wanted: bool | None) -> Iterator[Callable[[int, int], None]]:
    """Show a bar, if it is wanted or, where nobody says, on a terminal; what is yielded moves it to a
    position, given with the size of all.
    """
    if not (sys.stderr.isatty() if wanted is None else wanted):
        yield lambda position, size: None
        return
    with click.progressbar(length=0, label=label, file=sys.stderr) as bar:

        def advance(position: int, size: int) -> None:
            bar.length = size
            bar.update(position - bar.pos)

        yield advance


def log_words(log: str) -> str:
    """Say that a write-ahead log stays beside a database."""
    database = log.removesuffix("-wal")
    return (
        f"{log} belongs to {database}, which other programs have open: do not copy or move one without"
        " the other; the next load when they are done puts it away"
    )


def teller_of_log(*, quiet: bool = False) -> Callable[[str], None]:
    """Return what prints that a write-ahead log stays beside a database, unless it is to be quiet."""
    return lambda log: None if quiet else say(log_words(log))


def show_json(value: Any) -> None:
    """Print a value as JSON, laid out to be read, in UTF-8 as JSON has to be."""
    import json

    text = json.dumps(value, indent=2, ensure_ascii=False)
    write([text.encode("utf-8", "replace"), b"\n"])


def unread_files(unread: Mapping[str, str]) -> tuple[list[str], Callable[[int], str]]:
    """Return what is said of files that were not read, by their path with the reason, and of many."""
    lines = [f"not read: {path} {reason}" for path, reason in unread.items()]
    return lines, lambda further: f"not read: {counted(further, 'further file')}"


def named(db: Database, ways: Ways, given: str, *, quiet: bool) -> str:
    """Return the key of what an option names, and tell the key where a name was given."""
    from datasette_newsgraph.store.by_name import key_of

    found = key_of(db, ways, given)
    if found.is_by_name and not quiet:
        say(found.told(ways.kind.name, given))
    return found.key
