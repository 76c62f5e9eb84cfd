"""Search in every script: what is found and marked, on our page, in Datasette's search, in facets."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from datasette.utils import escape_fts
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from datasette_newsgraph import prepare_connection, scripts
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.search_form import (
    TOKENIZER,
    is_plain,
    phrase,
    search_form,
    words,
    words_in_place,
)
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import FOLDED, FULL_TEXT
from datasette_newsgraph.web.search.query_words import read_words
from datasette_newsgraph.web.search.snippets import marked, snippet
from datasette_newsgraph.web.tables.asking import escaped, raw
from tests.cost import seconds_of_processor

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

#: script: the name of somebody or something, a sentence with it, and other ways to type the name.
SCRIPTS: dict[str, tuple[str, str, list[str]]] = {
    "Latin": ("Straßburg", "Der Rat tagte in Straßburg.", ["strassburg", "ＳＴＲＡẞＢＵＲＧ"]),
    "Greek": ("Αθήνα", "Μίλησε στην Αθήνα, χθες.", ["αθηνα", "ΑΘΗΝΑ", "Ἀθήνα"]),
    "Cyrillic": ("Королёв", "Вчера Королёв молчал.", ["королев", "КОРОЛЕВ", "Королёв"]),
    "Arabic": ("مُحَمَّد", "قال مُحَمَّد أمس", ["محمد", "محـــمد"]),
    "Hebrew": ("שָׁלוֹם", "אמר שָׁלוֹם אתמול", ["שלום"]),
    "Devanagari": ("कील", "दीवार में कील है।", []),
    "Bengali": ("দিল্লি", "মোদী দিল্লি গেলেন", []),
    "Tamil": ("பால்", "குழந்தை பால் குடி.", []),
    "Thai": ("กรุงเทพมหานคร", "นายกรัฐมนตรีเดินทางถึงกรุงเทพมหานครเมื่อวันอังคาร", ["กรุงเทพ"]),
    "Han": ("王毅", "中华人民共和国外交部长王毅周二在北京会见了记者，谈到气候变化。", []),
    "Kana": ("サッカー", "彼はサッカーをする。", ["ｻｯｶｰ"]),
    "Hangul": ("서울", "그는 서울에서 말했다.", ["\u1109\u1165\u110b\u116e\u11af"]),
    "Khmer": ("ភ្នំពេញ", "គាត់នៅភ្នំពេញថ្ងៃនេះ", []),
    "Myanmar": ("မြန်မာ", "သူမြန်မာသို့သွားသည်", []),
}
#: script: words that differ from the name in a sign or two, and are others.
OTHERS = {
    "Latin": "Strasse",
    "Greek": "Αθηνών",
    "Cyrillic": "Королей",
    "Arabic": "محمود",
    "Hebrew": "שלומי",
    "Devanagari": "काल कुल किल",
    "Bengali": "দিল্লা",
    "Tamil": "பல் பாலி",
    "Thai": "กรงเทพ",
    "Han": "毅王",
    "Kana": "サカー",
    "Hangul": "서운",
    "Khmer": "ភំពេញ",
    "Myanmar": "မြနမာ",
}


@pytest.fixture(scope="module")
def scripts_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article for each script, with a quote of its sentence; and one of other words of each."""
    path = tmp_path_factory.mktemp("scripts") / "scripts.db"
    records = [
        {
            "id": script,
            "title": f"{script}: {text}",
            "text": text,
            "publisher": script,
            "entities": [{"id": "e", "type": "Thing", "name": name}],
            "quotes": [{"text": text, "start": 0, "end": len(text), "speaker": "e"}],
        }
        for script, (name, text, _) in SCRIPTS.items()
    ]
    records += [
        {
            "id": f"not {script}",
            "title": f"Other: {others}",
            "text": others,
            "publisher": "Others",
            "entities": [{"id": "e", "type": "Thing", "name": others}],
            "quotes": [{"text": others, "start": 0, "end": len(others)}],
        }
        for script, others in OTHERS.items()
    ]
    load(path, records)
    return path


TYPED = [(each, one) for each, (name, _, ways) in SCRIPTS.items() for one in (name, *ways)]


