"""An endpoint describes itself (SPARQL 1.1 Service Description, W3C Recommendation, 2013)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.description.document import document
from datasette_newsgraph.vocabulary import DESCRIBING

if TYPE_CHECKING:
    from datasette_newsgraph.rdf.syntax import Syntax

_NAMESPACE = "http://www.w3.org/ns/sparql-service-description#"
_PREFIXES = {**DESCRIBING, "sd": _NAMESPACE}


def service_description(
    format_: Format, base: str, endpoint: str, described: str, formats: Iterable[str]
) -> bytes:
    """Return the description of an ``endpoint`` as a document in a format.

    Its default graph is the data set of the base IRI, which is ``described`` at another address;
    ``formats`` are the IRIs of the formats of its answers.
    """

    def pieces(syntax: Syntax) -> Iterator[str]:
        iri, resource = syntax.iri, syntax.resource
        data_set = f"{endpoint}#dataset"
        statements = [
            (iri("dcterms:title"), syntax.literal("Questions in SPARQL")),
            (iri("sd:endpoint"), resource(endpoint)),
            (iri("sd:supportedLanguage"), resource(iri("sd:SPARQL11Query"))),
            *((iri("sd:resultFormat"), resource(each)) for each in formats),
            (iri("sd:feature"), resource(iri("sd:UnionDefaultGraph"))),
            (iri("sd:defaultDataset"), resource(data_set)),
        ]
        yield syntax.described(endpoint, "sd:Service", statements)
        of_data = [(iri("sd:defaultGraph"), resource(base))]
        yield syntax.described(data_set, "sd:Dataset", of_data)
        of_graph = [
            (iri("rdf:type"), resource(iri("void:Dataset"))),
            (iri("rdfs:seeAlso"), resource(described)),
        ]
        yield syntax.described(base, "sd:Graph", of_graph)

    return b"".join(document(format_, base, pieces, _PREFIXES))
