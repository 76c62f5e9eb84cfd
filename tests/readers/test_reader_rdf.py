"""NIF and Web Annotations, and the formats that are known and not read."""

from __future__ import annotations

import contextlib
import json
import re
import textwrap
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import FORMATS
from datasette_newsgraph.readers.formats.nif import reader as nif
from datasette_newsgraph.readers.formats.nif import turtle_input
from datasette_newsgraph.readers.formats.web_annotation import reader as web_annotation
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.readers.unread import UNREAD
from datasette_newsgraph.reading.recognition import recognise, sample_of
from datasette_newsgraph.vocabulary import PREFIXES
from tests.readers.damage import damaged

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")

HEADER = f"""
@prefix nif: <{PREFIXES["nif"]}> .
@prefix itsrdf: <{PREFIXES["itsrdf"]}> .
@prefix dcterms: <{PREFIXES["dcterms"]}> .
@prefix dbo: <http://dbpedia.org/ontology/> .
@prefix dbr: <http://dbpedia.org/resource/> .
"""


def example_of(reader: ModuleType) -> bytes:
    """The example in a reader's docstring."""
    assert reader.__doc__ is not None
    return textwrap.dedent(reader.__doc__.partition("Example::\n\n")[2]).encode()


def read(reader: Any, data: bytes | Path, folder: Path | None = None, name: str = "a") -> list[Any]:
    """What each record of a file becomes: what was parsed, or why it was not."""
    if isinstance(data, bytes):
        assert folder is not None
        path = folder / name
        path.write_bytes(data)
    else:
        path = data
    with closing(Source(path)) as source:
        return [parsed_or_refused(reader, entry.raw) for entry in reader.entries(source)]


def parsed_or_refused(reader: Any, raw: bytes) -> Any:
    try:
        return reader.parse(raw)
    except RecordError as error:
        return str(error)


def surfaces(parsed: Parsed) -> list[tuple[str, str, int | None, int | None, str | None]]:
    return [
        (entity.type, entity.name, mention.start, mention.end, mention.text)
        for entity in parsed.article.entities
        for mention in entity.mentions
    ]


def reasons(parsed: Parsed) -> list[str]:
    return [fault.reason for fault in parsed.faults]


# NIF --------------------------------------------------------------------------------------------


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


# Web Annotation ---------------------------------------------------------------------------------

WIKIDATA_PARIS = "http://www.wikidata.org/entity/Q90"
IDENTIFYING = {"type": "SpecificResource", "purpose": "identifying", "source": WIKIDATA_PARIS}
POSITION = {"type": "TextPositionSelector", "start": 31, "end": 36}
QUOTE = {"type": "TextQuoteSelector", "exact": "Paris"}
SOURCE = "https://example.org/cop21"


def annotation(body: Any = IDENTIFYING, target: Any = None, **fields: Any) -> dict[str, Any]:
    target = {"source": SOURCE, "selector": [POSITION, QUOTE]} if target is None else target
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "body": body,
        "target": target,
        **fields,
    }


def annotated(*annotations: Any) -> Parsed:
    return web_annotation.parse(json.dumps({"annotations": annotations}).encode())


def parse_one(*args: Any, **fields: Any) -> Parsed:
    return web_annotation.parse(json.dumps(annotation(*args, **fields)).encode())


def test_the_example_of_web_annotation(tmp_path: Path) -> None:
    [parsed] = read(web_annotation, example_of(web_annotation), tmp_path)
    assert parsed.article.id == parsed.article.url == SOURCE
    assert surfaces(parsed) == [("Place", "Paris", 31, 36, "Paris")]
    assert parsed.article.entities[0].same_as == [WIKIDATA_PARIS]
    assert parsed.article.text is None


@needs_samples
@pytest.mark.parametrize("number", [26, 27, 32, 41])
def test_annotations_of_the_specification_identify_nothing(number: int) -> None:
    # 26, 27 and 32 have a comment or review for a body, 41 a tag without an IRI and two comments.
    [message] = read(web_annotation, SAMPLES / f"web_annotation_anno{number}.json")
    assert message.startswith("no entities in it: these are Web Annotations")


