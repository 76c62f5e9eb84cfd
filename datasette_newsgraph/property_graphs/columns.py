"""What nodes and edges are made of: for each kind its rows, and the columns that are its properties.

Every format takes its properties from here. Nodes are entities, articles and values; edges are
statements, and mentions, which lead from an article to what it names. A statement about a value leads
to a node of its own: so it keeps its confidence and its dates, and no predicate is taken for the name
of a column.

The id of a node, behind ``{base}id/``, is its IRI in RDF; values have none there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Type(Enum):
    """What the values of a property are."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    #: Several strings: a JSON array in SQL.
    STRINGS = "strings"
    #: Several strings: one a line in SQL.
    LINES = "lines"

    @property
    def is_list(self) -> bool:
        """Whether a value is a list of strings."""
        return self in (Type.STRINGS, Type.LINES)


@dataclass(frozen=True)
class Column:
    """A property: its name, the SQL of its values and the tables that it reads.

    ``with_text``: it is the words of articles, written only where they are asked for.
    """

    name: str
    sql: str
    type: Type = Type.STRING
    tables: tuple[str, ...] = ()
    with_text: bool = False


@dataclass(frozen=True)
class Element:
    """A kind of node or edge: its label, the table of its rows, what they are joined with, in which
    order they are written, and its properties. The first column of a node is its id; those of an edge
    are its id, its source and its target.
    """

    label: str
    table: str
    joins: str
    order: str
    columns: tuple[Column, ...]
    tables: tuple[str, ...] = ()
    condition: str = "true"

    def properties(self, *, with_text: bool) -> tuple[Column, ...]:
        """Return the columns that are written."""
        return tuple(each for each in self.columns if with_text or not each.with_text)

    def reads(self, *, with_text: bool) -> frozenset[str]:
        """Return the tables that are read for it."""
        found = {self.table, *self.tables}
        return frozenset(
            found.union(*(each.tables for each in self.properties(with_text=with_text)))
        )


#: Names of columns that have a value in every row: the ids, which are made of keys.
REQUIRED = frozenset({"id", "source", "target"})
#: What a selection leaves of the rows of a table stands in for this.
CHOSEN = "/* chosen {table} */ true"


def chosen(table: str) -> str:
    """Return what stands in SQL for the condition that rows of a table are selected."""
    return CHOSEN.format(table=table)


_SAME_AS = (
    "(SELECT json_group_array(iri) FROM (SELECT DISTINCT iri FROM identifiers"
    " WHERE identifiers.entity_id = entities.id ORDER BY iri))"
)
_SOURCES = (
    "(SELECT json_group_array('article/' || key) FROM (SELECT DISTINCT articles.key FROM evidence"
    " CROSS JOIN articles ON articles.id = evidence.article_id"
    f" WHERE relation_id = relations.id AND {chosen('evidence')} ORDER BY articles.key))"
)
_WORDS = (
    "(SELECT json_group_array(surface) FROM (SELECT DISTINCT surface FROM evidence"
    f" WHERE relation_id = relations.id AND surface <> '' AND {chosen('evidence')}"
    " ORDER BY surface))"
)
_QUOTES = (
    "(SELECT json_group_array(surface) FROM (SELECT surface FROM quotes"
    f" WHERE quotes.article_id = articles.id AND surface <> '' AND {chosen('quotes')}"
    " ORDER BY quotes.key))"
)
_COUNTED = ("entity_counts",)
_OF_RELATIONS = ("relation_counts",)

