"""``--articles``: whose row is whose, what it gives, and spans that go with their text."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.article import Article, Entity, Evidence, Mention, Quote, Relation, Zone
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.original_text import set_original
from datasette_newsgraph.readers.sidecar import Sidecar
from datasette_newsgraph.readers.sidecar_fields import article_data

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
Opened = Callable[..., Sidecar]
URL = "https://example.org/2015/cop21"


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def write(data: bytes | Any, name: str = "articles.json") -> Sidecar:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return Sidecar.open(path)

    return write


def unnamed(text: str | None = None, **fields: Any) -> Parsed:
    return Parsed(Article(**({"id": "", "text": text} | fields)), is_unnamed=True)


# Rows ---------------------------------------------------------------------------------------------

ROWS: dict[str, dict[str, Any]] = {
    "news-please": {
        "authors": ["Ana O'Neil"],
        "date_publish": "2015-11-30T08:15:00",
        "date_modify": None,
        "language": "en",
        "source_domain": "example.org",
        "title": "Talks open",
        "maintext": "Fabius opened it.",
        "url": URL,
        "filename": "https%3A%2F%2Fexample.org%2F2015%2Fcop21.json",
    },
    "trafilatura": {
        "title": "Talks open",
        "author": "Ana O'Neil",
        "hostname": "example.org",
        "date": "2015-11-30",
        "language": "en",
        "source-hostname": "example.org",
        "source": URL,
        "raw_text": "Fabius opened it.",
    },
    "newspaper4k": {
        "url": URL,
        "authors": ["Ana O'Neil"],
        "publish_date": "2015-11-30 08:15:00",
        "title": "Talks open",
        "text": "Fabius opened it.",
        "meta_lang": "en",
        "source": "example.org",
    },
    "our own record": {
        "id": "a1",
        "url": URL,
        "title": "Talks open",
        "published": "2015-11-30",
        "publisher": "example.org",
        "authors": ["Ana O'Neil"],
        "language": "en",
        "text": "Fabius opened it.",
    },
    "schema.org": {
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@id": URL},
        "headline": "Talks open",
        "author": [{"@type": "Person", "name": "Ana O'Neil"}],
        "datePublished": "2015-11-30T08:15:00Z",
        "publisher": {"@type": "Organization", "name": "example.org"},
        "inLanguage": "en",
        "articleBody": "Fabius opened it.",
    },
}


@pytest.mark.parametrize("origin", ROWS)
def test_every_origin_says_the_same(origin: str) -> None:
    found = article_data(ROWS[origin])
    assert (found.url, found.iri, found.title) == (URL, URL, "Talks open")
    assert (found.published, found.publisher) == ("2015-11-30", "example.org")
    assert (found.authors, found.language) == (["Ana O'Neil"], "en")
    assert found.text == "Fabius opened it."


def test_lists_in_cells() -> None:
    for cell in ("Ana; Jörg", "Ana|Jörg", '["Ana", "Jörg"]', "['Ana', 'Jörg']", ["Ana", "Jörg"]):
        assert article_data({"authors": cell}).authors == ["Ana", "Jörg"]
    assert article_data({"authors": "O'Neil, Ana"}).authors == ["O'Neil, Ana"]
    assert article_data({"authors": "['Ana'"}).authors == ["['Ana'"]
    assert article_data({"sections": "News", "license": "CC BY 4.0"}).sections == ["News"]


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("2021", "2021"),
        ("2021-07", "2021-07"),
        ("20210718", "2021-07-18"),
        ("2021-07-18T00:00:00+02:00", "2021-07-18"),
        ("Sun, 18 Jul 2021 06:00:00 GMT", "2021-07-18"),
        ("2021-02-30", "2021-02-30"),
        ("yesterday", "yesterday"),
        ("", None),
    ],
)
def test_dates_are_of_the_calendar_or_words(words: str, date: str | None) -> None:
    assert article_data({"pub_date": words}).published == date


@given(
    st.dictionaries(
        st.sampled_from(["id", "url", "title", "date", "authors", "publisher", "text", "filename"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
            lambda each: (
                st.lists(each, max_size=3)
                | st.dictionaries(st.sampled_from(["name", "@id", "x"]), each, max_size=2)
            ),
            max_leaves=5,
        ),
    )
)
def test_any_row_gives_some_article(row: dict[str, Any]) -> None:
    found = article_data(row)
    assert all(isinstance(each, str) for each in (*found.authors, *found.ids, *found.files))


# Files --------------------------------------------------------------------------------------------

LINES = b'{"id": "d1", "title": "One"}\n{"id": "d2", "title": "Two"}\n'
TABLE = b'docid;Title;text\nd1;One;"First\nline; and ""second"""\nd2;Two;\n'
FILES = {
    "a.jsonl": LINES,
    "a.jsonl.gz": gzip.compress(LINES),
    "a.json": b"[" + LINES.strip().replace(b"\n", b",\n") + b"]",
    "pretty.json": json.dumps(
        {"@graph": [json.loads(line) for line in LINES.splitlines()]}, indent=1
    ).encode(),
    "a.csv": TABLE,
    "a.csv.gz": gzip.compress(TABLE),
    "a.tsv": b"\xef\xbb\xbfdoc_key\theadline\r\nd1\tOne\r\nd2\tTwo\r\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_in_many_dresses(opened: Opened, name: str) -> None:
    sidecar = opened(FILES[name], name)
    titles = [each.title for key in ("d1", "d2", "d3") if (each := sidecar.find([key]))]
    assert titles == ["One", "Two"]
    data = gzip.decompress(FILES[name]) if name.endswith(".gz") else FILES[name]
    assert sidecar.digest == hashlib.sha256(data).hexdigest()


def test_a_cell_of_several_lines(opened: Opened) -> None:
    found = opened(TABLE, "a.csv").find(["d1"])
    assert found is not None
    assert found.text == 'First\nline; and "second"'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"id": "d1"}\n{"id": \n', r"row 2: not JSON"),
        (b'{"id": "d1"}\n["x"]\n', r"row 2: expected an object"),
        (b'[{"id": "d1"}, 7]', r"row 2: expected an object, got int"),
        (b'[{"id": "d1"}, {"id"', r"is not a JSON array"),
        (b"id,title\nd1,One,more\n", r"line 2: 3 cells, but 2 columns"),
        (b'id,title\nd1,"One" more\n', r"line 2: is not CSV"),
        (b'id,title\n\nd1,"One\nd2,Two\n', r"line 3: is not CSV"),
        (b"id,title\nd1,\xff\n", r"line 2: not UTF-8"),
        (b"colour,weight\nred,7\n", r"no row has a text.* columns are colour, weight"),
    ],
)
def test_damage_is_told_with_its_place(opened: Opened, data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=rf"articles: {message}"):
        opened(data, "articles")


