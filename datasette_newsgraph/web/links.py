"""Addresses of our own pages, made of our own parts only: routes, kinds and keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from datasette.utils import tilde_encode

from datasette_newsgraph.rdf import Format

#: What the address of an article's text ends with, as those of RDF end with the name of a format.
TEXT_ENDING = "txt"
#: What our routes have between the database and the rest.
SEGMENT = "-/newsgraph"


class Links:
    """The addresses of one graph. Each is an absolute path, with Datasette's ``base_url``."""

    def __init__(self, datasette: Any, database: str) -> None:
        self.datasette = datasette
        self.database = database

    @cached_property
    def home(self) -> str:
        """Return the overview of the graph; what is under it begins so."""
        return f"{self.datasette.urls.database(self.database)}/{SEGMENT}"

    @property
    def sparql(self) -> str:
        """Return where questions in SPARQL are asked."""
        return f"{self.home}/sparql"

    def page(self, kind: str, key: str, format_: Format | None = None) -> str:
        """Return the page of an article, entity or relation, or the same as RDF; of a mention, a piece
        of evidence or a quote the RDF.
        """
        return f"{self.home}/{kind}/{tilde_encode(key)}{format_.ending if format_ else ''}"

    def all_of(self, kind: str, key: str, format_: Format) -> str:
        """Return all that is about an article, entity or relation as RDF."""
        return f"{self.page(kind, key, format_)}?all=1"

    def text(self, key: str) -> str:
        """Return the text of an article."""
        return f"{self.page('article', key)}.{TEXT_ENDING}"

    def whole(self, format_: Format) -> str:
        """Return the download of the whole graph."""
        return f"{self.home}{format_.ending}"

    def span(self, article_key: str, start: int | None, end: int | None) -> str:
        """Return where an article's page marks a span, or its page if the span has no place.

        The server is told by ``at``, as a fragment never reaches it; the fragment (RFC 5147) is for
        the browser.
        """
        page = self.page("article", article_key)
        if start is None or end is None:
            return page
        return f"{page}?at={start},{end}#char={start},{end}"

    def identifier(self, kind: str, key: str) -> str:
        """Return where the identifier IRI of a thing leads to, under this server's address."""
        return f"{self.home}/id/{kind}/{tilde_encode(key)}"

    def rows(
        self, table: str, format_: Format | None = None, **filters: str | Sequence[str]
    ) -> str:
        """Return a table or view, with filters, of which several values may be given; a name may
        begin with an underscore.
        """
        path = f"{self.datasette.urls.table(self.database, table)}"
        query = urlencode(filters, doseq=True)
        return f"{path}{format_.ending if format_ else ''}{'?' + query if query else ''}"

    def row(self, table: str, number: int, format_: Format | None = None) -> str:
        """Return the page of a row, or the row as RDF."""
        path = f"{self.datasette.urls.table(self.database, table)}/{number}"
        return f"{path}{format_.ending if format_ else ''}"


def graphs_page(datasette: Any) -> str:
    """Return the list of all graphs on this server."""
    return str(datasette.urls.path("/-/newsgraph"))
