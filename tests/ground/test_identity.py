"""Who is who: canonical identifiers, normalised names, and keys made of one record alone."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from datasette_newsgraph.article import Article
from datasette_newsgraph.authorities import OTHER, authority_of, canonical_identifier, names_thing
from datasette_newsgraph.drafting.plan import plan_article
from datasette_newsgraph.identity import (
    article_key,
    entity_key,
    extraction_key,
    follows_from,
    hashed,
    is_blank,
    normalise_label,
    normalise_name,
    relation_key,
    slug,
    span_key,
)
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers import Parsed

KEY = re.compile(r"[a-z0-9-]{1,80}")
WORDS = st.text(max_size=120)
#: What can be a name or a type.
NAMES = st.text(min_size=1, max_size=90).filter(lambda name: not is_blank(name))
#: Everything that a Python string can hold, lone surrogates too.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
#: Text that comes near to being an IRI.
NEARLY_IRI = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(
            ["http:", "https://", "HTTP://", "urn:", "x:", "x://", "mailto:", "1:", ""]
        ),
        st.lists(
            st.one_of(
                st.sampled_from(["//", "80", "[::1]", "%2", "%41", "..", "[x]"]),
                st.sampled_from(
                    'a/@:[]?#% "<>\\^`{}|\n\0é\u202e\ue000\ud800\ufffe\U000e0001\u2028\u3002'
                ),
                st.characters(exclude_categories=()),
            ),
            max_size=8,
        ).map("".join),
    ),
)


def key_of(name: str, type_: str = "Person", **more: Any) -> str:
    """The key of an entity record; ``article_id`` and ``language`` are the article's."""
    article = {"id": more.pop("article_id", "a1"), "language": more.pop("language", "en")}
    entity = {"id": "e1", "type": type_, "name": name} | more
    plan = plan_article(Parsed(msgspec.convert(article | {"entities": [entity]}, Article)))
    (key,) = plan.appearances
    return key


def keys_of(entities: list[dict[str, Any]], article_id: str = "a1") -> set[str]:
    """The keys of the entities of one article."""
    article = {"id": article_id, "language": "en", "entities": entities}
    return set(plan_article(Parsed(msgspec.convert(article, Article))).appearances)


# Identifiers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("http://www.wikidata.org/entity/Q90", "http://www.wikidata.org/entity/Q90"),
        ("https://www.wikidata.org/wiki/Q90", "http://www.wikidata.org/entity/Q90"),
        ("https://m.wikidata.org/wiki/Q90", "http://www.wikidata.org/entity/Q90"),
        ("HTTPS://WWW.Wikidata.org/wiki/q90", "http://www.wikidata.org/entity/Q90"),
        (
            "https://www.wikidata.org/wiki/Special:EntityData/Q90.json",
            "http://www.wikidata.org/entity/Q90",
        ),
        ("https://www.wikidata.org/wiki/Property:P31", "http://www.wikidata.org/entity/P31"),
        ("  https://www.wikidata.org/wiki/Q90\n", "http://www.wikidata.org/entity/Q90"),
        ("http://www.geonames.org/2988507/paris.html", "https://sws.geonames.org/2988507/"),
        ("https://sws.geonames.org/2988507/about.rdf", "https://sws.geonames.org/2988507/"),
        ("http://sws.geonames.org/2988507", "https://sws.geonames.org/2988507/"),
        ("https://viaf.org/viaf/102333412/", "http://viaf.org/viaf/102333412"),
        ("https://viaf.org/en/viaf/102333412", "http://viaf.org/viaf/102333412"),
        ("http://isni.org/isni/0000000121032683", "https://isni.org/isni/0000000121032683"),
        ("https://www.isni.org/0000 0001 2103 2683", "https://isni.org/isni/0000000121032683"),
        ("http://isni.org/isni/000000012103268x", "https://isni.org/isni/000000012103268X"),
        (
            "https://search.gleif.org/#/record/529900t8bm49aursdo55",
            "https://search.gleif.org/#/record/529900T8BM49AURSDO55",
        ),
        (
            "urn:lei:529900T8BM49AURSDO55",
            "https://search.gleif.org/#/record/529900T8BM49AURSDO55",
        ),
        ("https://dbpedia.org/page/Paris", "http://dbpedia.org/resource/Paris"),
        ("http://de.dbpedia.org/resource/Köln", "http://de.dbpedia.org/resource/Köln"),
        ("http://live.dbpedia.org/resource/paris", "http://dbpedia.org/resource/Paris"),
        (
            "https://en.m.wikipedia.org/wiki/Paris_Agreement",
            "https://en.wikipedia.org/wiki/Paris_Agreement",
        ),
        (
            "http://fr.wikipedia.org/wiki/%C3%89lys%C3%A9e palace",
            "https://fr.wikipedia.org/wiki/Élysée_palace",
        ),
        ("https://en.wikipedia.org/wiki/C%23", "https://en.wikipedia.org/wiki/C%23"),
        ("https://example.org/people/7", "https://example.org/people/7"),
    ],
)
def test_an_identifier_has_one_form(given: str, canonical: str) -> None:
    found = canonical_identifier(given)
    assert found is not None
    assert found[1] == canonical
    assert canonical_identifier(canonical) == found


