"""Whatever spans are given, and the spans of real articles displaced: what is found again."""

import copy
import html
import random
import re
import unicodedata
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.anchoring import (
    CONVERTED,
    FUZZY,
    MOVED,
    NORMALISED,
    STATUSES,
    UNLOCATED,
    UNVERIFIED,
    anchor,
)
from datasette_newsgraph.anchoring.units import CODE_POINTS, UTF8, UTF16
from datasette_newsgraph.article import Article
from tests.anchoring.spans import article, spans_of
from tests.cost import seconds_of_processor

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"


# What holds of all

TEXTS = st.text(alphabet="aab \n.é😀中\u0301&\r", max_size=60)
NUMBERS = st.one_of(
    st.none(), st.integers(-5, 70), st.integers(), st.sampled_from([2**63, -(2**63), 10**40])
)


SURFACES = st.one_of(st.none(), st.text(alphabet="ab \né😀", max_size=6), st.just("1961-01-01"))
SPANS = st.lists(st.tuples(NUMBERS, NUMBERS, SURFACES), max_size=12)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.none(), TEXTS), SPANS, SPANS, SPANS, st.sampled_from([CODE_POINTS, UTF16, UTF8])
)
def test_whatever_is_given(text, mentions, evidence, quotes, unit):
    one = article(text, *mentions, evidence=evidence, quotes=quotes)
    anchors = anchor(one, unit)
    for each in spans_of(one):
        found = anchors.spans.get(id(each))
        is_right = (
            text is not None
            and each.start is not None
            and each.end is not None
            and bool(each.text)
            and 0 <= each.start < each.end
            and text[each.start : each.end] == each.text
            and each.end <= len(text)
        )
        if is_right:
            assert found is None
            continue
        assert found is not None
        assert found.status in STATUSES
        if found.start is None:
            assert found.end is None
            assert found.status in (UNLOCATED, UNVERIFIED)
            assert found.surface == each.text
        else:
            assert 0 <= found.start < found.end <= len(text)
            assert text[found.start : found.end] == found.surface
            assert found.given_surface in (None, each.text)
            if found.status in (MOVED, CONVERTED):
                assert found.surface == each.text


@settings(max_examples=200, deadline=None)
@given(TEXTS.filter(lambda text: len(text) > 3), st.data())
def test_right_spans_never_move(text, data):
    place = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    places = data.draw(st.lists(place.filter(lambda p: p[0] < p[1]), max_size=6))
    right = [(start, end, text[start:end]) for start, end in places]
    one = article(text, *right, *data.draw(SPANS))
    spans = anchor(one, data.draw(st.sampled_from([UTF16, UTF8]))).spans
    for each in spans_of(one):
        if (each.start, each.end, each.text) in right:
            assert id(each) not in spans


# Time

COUNT = 4000


def _hard():
    text = "ab " * 100_000
    yield "a text of one letter", "a" * 300_000, [(5, 6, "a")] * COUNT
    yield "words that are not there", text, [(n, n + 5, f"x{n}") for n in range(COUNT)]
    yield "no offsets", text, [(None, None, "ab")] * COUNT
    yield "one place", text, [(4, 6, "ab")] * COUNT
    yield "phrases", text, [(n + 1, n + 2, "ab " * (n % 40) + "ab") for n in range(COUNT)]
    yield "nearly", text, [(n, n + 9, f"ab{n}b ab ab") for n in range(COUNT)]
    yield "blanks", " " * 300_000, [(n, n + 5, "x y") for n in range(COUNT)]
    yield "passages", text, [(0, 300_000, f"ab {n}") for n in range(COUNT)]
    marks = "\u0301\u0323" * 200_000
    yield "marks", f"Paris a{marks} End", [(2, 9, "Lisbon"), (None, None, f"PARIS a{marks} x")]
    half = "a " * 150_000
    yield "a long surface", half * 4, [(None, None, f"{half}b {half[:-1]}"), (9, 9, half + "b")]
    yield "accents", "é a " * 1_000_000, [(2, 9, "Lisbon"), (900, 905, "É A é")]
    yield "Arabic", "سلام " * 60_000, [(n * 9 + 1, n * 9 + 5, "سلام") for n in range(COUNT)]


@pytest.mark.parametrize(("text", "mentions"), [pytest.param(*c, id=n) for n, *c in _hard()])
def test_time_is_linear(text, mentions):
    one = article(text, *mentions)
    # About 1 s. What is quadratic would take a quarter of an hour.
    with seconds_of_processor(60):
        anchor(one)


# Real articles, damaged


