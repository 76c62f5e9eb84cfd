"""The benchmarks' article generator: what it promises of its articles."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "generate.py"
spec = importlib.util.spec_from_file_location("generate", SCRIPT)
assert spec
assert spec.loader
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
generate = module.generate

Article = dict[str, Any]


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """A thousand articles."""
    return list(generate(1000))


def test_articles_may_begin_anywhere(articles: list[Article]) -> None:
    assert list(generate(3, first=20)) == articles[20:23]


def test_names_vary_and_nothing_else(articles: list[Article]) -> None:
    varied = list(generate(200, varied=True))
    assert [each["id"] for each in varied] == [each["id"] for each in articles[:200]]
    pairs = [
        (entity, usual)
        for article, other in zip(varied, articles, strict=False)
        for entity, usual in zip(article["entities"], other["entities"], strict=True)
    ]
    assert all("same_as" not in entity for entity, _ in pairs)
    assert all(entity["type"] == usual["type"] for entity, usual in pairs)
    others = sum(entity["name"] != usual["name"] for entity, usual in pairs)
    assert 0.05 < others / len(pairs) < 0.35


def run(*arguments: str, hash_seed: str = "0") -> bytes:
    """What the script writes to standard output."""
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


def test_every_span_reads_its_text(articles: list[Article]) -> None:
    for article in articles[:200]:
        mentions = [mention for entity in article["entities"] for mention in entity["mentions"]]
        evidence = [span for relation in article["relations"] for span in relation["evidence"]]
        for span in mentions + evidence + article["quotes"]:
            assert article["text"][span["start"] : span["end"]] == span["text"] != ""


def test_zones_follow_each_other_and_begin_with_the_title(articles: list[Article]) -> None:
    zoned = [article for article in articles if article["zones"]]
    assert 250 < len(zoned) < 420
    for article in zoned:
        title, *_ = zones = article["zones"]
        assert [zone["zone"] for zone in zones] == ["title", "standfirst", "body", "caption"]
        assert article["text"][title["start"] : title["end"]] == article["title"]
        bounds = [bound for zone in zones for bound in (zone["start"], zone["end"])]
        assert bounds == sorted(bounds)
        assert bounds[-1] == len(article["text"])


def test_references_resolve(articles: list[Article]) -> None:
    for article in articles:
        ids = [entity["id"] for entity in article["entities"]]
        assert len(set(ids)) == len(ids)
        assert all(entity["mentions"] for entity in article["entities"])
        for relation in article["relations"]:
            assert relation["subject"] in ids
            assert ("object" in relation) != ("value" in relation)
            assert relation.get("object", ids[0]) in ids
            assert relation["subject"] != relation.get("object")
        assert all(quote["speaker"] in ids for quote in article["quotes"])


def test_averages_per_article(articles: list[Article]) -> None:
    entities = [entity for article in articles for entity in article["entities"]]
    relations = [relation for article in articles for relation in article["relations"]]
    totals = {
        "words": sum(len(article["text"].split()) for article in articles),
        "entities": len(entities),
        "mentions": sum(len(entity["mentions"]) for entity in entities),
        "relations": len(relations),
        "evidence": sum(len(relation["evidence"]) for relation in relations),
        "quotes": sum(len(article["quotes"]) for article in articles),
    }
    assert {name: total / len(articles) for name, total in totals.items()} == pytest.approx(
        {
            "words": 398,
            "entities": 9,
            "mentions": 14.6,
            "relations": 6.07,
            "evidence": 6.07,
            "quotes": 1,
        },
        rel=0.1,
    )


def test_a_few_entities_are_in_many_articles_and_many_in_one(articles: list[Article]) -> None:
    counts: dict[tuple[str, str], int] = {}
    for article in articles:
        for key in {(entity["type"], entity["name"]) for entity in article["entities"]}:
            counts[key] = counts.get(key, 0) + 1
    assert max(counts.values()) > 300
    assert sum(count == 1 for count in counts.values()) > len(counts) / 2


@pytest.mark.parametrize(
    "letters",
    ["[A-Za-z]", "[ñöčłåçğé]", "['’]", "[а-яїщ]", "[طضغ]", "[پچژگ]", "\u200c", "[一-龥]"],
)
def test_names_in_five_scripts(articles: list[Article], letters: str) -> None:
    names = [entity["name"] for article in articles for entity in article["entities"]]
    assert any(re.search(letters, name) for name in names)


@pytest.mark.parametrize("character", "\"\\\n\t\r\b\f<>&'\u2028🚀\x7f\u200f{}%")
def test_characters_that_need_escaping(articles: list[Article], character: str) -> None:
    assert any(character in article["title"] for article in articles)
    assert any(character in article["text"] for article in articles)
    assert any(character in entity["name"] for a in articles for entity in a["entities"])
    assert any(character in quote["text"] for a in articles for quote in a["quotes"])


def test_an_article_does_not_depend_on_the_count_or_on_a_reader_who_changes_others() -> None:
    before = []
    for article in generate(30):
        before.append(deepcopy(article))
        for entity in article["entities"]:
            entity.setdefault("same_as", []).append("http://example.org/")
    assert before == list(generate(30)) == list(islice(generate(10**9), 30))
    assert before != list(generate(30, seed=2))


def test_the_script_writes_the_same_lines_anywhere(tmp_path: Path) -> None:
    output = tmp_path / "articles.jsonl"
    run("20", "-o", str(output), hash_seed="1")
    lines = output.read_bytes()
    assert lines == run("20", "--seed", "1", hash_seed="2")
    assert [json.loads(line) for line in lines.removesuffix(b"\n").split(b"\n")] == list(
        generate(20)
    )


def test_a_closed_pipe_is_quiet() -> None:
    command = [sys.executable, str(SCRIPT), "1000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