@pytest.mark.parametrize("given", ["", "Q90", "www.wikidata.org/wiki/Q90", "12", "e1", "http://"])
def test_what_is_no_absolute_iri_is_no_identifier(given: str) -> None:
    assert canonical_identifier(given) is None


def test_the_order_in_which_an_identity_is_chosen() -> None:
    in_order = [
        "http://www.wikidata.org/entity/Q90",
        "https://sws.geonames.org/2988507/",
        "http://viaf.org/viaf/1",
        "https://isni.org/isni/0000000121032683",
        "https://search.gleif.org/#/record/529900T8BM49AURSDO55",
        "http://dbpedia.org/resource/Paris",
        "https://en.wikipedia.org/wiki/Paris",
        "https://example.org/a",
        "https://example.org/b",
    ]
    ranked = [canonical_identifier(iri) for iri in in_order]
    assert None not in ranked
    assert sorted(ranked) == ranked  # type: ignore[type-var]
    assert [found[0] for found in ranked if found] == [*range(OTHER), OTHER, OTHER]
    for first in range(len(in_order)):
        given = in_order[: first - 1 if first else None : -1]  # from the last to this one
        assert key_of("Paris", same_as=given) == key_of("Paris", same_as=[in_order[first]])


@pytest.mark.parametrize(
    ("iri", "names"),
    [
        ("http://www.wikidata.org/entity/Q90", True),
        ("http://dbpedia.org/resource/Paris", True),
        ("https://sws.geonames.org/2988507/", True),
        ("http://viaf.org/viaf/1", True),
        ("https://isni.org/isni/0000000121032683", True),
        ("https://en.wikipedia.org/wiki/Paris", False),
        ("https://search.gleif.org/#/record/529900T8BM49AURSDO55", False),
        ("https://example.org/paris", False),
        ("no IRI", False),
    ],
)
def test_some_identifiers_name_the_thing_and_some_a_page_about_it(iri: str, names: bool) -> None:
    assert names_thing(iri) is names


@pytest.mark.parametrize(
    ("iri", "authority"),
    [
        ("http://www.wikidata.org/entity/Q90", ("Wikidata", "www.wikidata.org")),
        ("http://fr.dbpedia.org/resource/Paris", ("DBpedia", "fr.dbpedia.org")),
        ("https://example.org/paris", None),
        ("no IRI", None),
    ],
)
def test_an_identifier_is_of_an_authority_or_of_none(
    iri: str, authority: tuple[str, str] | None
) -> None:
    assert authority_of(iri) == authority


def test_a_key_follows_from_the_identifier_that_decides() -> None:
    paris, texas = "http://www.wikidata.org/entity/Q90", "http://www.wikidata.org/entity/Q830149"
    key = entity_key("Place", "Paris", [(0, paris)])
    assert follows_from(key, paris)
    assert not follows_from(key, texas)
    assert not follows_from(entity_key("Place", "Paris"), paris)


