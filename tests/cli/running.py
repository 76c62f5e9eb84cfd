"""What the tests of the command line share."""

from __future__ import annotations

from click.testing import Result


def error_of(result: Result) -> str:
    """The message of a command that failed: one line, the last of its standard error."""
    *_, last = result.stderr.splitlines()
    assert last.startswith("Error: ")
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return last.removeprefix("Error: ")
