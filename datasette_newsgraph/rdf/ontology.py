"""The published vocabulary: our own terms, and the terms of others that we use."""

from __future__ import annotations

from collections.abc import Iterable

from datasette_newsgraph.mapping import NODES
from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.label_terms import OwnLabel
from datasette_newsgraph.vocabulary import ANY_TYPE, OWN_TERMS, PREDICATES, PREFIXES, TYPES, expand


def vocabulary_document(format_: Format, base: str, labels: Iterable[OwnLabel] = ()) -> bytes:
    """Return our own terms under ``base`` and the terms used, each with what it is used for.

    ``labels`` are the terms of ours that the labels of a database stand for.
    """
    syntax = format_.syntax(base)
    pieces = []
    for term in OWN_TERMS:
        class_ = "rdfs:Class" if term.is_class else "rdf:Property"
        notes = (("rdfs:label", term.label), ("rdfs:comment", term.comment))
        statements = [
            (syntax.iri(name), syntax.literal(text, language="en")) for name, text in notes
        ]
        pieces.append(syntax.described(syntax.iri(f"ng:{term.name}"), class_, statements))
    for label in sorted(labels):
        statements = [(syntax.iri("rdfs:label"), syntax.literal(label.label))]
        pieces.append(syntax.described(label.iri, label.class_, statements))
    for name, (class_, comments) in sorted(used_terms().items()):
        prefix = name.partition(":")[0]
        if prefix not in PREFIXES:
            continue
        statements = [(syntax.iri("rdfs:isDefinedBy"), syntax.resource(expand(f"{prefix}:", base)))]
        statements += [
            (syntax.iri("rdfs:comment"), syntax.literal(comment, language="en"))
            for comment in comments
        ]
        pieces.append(syntax.described(syntax.iri(name), class_, statements))
    body = "".join(pieces).removeprefix(syntax.separator)
    return (syntax.header() + body + syntax.footer).encode("latin-1")


def used_terms() -> dict[str, tuple[str, list[str]]]:
    """Return each term that exports use, by prefixed name: rdfs:Class or rdf:Property, and comments."""
    terms: dict[str, tuple[str, list[str]]] = {}

    def note(name: str, class_: str, comment: str) -> None:
        comments = terms.setdefault(name, (class_, []))[1]
        if comment not in comments:
            comments.append(comment)

    for node in NODES:
        for name in node.classes:
            note(name, "rdfs:Class", f"Each {node.kind} is one.")
        for each in node.properties:
            if each.term:
                note(each.term, "rdf:Property", f"Of each {node.kind}: {each.comment}")
    note(ANY_TYPE, "rdfs:Class", "Each entity whose type has no published class is one.")
    for label, name in TYPES.items():
        note(name, "rdfs:Class", f"Each entity of the type “{label}” is one.")
    for label, name in PREDICATES.items():
        note(name, "rdf:Property", f"Stands for the predicate “{label}”.")
    return terms
