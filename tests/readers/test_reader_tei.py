"""TEI as editions, newspapers and corpora of parliaments have it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.labels import LabelMap
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.tei.reader import entries, parse
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import format_called, recognise
from tests.readers.recognisers import reasons, same_as

NAMESPACE = 'xmlns="http://www.tei-c.org/ns/1.0"'


def of(body: str, *, back: str = "", header: str = "", root: str = "") -> Parsed:
    return parse(
        f"<TEI {NAMESPACE} {root}><teiHeader>{header}</teiHeader><text><body>{body}</body>"
        f"<back>{back}</back></text></TEI>".encode()
    )


def read(article: Article) -> list[tuple[str, str, str]]:
    """(type, name, words) of every mention, by place."""
    text = article.text or ""
    found = [
        (each.start or 0, entity.type, entity.name, text[each.start : each.end])
        for entity in article.entities
        for each in entity.mentions
    ]
    return [(type_, name, words) for _, type_, name, words in sorted(found)]


def zones(article: Article) -> list[tuple[str, str]]:
    return [(each.zone, (article.text or "")[each.start : each.end]) for each in article.zones]


def statements(article: Article) -> list[tuple[Any, ...]]:
    names = {each.id: each.name for each in article.entities}
    return [
        (names[each.subject], each.predicate, names.get(each.object or "", each.value))
        for each in article.relations
    ]


# The text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>In  the\n      <hi>old</hi>\n town</p>\n  <p>of Bern</p>", "In the old town\n\nof Bern"),
        ("<p>Zür<lb break='no'/>ich and\n<lb/>Bern<pb n='2'/>now</p>", "Zürich and Bern now"),
        ("<p>Zür\n  <lb break='no'/>\n  ich<cb break='no'/>er</p>", "Züricher"),
        ("<p>New<lb/>York</p>", "New York"),
        ("<p>Zü\u00adrich, Lu\u00ad\n  zern, Lau\u00ad<lb/>sanne, Ge\u00ad<hi>\u00ad</hi> neva</p>",
         "Zürich, Luzern, Lausanne, Geneva"),
        ("<p>Zü\u00ad</p><p>\u00ad</p><p>Bern</p>", "Zü\n\nBern"),
        ("<p>Zü¬<lb/>rich, Lu¬\n  zern, Lau¬<lb break='no'/>sanne, p ¬ q</p>",
         "Zürich, Luzern, Lausanne, p ¬ q"),
        ("<p>a\u00a0b \u2003 c</p>", "a\u00a0b \u2003 c"),
        ("<lg><l>one</l><l>two</l></lg><p>three</p>", "one\ntwo\n\nthree"),
        ("<p><choice><orig>vpon</orig><reg>upon</reg></choice></p>", "upon"),
        ("<p><choice><reg>upon</reg><orig>vpon</orig></choice></p>", "upon"),
        ("<p><choice><sic>teh</sic><corr>the</corr></choice></p>", "the"),
        ("<p><choice><abbr>Dr</abbr><expan>Doctor</expan><expan>D.</expan></choice></p>", "Doctor"),
        ("<p>D<choice><abbr><am>r</am></abbr><expan><ex>octo</ex>r</expan></choice></p>", "Doctor"),
        ("<p><del>old</del><add>new</add> <supplied>age</supplied> <unclear>of</unclear></p>",
         "new age of"),
        ("<p>one<gap reason='illegible'/>two</p>", "one two"),
        ("<p><app><lem>lemma</lem><rdg>reading</rdg></app></p>", "lemma"),
        ("<p><app><rdg>first</rdg><rdg>second</rdg></app></p>", "first"),
        ("<p><fw>Page 3</fw>Text<figure><graphic url='a.png'/></figure></p>", "Text"),
        ("<p>A<note>See B.</note> and C<note>See D.</note>.</p><p>E</p>",
         "A and C.\n\nE\n\nSee B.\n\nSee D."),
        ("<div><note>Applause.</note><p>A</p></div>", "Applause.\n\nA"),
        ("<p><w join='right'>do</w> <w>n't</w> <pc join='left'>,</pc> <w>go</w></p>", "don't, go"),
        ("<p><w>go</w><c> </c><w>on</w><pc>.</pc></p>", "go on."),
        ("<list><item>one</item><item>two</item></list>", "one\ntwo"),
        ("<table><row><cell>a</cell><cell>b</cell></row><row><cell>c</cell></row></table>", "a b\nc"),
        ("<p>Seen<desc>not</desc> <xi:include xmlns:xi='urn:x'>no</xi:include>here</p>", "Seen here"),
    ],
)  # fmt: skip
def test_text_is_made_readable(body: str, text: str) -> None:
    assert of(body).article.text == text


def test_parts_of_the_text_are_zones() -> None:
    parsed = of(
        "<head>Talks <lb/>open</head><byline>By A. B.</byline><opener><dateline>Paris, Monday"
        "</dateline></opener><p>They met.<note>Or so.</note></p><figure><head>The room</head><figDesc>"
        "A hall</figDesc></figure><head>Later</head><note place='bottom'>Sources</note>",
        back="<div><p>Appendix</p></div>",
    )
    assert zones(parsed.article) == [
        ("title", "Talks open"),
        ("byline", "By A. B."),
        ("dateline", "Paris, Monday"),
        ("caption", "The room"),
        ("caption", "A hall"),
        ("footer", "Sources"),
        ("footer", "Appendix"),
        ("footer", "Or so."),
    ]


# Names --------------------------------------------------------------------------------------------


def test_names_are_mentions_with_what_they_refer_to() -> None:
    parsed = of(
        "<p><persName ref='#a'>Professor\n Maathai</persName> of <orgName key='belt'>the Movement"
        "</orgName> met <rs type='person' ref='#a'>her</rs> friend <persName ref='#a'>Wangari"
        "</persName> in <settlement ref='https://www.geonames.org/184745'>Nairobi</settlement>, "
        "<name type='place'>Nairobi</name>.</p>"
    )
    assert read(parsed.article) == [
        ("persName", "Professor Maathai", "Professor Maathai"),
        ("orgName", "the Movement", "the Movement"),
        ("persName", "Professor Maathai", "her"),
        ("persName", "Professor Maathai", "Wangari"),
        ("placeName", "Nairobi", "Nairobi"),
        ("place", "Nairobi", "Nairobi"),
    ]
    assert parsed.article.entities[0].aliases == ["Wangari"]
    assert same_as(parsed) == {"Nairobi": ["https://www.geonames.org/184745"]}


def test_what_is_no_name_is_never_what_a_thing_is_called() -> None:
    parsed = of("<p><rs ref='p.xml#a'>she</rs>, <persName ref='p.xml#a'>Ebadi</persName></p>")
    assert read(parsed.article) == [("Thing", "Ebadi", "she"), ("Thing", "Ebadi", "Ebadi")]


@pytest.mark.parametrize(
    ("reference", "iri"),
    [
        ("gnd:118607626", "https://d-nb.info/gnd/118607626"),
        ("wd:Q46795", "http://www.wikidata.org/entity/Q46795"),
        ("geonames:184745", "https://sws.geonames.org/184745/"),
        ("viaf:100273563", "http://viaf.org/viaf/100273563"),
        ("https://example.org/p1", "https://example.org/p1"),
        ("my:1", "https://example.org/my/1"),
    ],
)
def test_references_elsewhere_identify(reference: str, iri: str) -> None:
    prefix = (
        "<encodingDesc><listPrefixDef><prefixDef ident='my' matchPattern='([0-9]+)'"
        " replacementPattern='https://example.org/my/$1'/></listPrefixDef></encodingDesc>"
    )
    parsed = of(f"<p><name ref='{reference}'>Ana</name></p>", header=prefix)
    assert same_as(parsed) == {"Ana": [iri]}


def test_a_name_may_refer_to_several() -> None:
    parsed = of("<p><persName ref='#a'>Ana</persName>, <rs type='person' ref='#a #b'>both</rs></p>")
    assert read(parsed.article) == [
        ("persName", "Ana", "Ana"),
        ("persName", "Ana", "both"),
        ("person", "both", "both"),
    ]


def test_a_name_in_a_name_counts_if_it_is_another() -> None:
    parsed = of(
        "<p><placeName><settlement ref='wd:Q64'>Berlin</settlement></placeName>"
        " <orgName>University of <placeName>Oslo</placeName></orgName></p>"
    )
    assert read(parsed.article) == [
        ("placeName", "Berlin", "Berlin"),
        ("orgName", "University of Oslo", "University of Oslo"),
        ("placeName", "Oslo", "Oslo"),
    ]
    assert same_as(parsed) == {"Berlin": ["http://www.wikidata.org/entity/Q64"]}


def test_dates_have_their_values() -> None:
    parsed = of(
        "<p><date when='2004-12-10'>Friday</date>, <date from='1914' to='1918'>the war</date>,"
        " <date>once</date></p>"
    )
    assert statements(parsed.article) == [
        ("Friday", "normalised value", "2004-12-10"),
        ("the war", "normalised value", "1914/1918"),
    ]


def test_a_name_without_words_is_a_fault() -> None:
    parsed = of("<p>Ana <persName ref='#a'/> <persName> </persName></p>")
    assert reasons(parsed) == ["persName[1]: has no words", "persName[2]: has no words"]


# Registers and quotes -----------------------------------------------------------------------------

REGISTERS = """
<listPerson>
  <person xml:id="a"><persName><surname>Maathai</surname><forename>Wangari</forename></persName>
    <persName type="alt">Wangari Muta</persName><idno type="Wikidata">Q46795</idno>
    <idno type="house">77</idno>
    <birth when="1940-04-01"><placeName>Ihithe</placeName></birth>
    <occupation>biologist</occupation><sex value="F"/>
    <affiliation role="founder" ref="#g" from="1977">GBM</affiliation>
    <note>Laureate of 2004</note></person>
  <person xml:id="b"><persName>Mwangi Mathai</persName></person>
  <person xml:id="c"><persName>Nobody</persName></person>
