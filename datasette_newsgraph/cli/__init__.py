"""The command line: options, one call, errors to exit codes.

What a command needs is imported in its body, so that ``datasette --help`` does not pay for it.
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, NoReturn

import click

from datasette_newsgraph.cli.exporting import export, metadata, schema, shapes, vocabulary
from datasette_newsgraph.cli.loading import convert, formats, inspect, load
from datasette_newsgraph.cli.storing import base_iri, check, remove, stats
from datasette_newsgraph.errors import NewsgraphError

if TYPE_CHECKING:
    from types import FrameType

#: What other programs call what our commands do.
_OTHER_NAMES = {
    "add": "load",
    "delete": "remove",
    "import": "load",
    "insert": "load",
    "parse": "convert",
}


class _NewsgraphGroup(click.Group):
    """Turns our errors into one line and their exit code, signals into theirs."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name our command to those who type another program's name for it."""
        ours = _OTHER_NAMES.get(args[0])
        if ours is not None:
            raise click.UsageError(f"No such command {args[0]!r}. Use {ours!r}.", ctx)
        return super().resolve_command(ctx, args)

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


for _command in (
    load,
    inspect,
    convert,
    formats,
    remove,
    stats,
    check,
    base_iri,
    export,
    vocabulary,
    shapes,
    schema,
    metadata,
):
    cli.add_command(_command)
