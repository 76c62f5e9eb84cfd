"""Read NIF 2.0 (NLP Interchange Format) in Turtle or N-Triples.

- Each ``nif:Context`` is an article. Its ``nif:isString`` is the text, and its IRI without
  ``#char=`` is the id. A context that is only referred to is an article without text.
- A string of a context (``nif:Phrase``, ``nif:RFC5147String`` …) is a mention, but not a word, a
  sentence or another part of the structure. ``itsrdf:taIdentRef`` says which entity it names, also
  where a ``nif:annotationUnit`` has it; otherwise its words do. The type is the local name of
  ``itsrdf:taClassRef``.
- ``nif:sourceUrl``, ``dcterms:title`` and ``dcterms:issued`` describe the article.
- The triples about one article may stand anywhere, so the whole file is read into memory.

Offsets: Unicode code points, end exclusive (``nif:beginIndex``, ``nif:endIndex``, or else the
string's own IRI, as in RFC 5147). A string without them is looked for in the text.

Example::

    @prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
    @prefix itsrdf: <http://www.w3.org/2005/11/its/rdf#> .
    @prefix dbo: <http://dbpedia.org/ontology/> .

    <https://example.org/cop21#char=0,39>
        a nif:Context ;
        nif:isString "Laurent Fabius presides over the talks."@en .

    <https://example.org/cop21#char=0,14>
        a nif:RFC5147String, nif:Phrase ;
        nif:referenceContext <https://example.org/cop21#char=0,39> ;
        nif:beginIndex 0 ;
        nif:endIndex 14 ;
        nif:anchorOf "Laurent Fabius" ;
        itsrdf:taClassRef dbo:Person ;
        itsrdf:taConfidence 0.97 ;
        itsrdf:taIdentRef <http://dbpedia.org/resource/Laurent_Fabius> .
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import whole
from datasette_newsgraph.readers.formats.nif.strings import (
    CONTEXT,
    FRAGMENT,
    NIF,
    TEXT,
    TYPE,
    UNIT,
    Mentions,
    first,
    is_mention,
)
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from datasette_newsgraph.readers.formats.nif.strings import About
    from datasette_newsgraph.readers.formats.nif.turtle_input import Node, Statements

__all__ = ["entries", "parse"]

_DCTERMS = PREFIXES["dcterms"]


@dataclass
class _Document:
    """The nodes that make an article: its contexts, and the strings that name something."""

    contexts: list[Node] = field(default_factory=list)
    strings: list[Node] = field(default_factory=list)


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield what the file says of each article, as N-Triples, numbered in the order of the file.

    Raises InputError for a file that is not Turtle: half of its statements would be half an article.
    """
    from datasette_newsgraph.readers.formats.nif import turtle_input

    for entry in whole(source):
        try:
            if entry.fault is not None:
                raise RecordError(entry.fault)
            statements = turtle_input.read(entry.raw)
        except RecordError as error:
            raise InputError(f"{source.path}: {error}") from error
        documents = _documents(statements)
        for number, document in enumerate(documents.values(), 1):
            yield Entry(number, _ntriples(document, statements))
        if not documents:
            # For parse to say so.
            yield Entry(1, b"")


def _documents(statements: Statements) -> dict[str, _Document]:
    """Return the articles by their IRIs without a fragment."""
    found: dict[str, _Document] = {}
    contexts: dict[Node, None] = {}
    for subject, about in statements.items():
        if TEXT in about or NIF + "Context" in map(str, about.get(TYPE, ())):
            contexts[subject] = None
        elif is_mention(about):
            found.setdefault(_context_of(subject, about), _Document()).strings.append(subject)
    for context in contexts:
        found.setdefault(_document_iri(context), _Document()).contexts.append(context)
    return found


def _context_of(string: Node, about: About) -> str:
    if CONTEXT in about:
        return _document_iri(about[CONTEXT][0])
    # All that belong to no context are taken together.
    return _document_iri(string) if FRAGMENT.search(str(string)) else ""


def _document_iri(node: Node) -> str:
    return FRAGMENT.sub("", str(node))


def _ntriples(document: _Document, statements: Statements) -> bytes:
    """Return all statements about an article, the same for the same article whatever the file."""
    from datasette_newsgraph.readers.formats.nif import turtle_input

    units = {
        unit
        for string in document.strings
        for unit in statements[string].get(UNIT, ())
        if unit in statements
    }
    names: dict[Node, str] = {}
    for prefix, group in (("u", units), ("s", document.strings), ("c", document.contexts)):
        # A blank node is known by what is said of it, as the parser names it anew each time.
        blank = [
            (turtle_input.ntriples(node, statements[node], {**names, node: "_:x"}), node)
            for node in group
            if isinstance(node, turtle_input.BNode)
        ]
        blank.sort(key=lambda each: each[0])
        names.update({node: f"_:{prefix}{number}" for number, (_, node) in enumerate(blank, 1)})
    lines = [
        turtle_input.ntriples(node, statements[node], names)
        for node in (*document.contexts, *document.strings, *units)
    ]
    return "".join(sorted(lines)).encode()


def parse(raw: bytes) -> Parsed:
    """Make the statements about one article an article; raises RecordError if they are none."""
    from datasette_newsgraph.readers.formats.nif import turtle_input

    statements = turtle_input.read(raw)
    documents = _documents(statements)
    if len(documents) > 1:
        raise RecordError(f"{len(documents)} articles where one record should be one")
    for iri, document in documents.items():
        return _article(iri, document, statements)
    raise RecordError("no entities in it: there is no nif:Context and no string of one")


def _article(iri: str, document: _Document, statements: Statements) -> Parsed:
    context, text = _context(document, statements)
    given = statements.get(context, {}) if context is not None else {}
    language = getattr(text, "language", None) or first(given, _DCTERMS + "language")
    building = Building(None if text is None else str(text))
    Mentions(building, statements, language).take(document.strings)
    if building.text is None and not building.entities:
        raise RecordError("no entities in it: no string of the context names anything")
    url = clean_iri(first(given, NIF + "sourceUrl") or "")
    id_, local_id = _ids(iri)
    return building.finish(
        "NIF",
        id=id_,
        local_ids=(local_id,),
        url=url if url is not None and url.startswith(("http://", "https://")) else None,
        title=first(given, _DCTERMS + "title"),
        published=first(given, _DCTERMS + "issued"),
        language=language,
    )


def _context(document: _Document, statements: Statements) -> tuple[Node | None, Node | None]:
    """Return the context of the longest text, which is the whole one's, and that text."""
    texts = [
        (len(str(text)), str(text), context, text)
        for context in document.contexts
        for text in statements[context].get(TEXT, ())
    ]
    if texts:
        return max(texts, key=lambda each: each[:2])[2:]
    return (document.contexts[0] if document.contexts else None), None


def _ids(iri: str) -> tuple[str | None, str | None]:
    """Return the article's id, if its IRI is one, or else the name that it has in the file."""
    from datasette_newsgraph.readers.formats.nif.turtle_input import RELATIVE_TO

    if iri.startswith(RELATIVE_TO):
        return None, iri.removeprefix(RELATIVE_TO)
    if iri.startswith("file:"):
        return None, unquote(iri.rpartition("/")[2])
    return clean_iri(iri), None
