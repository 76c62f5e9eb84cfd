"""Read the XMI of UIMA's CAS, which INCEpTION, WebAnno and other tools of UIMA export.

- Named entities become mentions, and so do the spans of layers that somebody has made for a project.
  The type is the feature `value`, `label`, `type`, `entity` or the like; a layer without features
  gives its own name. A feature that is a Wikidata id or a web address identifies the entity.
- Relations go from `Governor` to `Dependent`, or from `source` to `target`. What plays a role in a
  span by a slot feature is a relation of that span, which becomes an entity that is local to its
  article; the evidence is that span.
- The links of a chain are one entity, and so is what a layer named after coreference relates as
  `coref`. It has the fullest name. Without a name it is called by its first words ("the president"),
  and is local to its article. Pronouns are no mentions, and a chain of nothing else is no entity.
- `DocumentMetaData` gives the title, if it is no name of a file, the address and the language. Rows
  of the articles file are joined by `documentId` and `documentTitle`.
- Of several texts (views) in a file the one is read that most is said of.
- Words, sentences, lemmas, parts of speech, dependencies and other layers of grammar are not used.
  The type system that stands beside a file is not needed.

Offsets: UTF-16 code units (Java's), end exclusive.

Example::

    <?xml version="1.0" encoding="UTF-8"?>
    <xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"
        xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"
        xmlns:metadata="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"
        xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0">
      <cas:NULL xmi:id="0"/>
      <metadata:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="36" language="en"
          documentTitle="A president is sworn in" documentId="moldova-2020.txt"/>
      <ner:NamedEntity xmi:id="3" sofa="1" begin="0" end="10" value="PER"/>
      <ner:NamedEntity xmi:id="4" sofa="1" begin="27" end="35" value="LOC"
          identifier="http://www.wikidata.org/entity/Q21197"/>
      <custom:Relation xmi:id="5" sofa="1" begin="27" end="35" Governor="3" Dependent="4"
          label="sworn in in"/>
      <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text"
          sofaString="Maia Sandu was sworn in in Chisinau."/>
      <cas:View sofa="1" members="2 3 4 5"/>
    </xmi:XMI>
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cas.reading import article
from datasette_newsgraph.readers.cas.structures import Cas, Structure
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.xml_input import documents, walk

__all__ = ["entries", "parse"]

_ROOT, _ID = "{http://www.omg.org/XMI}XMI", "{http://www.omg.org/XMI}id"
_NAMESPACE = re.compile(r"\{http:///(.*)\.ecore\}(.*)", re.DOTALL)
_NO_PACKAGE = "uima/noNamespace"
_OFFSET = re.compile(r"\d{1,12}", re.ASCII)


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the document that the file is, or the documents in it."""
    return documents(source, "XMI")


def parse(raw: bytes) -> Parsed:
    """Make a document an article; raises RecordError if it is no XMI, or has no text."""
    reading = _Reading()
    walk(raw, reading)
    if not reading.is_xmi:
        raise RecordError("its root is no XMI element")
    return article(reading.cas)


class _Reading:
    """Takes the elements under the root: each is a feature structure, and what is in it a value."""

    def __init__(self) -> None:
        self.cas = Cas()
        self.is_xmi = False
        self._depth = 0
        self._open: Structure | None = None
        self._words: list[str] = []
        #: The name of a type of each element, None for one that is not read: they are a few.
        self._types: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Take the beginning of an element."""
        self._depth += 1
        self._words.clear()
        if self._depth == 1:
            self.is_xmi = name == _ROOT
        elif self._depth == 2:
            type_ = self._types.get(name) or self._types.setdefault(name, _type_of(name))
            self._open = _structure(type_, attributes) if self.cas.wants(type_) else None

    def end(self, name: str, /) -> None:
        """Take the end of an element."""
        if self._open is not None:
            if self._depth == 2:
                self.cas.add(self._open)
                self._open = None
            elif self._depth == 3 and (words := "".join(self._words).strip()):
                # Several values of a feature, or what is in an array.
                if name == "elements":
                    self._open.elements.append(words)
                else:
                    self._open.values.setdefault(name, []).append(words)
        self._words.clear()
        self._depth -= 1

    def words(self, text: str, /) -> None:
        """Take text, which has a meaning only in elements of the third level."""
        if self._open is not None and self._depth == 3:
            self._words.append(text)


def _type_of(name: str) -> str:
    """Return the type that an element is named after."""
    found = _NAMESPACE.fullmatch(name)
    if found is None or found[1] == _NO_PACKAGE:
        return name.rpartition("}")[2]
    return f"{found[1].replace('/', '.')}.{found[2]}"


def _structure(type_: str, attributes: dict[str, str]) -> Structure:
    begin, end = (attributes.pop(each, "") for each in ("begin", "end"))
    return Structure(
        attributes.pop(_ID, ""),
        type_,
        attributes.pop("sofa", None),
        int(begin) if _OFFSET.fullmatch(begin) else None,
        int(end) if _OFFSET.fullmatch(end) else None,
        {name: [value] for name, value in attributes.items() if value},
    )
