"""Pairs that may be one thing are reviewed: by tiers, in pages of twenty, and as clusters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.keeping import keep_candidates
from datasette_newsgraph.candidates.tiers import TIERS
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import open_store
from datasette_newsgraph.web.deciding import writing
from tests.permissions.visitors import private
from tests.web.deciders import (
    ANA_DECIDES,
    HOME,
    Browser,
    SentForm,
    copied,
    deciding,
    forms,
    log,
    rows,
    value,
)

REVIEW = f"{HOME}/review"
#: Of how many people there are two names.
PEOPLE = 60


def article(number: int, *names: str, type_: str = "Person") -> dict[str, Any]:
    """An article that names some people, each in a sentence."""
    text = " ".join(f"On that day {name} sailed." for name in names)
    return {
        "id": f"a{number}-{type_}",
        "title": f"Day {number}",
        "published": "2021-08-15",
        "text": text,
        "zones": [{"zone": "body", "start": 0, "end": len(text)}],
        "entities": [
            {
                "id": name,
                "type": type_,
                "name": name,
                "mentions": [{"start": text.index(name), "end": text.index(name) + len(name)}],
            }
            for name in names
        ],
    }


def surname(number: int) -> str:
    return "Na" + "".join("bdfgklmnpr"[int(each)] + "o" for each in f"{number:04}")


def names_of(number: int) -> tuple[str, str]:
    """Two names of one person."""
    return f"Ann {surname(number)}", surname(number)


def keys(path: Path) -> dict[str, str]:
    return dict(rows(path, "SELECT name, key FROM entities"))


def propose(path: Path, pairs: list[tuple[str, str, float, str, dict[str, Any]]]) -> None:
    """Put pairs into a graph, by their names, scores and tiers."""
    key_of = keys(path)
    with open_store(path, write=True) as db:
        keep_candidates(
            db,
            [
                Candidate(
                    *(key_of[one], key_of[other], one, other, score, tier),
                    reasons=("the surname is the same",),
                    against=tuple(more.get("against", ())),
                    together=more.get("together", 0),
                )
                for one, other, score, tier, more in pairs
            ],
        )


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of people with two names each, of some of whom a rule is sure."""
    path = tmp_path_factory.mktemp("crowd") / "crowd.db"
    names = [names_of(number) for number in range(PEOPLE)]
    others = [article(number, f"Town {number}", type_="Place") for number in range(9)]
    load(path, [*(article(number, *each) for number, each in enumerate(names)), *others])
    tiered = [(*each, 0.99, "surname", {"together": 1}) for each in names[:12]]
    sure = [(*each, 0.95, "", {}) for each in names[12:45]]
    unsure = [(*each, 0.6, "", {}) for each in names[45:59]]
    against = [(*names[59], 0.95, "", {"against": ["they are named side by side"]})]
    propose(path, [*tiered, *sure, *against, *unsure])
    return path


@pytest.fixture
def news(crowd: Path, tmp_path: Path) -> Path:
    return copied(crowd, tmp_path)


def choices(form: SentForm) -> dict[str, str]:
    """What is chosen of each pair of a page, by the names of both."""
    return {
        name.removeprefix("pair."): each.chosen[0]
        for name, each in form.fields.items()
        if name.startswith("pair.")
    }


# --- Tiers -----------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_tier_is_accepted_behind_a_sample_of_ten(news: Path) -> None:
    async with deciding(news) as (_, ana):
        html = await ana.get(REVIEW)
        assert forms(html, "tier") == []
        assert "12 pairs" in html
        html = await ana.get(f"{REVIEW}?accept=surname")
        assert html.count('class="ng-pair"') == 10
        rate = TIERS[0].modern
        assert f"right in {rate.right:,} of {rate.of:,} pairs" in html
        (tier,) = forms(html, "tier")
        assert "Accept all 12" in tier.text
        html = await ana.decide(tier, why="As the rule says.")
        assert "12 decisions were made." in html
        assert "Accept" not in html
        assert "No pair is to be decided" in await ana.get(f"{REVIEW}?tier=letters")
        assert forms(await ana.get(f"{REVIEW}?accept=surname")) == forms("")
        assert {each["how"] for each in log(news)} == {"rule surname, accepted in the browser"}
        assert value(news, "SELECT count(*) FROM entities WHERE type = 'Person'") == 2 * PEOPLE - 12
        # The long name stands for both.
        assert f"{names_of(3)[0]}" in keys(news)
        assert f"{names_of(3)[1]}" not in keys(news)
        # All of it goes back as one.
        await ana.decide(forms(await ana.get(f"{HOME}/decisions"), "undo")[0])
        assert "12 pairs" in await ana.get(REVIEW)


