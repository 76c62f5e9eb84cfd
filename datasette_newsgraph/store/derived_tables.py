"""The tables of what follows from others, so that it is found fast: all in them can be made again."""

from __future__ import annotations

from dataclasses import replace

from datasette_newsgraph.confidence import NEVER
from datasette_newsgraph.store.columns import (
    ASSERTED,
    CONFIDENCE,
    COUNT,
    FIRST_SEEN,
    ID,
    KEY,
    LAST_SEEN,
    NAME,
    NUMBER,
    ROWS,
    STRINGS,
    TEXT,
    Table,
    row_of,
)

DERIVED: dict[str, Table] = {
    "text_parts": Table(
        {
            "article_id": row_of("articles"),
            "number": NUMBER.says("Number of the part in its text, from 0."),
            "part": NAME.says("1,000 code points of the text, or what is left of it."),
        },
        pk=("article_id", "number"),
    ),
    "entity_counts": Table(
        {
            "entity_id": row_of("entities"),
            "mentions": COUNT.says("Number of mentions in all articles."),
            "articles": COUNT.says("Number of articles that name it."),
            "first_seen": FIRST_SEEN,
            "last_seen": LAST_SEEN,
            "type": NAME.says("Type of the entity, repeated from entities."),
        },
        pk="entity_id",
    ),
    "relation_counts": Table(
        {
            "relation_id": row_of("relations"),
            "subject_id": row_of("entities").says(
                "Subject of the relation, repeated from relations."
            ),
            "predicate": NAME.says("Predicate of the relation, repeated from relations."),
            "object_id": row_of("entities", required=False).says(
                "Object of the relation, repeated from relations."
            ),
            "articles": COUNT.says("Number of articles that state it."),
            "evidence": COUNT.says("Number of rows of evidence for it."),
            "unrated": COUNT.says("Number of those rows without a confidence."),
            "confidence": CONFIDENCE.says("The highest confidence of those rows."),
            "start_date": TEXT.says("The earliest start date given."),
            "end_date": TEXT.says("The latest end date given."),
            "first_seen": FIRST_SEEN,
            "last_seen": LAST_SEEN,
            "asserted_up_to": ASSERTED.says(
                f"Up to which assert_from it is asserted; {NEVER:.0f}: it never is."
            ),
        },
        pk="relation_id",
    ),
    "facet_counts": Table(
        {
            "view": TEXT.says("Name of the view."),
            "facet": TEXT.says("Name of the facet."),
            "value": TEXT.says("The value by which rows are filtered."),
            "label": NAME.says("The value as it is shown."),
            "count": COUNT.says("Number of rows of the view that have it."),
        },
        pk=("view", "facet", "value"),
    ),
    "facet_rows": Table(
        {
            "view": TEXT.says("Name of the view."),
            "facet": TEXT.says("Name of the facet; with @all it covers all zones."),
            "value": TEXT.says("The facet value."),
            "rows": ROWS.says("Ids of the rows as a compressed bitmap, lowest id first."),
        },
        pk=("view", "facet", "value"),
    ),
    # What is searched where FTS5 would not cut it into the words that are asked for: a row only then.
    # Without foreign keys: Datasette would offer these rows on the page of each article and entity.
    "folded_texts": Table(
        {
            "article_id": NUMBER.says("The article that the row belongs to."),
            "title": TEXT.says("The words of the title."),
            "text": TEXT.says("The words of the text."),
        },
        pk="article_id",
    ),
    "folded_names": Table(
        {
            "entity_id": NUMBER.says("The entity that the row is about."),
            "name": TEXT.says("The words of the name."),
            "alias_text": TEXT.says("The words of the other names."),
        },
        pk="entity_id",
    ),
    "folded_quotes": Table(
        {
            "quote_id": NUMBER.says("The quote that the row is about."),
            "surface": TEXT.says("The words of the quote."),
        },
        pk="quote_id",
    ),
    # What holds of the decisions in the log, so that a load sees at once what to do with a key.
    "decided": Table(
        {
            "verdict": NAME.says("What holds: same, different, split, type, name or wrong."),
            "kind": NAME.says("What the key is the key of."),
            "key": NAME.says("Key of what was decided on."),
            "article_key": NAME.says("Key of the article, of a split; else empty."),
            "value": NAME.says("Key of what it is or is not; its type or name."),
        },
        pk=("verdict", "kind", "key", "article_key", "value"),
    ),
    # Keys, not row numbers: a decision about a pair holds in every database.
    "candidates": Table(
        {
            "id": ID.says("Number of the pair: the likeliest has the lowest."),
            "left_key": KEY.says("Key of the entity to keep, if nobody says otherwise."),
            "right_key": KEY.says("Key of the other entity."),
            "score": replace(CONFIDENCE, required=True).says(
                "How likely the two are one thing, from 0 to 1."
            ),
            "tier": NAME.says("Name of the rule that holds of it; empty if none does."),
            "reasons": replace(STRINGS, required=True).says(
                "What speaks for it, in sentences, as a JSON array."
            ),
            "against": replace(STRINGS, required=True).says(
                "What speaks against it, in sentences, as a JSON array."
            ),
            "together": COUNT.says("Number of articles that name both."),
        }
    ),
    # What the end of the load has to compute derived values of again: entities, relations, articles.
    "unsettled": Table(
        {
            "kind": TEXT.says("Kind of row, for an entity with what happened to it."),
            "row_id": NUMBER.says("Number of the row."),
        },
        pk=("kind", "row_id"),
    ),
}
