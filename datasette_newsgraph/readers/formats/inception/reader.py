"""Read a project export of INCEpTION or WebAnno, or an export of annotated documents: a zip archive,
or the folder that it unpacks to.

- Each document is an article, read as UIMA CAS XMI, UIMA CAS JSON or WebAnno TSV 3, whichever it was
  exported as.
- Annotations of several people are never mixed. If a document has been curated, the curated
  annotations are taken. Otherwise, if one person has annotated it, hers are. If several have, it is
  rejected: curate it, or choose a person with `--annotator NAME`. With `--annotator` the documents
  that she has not annotated are left out. What somebody has been excused from does not count.
- A document that nobody has annotated has the annotations it was imported with, if they are in the
  export, or else it is left out. One that was exported in another format is rejected.
- The archive is read as it is, and so are the archives in it. One that leads out of its folder, has
  links in it, is encrypted, or unpacks to far more than it could, is refused.
- Who annotated is not stored. Rows of the articles file are joined by the name of the document.

Offsets: those of the format in it.

Example::

    annotation/moldova-2020.txt/ana.tsv
        #FORMAT=WebAnno TSV 3.3
        #T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value


        #Text=Maia Sandu spoke.
        1-1\t0-4\tMaia\t*[1]\tPER[1]\t
        1-2\t5-10\tSandu\t*[1]\tPER[1]\t
        1-3\t11-16\tspoke\t_\t_\t
        1-4\t16-17\t.\t_\t_\t
    source/moldova-2020.txt
        Maia Sandu spoke.
"""  # noqa: D301 - an editor would make blanks of tabs

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from datasette_newsgraph.article import Extractor
from datasette_newsgraph.errors import InputError, RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed, Reader
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.formats import uima_json, uima_xmi
from datasette_newsgraph.readers.formats.inception.export import (
    CURATION,
    INITIAL,
    Document,
    documents_in,
    is_archive,
    preferred,
)
from datasette_newsgraph.readers.formats.webanno import reader as webanno
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.zipped import inner
from datasette_newsgraph.wording import listed, printable

__all__ = ["entries", "parse"]

_READERS: dict[str, Reader] = {
    ".json": uima_json,
    ".xmi": uima_xmi,
    ".xml": uima_xmi,
    ".tsv": webanno,
}
_AS = "export it as UIMA CAS JSON, UIMA CAS XMI or WebAnno TSV 3"
_OTHERS = "annotations of a document by others"


class _Head(Shape, omit_defaults=True):
    """What stands in a line above a document: its name, the ending of its file, how many others have
    annotated it, or why it is left out.
    """

    name: str = ""
    ending: str = ""
    others: int = 0
    left_out: str | None = None


def entries(source: Source | Folder, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each document behind the line that says what it is, numbered by their names."""
    if not isinstance(source, Folder):
        raise InputError(f"{source.path}: is one file; give the whole export, a zip or a folder")
    digest = hashlib.sha256()
    for number, document in enumerate(documents_in(source), 1):
        entry = _entry(number, document, source)
        digest.update(entry.raw)
        yield entry
    source.sha256 = digest.hexdigest()


def _entry(number: int, document: Document, folder: Folder) -> Entry:
    head = _Head(printable(document.name))
    try:
        annotator = _chosen(document, folder.annotator)
        raw = b""
        if annotator is None:
            head.left_out = _reason(head.name, folder.annotator)
        else:
            # What is curated is made of them.
            is_curated = annotator == CURATION
            head.others = 0 if is_curated else len({*document.annotators} - {annotator})
            head.ending, raw = _read(document.files[annotator], folder)
    except InputError as error:
        reason = str(error).removeprefix(f"{folder.path}: ")
        return Entry(number, msgspec.json.encode(head), fault=f"{head.name}: {reason}")
    return Entry(number, msgspec.json.encode(head) + b"\n" + raw)


def _reason(name: str, annotator: str | None) -> str:
    return f"{name}: {'nobody' if annotator is None else printable(annotator)} has annotated it"


def _chosen(document: Document, asked: str | None) -> str | None:
    """Return whose annotations of a document are taken, None if nobody has annotated it; raises
    InputError where that is not certain, or where they are not in a form that is read.
    """
    annotators = document.annotators
    if asked is not None:
        chosen = asked if asked in (*document.files, *document.others) else None
    elif CURATION in document.files or CURATION in document.others:
        chosen = CURATION
    elif len(annotators) > 1:
        raise InputError(
            f"is annotated by {printable(listed(annotators))}, and not curated; choose one of them"
            " with --annotator NAME"
        )
    else:
        chosen = annotators[0] if annotators else INITIAL if INITIAL in document.files else None
    if chosen is not None and chosen not in document.files:
        ending = PurePosixPath(document.others[chosen]).suffix or "other"
        raise InputError(f"its annotations are in the {printable(ending)} form, not read; {_AS}")
    return chosen


def _read(path: str, folder: Folder) -> tuple[str, bytes]:
    """Return the ending of a file and its bytes; of an archive, those of the file in it."""
    raw = folder.read(path)
    if is_archive(path):
        archive = inner(raw, printable(path), folder.limit)
        name = preferred(archive.names)
        if name is None:
            raise InputError(f"{printable(path)} has no annotations in it that are read; {_AS}")
        path, raw = name, archive.read(name, folder.limit.article)
        if len(raw) > folder.limit.article:
            raise InputError(folder.limit.too_long(printable(name)))
    return PurePosixPath(path).suffix.casefold(), raw


def parse(raw: bytes) -> Parsed:
    """Make a document an article. Raises RecordLeftOut for one that nobody has annotated."""
    first, _, document = raw.partition(b"\n")
    head = decode(first, _Head)
    if head.left_out is not None:
        raise RecordLeftOut(head.left_out)
    reader = _READERS.get(head.ending)
    if reader is None:
        raise RecordError("its first line does not say what it is")
    try:
        parsed = reader.parse(document)
    except RecordError as error:
        raise RecordError(f"{head.name}: {error}") from error
    parsed.article.extractor = Extractor(name="INCEpTION")
    parsed.local_ids = tuple(dict.fromkeys((head.name, *parsed.local_ids)))
    if head.others:
        parsed.notes.passed_over[_OTHERS] += head.others
    return parsed
