"""The reader of NIF: contexts and strings in Turtle."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.formats.nif import reader as nif
from datasette_newsgraph.readers.formats.nif import turtle_input
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import recognise
from datasette_newsgraph.vocabulary import PREFIXES
from tests.readers.statements_of_rdf import example_of, read, reasons, surfaces

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")

HEADER = f"""
@prefix nif: <{PREFIXES["nif"]}> .
@prefix itsrdf: <{PREFIXES["itsrdf"]}> .
@prefix dcterms: <{PREFIXES["dcterms"]}> .
@prefix dbo: <http://dbpedia.org/ontology/> .
@prefix dbr: <http://dbpedia.org/resource/> .
"""


def test_the_example_of_nif(tmp_path: Path) -> None:
    [parsed] = read(nif, example_of(nif), tmp_path)
    article = parsed.article
    assert (article.id, article.url, article.language) == ("https://example.org/cop21", None, "en")
    assert article.text == "Laurent Fabius presides over the talks."
    assert surfaces(parsed) == [("Person", "Laurent Fabius", 0, 14, "Laurent Fabius")]
    assert article.entities[0].same_as == ["http://dbpedia.org/resource/Laurent_Fabius"]
    assert article.entities[0].mentions[0].confidence == 0.97
    # parse takes the Turtle itself as well as the N-Triples that entries makes of it.
    assert msgspec.to_builtins(nif.parse(example_of(nif)).article) == msgspec.to_builtins(article)


@needs_samples
def test_the_sample_of_nif_is_the_head_of_a_corpus() -> None:
    path = SAMPLES / "nif_reuters128_head.ttl"
    found = read(nif, path)
    # Counted without a parser: each string is of another document, none of whose contexts is there;
    # the last subject is a property of NIF.
    given = path.read_text("utf-8")
    strings = re.findall(r"^<(\S+)#char=(\d+),(\d+)>\n(?:.*\n)*?.*anchorOf \"(.*?)\"", given, re.M)
    assert len(strings) == given.count("a       nif:RFC5147String") == 12
    assert len({document for document, *_ in strings}) == len(found) == 12
    assert [
        (each.article.id, each.article.text, *surfaces(each)[0][2:], len(each.faults))
        for each in found
    ] == [(iri, None, int(start), int(end), words, 0) for iri, start, end, words in strings]
    identities = [each.article.entities[0].same_as for each in found]
    assert sum(map(len, identities)) == given.count("itsrdf:taIdentRef <") == 12
    assert {each.article.entities[0].type for each in found} == {"Thing"}  # There is no taClassRef.


def context(*more: str, text: str = '"Fabius met Kerry. He spoke."@en') -> bytes:
    statement = f"<https://example.org/a#char=0,27> a nif:Context ; nif:isString {text} .\n"
    return (HEADER + statement + "\n".join(more)).encode()


def string(start: int, end: int, rest: str) -> str:
    return (
        f"<https://example.org/a#char={start},{end}> a nif:RFC5147String ;"
        f" nif:referenceContext <https://example.org/a#char=0,27> ; {rest} ."
    )


def test_one_thing_under_several_names_has_one_type_and_no_pronoun_for_an_alias(
    tmp_path: Path,
) -> None:
    fabius = "itsrdf:taIdentRef dbr:Laurent_Fabius"
    [parsed] = read(
        nif,
        context(
            string(18, 20, f'nif:anchorOf "He" ; {fabius}'),
            string(
                0, 6, f'nif:anchorOf "Fabius" ; itsrdf:taClassRef dbo:Agent, dbo:Person ; {fabius}'
            ),
            string(11, 16, 'nif:anchorOf "Kerry"'),
        ),
        tmp_path,
    )
    assert surfaces(parsed) == [
        ("Person", "Fabius", 0, 6, "Fabius"),
        ("Person", "Fabius", 18, 20, "He"),
        ("Thing", "Kerry", 11, 16, "Kerry"),
    ]
    assert parsed.article.entities[0].aliases == []


def test_words_and_sentences_are_no_mentions_and_units_say_who_is_meant(tmp_path: Path) -> None:
    [parsed] = read(
        nif,
        context(
            string(0, 17, 'a nif:Sentence ; nif:anchorOf "Fabius met Kerry."'),
            string(7, 10, 'a nif:Word ; nif:anchorOf "met"'),
            string(
                11,
                16,
                'a nif:Word, nif:Phrase ; nif:anchorOf "Kerry" ; nif:annotationUnit'
                ' [ itsrdf:taIdentRef dbr:John_Kerry ; itsrdf:taConfidence "0.5" ],'
                " [ itsrdf:taClassRef dbo:Politician ]",
            ),
        ),
        tmp_path,
    )
    assert surfaces(parsed) == [("Politician", "Kerry", 11, 16, "Kerry")]
    assert parsed.article.entities[0].same_as == ["http://dbpedia.org/resource/John_Kerry"]
    assert parsed.article.entities[0].mentions[0].confidence == 0.5


def test_blank_nodes_make_the_same_record_each_time(tmp_path: Path) -> None:
    data = (
        HEADER + '[] nif:anchorOf "Kerry" ; nif:referenceContext _:c .\n'
        '[] nif:anchorOf "Fabius" ; nif:beginIndex 0 ; nif:endIndex 6 ; nif:referenceContext _:c .\n'
        '_:c nif:isString "Fabius met Kerry." .'
    ).encode()
    path = tmp_path / "a.ttl"
    path.write_bytes(data)
    raws = []
    for _ in range(2):
        with closing(Source(path)) as source:
            raws.append([entry.raw for entry in nif.entries(source)])
    assert raws[0] == raws[1]
    parsed = nif.parse(raws[0][0])
    assert parsed.article.id == ""
    assert sorted(each[4] or "" for each in surfaces(parsed)) == ["Fabius", "Kerry"]


def test_metadata_relative_iris_and_articles_without_entities(tmp_path: Path) -> None:
    data = HEADER + (
        '<reports/7#char=0,5> a nif:Context ; nif:isString "Paris" ; dcterms:title "Talks" ;'
        ' dcterms:issued "2015-11-30" ; nif:sourceUrl <https://example.org/7> .\n'
        '<https://example.org/8#offset_0_4> a nif:Context ; nif:isString "Bonn" .'
    )
    seven, eight = read(nif, data.encode(), tmp_path)
    assert (seven.article.id, seven.article.url) == ("", "https://example.org/7")
    assert (seven.local_ids, seven.article.title) == (("reports/7",), "Talks")
    assert seven.article.published == "2015-11-30"
    assert (eight.article.id, eight.article.entities) == ("https://example.org/8", [])


def test_bad_offsets_are_faults_and_the_words_are_taken(tmp_path: Path) -> None:
    [parsed] = read(
        nif,
        context(
            '<urn:x:1> nif:anchorOf "Fabius" ; nif:beginIndex "zero" ; nif:endIndex -1 ;'
            " nif:referenceContext <https://example.org/a#char=0,27> .",
            string(90, 99, "itsrdf:taIdentRef dbr:Nobody"),
        ),
        tmp_path,
    )
    assert surfaces(parsed) == [("Thing", "Fabius", None, -1, "Fabius")]
    assert reasons(parsed) == [
        "<urn:x:1>: beginIndex 'zero' is no number",
        "<https://example.org/a#char=90,99>: 90-99 is not a span of the text (27 long)",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\n\n<a:b> <a:c> <a:d", "line 3: not Turtle: "),
        (b'\n<a:b> <a:c> "\xff" .', "not UTF-8: byte 15 of the record"),
        (b'<a:b> <a:c> "x', "line 1: not Turtle: "),
        (b"<a:b> <a:c> " + b"[ <a:d> " * 5000, "line 1: nested too deeply"),
        (b"{ <a:b> <a:c> <a:d> } => {} .", "line 1: not Turtle: "),
        (b'"words" <a:c> <a:d> .', "line 1: not Turtle: "),
    ],
)
def test_a_file_that_is_not_turtle_is_refused_with_its_line(
    data: bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=re.escape(f"a: {message}")):
        read(nif, data, tmp_path)
    with pytest.raises(RecordError, match=re.escape(message)):
        nif.parse(data)


def test_rdflib_is_quiet_about_odd_iris(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    read(nif, context('<urn:a\\u0020b> nif:anchorOf "Kerry" .'), tmp_path)
    assert caplog.records == []


def test_turtle_without_entities(tmp_path: Path) -> None:
    assert "no entities in it" in read(nif, b"<a:b> <a:c> <a:d> .", tmp_path)[0]
    assert (
        "no entities in it" in read(nif, (HEADER + "<a:b> a nif:Context .").encode(), tmp_path)[0]
    )


def test_literals_are_kept_as_written_and_iris_come_out_whole() -> None:
    xsd = PREFIXES["xsd"]
    data = (
        f'<urn:a\\u0020b> <urn:p> "01"^^<{xsd}int>, "<x"^^<{PREFIXES["rdf"]}XMLLiteral>,'
        ' "\\u0000\\uD800\\n\\"\\\\"@en, <urn:\\ud800> .'
    ).encode()
    [(subject, about)] = turtle_input.read(data).items()
    written = turtle_input.ntriples(subject, about, {})
    assert set(written.splitlines()) == {
        '<urn:a\\u0020b> <urn:p> "01" .',
        '<urn:a\\u0020b> <urn:p> "<x" .',
        '<urn:a\\u0020b> <urn:p> "��\\n\\"\\\\"@en .',
        "<urn:a\\u0020b> <urn:p> <urn:�> .",
    }
    [(again, _)] = turtle_input.read(written.encode()).items()
    assert again == subject


@needs_samples
def test_our_own_turtle_is_known_for_what_it_is() -> None:
    with (
        closing(Source(Path(__file__).parents[1] / "data" / "one_article.ttl")) as source,
        pytest.raises(InputError, match="is an RDF export of newsgraph"),
    ):
        recognise(source)
