"""What people correct on the pages of entities, articles and relations, form by form."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.loading.load import load
from tests.web.deciders import (
    HOME,
    Browser,
    copied,
    deciding,
    forms,
    log,
    rows,
    value,
)

Parse = Callable[[str], Any]
TEXT = "{name} met Cy Ray in Oslo. “We sail,” said {name}. {name} left."


def record(number: int, name: str) -> dict[str, Any]:
    """An article in which somebody meets Cy Ray, and says something."""
    text = TEXT.format(name=name)
    starts = [each.start() for each in re.finditer(re.escape(name), text)]
    stated = f"{name} met Cy Ray in Oslo."
    quoted = text.index("“")
    return {
        "id": f"a{number}",
        "title": f"Day {number}",
        "published": f"2021-08-{number:02}",
        "text": text,
        "entities": [
            {
                "id": "s",
                "type": "Person",
                "name": name,
                "mentions": [{"start": start, "end": start + len(name)} for start in starts],
            },
            {"id": "c", "type": "Person", "name": "Cy Ray"},
            {"id": "o", "type": "Person", "name": "Oslo"},
        ],
        "relations": [
            {
                "subject": "s",
                "predicate": "met",
                "object": "c",
                "evidence": [{"start": 0, "end": len(stated)}],
            }
        ],
        "quotes": [{"start": quoted, "end": quoted + 10, "speaker": "s", "verb": "said"}],
    }


@pytest.fixture(scope="module")
def sailors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sailors") / "sailors.db"
    load(path, [record(1, "Ann Lee"), record(2, "Lee"), record(3, "Ann Lee"), record(4, "A. Lee")])
    return path


@pytest.fixture
def news(sailors: Path, tmp_path: Path) -> Path:
    return copied(sailors, tmp_path)


def key_of(path: Path, name: str) -> str:
    return str(value(path, "SELECT key FROM entities WHERE name = ?", name))


def page_of(path: Path, name: str) -> str:
    return f"{HOME}/entity/{key_of(path, name)}"


def articles_of(path: Path, name: str) -> int:
    query = "SELECT count(*) FROM appearances JOIN entities ON entities.id = entity_id"
    return int(value(path, f"{query} WHERE entities.name = ?", name))


def link(html: str, part: str) -> str:
    """The first address on a page that has a part."""
    found = next(each for each in re.findall('(?:href|action)="([^"]*)"', html) if part in each)
    return found.replace("&amp;", "&")


async def merge(ana: Browser, news: Path, one: str, other: str) -> str:
    """Merge two entities by the page for it; the page of what both are shown as."""
    html = await ana.get(f"{HOME}/merge?key={key_of(news, one)}&q={other.replace(' ', '+')}")
    address = link(html, f"with={key_of(news, other)}") if "with=" in html else ""
    if address:
        html = await ana.get(address)
    (pair,) = forms(html, "pair")
    return await ana.decide(pair, keep=key_of(news, one))


# --- An entity -------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_an_entity_is_merged_with_one_that_is_looked_for(news: Path, page: Parse) -> None:
    lee = key_of(news, "Lee")
    async with deciding(news) as (server, ana):
        html = await merge(ana, news, "Ann Lee", "Lee")
        assert "1 decision was made." in html
        assert articles_of(news, "Ann Lee") == 3
        (former,) = [each for each in page(html).all("li") if lee in each.text]
        assert former.text.split()[0] == "Lee"
        assert "1 article" in former.text
        # Everybody is told what it is known under.
        public = await Browser(server, None).get(page_of(news, "Ann Lee"))
        assert lee in public
        assert forms(public) == []
        (entry,) = log(news)
        assert (entry["verdict"], entry["keep"]) == ("same", key_of(news, "Ann Lee"))


@pytest.mark.asyncio
async def test_the_other_one_is_named_by_its_key_or_its_address(news: Path) -> None:
    async with deciding(news) as (_, ana):
        for typed in (key_of(news, "Lee"), f"http://localhost{page_of(news, 'Lee')}?order=oldest"):
            html = await ana.get(f"{HOME}/merge?key={key_of(news, 'Ann Lee')}&q={typed}")
            (pair,) = forms(html, "pair")
            # The one with more articles is kept, if nobody says otherwise.
            assert pair.fields["keep"].chosen == [key_of(news, "Ann Lee")]
        html = await ana.get(f"{HOME}/merge?key={key_of(news, 'Lee')}&q=Ann")
        assert forms(html) == []
        assert "Ann Lee" in html
        html = await ana.get(f"{HOME}/merge?key={key_of(news, 'Lee')}&q=Nobody")
        assert "No other entity was found for this." in html
        for wrong, status in (
            ("key=x-0", 404),
            ("", 400),
            (f"key={key_of(news, 'Lee')}&with=x", 404),
        ):
            answer = await ana._visitor.get(f"{HOME}/merge?{wrong}")
            assert answer.status_code == status, wrong


@pytest.mark.asyncio
async def test_one_of_three_is_taken_out_again(news: Path) -> None:
    lee = key_of(news, "Lee")
    async with deciding(news) as (_, ana):
        await merge(ana, news, "Lee", "A. Lee")
        html = await merge(ana, news, "Ann Lee", "Lee")
        assert articles_of(news, "Ann Lee") == 4
        out = next(each for each in forms(html, "take-out") if each.fields["key"].chosen == [lee])
        html = await ana.decide(out)
    assert articles_of(news, "Ann Lee") == 3
    assert articles_of(news, "Lee") == 1
    assert "A. Lee" in html


@pytest.mark.asyncio
async def test_articles_are_split_off(news: Path, page: Parse) -> None:
    async with deciding(news) as (_, ana):
        await merge(ana, news, "Ann Lee", "Lee")
        html = await ana.get(link(await ana.get(page_of(news, "Ann Lee")), "/split?"))
        assert "given as" in html
        (split,) = forms(html, "split")
        articles = dict(rows(news, "SELECT title, key FROM articles"))
        ticked = [articles["Day 1"], articles["Day 2"]]
        after = await ana.decide(split, article=ticked, value="  Ann  Lee\u00a0II ")
    assert articles_of(news, "Ann Lee II") == 2
    assert articles_of(news, "Ann Lee") == 1
    assert "decisions were made" in after
    assert {each["value"] for each in log(news)[1:]} == {"Ann Lee II"}


@pytest.mark.asyncio
async def test_articles_are_split_off_into_one_that_is_there(news: Path) -> None:
    ann, lee = key_of(news, "Ann Lee"), key_of(news, "Lee")
    async with deciding(news) as (_, ana):
        address = f"{HOME}/split?key={ann}"
        html = await ana.get(f"{address}&q=Lee")
        # Those that are found are offered, but not itself; its own name is still asked for.
        offered = re.findall("into=([a-z0-9-]*)", html)
        assert {*offered} == {lee, key_of(news, "A. Lee")}
        assert "value" in forms(html, "split")[0].fields
        # A key or an address names it at once.
        for typed in (lee, f"http://localhost{page_of(news, 'Lee')}"):
            html = await ana.get(f"{address}&q={typed}")
            (split,) = forms(html, "split")
            assert split.fields["into"].chosen == [lee]
            assert "value" not in split.fields
        after = await ana.decide(split, article=split.fields["article"].values[:1])
        assert "1 decision was made." in after
        # By key: by its name it is what most of its articles call it now.
        by_key = "SELECT articles FROM entity_counts JOIN entities ON id = entity_id WHERE key = ?"
        assert [value(news, by_key, each) for each in (ann, lee)] == [1, 2]
        (entry,) = log(news)
        assert (entry["verdict"], entry["left_key"], entry["right_key"]) == ("split", ann, lee)
        assert "value" not in entry
        assert "No other entity was found" in await ana.get(f"{address}&q=Nobody")
        # Whoever has ticked all of them is led to what they mean now.
        (split,) = forms(await ana.get(f"{address}&q={lee}"), "split")
        await ana.decide(split, article=split.fields["article"].values)
        assert value(news, by_key, lee) == 3
        page = await ana._visitor.get(f"{HOME}/entity/{ann}?done=1")
        assert page.headers["location"] == f"{HOME}/entity/{lee}?done=1"


@pytest.mark.asyncio
async def test_articles_are_not_split_off_into_what_is_not_there(news: Path) -> None:
    ann = key_of(news, "Ann Lee")
    async with deciding(news) as (_, ana):
        (split,) = forms(
            await ana.get(f"{HOME}/split?key={ann}&into={key_of(news, 'Lee')}"), "split"
        )
        article = split.fields["article"].values[0]
        for into, words in (("x-0", "no entity"), (ann, "name another entity")):
            answer = await ana.send(split, article=article, into=into)
            assert answer.status_code == 400
            assert words in answer.text
        await ana.get(f"{HOME}/split?key={ann}&into=x-0", 404)
    assert log(news) == []


@pytest.mark.asyncio
async def test_the_articles_to_split_are_paged(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datasette_newsgraph.web.merging import split_page

    monkeypatch.setattr(split_page, "ARTICLES", 1)
    async with deciding(news) as (_, ana):
        address, seen = f"{HOME}/split?key={key_of(news, 'Ann Lee')}", []
        while address:
            html = await ana.get(address)
            seen += re.findall(r"Day \d", html)
            found = re.search('href="([^"]*)" rel="next"', html)
            address = f"{HOME}/split{found[1].replace('&amp;', '&')}" if found else ""
    assert seen == ["Day 3", "Day 1"]


@pytest.mark.asyncio
async def test_name_and_type_are_corrected(news: Path) -> None:
    async with deciding(news) as (_, ana):
        html = await ana.get(page_of(news, "Oslo"))
        html = await ana.decide(forms(html, "type")[0], value="Place", why="A city.")
        html = await ana.decide(forms(html, "name")[0], value="Oslo, Norway")
    assert rows(news, "SELECT type, name FROM entities WHERE name LIKE 'Oslo%'") == [
        ("Place", "Oslo, Norway")
    ]
    assert log(news)[0]["why"] == "A city."
    assert "Oslo, Norway" in html


@pytest.mark.asyncio
async def test_an_entity_is_wrong_with_all_that_was_merged_into_it(news: Path) -> None:
    async with deciding(news) as (_, ana):
        html = await merge(ana, news, "Ann Lee", "Lee")
        wrong = next(
            each for each in forms(html, "wrong") if each.fields["kind"].chosen == ["entity"]
        )
        html = await ana.decide(wrong)
        assert articles_of(news, "Ann Lee") == articles_of(news, "Lee") == 0
        # It has no page any more; what was decided has.
        assert "the entity" in html
        await ana.decide(forms(html, "undo")[0])
    assert articles_of(news, "Ann Lee") == 3


@pytest.mark.asyncio
async def test_two_identifiers_of_an_authority_are_a_conflict_that_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    first, second = record(1, "Ann Lee"), record(2, "Lee")
    for each, number in ((first, 11), (second, 22)):
        each["entities"][0]["same_as"] = [f"https://www.wikidata.org/wiki/Q{number}"]
    load(path, [first, second])
    async with deciding(path) as (_, ana):
        assert "Conflict" not in await ana.get(page_of(path, "Lee"))
        html = await merge(ana, path, "Ann Lee", "Lee")
        said = "Wikidata has two of it"
        assert said in html
        assert said in await ana.get(f"{HOME}/decisions")
        await ana.decide(forms(html, "take-out")[0])
        assert said not in await ana.get(f"{HOME}/decisions")


# --- Spans and statements --------------------------------------------------------------------


@pytest.mark.asyncio
async def test_mentions_statements_and_quotes_of_an_article_are_wrong(
    news: Path, page: Parse
) -> None:
    address = f"{HOME}/article/{value(news, 'SELECT key FROM articles WHERE title = ?', 'Day 1')}"
    async with deciding(news) as (server, ana):
        html = await ana.get(address)
        # Somebody who reads has no forms before the eyes.
        assert forms(html, "wrong") == []
        html = await ana.get(link(html, "?correct=1"))
        kinds = [each.fields["kind"].chosen[0] for each in forms(html, "wrong")]
        assert sorted(set(kinds)) == ["evidence", "mention", "quote"]
        assert kinds.count("mention") == 3
        for kind in ("mention", "evidence", "quote"):
            wrong = next(
                each for each in forms(html, "wrong") if each.fields["kind"].chosen == [kind]
            )
            html = await ana.decide(wrong)
        left_out = "1 mention, 1 statement and 1 quote here were decided to be wrong"
        assert left_out in html
        public = await Browser(server, None).get(address)
        assert left_out in public
        assert forms(public) == []
        assert rows(news, "SELECT count(*) FROM quotes") == [(3,)]
        for _ in range(3):
            html = await ana.get(address)
            # A batch is called by digits.
            html = await ana.decide(
                next(
                    each
                    for each in forms(html, "undo")
                    if not each.fields["key"].chosen[0].isdigit()
                )
            )
        assert "decided to be wrong" not in html
    assert rows(news, "SELECT count(*) FROM quotes") == [(4,)]
    assert rows(news, "SELECT count(*) FROM evidence") == [(4,)]


@pytest.mark.asyncio
async def test_evidence_and_relations_are_wrong(news: Path) -> None:
    key = value(
        news,
        "SELECT relations.key FROM relations JOIN entities ON entities.id = subject_id"
        " WHERE name = 'Ann Lee'",
    )
    async with deciding(news) as (_, ana):
        html = await ana.get(f"{HOME}/relation/{key}")
        evidence = [
            each for each in forms(html, "wrong") if each.fields["kind"].chosen == ["evidence"]
        ]
        assert len(evidence) == 2
        html = await ana.decide(evidence[0])
        assert "1 statement here was decided to be wrong" in html
        whole = next(
            each for each in forms(html, "wrong") if each.fields["kind"].chosen == ["relation"]
        )
        html = await ana.decide(whole)
        assert "the relation" in html
    assert value(news, "SELECT count(*) FROM relations WHERE key = ?", key) == 0
    assert value(news, "SELECT count(*) FROM evidence") == 2


STATED = (
    "SELECT relations.key FROM relations, entities WHERE entities.id = subject_id AND name = 'Lee'"
)


async def wrong(ana: Browser, html: str, kind: str) -> str:
    """The page that follows where the first of a kind was said to be wrong."""
    found = [each for each in forms(html, "wrong") if each.fields["kind"].chosen == [kind]]
    return await ana.decide(found[0])


@pytest.mark.asyncio
async def test_who_took_the_last_evidence_out_may_take_that_back_there(news: Path) -> None:
    address = f"{HOME}/relation/{value(news, STATED)}"
    async with deciding(news) as (server, ana):
        public = Browser(server, None)
        html = await wrong(ana, await ana.get(address), "evidence")
        assert "This relation was decided to be wrong, or all that was said of it." in html
        assert "<bdi>Lee met Cy Ray</bdi>" in html
        assert "Lee met Cy Ray in Oslo." in html
        assert forms(await public.get(address, 410)) == []
        # By the note of what was just decided, or by the decision in the list.
        notice, listed = forms(html, "undo")
        assert notice.fields["key"].chosen != listed.fields["key"].chosen
        html = await ana.decide(listed)
        assert "was decided to be wrong" not in html
        assert "Lee met Cy Ray in Oslo." in html
        assert html.count("<blockquote") == (await public.get(address)).count("<blockquote")


@pytest.mark.asyncio
async def test_who_took_the_last_mention_out_may_take_that_back_there(news: Path) -> None:
    address = page_of(news, "Lee")
    async with deciding(news) as (_, ana):
        html = await ana.get(address)
        for _ in range(3):
            html = await wrong(ana, html, "mention")
        assert "This entity was decided to be wrong, or all that was said of it." in html
        assert html.count("the mention") == 3
        await ana.decide(forms(html, "undo")[-1])
        assert "was decided to be wrong" not in await ana.get(address)


@pytest.mark.asyncio
async def test_a_page_that_is_gone_names_what_it_stood_on(news: Path) -> None:
    """A relation is gone with one of its ends, and it is that end that has to come back."""
    relation, lee = f"{HOME}/relation/{value(news, STATED)}", page_of(news, "Lee")
    async with deciding(news) as (_, ana):
        await wrong(ana, await ana.get(lee), "entity")
        html = await ana.get(relation, 410)
        assert "the entity" in html
        (back,) = forms(html, "undo")
        assert "Lee met Cy Ray in Oslo." in await ana.decide(back)
        await ana.get(lee)


@pytest.mark.asyncio
async def test_evidence_is_wrong_where_the_page_of_an_entity_shows_it(news: Path) -> None:
    async with deciding(news) as (_, ana):
        html = await ana.get(page_of(news, "Ann Lee"))
    shown = [each for each in forms(html, "wrong") if each.fields["kind"].chosen == ["evidence"]]
    keys = {row[0] for row in rows(news, "SELECT key FROM evidence")}
    assert shown
    assert {key for each in shown for key in each.fields["key"].chosen} <= keys


@pytest.mark.asyncio
async def test_a_mention_is_wrong_where_it_stands_in_context(news: Path) -> None:
    async with deciding(news) as (_, ana):
        html = await ana.get(f"{page_of(news, 'Ann Lee')}?order=oldest")
        mention = next(
            each for each in forms(html, "wrong") if each.fields["kind"].chosen == ["mention"]
        )
        answer = await ana.send(mention)
        assert f"{page_of(news, 'Ann Lee')}?order=oldest&done=" in answer.headers["location"]
    assert log(news)[0]["kind"] == "mention"


@pytest.mark.asyncio
async def test_pages_for_those_who_may_decide_are_for_nobody_else_to_keep(news: Path) -> None:
    async with deciding(news) as (server, ana):
        for address in (HOME, page_of(news, "Lee"), f"{HOME}/decisions"):
            answer = await ana._visitor.get(address)
            assert answer.headers["cache-control"] == "private, no-store"
            answer = await Browser(server, None)._visitor.get(address)
            assert answer.headers["cache-control"] == "max-age=5"


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["merge", "split"])
async def test_nobody_else_has_the_pages_to_merge_and_split(news: Path, name: str) -> None:
    address = f"{HOME}/{name}?key={key_of(news, 'Lee')}"
    async with deciding(news) as (server, ana):
        assert forms(await ana.get(address), "split") or name == "merge"
        for actor in (None, {"id": "bob"}):
            assert (await server.visitor(actor).get(address)).status_code == 403
    async with deciding(news, immutable=True) as (_, ana):
        html = await ana.get(address)
        assert forms(html) == []
        assert "served as immutable" in html
