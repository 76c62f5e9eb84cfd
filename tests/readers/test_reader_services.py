"""The readers of Google, Comprehend and Diffbot, and what damage to an answer of a service costs."""

from __future__ import annotations

import copy
import json
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.anchoring import anchor
from datasette_newsgraph.errors import InputError, RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import comprehend
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.services import (
    READERS,
    article,
    called,
    link,
    name_it,
    parsed,
    read,
    read_out,
    reasons,
    spans,
    statements,
    tokenised,
)

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")
EMOJI = "\U0001f5f3"


def example(name: str) -> str:
    _, _, text = READERS[name].__doc__.partition("Example::")
    return textwrap.dedent(text).strip() + "\n"


def refusal(name: str, given: Any) -> str:
    with pytest.raises(RecordError) as caught:
        parsed(name, given)
    return str(caught.value)


# Examples and samples ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
def test_the_example_is_recognised_and_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "example.json"
    path.write_text(example(name))
    with closing(Source(path)) as source:
        assert recognise(source).name == name
    found = read(path, name)
    assert not [reason for each in found for reason in reasons(each)]
    assert all(each.article.entities for each in found)
    assert [each for each in found if each.article.relations]
    for each in found:
        if each.article.text is not None:
            assert read_out(each) == [
                part.text
                for parts in (
                    [mention for entity in each.article.entities for mention in entity.mentions],
                    [one for relation in each.article.relations for one in relation.evidence],
                )
                for part in parts
            ]


@needs_samples
@pytest.mark.parametrize(
    ("file", "name", "counts"),
    [
        # "6", President, Obama; the value 6.0 of "6". The chain gives an alias.
        ("corenlp_trimmed.json", "corenlp", (3, 3, 1)),
        # One triple, I - am - boy, of which neither end is an entity mention.
        ("corenlp_openie_trimmed.json", "corenlp", (2, 2, 1)),
        # One entity with a proper and a common mention.
        ("google_nl_entities.json", "google_nl", (1, 2, 0)),
        ("amazon_comprehend_entities.json", "comprehend", (2, 2, 0)),
        # Eight extractions of five entities (Syria three times, the United States twice), the
        # ninth is the relation.
        ("langextract.jsonl", "langextract", (5, 8, 1)),
    ],
)
def test_a_sample(file: str, name: str, counts: tuple[int, int, int]) -> None:
    with closing(Source(SAMPLES / file)) as source:
        assert recognise(source).name == name
    (one,) = read(SAMPLES / file, name)
    assert (
        len(one.article.entities),
        sum(len(entity.mentions) for entity in one.article.entities),
        len(one.article.relations),
    ) == counts
    assert not one.faults
    if one.article.text is not None:
        # The evidence in langextract.jsonl ends in the middle of a word.
        mentions = sum(len(entity.mentions) for entity in one.article.entities)
        assert None not in read_out(one)[:mentions]


