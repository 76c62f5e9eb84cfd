"""The reader of GraphRAG: a folder of tables, as Parquet or CSV."""

from __future__ import annotations

import csv
import importlib
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.reading.recognition import format_called, recognise
from tests.readers.corpora import counts, example, is_sound, load, mentions, reasons, statements
from tests.readers.damage import damaged

SHARED = Path(__file__).parents[2].parent / "shared"


SAMPLES, CORPORA = SHARED / "samples", SHARED / "corpora"


needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")
Tables = dict[str, list[dict[str, Any]]]


def graphrag_example() -> Tables:
    """The tables of the docstring."""
    tables: Tables = {}
    lines: dict[str, list[str]] = {}
    name = ""
    for line in example("graphrag").splitlines():
        if line.startswith(" "):
            lines[name].append(line.strip())
        else:
            name = line.removesuffix(".csv")
            lines[name] = []
    for name, rows in lines.items():
        tables[name] = list(csv.DictReader(rows))
    return tables


def write_csv(folder: Path, tables: Tables, prefix: str = "") -> Path:
    for name, rows in tables.items():
        with open(folder / f"{prefix}{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else ["id"])
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_parquet(folder: Path, tables: Tables) -> Path:
    arrow = pytest.importorskip("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    for name, rows in tables.items():
        parquet.write_table(arrow.Table.from_pylist(rows), folder / f"{name}.parquet")
    return folder


def read_parquet(folder: Path) -> Tables:
    pytest.importorskip("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    return {each.stem: parquet.read_table(each).to_pylist() for each in folder.glob("*.parquet")}


def faults_of(path: Path) -> list[str]:
    source = Folder(path)
    return [each.fault for each in recognise(source).reader.entries(source) if each.fault]


def test_graphrag_example(tmp_path: Path) -> None:
    name, (parsed,) = load(write_csv(tmp_path, graphrag_example()))
    is_sound(parsed)
    assert name == "graphrag"
    assert statements(parsed) == [
        ("MARIA RESSA", "related to", "RAPPLER"),
        ("MARIA RESSA", "relationship description", "Maria Ressa founded Rappler"),
        ("MARIA RESSA", "AWARD", "Ressa shared the prize"),
    ]
    whole = len(parsed.article.text or "")
    assert mentions(parsed) == [
        ("MARIA RESSA", 0, whole, "MARIA RESSA"),
        ("RAPPLER", 0, whole, "RAPPLER"),
    ]
    evidence = [each for relation in parsed.article.relations for each in relation.evidence]
    assert [(each.start, each.end, each.text) for each in evidence] == [
        (0, whole, None),
        (0, whole, "She shared the prize in 2021."),
    ]
    assert parsed.local_ids == ("d1", "ressa.txt")
    assert not parsed.faults


@needs_samples
def test_graphrag_sample() -> None:
    pytest.importorskip("pyarrow")
    name, articles = load(SAMPLES / "graphrag")
    assert name == "graphrag"
    tables = read_parquet(SAMPLES / "graphrag")
    units = {each["id"] for each in tables["text_units"]}
    ids = [unit for each in tables["entities"] for unit in each["text_unit_ids"]]
    # The sample is the first 8 rows of each table: 11 + 7 of the text units named are not in it.
    # Two ends of relationships or claims are not among the 8 entities.
    assert counts(articles) == Counter(
        articles=1,
        entities=8 + 2,
        mentions=sum(each in units for each in ids) + 2,
        relations=2 * 8 + 8,
        evidence=20,
        faults=11 + 7,
    )
    assert all("is not in text_units" in each for each in reasons(articles[0]))


@needs_samples
def test_graphrag_corpus() -> None:
    pytest.importorskip("pyarrow")
    tables = read_parquet(CORPORA / "graphrag")
    name, articles = load(CORPORA / "graphrag")
    parsed = articles[0]
    is_sound(parsed)
    assert (name, len(articles)) == ("graphrag", 1)
    titles = {each["title"] for each in tables["entities"]}
    rows = tables["relationships"]
    # 25 claims came out of the model without fields, 2 say that there is none (type NONE).
    claims = [each for each in tables["covariates"] if each["type"] not in (None, "NONE")]
    assert (len(titles), len(rows), len(claims)) == (529, 978, 379)
    ends = {row[end] for row in rows for end in ("source", "target")}
    ends |= {each["subject_id"] for each in claims}
    ends |= {each["object_id"] for each in claims} - {None, "NONE"}
    assert {each.name for each in parsed.article.entities} == titles | ends
    assert len(parsed.article.entities) == len(titles | ends) == 602
    assert len(parsed.faults) == 27
    found = counts(articles)
    assert found["relations"] == 2 * len(rows) + len(claims) == 2_335
    of_table = [
        each
        for entity in parsed.article.entities
        if entity.name in titles
        for each in entity.mentions
    ]
    assert len(of_table) == sum(len(each["text_unit_ids"]) for each in tables["entities"]) == 779
    # All 42 text units are found, behind the title that GraphRAG puts before each.
    text = parsed.article.text or ""
    spans = {(each.start, each.end) for each in of_table}
    given = {
        each["text"].removeprefix("title: a-christmas-carol.txt.\n")
        for each in tables["text_units"]
    }
    assert {text[start:end] for start, end in spans} == given
    assert len(given) == 42
    # Where a name is not in its unit GraphRAG has made it up, or says it otherwise.
    words = {
        each["id"]: each["text"].partition("\n")[2].casefold() for each in tables["text_units"]
    }
    expected = sum(
        each["title"].casefold() in words[unit]
        for each in tables["entities"]
        for unit in each["text_unit_ids"]
    )
    located = sum(
        (each.text or "").casefold() in text[each.start : each.end].casefold() for each in of_table
    )
    assert located == expected == 592
    units = [
        each for relation in parsed.article.relations for each in relation.evidence if not each.text
    ]
    assert len(units) == sum(len(each["text_unit_ids"]) for each in rows) == 1_101


@needs_samples
def test_graphrag_csv_is_the_same_as_parquet(tmp_path: Path) -> None:
    folder = CORPORA / "graphrag"
    assert load(write_csv(tmp_path, read_parquet(folder))) == load(folder)


def test_graphrag_tables_of_older_versions(tmp_path: Path) -> None:
    tables = graphrag_example()
    renamed = {
        "documents": {"text": "raw_content"},
        "text_units": {"document_id": "document_ids"},
        "entities": {"title": "name"},
    }
    older = {
        name: [
            {renamed.get(name, {}).get(key, key): cell for key, cell in row.items()} for row in rows
        ]
        for name, rows in tables.items()
    }
    older["text_units"][0]["document_ids"] = ["d1"]
    now, before = tmp_path / "now", tmp_path / "project"
    artifacts = before / "output" / "20240701" / "artifacts"
    now.mkdir()
    artifacts.mkdir(parents=True)
    write_csv(artifacts, older, "create_final_")
    assert load(before) == load(write_csv(now, tables))
    write_csv(before / "output", tables)
    with pytest.raises(InputError, match="several outputs of GraphRAG"):
        load(before)


def test_graphrag_several_documents(tmp_path: Path) -> None:
    tables = graphrag_example()
    tables["documents"].append({"id": "d2", "title": "b.txt", "text": "Rappler reports. Empty."})
    tables["text_units"].append(
        {"id": "u2", "text": "source: b.\nRappler reports.", "document_id": "d2"}
    )
    tables["text_units"].append({"id": "u3", "text": "not in the text", "document_id": "d2"})
    tables["entities"][1]["text_unit_ids"] = "['u1' 'u2'\n 'u3']"
    tables["entities"].append({"title": "LOST", "text_unit_ids": "['u9']"})
    _, (first, second) = load(write_csv(tmp_path, tables))
    assert [each.name for each in first.article.entities] == ["MARIA RESSA", "RAPPLER"]
    assert mentions(second) == [("RAPPLER", 0, 16, "RAPPLER"), ("RAPPLER", None, None, "RAPPLER")]
    assert faults_of(tmp_path) == ["entities[2]: its text units are of no document"]


def test_graphrag_claims(tmp_path: Path) -> None:
    tables = graphrag_example()
    claim = tables["covariates"][0]
    changes: list[dict[str, str]] = [
        {"status": "SUSPECTED"},
        {"status": "FALSE", "object_id": "RAPPLER", "start_date": "2021-10-08T00:00:00"},
        {"type": "NONE"},
        {"subject_id": ""},
        {"subject_id": "THE JURY", "end_date": "NONE"},
        {"source_text": "Maria Ressa founded; in 2021."},
        {"source_text": "Maria Ressa founded; nowhere."},
        {"description": ""},
    ]
    for each in changes:
        tables["covariates"].append({"start_date": "", "end_date": "", **claim, **each})
    tables["covariates"][0] = {"start_date": "", "end_date": "", **claim}
    _, (parsed,) = load(write_csv(tmp_path, tables))
    assert statements(parsed)[3:] == [
        ("MARIA RESSA", "AWARD (suspected)", "Ressa shared the prize"),
        ("MARIA RESSA", "AWARD (false)", "RAPPLER"),
        ("THE JURY", "AWARD", "Ressa shared the prize"),
        ("MARIA RESSA", "AWARD", "Ressa shared the prize"),
        ("MARIA RESSA", "AWARD", "Ressa shared the prize"),
    ]
    assert [
        [each.text for each in relation.evidence] for relation in parsed.article.relations[6:]
    ] == [
        ["Maria Ressa founded", "in 2021."],
        ["Maria Ressa founded; nowhere."],
    ]
    assert parsed.article.relations[4].start_date == "2021-10-08"
    assert reasons(parsed) == [
        "covariates[3]: has no subject or no type",
        "covariates[4]: has no subject or no type",
        "covariates[8]: has neither an object nor a description",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda tables: tables.pop("documents"),
            r"has no documents\.parquet \(or \.csv\); copy it",
        ),
        (lambda tables: tables.pop("relationships") and tables.pop("covariates"), None),
        (
            lambda tables: [row.pop("title") for row in tables["entities"]],
            r"entities\.csv has no column title \(it has type, description, text_unit_ids\)",
        ),
        (
            lambda tables: tables.update(text_units=[]),
            r"text_units\.csv has no column text \(it has id\)",
        ),
    ],
)
def test_graphrag_tables_and_columns_that_are_missing(
    change: Callable[[Tables], Any], message: str | None, tmp_path: Path
) -> None:
    tables = graphrag_example()
    change(tables)
    write_csv(tmp_path, tables)
    if message is None:
        assert load(tmp_path)[1][0].article.relations == []
    else:
        with pytest.raises(InputError, match=message):
            load(tmp_path)


def test_graphrag_broken_csv(tmp_path: Path) -> None:
    write_csv(tmp_path, graphrag_example())
    limit = csv.field_size_limit()
    (tmp_path / "relationships.csv").write_bytes(b"source,target,text_unit_ids\n\xff")
    with pytest.raises(InputError, match=r"relationships\.csv is not UTF-8: byte 29"):
        load(tmp_path)
    assert csv.field_size_limit() == limit


def test_graphrag_long_cells(tmp_path: Path) -> None:
    tables = graphrag_example()
    text = "Ressa won. " * 50_000
    tables["documents"][0]["text"] = tables["text_units"][0]["text"] = text
    _, (parsed,) = load(write_csv(tmp_path, tables))
    assert parsed.article.text == text
    assert mentions(parsed)[0][1:3] == (0, len(text))


def test_a_single_table_is_no_input(tmp_path: Path) -> None:
    write_parquet(tmp_path, graphrag_example())
    assert load(tmp_path)[0] == "graphrag"
    with pytest.raises(InputError, match="is one table; give the folder"):
        load(tmp_path / "entities.parquet")


def test_a_folder_without_all_tables_says_which_is_missing(tmp_path: Path) -> None:
    write_parquet(tmp_path, graphrag_example())
    (tmp_path / "text_units.parquet").unlink()
    with pytest.raises(InputError, match=r"has no text_units\.parquet \(or \.csv\)"):
        load(tmp_path)


def test_parquet_needs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parquet(tmp_path, graphrag_example())
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        InputError, match=r"needs pyarrow: pip install 'datasette-newsgraph\[parquet\]'"
    ):
        load(tmp_path)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_parquet_is_an_input_error(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write_parquet(tmp_path_factory.mktemp("tables"), graphrag_example())
    path = folder / f"{data.draw(st.sampled_from(sorted(graphrag_example())))}.parquet"
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw[: data.draw(st.sampled_from((len(raw), len(raw) // 2, 8, 0)))])
    try:
        _, articles = load(folder)
    except (InputError, RecordError):
        return
    for each in articles:
        is_sound(each)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_graphrag_survives_damage(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write_csv(tmp_path_factory.mktemp("tables"), graphrag_example())
    (entry,) = format_called("graphrag").reader.entries(Folder(folder))
    with suppress(RecordError):
        is_sound(format_called("graphrag").reader.parse(data.draw(damaged(entry.raw))))
    path = folder / f"{data.draw(st.sampled_from(sorted(graphrag_example())))}.csv"
    path.write_bytes(data.draw(damaged(path.read_bytes())))
    with suppress(InputError, RecordError):
        for parsed in load(folder)[1]:
            is_sound(parsed)
