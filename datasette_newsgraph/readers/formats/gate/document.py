"""A document of GATE, whether it was written as XML, as bdoc JSON or for the web."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import field

from datasette_newsgraph.anchoring.units import CODE_POINTS, UTF16, Unit
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.xml_input import local, walk


class Annotation(Shape):
    """A span with a type and features."""

    type: str = ""
    start: int | None = None
    end: int | None = None
    id: int | str | None = None
    features: dict[str, Any] | None = None


class Relation(Shape):
    """Annotations that belong together, by their ids."""

    type: str = ""
    members: list[str] = field(default_factory=list)
    id: str | None = None


class Document(Shape):
    """The text, and annotations by the name of their set; the default set has no name."""

    text: str | None = None
    features: dict[str, Any] = field(default_factory=dict)
    sets: dict[str, list[Annotation]] = field(default_factory=dict)
    relations: dict[str, list[Relation]] = field(default_factory=dict)
    name: str | None = None
    unit: Unit = CODE_POINTS


class _Set(Shape):
    annotations: list[Annotation] | None = None


class _Json(Shape):
    text: str | None = None
    features: dict[str, Any] | None = None
    annotation_sets: dict[str, _Set] | None = None
    offset_type: str | None = None
    name: str | None = None
    #: As GATE Cloud answers: a list for each type, whose features stand beside ``indices``.
    entities: dict[str, list[dict[str, Any]]] | None = None


def read(raw: bytes) -> Document:
    """Return the document of a record; raises RecordError."""
    if raw.lstrip()[:1] == b"<":
        target = _Xml()
        walk(raw, target)
        return target.document
    given = decode(raw, _Json)
    sets = {name: each.annotations or [] for name, each in (given.annotation_sets or {}).items()}
    if given.entities:
        sets.setdefault("", []).extend(_of_cloud(given.entities))
    is_java = given.offset_type == "j" or (given.offset_type is None and given.entities is not None)
    return Document(
        given.text, given.features or {}, sets, {}, given.name, UTF16 if is_java else CODE_POINTS
    )


def _of_cloud(entities: dict[str, list[dict[str, Any]]]) -> Iterator[Annotation]:
    for type_, listed in entities.items():
        for features in listed:
            given = features.get("indices")
            ends = given if isinstance(given, list) and len(given) == 2 else (None, None)
            start, end = (each if isinstance(each, int) else None for each in ends)
            id_ = features.get("id")
            yield Annotation(
                type_, start, end, id_ if isinstance(id_, (int, str)) else None, features
            )


class _Xml:
    """What is told of GATE XML by ``xml_input.walk``; nodes in the text are what annotations name."""

    def __init__(self) -> None:
        self.document = Document(text="")
        self._parts: list[str] = []
        self._length = 0
        self._nodes: dict[str, int] = {}
        self._is_text = False
        #: The words of the name or value of a feature, and what features are taken of.
        self._words: list[str] | None = None
        self._name = ""
        self._features: dict[str, Any] = self.document.features
        self._set: list[Annotation] = []
        self._relations: list[Relation] = []

    def start(self, full: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        name = local(full)
        if name == "Node":
            self._nodes[attributes.get("id", "")] = self._length
        elif name == "TextWithNodes":
            self._is_text = True
        elif name == "AnnotationSet":
            self._set = self.document.sets.setdefault(attributes.get("Name", ""), [])
        elif name == "Annotation":
            self._annotation(attributes)
        elif name == "RelationSet":
            self._relations = self.document.relations.setdefault(attributes.get("Name", ""), [])
        elif name == "Relation":
            members = attributes.get("Members", "").split(";")
            self._relations.append(
                Relation(
                    attributes.get("Type", ""), list(filter(None, members)), attributes.get("Id")
                )
            )
            self._features = {}
        elif name in ("Name", "Value"):
            self._words = []

    def _annotation(self, attributes: dict[str, str]) -> None:
        self._features = {}
        self._set.append(
            Annotation(
                attributes.get("Type", ""),
                self._nodes.get(attributes.get("StartNode", "")),
                self._nodes.get(attributes.get("EndNode", "")),
                attributes.get("Id"),
                self._features,
            )
        )

    def words(self, text: str) -> None:
        """Take text."""
        if self._is_text:
            self._parts.append(text)
            self._length += len(text)
        elif self._words is not None:
            self._words.append(text)

    def end(self, full: str) -> None:
        """Take the end of an element."""
        name = local(full)
        if name == "TextWithNodes":
            self._is_text = False
            self.document.text = "".join(self._parts)
        elif name == "Name":
            self._name = "".join(self._words or ())
            self._words = None
        elif name == "Value":
            self._features[self._name] = "".join(self._words or ())
            self._words = None