def test_an_empty_file_has_no_rows(opened: Opened) -> None:
    assert opened(b"").unused == 0


# Finding ------------------------------------------------------------------------------------------


def test_a_row_is_found_by_what_it_is_known_by(opened: Opened) -> None:
    sidecar = opened([
        {"id": 7, "url": URL, "title": "Talks open", "filename": "data/cop21.txt", "doc_key": "k7"},
        {"id": 8, "title": "Other"},
    ])  # fmt: skip
    known = [
        "7",
        "k7",
        URL,
        "http://example.org/2015/cop21/#top",
        "talks  OPEN",
        "cop21",
        "cop21.txt",
    ]
    for each in known:
        found = sidecar.find(["nothing", each])
        assert found is not None
        assert found.url == URL, each
    assert sidecar.find(["cop"]) is None
    assert sidecar.unused == 1


def test_a_title_of_two_articles_is_of_none(opened: Opened) -> None:
    rows = [{"id": each, "title": "Weather"} for each in "ab"]
    assert opened(rows).find(["Weather"]) is None
    # The same article again is no other; its last row counts.
    same = [{"url": URL, "title": "Talks", "language": each} for each in ("fr", "en")]
    found = opened(same).find(["Talks"])
    assert found is not None
    assert found.language == "en"


# Texts that tell --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "record", "title"),
    [
        # Before what else the record is known by, which may be somebody else's number.
        ([{"id": "1", "title": "A", "text": "It fell."}, {"id": "r#1", "title": "B"}], {}, "A"),
        ([{"text": "It\r\n fell .\n", "title": "A"}], {}, "A"),
        # Where the text differs, or is not there, by the rest.
        ([{"id": "r#1", "title": "A", "text": "It rose."}], {}, "A"),
        ([{"id": "r#1", "title": "A", "text": " "}], {"text": None}, "A"),
        # Two rows of one text: no guess, unless they are of one article, of which the last counts.
        ([{"id": each, "title": each, "text": "It fell."} for each in "ab"], {}, None),
        ([{"id": each, "title": each, "text": "It fell."} for each in ("a", "r#1")], {}, "r#1"),
        ([{"url": URL, "title": each, "text": "It fell."} for each in "ab"], {}, "b"),
        # The same text in another place is another article.
        ([{"url": URL, "title": "A", "text": "It fell."}], {"url": f"{URL}/2"}, None),
        ([{"url": URL, "title": "A", "text": "It fell."}], {"url": f"{URL}/#top"}, "A"),
        ([{"url": URL, "title": "A", "text": "It fell."}], {"id": f"{URL}/2"}, None),
        ([{"url": URL, "title": "A", "text": "It fell."}], {"id": "7"}, "A"),
        # By its address before its id.
        ([{"id": "r#1", "title": "A"}, {"url": URL, "title": "B"}], {"url": URL}, "B"),
    ],
)
def test_a_row_is_that_of_the_text(
    opened: Opened, rows: list[dict[str, Any]], record: dict[str, Any], title: str | None
) -> None:
    sidecar = opened(rows)
    parsed = unnamed(**({"text": "It fell."} | record))
    ids = [each for each in (parsed.article.url, "r#1", "r") if each]
    assert sidecar.join(parsed, ids).article.title == title
    assert (sidecar.usage.missed, sidecar.unused) == (
        title is None,
        len(rows) - (title is not None),
    )


