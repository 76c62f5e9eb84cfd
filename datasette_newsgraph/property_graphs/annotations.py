"""What lies in texts of articles, for tables: mentions, evidence, quotes, each with its place."""

from __future__ import annotations

from datasette_newsgraph.property_graphs.columns import Column, Element, Type

_ARTICLE = Column("article", "'article/' || articles.key")


def _place(table: str) -> tuple[Column, ...]:
    return (
        Column("start_char", f"{table}.start_char", Type.INTEGER),
        Column("end_char", f"{table}.end_char", Type.INTEGER),
        Column("zone", f"{table}.zone"),
        Column("confidence", f"{table}.confidence", Type.NUMBER),
    )


def _annotation(table: str, joins: str, tables: tuple[str, ...], columns: list[Column]) -> Element:
    return Element(
        table,
        table,
        f"CROSS JOIN articles ON articles.id = {table}.article_id {joins}",
        f"{table}.key",
        tuple(columns),
        ("articles", *tables),
    )


_MENTIONS = _annotation(
    "mentions",
    "CROSS JOIN entities ON entities.id = mentions.entity_id",
    ("entities",),
    [
        Column("id", "'mention/' || mentions.key"),
        _ARTICLE,
        Column("entity", "'entity/' || entities.key"),
        Column("surface", "mentions.surface"),
        *_place("mentions"),
    ],
)
_EVIDENCE = _annotation(
    "evidence",
    "CROSS JOIN relations ON relations.id = evidence.relation_id",
    ("relations",),
    [
        Column("id", "'evidence/' || evidence.key"),
        _ARTICLE,
        Column("statement", "'relation/' || relations.key"),
        Column("start_date", "evidence.start_date"),
        Column("end_date", "evidence.end_date"),
        Column("surface", "evidence.surface", with_text=True),
        *_place("evidence"),
    ],
)
_QUOTES = _annotation(
    "quotes",
    "LEFT JOIN entities ON entities.id = quotes.speaker_id",
    ("entities",),
    [
        Column("id", "'quote/' || quotes.key"),
        _ARTICLE,
        Column("speaker", "'entity/' || entities.key"),
        Column("verb", "quotes.verb"),
        Column("direct", "quotes.direct", Type.INTEGER),
        Column("surface", "quotes.surface", with_text=True),
        *_place("quotes"),
    ],
)
#: The tables by their names.
ANNOTATIONS = (("mentions", _MENTIONS), ("evidence", _EVIDENCE), ("quotes", _QUOTES))
