"""Where in the tables the triples of articles, publishers and authors stand that no column has."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph import mapping
from datasette_newsgraph.sparql.facts import Facts, table_of
from datasette_newsgraph.sparql.forms import IRI, TERM, Form
from datasette_newsgraph.sparql.sources.source import Source, string


def publisher(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the publishers of articles."""
    table = table_of("publisher_names")
    yield Source(
        iri,
        Form(mapping.ARTICLE.kind, ("{0}.id",)),
        Form(mapping.PUBLISHER.kind, ("{1}.key",)),
        ("articles AS {0}", f"{table} AS {{1}}"),
        ("{1}.name = {0}.publisher",),
        row=True,
    )


def authors(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the authors of articles."""
    table = table_of("authorship")
    near = Source(
        iri,
        Form(mapping.ARTICLE.kind, ("{s0}",)),
        Form(mapping.AUTHOR.kind, ("{0}.key",)),
        (
            "(SELECT DISTINCT newsgraph_author_key(author.value) AS key FROM"
            " json_each((SELECT of_one.authors FROM articles AS of_one WHERE"
            " of_one.id = {s0})) AS author) AS {0}",
        ),
        ("{0}.key IS NOT NULL",),
    )
    yield Source(
        iri,
        Form(mapping.ARTICLE.kind, ("{0}.article_id",)),
        Form(mapping.AUTHOR.kind, ("{0}.key",)),
        (f"{table} AS {{0}}",),
        near=near,
    )


def sections(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the sections of articles."""
    yield Source(
        iri,
        Form(mapping.ARTICLE.kind, ("{0}.id",)),
        string("{1}.value"),
        ("articles AS {0}", "json_each({0}.sections) AS {1}"),
        (
            "NOT EXISTS (SELECT 1 FROM json_each({0}.sections) AS same"
            " WHERE same.value = {1}.value AND same.key < {1}.key)",
        ),
        row=True,
    )


def named(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of what the main zones of articles name."""
    if facts.rows.may_read("appearances", "entities", "zones"):
        zoned = "SELECT 1 FROM zones WHERE zones.article_id = {0}.article_id"
        yield Source(
            iri,
            Form(mapping.ARTICLE.kind, ("{0}.article_id",)),
            Form(mapping.ENTITY.kind, ("{0}.entity_id",)),
            ("appearances AS {0}",),
            (f"({{0}}.main_mentions > 0 OR {{0}}.mentions = 0 AND NOT EXISTS ({zoned}))",),
        )


def source_url(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the addresses of texts."""
    form = Form(IRI, ("newsgraph_address({0}.url)",))
    yield Source(
        iri,
        Form(mapping.TEXT.kind, ("{0}.id",)),
        form,
        ("articles AS {0}",),
        (form.is_known,),
        row=True,
    )


def publisher_names(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the names of publishers."""
    yield Source(
        iri,
        Form(mapping.PUBLISHER.kind, ("{0}.key",)),
        string("{0}.name"),
        (f"{table_of('publishers')} AS {{0}}",),
        row=True,
    )


def author_names(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the names of authors."""
    yield Source(
        iri,
        Form(mapping.AUTHOR.kind, ("{0}.key",)),
        string("{0}.name"),
        (f"{table_of('authors')} AS {{0}}",),
        row=True,
    )


def author_classes(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the classes of authors."""
    yield Source(
        iri,
        Form(mapping.AUTHOR.kind, ("{0}.key",)),
        Form(TERM, ("{0}.class",)),
        (f"{table_of('authors')} AS {{0}}",),
        row=True,
    )
