"""Articles beside annotations as publishers write them: one story in each form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers.published.feeds import rows_of_feed
from datasette_newsgraph.readers.published.pages import articles_of_page, text_of_html
from datasette_newsgraph.readers.published.schema_org import articles_in
from datasette_newsgraph.readers.sidecar import Sidecar
from tests.cost import seconds_of_processor

TEXT = "Ellen Johnson Sirleaf took office in Monrovia. She was the first.\nCrowds cheered."
TITLE, URL, DAY = "Liberia swears in Sirleaf", "https://example.org/2006/sirleaf", "2006-01-16"
PARAGRAPHS = "".join(f"<p>{each}</p>" for each in TEXT.split("\n"))

ARTICLE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": f"{DAY}T12:00:00Z",
    "author": [{"@type": "Person", "name": "Ann Smith"}],
    "publisher": {"@type": "NewsMediaOrganization", "name": "Example"},
    "inLanguage": {"@type": "Language", "name": "English", "alternateName": "en"},
    "mainEntityOfPage": {"@type": "WebPage", "@id": URL},
    "articleBody": TEXT,
}
GRAPH = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "Organization", "@id": "#org", "name": "Example"},
        {"@type": "Person", "@id": "#ann", "name": "Ann Smith"},
        {"@type": "WebPage", "@id": URL, "name": "Page"},
        {
            **{key: value for key, value in ARTICLE.items() if key != "@context"},
            "@type": ["Article", "ReportageNewsArticle"],
            "author": {"@id": "#ann"},
            "publisher": {"@id": "#org"},
            "mainEntityOfPage": {"@id": URL},
        },
    ],
}
EXPANDED = {
    "@type": "http://schema.org/NewsArticle",
    "http://schema.org/url": {"@value": URL},
    **{
        f"http://schema.org/{key}": {"@value": value} if isinstance(value, str) else value
        for key, value in ARTICLE.items()
        if key[0] != "@" and key != "mainEntityOfPage"
    },
}
NINJS = {
    "uri": URL,
    "type": "text",
    "headline": TITLE,
    "byline": "Ann Smith",
    "versioncreated": f"{DAY}T12:00:00Z",
    "language": "en",
    "copyrightholder": "Example",
    "body_text": TEXT,
}
NINJS_2 = {
    "standard": {"name": "ninjs", "version": "2.1"},
    "uri": URL,
    "headlines": [{"value": TITLE, "role": "main"}],
    "bylines": [{"byline": "Ann Smith"}],
    "versionCreated": f"{DAY}T12:00:00Z",
    "language": "en",
    "copyrightHolder": "Example",
    "bodies": [{"contentType": "text/html", "value": PARAGRAPHS}],
}
NEWS_PLEASE = {
    "url": URL,
    "title": TITLE,
    "maintext": TEXT,
    "date_publish": f"{DAY} 12:00:00",
    "authors": ["Ann Smith"],
    "source_domain": "Example",
    "language": "en",
}
RSS = f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Example</title><language>en</language><link>https://example.org/</link>
<image><title>Logo</title><link>https://example.org/logo</link></image>
<item><title>{TITLE}</title><link>{URL}</link><guid isPermaLink="false">n-17</guid>
<pubDate>Mon, 16 Jan 2006 12:00:00 GMT</pubDate><dc:creator>Ann Smith</dc:creator>
<description>Not the text.</description>
<content:encoded><![CDATA[{PARAGRAPHS}]]></content:encoded></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Example</title>
<updated>2006-02-01T00:00:00Z</updated>
<entry><title>{TITLE}</title><id>urn:n:17</id><link rel="self" href="https://example.org/x"/>
<link href="{URL}"/><published>{DAY}T12:00:00Z</published><updated>2006-01-17T00:00:00Z</updated>
<author><name>Ann Smith</name><uri>https://example.org/ann</uri></author><summary>No.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{PARAGRAPHS}</div></content>
</entry></feed>"""


def page(*values: Any) -> str:
    scripts = "".join(
        f'<script data-x="1" type="application/ld+json">{json.dumps(each)}</script>\n'
        for each in values
    )
    return f"<!DOCTYPE html>\n<html><head>{scripts}</head><body><p>Menu</p></body></html>"


FORMS: dict[str, tuple[str, str]] = {
    "object": ("a.jsonld", json.dumps(ARTICLE, indent=1)),
    "array": ("a.json", json.dumps([ARTICLE])),
    "lines": ("a.jsonl", json.dumps(ARTICLE)),
    "graph": ("a.jsonld", json.dumps(GRAPH)),
    "expanded": ("a.jsonld", json.dumps([EXPANDED])),
    "page": ("a.html", page({"@type": "WebSite", "name": "Example"}, [ARTICLE])),
    "page with a graph": ("a.htm", page(GRAPH)),
    "ninjs": ("a.json", json.dumps(NINJS)),
    "ninjs 2": ("a.json", json.dumps([NINJS_2])),
    "news-please": ("a.json", json.dumps(NEWS_PLEASE)),
    "RSS": ("a.rss", RSS),
    "Atom": ("a.xml", ATOM),
}


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name, text = FORMS[request.param]
    path = tmp_path / "rows" / name
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("known_by", [URL, TITLE])
def test_every_form_says_the_same(form: Path, known_by: str) -> None:
    row = Sidecar.open(form).find([known_by])
    assert row is not None
    assert (row.iri, row.title, row.published) == (URL, TITLE, DAY)
    assert (row.publisher, row.authors, row.language) == ("Example", ["Ann Smith"], "en")
    assert "".join((row.text or "").split()) == "".join(TEXT.split())


