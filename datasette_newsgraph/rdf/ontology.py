"""The published vocabulary: our own terms as an ontology, and what other terms are used for.

Of the terms of others, an ontology of ours says nothing: whoever reads it beside theirs would have two
definitions of one term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datasette_newsgraph.mapping import NODES
from datasette_newsgraph.mapping.profiles import PROFILES
from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.label_terms import OwnLabel
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.vocabulary import (
    ANY_TYPE,
    LABEL_PATH,
    OWN_NAMESPACE,
    OWN_TERMS,
    PREDICATES,
    PREFIXES,
    TYPES,
    OwnTerm,
)

#: The IRI of the ontology of our fixed terms.
OWN_ONTOLOGY = OWN_NAMESPACE.rstrip("#")
_DATATYPES = ("xsd:", "rdfs:Literal")


def vocabulary_document(format_: Format, base: str, labels: Iterable[OwnLabel] = ()) -> bytes:
    """Return our fixed terms and the profiles as a document, and with them the terms under ``base``
    that the ``labels`` of a database stand for.
    """
    syntax = format_.syntax(base)
    pieces = [*_fixed(syntax), *_of_labels(syntax, base, sorted(labels))]
    body = "".join(pieces).removeprefix(syntax.separator)
    return (syntax.header() + body + syntax.footer).encode("latin-1")


def _fixed(syntax: Syntax) -> Iterator[str]:
    """Yield the ontology of our fixed terms."""
    title = "Terms of datasette-newsgraph"
    yield syntax.described(OWN_ONTOLOGY, "owl:Ontology", _words(syntax, title, _ABOUT))
    for term in OWN_TERMS:
        statements = [*_words(syntax, term.label, term.comment), _defined_by(syntax, OWN_ONTOLOGY)]
        for name, object_ in (
            ("rdfs:domain", term.domain),
            ("rdfs:range", term.range_),
            ("rdfs:subClassOf", term.above),
        ):
            if object_:
                statements.append((syntax.iri(name), syntax.resource(syntax.iri(object_))))
        yield syntax.described(syntax.iri(term.prefixed), class_of(term), statements)
    for profile in PROFILES:
        statements = [
            *_words(syntax, profile.name, profile.title),
            _defined_by(syntax, OWN_ONTOLOGY),
        ]
        yield syntax.described(profile.iri, "dcterms:Standard", statements)


_ABOUT = (
    "What datasette-newsgraph says of articles, spans, annotations and decisions where no published"
    " vocabulary has a term."
)


def class_of(term: OwnTerm) -> str:
    """Return the prefixed name of the class that a term of ours is of."""
    if term.is_class:
        return "owl:Class"
    return "owl:DatatypeProperty" if term.range_.startswith(_DATATYPES) else "owl:ObjectProperty"


def _of_labels(syntax: Syntax, base: str, labels: list[OwnLabel]) -> Iterator[str]:
    """Yield the ontology of the terms that labels of a database stand for, if there are any."""
    if not labels:
        return
    ontology = base + LABEL_PATH.rstrip("#")
    about = "The types and predicates of this graph that no published vocabulary has."
    yield syntax.described(ontology, "owl:Ontology", _words(syntax, "Terms of a news graph", about))
    for label in labels:
        statements = [
            (syntax.iri("rdfs:label"), syntax.literal(label.label)),
            _defined_by(syntax, ontology),
        ]
        if label.class_ == "rdfs:Class":
            above = syntax.resource(syntax.iri(ANY_TYPE))
            statements.append((syntax.iri("rdfs:subClassOf"), above))
        yield syntax.described(label.iri, label.class_, statements)


def _words(syntax: Syntax, label: str, comment: str) -> list[tuple[str, str]]:
    notes = (("rdfs:label", label), ("rdfs:comment", comment))
    return [(syntax.iri(name), syntax.literal(text, language="en")) for name, text in notes]


def _defined_by(syntax: Syntax, ontology: str) -> tuple[str, str]:
    return syntax.iri("rdfs:isDefinedBy"), syntax.resource(ontology)


def used_terms() -> dict[str, list[str]]:
    """Return each term of others that exports use, by its prefixed name, and what it is used for."""
    terms: dict[str, list[str]] = {}

    def note(name: str, comment: str) -> None:
        comments = terms.setdefault(name, [])
        if comment not in comments:
            comments.append(comment)

    for node in NODES:
        for name in (*node.classes, *(each for some in node.classes_in.values() for each in some)):
            note(name, f"Each {node.kind} is one.")
        for each in node.properties:
            if each.term:
                note(each.term, f"Of each {node.kind}: {each.comment}")
    note(ANY_TYPE, "Each entity whose type has no published class is one.")
    for label, names in TYPES.items():
        for name in names:
            note(name, f"Each entity of the type “{label}” is one.")
    for label, name in PREDICATES.items():
        note(name, f"Stands for the predicate “{label}”.")
    own = {term.prefixed for term in OWN_TERMS}
    return {
        name: comments
        for name, comments in terms.items()
        if name not in own and name.partition(":")[0] in PREFIXES
    }
