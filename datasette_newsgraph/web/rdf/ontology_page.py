"""The terms of ours that a graph uses: a page for who reads, RDF for programs, at one address."""

from __future__ import annotations

from datasette.utils.asgi import Response

from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.ontology import used_terms
from datasette_newsgraph.vocabulary import LABEL_PATH, OWN_NAMESPACE, OWN_TERMS, OwnTerm, expand
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
    listed = sorted(labels, key=lambda each: (each.class_, each.label))
    return {
        "namespace": namespace,
        "own_namespace": OWN_NAMESPACE,
        "own": [_described(each) for each in OWN_TERMS],
        "labels": [
            (kind, [(each.iri.removeprefix(namespace), each.label) for each in of_kind])
            for kind, class_ in (("Predicates", "rdf:Property"), ("Types", "rdfs:Class"))
            if (of_kind := [each for each in listed[:LISTED] if each.class_ == class_])
        ],
        "more_labels": max(0, len(listed) - LISTED),
        "used": [
            (name, expand(name, base), comments) for name, comments in sorted(used_terms().items())
        ],
        "formats": formats(visit.links),
        "trail": [("Terms", None)],
    }


def _described(term: OwnTerm) -> tuple[str, str, str, list[tuple[str, str]]]:
    """Return the name of a term, its label and comment, and what else it is, in words and terms."""
    further = [
        ("of", term.domain),
        ("value", term.range_),
        ("a kind of", term.above),
    ]
    return term.name, term.label, term.comment, [each for each in further if each[1]]
