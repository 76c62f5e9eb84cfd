"""The profile for NIF tools as pynif reads it, a library for such tools."""

from __future__ import annotations

from pathlib import Path

import pytest
from pynif import NIFCollection

from datasette_newsgraph import rdf_graph
from datasette_newsgraph.rdf.label_terms import read_vocabulary
from datasette_newsgraph.store import get_base, open_store


@pytest.fixture(scope="module")
def collection(example_db: Path) -> NIFCollection:
    document = rdf_graph(str(example_db), profile="nif", with_text=True).serialize(format="turtle")
    return NIFCollection.loads(document, format="turtle")


def test_each_text_is_a_context_with_the_address_of_its_article(
    collection: NIFCollection, example_db: Path
) -> None:
    with open_store(example_db) as db:
        texts = db.execute(
            "SELECT url, text FROM articles JOIN article_texts ON article_id = articles.id"
        )
        assert {each.sourceUrl: each.mention for each in collection.contexts} == dict(texts)


def test_each_mention_is_a_phrase_with_its_entity_its_class_and_its_confidence(
    collection: NIFCollection, example_db: Path
) -> None:
    with open_store(example_db) as db:
        base = get_base(db)
        classes = read_vocabulary(db.conn, base).classes
        expected = {
            (url, start, end, surface, f"{base}id/entity/{key}", frozenset(classes(type_)), score)
            for url, start, end, surface, key, type_, score in db.execute(
                "SELECT url, start_char, end_char, surface, entities.key, type, confidence"
                " FROM mentions JOIN articles ON articles.id = article_id"
                " JOIN entities ON entities.id = entity_id WHERE start_char IS NOT NULL"
            )
        }
    found = {
        (
            context.sourceUrl,
            each.beginIndex,
            each.endIndex,
            each.mention,
            each.taIdentRef,
            frozenset(each.taClassRef),
            each.score,
        )
        for context in collection.contexts
        for each in context.phrases
    }
    assert found == expected


def test_a_phrase_has_the_words_that_the_text_has_there(collection: NIFCollection) -> None:
    for context in collection.contexts:
        for each in context.phrases:
            assert context.mention[each.beginIndex : each.endIndex] == each.mention
