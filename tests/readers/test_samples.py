"""Samples of all formats, as other programs wrote them: recognised, and loaded or refused by name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.readers.unread import UNREAD
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.files_of_formats import (
    CORPORA,
    SAMPLES,
    needs_shared,
)
from tests.readers.loaded_formats import count, faults

Run = Callable[..., Result]
#: Of each sample file: its format, and articles, entities, mentions and relations in the database,
#: counted by hand (or with another program, for the corpora), with the reason where it is not plain.
COUNTS: dict[str, tuple[str, int, int, int, int]] = {
    # "two sandwiches" is a QUANTITY, which is no entity.
    "amazon_comprehend_entities.json": ("comprehend", 1, 1, 1, 0),
    "brat_060-relation_annotation.ann": ("brat", 1, 5, 10, 3),
    "brat_080-event-annotation.ann": ("brat", 1, 10, 21, 10),
    "conll04_spert.json": ("spert", 3, 9, 9, 3),
    "conll04_tablert_tags.json": ("tagged_tokens", 3, 9, 9, 3),
    # "I am boy": subject and object are things of this article only.
    "corenlp_openie_trimmed.json": ("corenlp", 1, 2, 2, 1),
    # The number 6 is no entity.
    "corenlp_trimmed.json": ("corenlp", 1, 2, 2, 0),
    # Japan and China, in whatever letters, are one each; "named" makes an alias.
    "crossre_news.jsonl": ("dygie", 5, 10, 13, 7),
    "doccano_relation.jsonl": ("doccano", 1, 4, 4, 3),
    "flair_span.json": ("flair", 1, 1, 1, 0),
    "ftm_entities.ijson": ("followthemoney", 1, 5, 0, 7),
    # Microsoft is the tail of the relation only.
    "gliner_relex.json": ("gliner_relex", 1, 2, 2, 1),
    "glirel_relations.json": ("glirel", 1, 2, 2, 1),
    "google_nl_entities.json": ("google_nl", 1, 1, 2, 0),
    # Eight rows and two ends of relationships; 8 relationships with their descriptions, 8 claims.
    "graphrag": ("graphrag", 1, 10, 10, 24),
    "hipe2022_en.tsv": ("conll", 1, 2, 2, 0),
    "label_studio.json": ("label_studio", 5, 15, 15, 11),
    # A relation MET_IN, and the property country.
    "langchain_graphdocument.json": ("langchain", 1, 2, 2, 2),
    "langextract.jsonl": ("langextract", 1, 5, 8, 1),
    "nif_reuters128_head.ttl": ("nif", 12, 12, 12, 0),
    "prodigy_entity_linking.jsonl": ("prodigy", 1, 1, 1, 0),
    # Id1 is marked twice; of 13 relations two say the same of it.
    "prodigy_relations.jsonl": ("prodigy", 2, 14, 15, 12),
    "rebel_dataset.jsonl": ("rebel", 2, 12, 12, 4),
    "rebel_decoded.json": ("rebel", 1, 3, 3, 2),
    # 29 vertices with 32 mentions, of which one is a number.
    "redocred.json": ("docred", 1, 28, 31, 51),
    "spacy_doc_to_json.json": ("spacy", 1, 5, 8, 0),
    "spacy_docbin.spacy": ("docbin", 1, 5, 8, 0),
    "stanza_entity.json": ("stanza", 1, 1, 1, 0),
}


@needs_shared
@pytest.mark.parametrize("name", COUNTS)
def test_a_sample_is_recognised_and_loaded(name: str, db_path: Path, tmp_path: Path) -> None:
    if name.endswith(".spacy"):
        pytest.importorskip("spacy")
    format_, *counts = COUNTS[name]
    summary = load_files(db_path, [SAMPLES / name])
    assert summary.formats == {name: format_}
    assert summary.rejected == 0
    tables = ("articles", "entities", "mentions", "relations")
    assert [count(db_path, table) for table in tables] == counts
    assert faults(db_path) == []


#: Samples that hold nothing to load, and what must be said of them.
REFUSED = {
    "diffbot_nl_fields.json": "Diffbot",
    "ftm_export_rdf_output.nt": "FollowTheMoney as RDF",
    "gdelt_gkg21.tsv": "GDELT",
    "naf_head.xml": "NAF",
    "newsplease_article.json": "--articles",
    "newsreader_gaf_sem.trig": "NewsReader",
    "re3d_documents.jsonl": "re3d",
    "re3d_entities.jsonl": "re3d",
    "re3d_relations.jsonl": "re3d",
    "web_annotation_anno26.json": "no entities in it",
    "web_annotation_anno27.json": "no entities in it",
    "web_annotation_anno32.json": "no entities in it",
    "web_annotation_anno41.json": "no entities in it",
}


@needs_shared
@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_of_what_is_not_read_is_named(name: str, run: Run, db_path: Path) -> None:
    result = run("load", db_path, SAMPLES / name)
    assert result.exit_code == 1
    error = result.stderr.splitlines()[-1]
    assert error.startswith("Error: ")
    assert name in error
    assert REFUSED[name] in error


@needs_shared
def test_every_sample_is_loaded_or_refused() -> None:
    texts = {path.name for path in SAMPLES.iterdir() if path.suffix in (".txt", ".md")}
    assert {path.name for path in SAMPLES.iterdir()} - texts == set(COUNTS) | set(REFUSED)


@needs_shared
def test_an_unread_format_never_hides_one_that_is_read() -> None:
    assert UNREAD
    for name, (format_, *_) in COUNTS.items():
        with closing(open_input(SAMPLES / name)) as source:
            assert recognise(source).name == format_


@needs_shared
@pytest.mark.parametrize("name", ["re3d-us.jsonl", "wikinews.jsonl"])
def test_records_of_real_articles_are_records(name: str) -> None:
    with closing(Source(CORPORA / name)) as source:
        assert recognise(source).name == "record"


@needs_shared
def test_re_docred_keeps_every_relation_with_its_evidence(db_path: Path) -> None:
    documents: list[dict[str, Any]] = json.loads((CORPORA / "re-docred-dev.json").read_bytes())
    summary = load_files(db_path, [CORPORA / "re-docred-dev.json"])
    assert (summary.new, summary.rejected, summary.parts_rejected) == (500, 0, 0)
    assert not any(label.startswith("relations of") for label in summary.dropped)
    given = [label for document in documents for label in document["labels"]]
    sentences = sum(max(1, len(label["evidence"])) for label in given)
    with closing(sqlite3.connect(db_path)) as connection:
        (evidence,) = connection.execute("SELECT count(*) FROM evidence").fetchone()
        terms = dict(
            connection.execute("SELECT label, iri FROM vocabulary WHERE kind = 'predicate'")
        )
        predicates = {row[0] for row in connection.execute("SELECT predicate FROM relations")}
    assert evidence == sentences
    assert predicates == set(terms)
    assert {iri.rpartition("/")[2] for iri in terms.values()} == {label["r"] for label in given}
    assert terms["country"] == "http://www.wikidata.org/prop/direct/P17"


@needs_shared
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        # 149 tasks, all accepted, with 466 spans and 267 relations.
        ("prodigy-relations.jsonl", (149, 466, 267)),
        # 779 mentions in text units and 73 of ends that are no entity; 1,680 text units and quotations
        # for evidence, and the 978 descriptions of relationships, which have none.
        ("graphrag", (1, 852, 2658)),
    ],
)
def test_a_corpus_is_loaded(name: str, counts: tuple[int, int, int], db_path: Path) -> None:
    summary = load_files(db_path, [CORPORA / name])
    assert summary.rejected == 0
    found = tuple(count(db_path, table) for table in ("articles", "mentions", "evidence"))
    assert found == counts
    assert faults(db_path) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"text": "Ana lives in Ro', "cut off or damaged"),
        ('[{"text": "Ana"}, {"te', None),
        ("[]", "without a record"),
        ("null", "without a record"),
        ("[Reuters] Ana lives in Rome, says Bob.", "if it is a text"),
    ],
)
def test_json_that_nothing_can_be_read_of(content: str, says: str | None, tmp_path: Path) -> None:
    path = tmp_path / "given.json"
    path.write_text(content)
    with pytest.raises(InputError) as raised:
        load_files(tmp_path / "news.db", [path])
    assert says is None or says in str(raised.value)