@pytest.mark.parametrize(("script", "typed"), TYPED)
@pytest.mark.asyncio
async def test_a_name_is_found_and_marked_whole(
    serve: Serve, scripts_db: Path, page: Parse, script: str, typed: str
) -> None:
    name, text, _ = SCRIPTS[script]
    query = urlencode({"q": typed})
    response = await serve(scripts_db).client.get(f"/scripts/-/newsgraph/search?{query}")
    html = page(response.text)
    assert [each.text.split(",")[0] for each in html.all("h2")] == [
        *("Entities 1", "Articles 1", "Quotes 1")
    ]
    shown = name if len(words(typed)) == len(words(name)) else typed
    assert {each.text for each in html.all("mark")} == {shown}
    # What is shown is the original, with nothing put between.
    assert text in html.all("blockquote")[0].text


async def ask(datasette: Any, table: str, **arguments: str) -> dict[str, Any]:
    """A page of rows as JSON, with its facets."""
    extras = {"_shape": "objects", "_extra": "facet_results,count"}
    response = await datasette.client.get(f"/scripts/{table}.json?{urlencode(arguments | extras)}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


#: Where Datasette searches, and a column of each.
SEARCHED = {
    "article_index": "publisher",
    "entity_index": "name",
    "quote_index": "quote",
    "article_texts": "text",
    "entities": "name",
    "quotes": "surface",
}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.asyncio
async def test_datasettes_own_search_and_its_facets_find_the_same(
    serve: Serve, scripts_db: Path, script: str
) -> None:
    datasette = serve(scripts_db)
    name, text, ways = SCRIPTS[script]
    for table, column in SEARCHED.items():
        (row,) = (await ask(datasette, table, _search=name))["rows"]
        assert row[column] in (script, name, text)
    for typed in (name, *ways):
        found = await ask(datasette, "article_index", _search=typed, _facet_counted="publisher")
        facets = found["facet_results"].get("results", found["facet_results"])
        (counted,) = facets["publisher"]["results"]
        assert (counted["value"], counted["count"]) == (script, 1)


@pytest.mark.parametrize(
    ("typed", "more", "publishers"),
    [
        ("王毅", {}, ["Han"]),
        ("王毅 北京", {}, ["Han"]),
        ("王毅 東京", {}, []),
        ('"会见了记者" 王毅', {}, ["Han"]),
        ("毅王", {}, ["Others"]),
        ("王毅 OR 서울", {"_searchmode": "raw"}, ["Han", "Hangul"]),
        ("text : 王毅*", {"_searchmode": "raw"}, ["Han"]),
        ('"王毅" NOT 北京', {"_searchmode": "raw"}, []),
        ("—", {}, []),
    ],
)
@pytest.mark.asyncio
async def test_what_datasettes_own_search_takes(
    serve: Serve, scripts_db: Path, typed: str, more: dict[str, str], publishers: list[str]
) -> None:
    found = await ask(serve(scripts_db), "article_index", _search=typed, **more)
    assert sorted(row["publisher"] for row in found["rows"]) == publishers


@pytest.mark.asyncio
async def test_a_column_is_searched_and_what_was_typed_stays_on_the_page(
    serve: Serve, scripts_db: Path, page: Parse
) -> None:
    client = serve(scripts_db).client
    found = await ask(serve(scripts_db), "article_texts", _search_text="王毅")
    assert len(found["rows"]) == 1
    html = page((await client.get("/scripts/article_index?_search=王毅")).text)
    # The box itself is empty on 1.0, whoever asks for what.
    assert "王毅" in {each.attributes.get("value") for each in html.all("input", name="_search")}
    assert "王 毅" not in html.all("h1")[0].text


@pytest.mark.parametrize("typed", ["王毅", "กรุงเทพ", "कील", "दीव"])
@pytest.mark.asyncio
async def test_what_is_found_links_to_the_same_rows(
    serve: Serve, scripts_db: Path, page: Parse, typed: str
) -> None:
    datasette = serve(scripts_db)
    query = urlencode({"q": typed})
    html = page((await datasette.client.get(f"/scripts/-/newsgraph/search?{query}")).text)
    links = [urlsplit(each.attributes["href"]) for each in html.all("a")]
    found = [each for each in links if "_search=" in each.query]
    assert found
    for each in found:
        asked = dict(parse_qsl(each.query))
        assert len((await ask(datasette, each.path.rpartition("/")[2], **asked))["rows"]) == 1


@pytest.mark.parametrize("script", SCRIPTS)
def test_questions_by_name_take_every_script(scripts_db: Path, script: str) -> None:
    with closing(sqlite3.connect(scripts_db)) as connection:
        prepare_connection(connection)
        sql = QUERIES["quotes_by_name"].sql
        name, text, ways = SCRIPTS[script]
        for typed in (name, *ways):
            found = connection.execute(sql, {"name": name, "words": typed}).fetchall()
            assert [row[1] for row in found] == [text], typed


@pytest.mark.asyncio
async def test_the_views_that_fts5_reads_are_not_listed(
    serve: Serve, scripts_db: Path, page: Parse
) -> None:
    html = page((await serve(scripts_db).client.get("/scripts")).text)
    linked = {each.attributes["href"] for each in html.all("a")}
    assert "/scripts/article_index" in linked
    assert not [each for each in linked if "searched_" in each]


# --- What is kept --------------------------------------------------------------------------------


def found_in(path: Path, table: str, text: str) -> list[int]:
    """The rows that full-text search finds, asked twice: as it is, and after a rebuild."""
    with closing(sqlite3.connect(path)) as connection:
        query = f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ? ORDER BY 1"
        found = [row[0] for row in connection.execute(query, [phrase(text)])]
        connection.execute(
            f"INSERT INTO {table}_fts ({table}_fts, rank) VALUES ('integrity-check', 1)"
        )
        connection.execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild')")
        assert [row[0] for row in connection.execute(query, [phrase(text)])] == found
        connection.execute(
            f"INSERT INTO {table}_fts ({table}_fts, rank) VALUES ('integrity-check', 1)"
        )
        connection.rollback()
    return found


def wrong(path: Path) -> list[str]:
    with open_store(path) as db:
        return list(check(db))


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_index_is_sound_and_finds_the_same_when_it_is_rebuilt(
    scripts_db: Path, script: str
) -> None:
    name = SCRIPTS[script][0]
    for table in FULL_TEXT:
        assert len(found_in(scripts_db, table, name)) == 1, table


def told(name: str, text: str, **more: Any) -> dict[str, Any]:
    quote = {"text": text, "start": 0, "end": len(text)}
    entity = {"id": "e", "type": "Place", "name": name}
    return {"id": "a", "title": text, "text": text, "entities": [entity], "quotes": [quote]} | more


def test_what_is_folded_follows_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    plain = {
        "id": "plain",
        "title": "Rome",
        "text": "Rome",
        "entities": told("Rome", "")["entities"],
    }
    load(path, [told("王毅", "王毅在北京"), plain])
    for table in FULL_TEXT:
        assert len(found_in(path, table, "王毅")) == 1, table
    load(path, [told("Wang Yi", "Wang Yi est là", title="東京")])
    for table in FULL_TEXT:
        assert found_in(path, table, "王毅") == []
        assert len(found_in(path, table, "Wang Yi")) == 1, table
    assert len(found_in(path, "article_texts", "東京")) == 1
    load(path, [told("Wang Yi", "秦刚在北京")])
    assert len(found_in(path, "quotes", "秦刚")) == 1
    assert wrong(path) == []
    with open_store(path, write=True) as db:
        remove_article(db, "a")
        counts = [db.table(name).count for name in FOLDED.values()]
    assert counts == [0, 0, 0]
    assert wrong(path) == []


def test_a_text_that_fts5_cuts_as_we_do_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    load(
        path,
        [
            told("François", "François said: “No – never” in Łódź… Это так."),
            told("Ёж", "x", id="b"),
        ],
    )
    with closing(sqlite3.connect(path)) as connection:
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in FOLDED.values()
        }
    assert counts == {"folded_texts": 0, "folded_names": 1, "folded_quotes": 0}


