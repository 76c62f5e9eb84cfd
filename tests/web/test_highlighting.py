"""A text cut into blocks and pieces: nothing is lost, and every mention can be reached."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.web.article.highlighting import LINES, Block, Piece, Span, blocks
from tests.cost import steps_of

NOTHING = Span(0, 0)
_TEXTS = st.text("ab \n\r\t\u2028\u202eé\U0001f600", max_size=40) | st.text(max_size=40)
_PLACES = st.integers(0, 45)
_SPANS = st.tuples(_PLACES, _PLACES).map(lambda each: Span(min(each), max(each)))
_ZONES = st.tuples(st.sampled_from(["title", "body", "caption", "footer"]), _SPANS)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def pieces_of(found: list[Block]) -> list[Piece]:
    return [piece for block in found for run in block.runs for piece in run.pieces]


def written(found: list[Block], names: str = "ABCDEFGH") -> list[str]:
    """Blocks as text: pieces in brackets with their mention, its sign, and markers behind."""
    lines = []
    for block in found:
        parts = []
        for piece in (each for run in block.runs for each in run.pieces):
            part = piece.text
            if piece.mention is not None:
                part = f"[{part}|{names[piece.mention]}{'.' if piece.is_last else ''}]"
            for sign in piece.signs:
                part += f"<{names[sign.mention]}>" if sign.is_link else f"({names[sign.mention]})"
            parts.append(f"*{part}*" if piece.is_asked else part)
        lines.append(("+" if block.is_continued else "") + f"{block.zone}: {''.join(parts)}")
    return lines


# --- Examples --------------------------------------------------------------------------------


def test_nested_mentions_lead_to_the_innermost() -> None:
    text = "At Kabul University today"
    mentions = [span(text, "Kabul University"), span(text, "Kabul")]
    assert written(blocks(text, 0, mentions, [], NOTHING)) == [
        "body: At [Kabul|B.][ University|A.] today"
    ]


def test_an_outer_mention_keeps_its_line_and_its_sign() -> None:
    text = "the University of Kabul said"
    mentions = [span(text, "University of Kabul"), span(text, "Kabul")]
    found = blocks(text, 0, mentions, [], NOTHING)
    assert written(found) == ["body: the [University of |A][Kabul|B.](A) said"]
    assert [piece.lines for piece in pieces_of(found)] == [
        (None, None, None),
        (0, None, None),
        (0, 1, None),
        (None, None, None),
    ]


def test_crossing_mentions_share_what_both_cover() -> None:
    text = "New York Times Square"
    mentions = [span(text, "New York Times"), span(text, "Times Square")]
    assert written(blocks(text, 0, mentions, [], NOTHING)) == [
        "body: [New York |A][Times|B](A)[ Square|B.]"
    ]


def test_mentions_of_the_same_span_can_all_be_reached() -> None:
    text = "Paris won"
    mentions = [span(text, "Paris")] * 3
    assert written(blocks(text, 0, mentions, [], NOTHING)) == ["body: [Paris|A.]<B><C> won"]


def test_a_mention_that_others_cover_can_be_reached() -> None:
    text = "Kabul Lyon"
    mentions = [span(text, "Kabul Lyon"), span(text, "Kabul "), span(text, "Lyon")]
    assert written(blocks(text, 0, mentions, [], NOTHING)) == ["body: [Kabul |B.][Lyon|C.]<A>"]


def test_a_span_asked_for_crosses_mentions_lines_and_zones() -> None:
    text = "Kabul falls\n\nA street of Kabul."
    zones = [("title", Span(0, 11)), ("caption", Span(13, len(text)))]
    found = blocks(text, 0, [span(text, "Kabul")], zones, Span(3, 21))
    assert written(found) == [
        "title: [Kab|A]*[ul|A.]** falls*",
        "caption: *A street* of Kabul.",
    ]


def test_a_zone_that_begins_within_a_line_begins_a_block() -> None:
    text = "KABUL, Friday – Talks went on. Photo: a street \n The end"
    zones = [
        ("dateline", span(text, "KABUL, Friday –")),
        ("caption", span(text, "Photo: a street")),
    ]
    assert written(blocks(text, 0, [], zones, NOTHING)) == [
        "dateline: KABUL, Friday –",
        "+body:  Talks went on. ",
        "+caption: Photo: a street ",
        "body:  The end",
    ]


def test_of_zones_that_overlap_the_shorter_is_shown() -> None:
    text = "One\nTwo\nThree"
    zones = [("body", Span(0, 13)), ("caption", Span(4, 7)), ("footer", Span(2, 13))]
    assert written(blocks(text, 0, [], zones, NOTHING)) == [
        "body: On",
        "+footer: e",
        "caption: Two",
        "footer: Three",
    ]


def test_a_part_of_a_text_and_spans_that_reach_over_its_ends() -> None:
    found = blocks("def", 3, [Span(0, 5), Span(5, 99), Span(99, 100)], [], Span(5, 1000))
    assert written(found) == ["body: [de|A.]*[f|B.]*"]


def test_without_a_text_there_is_nothing() -> None:
    assert blocks("", 0, [Span(0, 0)], [("body", Span(0, 0))], Span(0, 5)) == []
    assert blocks(" \n\n\t", 0, [], [], NOTHING) == []


# --- Whatever is given -----------------------------------------------------------------------

_GIVEN = (_TEXTS, st.integers(0, 5), st.lists(_SPANS, max_size=12), st.lists(_ZONES, max_size=6))


@given(*_GIVEN, _SPANS)
def test_the_text_is_kept_but_for_its_line_ends(
    text: str, first: int, mentions: list[Span], zones: list[tuple[str, Span]], asked: Span
) -> None:
    found = blocks(text, first, mentions, zones, asked)
    place = first
    for block in found:
        between = text[place - first : block.start - first]
        assert not between.strip()
        if block.is_continued:
            assert not between
        assert text[block.start - first :].startswith(block.text)
        assert "\n" not in block.text
        assert all(piece.text for run in block.runs for piece in run.pieces)
        place = block.start + len(block.text)
    assert not text[place - first :].strip()


@given(*_GIVEN, _SPANS)
def test_what_is_asked_for_is_marked_to_the_letter(
    text: str, first: int, mentions: list[Span], zones: list[tuple[str, Span]], asked: Span
) -> None:
    found = blocks(text, first, mentions, zones, asked)
    marked = "".join(piece.text for piece in pieces_of(found) if piece.is_asked)
    inside = text[max(0, asked.start - first) : max(0, asked.end - first)]
    assert marked == inside.replace("\n", "")
    for block in found:
        states = [run.is_asked for run in block.runs]
        assert all(one != other for one, other in pairwise(states))


@given(*_GIVEN, _SPANS)
def test_every_mention_can_be_reached_and_ends_once(
    text: str, first: int, mentions: list[Span], zones: list[tuple[str, Span]], asked: Span
) -> None:
    pieces = pieces_of(blocks(text, first, mentions, zones, asked))
    signs = [sign for piece in pieces for sign in piece.signs]
    led_to = {piece.mention for piece in pieces} | {sign.mention for sign in signs if sign.is_link}
    ends = [piece.mention for piece in pieces if piece.is_last] + [sign.mention for sign in signs]
    for number, (start, end) in enumerate(mentions):
        covered = text[max(0, start - first) : max(0, end - first)]
        if covered.strip("\n"):
            assert number in led_to
            assert ends.count(number) == 1
        else:
            assert ends.count(number) <= 1


@given(*_GIVEN)
def test_each_piece_is_of_the_shortest_mention_over_it(
    text: str, first: int, mentions: list[Span], zones: list[tuple[str, Span]]
) -> None:
    for block in blocks(text, first, mentions, zones, NOTHING):
        place = block.start
        for piece in (each for run in block.runs for each in run.pieces):
            over = [
                number
                for number, (start, end) in enumerate(mentions)
                if start <= place and place + len(piece.text) <= end
            ]
            shortest = min(
                over,
                key=lambda each: (mentions[each].end - mentions[each].start, each),
                default=None,
            )
            assert piece.mention == shortest
            drawn = [each for each in piece.lines if each is not None]
            assert set(drawn) <= set(over)
            assert len(drawn) == len(set(drawn))
            # One that began under as many others as have a line has none from end to end.
            assert len(mentions) > LINES or len(drawn) == len(over)
            place += len(piece.text)


@given(st.lists(_SPANS, max_size=12))
def test_a_mention_keeps_one_line_from_end_to_end(mentions: list[Span]) -> None:
    lines: dict[int, set[int]] = {}
    for piece in pieces_of(blocks("x" * 45, 0, mentions, [], NOTHING)):
        for line, number in enumerate(piece.lines):
            if number is not None:
                lines.setdefault(number, set()).add(line)
    assert all(len(each) == 1 for each in lines.values())


@pytest.mark.parametrize(
    "mentions",
    [
        pytest.param([Span(number, 40_000 - number) for number in range(8_000)], id="nested"),
        pytest.param([Span(10, 20)] * 8_000, id="in one place"),
        pytest.param([Span(number, number + 20_000) for number in range(8_000)], id="overlapping"),
        pytest.param([Span(2 * number, 2 * number + 1) for number in range(8_000)], id="apart"),
    ],
)
def test_the_work_grows_with_the_mentions_and_no_faster(mentions: list[Span]) -> None:
    def steps(mentions: list[Span]) -> int:
        captions = [("caption", each) for each in mentions]
        return steps_of(lambda: blocks("x" * 40_000, 0, mentions, captions, NOTHING))

    # Eight times as many; were it quadratic, it would be 64 times the work.
    assert steps(mentions) < 12 * steps(mentions[:1000])
