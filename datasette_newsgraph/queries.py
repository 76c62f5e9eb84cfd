"""Questions that newsrooms, researchers and investigators ask, as canned queries, as data.

Datasette runs a query with empty parameters when its page is opened, and stops each after a second.
So every query starts from an index, and stops at ``ROWS``. Columns that end in ``key`` hold keys, by
which a page can link.
"""

from __future__ import annotations

from dataclasses import dataclass

from datasette_newsgraph.identity import VALUE_TYPES

#: Rows that a query gives at most.
ROWS = 200
#: Entities that a name stands for at most: a short one shall not read half the tables.
ASKED = 10
#: Statements of which the publishers are counted at most.
EXAMINED = 5_000


@dataclass(frozen=True)
class Query:
    """A canned query. ``reads``: all tables, views and full-text tables that SQLite opens for it."""

    title: str
    description: str
    sql: str
    reads: frozenset[str]


def _asked(parameter: str, limit: int = ASKED) -> str:
    """Return the SELECT of the entities that a parameter names; none when it is empty.

    The quotes make a phrase of it: what is typed is words to find, not a language of its own.
    """
    return f"""(
  SELECT entity_id FROM entities_fts
  JOIN entities ON entities.id = entities_fts.rowid
  JOIN entity_counts ON entity_id = entities.id
  WHERE entities_fts MATCH '"' || replace(:{parameter}, '"', '""') || '"'
  ORDER BY entities.name = :{parameter} COLLATE NOCASE DESC, mentions DESC LIMIT {limit}
)"""


_ASKED = (
    f"A name finds up to {ASKED} entities that have these words in one of their names: first those"
    " with exactly this name, then the most mentioned."
)
#: What a search by name reads: the full-text table, and the one that holds its content.
_NAMES = frozenset({"entities_fts", "entities", "entity_counts"})
_RELATIONS = frozenset({"relation_index", "relation_counts", "relations", "entities"})