HOSTS = ["www.wikidata.org/wiki/Q", "viaf.org/viaf/", "isni.org/isni/", "www.geonames.org/"]
HOSTS += ["dbpedia.org/page/", "de.dbpedia.org/resource/", "en.wikipedia.org/wiki/", "example.org/"]


@given(st.sampled_from(HOSTS), st.one_of(st.text(max_size=12), st.from_regex(r"[1-9]\d{0,15}")))
@example("en.wikipedia.org/wiki/", "%2541")
@example("en.wikipedia.org/wiki/", "_")
@example("en.wikipedia.org/wiki/", "ßa")
def test_a_canonical_identifier_is_its_own(host: str, rest: str) -> None:
    found = canonical_identifier(f"https://{host}{rest}")
    assert found is None or canonical_identifier(found[1]) == found


# Names and labels -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kabul", "KABUL"),
        ("Kabul", "  “Kabul”, "),
        ("Hibatullah Akhundzada", "Hibatullah\u00a0\n Akhundzada"),
        ("Straße", "STRASSE"),
        ("ﬁnance", "Finance"),  # a ligature
        ("Ｋａｂｕｌ", "Kabul"),  # full width
        ("cafe\u0301", "café"),
        ("\ufeffKabul\u200e", "Kabul"),  # invisible edges
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("Acme™", "AcmeTM"),
        ("ℌans", "Hans"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kabul", "Кабул"),  # nothing is transliterated
        ("Muller", "Müller"),
        ("O'Neil", "ONeil"),
        ("C++", "C++11"),
        ("?", "!"),
    ],
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    "label", ["memberOf", "member_of", "Member of", " member  of ", "MEMBER OF", "Member Of"]
)
def test_labels_that_are_one(label: str) -> None:
    assert normalise_label(label) == "member of"


@given(WORDS)
def test_normalising_again_changes_nothing(name: str) -> None:
    assert normalise_name(normalise_name(name)) == normalise_name(name)
    assert normalise_label(normalise_label(name)) == normalise_label(name)


@given(NAMES)
@example("(" + "a" * 70)
@example("Acme™")
@example("ℌ")
@example(":I")
@example("I,")
def test_a_key_depends_on_the_normalised_name_alone(name: str) -> None:
    assert key_of(normalise_name(name)) == key_of(name)


@pytest.mark.parametrize("name", ["Kabul", "北京"])
@pytest.mark.parametrize("type_", ["NewsAgency", "news_agency", "News Agency", "NEWS AGENCY"])
def test_a_key_depends_on_the_normalised_type_alone(name: str, type_: str) -> None:
    assert key_of(name, type_) == key_of(name, "news agency")
    assert key_of(name, type_, local=True) == key_of(name, "news agency", local=True)


# Entities ---------------------------------------------------------------------------------------


def test_a_name_is_one_thing_in_all_articles_and_a_type_sets_it_apart() -> None:
    assert key_of("Paris", "Place") == key_of("Paris", "place", article_id="a2", language="fr")
    assert key_of("Paris", "Place") != key_of("Paris", "Person")


@pytest.mark.parametrize(
    ("type_", "name", "language"),
    [
        *((each, "Friday", "en") for each in ("Date", "DATE", "Time", "Quantity", "Money")),
        *((each, "10", "en") for each in ("Percent", "Ordinal", "Cardinal")),
        ("Person", "he", "en"),
        ("Person", "“He”", "en-GB"),
        ("Person", "Она", "ru"),
        ("Person", "او", "fa"),
        ("Person", "他", "zh-Hant"),
        ("Person", "elle", None),  # no language: all lists
        ("Person", "she", "sw"),  # a language without a list: all lists
    ],
)
def test_what_means_something_else_in_each_article(
    type_: str, name: str, language: str | None
) -> None:
    first = key_of(name, type_, language=language)
    assert first == key_of(name, type_, language=language)
    assert first != key_of(name, type_, language=language, article_id="a2")