</listPerson>
<listOrg><org xml:id="g"><orgName>Green Belt Movement</orgName></org></listOrg>
<listPlace><place xml:id="n"><placeName type="old">Nairobbery</placeName><placeName type="main"
  >Nairobi</placeName><location><geo>-1.28 36.82</geo></location></place></listPlace>
<listRelation><relation name="spouse" mutual="#a #b"/><relation name="met" active="#a" passive="#x"/>
</listRelation>
"""


def test_registers_say_who_is_meant() -> None:
    parsed = of(
        "<p><rs type='person' ref='#a'>She</rs> of the <orgName ref='#g'>GBM</orgName> left"
        " <placeName ref='#n'>Nairobi</placeName>.</p>",
        back=REGISTERS,
    )
    article = parsed.article
    assert article.text == "She of the GBM left Nairobi."
    assert read(article) == [
        ("person", "Wangari Maathai", "She"),
        ("org", "Green Belt Movement", "GBM"),
        ("place", "Nairobi", "Nairobi"),
    ]
    assert [each.name for each in article.entities][3:] == ["Mwangi Mathai"]
    assert [each.aliases for each in article.entities[:3]] == [
        ["Wangari Muta"],
        ["GBM"],
        ["Nairobbery"],
    ]
    assert (article.entities[2].latitude, article.entities[2].longitude) == (-1.28, 36.82)
    assert article.entities[0].description == "Laureate of 2004"
    assert statements(article) == [
        ("Wangari Maathai", "spouse", "Mwangi Mathai"),
        ("Wangari Maathai", "place of birth", "Ihithe"),
        ("Wangari Maathai", "date of birth", "1940-04-01"),
        ("Wangari Maathai", "occupation", "biologist"),
        ("Wangari Maathai", "founder", "Green Belt Movement"),
    ]
    assert article.relations[-1].start_date == "1977"
    assert parsed.notes.passed_over == {"idno of no known kind": 1, "sex in a register": 1}
    assert reasons(parsed) == [
        "relation[2]: passive x is neither in a register nor in the text",
        "relation[2]: does not relate two things of the document",
    ]


def test_an_address_among_the_names_of_a_work_is_none() -> None:
    titles = "<title>Replenishing</title><title type='link'>https://example.org/scan/1</title>"
    parsed = of(
        "<p>In <title ref='#w'>her book</title>.</p>",
        back=f"<listBibl><bibl xml:id='w'>{titles}</bibl></listBibl>",
    )
    (entity,) = parsed.article.entities
    assert (entity.name, entity.aliases) == ("Replenishing", ["her book"])
    assert parsed.notes.passed_over == {"address for a name in a register": 1}


def test_registers_may_stand_anywhere() -> None:
    body = "<p><persName ref='#a'>M.</persName></p>"
    for parsed in (
        of(body, header=f"<profileDesc><particDesc>{REGISTERS}</particDesc></profileDesc>"),
        of(f"{body}<div>{REGISTERS}</div>"),
        parse(
            f"<TEI {NAMESPACE}><standOff>{REGISTERS}</standOff><text><body>{body}</body></text>"
            "</TEI>".encode()
        ),
        parse(f"<TEI {NAMESPACE}><text>{body}</text><back>{REGISTERS}</back></TEI>".encode()),
    ):
        assert parsed.article.text == "M."
        assert read(parsed.article) == [("person", "Wangari Maathai", "M.")]


def test_who_is_quoted_speaks() -> None:
    parsed = of(
        "<p><said who='#a'>Plant trees,</said> she said. <said direct='false'>It would help.</said>"
        " A <q>word</q>. <quote who='#z'>No.</quote></p>",
        back=REGISTERS,
    )
    names = {each.id: each.name for each in parsed.article.entities}
    text = parsed.article.text or ""
    assert [
        (names.get(each.speaker or ""), each.direct, text[each.start : each.end])
        for each in parsed.article.quotes
    ] == [
        ("Wangari Maathai", True, "Plant trees,"),
        (None, False, "It would help."),
        ("z", True, "No."),
    ]


def test_speeches_of_parliaments() -> None:
    parsed = of(
        "<div type='debateSection'><note type='speaker'>The Speaker</note>"
        "<u who='#a'><seg><s><name type='PER'><w>Mr</w> <w join='right'>Kibaki</w></name><pc>.</pc>"
        "</s></seg><seg><s><w>Yes</w><pc join='left'>!</pc><linkGrp><link target='#x'/></linkGrp></s>"
        "</seg><kinesic><desc>Applause</desc></kinesic></u></div>",
        back=REGISTERS,
    )
    assert parsed.article.text == "The Speaker\n\nMr Kibaki.\n\nYes!"
    assert read(parsed.article) == [("PER", "Mr Kibaki", "Mr Kibaki")]
    (quote,) = parsed.article.quotes
    assert (quote.start, quote.end) == (13, 29)


# The header ---------------------------------------------------------------------------------------

HEADER = """
<fileDesc>
  <titleStmt><title type="main">Trees and peace</title><title type="sub">An edition</title>
    <author><persName><forename>Ana</forename><surname>Silva</surname></persName></author></titleStmt>
  <publicationStmt><publisher>University of Bergen</publisher><date when="2020">2020</date>
    <availability><licence target="https://creativecommons.org/licenses/by/4.0/">CC BY</licence>
    </availability><idno type="URI">https://example.org/e/1</idno><idno>e1</idno></publicationStmt>
  <sourceDesc><bibl><title level="a">Trees</title><title level="j">Bergens Tidende</title>
    <date when="2004-12-11"/></bibl></sourceDesc>