@pytest.fixture(scope="module", params=["re3d-us", "wikinews"])
def corpus(request):
    path = CORPORA / f"{request.param}.jsonl"
    if not path.exists():
        pytest.skip("needs the corpora")
    return [msgspec.json.decode(line, type=Article) for line in path.read_bytes().splitlines()]


def mentions_of(one):
    return [mention for entity in one.entities for mention in entity.mentions]


def back(articles, damage, unit=CODE_POINTS):
    """Return the part of all mentions that are on their true span after ``damage``, and a count of
    statuses. Damage changes an article and returns where its mentions truly are.
    """
    statuses, right, total = Counter(), 0, 0
    for number, each in enumerate(articles):
        one = copy.deepcopy(each)
        truth = damage(one, random.Random(number))
        spans = anchor(one, unit).spans
        for mention, place in zip(mentions_of(one), truth, strict=True):
            found = spans.get(id(mention))
            statuses[found.status if found else "exact"] += 1
            right += (found[:2] if found else (mention.start, mention.end)) == place
            total += 1
    return right / total, statuses


def places_of(one):
    return [(mention.start, mention.end) for mention in mentions_of(one)]


def shift(one, rng):
    truth = places_of(one)
    for mention in mentions_of(one):
        by = rng.randint(-20, 20)
        mention.start, mention.end = mention.start + by, mention.end + by
    return truth


def test_untouched_articles_stay(corpus):
    part, statuses = back(corpus, lambda one, rng: places_of(one))
    assert part == 1
    assert set(statuses) <= {"exact", NORMALISED}
    total = sum(statuses.values())
    assert statuses["exact"] == {2159: 2156, 1457: 1457}[total]
    evidence = Counter()
    for one in corpus:
        spans = anchor(one).spans
        for each in (each for relation in one.relations for each in relation.evidence):
            found = spans.get(id(each))
            evidence[found.status if found else "exact"] += 1
            if found is None or (found.start, found.end) == (each.start, each.end):
                continue
            # Only blanks around the words are left off.
            assert one.text[each.start : each.end].strip() == each.text == found.surface
    assert evidence == ({"exact": 370, MOVED: 273, NORMALISED: 72} if total == 2159 else {})


@pytest.mark.parametrize("seed", range(3))
def test_random_displacement(corpus, seed):
    part, _ = back(corpus, lambda one, rng: shift(one, random.Random(rng.random() + seed)))
    assert part >= 0.993


@pytest.mark.parametrize(("encoding", "size"), [("utf-16-le", 2), ("utf-8", 1)])
def test_other_units(corpus, encoding, size):
    def damage(one, rng):
        before = "😀 Zürich: "
        one.text = before + one.text
        truth = []
        for mention in mentions_of(one):
            truth.append((mention.start + len(before), mention.end + len(before)))
            mention.start, mention.end = (
                len(one.text[:place].encode(encoding)) // size for place in truth[-1]
            )
        return truth

    part, statuses = back(corpus, damage)
    assert part >= 0.999
    assert statuses[CONVERTED] >= 0.99 * sum(statuses.values())


def displaced(measure):
    """Return a damage: offsets count the length of ``measure`` of the text before them."""

    def damage(one, rng):
        truth = places_of(one)
        for each in spans_of(one):
            each.start, each.end = (
                len(measure(one.text[:place])) for place in (each.start, each.end)
            )
        return truth

    return damage


@pytest.mark.parametrize(
    ("measure", "least"),
    [
        (lambda text: "x" * 37 + text, 0.99),
        (lambda text: text[400:] if len(text) > 400 else "", 0.7),
        (lambda text: text.replace("\n", "\r\n"), 0.998),
        (lambda text: html.escape(text), 0.97),
        (lambda text: text.encode("ascii", "xmlcharrefreplace"), 0.99),
        (lambda text: re.sub(r"(?<=\S)([.,;:'’\"])", r" \1", text), 0.99),
        (lambda text: re.sub(r"\s", "  ", text), 0.97),
        (lambda text: unicodedata.normalize("NFD", text), 0.998),
    ],
    ids=[
        "constant",
        "cut off",
        "CRLF",
        "escaped",
        "character references",
        "tokens",
        "blanks",
        "NFD",
    ],
)
def test_displaced_text(corpus, measure, least):
    assert back(corpus, displaced(measure))[0] >= least


def test_typos(corpus):
    def damage(one, rng):
        truth = places_of(one)
        for mention in mentions_of(one):
            if len(mention.text) > 7 and rng.random() < 0.1:
                at = rng.randrange(1, len(mention.text))
                mention.text = mention.text[:at] + "q" + mention.text[at + 1 :]
        return truth

    part, statuses = back(corpus, damage)
    assert part >= 0.99
    assert statuses[FUZZY] > 0.02 * sum(statuses.values())