@pytest.mark.parametrize(
    ("body", "motivation", "found"),
    [
        (WIKIDATA_PARIS, "identifying", ("Thing", [WIKIDATA_PARIS])),
        ({"id": WIKIDATA_PARIS, "type": "Place"}, ["linking"], ("Place", [WIKIDATA_PARIS])),
        (WIKIDATA_PARIS, "oa:tagging", ("Thing", [WIKIDATA_PARIS])),
        ({**IDENTIFYING, "source": {"id": WIKIDATA_PARIS}}, None, ("Thing", [WIKIDATA_PARIS])),
        (
            {"type": "TextualBody", "purpose": "identifying", "value": WIKIDATA_PARIS},
            "tagging",
            ("Thing", [WIKIDATA_PARIS]),
        ),
        (
            [IDENTIFYING, {"type": "TextualBody", "purpose": "tagging", "value": "City"}],
            "commenting",
            ("City", [WIKIDATA_PARIS]),
        ),
        (
            [
                IDENTIFYING,
                {"purpose": "classifying", "source": "http://dbpedia.org/ontology/City"},
                {**IDENTIFYING, "source": "https://sws.geonames.org/2988507/"},
            ],
            None,
            ("City", [WIKIDATA_PARIS, "https://sws.geonames.org/2988507/"]),
        ),
        (
            {"type": "Choice", "items": [IDENTIFYING, {**IDENTIFYING, "source": "urn:x:2"}]},
            None,
            ("Thing", [WIKIDATA_PARIS]),
        ),
        (
            {"type": "TextualBody", "purpose": "classifying", "value": "Place"},
            None,
            ("Place", []),
        ),
    ],
)
def test_bodies_that_identify(body: Any, motivation: Any, found: tuple[str, list[str]]) -> None:
    parsed = parse_one(body, motivation=motivation)
    assert [(each.type, each.same_as) for each in parsed.article.entities] == [found]
    assert surfaces(parsed) == [(found[0], "Paris", 31, 36, "Paris")]


@pytest.mark.parametrize(
    ("body", "motivation"),
    [
        ("https://example.org/comment", "commenting"),
        ("https://example.org/comment", None),
        ({"type": "TextualBody", "purpose": "tagging", "value": "love"}, None),
        ({"type": "TextualBody", "value": "I was there"}, "identifying"),
        (None, "highlighting"),
        ({"type": "TextualBody", "id": WIKIDATA_PARIS, "value": "a note"}, "tagging"),
        (17, "identifying"),
        ({"source": {"id": {}}}, "identifying"),
    ],
)
def test_bodies_that_identify_nothing(body: Any, motivation: Any) -> None:
    with pytest.raises(RecordError, match="no entities in it"):
        parse_one(body, motivation=motivation)


@pytest.mark.parametrize(
    ("target", "span"),
    [
        ({"source": SOURCE, "selector": QUOTE}, (None, None, "Paris")),
        (f"{SOURCE}#char=31,36", (31, 36, None)),
        (
            {
                "source": {"id": SOURCE, "language": "fr"},
                "selector": {
                    "type": "FragmentSelector",
                    "conformsTo": "http://tools.ietf.org/rfc/rfc5147",
                    "value": "char=30,90;length=120",
                    "refinedBy": {"type": "TextPositionSelector", "start": 1, "end": 6},
                },
            },
            (31, 36, None),
        ),
        # A passage, in which the words are looked for.
        (
            {"source": SOURCE, "selector": {**POSITION, "end": 90, "refinedBy": QUOTE}},
            (31, 90, "Paris"),
        ),
        # Where the fragment begins is not known.
        (
            {
                "source": SOURCE,
                "selector": [
                    {"type": "FragmentSelector", "value": "para5", "refinedBy": POSITION},
                    QUOTE,
                ],
            },
            (None, None, "Paris"),
        ),
        (
            {"source": SOURCE, "selector": {**POSITION, "start": 36.0, "end": "31"}},
            (36, 31, None),
        ),
    ],
)
def test_targets(target: Any, span: tuple[int | None, int | None, str | None]) -> None:
    parsed = parse_one(target=target)
    assert parsed.article.id == SOURCE
    name = "Paris" if span[2] else "Q90"
    assert surfaces(parsed) == [("Thing", name, *span)]
    assert parsed.faults == []


@pytest.mark.parametrize(
    "target",
    [
        SOURCE,
        {"id": SOURCE, "type": "Text"},
        {"source": SOURCE, "selector": {"type": "XPathSelector", "value": "/p[1]"}},
        {
            "source": SOURCE,
            "selector": {"type": "FragmentSelector", "value": "p", "refinedBy": POSITION},
        },
    ],
)
def test_a_target_without_a_span_is_an_entity_of_the_article(target: Any) -> None:
    parsed = parse_one(target=target)
    assert [(each.name, each.mentions) for each in parsed.article.entities] == [("Q90", [])]


def test_offsets_that_are_none_are_faults() -> None:
    for start in ("x", 1e400, 0.5, [], 10**30, True):
        parsed = parse_one(
            target={"source": SOURCE, "selector": [{**POSITION, "start": start}, QUOTE]}
        )
        assert surfaces(parsed) == [("Thing", "Paris", None, 36, "Paris")], start
        if start != 1e400:  # json writes Infinity, which is read as null
            assert "is no whole number" in reasons(parsed)[0]