@needs_samples
def test_the_listing_of_diffbots_fields_is_named() -> None:
    with (
        closing(Source(SAMPLES / "diffbot_nl_fields.json")) as source,
        pytest.raises(InputError, match=r"is a listing of the fields of Diffbot.*whole response"),
    ):
        recognise(source)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("corenlp", '{"sentences": [{"index": 0, "tokens": [{"characterOffsetBegin": 0}]}]}'),
        ("corenlp", '[{"sentences": [{"entitymentions": [{"ner": "DATE", "text": "1 May"}]}]}]'),
        ("google_nl", '{"entities": [], "languageCode": "en", "languageSupported": true}'),
        ("comprehend", '{"Entities": [], "File": "a.txt", "Line": 0}'),
        ("comprehend", '{"ResultList": [{"Index": 0, "Entities": []}], "ErrorList": []}'),
        ("langextract", '{"extractions": [], "text": "a", "document_id": "doc_1"}'),
        ("langextract", '{"extractions": null, "text": "a", "document_id": "doc_1"}'),
    ],
)
def test_what_else_is_recognised(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with closing(Source(path)) as source:
        assert recognise(source).name == name


@pytest.mark.parametrize("name", READERS)
def test_nothing_at_all_is_refused(name: str) -> None:
    assert refusal(name, {}).startswith("no entities in it")
    assert refusal(name, []).startswith("not of this format")


# Google -----------------------------------------------------------------------------------------


def google(*mentions: tuple[str, int, Any], **fields: Any) -> dict[str, Any]:
    return {
        "name": "Angela Merkel",
        "type": "PERSON",
        "mentions": [
            {"text": {"content": content, "beginOffset": begin}, "type": type_}
            for content, begin, type_ in mentions
        ],
        **fields,
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-le"])
def test_google_sentences_tell_their_unit(encoding: str) -> None:
    size = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}[encoding]
    sentences = [f"Ärger {EMOJI} über Größe!", "Angela Merkel sprach früh.", "Köln hörte zu."]
    text = " ".join(sentences)

    def begin(words: str) -> int:
        return len(text[: text.index(words)].encode(encoding)) // size

    one = parsed(
        "google_nl",
        {
            "entities": [
                google(("Angela Merkel", begin("Angela"), "PROPER")),
                google(("Köln", begin("Köln"), "PROPER"), name="Köln", type="LOCATION"),
            ],
            "sentences": [{"text": {"content": s, "beginOffset": begin(s)}} for s in sentences],
            "language": "de",
        },
    )
    assert (one.article.text, one.article.language) == (text, "de")
    assert read_out(one) == ["Angela Merkel", "Köln"]
    assert (
        one.unit == {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-32-le": "code points"}[encoding]
    )


def test_google_mentions_and_names() -> None:
    one = article(
        "google_nl",
        {
            "entities": [
                google(("Angela Merkel", -1, 1), ("Merkel", -1, 1), ("leader", -1, 2), type=1),
                google(("voters", -1, "COMMON"), name="voters", type="PERSON"),
            ],
            "sentences": [{"text": {"content": "A."}}, {"text": {"content": "B."}}],
        },
    )
    angela, voters = one.entities
    assert (angela.type, angela.aliases, angela.local) == ("PERSON", ["Merkel"], False)
    assert spans(angela) == [(None, None, n) for n in ("Angela Merkel", "Merkel", "leader")]
    assert voters.local
    assert one.text == "A. B."


def test_what_pythons_client_writes_for_google() -> None:
    mention = {"text": {"content": "Paris", "begin_offset": 3}, "type_": 1, "probability": 0.5}
    given = {"entities": [{"name": "Paris", "type_": 2, "metadata": {}, "mentions": [mention]}]}
    (paris,) = article("google_nl", {**given, "document": {"content": "In Paris"}}).entities
    assert (paris.type, spans(paris)) == ("LOCATION", [(3, 8, "Paris")])
    assert paris.mentions[0].confidence == 0.5


@pytest.mark.parametrize(
    ("type_", "metadata", "value"),
    [
        ("DATE", {"year": "2015", "month": "11", "day": "30"}, ("2015-11-30", "date")),
        ("DATE", {"year": "2015", "month": "9"}, ("2015-09", "date")),
        ("DATE", {"month": "11", "day": "30"}, None),
        ("NUMBER", {"value": "195"}, ("195", "number")),
        ("PRICE", {"value": "100", "currency": "EUR"}, ("100 EUR", "string")),
        ("ADDRESS", {"locality": "Paris", "street_number": "1"}, ("1 Paris", "string")),
        ("PHONE_NUMBER", {"number": "555 0100", "area_code": "212"}, ("212 555 0100", "string")),
        ("PERSON", {"mid": "/m/0jl0g"}, None),
    ],
)
def test_values_of_google(type_: str, metadata: Any, value: Any) -> None:
    one = article("google_nl", {"entities": [google(type=type_, metadata=metadata)]})
    assert [(each.value, each.datatype) for each in one.relations] == ([value] if value else [])


# Comprehend -------------------------------------------------------------------------------------

PARIS = {"BeginOffset": 3, "EndOffset": 8, "Score": 0.9, "Text": "Paris", "Type": "LOCATION"}


def test_a_batch_of_comprehend_is_cut_into_documents(tmp_path: Path) -> None:
    batch = {
        "ResultList": [{"Index": 0, "Entities": [PARIS]}, {"Index": 2, "Entities": [PARIS]}],
        "ErrorList": [{"Index": 1, "ErrorCode": "TEXT_SIZE", "ErrorMessage": "too long"}],
    }
    path = tmp_path / "batch.json"
    for data in (json.dumps(batch, indent=1), json.dumps(batch)):
        path.write_text(data)
        with closing(Source(path)) as source:
            first, refused, third = comprehend.entries(source)
        # As the texts of the request were.
        assert [each.line for each in (first, refused, third)] == [1, 2, 3]
        assert [comprehend.parse(each.raw).local_ids for each in (first, third)] == [("0",), ("2",)]
        with pytest.raises(RecordError, match="refused the document: TEXT_SIZE: too long"):
            comprehend.parse(refused.raw)


def test_reading_goes_on_behind_a_whole_batch_only(tmp_path: Path) -> None:
    path = tmp_path / "batches.jsonl"
    line = json.dumps({"ResultList": [{"Index": n, "Entities": [PARIS]} for n in (0, 1)]})
    path.write_text(f"{line}\n{line}\n")
    with closing(Source(path)) as source:
        found = list(comprehend.entries(source))
    assert [(each.line, each.end is None) for each in found] == [
        (1, True),
        (1, False),
        (2, True),
        (2, False),
    ]
    assert found[1].end is not None
    assert found[1].digest is not None
    with closing(Source(path)) as source:
        rest = list(comprehend.entries(source, (1, found[1].end, found[1].digest)))
    assert rest == found[2:]


def test_lines_of_a_comprehend_job() -> None:
    one = parsed("comprehend", {"File": "50_docs", "Line": 3, "Entities": [PARIS]})
    assert one.local_ids == ("50_docs:3",)
    assert spans(one.article.entities[0]) == [(3, 8, "Paris")]
    # Personal data has no words.
    pii = {"Entities": [{"BeginOffset": 3, "EndOffset": 8, "Score": 1, "Type": "NAME"}]}
    assert "no words" in refusal("comprehend", pii)
    assert spans(article("comprehend", {**pii, "Text": "In Paris"}).entities[0]) == [(3, 8, None)]


def test_answers_of_comprehend_without_entities(tmp_path: Path) -> None:
    for empty in ({"Entities": []}, {"Entities": [], "File": "a.txt", "Line": 3}):
        with pytest.raises(RecordLeftOut, match="no entities in it"):
            parsed("comprehend", empty)
    path = tmp_path / "batch.json"
    path.write_text('{"ResultList": [], "ErrorList": []}')
    assert read(path, "comprehend") == []
    for key in ("Text", "text"):
        assert article("comprehend", {"Entities": [], key: "In Paris"}).text == "In Paris"
        (paris,) = article("comprehend", {"Entities": [PARIS], key: "In Paris"}).entities
        assert spans(paris) == [(3, 8, "Paris")]


def test_targeted_sentiment_of_comprehend() -> None:
    def mention(begin: int, text: str) -> dict[str, Any]:
        return {"BeginOffset": begin, "EndOffset": begin + len(text), "Score": 1, "GroupScore": 0.6,
                "Text": text, "Type": "PERSON"}  # fmt: skip

    group = [mention(0, "She"), mention(9, "Merkel"), mention(30, "the chancellor")]
    given = {"Entities": [{"DescriptiveMentionIndex": [1], "Mentions": group}]}
    (entity,) = article("comprehend", given).entities
    assert (entity.name, entity.aliases) == ("Merkel", [])
    assert [each.text for each in entity.mentions] == ["Merkel", "the chancellor"]
    # Without a descriptive one, or with one that is not there, the longest.
    for index in (None, [], [7], [-1]):
        given["Entities"][0]["DescriptiveMentionIndex"] = index
        assert article("comprehend", given).entities[0].name == "the chancellor"


def test_events_of_comprehend() -> None:
    trigger = {"BeginOffset": 9, "EndOffset": 15, "Text": "bought", "Score": 0.9}
    given = {
        "Entities": [{"Mentions": [PARIS]}, {"Mentions": []}],
        "Events": [
            {
                "Type": "CORPORATE_ACQUISITION",
                "Triggers": [trigger],
                "Arguments": [
                    {"EntityIndex": 0, "Role": "LOCATION", "Score": 0.5},
                    {"EntityIndex": 9, "Role": "INVESTOR"},
                    {"EntityIndex": 1, "Role": "INVESTEE"},
                ],
            }
        ],
    }
    one = parsed("comprehend", given)
    assert statements(one.article) == [
        ("bought", "event type", "CORPORATE_ACQUISITION"),
        ("bought", "LOCATION", "Paris"),
    ]
    assert called(one.article, "bought").local
    assert reasons(one) == [
        "Entities[1]: has no words",
        "Events[0].Arguments[1]: EntityIndex 9 is no entity of this document",
        "Events[0].Arguments[2]: EntityIndex 1 is no entity of this document",
    ]


# Diffbot ----------------------------------------------------------------------------------------


def test_facts_of_diffbot() -> None:
    uri = "https://diffbot.com/entity/E1"
    given = {
        "entities": [
            {"name": "Angela Merkel", "diffbotUri": uri, "allUris": ["merkel", "http://a.org/m"],
             "allTypes": [{"name": "politician"}, {"name": "person"}],
             "mentions": [
                 {"text": "Merkel", "beginOffset": 0, "endOffset": 6, "confidence": 0.9},
                 {"text": "she", "beginOffset": 9, "endOffset": 12, "isPronoun": True},
             ]}
        ],
        "facts": [
            {"entity": {"name": "Angela Merkel", "diffbotUri": uri}, "property": {"name": "position"},
             "value": {"name": "CDU", "allTypes": [{"name": "organization"}]}, "confidence": 0.8,
             "qualifiers": [
                 {"property": {"name": "start time"}, "value": {"name": "d2000-04-10"}},
                 {"property": {"name": "end date"}, "value": {"name": "2018"}},
                 {"property": {"name": "is current"}},
             ],
             "evidence": [{"passage": "She led the CDU.", "valueMentions": [
                 {"text": "CDU", "beginOffset": 20, "endOffset": 23}]}]},
            {"entity": {"name": "Angela Merkel"}, "property": {"name": "date of birth"},
             "value": {"name": "1954-07-17", "allTypes": [{"name": "date"}]},
             "evidence": [{"entityMentions": [{"beginOffset": 0, "endOffset": 6}],
                           "valueMentions": [{"beginOffset": 9, "endOffset": 19}]}]},
            {"entity": None, "property": {"name": "x"}, "value": {"name": "y"}},
        ],
    }  # fmt: skip
    one = parsed("diffbot", given)
    angela, cdu = one.article.entities
    assert (angela.type, angela.aliases, angela.same_as) == (
        "person",
        ["Merkel"],
        [uri, "http://a.org/m"],
    )
    assert [each.text for each in angela.mentions] == ["Merkel"]
    assert (cdu.type, spans(cdu)) == ("organization", [(20, 23, "CDU")])
    assert statements(one.article) == [
        ("Angela Merkel", "position", "CDU"),
        ("Angela Merkel", "date of birth", "1954-07-17"),
    ]
    position, birth = one.article.relations
    assert (position.start_date, position.end_date) == ("2000-04-10", "2018")
    assert [(e.start, e.end, e.text) for e in position.evidence] == [
        (None, None, "She led the CDU.")
    ]
    assert birth.datatype == "date"
    assert [(e.start, e.end, e.text) for e in birth.evidence] == [(0, 19, None)]
    assert reasons(one) == ["facts[2].entity: is missing"]


# Damage -----------------------------------------------------------------------------------------

JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 7, 10**6, 10**30, 1.5, 1e300, "", " ", "x", "\0", "12", EMOJI, "\ud800",
    [], {}, [[]], [None], [-1, 10**9], ["x"], {"x": []}, "y" * 5000, [{"text": "a"}],
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in JSON that can be changed: what holds it, and its key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in list(pairs):
        yield value, key
        if isinstance(each, (dict, list)):
            yield from places(each)


def whole_examples() -> dict[str, Any]:
    """An example of each that has all there is in it."""
    document = tokenised("Angela Merkel won .", "She stays .")
    name_it(document, 0, 0, 2, "PERSON", timex={"value": "2021"}, entitylink="Angela_Merkel")
    triple = {"subject": "She", "subjectSpan": [0, 1], "relation": "x", "object": "stays",
              "objectSpan": [1, 2]}  # fmt: skip
    document["sentences"][1] |= {"openie": [triple], "kbp": [dict(triple)]}
    document["corefs"] = {"1": [link("Angela Merkel", 0, 0, 2), link("She", 1, 0, 1, "PRONOMINAL")]}
    document["quotes"] = [{"text": "won", "beginIndex": 14, "endIndex": 17, "speaker": "Merkel"}]
    found: dict[str, Any] = {"corenlp, all": document}
    decode = json.JSONDecoder().raw_decode
    for name in READERS:
        text, number = example(name), 0
        while text:
            value, end = decode(text)
            found[f"{name}, {number}"] = value
            text, number = text[end:].lstrip(), number + 1
    return found


EXAMPLES = whole_examples()


@pytest.mark.parametrize("title", EXAMPLES)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_only_record_errors_come_of_damage(title: str, data: st.DataObject) -> None:
    value = copy.deepcopy(EXAMPLES[title])
    for _ in range(data.draw(st.integers(1, 4))):
        spots = list(places(value))
        if not spots:
            break
        holder, key = spots[data.draw(st.integers(0, len(spots) - 1))]
        match data.draw(st.sampled_from(["junk", "number", "delete", "repeat"])):
            case "junk":
                holder[key] = copy.deepcopy(data.draw(st.sampled_from(JUNK)))
            case "number":
                holder[key] = data.draw(st.integers(-(2**70), 2**70))
            case "delete":
                del holder[key]
            case "repeat":
                holder[key] = [copy.deepcopy(holder[key])] * 2
    raw = json.dumps(value).encode()
    if data.draw(st.integers(0, 4)) == 0:
        raw = raw[: data.draw(st.integers(0, len(raw)))]
    assert_taken_or_refused(READERS[title.partition(",")[0]].parse, raw)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b'"%s"' % (b"x" * 1_000_000), b"1e999"],
    ids=["empty", "null", "brackets", "braces", "not UTF-8", "long", "infinite"],
)  # fmt: skip
def test_other_bytes_are_refused(name: str, raw: bytes) -> None:
    with pytest.raises(RecordError):
        READERS[name].parse(raw)


def assert_taken_or_refused(parse: Callable[[bytes], Parsed], raw: bytes) -> None:
    try:
        found = parse(raw)
    except RecordError:
        return
    ids = {entity.id for entity in found.article.entities}
    assert len(ids) == len(found.article.entities)
    for relation in found.article.relations:
        assert relation.subject in ids
        assert relation.object is None or relation.object in ids
        assert (relation.object is None) != (relation.value is None)
    for quote in found.article.quotes:
        assert quote.speaker is None or quote.speaker in ids
    if found.article.text is not None:
        assert len(found.article.text) <= 20 * len(raw) + 10_000
    anchor(found.article, found.unit)
