"""What the endpoint of a graph says of itself."""

from __future__ import annotations

from datasette.utils.asgi import BadRequest

from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.description.nodes import FORMATS_NAMESPACE, format_iri
from datasette_newsgraph.rdf.description.service import service_description
from datasette_newsgraph.sparql.results import ResultFormat
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.rdf import described_by
from datasette_newsgraph.web.rdf.description import absolute_address, base_of
from datasette_newsgraph.web.sparql.protocol import SENT


async def description_of(visit: Visit, format_: Format) -> bytes:
    """Return the description of a graph's endpoint in a format. Raises BadRequest where the request
    names no host.
    """
    base = await base_of(visit)
    endpoint = absolute_address(visit, base, visit.links.sparql)
    described = absolute_address(visit, base, described_by.address(visit.links))
    if endpoint is None or described is None:
        raise BadRequest("The header Host has to name a host")
    return service_description(format_, base, endpoint, described, map(_iri, SENT))


def _iri(format_: ResultFormat) -> str:
    """Return the IRI of a format of answers (https://www.w3.org/ns/formats/)."""
    if format_.syntax is not None:
        return format_iri(format_.syntax)
    return f"{FORMATS_NAMESPACE}SPARQL_Results_{format_.name.upper()}"