def test_a_check_tells_of_what_is_folded_wrong(scripts_db: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    path.write_bytes(scripts_db.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE folded_names SET name = 'x' WHERE entity_id = 10")
        connection.execute("DELETE FROM folded_quotes WHERE quote_id IN (10, 11)")
        connection.execute("INSERT INTO folded_texts VALUES (1000, 'x', 'x')")
        connection.commit()
    assert [each.partition(":")[0] for each in wrong(path)] == ["search"] * 3


# --- Words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ёлка, ёж", "елка еж"),
        ("за\u0301мок й", "замок й"),
        ("ﬁn Ｇ２０ m² ½", "fin g20 m2 1 2"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("İstanbul Diyarbakır Łódź", "istanbul diyarbakır łodz"),
        ("أحمد احمد آل", "احمد احمد ال"),
        ("می\u200cخواهم", "می خواهم"),
        ("क्\u200dष क्ष", "क्ष क्ष"),
        ("क़ क\u093c", "क़ क़"),
        ("iPhone手机2024年", "iphone 手 机 2024 年"),
        ("が か\u3099 ｶﾞ", "が が ガ"),
        ("กำ ที่ ๒๕", "กํ า ที่ ๒๕"),
        ("문재인은", "문 재 인 은"),
        ("a\ufad1b", "a \U000233d5 b"),
        ("Été🚀 𝒜é, ça 👨\u200d👩", "ete ae ca"),
        ("Foo™ №5 ❤\ufe0f 1\ufe0f\u20e3", "foo 5 1"),
        ("\u0301 -", ""),
    ],
)
def test_the_form_in_which_a_text_is_searched(text: str, expected: str) -> None:
    normal = unicodedata.normalize("NFC", expected)
    assert " ".join(words(text)) == normal
    assert " ".join(word for word, *_ in words_in_place(text)) == normal
    assert words(normal) == words(text)


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("मोदी ने", "मोदी", ["मोदी"]),
        ("मोदी ने", "मोद*", ["मोदी"]),
        ("قال إِرْهَابِيٌّ أمس", "ارهابي", ["إِرْهَابِيٌّ"]),
        ("שָׁלוֹם עולם", "שלום", ["שָׁלוֹם"]),
        ("มีน้ำที่นี่", "น้ำ", ["น้ำ"]),
        ("ខ្មែរ", "ខ្មែ", ["ខ្មែ"]),
        ("ｶﾞｽ", "ガ", ["ｶﾞ"]),
        ("\u1100\u1161\u11a8하", "각", ["\u1100\u1161\u11a8"]),
        ("Le cafe\u0301 a", "café", ["cafe\u0301"]),
        ("王毅、李强", "李强 王毅", ["王毅", "李强"]),
        ("北京北京大学", '"北京大学"', ["北京大学"]),
        ("1\ufe0f\u20e3 x", "1", ["1\ufe0f\u20e3"]),
        ("می\u200cخواهم", "می", ["می\u200c"]),
        ("Straße", "strasse", ["Straße"]),
        ("½ l", "2", ["½"]),
    ],
)
def test_marks_stand_around_characters_as_they_are_seen(
    text: str, typed: str, expected: list[str]
) -> None:
    assert [each.text for each in marked(text, read_words(typed)) if each.is_marked] == expected