@pytest.mark.parametrize("word", ["die", "on", "она"])
def test_a_pronoun_is_one_in_its_language_only(word: str) -> None:
    assert word not in pronouns_of("en")
    assert word in pronouns_of(None)


def test_a_record_marked_local_stays_in_its_article() -> None:
    here, there = (key_of("the driver", local=True, article_id=each) for each in ("a1", "a2"))
    assert here != there
    assert here != key_of("the driver")


def test_local_records_of_one_name_are_told_apart_by_their_ids() -> None:
    """Two attacks, two drivers; but records of one id in two articles never are one."""
    fields = {"type": "Event", "name": "attack", "local": True}
    first, second = ({**fields, "id": each} for each in ("E1", "E2"))
    assert len(keys_of([first, second])) == 2
    # Of one record alone: whatever stands beside it, in whatever order.
    assert keys_of([second, first]) == keys_of([first, second])
    assert keys_of([first]) < keys_of([first, second])
    assert keys_of([first]).isdisjoint(keys_of([first], "a2"))
    # Neither id can be taken for a part of the other.
    assert keys_of([{**fields, "id": "E1\nx"}], "a") != keys_of([{**fields, "id": "E1"}], "a\nx")


@pytest.mark.parametrize(("type_", "name"), [("Date", "Friday"), ("Person", "he")])
def test_values_and_pronouns_are_one_in_an_article_unless_they_are_marked_local(
    type_: str, name: str
) -> None:
    records = [{"id": each, "type": type_, "name": name} for each in ("e1", "e2")]
    assert len(keys_of(records)) == 1
    assert len(keys_of([{**each, "local": True} for each in records])) == 2


def test_an_identifier_beats_name_type_and_locality() -> None:
    paris = ["https://www.wikidata.org/wiki/Q90"]
    keys = {
        key_of("Paris", "Place", same_as=paris),
        key_of("La Ville Lumière", "City", same_as=paris, language="fr"),
        key_of("she", "Person", same_as=paris, local=True, article_id="a2"),
    }
    assert len(keys) == 1
    assert keys.pop().startswith("q90-")
    assert key_of("Paris", "Place") not in keys


@pytest.mark.parametrize(
    ("id_", "is_identifier"),
    [
        ("http://www.wikidata.org/entity/Q90", True),
        ("urn:example:paris", True),
        ("PERSON:1", False),
        ("e1", False),
    ],
)
def test_an_id_of_a_tool_is_no_identifier(id_: str, is_identifier: bool) -> None:
    """Else the first person of one article would be the first person of another."""
    entity = {"id": id_, "type": "Person", "name": "Ana"}
    plan = plan_article(Parsed(msgspec.convert({"id": "a1", "entities": [entity]}, Article)))
    assert (next(iter(plan.appearances)) != key_of("Ana")) == is_identifier


def test_the_order_of_identifiers_does_not_matter() -> None:
    some = ["https://example.org/b", "https://de.wikipedia.org/wiki/Paris", "https://example.org/a"]
    assert key_of("x", same_as=some) == key_of("y", same_as=some[::-1])


# Keys -------------------------------------------------------------------------------------------


def test_a_hash_is_thirteen_times_five_bits_of_sha256() -> None:
    digest = hashlib.sha256("Київ".encode()).digest()
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    assert hashed("Київ") == "".join(alphabet[byte & 31] for byte in digest[:13])
    assert len({hashed(str(number)) for number in range(2000)}) == 2000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hibatullah Akhundzada", "hibatullah-akhundzada"),
        ("O'Neil & Sons", "oneil-sons"),
        ("Côte d’Ivoire", "cote-divoire"),
        ("北京", ""),
        ("a" * 100, "a" * 66),
    ],
)
def test_a_slug_is_for_reading(text: str, expected: str) -> None:
    # Accents may split a word or fall away, but letters are never lost.
    assert slug(text).replace("-", "") == expected.replace("-", "")


@pytest.mark.parametrize(
    ("name", "type_", "start"),
    [("北京", "Place", "place-"), ("Kabul", "Place", "kabul-"), ("北京", "地点", "x-")],
)
def test_a_key_begins_with_what_can_be_read(name: str, type_: str, start: str) -> None:
    assert key_of(name, type_).startswith(start)


