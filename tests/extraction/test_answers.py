"""Whatever an extractor does wrong costs the article that it is wrong with, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from datasette_newsgraph.article import Article, Entity, Mention, Quote, Relation
from datasette_newsgraph.article import Extractor as Made
from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import RecordError, UsageError
from datasette_newsgraph.extraction.answers import answers
from datasette_newsgraph.extraction.batches import Running
from datasette_newsgraph.extraction.extractor import Extracted, Options
from datasette_newsgraph.extraction.request import Extraction
from tests.extraction.extractors import Plugins, plugins

__all__ = ["plugins"]

Of = Callable[[Article], Any]
ARTICLES = [Article(id=f"a{n}", text=f"Paris {n}.") for n in range(4)]
#: The one that goes wrong.
BAD = "a2"


class Each:
    """An extractor that says of each article what a function returns of it."""

    name, version, model, digest = "each", "1", "m 2", ""

    def __init__(self, of: Of) -> None:
        self.of = of

    def extract(self, articles: Iterable[Article]) -> Iterator[Any]:
        for article in articles:
            yield self.of(article) if article.id == BAD else found(article)


def found(article: Article) -> Article:
    mention = Mention(start=0, end=5, text="Paris")
    return replace(
        article, entities=[Entity(id="e", type="Place", name="Paris", mentions=[mention])]
    )


def raising(error: BaseException) -> Of:
    def of(article: Article) -> Any:
        raise error

    return of


def with_span(start: Any, end: Any) -> Of:
    return lambda article: replace(article, quotes=[Quote(start=start, end=end, text="the words")])


def with_counts(counts: Any, of: Any = None) -> Of:
    return lambda article: Extracted(of or article, counts)


#: What is done with the bad article, and what is said of it.
WRONG: dict[str, tuple[Of, str]] = {
    "it raises": (raising(ValueError("no luck")), "the extractor each failed: ValueError: no luck"),
    "it has no memory": (raising(MemoryError()), "the extractor each failed: MemoryError"),
    "it says why": (raising(RecordError("is in Latin")), "is in Latin"),
    "it yields why": (lambda article: RecordError("is in Latin"), "is in Latin"),
    "nothing": (lambda article: None, "gives NoneType in place of a record"),
    "a dictionary": (lambda article: {"id": article.id}, "gives dict in place of a record"),
    "another id": (lambda article: replace(article, id="x"), "with another id or another text"),
    "another text": (lambda article: replace(article, text="x"), "with another id or another text"),
    "the article before": (lambda article: ARTICLES[1], "with another id or another text"),
    "a wrong type": (lambda article: replace(article, entities=[3]), "gives no record"),
    "a set": (lambda article: replace(article, authors={"a"}, title=object()), "gives no record"),
    "half a letter": (lambda article: replace(article, title="\ud800"), "gives no record"),
    "beyond the text": (with_span(3, 99), "gives 3-99 (“the words”), which is no span of the text"),
    "before the text": (with_span(-1, 4), "gives -1-4 (“the words”)"),
    "nothing of the text": (with_span(4, 4), "gives 4-4 (“the words”)"),
    "backwards": (with_span(4, 2), "gives 4-2 (“the words”)"),
    "no number": (with_span("x", 2), "gives no record"),
    "no article": (with_counts({}, of=3), "gives int in place of a record"),
    "counts of nothing": (with_counts({"x": "y"}), "gives no record"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_costs_its_article(name: str) -> None:
    of, said = WRONG[name]
    first, second, third, fourth = answers(Each(of), ARTICLES)
    assert isinstance(third, RecordError)
    assert said in str(third)
    for each, article in ((first, ARTICLES[0]), (second, ARTICLES[1]), (fourth, ARTICLES[3])):
        assert isinstance(each, Article)
        assert (each.id, each.text) == (article.id, article.text)
        assert each.entities
        assert each.extractor == Made(name="each", version="1", model="m 2")


def test_what_an_extractor_says_of_itself_is_kept() -> None:
    made = Made(name="own")
    (_, _, third, _) = answers(Each(lambda article: replace(article, extractor=made)), ARTICLES)
    assert isinstance(third, Article)
    assert third.extractor == made


def test_what_is_not_in_a_record_is_kept_with_it() -> None:
    (_, _, third, _) = answers(
        Each(lambda article: Extracted(found(article), {"names in Greek": 3})), ARTICLES
    )
    assert isinstance(third, Extracted)
    assert third.passed_over == {"names in Greek": 3}
    assert third.article.extractor == Made(name="each", version="1", model="m 2")


class Batch:
    """An extractor that takes all articles at once."""

    name, version, model, digest = "batch", "1", None, ""

    def __init__(self, of: Callable[[list[Article]], Any]) -> None:
        self.of = of

    def extract(self, articles: Iterable[Article]) -> Any:
        return self.of(list(articles))


def test_an_extractor_cannot_change_the_text_on_the_sly() -> None:
    def of(articles: list[Article]) -> list[Article]:
        for each in articles:
            each.text = "Rome."
            each.entities.append(Entity(id="e", type="Place", name="Rome"))
        return articles

    for each in answers(Batch(of), ARTICLES):
        assert "with another id or another text" in str(each)
    assert [each.text for each in ARTICLES] == [f"Paris {n}." for n in range(4)]
    assert not any(each.entities for each in ARTICLES)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (lambda articles: [*articles, articles[0]], "gives more than one record for the article"),
        (lambda articles: None, "failed: TypeError"),
        (lambda articles: [], "gives no record for the article"),
    ],
)
def test_records_that_do_not_fit_the_articles_are_none(of: Any, said: str) -> None:
    for each in answers(Batch(of), ARTICLES):
        assert isinstance(each, RecordError)
        assert said in str(each)


def test_a_batch_that_fits_only_in_part_is_asked_for_one_by_one() -> None:
    def of(articles: list[Article]) -> list[Article]:
        return [each for each in map(found, articles) if each.id != BAD]

    *others, last = answers(Batch(of), ARTICLES)
    assert [isinstance(each, Article) for each in others] == [True, True, False]
    assert isinstance(last, Article)


def test_what_cannot_be_for_any_article_is_told() -> None:
    with pytest.raises(UsageError, match="there is no model"):
        answers(Each(raising(UsageError("there is no model"))), ARTICLES)


@given(
    st.lists(
        st.sampled_from([*ARTICLES, RecordError("no"), None, 3, Article(id="x"), ValueError("no")]),
        max_size=6,
    )
)
def test_there_is_an_answer_for_each_article(rubbish: list[Any]) -> None:
    def of(articles: list[Article]) -> Iterator[Any]:
        for each in rubbish:
            if isinstance(each, ValueError):
                raise each
            yield each

    for article, answer in zip(ARTICLES, answers(Batch(of), ARTICLES), strict=True):
        assert isinstance(answer, RecordError) or (
            isinstance(answer, Article) and answer.text == article.text
        )


def test_rejects_are_rows_with_their_reasons(
    tmp_path: Path, plugins: Plugins, db_path: Path
) -> None:
    plugins.install(
        "picky",
        "class Picky:\n"
        "    name = version = digest = 'picky'\n"
        "    model = None\n"
        "    def extract(self, articles):\n"
        "        for each in articles:\n"
        "            if 'Rome' in each.text: raise ValueError('not Rome')\n"
        "            yield each\n"
        "make = lambda options: Picky()\n",
    )
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"text": "{each} is far."}}\n' for each in ("Oslo", "Rome", "Lima")))
    arguments = ["--extract", "--extractor", "picky", "--strict"]
    result = CliRunner().invoke(cli, ["load", str(db_path), str(path), *arguments])
    assert result.exit_code == 3
    assert "3 records read: 2 new, 0 changed, 0 unchanged, 1 rejected" in result.stderr
    assert "line 2 of a.jsonl: the extractor picky failed: ValueError: not Rome" in result.stderr
    written = CliRunner().invoke(cli, ["extract", str(path), *arguments[1:3]])
    assert written.exit_code == 1
    assert len(written.stdout.splitlines()) == 2
    assert "a.jsonl: line 2: the extractor picky failed: ValueError: not Rome" in written.stderr


@pytest.mark.parametrize("extractor", ["capitals", "spacy"])
@pytest.mark.parametrize(
    ("least", "predicates"),
    [(0.0, ["a", "b", "c"]), (0.5, ["b", "c"]), (0.95, ["c"])],
)
def test_statements_below_a_confidence_are_left_out_of_any_extractor(
    plugins: Plugins, extractor: str, least: float, predicates: list[str]
) -> None:
    stated = [
        Relation(subject="e", predicate=name, value="x", confidence=sure)
        for name, sure in [("a", 0.2), ("b", 0.9), ("c", None)]
    ]
    with Running(Extraction(extractor, Options(min_confidence=least))) as running:
        assert [each.predicate for each in running.sure(stated)] == predicates
