"""Real files of formats and shapes that people have: what each of them gives."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.loading.load import load_files
from tests.readers.files_of_formats import SHARED

FILES = SHARED / "formats"
pytestmark = pytest.mark.skipif(not FILES.exists(), reason="needs the files")

#: The format of each file, and how many articles, mentions, entities, relations and rejects it gives.
GIVES = {
    "cat_xml_meantime.xml": ("cat", 1, 5, 5, 2, 2),
    "conll2012_ontonotes.gold_skel": ("conll2012", 0, 0, 0, 0, 1),
    "conllu_entity_gum.conllu": ("conllu", 1, 3, 3, 0, 0),
    "elevant_benchmark.jsonl": ("elevant", 1, 3, 3, 0, 0),
    "elevant_linked_articles.jsonl": ("elevant", 1, 3, 3, 0, 0),
    "gate_bdocjs.json": ("gate", 1, 4, 4, 0, 0),
    "gliner_training_data.json": ("gliner_training", 1, 2, 2, 0, 0),
    "kaggle_gmb_ner_dataset.csv": ("word_table", 1, 1, 1, 0, 0),
    "kggen_graph.json": ("kg_gen", 1, 10, 10, 3, 0),
    "kggen_min.json": ("kg_gen", 1, 2, 2, 1, 0),
    "label_studio_export.csv": ("label_studio_table", 1, 1, 1, 0, 0),
    "lightrag_graph.graphml": ("graphml", 1, 2, 2, 2, 0),
    "naf_spacy_to_naf.naf": ("naf", 1, 1, 1, 0, 0),
    "ner_annotator_tecoholic.json": ("ner_annotator", 2, 2, 2, 0, 0),
    # The excerpt is not well-formed.
    "tei_newspaper_interview.xml": ("tei", 0, 0, 0, 0, 1),
    "uima_cas_inception.xmi": ("uima_xmi", 1, 0, 0, 0, 0),
    # Relations of the excerpt end outside of it.
    "webanno_tsv3_gum.tsv": ("webanno", 1, 7, 6, 0, 9),
    "shapes/a.json": ("structured", 1, 2, 2, 1, 0),
    "shapes/a2.json": ("structured", 1, 2, 2, 1, 0),
    "shapes/b.json": ("triples", 1, 2, 2, 1, 0),
    "shapes/c.json": ("triples", 1, 2, 2, 1, 0),
    "shapes/d.json": ("triples", 1, 2, 2, 1, 0),
    "shapes/e_kggen.json": ("kg_gen", 1, 2, 2, 1, 0),
    "shapes/f2_nodes_edges.json": ("node_link", 1, 2, 2, 1, 0),
    "shapes/f_nodes_edges.json": ("node_link", 1, 2, 2, 1, 0),
    "shapes/g_nodelink.json": ("node_link", 1, 2, 2, 1, 0),
    "shapes/i.json": ("triples", 1, 2, 2, 1, 0),
    # One end of its link is no entity of it.
    "shapes/j.json": ("structured", 1, 1, 1, 0, 1),
    "shapes/k.json": ("structured", 1, 2, 2, 0, 0),
    "shapes/l.json": ("langchain", 1, 2, 2, 1, 0),
    "shapes/m_itext2kg.json": ("itext2kg", 1, 2, 2, 1, 0),
    "shapes/n_cytoscape.json": ("node_link", 1, 2, 2, 1, 0),
    "shapes/o.json": ("structured", 1, 2, 2, 1, 0),
    "shapes/p_uie.json": ("uie", 1, 1, 1, 0, 0),
    "shapes/q.json": ("structured", 1, 2, 2, 0, 0),
    "shapes/r.json": ("triples", 1, 2, 2, 1, 0),
    "shapes/s.json": ("structured", 1, 1, 1, 0, 0),
    "shapes/u_pubannotation.json": ("pubannotation", 1, 2, 2, 1, 0),
    "shapes/v_allennlp.json": ("allennlp", 1, 2, 2, 0, 0),
    "shapes/w_oneie.json": ("oneie", 1, 3, 3, 3, 0),
    "shapes/x_maven.json": ("maven", 1, 1, 1, 1, 0),
    "shapes/y_fewrel.json": ("fewrel", 1, 2, 2, 1, 0),
    "shapes/z_nyt.json": ("nyt", 1, 2, 2, 1, 0),
    "shapes/za_openai_tool.json": ("structured", 1, 1, 1, 0, 0),
    "shapes/zb_newsarticle.jsonld": ("schema_org", 1, 2, 2, 0, 0),
    "shapes/zc_ninjs.json": ("ninjs_entities", 1, 3, 3, 0, 0),
}
#: What is refused by its name.
REFUSED = {"lightrag_kv_store_text_chunks.json": "is one of the stores of LightRAG"}
_TABLES = ("articles", "mentions", "entities", "relations", "rejects")


@pytest.mark.parametrize("name", GIVES)
def test_a_file_gives_what_is_in_it(name: str, db_path: Path) -> None:
    path = FILES / name
    format_, *counts = GIVES[name]
    assert load_files(db_path, [path]).formats == {path.name: format_}
    with closing(sqlite3.connect(db_path)) as connection:
        found = [
            connection.execute(f"SELECT count(*) FROM {each}").fetchone()[0] for each in _TABLES
        ]
    assert dict(zip(_TABLES, found, strict=True)) == dict(zip(_TABLES, counts, strict=True))


@pytest.mark.parametrize("name", REFUSED)
def test_a_part_of_a_folder_is_refused_by_its_name(name: str, db_path: Path) -> None:
    with pytest.raises(InputError, match=REFUSED[name]):
        load_files(db_path, [FILES / name])


def test_every_file_is_tried() -> None:
    there = {str(path.relative_to(FILES)) for path in FILES.rglob("*.*")} - {"README.md"}
    assert there == GIVES.keys() | REFUSED.keys()
