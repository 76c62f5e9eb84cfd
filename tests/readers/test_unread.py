"""Damage to RDF and annotations, and the formats that are known and not read."""

from __future__ import annotations

import contextlib
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.formats import FORMATS, Format
from datasette_newsgraph.readers.formats.nif import reader as nif
from datasette_newsgraph.readers.formats.web_annotation import reader as web_annotation
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.readers.unread import UNREAD
from datasette_newsgraph.reading.recognition import recognise, sample_of
from datasette_newsgraph.vocabulary import PREFIXES
from tests.readers.damage import damaged
from tests.readers.files_of_formats import every_format, write_example
from tests.readers.statements_of_rdf import example_of, parsed_or_refused, read

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")


# Damage -----------------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from((nif, web_annotation)).flatmap(
        lambda reader: st.tuples(st.just(reader), damaged(example_of(reader)))
    )
)
def test_damage_is_a_record_error_at_most(given: tuple[Any, bytes]) -> None:
    reader, raw = given
    found = parsed_or_refused(reader, raw)
    if isinstance(found, str):
        assert "\n" not in found
    else:
        msgspec.convert(msgspec.to_builtins(found.article), type(found.article))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from((nif, web_annotation)).flatmap(
        lambda reader: st.tuples(st.just(reader), damaged(example_of(reader)))
    )
)
def test_damaged_files_are_input_errors_at_most(tmp_path: Path, given: tuple[Any, bytes]) -> None:
    reader, raw = given
    with contextlib.suppress(InputError):
        read(reader, raw, tmp_path)


# Recognition ------------------------------------------------------------------------------------


def recognised(path: Path) -> str:
    with closing(Source(path)) as source:
        try:
            return recognise(source).name
        except InputError as error:
            return str(error).partition(": ")[2]


@pytest.mark.parametrize(("reader", "name"), [(nif, "nif"), (web_annotation, "web_annotation")])
def test_examples_are_recognised(reader: ModuleType, name: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(example_of(reader))
    assert recognised(path) == name
    path.write_bytes(b"\n".join(example_of(reader).split(b"\n")).replace(b"/", b"\\/"))
    assert recognised(path) == name or name == "nif"


#: The samples that are not read, each with a part of what is said of it.
NOT_READ = {
    "gdelt_gkg21.tsv": "a table of the GDELT Global Knowledge Graph 2.1",
    "naf_head.xml": "a piece of NAF XML",
    "newsreader_gaf_sem.trig": "NewsReader output (SEM and GAF in TriG)",
    "newsplease_article.json": "an article with its metadata, from news-please or trafilatura",
    "ftm_export_rdf_output.nt": "FollowTheMoney as RDF",
    "re3d_documents.jsonl": "a single table of re3d",
    "re3d_entities.jsonl": "a single table of re3d",
    "re3d_relations.jsonl": "a single table of re3d",
}


@needs_samples
@pytest.mark.parametrize(("name", "title"), NOT_READ.items())
def test_what_is_not_read_is_told_with_a_remedy(name: str, title: str) -> None:
    (unread,) = (each for each in UNREAD if each.title == title)
    assert recognised(SAMPLES / name) == f"is {unread.words}"


@needs_samples
def test_signs_of_what_is_not_read_are_in_no_other_sample() -> None:
    others = {"diffbot_nl_fields.json", *NOT_READ}
    for path in sorted(SAMPLES.iterdir()):
        # Text beside brat's annotations is prose, and is read with them.
        if path.is_dir() or path.name in others or path.suffix in {".md", ".txt"}:
            continue
        with closing(Source(path)) as source:
            sample = sample_of(source)
        found = [
            each.title for each in UNREAD if any(sign.score(sample) == 1 for sign in each.signs)
        ]
        assert found == [], path.name


#: What holds of many a file, of which a format that is read asks for more.
OF_MANY = {
    "XML",
    "JSON that has an id and a title, and nothing else of an article record",
    "a table without the columns subject, predicate and object",
}


@every_format
def test_what_is_read_has_no_signs_of_what_is_not(format_: Format, tmp_path: Path) -> None:
    path = write_example(format_, tmp_path)
    if path.is_dir() or path.suffix == ".zip":
        return
    with closing(Source(path)) as source:
        sample = sample_of(source)
    found = {each.title for each in UNREAD if any(sign.score(sample) == 1 for sign in each.signs)}
    assert found <= OF_MANY, f"{format_.name} is read: take it out of readers/unread.py"


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (b"<!DOCTYPE html>\n<html lang=en><body><p>Talks open.", "a web page (HTML)"),
        (b"<!-- saved -->\n<HTML>\n", "a web page (HTML)"),
        (b'<?xml version="1.0"?>\n<html xmlns="urn:x">', "a web page (HTML)"),
        (b'<?xml version="1.0"?>\n<feed>', "XML"),
        (b'<rdf:RDF xmlns:rdf="urn:x">', "XML"),
        (b"<nafHeader/><text><wf id='w1'>Talks</wf>", "a piece of NAF XML"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF file"),
        (b"PK\x03\x04\x14\0\x06\0", "a zip archive"),
        (b"PK\x03\x04\x14\0\x06\0" + b"\0" * 30 + b"xl/workbook.xml", "a zip archive"),
        (b"PK\x03\x04\x14\0\x06\0" + b"\0" * 30 + b"word/document.xml", "a text document"),
        (b"PK\x03\x04\x14\0" + b"\0" * 24 + b"mimetypeapplication/vnd.oasis.opendocument.text",
         "a text document"),
        (b"{\\rtf1\\ansi Talks open.}", "a text document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99 + "WordDocument".encode("utf-16-le"),
         "a text document"),
        (b"SQLite format 3\0", "a SQLite database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel"),
        ("Les négociations ouvrent à Paris ce lundi, sous haute garde.\n".encode(), "plain text"),
        (b"Talks open\n\nLaurent Fabius presides over the talks in Paris.\n", "plain text"),
        (b"name,place\nFabius,Paris\n", "a table without the columns"),
        (b'{"title":"x","text":"y","fingerprint":"z","source-hostname":"","excerpt":"","id":"1"}',
         "an article with its metadata"),
        (b'{"chunk-1": {"content": "{}", "chunk_order_index": 0, "full_doc_id": "doc-1"}}',
         "one of the stores of LightRAG"),
        (b"20261004081500-T23\t20261004081500\t1" + b"\t" * 24, "a table of the GDELT"),
        (b'{"@context":"urn:x","@graph":[{"@type":"%sContext"}]}' % PREFIXES["nif"].encode(),
         "NIF in JSON-LD"),
        (b"<http://127.0.0.1/-/newsgraph/id/entity/paris-q90-abcdefghijkl2> <a:p> <a:o> .\n",
         "an RDF export of newsgraph"),
    ],
)  # fmt: skip
def test_other_files_that_are_not_read(data: bytes, title: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    assert recognised(path).startswith(f"is {title}")


def test_remedies_are_one_line_and_no_title_comes_twice() -> None:
    titles = [each.title for each in UNREAD]
    assert len(titles) == len(set(titles))
    for each in UNREAD:
        assert each.signs
        assert "\n" not in each.remedy
        assert not each.remedy.endswith(".")
    assert not set(titles) & {each.title for each in FORMATS}


@pytest.mark.parametrize(
    "data", [b"a " * 500_000, b"\n" * 500_000, b"a,b;" * 250_000, b"<" * 10**6]
)
def test_signs_are_looked_for_in_linear_time(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    recognised(path)
