"""The group of all commands: its help in sections, its errors in one line with their exit code."""

from __future__ import annotations

import io
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from datasette_newsgraph.errors import NewsgraphError
from datasette_newsgraph.terminal import say, shown

if TYPE_CHECKING:
    from types import FrameType

#: Longer than any summary, which wraps rather than being cut.
_WHOLE = 1000
#: What other programs call what our commands do.
_OTHER_NAMES = {
    "add": "load",
    "delete": "remove",
    "import": "load",
    "insert": "load",
    "parse": "convert",
}


def examples(*commands: str) -> str:
    """Return what shows these commands at the end of a help text."""
    # Click leaves the lines of a paragraph that begins with this sign as they are.
    title = "Example:" if len(commands) == 1 else "Examples:"
    return "\n".join(["\b", title, *(f"  {each}" for each in commands)])


class NewsgraphGroup(click.Group):
    """Lists its commands by section; turns our errors into one line, signals into exit codes."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.sections: dict[str, tuple[click.Command, ...]] = {}

    def add_sections(self, sections: Mapping[str, tuple[click.Command, ...]]) -> None:
        """Add commands under headings, which help shows in this order."""
        self.sections.update(sections)
        for commands in sections.values():
            for command in commands:
                self.add_command(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each section with its commands and their summaries."""
        width = max(map(len, self.commands))
        for title, commands in self.sections.items():
            with formatter.section(title):
                # As wide a first column in each section, so that all summaries stand in line.
                formatter.write_dl(
                    [
                        (f"{each.name:<{width}}", each.get_short_help_str(_WHOLE))
                        for each in commands
                    ]
                )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name our command to those who type another program's name for it."""
        ours = _OTHER_NAMES.get(args[0])
        if ours is not None:
            raise click.UsageError(f"No such command {args[0]!r}. Use {ours!r}.", ctx)
        return super().resolve_command(ctx, args)

    def make_context(self, *arguments: Any, **attributes: Any) -> click.Context:
        """Read the arguments, which may print help already."""
        for each in (sys.stdout, sys.stderr):
            # What the terminal has no signs for is written as its number, as Python does in errors.
            if isinstance(each, io.TextIOWrapper):
                each.reconfigure(errors="backslashreplace")
        with _shown_errors():
            return super().make_context(*arguments, **attributes)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
                signal.signal(number, _stop)
        try:
            with _shown_errors():
                return super().invoke(ctx)
        except NewsgraphError as error:
            say(f"Error: {_one_line(str(error))}")
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            kept = " What was loaded is kept; run the same command to continue."
            is_load = ctx.invoked_subcommand == "load"
            say(f"Interrupted.{kept if is_load else ''}")
            ctx.exit(128 + signal.SIGINT)
        except OSError as error:
            ctx.exit(_not_written(error))

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the program; the texts that --help and --version print may have nowhere to go, too."""
        try:
            return super().main(*args, **extra)
        except OSError as error:
            sys.exit(_not_written(error))


def _not_written(error: OSError) -> int:
    """Say that standard output could not be written, and return the exit code."""
    # Python would complain once more at exit, when it flushes.
    sys.stdout = None
    # Where the reader has gone, as with "| head", there is nothing to complain about.
    if not isinstance(error, BrokenPipeError):
        say(f"Error: {error.filename or 'standard output'}: {error.strerror}")
    return 1


@contextmanager
def _shown_errors() -> Iterator[None]:
    """Let click say what is wrong with an argument in words that give a terminal no orders."""
    try:
        yield
    except click.ClickException as error:
        message = shown(error.format_message())
        error.format_message = lambda: message  # type: ignore[method-assign]  # what click prints
        raise


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    # An exception, so that open files and transactions are cleared away.
    raise SystemExit(128 + number)


def _one_line(text: str) -> str:
    return " ".join(shown(text).split())
