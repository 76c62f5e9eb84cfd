"""Every input format: what holds for all of them, by the table of formats."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.anchoring import STATUSES
from datasette_newsgraph.cli.recipe import RECIPE
from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.extraction.raw import RAW
from datasette_newsgraph.inspection import inspect
from datasette_newsgraph.labels import PRESETS
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.pipeline import Reading
from datasette_newsgraph.reading.recognition import format_called, recognise
from tests.cost import seconds_of_processor, steps_of
from tests.readers.damage import damaged
from tests.readers.files_of_formats import (
    every_format,
    open_example,
    write_example,
)
from tests.readers.loaded_formats import count, faults

#: Formats that state no relations.
WITHOUT_RELATIONS = {
    "spacy", "docbin", "stanza", "flair", "gliner", "transformers", "conll", "nif", "web_annotation",
    "google_nl", "comprehend", "ner_annotator",
    "gliner_training", "spacy_training", "elevant",
    "conll2012", "inception",
    "label_studio_table",
    "word_table",
    "schema_org", "ninjs_entities",
}  # fmt: skip

Run = Callable[..., Result]


# The table --------------------------------------------------------------------------------------


def test_names_are_told_apart() -> None:
    assert len({each.name for each in FORMATS}) == len(FORMATS)


@every_format
def test_a_format_says_all_of_itself(format_: Format) -> None:
    assert format_.title
    assert format_.endings
    assert format_.signs
    assert set(format_.labels) <= set(PRESETS)
    documentation = format_.reader.__doc__ or ""
    assert documentation.startswith("Read "), "the docstring of the reader begins with Read"
    assert "\nOffsets: " in documentation, "the docstring of the reader says what offsets count"


@every_format
def test_the_example_is_recognised_and_loaded(
    format_: Format, tmp_path: Path, db_path: Path
) -> None:
    path = write_example(format_, tmp_path)
    with closing(open_example(path)) as source:
        assert recognise(source).name == format_.name
    summary = load_files(db_path, [path])
    assert (summary.rejects, summary.changed) == (0, 0)
    assert summary.new == summary.read > 0
    assert not set(summary.spans) - set(STATUSES)
    assert count(db_path, "entities") > 0
    assert (count(db_path, "relations") > 0) >= (format_.name not in WITHOUT_RELATIONS)
    assert faults(db_path) == []
    again = load_files(db_path, [path])
    assert (again.new, again.changed, again.unchanged) == (0, 0, summary.new)


@every_format
def test_an_article_is_never_called_by_a_local_id(
    format_: Format, tmp_path: Path, db_path: Path
) -> None:
    load_files(db_path, [write_example(format_, tmp_path)])
    with closing(sqlite3.connect(db_path)) as connection:
        for (given_id,) in connection.execute("SELECT given_id FROM articles"):
            assert "://" in given_id or given_id.startswith(("sha256:", "urn:"))


@every_format
def test_a_packed_file_is_the_same(format_: Format, tmp_path: Path, db_path: Path) -> None:
    if format_.takes_folders:
        pytest.skip("read from folders or pairs of files")
    path = write_example(format_, tmp_path)
    packed = tmp_path / f"{path.name}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    first = load_files(db_path, [path])
    second = load_files(db_path, [packed])
    assert second.unchanged == first.new > 0
    assert set(second.formats.values()) == {format_.name}


@every_format
def test_a_name_is_no_matter(format_: Format, tmp_path: Path) -> None:
    if format_.takes_folders:
        pytest.skip("read from folders or pairs of files")
    path = write_example(format_, tmp_path).rename(tmp_path / "what.bin")
    with closing(Source(path)) as source:
        assert recognise(source).name == format_.name


@every_format
def test_inspect_and_convert_read_it_too(format_: Format, tmp_path: Path, run: Run) -> None:
    path = write_example(format_, tmp_path)
    inspected = run("inspect", path)
    assert inspected.exit_code == 0
    assert f"  format          {format_.name} (" in inspected.stdout
    converted = run("convert", path)
    assert converted.exit_code == 0
    records = [json.loads(line) for line in converted.stdout.splitlines()]
    assert any(record["entities"] for record in records)
    for record in records:
        for entity in record["entities"]:
            for mention in entity.get("mentions", ()):
                if "start" in mention:
                    assert record["text"][mention["start"] : mention["end"]] == mention["text"]


# Damage -----------------------------------------------------------------------------------------


@every_format
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_damage_is_more_than_a_reject(
    format_: Format, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever a file holds, it gives articles, rejects, or one clear error."""
    folder = tmp_path_factory.mktemp("damage")
    path = write_example(format_, folder)
    target = sorted(path.iterdir())[0] if path.is_dir() else path
    target.write_bytes(data.draw(damaged(target.read_bytes())))
    with closing(open_input(path)) as source:
        try:
            found = inspect(source, Reading.of(format_name=format_.name).pipeline(source))
            assert found.articles + found.records_rejected >= 0
        except InputError as error:
            assert str(path) in str(error)  # noqa: PT017 - damage may or may not be told so


