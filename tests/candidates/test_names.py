"""What is compared of a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.candidates.names import LONGEST, Name, folded
from datasette_newsgraph.candidates.nations import nation_of
from datasette_newsgraph.candidates.sounds import consonants
from datasette_newsgraph.candidates.spelling import has_slip, initial_fits
from datasette_newsgraph.candidates.vocabulary import surname


@pytest.mark.parametrize(
    ("raw", "core"),
    [
        ("the United States", ("united", "states")),
        ("Mr. Blair", ("blair",)),
        ("Prime Minister Tony Blair's", ("tony", "blair")),
        ("Apple Inc.", ("apple",)),
        ("U.S.", ("us",)),
        ("U.S", ("us",)),
        ("J. K. Rowling", ("jk", "rowling")),
        ("Société Générale SA", ("societe", "generale")),
        ("Lech Wałęsa", ("lech", "walesa")),
        ("Jean-Luc O’Neil", ("jean", "luc", "oneil")),
        # Of a name of nothing but titles something is left.
        ("The President", ("president",)),
        ("The The", ("the",)),
        ("王毅", ("王毅",)),
        ("…", ("…",)),
    ],
)
def test_the_core_of_a_name(raw: str, core: tuple[str, ...]) -> None:
    assert Name(raw).core == core


@pytest.mark.parametrize(
    ("long", "acronym"),
    [
        ("North Atlantic Treaty Organization", "NATO"),
        ("Securities and Exchange Commission", "S.E.C."),
        ("United States of America", "USA"),
        ("Federal Bureau of Investigation", "FBI"),
    ],
)
def test_an_acronym_has_the_initials(long: str, acronym: str) -> None:
    assert Name(acronym).acronym in Name(long).initials


@pytest.mark.parametrize("word", ["Ana", "us", "A", "Reuters", "王毅", "Ana Lee", "3G"])
def test_a_word_is_no_acronym(word: str) -> None:
    assert Name(word).acronym == ""


@pytest.mark.parametrize(
    ("one", "other"), [("Qaddafi", "Gadhafi"), ("Usama", "Osama"), ("Muhammad", "Mohammed")]
)
def test_spellings_of_a_foreign_name_have_the_same_consonants(one: str, other: str) -> None:
    assert consonants(folded(one).lower()) == consonants(folded(other).lower())


@pytest.mark.parametrize(
    ("raw", "last"),
    [("Ana Lee", "lee"), ("Martin Luther King Jr.", "king"), ("Ana", ""), ("King Jr.", "")],
)
def test_a_surname_is_the_last_word_of_several(raw: str, last: str) -> None:
    assert surname(Name(raw)) == last


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("akhundzada", "akhunzada", True),
        ("akhundzada", "akhunzadda", True),
        ("smith", "smiht", True),
        ("smith", "smyhte", False),
        ("brown", "crown", False),
        ("lee", "lea", False),
        ("smith", "smith", False),
    ],
)
def test_a_slip_is_in_one_letter_of_a_word_and_in_two_of_a_long_one(
    one: str, other: str, is_slip: bool
) -> None:
    assert has_slip(one, other) is is_slip


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        ("J Smith", "John Smith", True),
        ("J Smith", "Mary Smith", False),
        ("Jane Smith", "John Smith", False),
        ("J Smith", "John Smyth", False),
        ("Smith", "John Smith", False),
    ],
)
def test_an_initial_fits_a_first_name(one: str, other: str, fits: bool) -> None:
    assert initial_fits(Name(one).core, Name(other).core) is fits


@pytest.mark.parametrize(
    ("one", "other"), [("the US", "United States"), ("U.K.", "Britain"), ("French", "France")]
)
def test_names_of_a_country(one: str, other: str) -> None:
    first, second = nation_of(one), nation_of(other)
    assert first
    assert second
    assert first.countries & second.countries


@given(st.text(max_size=3 * LONGEST))
def test_any_text_is_a_name(raw: str) -> None:
    name = Name(raw)
    assert name.core or raw == ""
    assert len(name.joined) <= 12 * LONGEST
    assert isinstance(name.sound, str)
    assert name.numbers <= set(name.core)
    nation_of(raw)
