"""What offsets count in, and where spans end: found out by the words."""

import html
import random
import re
import unicodedata

import pytest

from datasette_newsgraph.anchoring import (
    CONVERTED,
    MOVED,
    UNVERIFIED,
    Anchor,
    anchor,
)
from datasette_newsgraph.anchoring.units import CODE_POINTS, UTF8, UTF16, converter
from datasette_newsgraph.article import Zone
from tests.anchoring.spans import TEXT, anchored, article, span, spans_of

# Units

EMOJI = "😀 Zürich – " + TEXT


def in_unit(text, unit, surface, nth=0):
    encoding, size = {UTF16: ("utf-16-le", 2), UTF8: ("utf-8", 1)}[unit]
    start, end, _ = span(text, surface, nth)
    return *(len(text[:place].encode(encoding)) // size for place in (start, end)), surface


@pytest.mark.parametrize("unit", [UTF16, UTF8])
@pytest.mark.parametrize("hint", [CODE_POINTS, UTF16, UTF8])
def test_the_unit_is_found_whatever_the_format_says(unit, hint):
    given_spans = [in_unit(EMOJI, unit, words) for words in ("Laurent Fabius", "Monday")]
    found, name = anchored(EMOJI, *given_spans, unit=hint)
    assert name == unit
    assert found == [
        Anchor(*span(EMOJI, words), CONVERTED, 0) for words in ("Laurent Fabius", "Monday")
    ]


def test_words_decide_for_spans_without_words():
    start, end, _ = in_unit(EMOJI, UTF8, "Monday")
    said = [in_unit(EMOJI, UTF8, words) for words in ("Paris", "Ban Ki-moon")]
    found, name = anchored(EMOJI, *said, (start, end, None))
    assert name == UTF8
    assert found[2] == Anchor(*span(EMOJI, "Monday"), UNVERIFIED, 0)


@pytest.mark.parametrize(("first", "last"), [(1, 1), (0, -1), (1, 0), (3, 3), (-20, 5)])
@pytest.mark.parametrize("unit", [CODE_POINTS, UTF16])
def test_one_wrong_span_does_not_spoil_those_without_words(first, last, unit):
    text = TEXT if unit == CODE_POINTS else EMOJI

    def given_as(words):
        return span(text, words) if unit == CODE_POINTS else in_unit(text, unit, words)

    start, end, words = given_as("Laurent Fabius")
    others = [given_as(each) for each in ("Monday", "Paris", "Ban Ki-moon")]
    one = article(
        text,
        (start + first, end + last, words),
        *((*each[:2], None) for each in others),
        zones=[Zone(zone="title", start=0, end=others[0][1])],
    )
    anchors = anchor(one, unit)
    found = [anchors.spans[id(each)] for each in spans_of(one)]
    assert anchors.unit == unit
    assert found[0][:3] == span(text, "Laurent Fabius")
    assert found[0].status in (CONVERTED, MOVED)
    assert [each.surface for each in found[1:]] == [each[2] for each in others]
    zones = [(each.start, each.end) for each in anchors.zones or one.zones]
    assert zones == [(0, span(text, "Monday")[1])]


def test_the_same_wrong_span_given_twice_is_one_witness():
    start, end, words = span(TEXT, "Laurent Fabius")
    wrong = (start + 1, end + 1, words)
    found, unit = anchored(TEXT, wrong, wrong, (4, 9, None))
    assert unit == CODE_POINTS
    assert found[2] == Anchor(4, 9, "Paris", UNVERIFIED, 0)


def test_without_any_words_the_format_decides():
    start, end, _ = in_unit(EMOJI, UTF16, "Monday")
    found, name = anchored(EMOJI, (start, end, None), unit=UTF16)
    assert (name, found) == (UTF16, [Anchor(*span(EMOJI, "Monday"), UNVERIFIED, 0)])


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (0, -1, "code points, end inclusive"),
        (1, 0, "code points, from 1, end inclusive"),
        (1, 1, "code points, from 1"),
    ],
)
@pytest.mark.parametrize("text", [TEXT, "Zürich – " + TEXT, TEXT + "\nÉ & 😀\r\n"])
def test_ends(first, last, name, text):
    words = ["Paris", "Monday", "Ban Ki-moon"]
    given_spans = [(s + first, e + last, w) for s, e, w in (span(text, each) for each in words)]
    found, unit = anchored(text, *given_spans)
    assert unit == name
    assert [each.status for each in found] == [CONVERTED] * 3
    assert [each[:3] for each in found] == [span(text, each) for each in words]


def test_one_convention_for_one_of_many_spans_would_be_a_guess():
    start, end, words = span(TEXT, "Monday")
    found, unit = anchored(TEXT, span(TEXT, "Paris"), span(TEXT, "Ban"), (start, end - 1, words))
    assert unit == CODE_POINTS
    assert found[2] == Anchor(start, end, words, MOVED, 0)