@every_format
def test_one_bad_record_costs_itself_only(format_: Format, tmp_path: Path, db_path: Path) -> None:
    """In formats of lines or arrays; the others hold one document a file."""
    path = write_example(format_, tmp_path)
    if path.suffix not in (".json", ".jsonl", ".ijson") or format_.name == "followthemoney":
        pytest.skip("no lines")
    example = first_value(path.read_text("utf-8"))
    if isinstance(example, list):
        pytest.skip("a list is one document")
    lines = tmp_path / "lines.jsonl"
    lines.write_text("\n".join([json.dumps(example), '{"broken": ', json.dumps(example)]), "utf-8")
    summary = load_files(db_path, [lines])
    # Two tasks about one text are one article.
    assert summary.rejected == 1
    assert summary.new >= 1
    with closing(sqlite3.connect(db_path)) as connection:
        assert connection.execute("SELECT line FROM rejects WHERE item = 0").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("triples", {"subject": "Ana", "predicate": "met", "object": "Bob"}),
        (
            "web_annotation",
            {
                "@context": "http://www.w3.org/ns/anno.jsonld",
                "id": "urn:x:1",
                "type": "Annotation",
                "motivation": "identifying",
                "body": "http://www.wikidata.org/entity/Q90",
                "target": {
                    "source": "http://example.org/a",
                    "selector": {"type": "TextQuoteSelector", "exact": "Paris"},
                },
            },
        ),
    ],
)
def test_a_broken_line_among_those_of_one_article_is_told(
    name: str, line: dict[str, Any], tmp_path: Path, db_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([json.dumps(line), '{"broken": ', json.dumps(line)]))
    for unchanged in (0, 1):
        summary = load_files(db_path, [path])
        assert (summary.formats, summary.rejected) == ({"a.jsonl": name}, 1)
        assert (summary.new, summary.unchanged) == (1 - unchanged, unchanged)
        with closing(sqlite3.connect(db_path)) as connection:
            assert connection.execute("SELECT line FROM rejects").fetchall() == [(2,)]


def test_statements_before_a_damage_are_kept(tmp_path: Path, db_path: Path) -> None:
    path = tmp_path / "a.json"
    line = json.dumps({"subject": "Ana", "predicate": "met", "object": "Bob"})
    path.write_text(f"[{line}, {line}, {line[:20]}")
    with pytest.raises(InputError, match="what comes before was read"):
        load_files(db_path, [path])
    assert count(db_path, "relations") == 1


def first_value(text: str) -> Any:
    return json.JSONDecoder().raw_decode(text)[0]


# Recognition ------------------------------------------------------------------------------------


