"""Questions that newsrooms, researchers and investigators ask, as canned queries, as data.

Datasette runs a query with empty parameters when its page is opened, and stops each after a second.
So every query starts from an index, and stops at ``ROWS``. Columns that end in ``key`` hold keys, by
which a page can link.
"""

from __future__ import annotations

from dataclasses import dataclass

from datasette_newsgraph.confidence import ASSERT_FROM, UNCERTAIN
from datasette_newsgraph.identity import VALUE_TYPES
from datasette_newsgraph.search_form import PHRASE_FUNCTION
from datasette_newsgraph.store.best_evidence import best_evidence
from datasette_newsgraph.store.text_parts import stretch

#: Rows that a query gives at most.
ROWS = 200
#: Entities that a name stands for at most: a short one shall not read half the tables.
ASKED = 10
#: Statements of which the publishers are counted at most.
EXAMINED = 5_000
#: Code points of a sentence that are shown on either side of evidence, and in all.
BESIDE, SHOWN = 240, 1_000


@dataclass(frozen=True)
class Query:
    """A canned query. ``reads``: all tables, views and full-text tables that SQLite opens for it."""

    title: str
    description: str
    sql: str
    reads: frozenset[str]


def _asked(parameter: str, limit: int = ASKED) -> str:
    """Return the SELECT of the entities that a parameter names; none when it is empty.

    It is asked for as a phrase: what is typed is words to find, not a language of its own.
    """
    return f"""(
  SELECT entity_id FROM entities_fts
  JOIN entities ON entities.id = entities_fts.rowid
  JOIN entity_counts ON entity_id = entities.id
  WHERE entities_fts MATCH {PHRASE_FUNCTION}(:{parameter})
  ORDER BY entities.name = :{parameter} COLLATE NOCASE DESC, mentions DESC LIMIT {limit}
)"""


_ASKED = (
    f"A name finds up to {ASKED} entities that have these words in one of their names: first those"
    " with exactly this name, then the most mentioned."
)
#: What a search by name reads: the full-text table, and the one that holds its content.
_NAMES = frozenset({"entities_fts", "entities", "entity_counts"})
_RELATIONS = frozenset({"relation_index", "relation_counts", "relations", "entities"})
#: What sentences are read from.
_SENTENCES = frozenset({"evidence", "article_texts", "text_parts"})

_FROM = f"max(sentence_start, start_char - {BESIDE})"
_TO = f"min(sentence_end, end_char + {BESIDE})"
#: The sentence of a row of evidence, of ``article_texts`` beside it.
_SENTENCE = f"""replace({stretch(_FROM, f"min({SHOWN}, {_TO} - {_FROM})")}, char(10), ' ')"""
#: Whether a row of ``relation_counts`` is asserted.
_CERTAINTY = f"CASE WHEN relation_counts.asserted_up_to < {ASSERT_FROM} THEN '{UNCERTAIN}' END"
#: Types of entities that are values, as SQL.
_VALUES = ", ".join(f"'{each}'" for each in sorted(VALUE_TYPES))
#: How many publishers state a relation: 1 or 2, which stands for more. An article without one counts as
#: of a publisher of its own.
_PUBLISHERS = """(
    SELECT count(*) FROM (
      SELECT DISTINCT coalesce(publisher, articles.key) FROM evidence
      JOIN articles ON articles.id = article_id WHERE evidence.relation_id = found.relation_id LIMIT 2
    )
  )"""

