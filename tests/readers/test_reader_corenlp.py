"""The reader of CoreNLP: tokens, coreference, values and quotes."""

from __future__ import annotations

import pytest

from tests.readers.services import (
    article,
    called,
    link,
    name_it,
    parsed,
    read_out,
    reasons,
    statements,
    tokenised,
    types,
)

EMOJI = "\U0001f5f3"


@pytest.mark.parametrize("code_points", [False, True])
@pytest.mark.parametrize("has_text", [False, True])
def test_emoji_before_a_span_of_corenlp(code_points: bool, has_text: bool) -> None:
    words = f"{EMOJI} {EMOJI} Angela Merkel won in Berlin {EMOJI} ."
    document = tokenised(words, code_points=code_points)
    name_it(document, 0, 2, 4, "PERSON")
    name_it(document, 0, 6, 7, "CITY")
    document["sentences"][0]["openie"] = [
        {"subject": "Angela Merkel", "subjectSpan": [2, 4], "relation": "won in",
         "relationSpan": [4, 6], "object": "Berlin", "objectSpan": [6, 7]}
    ]  # fmt: skip
    if has_text:
        document["text"] = words
    one = parsed("corenlp", document)
    assert one.unit == ("code points" if code_points else "UTF-16")
    assert (one.article.text or "").strip() == words
    assert read_out(one) == ["Angela Merkel", "Berlin", words]
    assert statements(one.article) == [("Angela Merkel", "won in", "Berlin")]


def test_the_text_of_corenlp_is_put_together_at_the_offsets() -> None:
    document = tokenised("Merkel won .", begin=100)
    tokens = document["sentences"][0]["tokens"]
    tokens[2] |= {"characterOffsetBegin": 110, "characterOffsetEnd": 111, "before": ""}
    tokens[1]["after"] = ""
    one = parsed("corenlp", document)
    assert one.article.text == " " * 100 + "Merkel won. "
    assert one.is_joined
    tokens[0]["before"] = "\n" * 100
    assert article("corenlp", document).text == "\n" * 100 + "Merkel won. "
    # A token left out; one that stands twice, as those of "du" do; escaped brackets.
    del tokens[1]
    tokens.insert(1, dict(tokens[0], index=9))
    tokens.append({"word": "-LRB-", "characterOffsetBegin": 112, "characterOffsetEnd": 113})
    assert article("corenlp", document).text == "\n" * 100 + "Merkel    . ("


def test_an_offset_cannot_ask_for_gigabytes() -> None:
    document = tokenised("Merkel won .")
    document["sentences"][0]["tokens"][2]["characterOffsetBegin"] = 10**12
    one = parsed("corenlp", document)
    assert one.article.text == "Merkel won "
    assert reasons(one) == ["sentences: 1 tokens are too far away from the others"]


def test_coreference_gives_names_and_keeps_names_apart() -> None:
    document = tokenised(
        "Chancellor Angela Merkel spoke .", "Mrs. Merkel said she and the chancellor stay ."
    )
    name_it(document, 0, 1, 3, "PERSON", entitylink="Angela_Merkel")
    name_it(document, 1, 1, 2, "PERSON")
    document["corefs"] = {
        "3": [
            link("Mrs. Merkel", 1, 0, 2),
            link("Chancellor Angela Merkel", 0, 0, 3, isRepresentativeMention=True),
            link("she", 1, 3, 4, "PRONOMINAL"),
            link("the chancellor", 1, 5, 7, "NOMINAL"),
            link("nobody", 7, 5, 7, "NOMINAL"),
        ]
    }
    document["sentences"][1]["openie"] = [
        {"subject": "she", "subjectSpan": [3, 4], "relation": "stay with",
         "object": "Mrs. Merkel", "objectSpan": [0, 2]}
    ]  # fmt: skip
    one = parsed("corenlp", document)
    angela, merkel = called(one.article, "Angela Merkel"), called(one.article, "Merkel")
    assert angela.aliases == ["Chancellor Angela Merkel"]
    assert angela.same_as == ["https://en.wikipedia.org/wiki/Angela_Merkel"]
    assert merkel.aliases == ["Mrs. Merkel"]
    assert [each.text for each in angela.mentions] == ["Angela Merkel", "the chancellor"]
    assert statements(one.article) == [
        ("Merkel", "possibly same as", "Angela Merkel"),
        # A pronoun is whom coreference says it is.
        ("Angela Merkel", "stay with", "Merkel"),
    ]
    assert reasons(one) == ["corefs['3']: has no sentence 8"]


