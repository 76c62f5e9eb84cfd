"""Raw articles are recognised where they are asked for, and read with what they say of themselves."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import InputError, RecordError, UsageError
from datasette_newsgraph.extraction.raw import RAW, RawFormat
from datasette_newsgraph.extraction.raw.encodings import decode
from datasette_newsgraph.extraction.raw.text import parse as parse_text
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import FORMATS
from datasette_newsgraph.readers.inputs import Source, open_input
from datasette_newsgraph.reading.recognition import format_called, recognise

TEXT = "Talks open in Paris\n\nLaurent Fabius presides over them. They end on 11 December.\n"
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Talks open - The Example</title>
<meta property="og:title" content="Talks open"><meta property="og:site_name" content="The Example">
<meta property="article:published_time" content="2015-11-30T10:00:00Z">
<meta property="article:section" content="Climate"><meta name="author" content="Ann Smith; Bo Lee">
<link rel="canonical" href="https://example.org/talks"></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Talks open</h1>
<p>Laurent Fabius, foreign minister of France, presides over the talks in Le Bourget.</p>
<p>“We must not fail,” he said on Monday. Some 150 heads of state and of government came to the
opening, more than to any conference before it.</p></article>
<footer>© The Example</footer></body></html>"""
LINKS = (
    "<!DOCTYPE html><html><head><title>The Example</title></head><body><h1>News</h1><ul>"
    + "".join(
        f'<li><a href="/{n}">Minister {n} says that talks go well.</a></li>' for n in range(50)
    )
    + "</ul></body></html>"
)
ABOUT = {
    "title": "Talks open",
    "published": "2015-11-30",
    "publisher": "The Example",
    "authors": ["Ann Smith"],
    "language": "en",
}
#: A file of each raw format, and what it says of its article beside the text.
FILES: dict[str, tuple[str, bytes, dict[str, Any]]] = {
    "text": ("text", TEXT.encode(), {}),
    "a short text": ("text", b"Talks open.", {}),
    "page": ("html", PAGE.encode(), ABOUT | {"authors": ["Ann Smith", "Bo Lee"],
             "url": "https://example.org/talks", "sections": ["Climate"]}),
    "trafilatura": ("rows", json.dumps({
        "title": "Talks open", "author": "Ann Smith", "hostname": "example.org", "date": "2015-11-30",
        "fingerprint": "1f", "id": None, "license": None, "comments": "", "text": TEXT,
        "language": "en", "source": "https://example.org/talks", "source-hostname": "The Example",
        "excerpt": "", "categories": "Climate", "tags": ""}).encode(),
        ABOUT | {"url": "https://example.org/talks", "sections": ["Climate"]}),
    "news-please": ("rows", json.dumps({
        "authors": ["Ann Smith"], "date_download": "2015-12-01 00:00:00",
        "date_publish": "2015-11-30 10:00:00", "description": None, "filename": "talks.json",
        "language": "en", "maintext": TEXT, "source_domain": "The Example", "title": "Talks open",
        "url": "https://example.org/talks"}).encode(), ABOUT | {"url": "https://example.org/talks"}),
    "a page in a row": ("rows", json.dumps({"html": PAGE, "title": "Own title"}).encode(),
        ABOUT | {"title": "Own title", "authors": ["Ann Smith", "Bo Lee"]}),
    "NewsArticle": ("news_article", json.dumps({
        "@context": "https://schema.org", "@type": "NewsArticle", "@id": "https://example.org/talks",
        "headline": "Talks open", "datePublished": "2015-11-30T10:00:00Z", "inLanguage": "en",
        "publisher": {"@type": "Organization", "name": "The Example"},
        "author": [{"@type": "Person", "name": "Ann Smith"}], "articleBody": TEXT}).encode(),
        ABOUT | {"id": "https://example.org/talks"}),
    "a graph": ("news_article", json.dumps({"@context": "https://schema.org", "@graph": [
        {"@type": "Organization", "name": "The Example"},
        {"@type": "NewsArticle", "headline": "Talks open", "articleBody": TEXT}]}).encode(),
        {"title": "Talks open"}),
    "ninjs": ("ninjs", json.dumps({
        "uri": "urn:newsml:example.org:talks", "headline": "Talks open", "byline": "Ann Smith",
        "versioncreated": "2015-11-30T10:00:00Z", "language": "en", "copyrightholder": "The Example",
        "subject": [{"code": "1", "name": "Climate"}], "body_text": TEXT}).encode(),
        ABOUT | {"id": "urn:newsml:example.org:talks", "sections": ["Climate"]}),
    "ninjs 2": ("ninjs", json.dumps({
        "uri": "urn:newsml:example.org:talks", "headlines": [{"role": "main", "value": "Talks open"}],
        "bodies": [{"contentType": "text/html", "value": PAGE},
                   {"contentType": "text/plain", "value": TEXT}]}).encode(),
        {"title": "Talks open", "text": TEXT}),
    "CSV": ("table", b'id,title,date,author,text\n7,Talks open,2015-11-30,Ann Smith,"Talks\nopen."\n',
        {"title": "Talks open", "authors": ["Ann Smith"], "published": "2015-11-30", "id": "",
         "text": "Talks\nopen."}),
    "TSV": ("table", b"guid\tbody\tlanguage\nnews-7\tTalks open.\ten\n",
        {"id": "news-7", "text": "Talks open."}),
}  # fmt: skip


