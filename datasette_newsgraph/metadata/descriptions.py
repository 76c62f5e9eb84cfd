"""What each table and view holds, in words, and how Datasette is to show it.

Datasette shows the words above the rows, so they are few. ``metadata/datasette.py`` and
``docs/tables.md`` are made from this, and from the descriptions of columns in the schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from datasette_newsgraph.store.columns import ID, KEY
from datasette_newsgraph.store.loaded_tables import LOADED


@dataclass(frozen=True)
class Description:
    """A table or view in words. ``columns`` describes those of a view that neither ``COMMON`` describes
    nor the table that has them; a table's are described in the schema.

    ``facets`` are columns with an index. The facets of views are those of ``facets.catalogue``.
    """

    title: str
    text: str
    columns: dict[str, str] = field(default_factory=dict)
    label_column: str | None = None
    facets: tuple[str, ...] = ()
    sort_desc: str | None = None
    #: The full-text table by which it is searched, and its own column of the row numbers there.
    fts_table: str | None = None
    fts_pk: str | None = None
    #: It only serves other tables: it has what follows from them, what can be read beside them, or
    #: what the loader notes for itself. Datasette lists it apart. Its name may not begin the name of a
    #: table that is to be shown: 0.65 would hide that one, too.
    hidden: bool = False


#: Columns that mean the same in every view that has them.
COMMON = {
    "id": ID.description,
    "key": KEY.description,
    "published": LOADED["articles"].columns["published"].description,
    "article": "Title of the article.",
    "article_key": "Key of the article.",
    "entity_key": "Key of the entity.",
}

DESCRIPTIONS: dict[str, Description] = {
    "article_index": Description(
        "Browse articles",
        "One row for each article. Search looks in titles and texts.",
        {"month": "Year and month of publication."},
        sort_desc="published",
        fts_table="article_texts_fts",
        fts_pk="id",
    ),
    "entity_index": Description(
        "Browse entities",
        "The people, places, organisations and other things that the articles name. Search looks in"
        " all their names.",
        {
            "name": "The name that most articles give it.",
            "type": "The type that most articles give it.",
            "description": "The description that most articles give it.",
            "also_called": "Its other names.",
        },
        sort_desc="mentions",
        fts_table="entities_fts",
        fts_pk="id",
    ),
    "mention_index": Description(
        "Browse mentions",
        "Each place where an article names an entity, with the text around it.",
        {
            "before": "The text before the mention.",
            "surface": "The words that name the entity.",
            "after": "The text after the mention.",
            "entity": "Name of the entity.",
            "type": "Type of the entity.",
        },
    ),
    "relation_index": Description(
        "Browse relations",
        "One row for each relation: a statement that one or more articles make.",
        {
            "subject": "Who or what the relation is about.",
            "predicate": "What the relation says, such as member of.",
            "object": "Whom or what the subject is related to, or a value.",
            "confidence": "The highest confidence in any article, from 0 to 1.",
            "start_date": "Earliest date given since which it holds.",
            "end_date": "Latest date given until which it holds.",
            "subject_key": "Key of the subject.",
            "object_key": "Key of the object.",
        },
        sort_desc="articles",
    ),
    "quote_index": Description(
        "Browse quotes",
        "One row for each quote in an article. Search looks in the quotes.",
        {
            "quote": "The words of the quote.",
            "speaker": "Name of who said it.",
            "speaker_key": "Key of the speaker.",
        },
        fts_table="quotes_fts",
        fts_pk="id",
    ),
    "articles": Description(
        "Articles",
        "One row for each article, without its text.",
        label_column="title",
        facets=("publisher", "language"),
        sort_desc="published",
    ),
    "article_faults": Description(
        "Article faults",
        "One row for each article of whose record a part was rejected.",
        hidden=True,
    ),
    "article_texts": Description(
        "Article texts",
        "The text of each article, in a table of its own to keep pages of articles small.",
        label_column="title",
        fts_table="article_texts_fts",
        fts_pk="article_id",
        hidden=True,
    ),
    "text_parts": Description(
        "Parts of texts",
        "Long texts once more in parts, from which contexts are read faster.",
        hidden=True,
    ),
    "zones": Description(
        "Zones",
        "Parts of a text that are marked as title, caption, footer and so on. The rest is body.",
    ),
    "entities": Description(
        "Entities",
        "The people, places, organisations, events and other things that the articles name.",
        label_column="name",
        facets=("type",),
        fts_table="entities_fts",
        fts_pk="id",
    ),
    "entity_counts": Description(
        "Entity counts",
        "How many articles name each entity, how often, and from when to when.",
        sort_desc="mentions",
        hidden=True,
    ),
    "appearances": Description(
        "Appearances",
        "One row for each entity in each article, with the name and type given there.",
        label_column="name",
        hidden=True,
    ),
    "aliases": Description(
        "Aliases",
        "Other names of entities, each with the article that gives it.",
        label_column="alias",
        hidden=True,
    ),
    "identifiers": Description(
        "Identifiers",
        "IRIs of entities at Wikidata and elsewhere, each with the article that gives it.",
        label_column="iri",
    ),
    "mentions": Description("Mentions", "Each span of a text that names an entity."),
    "relations": Description(
        "Relations",
        "One row for each relation: a statement about an entity, however many articles make it.",
        label_column="predicate",
        facets=("predicate",),
    ),
    "relation_counts": Description(
        "Relation counts",
        "How many articles state each relation, from when to when, and with what confidence.",
        sort_desc="articles",
        hidden=True,
    ),
    "evidence": Description(
        "Evidence",
        "The passages that state relations: one row for each time that an article states one.",
    ),
    "quotes": Description(
        "Quotes",
        "The quotes in the articles, and who said them.",
        fts_table="quotes_fts",
        fts_pk="id",
    ),
    "extractions": Description(
        "Extractions",
        "The tools, or the people, that found the entities, relations and quotes.",
        label_column="tool",
    ),
    "vocabulary": Description(
        "Vocabulary",
        "The terms of published vocabularies that exports use for types and predicates.",
        label_column="label",
        facets=("kind",),
    ),
    "sources": Description(
        "Sources",
        "The files that were loaded.",
        label_column="name",
    ),
    "rejects": Description(
        "Rejects",
        "Records, and parts of records, that could not be loaded.",
        facets=("source",),
    ),
    "settings": Description(
        "Settings",
        "Settings of this database.",
        hidden=True,
    ),
    "decisions": Description(
        "Decisions",
        "What people decided about entities and about what articles say, in order.",
        label_column="verdict",
        facets=("verdict",),
    ),
    "as_given": Description(
        "As given",
        "What articles said, where something else is shown, or nothing.",
        facets=("kind",),
    ),
    "decided": Description(
        "Decided",
        "What holds of the decisions.",
        hidden=True,
    ),
    "unsettled": Description(
        "Unsettled",
        "Rows that an unfinished load has still to compute again.",
        hidden=True,
    ),
    "candidates": Description(
        "Candidates",
        "Pairs of entities that may be one thing, as newsgraph candidates found them last.",
        hidden=True,
    ),
    "facet_counts": Description(
        "Facet counts",
        "The values of each facet of a view, with their numbers of rows.",
        hidden=True,
    ),
    "facet_rows": Description(
        "Facet rows",
        "The rows of a view that have each value of a facet, so that they are counted fast.",
        hidden=True,
    ),
    "folded_texts": Description(
        "Folded texts",
        "Titles and texts in the form in which they are searched, if that is not as they are.",
        hidden=True,
    ),
    "folded_names": Description(
        "Folded names",
        "Names in the form in which they are searched, if that is not as they are.",
        hidden=True,
    ),
    "folded_quotes": Description(
        "Folded quotes",
        "Quotes in the form in which they are searched, if that is not as they are.",
        hidden=True,
    ),
}