def test_values_confidence_and_dates_of_corenlp() -> None:
    document = tokenised("US troops left on Friday with 6 tons in July .")
    name_it(document, 0, 0, 1, "COUNTRY", nerConfidences={"COUNTRY": 0.75})
    name_it(document, 0, 4, 5, "DATE", normalizedNER="2021-07-16", nerConfidences={"DATE": -1})
    name_it(document, 0, 6, 7, "NUMBER", normalizedNER="6.0")
    name_it(document, 0, 9, 10, "DATE", normalizedNER="XXXX-07", timex={"value": "XXXX-07"})
    document |= {"docId": "a.txt", "docDate": "20210718", "author": "Ana"}
    one = parsed("corenlp", document)
    assert [(each.value, each.datatype) for each in one.article.relations] == [
        ("2021-07-16", "date"),
        ("6.0", "number"),
        ("XXXX-07", "string"),
    ]
    # "US" is no pronoun, and rules are not sure to any degree.
    assert [each.mentions[0].confidence for each in one.article.entities[:2]] == [0.75, None]
    assert (one.local_ids, one.article.published) == (("a.txt",), "2021-07-18")
    assert one.article.authors == ["Ana"]


def test_kbp_names_whom_a_pronoun_means_and_phrases_are_local() -> None:
    document = tokenised("Angela Merkel won .", "She lives in the old town .")
    name_it(document, 0, 0, 2, "PERSON")
    name_it(document, 1, 0, 1, "PERSON")
    document["sentences"][1]["kbp"] = [
        {"subject": "Angela Merkel", "subjectSpan": [0, 1], "relation": "per:cities_of_residence",
         "object": "the old town", "objectSpan": [3, 6]}
    ]  # fmt: skip
    one = parsed("corenlp", document)
    # "She" is no entity.
    assert types(one.article) == {"Angela Merkel": "PERSON", "the old town": "Thing"}
    assert called(one.article, "the old town").local
    assert statements(one.article) == [("Angela Merkel", "per:cities_of_residence", "the old town")]
    assert one.article.relations[0].evidence[0].text == "She lives in the old town ."


def test_quotes_of_corenlp() -> None:
    text = f'{EMOJI} "We can do it," said Merkel. "No," said a critic. "Hm."'
    document = {
        "text": text,
        "sentences": [],
        "quotes": [
            {"text": '"We can do it,"', "beginIndex": 3, "endIndex": 18, "speaker": "Merkel",
             "canonicalSpeaker": "Angela Merkel"},
            {"text": '"No,"', "beginIndex": 32, "endIndex": 37, "speaker": "a critic",
             "canonicalSpeaker": "Unknown"},
            {"text": '"Hm."', "beginIndex": 53, "endIndex": 58, "speaker": "he",
             "canonicalSpeaker": "Unknown"},
        ],
    }  # fmt: skip
    one = parsed("corenlp", document)
    assert types(one.article) == {"Angela Merkel": "PERSON", "a critic": "PERSON"}
    assert [each.speaker for each in one.article.quotes] == ["e1", "e2", None]
    assert all(each.direct for each in one.article.quotes)
    assert read_out(one)[-3:] == ['"We can do it,"', '"No,"', '"Hm."']
