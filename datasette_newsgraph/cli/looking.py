"""Commands that read what tools wrote without a database: to see what is in it, or to convert it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from datasette_newsgraph.cli.group import examples
from datasette_newsgraph.cli.options import as_json, reading, show_json, unread_files
from datasette_newsgraph.cli.recipe import RECIPE
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.terminal import say, show, write
from datasette_newsgraph.wording import MOST_LISTED, counted, first_of, listed

if TYPE_CHECKING:
    from datasette_newsgraph.inspection import Inspection
    from datasette_newsgraph.reading.opening import Opened
    from datasette_newsgraph.reading.pipeline import Reading


#: What heads the reason why a file of a folder is not read.
_UNREAD = "not read"
#: What the help of ``formats`` says to those who have texts and no annotations.
_FROM_TEXTS = "\n".join(
    [
        "Plain text, HTML, and JSON or CSV with texts have no annotations: newsgraph load --extract"
        " finds names, relations and quotes in them, and newsgraph extract makes article records of"
        " them. A tool of your own will do, too. This Python script finds names with spaCy, in the"
        " texts of a folder, and writes articles.jsonl, which can be loaded:",
        "",
        "\b",
        # A blank line would end the paragraph that is printed as it is.
        *(f"  {line}" for line in RECIPE.splitlines() if line),
    ]
)


@click.command(epilog=examples("newsgraph inspect articles.jsonl"))
@reading
@as_json
def inspect(
    files: tuple[str, ...],
    format_name: str | None,
    articles: str | None,
    label_map: str | None,
    max_article: str | None,
    annotator: str | None,
    as_json: bool,
) -> None:
    """Report what is in FILES without loading them.

    The report tells formats, labels, offsets, and the first errors with their lines.
    """
    from datasette_newsgraph import inspection
    from datasette_newsgraph.reading.pipeline import Reading
    from datasette_newsgraph.wording import printable

    reports: list[dict[str, Any]] = []
    is_broken = False
    unread = 0
    how = Reading.of(
        format_name=format_name,
        articles=articles,
        label_map=label_map,
        max_article=max_article,
        annotator=annotator,
    )
    for path, found in _inspected(how, files):
        if isinstance(found, inspection.Inspection):
            is_broken |= bool(found.broken)
            report, lines = inspection.as_json(found), inspection.described(found)
        else:
            is_broken |= found[0] == "error"
            unread += found[0] == _UNREAD
            if unread > MOST_LISTED and not as_json:
                continue
            report, lines = dict([found]), iter([found])
        if as_json:
            reports.append({"file": printable(path)} | report)
        else:
            _show(path, lines)
    if as_json:
        show_json(reports)
    elif unread > MOST_LISTED:
        show(f"{_UNREAD}: {counted(unread - MOST_LISTED, 'further file')}")
    if is_broken:
        raise SystemExit(1)


def _inspected(
    reading: Reading, paths: Iterable[str]
) -> Iterator[tuple[str, Inspection | tuple[str, str]]]:
    """Yield each file with what is in it, or with a heading and why it cannot be read."""
    from datasette_newsgraph.inspection import inspect
    from datasette_newsgraph.reading.opening import opened, unused_files

    for path in paths:
        try:
            with opened(reading, [path]) as given:
                for source, pipeline in given.read():
                    yield source.path, inspect(source, pipeline)
                    if unused := unused_files(source, pipeline):
                        yield source.path, (_UNREAD, listed(unused))
                for unread, reason in given.unread.items():
                    yield unread, (_UNREAD, reason)
        except InputError as error:
            yield path, ("error", str(error).removeprefix(f"{path}: "))


def _show(path: str, described: Iterable[tuple[str, str]]) -> None:
    show(path)
    for heading, text in described:
        show(f"  {heading:<15} {text}")


@click.command(
    epilog=examples("newsgraph convert doccano.jsonl --articles articles.csv > articles.jsonl")
)
@reading
def convert(
    files: tuple[str, ...],
    format_name: str | None,
    articles: str | None,
    label_map: str | None,
    max_article: str | None,
    annotator: str | None,
) -> None:
    """Convert FILES to article records, one JSON object a line.

    Labels are mapped and offsets corrected as in a load. The records go to standard output. Loading
    them gives the same graph as loading FILES.
    """
    from datasette_newsgraph import conversion
    from datasette_newsgraph.notes import Notes
    from datasette_newsgraph.reading.opening import opened
    from datasette_newsgraph.reading.pipeline import Reading

    how = Reading.of(
        format_name=format_name,
        articles=articles,
        label_map=label_map,
        max_article=max_article,
        annotator=annotator,
    )
    rejected = 0
    notes = Notes()

    def records(given: Opened) -> Iterator[bytes]:
        nonlocal rejected
        for source, way in given.read():
            for found in conversion.convert(source, way):
                notes.add(found.notes)
                for reason in found.rejected:
                    rejected += 1
                    say(f"{source.path}: line {found.line}: {reason}")
                if found.json is not None:
                    yield found.json + b"\n"

    with opened(how, files) as given:
        for note in first_of(*unread_files(given.unread)):
            say(note)
        write(records(given))
    # What the labels, fields and dates were is told by an inspection.
    if refused := Notes.claims_refused.line(notes):
        say(refused)
    if given.unread:
        raise InputError(
            f"{counted(len(given.unread), 'file')} could not be read; the rest was written"
        )
    if rejected:
        raise InputError(
            f"{counted(rejected, 'record or part of a record', 'records or parts of records')}"
            " could not be converted; the rest was written"
        )


@click.command(epilog=f"{examples('newsgraph formats')}\n\n{_FROM_TEXTS}")
def formats() -> None:
    """List the formats that can be read.

    Those of raw articles come last. They need --extract.
    """
    from datasette_newsgraph.extraction.raw import RAW
    from datasette_newsgraph.readers.formats import FORMATS

    width = max(len(each.name) for each in (*FORMATS, *RAW))
    for each in (*FORMATS, *RAW):
        needs = [f"datasette-newsgraph[{each.extra}]"] if each.extra else []
        needs += ["--extract"] if each in RAW else []
        told = f" [needs {' and '.join(needs)}]" if needs else ""
        show(f"{each.name:<{width}}  {each.title} ({' '.join(each.endings)}){told}")
