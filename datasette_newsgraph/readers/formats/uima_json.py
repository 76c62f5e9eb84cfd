"""Read the JSON of UIMA's CAS (version 0.4), which INCEpTION and dkpro-cassis write.

It says what the XMI of UIMA says, and is read in the same way: named entities and spans of a
project's own layers, relations, chains and slots, title, address and language. The types that it
declares are not needed.

Offsets: UTF-16 code units (Java's), end exclusive.

Example::

    {"%TYPES": {},
     "%FEATURE_STRUCTURES": [
       {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView",
        "mimeType": "text", "sofaString": "Maia Sandu was sworn in in Chisinau."},
       {"%ID": 2, "@sofa": 1, "begin": 0, "end": 36, "language": "en",
        "%TYPE": "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData",
        "documentTitle": "A president is sworn in", "documentId": "moldova-2020.txt"},
       {"%ID": 3, "%TYPE": "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity",
        "@sofa": 1, "begin": 0, "end": 10, "value": "PER"},
       {"%ID": 4, "%TYPE": "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity",
        "@sofa": 1, "begin": 27, "end": 35, "value": "LOC",
        "identifier": "http://www.wikidata.org/entity/Q21197"},
       {"%ID": 5, "%TYPE": "webanno.custom.Relation", "@sofa": 1, "begin": 27, "end": 35,
        "@Governor": 3, "@Dependent": 4, "label": "sworn in in"}],
     "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3, 4, 5]}}}
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import field

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cas.reading import article
from datasette_newsgraph.readers.cas.structures import Cas, Structure
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import Shape, decode

__all__ = ["entries", "parse"]

_STRUCTURES, _ID, _TYPE, _ELEMENTS = "%FEATURE_STRUCTURES", "%ID", "%TYPE", "%ELEMENTS"
#: Before the name of a feature: it refers to a structure, or it is a place in the text.
_REFERENCE, _ANCHOR = "@", "^"

_Raw = list[msgspec.Raw] | dict[str, msgspec.Raw]


class _Cas(Shape):
    structures: _Raw | None = field(name=_STRUCTURES, default=None)


class _Typed(Shape):
    type: str | None = field(name=_TYPE, default=None)


_decode_type = msgspec.json.Decoder(_Typed).decode


def parse(raw: bytes) -> Parsed:
    """Make a document an article; raises RecordError if it has no feature structures, or no text."""
    given = _structures(raw)
    if given is None:
        raise RecordError(f"has no {_STRUCTURES}: it is no CAS")
    cas = Cas(tells_references=True)
    pairs = given.items() if isinstance(given, dict) else ((None, each) for each in given)
    for id_, each in pairs:
        type_ = _type_of(each)
        # Most are tokens, which need not be decoded any further.
        if type_ is not None and cas.wants(type_):
            found = decode(bytes(each), dict[str, Any])
            cas.add(_structure(str(found.pop(_ID, id_)), type_, found))
    return article(cas)


def _type_of(raw: msgspec.Raw) -> str | None:
    try:
        return _decode_type(raw).type
    except msgspec.MsgspecError:
        return decode(bytes(raw), _Typed).type


def _structures(raw: bytes) -> _Raw | None:
    """Return the structures, each as it is written, in a list or by their ids."""
    try:
        return msgspec.json.decode(raw, type=_Cas).structures
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # What is read leniently is written anew.
        readable = msgspec.json.encode(decode(raw, dict[str, Any]))
        try:
            return msgspec.json.decode(readable, type=_Cas).structures
        except msgspec.ValidationError as error:
            raise RecordError(f"not of this format: {error}") from error


def _structure(id_: str, type_: str, given: dict[str, Any]) -> Structure:
    structure = Structure(id_, type_)
    for key, value in given.items():
        name = key.lstrip(_REFERENCE + _ANCHOR)
        if key == _ELEMENTS:
            structure.elements = [str(each) for each in value] if isinstance(value, list) else []
        elif name in ("begin", "end") and type(value) is int:
            setattr(structure, name, value)
        elif key == f"{_REFERENCE}sofa":
            structure.sofa = str(value)
        elif key.startswith("%") or value is None or value == "":
            continue
        elif key.startswith(_REFERENCE):
            structure.references[name] = str(value)
        else:
            values = value if isinstance(value, list) else [value]
            structure.values[name] = [_written(each) for each in values if each is not None]
    return structure


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