ENTITY = Element(
    "Entity",
    "entities",
    "LEFT JOIN entity_counts ON entity_counts.entity_id = entities.id",
    "entities.key",
    (
        Column("id", "'entity/' || entities.key"),
        Column("name", "entities.name"),
        Column("type", "entities.type"),
        Column("aliases", "entities.alias_text", Type.LINES),
        Column("description", "entities.description"),
        Column("same_as", _SAME_AS, Type.STRINGS, ("identifiers",)),
        Column("latitude", "entities.latitude", Type.NUMBER),
        Column("longitude", "entities.longitude", Type.NUMBER),
        Column("mention_count", "entity_counts.mentions", Type.INTEGER, _COUNTED),
        Column("article_count", "entity_counts.articles", Type.INTEGER, _COUNTED),
        Column("first_seen", "entity_counts.first_seen", tables=_COUNTED),
        Column("last_seen", "entity_counts.last_seen", tables=_COUNTED),
    ),
)
ARTICLE = Element(
    "Article",
    "articles",
    "",
    "articles.key",
    (
        Column("id", "'article/' || articles.key"),
        Column("title", "articles.title"),
        Column("url", "articles.url"),
        Column("published", "articles.published"),
        Column("publisher", "articles.publisher"),
        Column("authors", "articles.authors", Type.STRINGS),
        Column("sections", "articles.sections", Type.STRINGS),
        Column("language", "articles.language"),
        Column("licence", "articles.licence"),
        Column(
            "text",
            "(SELECT text FROM article_texts WHERE article_texts.article_id = articles.id)",
            tables=("article_texts",),
            with_text=True,
        ),
        Column("quotes", _QUOTES, Type.STRINGS, ("quotes",), with_text=True),
    ),
)
VALUE = Element(
    "Value",
    "relations",
    "",
    "relations.key",
    (
        Column("id", "'value/' || relations.key"),
        Column("value", "relations.value"),
        Column("datatype", "relations.datatype"),
    ),
    condition="relations.object_id IS NULL",
)
_STATED = (
    Column("predicate", "relations.predicate"),
    Column("confidence", "relation_counts.confidence", Type.NUMBER, _OF_RELATIONS),
    Column("start_date", "relation_counts.start_date", tables=_OF_RELATIONS),
    Column("end_date", "relation_counts.end_date", tables=_OF_RELATIONS),
    Column("first_seen", "relation_counts.first_seen", tables=_OF_RELATIONS),
    Column("last_seen", "relation_counts.last_seen", tables=_OF_RELATIONS),
    Column("article_count", "relation_counts.articles", Type.INTEGER, _OF_RELATIONS),
    Column("evidence_count", "relation_counts.evidence", Type.INTEGER, _OF_RELATIONS),
    Column("sources", _SOURCES, Type.STRINGS, ("evidence", "articles")),
    Column("evidence", _WORDS, Type.STRINGS, ("evidence",), with_text=True),
)
_COUNTS_OF = "LEFT JOIN relation_counts ON relation_counts.relation_id = relations.id"
_SUBJECTS = "CROSS JOIN entities AS subjects ON subjects.id = relations.subject_id"
_BEGINNING = (
    Column("id", "'relation/' || relations.key"),
    Column("source", "'entity/' || subjects.key"),
)
#: A statement that relates two entities.
STATEMENT = Element(
    "statement",
    "relations",
    f"{_SUBJECTS} CROSS JOIN entities AS objects ON objects.id = relations.object_id {_COUNTS_OF}",
    "relations.key",
    (*_BEGINNING, Column("target", "'entity/' || objects.key"), *_STATED),
    tables=("entities",),
)
#: A statement that gives an entity a value.
STATEMENT_OF_VALUE = Element(
    "statement",
    "relations",
    f"{_SUBJECTS} {_COUNTS_OF}",
    "relations.key",
    (*_BEGINNING, Column("target", "'value/' || relations.key"), *_STATED),
    tables=("entities",),
    condition="relations.object_id IS NULL",
)
MENTION = Element(
    "mention",
    "articles",
    "CROSS JOIN appearances ON appearances.article_id = articles.id"
    " CROSS JOIN entities ON entities.id = appearances.entity_id",
    "articles.key, entities.key",
    (
        Column("id", "'appearance/' || articles.key || '/' || entities.key"),
        Column("source", "'article/' || articles.key"),
        Column("target", "'entity/' || entities.key"),
        Column("mention_count", "appearances.mentions", Type.INTEGER),
        Column("main_mention_count", "appearances.main_mentions", Type.INTEGER),
    ),
    tables=("appearances", "entities"),
    condition=chosen("entities"),
)
NODES = (ENTITY, ARTICLE, VALUE)
EDGES = (STATEMENT, STATEMENT_OF_VALUE, MENTION)