def test_many_characters_count_as_few_words() -> None:
    long = "中华人民共和国外交部长王毅周二在北京会见了记者"
    assert not read_words(long).is_cut
    assert read_words(long * 3).is_cut
    assert read_words(long).in_datasette == {"_search": long}


@pytest.fixture(scope="module")
def full_text() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f'CREATE VIRTUAL TABLE texts USING fts5(text, tokenize="{TOKENIZER}")')
        connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(texts, instance)")
        yield connection


def cut_by_fts5(connection: sqlite3.Connection, text: str) -> list[str]:
    connection.execute("DELETE FROM texts")
    connection.execute("INSERT INTO texts VALUES (?)", [text])
    return [row[0] for row in connection.execute("SELECT term FROM terms ORDER BY offset")]


def test_fts5_cuts_plain_texts_as_we_do(full_text: sqlite3.Connection) -> None:
    plain = re.compile(f"[{scripts.plain()}]")
    characters = [each for each in map(chr, range(1, 0x3000)) if plain.match(each)]
    assert len(characters) > 900
    differ = []
    for each in characters:
        text = f"a{each}b {each}"
        assert is_plain(text)
        if cut_by_fts5(full_text, text) != words(text):
            differ.append(each)
    assert differ == []


def test_fts5_takes_known_characters_as_we_do(full_text: sqlite3.Connection) -> None:
    known = re.compile(f"[{scripts.known()}]")
    characters = [each for each in map(chr, range(1, 0x10000)) if known.match(each)]
    full_text.execute("DELETE FROM texts")
    texts = {number: f"a{each}b é" for number, each in enumerate(characters)}
    forms = ((number, search_form(text) or text) for number, text in texts.items())
    full_text.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", forms)
    found: dict[int, list[str]] = {number: [] for number in texts}
    for number, term in full_text.execute("SELECT doc, term FROM terms ORDER BY doc, offset"):
        found[number].append(term)
    assert [text for number, text in texts.items() if found[number] != words(text)] == []