def test_what_is_not_recognised_names_the_nearest(tmp_path: Path, run: Run, db_path: Path) -> None:
    path = tmp_path / "what.jsonl"
    path.write_text('{"text": "Kabul fell.", "entities": [{"start_offset": 0}]}\n')
    result = run("load", db_path, path)
    assert result.exit_code == 1
    assert "is not of a format that newsgraph recognises (the nearest: " in result.stderr
    assert "doccano" in result.stderr
    assert "--format NAME" in result.stderr
    assert not db_path.exists()


TEXT = b"The ministers of all countries met in Geneva for three days of talks.\n"


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (TEXT, "is plain text, in which nothing is annotated"),
        (b"<!DOCTYPE html>\n<p>" + TEXT, "is a web page (HTML), in which nothing is annotated"),
        (b"%PDF-1.7\n" + TEXT, "save its text as plain text"),
        (b"{\\rtf1 " + TEXT, "save it as plain text"),
        (b"# Talks open\n\n" + TEXT, "if it is a text, load it with --extract"),
        (b'{"text": "Talks open."}', "if its texts are raw articles, load it with --extract"),
    ],
    ids=["text", "HTML", "PDF", "RTF", "Markdown", "JSON"],
)
@pytest.mark.parametrize("command", ["load", "inspect", "convert"])
def test_a_raw_article_says_what_to_do_about_it(
    tmp_path: Path, run: Run, db_path: Path, command: str, data: bytes, remedy: str
) -> None:
    path = tmp_path / "article"
    path.write_bytes(data)
    result = run(command, *([db_path] if command == "load" else []), path)
    assert result.exit_code == 1
    assert remedy in result.output
    assert "with --extract" in result.output
    assert RECIPE.splitlines()[-1] in run("formats", "--help").stdout