def opened(path: Path) -> Source:
    source = open_input(path, may_be_wide=True)
    assert isinstance(source, Source)
    return source


def parsed(path: Path) -> tuple[str, list[Parsed]]:
    """The format of a file in which raw articles are looked for, and what is parsed of it."""
    with closing(opened(path)) as source:
        format_ = recognise(source, raw_too=True)
        return format_.name, [
            format_.reader.parse(each.raw) for each in format_.reader.entries(source)
        ]


@pytest.mark.parametrize("name", FILES)
def test_a_raw_article_is_read_with_what_it_says_of_itself(name: str, tmp_path: Path) -> None:
    format_, data, about = FILES[name]
    path = tmp_path / "a"
    path.write_bytes(data)
    found, (one,) = parsed(path)
    assert found == format_
    assert one.article.text
    for field, value in about.items():
        assert getattr(one.article, field) == value, field
    assert not one.article.entities


def test_every_raw_format_is_read_by_a_test() -> None:
    assert {format_ for format_, *_ in FILES.values()} == {each.name for each in RAW}


@pytest.mark.parametrize("each", RAW, ids=lambda each: each.name)
def test_a_raw_format_says_all_of_itself(each: RawFormat) -> None:
    assert each.reader.__doc__
    assert "Example::" in each.reader.__doc__
    assert callable(each.reader.entries)
    assert callable(each.reader.parse)
    assert each.name not in {other.name for other in FORMATS}
    assert format_called(each.name, raw_too=True) is each
    with pytest.raises(UsageError, match="is of raw articles: load it with --extract"):
        format_called(each.name)


def test_the_text_of_a_page_is_its_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE)
    _, (one,) = parsed(path)
    paragraphs = (one.article.text or "").split("\n\n")
    assert paragraphs[-2].startswith("Laurent Fabius, foreign minister")
    assert paragraphs[-1].startswith("“We must not fail,”")
    assert "Home" not in paragraphs
    assert "©" not in (one.article.text or "")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<!DOCTYPE html><html><body></body></html>", "the page has no article in it"),
        ("<!DOCTYPE html><html><body><p>Please log in</p></body></html>", "has no article in it"),
        (LINKS, "the page is a list of links"),
        ("<html>" + "<div>" * 5000, "no article in it"),
        ("<html>\0\1", "no"),
    ],
)
def test_a_page_without_an_article_is_rejected(page: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page)
    with pytest.raises(RecordError, match=reason):
        parsed(path)


def test_a_row_without_text_is_rejected_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Talks open.", "title": "a"}\n{"title": "b"}\n')
    with closing(opened(path)) as source:
        reader = recognise(source, raw_too=True).reader
        first, second = reader.entries(source)
    assert reader.parse(first.raw).article.text == "Talks open."
    with pytest.raises(RecordError, match="there is no text in it"):
        reader.parse(second.raw)


def test_a_broken_row_of_a_table_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"title,text\na,Talks open.\nb\nc,d,e\nf,\xff\ng,Talks end.\n")
    with closing(opened(path)) as source:
        entries = list(recognise(source, raw_too=True).reader.entries(source))
    assert [(each.line, each.fault) for each in entries] == [
        (2, None),
        (3, "the row has 1 cells, but the header 2"),
        (4, "the row has 3 cells, but the header 2"),
        (5, "not UTF-8; convert the file first (iconv -t UTF-8)"),
        (6, None),
    ]


# Encodings ----------------------------------------------------------------------------------------

