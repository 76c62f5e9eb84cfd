"""What literals are worth, as the recommendation has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, Literal, URIRef

from datasette_newsgraph.sparql.forms import decode, encode
from datasette_newsgraph.sparql.values import equal, less, order_of, truth


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=XSD[datatype], normalize=False)


ONE, TWO = typed("1", "integer"), typed("2", "nonNegativeInteger")


@pytest.mark.parametrize(
    ("one", "other", "is_equal", "is_less"),
    [
        (ONE, typed("1.0", "decimal"), True, False),
        (ONE, TWO, False, True),
        (typed("1.5", "double"), TWO, False, True),
        (typed("NaN", "double"), typed("NaN", "double"), False, False),
        (Literal("a"), Literal("b"), False, True),
        (Literal("a"), Literal("a", lang="en"), False, None),
        (Literal("a", lang="en"), Literal("b", lang="EN"), False, True),
        (Literal("a", lang="en"), Literal("b", lang="de"), False, None),
        (Literal("1"), ONE, False, None),
        (typed("true", "boolean"), typed("1", "boolean"), True, False),
        (typed("2021-07-18", "date"), typed("2021-07-19", "date"), False, True),
        (typed("2021-07-18", "date"), typed("2021", "gYear"), False, None),
        (
            typed("2021-07-18T12:00:00Z", "dateTime"),
            typed("2021-07-18T14:00:00+02:00", "dateTime"),
            True,
            False,
        ),
        # It may be up to fourteen hours off.
        (
            typed("2021-07-18T12:00:00", "dateTime"),
            typed("2021-07-18T14:00:00Z", "dateTime"),
            False,
            None,
        ),
        (typed("2021-02-30", "date"), typed("2021-03-01", "date"), None, None),
        (typed("x", "integer"), ONE, None, None),
        (URIRef("urn:x:a"), URIRef("urn:x:a"), True, None),
        (URIRef("urn:x:a"), Literal("urn:x:a"), False, None),
    ],
)
def test_terms_are_compared_by_their_values(
    one: Literal, other: Literal, is_equal: bool | None, is_less: bool | None
) -> None:
    assert equal(one, other) is is_equal
    assert equal(other, one) is is_equal
    assert less(one, other) is is_less


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (Literal(""), False),
        (Literal("false"), True),
        (typed("0", "integer"), False),
        (typed("x", "integer"), False),
        (typed("NaN", "double"), False),
        (typed("2021", "gYear"), None),
        (URIRef("urn:x:a"), None),
        (None, None),
    ],
)
def test_a_term_is_true_or_false_or_an_error(term: Literal, value: bool | None) -> None:
    assert truth(term) is value


literals = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])).map(Literal),
    st.integers().map(lambda each: typed(str(each), "integer")),
    st.floats(allow_nan=False).map(lambda each: typed(repr(each).replace("inf", "INF"), "double")),
    st.dates().map(lambda each: typed(each.isoformat(), "date")),
    st.sampled_from(["en", "de-at"]).map(lambda each: Literal("a", lang=each)),
)


@given(literals, literals)
def test_the_order_of_terms_keeps_to_less_and_has_a_place_for_each(
    one: Literal, other: Literal
) -> None:
    before, behind = order_of(encode(one)), order_of(encode(other))
    assert before is not None
    assert behind is not None
    if less(one, other):
        # Numbers are put in order as doubles.
        assert before <= behind


@given(literals)
def test_a_term_comes_back_from_the_text_that_encodes_it(term: Literal) -> None:
    assert decode(encode(term)) == term
