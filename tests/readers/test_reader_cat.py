"""CAT XML, as MEANTIME and corpora like it have it."""

from __future__ import annotations

from typing import Any

import pytest

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.labels import LabelMap
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.cat.reader import parse
from datasette_newsgraph.reading.recognition import format_called
from tests.readers.recognisers import mentions, reasons, same_as

WORDS = (
    ("Ariane", "launched", "the", "telescope", "on", "Saturday", "."),
    ("It", "cost", "10", "billion", "dollars", "."),
)


def of(markables: str, relations: str = "", attributes: str = "doc_name='a.txt'") -> Parsed:
    tokens, number = [], 0
    for sentence, words in enumerate(WORDS):
        for each in words:
            number += 1
            tokens.append(
                f"<token t_id='{number}' sentence='{sentence}' number='0'>{each}</token>\n"
            )
    return parse(
        f"<Document {attributes}>{''.join(tokens)}<Markables>{markables}</Markables>"
        f"<Relations>{relations}</Relations></Document>".encode()
    )


def marked(name: str, id_: int, *tokens: int, **attributes: str) -> str:
    given = "".join(f" {key}='{value}'" for key, value in attributes.items())
    anchors = "".join(f"<token_anchor t_id='{each}'/>" for each in tokens)
    return f"<{name} m_id='{id_}'{given}>{anchors}</{name}>"


def related(name: str, sources: list[int], target: int, **attributes: str) -> str:
    given = "".join(f" {key}='{value}'" for key, value in attributes.items())
    ends = "".join(f"<source m_id='{each}'/>" for each in sources)
    return f"<{name} r_id='9'{given}>{ends}<target m_id='{target}'/></{name}>"


def statements(parsed: Parsed) -> list[tuple[Any, ...]]:
    names = {each.id: each.name for each in parsed.article.entities}
    return [
        (names[each.subject], each.predicate, names.get(each.object or "", each.value))
        for each in parsed.article.relations
    ]


ARIANE = marked("ENTITY_MENTION", 1, 1, syntactic_type="NAM")
TELESCOPE = marked("ENTITY_MENTION", 2, 3, 4, syntactic_type="NOM")
IT = marked("ENTITY_MENTION", 3, 8, syntactic_type="PRO")
LAUNCH = marked("EVENT_MENTION", 4, 2, pred="launch", polarity="POS", certainty="CERTAIN")
COST = marked("EVENT_MENTION", 5, 9, polarity="NEG", certainty="CERTAIN")
SATURDAY = marked("TIMEX3", 6, 6, type="DATE", value="2021-12-25")


def test_mentions_of_an_instance_are_one_entity() -> None:
    parsed = of(
        ARIANE
        + TELESCOPE
        + IT
        + marked("ENTITY", 7, ent_type="PRO", TAG_DESCRIPTOR="Webb telescope")
        + marked("ENTITY", 8, ent_type="PRO", external_ref="http://dbpedia.org/resource/Ariane_5"),
        related("REFERS_TO", [2, 3], 7) + related("REFERS_TO", [1], 8),
    )
    assert (
        parsed.article.text
        == "Ariane launched the telescope on Saturday . It cost 10 billion dollars ."
    )
    assert [(each.name, each.local, each.aliases) for each in parsed.article.entities] == [
        ("Ariane", False, []),
        ("Webb telescope", True, []),
    ]
    assert mentions(parsed) == [("PRO", 0, 6, "Ariane"), ("PRO", 16, 29, "the telescope")]
    assert same_as(parsed) == {"Ariane": ["http://dbpedia.org/resource/Ariane_5"]}
    assert parsed.notes.passed_over == {"pronouns in coreference chains": 1}


def test_a_mention_of_no_instance_is_an_entity() -> None:
    instance = marked("ENTITY", 7, ent_type="PER", TAG_DESCRIPTOR="Nobody")
    parsed = of(ARIANE + TELESCOPE + instance + marked("ENTITY_MENTION", 8))
    assert reasons(parsed) == ["ENTITY_MENTION[8]: has no words"]
    assert [(each.name, each.local) for each in parsed.article.entities] == [
        ("Ariane", False),
        ("the telescope", True),
    ]
    assert parsed.notes.passed_over == {"instances without a mention": 1}