#: The letters and signs of many scripts, and those that are put together or apart in their own ways.
_MIXED = "aéßÅ1½™ё́ क़्ीำกเที่ကោာ္်ក្ខかが゛ﾞｶ々ー각가ㅎㅏ한بًِ\u0654ـ\u200c\u200d‎שָׁ王毅🇫🇷❤\ufe0f🏽Ω"
_ANY = st.text(max_size=12) | st.text(_MIXED, max_size=12)


@settings(max_examples=200)
@given(_ANY)
@example("“ाम")
@example("हिन्दी (़क)")
@example("कील।ं नमस्ते")
@example("_ं")
@example("0\u0e48\u200c\u1037")
@example("\u0620\u200c\u102b")
@example("0\u094d\u0640\u093c")
@example("\u304b\u0640\u3099\u3042")
def test_words_are_cut_alike_wherever_they_are_cut(
    full_text: sqlite3.Connection, text: str
) -> None:
    text = text.replace("\u0345", "")
    found = words(text)
    assert [word for word, *_ in words_in_place(text)] == found
    assert words(" ".join(found)) == found
    form = search_form(text)
    if form is not None:
        assert cut_by_fts5(full_text, form) == found
    for asked in (phrase(text), escaped(text), raw(phrase(text))):
        assert words(asked) == found


@settings(max_examples=200)
@given(st.lists(_ANY | st.text("aB-é", max_size=40), max_size=8), st.sampled_from(" \n\u3000\x85"))
def test_words_are_the_same_when_few_are_remembered(parts: list[str], blank: str) -> None:
    text = blank.join(parts).replace("\u0345", "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("datasette_newsgraph.search_form._WORDS", 2)
        found = words(text)
    assert found == [word for word, *_ in words_in_place(text)]


@settings(max_examples=200)
@given(_ANY, st.text(_MIXED, max_size=40), st.integers(0, 30))
def test_a_mark_never_splits_a_character(typed: str, text: str, width: int) -> None:
    for pieces in (marked(text, read_words(typed)), snippet(text, read_words(typed), width=width)):
        shown = "".join(each.text for each in pieces)
        assert shown.removeprefix("… ").removesuffix(" …") in text
        at = 0
        for each in pieces:
            edges = {at, at + len(each.text)} if each.is_marked else set()
            for edge in edges - {0, len(shown)}:
                # Nothing that goes on stands behind an edge, but where there is nothing before it.
                is_mark = unicodedata.category(shown[edge])[0] == "M"
                is_attached = is_mark or shown[edge] in "\u200d\u0e33\uff9e"
                assert not (is_attached and shown[edge - 1].isalnum()), (shown, edge)
            at += len(each.text)


@settings(max_examples=100)
@given(st.text(_MIXED + '"*:^()-+', max_size=30))
def test_whatever_is_typed_datasettes_search_finds_or_not(
    full_text: sqlite3.Connection, typed: str
) -> None:
    assume(words(typed))
    query = "SELECT count(*) FROM texts WHERE texts MATCH ?"
    full_text.execute(query, [escape_fts(escaped(typed))]).fetchone()


@pytest.mark.parametrize(
    "repeated", ["\u0301\u0316", "क\u093c\u0941", "กำ", "王", "א\u05b8", "\u1100"]
)
def test_a_text_takes_as_long_as_it_is_long(repeated: str) -> None:
    text = "e" + repeated * 100_000
    with seconds_of_processor(30):
        assert search_form(text) is not None
        assert sum(1 for _ in words_in_place(text)) <= len(text)