def test_an_articles_key_does_not_tell_its_title() -> None:
    assert article_key("a1").startswith("a1-")
    assert article_key("https://example.org/minister-resigns").startswith("article-")
    assert article_key("a1") != article_key("A1")


@given(NAMES, NAMES, NAMES)
def test_every_key_is_short_and_plain(one: str, two: str, three: str) -> None:
    keys = [
        key_of(one, two),
        key_of(one, two, local=True, article_id=three),
        article_key(one),
        relation_key("a", one, None, two, three),
        relation_key("a", one, "b", "", ""),
        extraction_key(one, two, three),
    ]
    for key in keys:
        assert KEY.fullmatch(key)


@given(st.none() | st.integers(-(2**63), 2**63 - 1), st.none() | st.integers(-(2**63), 2**63 - 1))
def test_the_key_of_a_span_is_short_and_plain(start: int | None, end: int | None) -> None:
    assert KEY.fullmatch(span_key(hashed("a"), start, end, "abcde"))


def test_statements_that_differ_have_different_keys() -> None:
    keys = {
        relation_key("s", "p", "o", "", ""),
        relation_key("o", "p", "s", "", ""),
        relation_key("s", "p", None, "o", ""),
        relation_key("s", "p", None, "o", "string"),
        relation_key("s", "p", None, "1", "number"),
        relation_key("s", "p", None, "1", "string"),
    }
    assert len(keys) == 6


def test_extractions_that_differ_have_different_keys() -> None:
    keys = {
        extraction_key("spacy", "3", "sm"),
        extraction_key("spacy", "3\nsm", None),
        extraction_key("spacy\n3", "sm", None),
        extraction_key("spacy", None, "3\nsm"),
        extraction_key("spacy", "3", None),
        extraction_key("spacy", None, "3"),
    }
    assert len(keys) == 6


# IRIs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("https://example.org/a", "https://example.org/a"),
        (" https://example.org/a \n", "https://example.org/a"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ('https://example.org/"><b>', "https://example.org/%22%3E%3Cb%3E"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/100%25", "https://example.org/100%25"),
        ("https://example.org/#a#b", "https://example.org/#a%23b"),
        ("https://example.org/é", "https://example.org/é"),
        ("https://example.org/\u202e", "https://example.org/%E2%80%AE"),
        ("https://example.org/\ud800", "https://example.org/%3F"),
        ("https://example.org/a[1]", "https://example.org/a%5B1%5D"),
        ("http://[::1]:8001/a", "http://[::1]:8001/a"),
        ("https://me@example.org/", "https://me@example.org/"),
        ("mailto:ana@example.org", "mailto:ana@example.org"),
        ("urn:isbn:0451450523", "urn:isbn:0451450523"),
        ("file:///a", "file:///a"),
    ],
)
def test_an_iri_is_made_clean(given: str, clean: str) -> None:
    assert clean_iri(given) == clean


@pytest.mark.parametrize(
    "given",
    [
        *("", "a", "/a", "1x:a", "é:a", "http:", "http://", "http:///a", "http://a:b/"),
        *("http://a b/", "http://a%20b/", "http://a\u202eb/", "http://[x]/"),
        "http://[fe80::1%25eth0]/",
    ],
)
def test_what_cannot_be_an_iri(given: str) -> None:
    assert clean_iri(given) is None


@given(st.one_of(ANY_TEXT, NEARLY_IRI))
def test_a_clean_iri_is_one_that_others_accept_and_stays_as_it_is(text: str) -> None:
    clean = clean_iri(text)
    if clean is not None:
        assert NamedNode(clean).value == clean
        assert clean_iri(clean) == clean


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Rémy Heitz", "re-my-heitz-3rb64uystsa27"),
        ("Łódź", "o-dz-3orb34v4kfnwi"),
    ],
)
def test_the_key_of_an_accented_entity_never_changes(name: str, key: str) -> None:
    """Databases that were made long ago have it."""
    assert entity_key("Person", name) == key
