"""What the tests of the endpoint share: questions, and how they are asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasette_newsgraph.web.sparql.pool import pool_of
from tests.permissions.marked_news import IS_1_0

Serve = Callable[..., Any]
SPARQL = "/examples/-/newsgraph/sparql"
NAMES = (
    "SELECT ?name WHERE { ?thing a <https://schema.org/Person> ; <https://schema.org/name> ?name }"
)
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
#: Python's REGEX would take years over it, and holds everything else in its process up meanwhile.
EXPLODES = f"ASK {{ ?s ?p ?o FILTER(REGEX('{'a' * 60}b', '^(a+)+$')) }}"
#: All of it has to be there before the first row is.
CROSSES = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"


def configured(**settings: Any) -> dict[str, Any]:
    """The options of a Datasette with these settings of the plugin."""
    block = {"plugins": {"datasette-newsgraph": settings}}
    return {"config" if IS_1_0 else "metadata": block}


class Asking:
    """Asks the endpoint of the examples."""

    def __init__(self, serve: Serve, path: Path, **options: Any) -> None:
        self.datasette = serve(path, **options)
        self.client = self.datasette.client

    async def get(self, query: str | None = None, accept: str = "*/*", **arguments: str) -> Any:
        """The answer to GET."""
        given = {"query": query} if query is not None else {}
        headers = {"accept": accept}
        return await self.client.get(SPARQL, params=given | arguments, headers=headers)

    async def post(self, content: str, kind: str, **headers: str) -> Any:
        """The answer to POST of a body of a media type."""
        headers = {"content-type": kind, "accept": "*/*"} | headers
        return await self.client.post(SPARQL, content=content.encode(), headers=headers)

    def processes(self) -> list[int]:
        """The numbers of the processes that answer."""
        return pool_of(self.datasette).numbers