QUERIES: dict[str, Query] = {
    "named_together": Query(
        "Named together",
        "Who and what is named in the same articles as one entity, the most frequent first. The type"
        " (such as Person) may be left empty. The entity is the one with exactly this name, or else"
        " the most mentioned one that has these words in one of its names.",
        # One: the most mentioned entities are in half of all articles.
        f"""WITH asked AS {_asked("name", 1)},
together AS (
  SELECT here.entity_id AS asked_id, there.entity_id AS other_id, count(*) AS articles
  FROM asked
  CROSS JOIN appearances AS here ON here.entity_id = asked.entity_id
  CROSS JOIN appearances AS there ON there.article_id = here.article_id
    AND there.entity_id <> here.entity_id
  GROUP BY 1, 2
)
SELECT one.name, other.name AS named_with, other.type,
  together.articles AS articles_together, entity_counts.articles AS articles_of_the_other,
  one.key AS entity_key, other.key AS other_key
FROM together
JOIN entity_counts ON entity_counts.entity_id = other_id
JOIN entities AS one ON one.id = asked_id
JOIN entities AS other ON other.id = other_id
WHERE :type = '' OR entity_counts.type = :type
ORDER BY articles_together DESC, articles_of_the_other LIMIT {ROWS}""",
        _NAMES | {"appearances"},
    ),
    "relations_between": Query(
        "Relations between two names",
        "The relations that articles state between two names, in either direction. If the other name"
        f" is left empty: all relations of the first. {_ASKED}",
        f"""WITH one AS {_asked("name")},
other AS {_asked("other")},
found AS (
  SELECT id FROM relations WHERE subject_id IN (SELECT entity_id FROM one)
    AND (:other = '' OR object_id IN (SELECT entity_id FROM other))
  UNION
  SELECT id FROM relations WHERE object_id IN (SELECT entity_id FROM one)
    AND (:other = '' OR subject_id IN (SELECT entity_id FROM other))
)
SELECT subject, predicate, object, articles, confidence, start_date, end_date,
  first_seen, last_seen, subject_key, object_key, key
FROM relation_index WHERE id IN (
  SELECT relation_id FROM relation_counts WHERE relation_id IN (SELECT id FROM found)
  ORDER BY articles DESC LIMIT {ROWS}
)
ORDER BY articles DESC, confidence DESC""",
        _NAMES | _RELATIONS,
    ),
    "quotes_by_name": Query(
        "Quotes by name",
        "The quotes of a speaker, the latest first: all of them, or those that contain certain"
        f" words. {_ASKED}",
        f"""WITH asked AS {_asked("name")}
SELECT speaker, quote, verb, article, published, speaker_key, article_key, key
FROM quote_index WHERE id IN (
  SELECT quotes.id FROM quotes JOIN articles ON articles.id = article_id
  WHERE speaker_id IN (SELECT entity_id FROM asked)
    AND (:words = '' OR quotes.id IN (
      SELECT rowid FROM quotes_fts
      WHERE quotes_fts MATCH '"' || replace(:words, '"', '""') || '"'
    ))
  ORDER BY articles.published DESC LIMIT {ROWS}
)
ORDER BY published DESC""",
        _NAMES | {"quote_index", "quotes", "quotes_fts", "articles"},
    ),
    "reported_once": Query(
        "Reported by one article only",
        "The relations of a name that only one article states, the latest first, with the words of"
        f" the evidence. {_ASKED}",
        f"""WITH asked AS {_asked("name")},
found AS (
  SELECT id FROM relations WHERE subject_id IN (SELECT entity_id FROM asked)
  UNION SELECT id FROM relations WHERE object_id IN (SELECT entity_id FROM asked)
),
once AS (
  SELECT relation_id FROM found CROSS JOIN relation_counts ON relation_id = found.id
  WHERE articles = 1 ORDER BY last_seen DESC LIMIT {ROWS}
)
SELECT subject, predicate, object, evidence.confidence, evidence.surface AS words,
  articles.title AS article, articles.published, articles.publisher,
  subject_key, object_key, relation_index.key, articles.key AS article_key
FROM once
JOIN relation_index ON relation_index.id = once.relation_id
JOIN evidence ON evidence.relation_id = once.relation_id
JOIN articles ON articles.id = evidence.article_id
ORDER BY articles.published DESC LIMIT {ROWS}""",
        _NAMES | _RELATIONS | {"evidence", "articles"},
    ),
    "several_publishers": Query(
        "Stated by several publishers",
        "The relations that at least two publishers state, those in the most articles first. The"
        " predicate (such as member of) may be left empty. The query looks at the"
        f" {EXAMINED:,} relations that are in the most articles.",
        f"""WITH often AS (
  SELECT relation_id, articles FROM relation_counts
  WHERE articles > 1 AND (:predicate = '' OR predicate = :predicate)
  ORDER BY articles DESC LIMIT {EXAMINED}
),
found AS (
  SELECT relation_id, articles, (
    SELECT count(DISTINCT publisher) FROM evidence JOIN articles ON articles.id = article_id
    WHERE evidence.relation_id = often.relation_id
  ) AS publishers
  FROM often WHERE publishers > 1
  ORDER BY articles DESC LIMIT {ROWS}
)
SELECT subject, predicate, object, publishers, found.articles, confidence,
  first_seen, last_seen, subject_key, object_key, key
FROM found JOIN relation_index ON relation_index.id = found.relation_id
ORDER BY found.articles DESC, publishers DESC""",
        _RELATIONS | {"evidence", "articles"},
    ),
    "first_named": Query(
        "First named in a month",
        "The entities that are named for the first time in a month (2021-08), a year or on a day, the"
        " most mentioned first. If the month is left empty, it is the latest one. The type (such as"
        " Person) may be left empty.",
        f"""WITH asked AS (
  SELECT coalesce(nullif(:month, ''), (SELECT substr(max(first_seen), 1, 7) FROM entity_counts))
    AS month
)
SELECT name, entities.type, mentions, articles, first_seen, last_seen, description,
  entities.key AS entity_key
FROM asked CROSS JOIN entity_counts CROSS JOIN entities ON entities.id = entity_id
WHERE substr(first_seen, 1, length(asked.month)) = asked.month
  AND (:type = '' OR entity_counts.type = :type)
ORDER BY mentions DESC LIMIT {ROWS}""",
        frozenset({"entity_counts", "entities"}),
    ),
    "never_in_main_text": Query(
        "Never named in the main text",
        "The entities that only captions, footers and the like name, the most mentioned first. They"
        " often belong to another story than the article's.",
        f"""WITH found AS (
  SELECT entity_id, mentions, articles FROM entity_counts
  WHERE mentions > 0 AND NOT EXISTS (
    SELECT 1 FROM appearances
    WHERE appearances.entity_id = entity_counts.entity_id AND main_mentions > 0
  )
  ORDER BY mentions DESC LIMIT {ROWS}
)
SELECT name, type, found.mentions, articles, (
    SELECT group_concat(DISTINCT zone) FROM mentions WHERE mentions.entity_id = found.entity_id
  ) AS zones, entities.key AS entity_key
FROM found JOIN entities ON entities.id = found.entity_id
ORDER BY found.mentions DESC""",
        frozenset({"entity_counts", "appearances", "mentions", "entities"}),
    ),
    "same_name": Query(
        "Same name, different entities",
        "Entities that have the same name, but different types or identifiers. They may be the same"
        " entity, or namesakes.",
        f"""WITH names AS (
  SELECT name, sum(articles) AS articles_of_the_name
  FROM entities JOIN entity_counts ON entity_id = entities.id
  WHERE name IN (SELECT name FROM entities GROUP BY name HAVING count(*) > 1)
    AND lower(entities.type) NOT IN ({", ".join(f"'{each}'" for each in sorted(VALUE_TYPES))})
  GROUP BY name
  HAVING count(DISTINCT entities.type) > 1 OR count(*) > 1 AND sum(
    EXISTS (SELECT 1 FROM identifiers WHERE identifiers.entity_id = entities.id)
  ) > 0
  ORDER BY articles_of_the_name DESC LIMIT {ROWS // 2}
)
SELECT name, entities.type, articles, mentions, description, (
    SELECT iri FROM identifiers WHERE identifiers.entity_id = entities.id LIMIT 1
  ) AS identifier, entities.key AS entity_key
FROM names JOIN entities USING (name) JOIN entity_counts ON entity_id = entities.id
ORDER BY articles_of_the_name DESC, name, articles DESC LIMIT {ROWS}""",
        frozenset({"entities", "entity_counts", "identifiers"}),
    ),
}