@pytest.mark.parametrize(
    "selector",
    [
        "Paris",
        7,
        [POSITION, {**QUOTE, "type": 7}],
        [POSITION, {**QUOTE, "type": ""}],
        [POSITION, {"exact": "Paris"}],
        {**QUOTE, "exact": 7},
        {**QUOTE, "type": "TextQuotationSelector"},
    ],
)
def test_a_selector_that_is_none_of_the_models_is_a_fault(selector: Any) -> None:
    parsed = parse_one(target={"source": SOURCE, "selector": selector})
    assert "its selector is no" in reasons(parsed)[0]


def test_annotations_that_identify_nothing_are_counted_once(tmp_path: Path) -> None:
    comment = annotation({"type": "TextualBody", "value": "a comment"})
    other = annotation(target={"source": "https://example.org/other", "selector": QUOTE})
    written = json.dumps([comment, annotation(), other, comment]).encode()
    first, second = read(web_annotation, written, tmp_path, "a.json")
    assert first.notes.passed_over == {"annotations that identify nothing": 2}
    assert second.notes.passed_over == {}


def test_annotations_are_grouped_by_source(tmp_path: Path) -> None:
    other = {"source": "https://example.org/other", "selector": QUOTE}
    both = [other, {"source": SOURCE, "selector": [{**POSITION, "start": 50, "end": 55}, QUOTE]}]
    lines = [
        annotation(),
        annotation(target=other),
        "{broken",
        annotation(
            {"type": "TextualBody", "value": "a comment"}, target="https://example.org/third"
        ),
        annotation(target=both, generator={"type": "Software", "name": "Recogito"}),
    ]
    written = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    first, second, broken = read(web_annotation, written.encode(), tmp_path, "a.jsonl")
    assert surfaces(first) == [
        ("Thing", "Paris", 31, 36, "Paris"),
        ("Thing", "Paris", 50, 55, "Paris"),
    ]
    assert second.article.id == "https://example.org/other"
    assert len(surfaces(second)) == 2
    assert broken.startswith("not JSON")
    # The array of the same, the page and the collection say the same.
    whole = [each for each in lines if not isinstance(each, str)]
    for data in (
        whole,
        {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": whole},
        {"type": "AnnotationCollection", "first": {"type": "AnnotationPage", "items": whole}},
    ):
        found = read(web_annotation, json.dumps(data, indent=1).encode(), tmp_path, "a.json")
        assert [msgspec.to_builtins(each.article) for each in found] == [
            msgspec.to_builtins(first.article),
            msgspec.to_builtins(second.article),
        ]


def test_one_annotation_does_not_become_more_than_its_size(tmp_path: Path) -> None:
    ends = [f"urn:x:{number}" for number in range(1000)]
    with pytest.raises(RecordError, match="1000 things at 1000 targets are too many"):
        parse_one(ends, [SOURCE] * 1000, motivation="tagging")
    path = tmp_path / "a.json"
    path.write_text(json.dumps(annotation(target=ends)))
    with closing(Source(path)) as source:
        [entry] = web_annotation.entries(source)
    assert entry.fault == "one annotation has 1000 sources, more than 100"


def test_only_the_framing_of_the_model_is_read() -> None:
    other = {**annotation(), "@context": {"@vocab": PREFIXES["oa"]}}
    with pytest.raises(RecordError, match=r"annotation 1: is none of the model's .* its @context"):
        web_annotation.parse(json.dumps(other).encode())
    parsed = annotated(other, annotation(id="urn:x:2"), {**annotation(), "type": "Note"})
    assert len(reasons(parsed)) == 2
    assert len(parsed.article.entities) == 1
    several = ["http://www.w3.org/ns/anno.jsonld", {"tool": "urn:x:tool"}]
    assert annotated({**annotation(), "@context": several}).faults == []


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
    "naf_head.xml": "NAF XML",
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
    assert recognised(SAMPLES / name).startswith(f"is {title}, which newsgraph does not read; ")


@needs_samples
def test_signs_of_what_is_not_read_are_in_no_other_sample() -> None:
    others = {"diffbot_nl_fields.json", "conll04_tablert_tags.json", *NOT_READ}
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


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (b"<!DOCTYPE html>\n<html lang=en><body><p>Talks open.", "a web page (HTML)"),
        (b"<!-- saved -->\n<HTML>\n", "a web page (HTML)"),
        (b'<?xml version="1.0"?>\n<html xmlns="urn:x">', "a web page (HTML)"),
        (b'<?xml version="1.0"?>\n<TEI>', "XML"),
        (b'<rdf:RDF xmlns:rdf="urn:x">', "XML"),
        (b'<?xml version="1.0"?>\n<NAF xml:lang="en" version="v3">', "NAF XML"),
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
