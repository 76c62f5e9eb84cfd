"""What is in a project export: documents, and for each whose annotations there are.

::

    exportedproject.json                   who has done what, layers, tags
    source/DOCUMENT                        as it was imported
    annotation/DOCUMENT/ANNOTATOR.zip      or .xmi, .json, .tsv, or another format of export
    annotation_ser/DOCUMENT/ANNOTATOR.ser  in a form of Java's own
    curation/DOCUMENT/CURATION_USER.zip    what curators have made of it
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import msgspec

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.shapes import Shape, decode

#: Whose annotations are the curated ones, and those with which everybody begins.
CURATION, INITIAL = "CURATION_USER", "INITIAL_CAS"
#: The endings of files that are read, the preferred first.
READ = (".json", ".xmi", ".xml", ".tsv")
_ARCHIVE = ".zip"
_PLACE = re.compile(
    r"(?P<project>(?:.*/)?)(?P<kind>annotation|curation)(?P<of_java>_ser)?/"
    r"(?P<document>[^/]+)/(?P<file>[^/]+)"
)
_SOURCE = re.compile(r"(?P<project>(?:.*/)?)source/(?P<document>[^/]+)")
_PROJECT = re.compile(r"(?P<project>(?:.*/)?)exportedproject[^/]*\.json")
_TYPES = "typesystem"
#: What Java puts behind the name of a file that is to be another one for each export.
_SHORTEST = 3
_RANDOM = re.compile(r"(?<=\D)\d{15,20}\Z", re.ASCII)
#: States of what an annotator has not done, or is not to do.
_NOT_DONE = frozenset({"NEW", "IGNORE"})


class _State(Shape):
    name: str = ""
    user: str = ""
    state: str | None = None


class _Project(Shape):
    annotation_documents: list[_State] = msgspec.field(default_factory=list)


@dataclass
class Document:
    """A document with the files of annotations, by the names of annotators. ``others`` have their
    annotations in files that are not read.
    """

    name: str
    files: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    not_done: set[str] = field(default_factory=set)

    @property
    def annotators(self) -> list[str]:
        """Who has annotated it."""
        nobody = {CURATION, INITIAL, *self.not_done}
        return sorted({*self.files, *self.others} - nobody)

    def add(self, annotator: str, path: str) -> None:
        """Add a file; of several of an annotator the one that is read, or is preferred."""
        if not is_read(path):
            self.others.setdefault(annotator, path)
            return
        known = self.files.setdefault(annotator, path)
        if _rank(path) < _rank(known):
            self.files[annotator] = path


def is_read(path: str) -> bool:
    """Tell whether a file may have annotations that are read."""
    name = path.rpartition("/")[2].casefold()
    return name.endswith((_ARCHIVE, *READ)) and _TYPES not in name


def _annotator(stem: str) -> str:
    """Return who a file is named after, without what Java puts behind a name to make it another one:
    a number, and before it as many ``_`` as make three characters of the name.
    """
    name = _RANDOM.sub("", stem)
    return name.rstrip("_") or name if name != stem and len(name) == _SHORTEST else name


def is_archive(path: str) -> bool:
    """Tell whether a file is an archive, with annotations and their types in it."""
    return path.casefold().endswith(_ARCHIVE)


def _rank(path: str) -> int:
    ending = PurePosixPath(path).suffix.casefold()
    return READ.index(ending) if ending in READ else len(READ)


def preferred(names: Iterable[str]) -> str | None:
    """Return the file of an inner archive that has the annotations; None if none has."""
    found = (each for each in names if is_read(each) and not is_archive(each))
    return min(found, key=lambda each: (_rank(each), each), default=None)


def documents_in(folder: Folder) -> list[Document]:
    """Return the documents of an export in the order of their names."""
    found: dict[tuple[str, str], Document] = {}

    def document(place: re.Match[str]) -> Document:
        key = place["project"], place["document"]
        return found.setdefault(key, Document(place["document"]))

    projects: dict[str, str] = {}
    for name in folder.names:
        if place := _PLACE.fullmatch(name):
            annotator = _annotator(PurePosixPath(place["file"]).stem)
            if place["kind"] == "curation" and place["of_java"]:
                # INCEpTION makes one when somebody looks at the curation, and nothing is curated.
                continue
            document(place).add(CURATION if place["kind"] == "curation" else annotator, name)
        elif place := _SOURCE.fullmatch(name):
            document(place)
        elif place := _PROJECT.fullmatch(name):
            projects[place["project"]] = name
    for project, name in projects.items():
        for state in _states(folder, name):
            known = found.get((project, state.name))
            if known is not None and state.state in _NOT_DONE:
                known.not_done.add(state.user)
    return [found[key] for key in sorted(found)]


def _states(folder: Folder, name: str) -> list[_State]:
    """Return what an export says of who has done what; nothing if it cannot be read."""
    try:
        return decode(folder.read(name), _Project).annotation_documents
    except (InputError, RecordError, msgspec.MsgspecError):
        # It only says more than the names of the files.
        return []