ACCENTED = "Évian, 1 € et “plus”.\nLes négociations ouvrent à Genève ce lundi."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_a_text_is_decoded(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(ACCENTED.encode(encoding))
    format_, (one,) = parsed(path)
    assert (format_, one.article.text) == ("text", ACCENTED)
    assert dict(one.notes.guessed_encodings) == (
        {"Windows-1252": 1} if encoding == "cp1252" else {}
    )


#: What officials said after talks, as newspapers of other scripts would put it.
OTHER_SCRIPTS = {
    "shift_jis": "首相は火曜日、東京で開かれた会議で新しい政策について記者団に説明した。",
    "euc_jp": "首相は火曜日、東京で開かれた会議で新しい政策について記者団に説明した。",
    "gb18030": "总理星期二在北京举行的会议上向记者介绍了新政策。各国代表出席了会议。",
    "big5": "總理星期二在台北舉行的會議上向記者介紹了新政策。各國代表出席了會議。",
    "euc_kr": "대통령은 화요일 서울에서 열린 회의에서 새로운 정책에 대해 기자들에게 설명했다.",
    "koi8_r": "Президент заявил во вторник в Москве, что новая политика вступит в силу.",
    "cp1251": "Президент заявил во вторник в Москве, что новая политика вступит в силу.",
    "cp1253": "Ο πρόεδρος δήλωσε την Τρίτη στην Αθήνα ότι η νέα πολιτική θα ισχύσει.",
    "cp1256": "قال الرئيس يوم الثلاثاء في القاهرة إن السياسة الجديدة ستدخل حيز التنفيذ",
}


@pytest.mark.parametrize("encoding", OTHER_SCRIPTS)
def test_a_text_in_another_script_is_what_its_bytes_look_like(encoding: str) -> None:
    text = OTHER_SCRIPTS[encoding]
    found = decode(text.encode(encoding))
    assert (found.text, found.is_guessed) == (text, True)
    assert found.encoding != "Windows-1252"


def test_a_text_of_which_the_encoding_cannot_be_told_is_rejected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "charset_normalizer", None)
    with pytest.raises(RecordError, match=r"cannot be told .*iconv"):
        parse_text(OTHER_SCRIPTS["koi8_r"].encode("koi8_r"))


def test_a_page_says_what_it_is_encoded_in(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-2">').replace("Le Bourget", "Łódź")
    path.write_bytes(page.replace("“", '"').replace("”", '"').replace("©", "").encode("iso-8859-2"))
    _, (one,) = parsed(path)
    assert "Łódź" in (one.article.text or "")
    assert not one.notes.guessed_encodings


@pytest.mark.parametrize("stated", ["no-such", "rot13", "utf-8", "hex", ""])
def test_an_encoding_that_is_none_is_not_believed(stated: str) -> None:
    assert decode("é".encode("cp1252"), stated).text == "é"


def test_nuls_in_a_text_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode() * 5 + b"\0 and more.")
    _, (one,) = parsed(path)
    assert "\0" not in (one.article.text or "")
    assert "\ufffd and more." in (one.article.text or "")


# What is no raw article ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (bytes(range(256)) * 9, "is binary"),
        (b"%PDF-1.7\n" + TEXT.encode(), "is a PDF file, .*pdftotext"),
        (b"{\\rtf1 Talks}", "is a text document .* save it as plain text"),
        (b"PK\x03\x04\x14\0\x06\0" + b"\0" * 30 + b"word/document.xml", "is a text document"),
        (b'{"text": "Talks', "cut off or damaged"),
        (b"[]", "is JSON without a record"),
        (b'{"foo": 1}', "is not of a format that newsgraph recognises"),
        ('{"text": "Talks open.", "title": "a"}'.encode("utf-16"), "is UTF-16; convert it"),
    ],
)
def test_what_is_no_article_is_one_line(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said) as caught:
        parsed(path)
    assert "\n" not in str(caught.value)


def test_a_million_letters_without_a_blank_are_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a" * 1_000_000)
    format_, (one,) = parsed(path)
    assert (format_, len(one.article.text or "")) == ("text", 1_000_000)


def test_what_a_tool_wrote_is_no_raw_article(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Oslo.", "ents": [{"start": 0, "end": 4, "label": "GPE"}]}\n')
    with closing(opened(path)) as source:
        assert recognise(source, raw_too=True).name == "spacy"


# Hostile input ------------------------------------------------------------------------------------

_NAMES = (
    *("text", "html", "title", "author", "date", "url", "id", "uri", "body_text", "bodies"),
    *("headlines", "articleBody", "@graph", "subject", "value", "contentType", "language"),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_NAMES) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("each", RAW, ids=lambda each: each.name)
@given(data=st.binary(max_size=200) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_parsed_is_an_article_or_says_why_not(each: RawFormat, data: bytes) -> None:
    try:
        found = each.reader.parse(data)
    except RecordError as error:
        assert "\n" not in str(error)  # noqa: PT017 - it may be an article
    else:
        assert found.article.text
        # It can be written, and is what a record may be.
        msgspec.convert(msgspec.to_builtins(found.article), Article)
        json.dumps(found.article.text).encode()
        assert "\0" not in found.article.text


@given(data=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_it_is_read_or_refused_in_one_line(
    data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    try:
        with closing(opened(path)) as source:
            entries = list(recognise(source, raw_too=True).reader.entries(source))
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - it may be read
    else:
        assert all(isinstance(each.raw, bytes) for each in entries)
