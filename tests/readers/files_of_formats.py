"""Files of every format, made of the examples in the docstrings of the readers."""

from __future__ import annotations

import json
import re
import zipfile
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.readers.inputs import Input, open_input
from datasette_newsgraph.readers.zipped import Archive

SHARED = Path(__file__).parents[2].parent / "shared"
SAMPLES = SHARED / "samples"
CORPORA = SHARED / "corpora"
#: The text that the annotations of the example are of.
_BRAT_TEXT = "Paul Kagame opened the summit in Kigali."

#: A file of a folder in an example: its name, and its lines below.
_FILE = re.compile(r"(?m)^(\w+\.\w+)\n((?:    .*\n)+)")

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
needs_shared = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")


def example_of(format_: Format) -> str:
    """The example as it stands in the documentation."""
    # Not cleandoc, which makes blanks of tabs.
    _, found, example = (format_.reader.__doc__ or "").partition("Example::\n")
    assert found, f"the docstring of {format_.name} has no example"
    return dedent(example).strip("\n") + "\n"


def write_example(format_: Format, folder: Path) -> Path:
    """Write the example of a format into ``folder``; return what is to be loaded."""
    example = example_of(format_)
    path = folder / f"example{format_.endings[0]}"
    if format_.name == "docbin":
        path.write_bytes(_docbin(example))
    elif format_.name == "inception":
        with zipfile.ZipFile(path, "w") as archive:
            for name, words in re.findall(r"(?m)^(\w+/.+)\n((?:    .*\n|\n)+)", example):
                archive.writestr(name, dedent(words))
    elif files := _FILE.findall(example):
        path = folder / "output"
        path.mkdir()
        for name, rows in files:
            (path / name).write_text(dedent(rows), "utf-8")
    else:
        path.write_text(example, "utf-8")
        if format_.name == "brat":
            path.with_suffix(".txt").write_text(_BRAT_TEXT, "utf-8")
    return path


def open_example(path: Path) -> Input:
    """Open what ``write_example`` has written, an archive as the folder that it unpacks to."""
    return Archive(path) if path.suffix == ".zip" else open_input(path)


@cache
def _docbin(example: str) -> bytes:
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import DocBin, Span

    given = json.loads(example)
    doc = spacy.blank("en")(given["text"])
    doc.set_ents(
        [
            Span(doc, span.start, span.end, ent["label"], kb_id=ent["kb_id"])
            for ent in given["ents"]
            if (span := doc.char_span(ent["start"], ent["end"]))
        ]
    )
    return DocBin(docs=[doc]).to_bytes()