def test_a_folder_of_any_of_them_is_joined_by_the_names_of_files(form: Path) -> None:
    (form.parent / "deeper").mkdir()
    form.rename(form.parent / "deeper" / f"story-7{form.suffix}")
    sidecar = Sidecar.open(form.parent)
    row = sidecar.find(["story-7"])
    assert row is not None
    assert row.title == TITLE
    assert sidecar.unread == {}


def test_items_are_found_by_their_ids(tmp_path: Path) -> None:
    for id_, text in (("n-17", RSS), ("urn:n:17", ATOM)):
        path = tmp_path / "feed.xml"
        path.write_text(text)
        assert Sidecar.open(path).find([id_]) is not None


def test_annotations_are_loaded_with_a_folder_of_pages(
    tmp_path: Path, db_path: Path, query: Any
) -> None:
    """The offsets are those of the original, and what is no article is named."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "sirleaf.html").write_text(page(ARTICLE))
    (pages / "about.html").write_text(page({"@type": "WebSite"}))
    tokens = TEXT.split()
    given = {
        "tokens": tokens,
        "entities": [{"type": "Peop", "start": 0, "end": 3}],
        "relations": [],
    }
    (tmp_path / "spert.json").write_text(json.dumps([{**given, "orig_id": "sirleaf"}]))
    summary = load_files(db_path, [tmp_path / "spert.json"], articles=pages)
    assert (summary.new, summary.rows_unused) == (1, 0)
    assert [Path(each).name for each in summary.unread] == ["about.html"]
    assert query("SELECT url, title FROM articles") == [(URL, TITLE)]
    assert query("SELECT start_char, end_char FROM mentions") == [(0, 21)]


def test_a_folder_of_articles_in_a_loaded_folder_is_not_loaded(
    tmp_path: Path, db_path: Path
) -> None:
    rows = tmp_path / "data" / "rows"
    rows.mkdir(parents=True)
    (rows / "a.json").write_text(json.dumps(ARTICLE))
    given = {"text": TEXT, "entities": [{"text": "Monrovia", "label": "GPE"}]}
    (tmp_path / "data" / "a.jsonl").write_text(json.dumps(given))
    summary = load_files(db_path, [tmp_path / "data"], articles=rows)
    assert (summary.new, summary.unread) == (1, {})


# What is wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html><p>Talks open.</p></html>", "neither a feed nor a web page with JSON-LD"),
        ("<TEI><text/></TEI>", "neither a feed nor a web page with JSON-LD"),
        ("<rss><channel><item></rss>", "line 1.*; get the feed again"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><rss>&b;</rss>', "neither a feed"),
        ("<rss><![CDATA[" + "x", "get the feed again"),
    ],
)
def test_a_file_that_says_nothing_of_an_article_is_told(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        Sidecar.open(path)
    with pytest.raises(InputError, match="no file in it says anything of an article"):
        Sidecar.open(tmp_path)


def test_an_entity_is_never_expanded() -> None:
    from datasette_newsgraph.errors import RecordError

    bomb = b'<!DOCTYPE rss [<!ENTITY a "x">]><rss><item><title>&a;</title></item></rss>'
    with pytest.raises(RecordError):
        rows_of_feed(bomb)


@pytest.mark.parametrize(
    "given",
    [
        b"<script type=application/ld+json>" * 50_000,
        b"<script type='application/ld+json'>{</script>" * 20_000,
        b"<script " * 100_000,
        b"<" * 1_000_000,
    ],
)
def test_pages_are_looked_through_in_linear_time(given: bytes) -> None:
    with seconds_of_processor(30):
        assert list(articles_of_page(given)) == []
        text_of_html(given.decode())


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("<p>One</p>\n  <p>two <b>three</b></p>", "One\ntwo three"),
        ("One<br/>two", "One\ntwo"),
        ("<script>x()</script>One<style>p{}</style> &amp; two", "One & two"),
        ("a < b > c", "a < b > c"),
        ("<ul><li>One<li>two</ul>", "One\ntwo"),
        ("<!-- no -->One", "One"),
    ],
)
def test_the_text_of_html(given: str, text: str) -> None:
    assert text_of_html(given) == text


def test_objects_that_refer_to_each_other_have_an_end() -> None:
    nodes = [{"@id": f"#{n}", "name": "x" * 99} for n in range(2000)]
    mentions = [{"@id": f"#{n % 2000}"} for n in range(20_000)]
    article = {"@type": "NewsArticle", "headline": "x", "mentions": mentions}
    loop = {"@type": "NewsArticle", "@id": "#loop", "about": {"@id": "#loop"}}
    found = list(articles_in({"@graph": [*nodes, article, loop]}))
    assert len(found[0]["mentions"]) == 2000
    assert len(json.dumps(found)) < 2 * len(json.dumps(nodes))