@pytest.mark.asyncio
async def test_what_is_accepted_is_what_was_shown(news: Path) -> None:
    async with deciding(news) as (_, ana):
        (tier,) = forms(await ana.get(f"{REVIEW}?accept=surname"), "tier")
        (pairs, *_) = forms(await ana.get(f"{REVIEW}?tier=surname"), "pairs")
        first = next(name for name in pairs.fields if name.startswith("pair."))
        later = {f"pair.{each}": "later" for each in choices(pairs)}
        await ana.decide(pairs, **(later | {first: "different"}))
        answer = await ana.send(tier)
        assert answer.status_code == 400
        assert "These pairs have changed since they were shown" in answer.text
        (tier,) = forms(await ana.get(f"{REVIEW}?accept=surname"), "tier")
        await ana.decide(tier)
    assert [each["verdict"] for each in log(news)].count("same") == 11


@pytest.mark.asyncio
async def test_where_the_rules_say_little_nothing_is_accepted_at_once(news: Path) -> None:
    with open_store(news, write=True) as db:
        db.execute("UPDATE articles SET published = '1890-01-01'")
        db.conn.commit()
    async with deciding(news) as (_, ana):
        html = await ana.get(REVIEW)
        assert "in old newspapers" in html
        assert "accept=" not in html
        html = await ana.get(f"{REVIEW}?accept=surname")
        assert forms(html, "tier") == []
        found = forms(await ana.get(REVIEW), "pairs")[0]
        assert len(choices(found)) == 20
        tier = {"do": "tier", "back": "review", "tier": "surname", "digest": "0" * 32}
        token = {"csrftoken": found.fields["csrftoken"].chosen[0]}
        answer = await ana.post(f"{HOME}/decide", tier | token)
        assert answer.status_code == 400
    assert log(news) == []


# --- Pages -----------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_twenty_pairs_a_page_with_what_is_likely_chosen(news: Path) -> None:
    seen: list[str] = []
    async with deciding(news) as (_, ana):
        html = await ana.get(REVIEW)
        for expected in ({"same": 20}, {"same": 13, "later": 7}, {"later": 8}):
            (pairs,) = forms(html, "pairs")
            chosen = choices(pairs)
            assert {each: [*chosen.values()].count(each) for each in expected} == expected
            assert sum(expected.values()) == len(chosen)
            seen += chosen
            assert "sailed." in html
            html = await ana.decide(pairs)
        assert len(set(seen)) == 48
        assert "Those that were left for later" in html
        assert [each["verdict"] for each in log(news)] == ["same"] * 33
        # What was left comes again.
        (pairs,) = forms(await ana.get(REVIEW), "pairs")
        assert len(choices(pairs)) == 15


@pytest.mark.asyncio
async def test_each_verdict_is_written_and_the_pair_comes_no_more(news: Path) -> None:
    async with deciding(news) as (_, ana):
        (pairs,) = forms(await ana.get(REVIEW), "pairs")
        names = [each for each in pairs.fields if each.startswith("pair.")]
        verdicts = ["same", "different", "unsure", *["later"] * 17]
        await ana.decide(pairs, **dict(zip(names, verdicts, strict=True)))
        assert [each["verdict"] for each in log(news)] == verdicts[:3]
        assert len({each["how"] for each in log(news)}) == 1
        (pairs,) = forms(await ana.get(REVIEW), "pairs")
        left = [each for each in pairs.fields if each.startswith("pair.")]
        assert left[:17] == names[3:]


@pytest.mark.asyncio
async def test_types_that_differ_are_marked_and_never_chosen(news: Path) -> None:
    propose(news, [(names_of(0)[0], "Town 1", 0.99, "", {}), (*names_of(1), 0.99, "", {})])
    async with deciding(news) as (_, ana):
        html = await ana.get(REVIEW)
        assert "Of another type: <bdi>Person</bdi>, <bdi>Place</bdi>." in html
        (pairs,) = forms(html, "pairs")
        assert [*choices(pairs).values()] == ["later", "same"]


@pytest.mark.asyncio
async def test_visitors_see_pairs_without_forms(news: Path) -> None:
    async with deciding(news) as (server, _):
        visitor = Browser(server, None)
        html = await visitor.get(REVIEW)
        assert forms(html) == []
        assert html.count('class="ng-pair"') == 20
        assert html.count("radio") == 0
        following = re.search('href="([^"]*)" rel="next"', html)
        assert following
        html = await visitor.get(f"{REVIEW}{following[1].replace('&amp;', '&')}")
        assert html.count('class="ng-pair"') == 20
        assert forms(await visitor.get(f"{REVIEW}?accept=surname")) == []


@pytest.mark.asyncio
@pytest.mark.parametrize("table", ["articles", "aliases", "mentions", "candidates", "identifiers"])
async def test_whoever_may_not_see_all_sees_no_pair(news: Path, table: str) -> None:
    async with deciding(news, config=private(table) | ANA_DECIDES) as (server, ana):
        for visitor in (server.anybody, ana._visitor):
            for asked in ("", "?accept=surname", "?tier=surname", "?cluster=x-0"):
                assert (await visitor.get(REVIEW + asked)).status_code == 403


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("asked", "status"),
    [("tier=none", 400), ("accept=none", 400), ("after=x", 400), ("cluster=x-0", 404)],
)
async def test_what_cannot_be_asked_for(news: Path, asked: str, status: int) -> None:
    async with deciding(news) as (_, ana):
        assert (await ana._visitor.get(f"{REVIEW}?{asked}")).status_code == status


