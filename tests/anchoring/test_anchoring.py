"""Spans are verified, converted and repaired: right ones stay, all others are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.anchoring import (
    FUZZY,
    MOVED,
    NORMALISED,
    STATUSES,
    UNLOCATED,
    UNVERIFIED,
    Anchor,
    anchor,
)
from datasette_newsgraph.anchoring.assignment import assign
from datasette_newsgraph.anchoring.folding import FoldedText, fold
from datasette_newsgraph.anchoring.normalised_values import reads_value
from datasette_newsgraph.anchoring.units import CODE_POINTS
from tests.anchoring.spans import TEXT, anchored, article, at, span

# What is right, or cannot be checked


def test_right_spans_need_nothing():
    one = article(TEXT, span(TEXT, "Paris"), span(TEXT, "Ban Ki-moon"))
    assert anchor(one).spans == {}
    assert anchor(one) is anchor(one)


def test_every_status_is_told():
    assert list(STATUSES) == [
        "exact", "converted", "moved", "normalised", "fuzzy", "unlocated", "unverified",
    ]  # fmt: skip
    assert all(told.endswith(".") for told in STATUSES.values())


def test_spans_without_words_are_read_from_the_text():
    found, _ = anchored(TEXT, (4, 9, None), (4, 900, None), (None, None, None), (9, 4, None))
    assert found[0] == Anchor(4, 9, "Paris", UNVERIFIED, 0)
    assert found[1] == Anchor(None, None, None, UNLOCATED)
    assert found[2] == Anchor(None, None, None, UNVERIFIED)
    assert found[3] == Anchor(None, None, None, UNLOCATED)


def test_without_text_nothing_is_verified():
    found, _ = anchored(None, (4, 9, "Paris"), (None, None, "Bonn"))
    assert found == [Anchor(None, None, w, UNVERIFIED) for w in ("Paris", "Bonn")]


# Repair to the letter


def test_the_nearest_occurrence_is_taken():
    start, end, _ = span(TEXT, "Paris", 1)
    found, _ = anchored(TEXT, (start - 12, end - 12, "Paris"), span(TEXT, "Monday"))
    assert found[0] == Anchor(start, end, "Paris", MOVED, 12)


def test_two_mentions_never_share_while_another_place_is_free():
    start, end, _ = span(TEXT, "Paris", 2)
    found, _ = anchored(TEXT, (start, end, "Paris"), (start - 3, end - 3, "Paris"))
    assert found[0] is None
    assert found[1][:2] == span(TEXT, "Paris", 1)[:2]
    found, _ = anchored(TEXT, *[(start, end, "Paris")], *[(None, None, "Paris")] * 3)
    assert [each.start for each in found[1:3]] == [at(TEXT, "Paris", n) for n in (0, 1)]
    assert found[3].status == MOVED  # all are taken: it shares one


def test_the_same_span_given_twice_stays_one():
    given_span = (at(TEXT, "Paris") + 2, at(TEXT, "Paris") + 7, "Paris")
    found, _ = anchored(TEXT, given_span, given_span)
    assert found[0] == found[1] == Anchor(*span(TEXT, "Paris"), MOVED, -2)


def test_one_mention_given_twice_is_not_sent_far_away():
    text = "Paris is big. " + "word " * 200 + "Paris again."
    found, _ = anchored(text, (0, 5, "Paris"), (2, 7, "Paris"))
    assert found == [None, Anchor(0, 5, "Paris", MOVED, -2)]
    found, _ = anchored(text, (1, 6, "Paris"), (2, 7, "Paris"))
    assert [each[:2] for each in found] == [(0, 5)] * 2
    found, _ = anchored(text, (0, 5, "Paris"), (9, 14, "Paris"))
    assert found[1].start == at(text, "Paris", 1)


def test_whole_words_come_first():
    text = "In Iraqi cities and in Iraq itself."
    found, _ = anchored(text, (2, 6, "Iraq"))
    assert found[0][:2] == span(text, "Iraq", 1)[:2]
    found, _ = anchored("In Iraqi cities.", (2, 6, "Iraq"))
    assert found[0] == Anchor(3, 7, "Iraq", MOVED, 1)


def test_a_passage_is_searched_from_its_beginning():
    start, end = at(TEXT, "Laurent"), at(TEXT, " Paris agreed")
    found, _ = anchored(TEXT, (start, end, "Paris"), (0, len(TEXT), "Monday"))
    assert found[0][:2] == span(TEXT, "Paris", 1)[:2]
    assert found[0].moved == at(TEXT, "Paris", 1) - start
    assert found[1][:3] == span(TEXT, "Monday")


def test_without_offsets_the_first_is_taken():
    found, _ = anchored(TEXT, (None, None, "Ban Ki-moon"), (None, None, "Bonn"))
    assert found[0] == Anchor(*span(TEXT, "Ban Ki-moon"), MOVED)
    assert found[1] == Anchor(None, None, "Bonn", UNLOCATED)


def test_parts_of_other_mentions_come_last():
    text = "New York is a city. York is another."
    found, _ = anchored(text, (None, None, "York"), (None, None, "New York"))
    assert found[0].start == at(text, "York", 1)
    found, _ = anchored(text, (0, len(text), "YORK"), (0, len(text), "NEW YORK"))
    assert found[0].start == at(text, "York", 1)


def test_neighbours_tell_by_how_much_the_text_is_displaced():
    # "It" alone says nothing; that all before it is displaced by 60 does.
    headline = "A headline that the tool saw and that the text has no more.\n\n"
    text = "Fabius spoke. It rained. Kerry spoke. It snowed. Merkel spoke. It hailed. Obama left."
    words = ["Fabius", "Kerry", "Merkel", "Obama"]
    spans = [span(headline + text, each) for each in words]
    spans.append(span(headline + text, "It", 2))
    found, unit = anchored(text, *spans)
    assert unit == CODE_POINTS
    assert [each.moved for each in found] == [-len(headline)] * 5


def test_evidence_may_be_shared():
    start, end, words = span(TEXT, "Laurent Fabius presides over the talks")
    found, _ = anchored(TEXT, evidence=[(start + 4, end + 4, words)] * 2)
    assert found == [Anchor(start, end, words, MOVED, -4)] * 2


def test_quotes_are_anchored():
    start, end, words = span(TEXT, "Paris agreed")
    found, _ = anchored(TEXT, quotes=[(start - 9, end - 9, words)])
    assert found == [Anchor(start, end, words, MOVED, 9)]


# Repair but for the form of the words


@pytest.mark.parametrize(
    ("text", "reads", "surface"),
    [
        ("It said “no  deal” then.", "“no  deal”", '"no deal"'),
        ("The U.S. , he said, is", "U.S. , he", "U.S., he"),
        ("Col. ‘J.D.’ Dorrian spoke", "‘J.D.’ Dorrian", '"J.D." Dorrian'),
        ("in Beyonce\u0301 Knowles’ song", "Beyonce\u0301 Knowles", "Beyoncé Knowles"),
        ("the AT&T deal", "AT&T", "AT&amp;T"),
        ("the ISLAMIC STATE fell", "ISLAMIC STATE", "Islamic State"),
        ("the Straße there", "Straße", "STRASSE"),
        ("wait… what", "wait… what", "wait... what"),
        ("in 2015–16 only", "2015–16", "2015-16"),
        ("the (EU) said", "(EU)", "-LRB- EU -RRB-"),
    ],
)
def test_normalised(text, reads, surface):
    start = text.index(reads)
    expected = start, start + len(reads), reads, NORMALISED
    for by in (0, -4, 3):
        found, _ = anchored(text, (start + by, start + by + len(reads), surface))
        assert found[0] == Anchor(*expected, -by, surface)
    found, _ = anchored("Far away. " * 40 + text, (None, None, surface))
    assert found[0].status == NORMALISED
    assert found[0].surface == reads


@pytest.mark.parametrize(
    ("reads", "surface", "status", "found_words"),
    [
        # The words to the letter come before the place.
        (" presides over ", "presides over", MOVED, "presides over"),
        ("presides over ", "presides over", MOVED, "presides over"),
        (" presides over ", "presides over ", MOVED, "presides over "),
        # What the given place has not is not looked for beside it.
        ("presides over", "presides over ", NORMALISED, "presides over"),
        ("presides over ", " presides over", NORMALISED, "presides over "),
    ],
)
def test_white_space_around_words(reads, surface, status, found_words):
    start, end, _ = span(TEXT, reads)
    begin, stop, _ = span(TEXT, found_words)
    words = None if found_words == surface else surface
    right = span(TEXT, "Paris"), span(TEXT, "Ban Ki-moon")
    for found, _ in (
        anchored(TEXT, *right, (start, end, surface)),
        anchored(TEXT, *right, evidence=[(start, end, surface)]),
    ):
        assert found[-1] == Anchor(begin, stop, found_words, status, begin - start, words)


def test_white_space_that_is_meant_stays():
    start, end, words = span(TEXT, " presides over ")
    assert anchored(TEXT, evidence=[(start, end, words)])[0] == [None]
    assert anchored(TEXT, (3, 4, ""))[0] == [Anchor(3, 4, " ", NORMALISED, 0, "")]


@pytest.mark.parametrize(
    ("reads", "surface"),
    [
        ("Marks &amp; Spencer", "Marks & amp ; Spencer"),
        ("Marks & amp ; Spencer", "Marks&amp;Spencer"),
        ("AT&T", "A T & T"),
        ("1 000\n000", "1000000"),
        ("国 际", "国际"),
    ],
)
def test_words_that_differ_in_blanks_only_stay_in_place(reads, surface):
    text = f"Those of {reads} said so, and {reads} too."
    for nth in (0, 1):
        start, end, _ = span(text, reads, nth)
        expected = Anchor(start, end, reads, NORMALISED, 0, surface)
        assert anchored(text, (start, end, surface))[0] == [expected]
    if "& amp ;" in surface:
        expected = Anchor(start, end, reads, NORMALISED, 2, surface)
        assert anchored(text, (start - 2, end - 2, surface))[0] == [expected]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1961", "1961-01-01T00:00:00Z"),
        ("January 1961", "1961-01-01"),
        ("18 July 2021", "2021-07-18T00:00:00Z"),
        ("7/18/2021", "2021-07-18"),
        ("July 18", "2021-07-18"),
        ("Sunday", "2021-07-18"),
        ("1,200", "1200"),
        ("1.2 million people", "1200000"),
        ("42", "+42"),
        ("May 3", "2021-05-03"),
        ("3rd of Mar.", "2021-03-03"),
        ("Sept. 5", "2021-09-05"),
        ("in Oct.", "2021-10-05"),
        ("Sun 18", "2021-07-18"),
        ("last Thurs", "2021-07-15"),
    ],
)
def test_values(words, value):
    assert reads_value(words, value)
    text = f"It was {words} then."
    found, _ = anchored(text, (7, 7 + len(words), value))
    assert found[0] == Anchor(7, 7 + len(words), words, NORMALISED, 0, value)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1962", "1961-01-01"),
        ("July 19", "2021-07-18"),
        ("Monday", "2021-07-18"),
        ("August 2021", "2021-07-18"),
        ("12", "1200"),
        ("May", "42"),
        ("", "1961"),
        ("the talks", "2021-99-99"),
        ("Mayor", "2021-05-03"),
        ("it may", "2021-05-03"),
        ("Mar", "2021-03-03"),
        ("Janet Yellen", "2021-01-05"),
        ("Friends", "2021-07-16"),
        ("Sunak", "2021-07-18"),
        ("The Sun", "2021-07-18"),
        ("Marseille", "2021-03-05"),
        ("Monday 20", "2021-07-19"),
    ],
)
def test_other_words_are_no_value(words, value):
    assert not reads_value(words, value)


# Repair nearly


def test_typos_near_their_place_are_fuzzy():
    start, end, words = span(TEXT, "Laurent Fabius")
    found, _ = anchored(TEXT, (start, end, "Laurcnt Fabius"))
    assert found[0] == Anchor(start, end, words, FUZZY, 0, "Laurcnt Fabius")
    found, _ = anchored(TEXT, (start + 9, end + 9, "Laurcnt Fabius"))
    assert found[0] == Anchor(start, end, words, FUZZY, -9, "Laurcnt Fabius")


@pytest.mark.parametrize("surface", ["Berlin", "Mondays in May", "the talk show", "Paric 2", "of"])
def test_other_words_are_not_taken(surface):
    found, _ = anchored(TEXT, (10, 10 + len(surface), surface))
    assert found[0] == Anchor(None, None, surface, UNLOCATED)


@pytest.mark.parametrize(("text", "surface"), [("on 18 November", "19 November"),
                                               ("many Syrians left", "Syria")])  # fmt: skip
def test_numbers_and_derived_words_are_others(text, surface):
    found, _ = anchored("He said that it was " + text, (0, len(surface), surface))
    assert found[0].status != FUZZY


def test_a_letter_makes_short_words_others():
    text = "Iraq and its neighbours. " + "word " * 30 + "Iran replied."
    found, _ = anchored(text, (0, 4, "Iran"))
    assert found[0][:2] == span(text, "Iran")[:2]
    found, _ = anchored(text[:60], (0, 4, "Iran"), (0, 4, "Iraq"))
    assert found[0] == Anchor(None, None, "Iran", UNLOCATED)
    found, _ = anchored(text, (0, 4, "Irac"))
    assert found[0] == Anchor(0, 4, "Iraq", FUZZY, 0, "Irac")


# The parts


def test_assignment_is_one_to_one_at_the_least_total_distance():
    places, wanted = [0, 10, 30], [9, 11, 12]

    def cost(number, place):
        distance = abs(wanted[number] - places[place])
        return None if distance > 25 else distance

    assert assign(3, 3, cost) == [0, 1, 2]
    assert assign(1, 3, cost) == [1]
    assert assign(3, 0, cost) == [None] * 3
    assert assign(0, 3, cost) == []


@given(st.text(alphabet="aA ß\n“\"'…é\u0301ﬁİ\u200b&amp;-—中文😀\u00a0Σς", max_size=30))
def test_folding_leads_back_to_where_the_words_were(text):
    folded = FoldedText(text)
    start, end = folded.span(0, len(folded.text))
    assert 0 <= start <= end <= len(text)
    assert fold(text[start:end]) == folded.text