def test_events_have_participants_and_times() -> None:
    parsed = of(
        ARIANE
        + LAUNCH
        + COST
        + SATURDAY
        + marked("SIGNAL", 10, 5)
        + marked("VALUE", 11, 10, 11, 12, type="MONEY")
        + marked("EVENT", 12, TAG_DESCRIPTOR="launch", **{"class": "OTHER"}),
        related("REFERS_TO", [4], 12)
        + related("HAS_PARTICIPANT", [4], 1, sem_role="Arg0")
        + related("TLINK", [4], 6, reltype="IS_INCLUDED")
        + related("CLINK", [4], 5)
        + related("HAS_PARTICIPANT", [5], 11, sem_role="Arg1"),
    )
    assert statements(parsed) == [
        ("launched", "event type", "OTHER"),
        ("Saturday", "normalised value", "2021-12-25"),
        ("launched", "Arg0", "Ariane"),
        ("launched", "IS_INCLUDED", "Saturday"),
        ("launched", "CLINK", "cost"),
        ("cost", "Arg1", "10 billion dollars"),
    ]
    events = [each for each in parsed.article.entities if each.type == "Event"]
    assert [(each.name, each.local) for each in events] == [("launched", True), ("cost", True)]
    (evidence,) = parsed.article.relations[2].evidence
    assert evidence.text == "Ariane launched the telescope on Saturday ."
    assert parsed.notes.passed_over == {
        "signals of relations": 1,
        "events that are denied, or not certain": 1,
    }


def test_the_time_of_creation_dates_the_article() -> None:
    created = marked(
        "TIMEX3", 6, type="DATE", value="2021-12-26", functionInDocument="CREATION_TIME"
    )
    parsed = of(
        created + LAUNCH, attributes="doc_name='a.txt' lang='en' url='https://example.org/a'"
    )
    article = parsed.article
    assert (article.published, article.language, article.url) == (
        "2021-12-26",
        "en",
        "https://example.org/a",
    )
    assert parsed.local_ids == ("a.txt",)
    assert [each.name for each in article.entities] == ["launched"]
    dated = of(created + LAUNCH, related("TLINK", [4], 6, reltype="BEFORE"))
    assert statements(dated) == [
        ("2021-12-26", "normalised value", "2021-12-26"),
        ("launched", "BEFORE", "2021-12-26"),
    ]


def test_what_cannot_be_taken_is_told() -> None:
    parsed = of(
        ARIANE + marked("ENTITY_MENTION", 2, 99, syntactic_type="NOM") + marked("ENTITY", 7),
        related("REFERS_TO", [1, 55], 7)
        + related("REFERS_TO", [1], 77)
        + related("TLINK", [1], 78)
        + "<GLINK r_id='5'><source m_id='1'/></GLINK>",
    )
    assert reasons(parsed) == [
        "REFERS_TO[9]: 55 is not marked",
        "REFERS_TO[9]: 77 is not marked",
        "ENTITY_MENTION[2]: is of tokens that are not in the document",
        "TLINK[9]: 78 is no entity or event",
        "GLINK[5]: does not relate two things",
    ]
    with pytest.raises(RecordError, match="no tokens: not a document of CAT"):
        parse(b"<Document><Markables/></Document>")


def test_ids_that_are_missing_or_given_twice_make_no_entity_of_two() -> None:
    nameless = "<ENTITY_MENTION><token_anchor t_id='{}'/></ENTITY_MENTION>"
    parsed = of(nameless.format(1) + nameless.format(4) + marked("ENTITY_MENTION", 5, 6) * 2)
    assert [each.name for each in parsed.article.entities] == [
        *("Ariane", "telescope", "Saturday", "Saturday"),
    ]


def test_labels_are_ours() -> None:
    types = ("PER", "ORG", "LOC", "PRO", "FIN", "MIX")
    parsed = of(
        "".join(
            marked("ENTITY_MENTION", n, n, syntactic_type="NAM")
            + marked("ENTITY", n + 50, ent_type=each)
            for n, each in enumerate(types, 1)
        ),
        "".join(related("REFERS_TO", [n], n + 50) for n in range(1, 7)),
    )
    LabelMap.of(format_called("cat").labels).apply(parsed)
    assert not parsed.notes.unmapped
    assert [each.type for each in parsed.article.entities] == [
        *("Person", "Organization", "Place", "Product", "Concept", "Thing"),
    ]