</fileDesc>
<profileDesc><langUsage><language ident="nb">Norwegian</language></langUsage></profileDesc>
"""


def test_the_header_says_what_the_article_is() -> None:
    parsed = of("<p>Trees.</p>", header=HEADER, root='xml:id="d1"')
    article = parsed.article
    assert (article.title, article.published, article.publisher, article.authors) == (
        "Trees and peace",
        "2004-12-11",
        "Bergens Tidende",
        ["Ana Silva"],
    )
    assert (article.url, article.language, article.licence) == (
        "https://example.org/e/1",
        "nb",
        "https://creativecommons.org/licenses/by/4.0/",
    )
    assert parsed.local_ids == ("d1", "e1")
    assert of("<p>T</p>", header=HEADER, root='xml:lang="nn"').article.language == "nn"


@pytest.mark.parametrize(
    ("titles", "title"),
    [
        ('<title level="s">Letters</title><title level="a">Trees</title>', "Trees"),
        ('<title level="m">Volume 3</title><title level="a">Trees</title>', "Trees"),
        ('<title level="s">Letters</title><title>Peace</title>', "Peace"),
        ('<title level="s">Letters</title>', "In the paper"),
    ],
)
def test_an_article_is_not_called_as_its_series(titles: str, title: str) -> None:
    source = '<sourceDesc><bibl><title level="a">In the paper</title></bibl></sourceDesc>'
    header = f"<fileDesc><titleStmt>{titles}</titleStmt>{source}</fileDesc>"
    assert of("<p>Trees.</p>", header=header).article.title == title


# Files --------------------------------------------------------------------------------------------


def test_a_corpus_is_an_article_a_document(tmp_path: Path) -> None:
    path = tmp_path / "corpus.xml"
    one = "<TEI><text><body><p><persName>Ana {}</persName></p></body></text></TEI>"
    path.write_text(
        f'<?xml version="1.0"?><teiCorpus {NAMESPACE} xml:lang="pt"><teiHeader/>'
        f"{one.format(1)}<teiCorpus>{one.format(2)}</teiCorpus></teiCorpus>"
    )
    with closing(Source(path)) as source:
        assert recognise(source).name == "tei"
        found = [parse(each.raw).article for each in entries(source)]
    assert [(each.text, each.language) for each in found] == [("Ana 1", "pt"), ("Ana 2", "pt")]


def test_p4_is_read() -> None:
    parsed = parse(
        b'<!DOCTYPE TEI.2 PUBLIC "-//TEI//DTD TEI Lite//EN" "teixlite.dtd"><TEI.2 id="x"><teiHeader>'
        b"<fileDesc><titleStmt><title>Letter</title></titleStmt><publicationStmt><date value='1864-05'>"
        b"May</date></publicationStmt></fileDesc></teiHeader><text lang='en'><body><div1><p>"
        b'<name type="person" key="Lee, Robert E.">General Lee</name>, <persName key="Lee, Robert E.">'
        b"Lee</persName></p></div1></body></text></TEI.2>"
    )
    article = parsed.article
    assert (article.title, article.published, article.language) == ("Letter", "1864-05", "en")
    assert read(article) == [
        ("person", "General Lee", "General Lee"),
        ("person", "General Lee", "Lee"),
    ]


def test_labels_are_ours() -> None:
    parsed = of(
        "<p>"
        + " ".join(
            f"<{each}>{each}</{each}>"
            for each in ("persName", "orgName", "placeName", "geogName", "country", "date")
        )
        + "".join(
            f" <rs type='{each}'>{each}</rs>"
            for each in ("person", "place", "org", "work", "event")
        )
        + "</p>"
    )
    LabelMap.of(format_called("tei").labels).apply(parsed)
    assert not parsed.notes.unmapped
    assert [each.type for each in parsed.article.entities] == [
        *("Person", "Organization", "Place", "Place", "Place", "Date"),
        *("Person", "Place", "Organization", "CreativeWork", "Event"),
    ]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"<TEI><text/></TEI>", "no entities in it, and no text"),
        (b"<TEI><text><p>A</text></TEI>", "line 1, column 18: is no well-formed XML"),
        (b"<TEI><text>&nbsp;</text></TEI>", "&nbsp; is no entity of XML"),
        (b"<!DOCTYPE TEI [<!ENTITY a 'b'>]><TEI/>", "declares the entity a"),
    ],
)
def test_what_is_no_document_is_told(raw: bytes, message: str) -> None:
    with pytest.raises(RecordError) as error:
        parse(raw)
    assert message in str(error.value)


def test_hostile_documents_take_little_time() -> None:
    names = "<persName ref='#a'>A</persName> " * 20_000
    entries_ = "".join(
        f"<person xml:id='p{n}'><persName>P</persName></person>" for n in range(20_000)
    )
    many = " ".join(f"#p{n}" for n in range(20_000))
    relation = f"<listRelation><relation mutual='{many}' active='{many}'/></listRelation>"
    alternatives = "<person xml:id='a'>" + "<persName>A</persName>" * 20_000 + "</person>"
    parsed = of(
        f"<p>{names}</p>", back=f"<listPerson>{entries_}{alternatives}</listPerson>{relation}"
    )
    assert len(parsed.article.relations) == 0
    assert len(parsed.article.entities[0].mentions) == 20_000
    assert parsed.notes.passed_over == {"further names in a register": 19_800}
    assert reasons(parsed) == ["relation[1]: relates more than 1,000 pairs"]
