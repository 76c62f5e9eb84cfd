"""Texts that are not of the model's language are refused, and say what helps."""

from __future__ import annotations

import doctest

import pytest

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.extractor import Options
from datasette_newsgraph.extraction.nlp import languages, make
from datasette_newsgraph.extraction.nlp.languages import other_language, stated_other

ENGLISH = (
    "The council of the city voted on the new bridge on Tuesday. Mayor Jo Ott said that the work"
    " will take two years, and that the old one stays open until then."
)
#: The same story in other words and languages.
STORIES = {
    "German": "Bürgermeister Jo Ott kündigte am Dienstag in Köln den Bau einer neuen Brücke an. Die"
    " Arbeiten sollen zwei Jahre dauern. Bis dahin bleibt die alte Brücke geöffnet, sagte Ott vor"
    " Journalisten.",
    "French": "Le maire Jo Ott a annoncé mardi à Lyon la construction d'un nouveau pont. Les travaux"
    " doivent durer deux ans. L'ancien pont restera ouvert jusque-là, a précisé Ott devant la presse.",
    "Spanish": "El alcalde Jo Ott anunció el martes en Lima la construcción de un nuevo puente. Las"
    " obras durarán dos años. Mientras tanto, el viejo puente seguirá abierto, dijo Ott a la prensa.",
    "Italian": "Il sindaco Jo Ott ha annunciato martedì a Torino la costruzione di un nuovo ponte. I"
    " lavori dureranno due anni. Fino ad allora il vecchio ponte resterà aperto, ha detto Ott ai"
    " giornalisti.",
    "Dutch": "Burgemeester Jo Ott kondigde dinsdag in Utrecht de bouw van een nieuwe brug aan. Het werk"
    " gaat twee jaar duren. Tot die tijd blijft de oude brug open, zei Ott tegen journalisten.",
    "Portuguese": "O prefeito Jo Ott anunciou na terça-feira em Lisboa a construção de uma nova ponte."
    " As obras vão durar dois anos. Até lá, a ponte velha continuará aberta, disse Ott à imprensa.",
    "Polish": "Burmistrz Jo Ott zapowiedział we wtorek w Gdańsku budowę nowego mostu. Prace mają"
    " potrwać dwa lata. Do tego czasu stary most będzie otwarty, powiedział Ott dziennikarzom.",
    "Swedish": "Borgmästaren Jo Ott berättade på tisdagen i Malmö att staden ska bygga en ny bro."
    " Arbetet tar två år. Den gamla bron är öppen till dess, säger Ott till tidningen.",
}  # fmt: skip


@pytest.mark.parametrize("language", STORIES)
def test_a_few_sentences_of_another_language_are_told(language: str) -> None:
    assert other_language(STORIES[language], "en") == language


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        "Real Madrid and Atlético drew 1-1 at La Cartuja. Luis de la Fuente and El Cholo Simeone saw"
        " Los Blancos go ahead through Vinicius, before Koke levelled late in the second half.",
        "Mayor plans bridge. Council says yes. Two years of work. Jo Ott: old bridge stays open. Rain"
        " closes road near Lima. Die Welt and Le Monde win prizes. Markets fall again.",
    ],
)
def test_english_with_names_of_elsewhere_is_english(text: str) -> None:
    assert other_language(text, "en") is None


@pytest.mark.parametrize(
    ("stated", "text", "other"),
    [
        ("de", "Lima. Kabul.", "German"),
        ("deu", "Lima. Kabul.", "German"),
        ("German", "Lima. Kabul.", "German"),
        ("ckb", "Lima. Kabul.", "ckb"),
        ("en_US", "Lima. Kabul.", None),
        ("eng", "Lima. Kabul.", None),
        ("und", "Lima. Kabul.", None),
        (None, "Lima. Kabul.", None),
        ("de", ENGLISH, None),
    ],
)
def test_the_language_that_an_article_states_counts(
    stated: str | None, text: str, other: str | None
) -> None:
    assert stated_other(text, stated, "en") == other


@pytest.mark.parametrize(
    ("article", "options"),
    [
        (Article(id="a", text="Bürgermeister Ott kommt.", language="de"), Options()),
        (Article(id="a", text="Bürgermeister Ott kommt."), Options(language="de-CH")),
        (Article(id="a", text=STORIES["German"], language="en"), Options()),
    ],
    ids=["article", "option", "text"],
)
def test_the_extractor_refuses_an_article_of_another_language(
    article: Article, options: Options
) -> None:
    (found,) = make(options).extract([article])
    assert isinstance(found, RecordError)
    assert "German" in str(found)
    assert "name a model of its language with --model" in str(found)


def test_an_english_article_that_says_german_is_extracted() -> None:
    (found,) = make(Options(language="de")).extract([Article(id="a", text=ENGLISH)])
    assert isinstance(found, Article)


def test_examples_in_the_code_are_right() -> None:
    assert doctest.testmod(languages).failed == 0