def test_a_text_of_two_rows_or_two_records_is_counted(opened: Opened) -> None:
    rows = [{"id": each, "text": "It fell."} for each in "ab"] + [{"id": "c", "text": "It rose."}]
    sidecar = opened(rows)
    for text in ("It fell.", "It rose.", "It rose. ", "It stood."):
        sidecar.join(unnamed(text), [])
    assert (sidecar.usage.missed, sidecar.usage.undecided, sidecar.usage.shared) == (2, 1, 1)


def test_why_nothing_fits_is_said(opened: Opened) -> None:
    rows = b"docid,headline,weight,maintext\nnaive.jsonl#1,Kabul falls,7,It\xe2\x80\xa6 \nb,,9,\n"
    sidecar = opened(rows, "a.csv")
    assert sidecar.reason == ""
    sidecar.join(unnamed("x" * 99), ["naive#1", "naive#1", "n" * 99])
    sidecar.join(unnamed(), ["naive#2"])
    assert sidecar.reason == (
        f"the first is known by naive#1, {'n' * 59}…, its text;"
        " rows by docid (naive.jsonl#1), headline (Kabul falls), maintext (It…)"
    )


# Joining ------------------------------------------------------------------------------------------


def test_what_the_record_has_is_kept(opened: Opened) -> None:
    row = {
        "id": "1",
        "url": URL,
        "title": "Row",
        "text": "Row.",
        "published": "2015",
        "authors": "Ana",
    }
    sidecar = opened([row])
    full = sidecar.join(
        unnamed("Own.", title="Own", published="2014", authors=["Jörg"]), ["1"]
    ).article
    assert (full.title, full.text, full.published, full.authors) == (
        "Own",
        "Own.",
        "2014",
        ["Jörg"],
    )
    assert (full.id, full.url) == (URL, URL)
    bare = sidecar.join(unnamed(), ["1"]).article
    assert (bare.title, bare.text, bare.published, bare.authors) == ("Row", "Row.", "2015", ["Ana"])
    named = sidecar.join(Parsed(Article(id="a1")), ["1"]).article
    assert (named.id, named.url) == ("a1", URL)
    addressed = sidecar.join(unnamed(url="https://example.org/own"), ["1"]).article
    assert (addressed.id, addressed.url) == ("", "https://example.org/own")


def test_a_local_id_is_never_the_articles(opened: Opened) -> None:
    sidecar = opened([{"id": "7"}, {"id": "urn:newsml:example.org:20151130:8"}])
    assert sidecar.join(unnamed(), ["7"]).article.id == ""
    urn = "urn:newsml:example.org:20151130:8"
    assert sidecar.join(unnamed(), [urn]).article.id == urn


def test_counts(opened: Opened) -> None:
    sidecar = opened([{"id": "1"}, {"id": "2"}, {"id": "3"}])
    for each in ("1", "1", "9"):
        sidecar.join(unnamed(), [each])
    assert (sidecar.unused, sidecar.usage.missed) == (2, 1)


@pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")
def test_news_please() -> None:
    sidecar = Sidecar.open(SAMPLES / "newsplease_article.json")
    article = sidecar.join(
        unnamed(), ["Germany: Rhine cruise ship hits bridge pylon causing injuries"]
    )
    found = article.article
    # Its fields title, date_publish, source_domain, language, authors, text.
    assert found.id == found.url
    assert str(found.url).startswith("http://www.dw.com/en/germany-rhine-cruise")
    assert (found.published, found.publisher, found.language) == ("2017-12-30", "www.dw.com", "en")
    assert len(found.authors) == 4
    assert str(found.text).startswith("The accident happened late Tuesday")


# Texts --------------------------------------------------------------------------------------------


def joined(tokens: list[str], *spans: tuple[int, int]) -> Parsed:
    """Tokens joined by blanks, with an entity for each span of tokens."""
    text = " ".join(tokens)
    begins = [len(" ".join(tokens[:number])) + bool(number) for number in range(len(tokens))]
    entities = []
    for number, (first, end) in enumerate(spans):
        start, stop = begins[first], begins[end - 1] + len(tokens[end - 1])
        mention = Mention(start=start, end=stop, text=text[start:stop])
        entities.append(
            Entity(id=f"e{number}", type="T", name=text[start:stop], mentions=[mention])
        )
    return Parsed(Article(id="", text=text, entities=entities), is_joined=True)


def test_spans_go_with_their_words() -> None:
    parsed = joined(
        ["Mr", ".", "Fabius", ",", "U.N", ".", "😀", "said", "."], (0, 3), (4, 6), (6, 7)
    )
    article = parsed.article
    article.relations = [
        Relation(subject="e0", predicate="p", evidence=[Evidence(start=0, end=12)])
    ]
    article.quotes = [Quote(start=12, end=14, text="other words")]
    article.zones = [Zone(zone="body", start=0, end=5)]
    original = "Talks open\n\n\tMr. Fabius,\u00a0U.N.\n😀 said.  More."
    set_original(parsed, original)
    assert (article.text, parsed.is_joined) == (original, False)
    found = [
        (entity.name, original[each.start : each.end], each.text)
        for entity in article.entities
        for each in entity.mentions
    ]
    assert found == [(name, name, name) for name in ("Mr. Fabius", "U.N.", "😀")]
    (evidence,) = article.relations[0].evidence
    assert original[evidence.start : evidence.end] == evidence.text == "Mr. Fabius"
    assert article.quotes[0].text == "other words"
    assert original[article.zones[0].start : article.zones[0].end] == "Mr."


def test_a_text_that_differs_is_left_to_anchoring() -> None:
    parsed = joined(["``", "Fabius", "''"], (1, 2))
    parsed.article.entities[0].mentions[0].text = None
    set_original(parsed, "“Fabius”")
    (mention,) = parsed.article.entities[0].mentions
    assert (mention.start, mention.end, mention.text) == (3, 9, "Fabius")


def test_spans_that_are_none_stay() -> None:
    parsed = joined(["Fabius"])
    spans = [(5, 2), (-1, 3), (0, 99), (None, None), (None, 3)]
    mentions = [Mention(start=start, end=end) for start, end in spans]
    parsed.article.entities = [Entity(id="e", type="T", name="x", mentions=mentions)]
    set_original(parsed, " Fabius")
    assert [(each.start, each.end) for each in mentions] == spans


words = st.text(alphabet=st.sampled_from("ab.é😀"), min_size=1, max_size=4)


@given(
    st.lists(
        st.tuples(words, st.sampled_from(["", " ", "\n\n", "\u2003"])), min_size=1, max_size=12
    ),
    st.data(),
)
def test_any_span_of_any_spacing(tokens: list[tuple[str, str]], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(tokens) - 1))
    end = data.draw(st.integers(first + 1, len(tokens)))
    parsed = joined([token for token, _ in tokens], (first, end))
    original = "".join(token + space for token, space in tokens)
    set_original(parsed, original)
    (mention,) = parsed.article.entities[0].mentions
    start = sum(len(token + space) for token, space in tokens[:first])
    assert mention.start == start
    assert mention.end == start + len("".join(map("".join, tokens[first:end]))) - len(
        tokens[end - 1][1]
    )
    assert mention.text == original[mention.start : mention.end]