def test_the_recipe_makes_of_texts_what_can_be_loaded(
    tmp_path: Path, run: Run, db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With rules in the place of a model, which is not installed with spaCy."""
    spacy = pytest.importorskip("spacy")
    model = spacy.blank("en")
    model.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Geneva"}])
    monkeypatch.setattr(spacy, "load", {"en_core_web_sm": model}.__getitem__)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_bytes(TEXT)
    (tmp_path / "articles" / "b.txt").write_text("Zürich and Geneva.", "utf-8")
    exec(compile(RECIPE, "recipe", "exec"), {})
    assert run("load", db_path, "articles.jsonl").exit_code == 0
    with closing(sqlite3.connect(db_path)) as connection:
        counted = connection.execute("SELECT name, type, articles FROM entity_index").fetchall()
    assert counted == [("Geneva", "Place", 2)]


def recognised(path: Path) -> str:
    try:
        with closing(Source(path)) as source:
            return recognise(source).name
    except InputError as error:
        return str(error)


@pytest.mark.parametrize(
    "line",
    ["[Ana] “hello” there\n", "[\n", "[1] x\n", '["a\n', '{"a": x\n', "{\n", '"a b\n', "<a>\n",
     "# a O\n", "[[1, 2],", '{"a": [', "word ", "[", "[a\n[1]\n"],
)  # fmt: skip
def test_recognition_takes_steps_in_line_with_the_file(line: str, tmp_path: Path) -> None:
    def steps(count: int) -> int:
        path = tmp_path / "a.txt"
        path.write_text(line * count, "utf-8")
        return steps_of(lambda: recognised(path))

    # The first time expressions are compiled.
    steps(1)
    assert steps(2000) < 4.5 * steps(500)


@pytest.mark.parametrize(
    "piece", ["[", '{"@context":[', '{"entities":{"a":', "<!--", "T1 ", "s,p,"]
)
def test_what_never_ends_is_soon_told_not_to_be_known(piece: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(piece * ((10 << 20) // len(piece)))
    with seconds_of_processor(20):
        told = recognised(path)
    assert "newsgraph" in told or "cut off or damaged" in told


#: Words that name the columns of tables, with blanks, commas and tabs between them.
COLUMN_WORDS = "subject, predicate, object\tsource,type,target s,p,o TOKEN\tO B-PER"


@pytest.mark.parametrize(
    "document",
    [
        [{"tokenized_words": COLUMN_WORDS.split(), "named": [[0, 0, "person"]]}],
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": [2.3, 48.9]},
                    "properties": {"source": "s", "target": "o", "type": COLUMN_WORDS},
                }
            ],
        },
        [["subject", "predicate", "object"], ["Ana", "O", "B-PER"], ["Bob", "O", "B-PER"]],
        {COLUMN_WORDS: [COLUMN_WORDS] * 9},
        {"messages": [{"role": "user", "content": f'Give "subject", "relation", {COLUMN_WORDS}'}]},
    ],
    ids=["tokens", "GeoJSON", "rows", "keys", "messages"],
)
@pytest.mark.parametrize("indent", [None, 1, "\t"])
@pytest.mark.parametrize("layout", ["one", "an array", "lines"])
def test_json_is_no_table(
    tmp_path: Path, document: Any, indent: int | str | None, layout: str
) -> None:
    text = json.dumps([document] if layout == "an array" else document, indent=indent)
    path = tmp_path / "a.json"
    path.write_text("\ufeff " + f"{text}\n" * (5 if layout == "lines" else 1), "utf-8")
    with closing(Source(path)) as source, pytest.raises(InputError) as caught:
        recognise(source)
    said = str(caught.value).removeprefix(str(path)).split(";")[0]
    assert not re.search("table|columns|plain text|triples|conll", said)


@pytest.mark.parametrize("token", ["[1]", "{", "[", '["a"', "[]"])
def test_a_token_may_look_like_json(token: str, tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text(f"{token} O\nParis B-LOC\nfell O\n. O\n" * 3)
    with closing(Source(path)) as source:
        assert recognise(source).name == "conll"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        # Of a folder without text_units, too.
        ("human_readable_id,title,type\n0,ANA,PERSON\n", "a table of GraphRAG.*without text_units"),
        ('id,text,note\n1,"He met her in Rome and in Paris in May.\nSo it was.",x\n', "a table"),
        ('id\ttext\n1\t"He met her in Rome and in Paris in May.\nSo it was."\n', "a table"),
    ],
)  # fmt: skip
def test_a_table_is_no_plain_text(data: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(data)
    with closing(Source(path)) as source, pytest.raises(InputError, match=f": is {said}"):
        recognise(source)


def test_a_format_can_be_said(tmp_path: Path, run: Run, db_path: Path) -> None:
    path = tmp_path / "what.jsonl"
    path.write_text('{"id": 7, "text": "Kabul fell."}\n')
    assert run("load", db_path, path, "--format", "doccano").exit_code == 0
    result = run("load", db_path, path, "--format", "what")
    assert result.exit_code == 2
    assert "label_studio" in result.stderr


@pytest.mark.parametrize("name", ["Label-Studio", "label_studio", "LABEL_STUDIO"])
def test_a_format_is_found_by_its_name(name: str) -> None:
    assert format_called(name).name == "label_studio"


def test_a_name_that_no_format_has() -> None:
    with pytest.raises(UsageError, match="the formats are record, "):
        format_called("morse")


def test_an_empty_file_is_of_any_format(tmp_path: Path, db_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"")
    assert load_files(db_path, [path]).read == 0


def test_a_first_record_may_be_longer_than_what_is_looked_at_first(
    tmp_path: Path, db_path: Path
) -> None:
    text = "Kabul fell. " * 50_000
    path = tmp_path / "long.json"
    entity = {"id": 1, "start_offset": 0, "end_offset": 5, "label": "GPE"}
    path.write_text(json.dumps({"id": 1, "text": text, "entities": [entity], "relations": []}))
    assert load_files(db_path, [path]).formats == {"long.json": "doccano"}


def test_formats_are_listed_with_what_they_need(run: Run) -> None:
    lines = run("formats").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [each.name for each in (*FORMATS, *RAW)]
    assert "needs --extract" in lines[-1]
    assert "datasette-newsgraph[spacy]" in next(line for line in lines if "DocBin" in line)