@pytest.mark.asyncio
async def test_the_overview_leads_there_who_may_decide(news: Path) -> None:
    async with deciding(news) as (server, ana):
        assert "Review 60 pairs that may be one thing" in await ana.get(HOME)
        assert "/review" not in await Browser(server, None).get(HOME)


# --- Clusters --------------------------------------------------------------------------------


@pytest.fixture
def kennedys(tmp_path: Path) -> Path:
    """One person by four names, and somebody else of the surname."""
    path = tmp_path / "news.db"
    names = ("John Kennedy", "J. Kennedy", "JFK", "Jon Kennedy", "Kennedy")
    load(path, [article(number, name, "Town") for number, name in enumerate(names)])
    propose(
        path,
        [
            ("John Kennedy", "J. Kennedy", 0.97, "", {}),
            ("John Kennedy", "JFK", 0.93, "", {}),
            ("John Kennedy", "Jon Kennedy", 0.8, "", {}),
            ("Jon Kennedy", "Kennedy", 0.6, "", {}),
        ],
    )
    return path


@pytest.mark.asyncio
async def test_a_cluster_is_one_list(kennedys: Path) -> None:
    key_of = keys(kennedys)
    async with deciding(kennedys) as (_, ana):
        html = await ana.get(REVIEW)
        address = re.search(r'href="([^"]*\?cluster=[^"]*)">one of several', html)
        assert address
        (cluster,) = forms(await ana.get(address[1]), "cluster")
        assert {*cluster.fields["member"].values} == {
            key_of[each] for each in key_of if "K" in each
        }
        sure = {key_of[each] for each in ("John Kennedy", "J. Kennedy", "JFK")}
        assert {*cluster.fields["same"].chosen} == sure
        assert cluster.fields["keep"].chosen == [key_of["John Kennedy"]]
        await ana.decide(cluster, same=[*sure, key_of["Jon Kennedy"]], others="different")
    verdicts = [each["verdict"] for each in log(kennedys)]
    assert (verdicts.count("same"), verdicts.count("different")) == (3, 1)
    assert sorted(keys(kennedys)) == ["John Kennedy", "Kennedy", "Town"]


@pytest.mark.asyncio
async def test_a_cluster_of_what_was_merged_goes_on(kennedys: Path) -> None:
    """Pairs of a name that was merged are pairs of what it was merged into."""
    key_of = keys(kennedys)
    async with deciding(kennedys) as (_, ana):
        (pairs,) = forms(await ana.get(REVIEW), "pairs")
        john = f"pair.{key_of['John Kennedy']}.{key_of['Jon Kennedy']}"
        later = dict.fromkeys([each for each in pairs.fields if each.startswith("pair.")], "later")
        await ana.decide(pairs, **(later | {john: "same"}))
        (pairs,) = forms(await ana.get(REVIEW), "pairs")
        assert f"{key_of['John Kennedy']}.{key_of['Kennedy']}" in choices(pairs)


# --- Effort ----------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_fifteen_hundred_pairs_take_at_most_120_clicks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fifth stands in two tiers; of the others, one in twenty-five is not what is chosen already."""
    # What follows in the rows is no matter here, and takes the most time.
    monkeypatch.setattr(writing, "carry_out", lambda db: 0)
    path, count = tmp_path / "news.db", 1500
    names = [names_of(number) for number in range(count)]
    parts = range(0, count, 50)
    people = [article(at, *(name for pair in names[at : at + 50] for name in pair)) for at in parts]
    load(path, [*people, article(0, *(f"Town {each}" for each in range(200)), type_="Place")])
    tiers = ["surname"] * 150 + ["letters"] * 150 + [""] * 1200
    propose(path, [(*pair, 0.95, tier, {}) for pair, tier in zip(names, tiers, strict=True)])
    corrected = pages = 0
    async with deciding(path) as (_, ana):
        html = await ana.get(REVIEW)
        for tier in ("surname", "letters"):
            (accept,) = forms(await ana.get(f"{REVIEW}?accept={tier}"), "tier")
            html = await ana.decide(accept)
        while found := forms(html, "pairs"):
            wrong = [f"pair.{each}" for each in choices(found[0])][: 1 if pages % 5 else 0]
            html = await ana.decide(found[0], **dict.fromkeys(wrong, "different"))
            pages, corrected = pages + 1, corrected + len(wrong)
        clicks = ana.clicks + corrected
    verdicts = [each["verdict"] for each in log(path)]
    assert (len(verdicts), verdicts.count("different")) == (count, corrected)
    assert corrected == 48
    assert clicks <= 120
