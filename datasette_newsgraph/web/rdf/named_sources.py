"""Publishers and authors as things: their identifier IRIs lead to the list of their articles.

They are in no table: articles name them, and their keys follow from these names. One key may stand for
several spellings, and the list holds the articles of all of them.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator

from datasette.utils.asgi import NotFound

from datasette_newsgraph import mapping
from datasette_newsgraph.kinds import ARTICLE
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.label_terms import distinct_values
from datasette_newsgraph.rdf.source_nodes import author_key, publisher_key
from datasette_newsgraph.web.access.visit import Visit

KINDS = (mapping.PUBLISHER.kind, mapping.AUTHOR.kind)
_MISSING = "There is no thing of this key"
#: Characters of a filter that an address may have. What needs more is listed by row numbers.
_LONGEST = 4_000
_LISTED = 500
#: Authors that were written by hand, which a filter that looks into arrays fails on.
_BROKEN = "SELECT 1 FROM articles WHERE NOT json_valid(authors) LIMIT 1"
#: Authors in which a word of a key may be spelled otherwise: with an accent or an apostrophe.
_OTHERWISE = "(authors GLOB '*[^ -~]*' OR instr(authors, char(39)) OR instr(authors, char(92)))"


async def described(visit: Visit, kind: str, key: str) -> tuple[str, dict[Format, str]]:
    """Return the list of the articles of a publisher or author, and the same as RDF, by format.

    Raises NotFound for one that no article names, Forbidden before it has looked for that.
    """
    view = ARTICLE.view or ARTICLE.table
    visit.require(ARTICLE.table, view)
    is_publisher = kind == mapping.PUBLISHER.kind
    column = "publisher" if is_publisher else "authors"
    values = [
        each
        async for each in _values(visit, key, is_publisher=is_publisher)
        if key in (_keys_of_publisher(each) if is_publisher else _keys_of_authors(each))
    ]
    if not values:
        raise NotFound(_MISSING)
    listed = json.dumps(values, ensure_ascii=False)
    spellings = set() if is_publisher else _spellings(key, values)
    if len(spellings) == 1 and await visit.row(_BROKEN) is None:
        filters = {"authors__arraycontains": spellings.pop()}
    elif len(listed) <= _LONGEST:
        # As a cell or a facet leads to it, where there is one spelling.
        is_one = is_publisher and len(values) == 1
        filters = {column: values[0]} if is_one else {f"{column}__in": listed}
    else:
        filters = {"id__in": ",".join(await _numbers(visit, column, values))}
    formats = {each: visit.links.rows(view, each, **filters) for each in FORMATS}
    return visit.links.rows(view, None, **filters), formats


async def _values(visit: Visit, key: str, *, is_publisher: bool) -> AsyncIterator[str]:
    """Yield the different values of the column, of authors only those that may have the key."""
    if is_publisher:
        query, parameters = distinct_values(ARTICLE.table, "publisher"), []
    else:
        words = key.split("-")[:-1]
        # Of a name without Latin letters the key tells nothing.
        parameters = [] if words == [mapping.AUTHOR.kind] else [f"%{each}%" for each in words]
        said = " AND ".join("authors LIKE ?" for _ in parameters) or "true"
        query = f"SELECT DISTINCT authors FROM articles WHERE ({said}) OR {_OTHERWISE}"
    for (value,) in await visit.rows(query, *parameters):
        if isinstance(value, str):
            yield value


def _keys_of_publisher(value: str) -> Iterator[str | None]:
    yield publisher_key(value)


def _keys_of_authors(value: str) -> Iterator[str | None]:
    return map(author_key, _names(value))


def _names(value: str) -> list[str]:
    """Return the names in what should be an array of them, and may be anything written by hand."""
    try:
        names = json.loads(value)
    except ValueError:
        return []
    return [each for each in names if isinstance(each, str)] if isinstance(names, list) else []


def _spellings(key: str, values: Iterable[str]) -> set[str]:
    """Return the names of an author in some values of the column."""
    return {name for value in values for name in _names(value) if author_key(name) == key}


async def _numbers(visit: Visit, column: str, values: list[str]) -> list[str]:
    """Return the row numbers of the first articles that have one of some values in a column."""
    rows = await visit.rows(
        f"SELECT id FROM articles WHERE {column} IN (SELECT value FROM json_each(?))"
        f" ORDER BY published DESC, id LIMIT {_LISTED}",
        json.dumps(values),
    )
    return [str(number) for (number,) in rows]
