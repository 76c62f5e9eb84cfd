"""Ways to write a database as RDF: newsgraph's own, and what it is compared with.

The libraries are given the triples of newsgraph's N-Triples in memory and only have to write them;
newsgraph and the limit begin with the database.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from measure import run_job, sync

if TYPE_CHECKING:
    import pyoxigraph

Work = Callable[[], object]
#: A triple as Python strings: subject, predicate, object; of a literal datatype and language as well.
Strings = tuple[str, str, str, str | None, str | None]

_MORE_TABLES = (
    "SELECT entity_id, iri FROM identifiers",
    "SELECT article_id, start_char, end_char, zone FROM zones",
    "SELECT article_id, entity_id, main_mentions, mentions FROM appearances",
)


def newsgraph(format_name: str, database: str, output: str, jobs: str = "1") -> Work:
    """Export with newsgraph, in one process or more."""
    from datasette_newsgraph.rdf import format_named
    from datasette_newsgraph.rdf.export import stream
    from datasette_newsgraph.store import DEFAULT_BASE, open_store
    from datasette_newsgraph.whole_files import write

    format_ = format_named(format_name)
    format_.syntax(DEFAULT_BASE)  # imports it

    def work() -> None:
        with open_store(database) as db:
            write(stream(db, format_, jobs=int(jobs)), output)

    return work


def limit(database: str, output: str, like: str) -> Work:
    """Read what an export reads, and write as much as it writes: no exporter can do with less.

    ``like`` is the file of an export, to the same place in the same way.
    """
    from datasette_newsgraph.store import open_store
    from datasette_newsgraph.whole_files import write

    block = b"x" * 100_000
    whole, rest = divmod(Path(like).stat().st_size, len(block))

    def work() -> None:
        with open_store(database) as db:
            for query in (*_queries(), *_MORE_TABLES):
                deque(db.conn.execute(query), maxlen=0)
        write((*[block] * whole, block[:rest]), output)

    return work


def _queries() -> Iterator[str]:
    """Yield the SELECT of each kind of node, without the texts that are not exported unless asked."""
    from datasette_newsgraph.mapping import NODES

    for node in NODES:
        texts = {each.column for each in node.properties if each.with_text} - {"surface"}
        columns = [sql for name, sql in node.columns.items() if sql and name not in texts]
        if columns:
            yield f"SELECT {', '.join(columns)} FROM {node.rows}"


def pyoxigraph_ready(format_name: str, triples: str, output: str) -> Work:
    """Serialise with pyoxigraph from its own triple objects, which were made beforehand."""
    ready = [each.triple for each in _parsed(triples)]
    return lambda: _serialize(ready, format_name, output)


def pyoxigraph_terms(format_name: str, triples: str, output: str) -> Work:
    """Make pyoxigraph's terms of Python strings and serialise them, triple by triple: what an
    exporter on top of it does at the least.
    """
    from pyoxigraph import Literal, NamedNode, Triple

    strings = list(_strings(triples))

    def made() -> Iterator[pyoxigraph.Triple]:
        object_: NamedNode | Literal
        for subject, predicate, text, datatype, language in strings:
            if language:
                object_ = Literal(text, language=language)
            elif datatype:
                object_ = Literal(text, datatype=NamedNode(datatype))
            else:
                object_ = NamedNode(text)
            yield Triple(NamedNode(subject), NamedNode(predicate), object_)

    return lambda: _serialize(made(), format_name, output)


def rdflib(format_name: str, triples: str, output: str) -> Work:
    """Build rdflib's graph of Python strings and serialise it."""
    from rdflib import Graph, Literal, URIRef

    strings = list(_strings(triples))
    names = {"ntriples": "nt", "turtle": "turtle", "jsonld": "json-ld"}
    Graph().serialize(format=names[format_name])  # imports it

    def work() -> None:
        graph = Graph()
        for subject, predicate, text, datatype, language in strings:
            object_: URIRef | Literal
            if language:
                object_ = Literal(text, lang=language)
            elif datatype:
                object_ = Literal(text, datatype=URIRef(datatype))
            else:
                object_ = URIRef(text)
            graph.add((URIRef(subject), URIRef(predicate), object_))
        for prefix, iri in _prefixes().items():
            graph.bind(prefix, iri)
        graph.serialize(output, format=names[format_name], encoding="utf-8")
        sync(output)

    return work


def _parsed(path: str) -> Iterator[pyoxigraph.Quad]:
    import pyoxigraph

    return pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.N_TRIPLES)


def _strings(path: str) -> Iterator[Strings]:
    from pyoxigraph import Literal

    for subject, predicate, object_, _ in _parsed(path):
        if isinstance(object_, Literal):
            datatype, language = object_.datatype.value, object_.language
            yield subject.value, predicate.value, object_.value, datatype, language
        else:
            yield subject.value, predicate.value, object_.value, None, None


def _serialize(triples: Iterable[pyoxigraph.Triple], format_name: str, output: str) -> None:
    from pyoxigraph import RdfFormat, serialize

    formats = {
        "ntriples": RdfFormat.N_TRIPLES,
        "turtle": RdfFormat.TURTLE,
        "jsonld": RdfFormat.JSON_LD,
    }
    prefixes = None if format_name == "ntriples" else _prefixes()
    serialize(triples, output, format=formats[format_name], prefixes=prefixes)
    sync(output)


def _prefixes() -> dict[str, str]:
    """Return prefixes for all that newsgraph shortens."""
    from datasette_newsgraph.store import DEFAULT_BASE
    from datasette_newsgraph.vocabulary import ID_PATH, PREFIXES

    kinds = ("article", "entity", "relation", "evidence", "mention", "quote", "extraction")
    return {**PREFIXES, **{kind: f"{DEFAULT_BASE}{ID_PATH}{kind}/" for kind in kinds}}


if __name__ == "__main__":
    run_job(
        {
            each.__name__: each
            for each in (newsgraph, limit, pyoxigraph_ready, pyoxigraph_terms, rdflib)
        }
    )
