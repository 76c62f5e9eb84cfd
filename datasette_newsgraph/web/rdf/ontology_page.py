"""The terms of ours that a graph uses: a page for who reads, RDF for programs, at one address."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from datasette.utils.asgi import Response

from datasette_newsgraph.mapping.profiles import PROFILES
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.ontology import used_terms
from datasette_newsgraph.vocabulary import (
    LABEL_PATH,
    OWN_NAMESPACE,
    OWN_PREFIX,
    OWN_TERMS,
    PREFIXES,
    OwnTerm,
    expand,
)
from datasette_newsgraph.web import responses
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.links import Links
from datasette_newsgraph.web.page_contexts import TermsPage
from datasette_newsgraph.web.rdf import graph_rdf
from datasette_newsgraph.web.rdf.negotiation import HTML, choose

#: Terms of labels that the page lists; RDF has all.
LISTED = 2_000
#: Programs come first: a browser says that it prefers a page, they often say nothing.
_OFFERS = (*(each.media_type for each in FORMATS), HTML)
_VARY = {"Vary": "Accept"}


class OwnTermShown(NamedTuple):
    """A fixed term of ours as the page shows it: ``further`` are words, with a prefixed name and its
    address.
    """

    name: str
    label: str
    comment: str
    further: list[tuple[str, str, str]]


def formats(links: Links) -> dict[Format, str]:
    """Return where the terms are as RDF, by format."""
    return {each: f"{links.home}/ns{each.ending}" for each in FORMATS}


async def answer(visit: Visit) -> Response | None:
    """Return the terms as RDF, or what there is for who accepts nothing of it; None if the visitor
    prefers a page.
    """
    chosen = choose(visit.request.headers.get("accept"), _OFFERS)
    if chosen == HTML:
        return None
    if chosen is None:
        return graph_rdf.not_acceptable(_OFFERS, _VARY)
    format_ = next(each for each in FORMATS if each.media_type == chosen)
    return await graph_rdf.terms(visit, format_, _VARY)


def headers(links: Links) -> dict[str, str]:
    """Return the headers of the page."""
    return _VARY | {"Link": responses.alternates(formats(links))}


async def terms_page(visit: Visit) -> TermsPage:
    """Return what the page of terms shows: each with the name of its anchor, as in its IRI."""
    base, labels = await graph_rdf.own_labels(visit)
    namespace = base + LABEL_PATH
    listed = sorted(labels, key=lambda each: (each.class_, each.label))[:LISTED]
    return {
        "namespace": namespace,
        "own_namespace": OWN_NAMESPACE,
        "own": [
            (kind, [_own(each, base) for each in OWN_TERMS if each.is_class == is_class])
            for kind, is_class in (("Properties", False), ("Classes", True))
        ],
        "profiles": [
            (each.iri.removeprefix(OWN_NAMESPACE), each.name, each.title) for each in PROFILES
        ],
        "labels": [
            (kind, [(each.iri.removeprefix(namespace), each.label) for each in of_kind])
            for kind, class_ in (("Predicates", "rdf:Property"), ("Types", "rdfs:Class"))
            if (of_kind := [each for each in listed if each.class_ == class_])
        ],
        "more_labels": len(labels) - len(listed),
        "used": _used(base),
        "formats": formats(visit.links),
        "trail": [("Terms", None)],
    }


def _own(term: OwnTerm, base: str) -> OwnTermShown:
    """Return a fixed term of ours with what else it is: words, each with a term and where that is."""
    further = (
        ("of", term.domain),
        ("its value is", term.range_),
        ("a kind of", term.above),
    )
    shown = [(words, name, _place(name, base)) for words, name in further if name]
    return OwnTermShown(term.name, term.label, term.comment, shown)


def _place(name: str, base: str) -> str:
    """Return where a term is defined: on the page, if it is one of ours."""
    prefix, _, local = name.partition(":")
    return f"#{local}" if prefix == OWN_PREFIX else expand(name, base)


def _used(base: str) -> list[tuple[str, str, list[tuple[str, str, list[str]]]]]:
    """Return the terms of others, by their vocabularies: prefix, namespace, and of each term the
    prefixed name, the IRI, and what it is used for.
    """
    terms = sorted(used_terms().items())
    return [
        (prefix, PREFIXES[prefix], [(name, expand(name, base), found) for name, found in of_prefix])
        for prefix, of_prefix in groupby(terms, key=lambda each: each[0].partition(":")[0])
    ]
