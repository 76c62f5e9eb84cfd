"""Bring texts and their annotations together: `a.txt` and `a.ann`, in a folder or beside each other."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.folder import Folder, is_inside
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.shapes import Shape
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.wording import printable

_ANNOTATIONS, _TEXT = ".ann", ".txt"


class Pair(Shape, omit_defaults=True):
    """A text with its annotations, ``name`` without the ending."""

    name: str = ""
    txt: str | None = None
    ann: str | None = None


def entries(source: Source | Folder, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each pair as JSON, numbered by the names in their order."""
    pairs = _of_folder(source) if isinstance(source, Folder) else iter([_of_file(source)])
    digest = hashlib.sha256()
    for pair in pairs:
        digest.update(pair.raw)
        yield pair
    source.sha256 = digest.hexdigest()


def _of_folder(folder: Folder) -> Iterator[Entry]:
    names = frozenset(folder.names)
    annotated = (each for each in folder.names if each.endswith(_ANNOTATIONS))
    for number, name in enumerate(annotated, 1):
        stem = name.removesuffix(_ANNOTATIONS)
        text = stem + _TEXT
        yield _entry(
            number,
            stem,
            partial(folder.read, text) if text in names else None,
            partial(folder.read, name),
            folder.limit,
        )


def _of_file(source: Source) -> Entry:
    """Return the pair that a file belongs to; standard input has annotations only."""
    path = Path(source.path)
    own, other = (_TEXT, _ANNOTATIONS) if path.suffix == _TEXT else (_ANNOTATIONS, _TEXT)
    beside = path.with_suffix(other)
    reads: dict[str, Callable[[], bytes] | None] = {
        own: lambda: source.bytes.read(source.limit.article + 1),
        other: partial(_read, beside, source.limit.article)
        if not source.is_stdin and beside.is_file()
        else None,
    }
    return _entry(1, path.stem, reads[_TEXT], reads[_ANNOTATIONS], source.limit)


def _read(path: Path, most: int) -> bytes:
    """Read the file beside the one that was named, which alone may be a link to anywhere."""
    if not is_inside(path, path.parent):
        raise InputError("it is a link out of the folder; put the file itself there")
    with path.open("rb") as file:
        return file.read(most + 1)


def _entry(
    number: int,
    name: str,
    read_text: Callable[[], bytes] | None,
    read_annotations: Callable[[], bytes] | None,
    limit: Limit,
) -> Entry:
    pair = Pair(printable(name))
    fault = None
    for ending, read in ((_TEXT, read_text), (_ANNOTATIONS, read_annotations)):
        if read is None:
            continue
        try:
            data = read()
            # What is over the limit may end within a character.
            words = "" if len(data) > limit.article else data.decode("utf-8")
        except UnicodeDecodeError as error:
            fault = f"{pair.name}{ending} is not UTF-8: byte {error.start + 1}"
        except (InputError, OSError, EOFError, zlib.error) as error:
            fault = f"{pair.name}{ending} cannot be read: {error}"
        else:
            if len(data) > limit.article:
                fault = limit.too_long(f"{pair.name}{ending}")
            elif ending == _TEXT:
                # With a byte order mark, which brat counts, and all line breaks as they are.
                pair.txt = words
            else:
                pair.ann = words
    if fault is not None:
        pair = Pair(pair.name)
    return Entry(number, msgspec.json.encode(pair), fault=fault)
