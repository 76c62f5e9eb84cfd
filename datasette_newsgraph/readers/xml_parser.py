"""What parses XML for us: expat, which here expands no entities and fetches nothing.

Declarations of entities are refused, as defusedxml does, so that none can be expanded. DTDs and
external entities are never asked for.
"""

from __future__ import annotations

import re
from codecs import lookup
from html.entities import name2codepoint
from typing import Any
from xml.parsers import expat

from datasette_newsgraph.errors import RecordError

#: Elements that are nested deeper than this are refused.
MAX_DEPTH = 1000
TOO_DEEP = f"its elements are nested more than {MAX_DEPTH:,} deep"
#: Each element is compared with all of them: more than people write would take its time.
_MOST_ATTRIBUTES_DECLARED = 200
_WITHOUT_DTD = "write the file without them first (xmllint --noent --dropdtd)"
#: Of several bytes a character, and known to expat.
_WIDE = ("utf-8", "utf-16")
#: So much is looked at, at once, for the first element.
_BLOCK = 1 << 12

_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,60})[\"']")
#: A reference to an entity that is not XML's own, and what is passed over in looking for it.
_REFERENCE = re.compile(
    rb"<!--(?:[\s\S]*?-->|[\s\S]*)|<!\[CDATA\[(?:[\s\S]*?\]\]>|[\s\S]*)|<\?(?:[\s\S]*?\?>|[\s\S]*)|"
    rb"&(?!(?:amp|lt|gt|quot|apos);)([\w.:-]{1,60});"
)


def full_name(name: str) -> str:
    """Return the name of an element or attribute, as expat gives it, as ``{namespace}local``."""
    return "{" + name if "}" in name else name


def local(name: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]


def declared_encoding(head: bytes) -> str | None:
    """Return the encoding that the first line of a document says it has, None if it says nothing."""
    found = _DECLARED.match(head)
    return None if found is None else found[1].decode("ascii", "replace")


def check_encoding(head: bytes) -> None:
    """Raise RecordError if a document says that it has an encoding which is not read: neither one of
    Unicode nor one with a byte for each character.
    """
    name = declared_encoding(head)
    if name is None:
        return
    try:
        is_read = lookup(name).name in _WIDE or (
            len(bytes(range(256)).decode(name, "replace")) == 256
        )
    except (LookupError, ValueError):
        is_read = False
    if not is_read:
        raise RecordError(
            f"line 1: is in the encoding {name}, which is not read; convert it first"
            " (xmllint --encode UTF-8)"
        )


def new_parser(raw: bytes = b"") -> expat.XMLParserType:
    """Return a parser that refuses declarations of entities; ``raw`` is the document, if it is known.

    Names come as ``namespace}local``; handlers may raise what they like.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    # Those for which a DTD has values are said again at every element.
    parser.specified_attributes = True
    declared = 0

    def refuse(name: str, *_: Any) -> None:
        raise RecordError(
            f"{place_of(parser)}: declares the entity {name}, and entities are not read;"
            f" {_WITHOUT_DTD}"
        )

    def count(*_: Any) -> None:
        nonlocal declared
        declared += 1
        if declared > _MOST_ATTRIBUTES_DECLARED:
            raise RecordError(
                f"{place_of(parser)}: declares more than {_MOST_ATTRIBUTES_DECLARED} attributes;"
                f" {_WITHOUT_DTD}"
            )

    def look_for_references(_: str, system: str | None, *__: Any) -> None:
        # With a DTD elsewhere they might be declared there: expat would leave them out in silence.
        if system is not None and (found := _undeclared(raw)) is not None:
            line = raw.count(b"\n", 0, found.start(1)) + 1
            raise RecordError(f"line {line}: {_no_entity(found[1])}")

    parser.EntityDeclHandler = refuse
    parser.AttlistDeclHandler = count
    parser.StartDoctypeDeclHandler = look_for_references
    return parser


def root_of(head: bytes) -> str | None:
    """Return the name of the first element, None if the beginning of a file does not tell it."""
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = lambda name, _: found.append(full_name(name))
    for place in range(0, len(head), _BLOCK):
        try:
            parser.Parse(head[place : place + _BLOCK], False)
        except (expat.ExpatError, ValueError, LookupError):
            # What is wrong is told when all is read.
            break
        if found:
            break
    return found[0] if found else None


def place_of(parser: expat.XMLParserType) -> str:
    """Say where the parser is."""
    return f"line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber + 1}"


def not_well_formed(error: expat.ExpatError, parser: expat.XMLParserType, raw: bytes = b"") -> str:
    """Say where and why a document is no XML, and what to do."""
    place = f"line {error.lineno}, column {error.offset + 1}"
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
        found = _REFERENCE.match(raw, max(parser.ErrorByteIndex, 0))
        if found is not None and found[1]:
            return f"{place}: {_no_entity(found[1])}"
    reason = expat.errors.messages[error.code]
    return f"{place}: is no well-formed XML ({reason}); mend it there, or get the file again"


def _undeclared(raw: bytes) -> re.Match[bytes] | None:
    return next((each for each in _REFERENCE.finditer(raw) if each[1]), None)


def _no_entity(name: bytes) -> str:
    called = name.decode("utf-8", "replace")
    number = name2codepoint.get(called)
    instead = "the character itself" if number is None else f"&#{number};"
    return f"&{called}; is no entity of XML itself, and DTDs are not read; write {instead} for it"
