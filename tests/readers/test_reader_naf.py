"""NAF as NewsReader's tools and spaCy-to-NAF write it, and KAF before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from datasette_newsgraph.anchoring import CONVERTED, EXACT, MOVED, NORMALISED
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.labels import LabelMap
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.naf.reader import parse
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.reading.pipeline import Pipeline
from datasette_newsgraph.reading.recognition import format_called
from tests.readers.recognisers import mentions, reasons, same_as

TEXT = "🌍 Draghi leads the bank in Frankfurt. He met Ana Silva."
WORDS = [
    "🌍",
    "Draghi",
    "leads",
    "the",
    "bank",
    "in",
    "Frankfurt",
    ".",
    "He",
    "met",
    "Ana",
    "Silva",
    ".",
]


def plain(offset: int) -> int:
    return offset


def utf16(offset: int) -> int:
    return len(TEXT[:offset].encode("utf-16-le")) // 2


def utf8(offset: int) -> int:
    return len(TEXT[:offset].encode())


def words_of(count: Callable[[int], int] = plain) -> str:
    found, end = [], 0
    for number, words in enumerate(WORDS, 1):
        start = TEXT.index(words, end)
        end = start + len(words)
        length = count(end) - count(start)
        sentence = 1 if number < 9 else 2
        found.append(
            f"<wf id='w{number}' offset='{count(start)}' length='{length}' sent='{sentence}'>{words}"
            "</wf>"
        )
    return f"<text>{''.join(found)}</text>"


def span(*numbers: int, head: int = 0) -> str:
    targets = (
        f"<target id='t{each}'{' head=' + chr(39) + 'yes' + chr(39) if each == head else ''}/>"
        for each in numbers
    )
    return f"<span>{''.join(targets)}</span>"


TERMS = "".join(f"<term id='t{n}'><span><target id='w{n}'/></span></term>" for n in range(1, 14))
ENTITIES = (
    f"<entities><entity id='e1' type='PERSON'><references>{span(2)}</references></entity>"
    f"<entity id='e2' type='LOCATION'>{span(7)}</entity>"
    f"<entity id='e3' type='PERSON'><references>{span(11, 12)}</references></entity></entities>"
)


def of(
    layers: str = ENTITIES, *, text: str = "", header: str = "", raw: str | None = TEXT
) -> Parsed:
    return parse(
        f"<NAF xml:lang='en' version='v3'><nafHeader>{header}</nafHeader>"
        f"{'' if raw is None else f'<raw><![CDATA[{raw}]]></raw>'}{text or words_of()}"
        f"<terms>{TERMS}</terms>{layers}</NAF>".encode()
    )


def statements(parsed: Parsed) -> list[tuple[Any, ...]]:
    names = {each.id: each.name for each in parsed.article.entities}
    return [
        (names[each.subject], each.predicate, names.get(each.object or "", each.value))
        for each in parsed.article.relations
    ]


NAMES = [
    ("PERSON", 2, 8, "Draghi"),
    ("LOCATION", 27, 36, "Frankfurt"),
    ("PERSON", 45, 54, "Ana Silva"),
]


def test_entities_are_mentions() -> None:
    parsed = of()
    assert parsed.article.text == TEXT
    assert mentions(parsed) == NAMES
    LabelMap.of(format_called("naf").labels).apply(parsed)
    assert [each.type for each in parsed.article.entities] == ["Person", "Place", "Person"]
    assert not parsed.notes.unmapped


@pytest.mark.parametrize(
    ("count", "statuses"),
    [(plain, {EXACT}), (utf16, {CONVERTED}), (utf8, {CONVERTED, MOVED})],
)
def test_offsets_may_count_anything(count: Callable[[int], int], statuses: set[str]) -> None:
    raw = f"<NAF><raw>{TEXT}</raw>{words_of(count)}<terms>{TERMS}</terms>{ENTITIES}</NAF>".encode()
    ready = Pipeline(format_called("naf"), LabelMap.of(())).run(Entry(1, raw))
    article = ready.as_record()
    assert [
        (article.text or "")[each.start : each.end]
        for entity in article.entities
        for each in entity.mentions
    ] == ["Draghi", "Frankfurt", "Ana Silva"]
    assert {each.status for each in ready.anchors.spans.values()} <= statuses | {NORMALISED}


def test_lines_that_end_as_in_windows_shift_nothing() -> None:
    """XML makes one character of the two that the offsets count."""
    raw = (
        b"<NAF><raw>One.\r\nTwo.\r\nAna came.</raw><text><wf id='w1' offset='12' length='3'>Ana</wf>"
        b"</text><entities><entity type='PER'><span><target id='w1'/></span></entity></entities></NAF>"
    )
    article = Pipeline(format_called("naf"), LabelMap.of(())).run(Entry(1, raw)).as_record()
    (mention,) = article.entities[0].mentions
    assert (article.text or "")[mention.start : mention.end] == "Ana"


def test_without_raw_words_stand_at_their_offsets() -> None:
    parsed = of(raw=None)
    assert parsed.article.text == TEXT
    assert parsed.is_joined
    assert mentions(parsed) == NAMES


def test_words_without_offsets_are_joined() -> None:
    words = "".join(f"<wf wid='w{n}'>{each}</wf>" for n, each in enumerate(WORDS, 1))
    terms = TERMS.replace("<term id=", "<term tid=")
    parsed = parse(
        f"<KAF xml:lang='en'><text>{words}</text><terms>{terms}</terms>"
        f"<entities><entity eid='e1' type='person'>{span(11, 12)}</entity></entities></KAF>".encode()
    )
    assert parsed.article.text == " ".join(WORDS)
    assert [each[3] for each in mentions(parsed)] == ["Ana Silva"]


def test_the_surest_reference_to_an_authority_identifies() -> None:
    references = (
        "<externalReferences>"
        "<externalRef resource='spotlight' reference='http://dbpedia.org/resource/A' confidence='0.2'/>"
        "<externalRef resource='spotlight' reference='http://dbpedia.org/resource/B' confidence='0.8'>"
        "<externalRef reference='http://es.dbpedia.org/resource/B' confidence='0.8'/></externalRef>"
        "<externalRef resource='wikidata' reference='Q42'/>"
        "<externalRef resource='WordNet-3.0' reference='ili-30-1'/></externalReferences>"
    )
    parsed = of(f"<entities><entity id='e1' type='PER'>{span(2)}{references}</entity></entities>")
    assert same_as(parsed) == {
        "Draghi": [
            "http://dbpedia.org/resource/B",
            "http://es.dbpedia.org/resource/B",
            "http://www.wikidata.org/entity/Q42",
        ]
    }
    assert parsed.notes.passed_over == {
        "further candidates for an entity": 1,
        "references that are no addresses": 1,
    }


def test_chains_bring_nominals_and_no_pronouns() -> None:
    chain = f"<coreferences><coref id='co1'>{span(4, 5)}{span(2)}{span(9)}{span(11, 12)}</coref>"
    parsed = of(f"{ENTITIES}{chain}</coreferences>")
    assert [each[3] for each in mentions(parsed)] == [
        "Draghi",
        "the bank",
        "Frankfurt",
        "Ana Silva",
    ]
    assert statements(parsed) == [("Draghi", "possibly same as", "Ana Silva")]


def test_predicates_with_entities_are_events() -> None:
    roles = (
        f"<role id='r1' semRole='A0'>{span(2)}</role><role semRole='A1'>{span(4, 5, head=5)}</role>"
        f"<role semRole='AM-LOC'>{span(6, 7, head=7)}</role>"
    )
    kind = (
        "<externalReferences><externalRef resource='PropBank' reference='lead.02'/>"
        "<externalRef resource='FrameNet' reference='Leadership'/></externalReferences>"
    )
    parsed = of(
        f"{ENTITIES}<coreferences><coref id='ev1' type='event'>{span(3)}{span(10)}</coref>"
        f"</coreferences><srl><predicate id='pr1'>{kind}{span(3)}{roles}</predicate>"
        f"<predicate id='pr2'>{span(10)}<role semRole='A1'>{span(11, 12)}</role></predicate>"
        f"<predicate id='pr3'>{span(6)}<role semRole='A1'>{span(4)}</role></predicate></srl>"
    )
    assert statements(parsed) == [
        ("leads", "event type", "Leadership"),
        ("leads", "A0", "Draghi"),
        ("leads", "AM-LOC", "Frankfurt"),
        ("leads", "A1", "Ana Silva"),
    ]
    event = parsed.article.entities[-1]
    assert (event.type, event.local, event.aliases) == ("Event", True, ["met"])
    (evidence,) = parsed.article.relations[1].evidence
    assert evidence.text == "🌍 Draghi leads the bank in Frankfurt."
    assert parsed.notes.passed_over == {
        "roles that are no entity": 1,
        "predicates without an entity in a role": 1,
    }


def test_times_have_values_and_date_the_article() -> None:
    times = (
        "<timeExpressions><timex3 id='tmx0' type='DATE' value='2011-11-02'"
        " functionInDocument='CREATION_TIME'><span/></timex3>"
        "<timex3 id='tmx1' type='DATE' value='2011-11-01'><span><target id='w8'/></span></timex3>"
        "</timeExpressions>"
    )
    parsed = of(times.replace("w8", "w5"))
    assert parsed.article.published == "2011-11-02"
    assert statements(parsed) == [("bank", "normalised value", "2011-11-01")]


def test_statements_are_quotes() -> None:
    statement = (
        f"<attribution><statement id='s1'><statement_target>{span(10, 11, 12)}</statement_target>"
        f"<statement_source>{span(2)}</statement_source><statement_cue>{span(3)}</statement_cue>"
        "</statement></attribution>"
    )
    (quote,) = of(ENTITIES + statement).article.quotes
    assert (quote.speaker, quote.text, quote.verb) == ("e1", "met Ana Silva", "leads")


def test_the_header_says_what_the_article_is() -> None:
    parsed = of(
        header="<fileDesc title='New head' author='A. B.' creationtime='2011-11-01T09:00:00Z'"
        " filename='b.naf' magazine='The Gazette'/><public publicId='17' uri='https://e.org/a'/>"
        "<linguisticProcessors layer='entities'><lp name='ixa-nerc' version='1'/>"
        "</linguisticProcessors>"
    )
    article = parsed.article
    assert (article.title, article.published, article.publisher, article.authors) == (
        "New head",
        "2011-11-01",
        "The Gazette",
        ["A. B."],
    )
    assert (article.url, article.language) == ("https://e.org/a", "en")
    assert parsed.local_ids == ("17", "b.naf")
    assert article.extractor is not None
    assert article.extractor.model == "ixa-nerc"


def test_layers_that_are_not_read_are_counted() -> None:
    parsed = of(
        "<deps><dep from='t1' to='t2'/></deps><opinions><opinion oid='o1'/><opinion oid='o2'/>"
        "</opinions><factualities><factuality><factVal value='CT+'/></factuality></factualities>"
        "<temporalRelations><tlink from='a' to='b'/></temporalRelations>"
    )
    assert parsed.notes.passed_over == {
        "opinion elements": 2,
        "factVal elements": 1,
        "tlink elements": 1,
    }


def test_what_cannot_be_taken_is_told() -> None:
    parsed = of(
        "<entities><entity id='e1' type='PER'/><entity id='e2' type='PER'><span><target id='t99'/>"
        "</span></entity></entities>"
    )
    assert reasons(parsed) == [
        "entity[e1]: has no words",
        "entity[e2]: is of words that are not in the document",
    ]
    with pytest.raises(RecordError, match="no entities in it, and no text"):
        parse(b"<NAF><raw> </raw></NAF>")


def test_far_offsets_take_no_memory() -> None:
    words = b"<wf id='w1' offset='0'>A</wf><wf id='w2' offset='99999999999'>B</wf>"
    parsed = parse(b"<NAF><text>" + words + b"</text></NAF>")
    assert parsed.article.text == "A"
    assert reasons(parsed) == ["text: 1 words are too far away from the others"]