def test_tokens():
    text = "Laurent Fabius met Ban Ki-moon , of the United Nations , in Paris ."
    words = {"Laurent Fabius": (0, 2), "Ban Ki-moon": (3, 5), "Paris": (12, 13)}
    assert text.split()[12] == "Paris"
    found, unit = anchored(text, *((*place, each) for each, place in words.items()))
    assert (unit, {each.status for each in found}) == ("tokens", {CONVERTED})
    assert [each.surface for each in found] == list(words)
    inclusive = [(start, end - 1, each) for each, (start, end) in words.items()]
    assert anchored(text, *inclusive)[1] == "tokens, end inclusive"


def test_line_ends():
    text = TEXT.replace(". ", ".\n")
    windows = text.replace("\n", "\r\n")
    words = ["Laurent Fabius", "Ban Ki-moon", "agreed"]
    found, unit = anchored(text, *(span(windows, each) for each in words))
    assert unit == "code points, line ends counted as two"
    assert [each[:3] for each in found] == [span(text, each) for each in words]
    found, unit = anchored(windows, *(span(text, each) for each in words))
    assert unit == "code points, line ends counted as one"


def test_zones_are_converted_too():
    zone = Zone(zone="title", start=0, end=in_unit(EMOJI, UTF8, "Monday")[1])
    given_spans = [in_unit(EMOJI, UTF8, words) for words in ("Paris", "Ban Ki-moon")]
    one = article(EMOJI, *given_spans, zones=[zone])
    assert anchor(one).zones == [Zone(zone="title", start=0, end=span(EMOJI, "Monday")[1])]
    right = article(EMOJI, span(EMOJI, "Paris"), zones=[zone])
    assert anchor(right).zones is None


@pytest.mark.parametrize("mentions", [(), [(13, 16, "The")]])
def test_zones_alone_go_by_the_format(mentions):
    # The one word that is there is in code points what it would be in the format's own unit.
    text = EMOJI if not mentions else "The " + EMOJI
    mentions = [(0, 3, "The")] if mentions else []
    zone = Zone(zone="title", start=0, end=in_unit(text, UTF16, "Monday")[1])
    found = anchor(article(text, *mentions, zones=[zone]), UTF16)
    assert found.zones == [Zone(zone="title", start=0, end=span(text, "Monday")[1])]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 0)])
def test_all_zones_move_together(first, last):
    words = ["Paris", "Monday", "Ban Ki-moon"]
    given_spans = [(s + first, e + last, w) for s, e, w in (span(TEXT, each) for each in words)]
    # The first begins at 0 where all others begin at 1, the last ends behind the text.
    zones = [(0, 38 + last), (39 + first, 80 + last), (81 + first, len(TEXT) + 9)]
    one = article(TEXT, *given_spans, zones=[Zone(zone="z", start=s, end=e) for s, e in zones])
    found = [(each.start, each.end) for each in anchor(one).zones]
    assert found == [(0, 38), (39, 80), (81, len(TEXT))]


@pytest.mark.parametrize("unit", [UTF16, UTF8])
def test_converter_goes_by_the_encoding(unit):
    text = "a😀é\n中bc\U0010ffffÿ"
    encoding, size = {UTF16: ("utf-16-le", 2), UTF8: ("utf-8", 1)}[unit]
    begins = {len(text[:place].encode(encoding)) // size: place for place in range(len(text) + 1)}
    convert = converter(text, unit)
    assert [convert(offset) for offset in range(-3, 40)] == [
        begins.get(offset) for offset in range(-3, 40)
    ]


@pytest.mark.parametrize("unit", [UTF16, UTF8])
def test_long_texts_are_converted_part_by_part(unit):
    encoding, size = {UTF16: ("utf-16-le", 2), UTF8: ("utf-8", 1)}[unit]
    text = "".join(random.Random(1).choices("aé中😀 \u200d\u0301\U0001f1e6\r\n", k=40_000))
    offset, begins = 0, {}
    for place, character in enumerate(text):
        begins[offset] = place
        offset += len(character.encode(encoding)) // size
    begins[offset] = len(text)
    convert = converter(text, unit)
    assert all(convert(each) == begins.get(each) for each in range(-3, offset + 3))


@pytest.mark.parametrize(
    ("measure", "unit"),
    [
        (lambda text: text.replace("\n", "\r\n"), "code points, line ends counted as two"),
        (lambda text: text.replace("\n", "\r\n").encode(), "UTF-8, line ends counted as two"),
        (lambda text: html.escape(text), "code points, & < > escaped"),
        (lambda text: unicodedata.normalize("NFC", text), "characters as seen"),
    ],
    ids=["CRLF", "bytes", "escaped", "seen"],
)
def test_all_conventions_are_found_in_long_texts(measure, unit):
    block = "Zu\u0308rich met A & B <c>\n in Málaga,\n“word” number{} 😀\n"
    text = "".join(block.format(n) for n in range(2000))
    places = [match.span() for match in re.finditer("number[0-9]+", text)][::21]
    given_spans = [
        (len(measure(text[:start])), len(measure(text[:end])), text[start:end])
        for start, end in places
    ]
    one = article(text, *given_spans)
    anchors = anchor(one)
    assert anchors.unit == unit
    found = {anchors.spans.get(id(each), (each.start, each.end))[:2] for each in spans_of(one)}
    assert found == set(places)
