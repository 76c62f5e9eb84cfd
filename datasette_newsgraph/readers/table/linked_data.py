"""Annotations as RDF, and articles in the JSON of the web and of news agencies."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Pattern, iri_pattern
from datasette_newsgraph.readers.published.signs import NamingArticle, NamingItem
from datasette_newsgraph.readers.table.format import JSON, Format

LINKED_DATA: tuple[Format, ...] = (
    Format(
        "nif",
        "NIF in Turtle",
        (".ttl", ".nt", ".n3"),
        (Pattern(iri_pattern("nif", b"<"), "Turtle or N-Triples with the namespace of NIF"),),
        known_as="NIF",
    ),
    Format(
        "web_annotation",
        "W3C Web Annotation JSON-LD",
        (".jsonld", *JSON),
        (
            Pattern(
                rb'"@context"\s*:\s*(?:\[[^\]]{0,400})?"https?:\\?/\\?/www\.w3\.org\\?/ns\\?/anno\.jsonld"',
                "JSON whose `@context` is or contains the W3C's `anno.jsonld`",
                weight=4,
            ),
        ),
        known_as="W3C Web Annotation",
    ),
    Format(
        "schema_org",
        "schema.org NewsArticle with mentions, JSON-LD",
        (".jsonld", *JSON),
        (NamingArticle(),),
        labels=("schema_org", "plain"),
    ),
    Format(
        "ninjs_entities",
        "ninjs of the IPTC, items that name people, organisations, places or events",
        JSON,
        (NamingItem(),),
        labels=("plain",),
    ),
)
