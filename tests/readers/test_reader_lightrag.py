"""The folder of LightRAG and nano-graphrag."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.lightrag import entries, parse
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.test_reader_graph_xml import LIGHTRAG, said

TEXT = (
    "Ada Yonath studied in Jerusalem. She works at the Weizmann Institute. Ada Yonath won a prize."
)
#: Two chunks that overlap, the second before the first, as a store may have them.
CHUNKS: dict[str, Any] = {
    "chunk-2": {"content": TEXT[33:], "chunk_order_index": 1, "full_doc_id": "doc-1"},
    "chunk-1": {"content": TEXT[:69], "chunk_order_index": 0, "full_doc_id": "doc-1"},
}
DOCUMENTS = {"doc-1": {"content": TEXT}}
STATUS = {"doc-1": {"status": "processed", "file_path": "yonath.txt"}}


def write(folder: Path, graph: str = LIGHTRAG, **stores: Any) -> Path:
    folder.mkdir()
    (folder / "graph_chunk_entity_relation.graphml").write_text(graph, "utf-8")
    for name, store in stores.items():
        (folder / f"kv_store_{name}.json").write_text(json.dumps(store), "utf-8")
    return folder


def load(path: Path) -> list[Parsed]:
    with closing(open_input(path)) as source:
        assert recognise(source).name == "lightrag"
        return [parse(each.raw) for each in entries(source)]


def test_a_document_is_an_article_with_its_chunks(tmp_path: Path) -> None:
    path = write(tmp_path / "rag", text_chunks=CHUNKS, full_docs=DOCUMENTS, doc_status=STATUS)
    (parsed,) = load(path)
    assert (parsed.article.text, parsed.is_joined) == (TEXT, False)
    assert {"doc-1", "yonath.txt"} <= set(parsed.local_ids)
    assert said(parsed) == (
        {("PERSON", "ADA YONATH"), ("ORGANIZATION", "WEIZMANN")},
        [
            ("ADA YONATH", "work, research", "WEIZMANN"),
            ("ADA YONATH", "relationship description", "She works there."),
        ],
    )
    assert [(each.entity.name, each.start, each.end) for each in parsed.sought] == [
        ("ADA YONATH", 0, 69),
        ("ADA YONATH", 33, len(TEXT)),
        ("WEIZMANN", 0, 69),
    ]
    (evidence,) = parsed.article.relations[0].evidence
    assert (evidence.start, evidence.end) == (0, 69)


def test_names_in_capitals_are_found_in_their_chunks(tmp_path: Path, db_path: Path) -> None:
    """nano-graphrag writes them so, in quotation marks; it has no keywords."""
    graph = LIGHTRAG.replace("ADA YONATH", "&quot;ADA YONATH&quot;").replace(
        '<data key="d8">work, research</data>', ""
    )
    path = write(tmp_path / "rag", graph, text_chunks=CHUNKS, full_docs=DOCUMENTS)
    summary = load_files(db_path, [path])
    assert (summary.rejected, summary.rejects) == (0, 0)
    with closing(sqlite3.connect(db_path)) as connection:
        found = connection.execute(
            "SELECT name, start_char, surface FROM mentions"
            " JOIN entities ON entities.id = entity_id ORDER BY start_char"
        ).fetchall()
        predicates = connection.execute("SELECT DISTINCT predicate FROM relations").fetchall()
    assert found == [
        ("ADA YONATH", 0, "Ada Yonath"),
        ("WEIZMANN", 50, "Weizmann"),
        ("ADA YONATH", 70, "Ada Yonath"),
    ]
    assert ("related to",) in predicates


def test_without_its_document_an_article_is_its_chunks(tmp_path: Path) -> None:
    chunks = {**CHUNKS, "chunk-1": {**CHUNKS["chunk-1"], "content": TEXT[:32]}}
    (parsed,) = load(write(tmp_path / "rag", text_chunks=chunks))
    assert (parsed.article.text, parsed.is_joined) == (f"{TEXT[:32]}\n{TEXT[33:]}", True)


def test_a_name_whose_chunk_is_not_there_stays(tmp_path: Path) -> None:
    other = {"chunk-9": {"content": "Other news.", "full_doc_id": "doc-9"}}
    found = load(
        write(tmp_path / "rag", text_chunks=other, full_docs={"doc-9": {"content": "Other news."}})
    )
    names = {each.name for parsed in found for each in parsed.article.entities}
    assert names == {"ADA YONATH", "WEIZMANN"}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("graph_chunk_entity_relation.graphml", "<graphml>", "graphml: .*line 1"),
        ("kv_store_text_chunks.json", "{", "kv_store_text_chunks.json: not JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    path = write(tmp_path / "rag", text_chunks=CHUNKS)
    (path / name).write_text(text)
    with pytest.raises(InputError, match=reason):
        load(path)


def test_of_several_outputs_one_is_to_be_given(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    for name in ("a", "b"):
        write(tmp_path / "all" / name, text_chunks=CHUNKS)
    with pytest.raises(InputError, match=r"has several \(a/, b/\); give one of them"):
        load(tmp_path / "all")
