"""Read a file of words that a user names: a lexicon, or aliases."""

from __future__ import annotations

from pathlib import Path

from datasette_newsgraph.errors import InputError


def text_of(path: str, what: str, option: str) -> str:
    """Return the text of a file; ``what`` it is and the ``option`` that names it are for the message.

    Raises InputError for a file that is not there, is not UTF-8, or says nothing.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: {what} cannot be read: there is no such file; check the name behind {option}"
        ) from error
    except IsADirectoryError as error:
        raise InputError(
            f"{path}: {what} cannot be read: it is a folder; name a file behind {option}"
        ) from error
    except PermissionError as error:
        raise InputError(
            f"{path}: {what} cannot be read: you have no permission; change that of the file"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it has no name that a file can have"
        raise InputError(
            f"{path}: {what} cannot be read: {reason}; check the name behind {option}"
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: {what} is not UTF-8; save it as UTF-8") from error
    if not any(is_entry(line) for line in text.splitlines()):
        raise InputError(
            f"{path}: {what} has no line that says anything; add one, or leave {option} out"
        )
    return text


def is_entry(line: str) -> bool:
    """Tell whether a line says something: it is neither empty nor for people."""
    return bool(line.strip()) and not line.startswith("#")