QUERIES: dict[str, Query] = {
    "named_together": Query(
        "Named together",
        "Who and what is named in the same articles as one entity, the most frequent first. The type"
        " (such as Person) may be left empty: then dates and numbers are left out. The entity is the"
        " one with exactly this name, or else the most mentioned one that has these words in one of"
        " its names.",
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
WHERE entity_counts.type = :type
  OR :type = '' AND lower(entity_counts.type) NOT IN ({_VALUES})
ORDER BY articles_together DESC, articles_of_the_other, other_key LIMIT {ROWS}""",
        _NAMES | {"appearances"},
    ),
    "relations_between": Query(
        "Relations between two names",
        "The relations that articles state between two names, in either direction, each with the"
        " sentence of its best evidence. If the other name is left empty: all relations of the first."
        f" {_ASKED}",
        f"""WITH one AS {_asked("name")},
other AS {_asked("other")},
found AS (
  SELECT id FROM relations WHERE subject_id IN (SELECT entity_id FROM one)
    AND (:other = '' OR object_id IN (SELECT entity_id FROM other))
  UNION
  SELECT id FROM relations WHERE object_id IN (SELECT entity_id FROM one)
    AND (:other = '' OR subject_id IN (SELECT entity_id FROM other))
),
told AS (
  SELECT relation_id, {best_evidence("relation_counts.relation_id")} AS evidence_id FROM relation_counts
  WHERE relation_id IN (SELECT id FROM found) ORDER BY articles DESC LIMIT {ROWS}
)
SELECT subject, relation_index.predicate, object, {_SENTENCE} AS sentence,
  relation_index.articles, relation_index.confidence,
  {_CERTAINTY} AS certainty,
  relation_index.start_date, relation_index.end_date, relation_index.first_seen,
  relation_index.last_seen, subject_key, object_key, relation_index.key,
  evidence.key AS evidence_key
FROM told
JOIN relation_counts ON relation_counts.relation_id = told.relation_id
JOIN relation_index ON relation_index.id = told.relation_id
LEFT JOIN evidence ON evidence.id = evidence_id
LEFT JOIN article_texts ON article_texts.article_id = evidence.article_id
ORDER BY relation_index.articles DESC, relation_index.confidence DESC, relation_index.key""",
        _NAMES | _RELATIONS | _SENTENCES,
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
      WHERE quotes_fts MATCH {PHRASE_FUNCTION}(:words)
    ))
  ORDER BY articles.published DESC LIMIT {ROWS}
)
ORDER BY published DESC""",
        _NAMES | {"quote_index", "quotes", "quotes_fts", "articles"},
    ),
    "one_publisher": Query(
        "Stated by one publisher only",
        "The relations that only one publisher states, each with the sentence of its best evidence:"
        f" those of a name or, if the name is left empty, among the {EXAMINED:,} relations that are in"
        f" the most articles. {_ASKED}",
        f"""WITH asked AS {_asked("name")},
found AS (
  SELECT * FROM (
    SELECT relation_id, articles FROM relation_counts WHERE :name = ''
    ORDER BY articles DESC LIMIT {EXAMINED}
  )
  UNION ALL
  SELECT relation_id, articles FROM relation_counts WHERE relation_id IN (
    SELECT id FROM relations WHERE subject_id IN (SELECT entity_id FROM asked)
    UNION SELECT id FROM relations WHERE object_id IN (SELECT entity_id FROM asked)
  )
),
once AS (
  SELECT relation_id FROM found WHERE {_PUBLISHERS} = 1 ORDER BY articles DESC LIMIT {ROWS}
),
told AS (
  SELECT relation_id, coalesce({best_evidence("once.relation_id")}, (
    SELECT id FROM evidence WHERE evidence.relation_id = once.relation_id ORDER BY key LIMIT 1
  )) AS evidence_id FROM once
)
SELECT subject, relation_index.predicate, object, {_SENTENCE} AS sentence, publisher,
  relation_index.articles, relation_index.confidence,
  {_CERTAINTY} AS certainty,
  articles.title AS article, articles.published, subject_key, object_key, relation_index.key,
  articles.key AS article_key, evidence.key AS evidence_key
FROM told
JOIN relation_counts ON relation_counts.relation_id = told.relation_id
JOIN relation_index ON relation_index.id = told.relation_id
JOIN evidence ON evidence.id = evidence_id
JOIN articles ON articles.id = evidence.article_id
LEFT JOIN article_texts ON article_texts.article_id = evidence.article_id
ORDER BY relation_index.articles DESC, articles.published DESC, relation_index.key""",
        _NAMES | _RELATIONS | _SENTENCES | {"articles"},
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
SELECT subject, relation_index.predicate, object, publishers, found.articles,
  relation_index.confidence, {_CERTAINTY} AS certainty, relation_index.first_seen,
  relation_index.last_seen, subject_key, object_key, key
FROM found JOIN relation_index ON relation_index.id = found.relation_id
JOIN relation_counts ON relation_counts.relation_id = found.relation_id
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
    AND lower(entities.type) NOT IN ({_VALUES})
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
