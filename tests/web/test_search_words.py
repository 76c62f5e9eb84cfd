"""What is searched for: hostile words, snippets, marks, and texts of all lengths."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.search.query_words import LONGEST, MOST, fold, read_words
from datasette_newsgraph.web.search.snippets import WIDTH, marked, snippet
from tests.cost import seconds_of_processor
from tests.rdf import hostile

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

SEARCH = "/examples/-/newsgraph/search"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=" + "x" * 10_000, 400),
        ("q=a&q=b", 400),
        ("q=a&page=0", 400),
        ("q=a&page=x", 400),
        ("q=a&page=999", 400),
        ("q=a&in=people", 400),
        ("q=" + "x" * LONGEST, 200),
        ("q=" + quote('"' * LONGEST), 200),
        ("q=" + "lo" * (LONGEST // 2), 200),
        ("q=" + "+".join(f"tholid{number}*" for number in range(50)), 200),
        ("q=" + "+".join(["a*"] * 160), 200),
        ("q=%00%FF%ED%A0%80", 200),
        ("q=paris&in=articles&page=25", 200),
        ("q=paris&page=3", 200),
        ("q=&in=quotes", 200),
        ("", 200),
    ],
    ids=lambda each: str(each)[:30],
)
@pytest.mark.asyncio
async def test_what_is_wrong_is_refused(
    serve: Serve, example_db: Path, query: str, status: int
) -> None:
    response = await serve(example_db).client.get(f"{SEARCH}?{query}")
    assert response.status_code == status


#: Words that FTS5, SQL, HTML or regular expressions would take for their own.
HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)> '",
    "a AND", "OR", "NOT b", "NEAR(a b)", "name:x", "{name alias_text} : x", "^a", "a + b", "(", "a)",
    '"unfinished', '""', '"" ""', "a\0b", "%", "_", "'; DROP TABLE entities; --", ":q", "?1", "$1",
    "[a-z]+", "(a+)+$", "\\", "\u202eabc", "\u200b", "\u0301", "e\u0301",
    "ﬁ", "İ", "ß", "٣", "½", "🦄", "\ue000", "a*b", "*a", "**", "a**", '"a"*', "-a", "{{ 7 * 7 }}",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.asyncio
async def test_hostile_words_are_words(
    search: Callable[..., Any], serve: Serve, example_db: Path, typed: str
) -> None:
    html = await search(typed)
    assert not [each for each in html.all("script") if "alert" in each.text]
    assert not html.all("img")
    assert all(not name.startswith("on") for each in html.elements for name in each.attributes)
    query = urlencode({"q": typed})
    assert (await serve(example_db).client.get(f"{SEARCH}.jsonld?{query}")).status_code == 200


@pytest.fixture(scope="module")
def hostile_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    load(path, hostile.records_of_markup())
    return path


@pytest.mark.parametrize("typed", ["script", "alert", "img onerror", "svg", "ref", "javascript*"])
@pytest.mark.asyncio
async def test_what_articles_hold_is_text_in_snippets_too(
    serve: Serve, hostile_db: Path, page: Parse, typed: str
) -> None:
    response = await serve(hostile_db).client.get(
        f"/hostile/-/newsgraph/search?{urlencode({'q': typed})}"
    )
    assert response.status_code == 200
    html = page(response.text)
    main = response.text.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r"<(?:script|img|svg|iframe|style|b|i>)\b", main.replace("<i>", ""))
    assert all(not name.startswith("on") for each in html.elements for name in each.attributes)
    assert all(
        each.attributes["href"].startswith(("/", "?", "https://datasette.io"))
        for each in html.all("a")
    )


@pytest.fixture(scope="module")
def full_text() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='unicode61 remove_diacritics 2')"
        )
        connection.execute("INSERT INTO texts VALUES ('Some words of a Text, Łódź café')")
        yield connection


_TYPED = st.text(max_size=60) | st.text('ab "*^:(){}+-\0é ANDORNTEłlŁøoı', max_size=40)


def every_spelling(matches: list[str]) -> list[str]:
    return matches


@given(_TYPED)
def test_nothing_that_is_typed_is_an_error(full_text: sqlite3.Connection, typed: str) -> None:
    words = read_words(typed)
    assert bool(words) == bool(words.phrases)
    for as_typed in (words, words.with_open_end(1)) if words else ():
        for each in (as_typed, as_typed.spelled(every_spelling)):
            together = f"text : {each.together.beginning}"
            for match in (each.match, f"text : ({each.match})", together):
                full_text.execute("SELECT * FROM texts WHERE texts MATCH ?", [match]).fetchall()


_TEXTS = st.text("abcé \n.,-'ßñÑ\u0301ا北", max_size=700) | st.text(max_size=300)


@given(_TYPED | st.text("abcéñ \"*'", max_size=12), _TEXTS)
def test_what_is_marked_is_in_the_text_and_nothing_is_lost(typed: str, text: str) -> None:
    words = read_words(typed)
    pieces = marked(text, words)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        assert not piece.is_marked or marked(piece.text, words) == [piece]


@given(st.text("abcéñ \"*'", max_size=12), _TEXTS, st.integers(0, 800), st.integers(80, 500))
def test_a_snippet_is_a_part_of_the_text(typed: str, text: str, skip: int, width: int) -> None:
    pieces = snippet(text, read_words(typed), min(skip, len(text)), width)
    shown = "".join(piece.text for piece in pieces)
    assert shown.removeprefix("… ").removesuffix(" …") in text
    assert len(shown) <= width + 4
    assert all(piece.text for piece in pieces)


@given(st.text("abclł ", max_size=10), st.text("abcdABÀñlłŁ ,.", max_size=80))
def test_what_full_text_search_finds_is_marked(typed: str, text: str) -> None:
    # Of a letter that a word has more often not all spellings are searched for.
    assume(all(len(re.findall("[lł]", each)) <= 4 for each in typed.split()))
    words = read_words(typed).spelled(every_spelling)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='unicode61 remove_diacritics 2')"
        )
        connection.execute("INSERT INTO texts VALUES (?)", [text])
        query = "SELECT highlight(texts, 0, '<', '>') FROM texts WHERE texts MATCH ?"
        row = connection.execute(query, [words.match]).fetchone() if words else None
    if row is None:
        return
    expected = re.findall("<(.*?)>", row[0])
    found = [piece.text for piece in marked(text, words) if piece.is_marked]
    # Words side by side are one mark of SQLite's.
    assert " ".join(fold(each) for each in found) == " ".join(fold(each) for each in expected)


def test_a_snippet_shows_where_most_of_the_words_are() -> None:
    text = "Town " + "filler words here. " * 60 + "The mayor of the town spoke. " + "More. " * 90
    pieces = snippet(text, read_words("town mayor"))
    shown = "".join(piece.text for piece in pieces)
    assert "mayor of the town" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= WIDTH + 4


def test_a_short_stem_is_a_word() -> None:
    assert not read_words("pa*").has_open_end
    assert read_words("par*").has_open_end
    assert read_words("巴*").has_open_end
    assert read_words('"new yor"*').match == '"new yor" *'
    assert read_words('"new yor*"').match == '"new yor"'


def test_a_mark_is_a_part_of_its_word() -> None:
    def marked_in(text: str, typed: str) -> list[str]:
        return [piece.text for piece in marked(text, read_words(typed)) if piece.is_marked]

    text = "cafe\u0301teria cafe\u0301, cafe\u0301 noir"
    assert marked_in(text, "cafe") == ["cafe\u0301", "cafe\u0301"]
    assert marked_in(text, "caf*") == ["cafe\u0301teria", "cafe\u0301", "cafe\u0301"]
    assert marked_in(text, '"café noir"') == ["cafe\u0301 noir"]
    assert marked_in(text, "teria") == []


@pytest.mark.parametrize(
    ("typed", "text", "repeated"),
    [
        ('"alpha beta"', "alpha", "\u0301"),
        ('"alpha beta"', "alpha", "\u0301 "),
        ('"alpha beta"', "alpha", "_"),
        ("alpha*", "", "alpha\u0301"),
        ("a" * 400 + "b", "", "a\u0301"),
        ('"' + "a " * 10 + 'b"', "", "a\u0301\u0301 "),
        ('"' + "a " * 200 + 'b"', "", "a "),
        ("l" * 400 + "b", "", "łl\u0301"),
        ('"lolo lolo"', "lolo", "\u0301 ł"),
        ("b c d f g h i j k l m n o p q r s t u v w", "", "x y "),
    ],
)
def test_a_text_takes_as_long_as_it_is_long(typed: str, text: str, repeated: str) -> None:
    places = read_words(typed).places
    long_text = text + repeated * 400_000
    # At most a second; if it were quadratic, many minutes.
    with seconds_of_processor(60):
        assert sum(1 for _ in places.find(long_text)) <= 400_000


def test_of_many_words_the_first_count() -> None:
    many = read_words(" ".join(f"word{number}" for number in range(40)))
    assert (len(many.phrases), many.is_cut) == (MOST, True)
    assert many.with_open_end().is_cut
    phrase = read_words('three words first, "' + "and many more " * 9 + '"*')
    assert sum(len(each.words) for each in phrase.phrases) == MOST
    assert phrase.is_cut
    assert not phrase.has_open_end
    # The same word is one word.
    assert not read_words("again " * 40).is_cut
    assert not read_words(" ".join(f"word{number}" for number in range(MOST))).is_cut


@pytest.mark.asyncio
async def test_that_not_all_words_count_is_said(search: Callable[..., Any]) -> None:
    def notes(html: Any) -> str:
        return " ".join(each.text for each in html.all("p", class_="note"))

    said = f"Only the first {MOST} words were searched for."
    words = " ".join(f"the{number}" for number in range(MOST))
    assert said not in notes(await search(words))
    assert said in notes(await search(f"{words} more"))


def test_a_text_without_spaces_is_cut_too() -> None:
    pieces = snippet("x" * 10_000, read_words("y"))
    assert sum(len(piece.text) for piece in pieces) <= WIDTH + 4
