"""The reader of Web Annotations: bodies that identify, targets and selectors."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.web_annotation import reader as web_annotation
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.vocabulary import PREFIXES
from tests.readers.statements_of_rdf import example_of, read, reasons, surfaces

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")
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
