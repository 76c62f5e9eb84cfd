"""Writers of formats of tokens: columns, tables and lists with tags."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.readers.story import Story
from tests.readers.writing import (
    CONLL,
    CONLL04,
    KBP,
    ONTONOTES,
    PLAIN,
    SERVICES,
    STEM,
    about,
    documents,
    writer,
)


@writer("conllu")
def _conllu(stories: Sequence[Story], folder: Path) -> Path:
    lines = []
    for story in stories:
        lines += [f"# newdoc id = {story.name}", "# global.Entity = GRP-etype-link-identity"]
        lines += [f"# meta::{name} = {value}" for name, value in about(story).items()]
        for number, tokens in enumerate(story.sentences):
            lines += [f"# sent_id = {number + 1}", f"# text = {story.reading(number)}"]
            first = story.first_token(number)
            ties = list(_bridges(story, number))
            for place, token in enumerate(tokens):
                tag, head, brackets = _bracketed(story, first + place)
                entity = [f"Entity={brackets}"] if brackets else []
                bridges = [each for at, each in ties if at == first + place]
                bridge = [f"Bridge={','.join(bridges)}"] if bridges else []
                misc = "|".join([*bridge, *entity, *["SpaceAfter=No"] * (not token.blank)]) or "_"
                head_ = max(head - first + 1, 0)
                lines.append(f"{place + 1}\t{token.words}\t_\t{tag}\t_\t_\t{head_}\tdep\t_\t{misc}")
            lines.append("")
    path = folder / f"{STEM}.conllu"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _bracketed(story: Story, place: int) -> tuple[str, int, str]:
    """The part of speech of a token, its head (none is before all), and its brackets."""
    for each in story.mentions:
        if each.first <= place < each.beyond:
            id_ = story.things.index(each.thing) + 1
            fields = f"({id_}-{PLAIN[each.thing.type]}-coref-{each.thing.item or '_'}"
            opens = fields if place == each.first else ""
            closes = ")" if each.beyond - each.first == 1 else f"{id_})"
            brackets = opens + (closes if place == each.beyond - 1 else "")
            return "PROPN", -1 if place == each.first else each.first, brackets
    return "NOUN", -1, ""


def _bridges(story: Story, sentence: int) -> Iterator[tuple[int, str]]:
    for each in story.statements:
        if each.subject.sentence == sentence:
            ends = (story.things.index(end.thing) + 1 for end in (each.object, each.subject))
            one, other = ends
            yield each.subject.first, f"{one}<{other}:{each.predicate}"


@writer("conll2012")
def _conll2012(stories: Sequence[Story], folder: Path) -> Path:
    lines = []
    for story in stories:
        lines.append(f"#begin document ({story.name}); part 000")
        for number, tokens in enumerate(story.sentences):
            first = story.first_token(number)
            for place, token in enumerate(tokens):
                name, chain = _in_columns(story, first + place)
                tag = "NNP" if name != "*" else "NN"
                before = (story.name, 0, place, token.words, tag, "*", "-", "-", "-", "-", name)
                # A column for each predicate.
                lines.append("\t".join(map(str, (*before, *"*" * (number + 1), chain))))
            lines.append("")
        lines.append("#end document")
    path = folder / f"{STEM}.v4_gold_conll"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _in_columns(story: Story, place: int) -> tuple[str, str]:
    """The cells of a token for its name, and for its chain."""
    for each in story.mentions:
        if each.first <= place < each.beyond:
            opens, closes = place == each.first, place == each.beyond - 1
            id_ = str(story.things.index(each.thing))
            name = f"({ONTONOTES[each.thing.type]}" * opens + "*" * (not (opens and closes))
            return name + ")" * closes, "(" * opens + id_ + ")" * closes if opens or closes else "-"
    return "*", "-"


def _tags(story: Story, labels: dict[str, str]) -> list[str]:
    """The tags of all tokens, as of IOB2."""
    found = ["O"] * len(story.tokens)
    for each in story.mentions:
        for place in range(each.first, each.beyond):
            prefix = "B" if place == each.first else "I"
            found[place] = f"{prefix}-{labels[each.thing.type]}"
    return found


@documents("tagged_tokens", ".json")
def _tagged_tokens(story: Story) -> Any:
    return {
        "tokens": [each.words for each in story.tokens],
        "tags": _tags(story, CONLL04),
        "relations": [
            {
                "head": story.mentions.index(each.subject),
                "tail": story.mentions.index(each.object),
                "type": each.predicate,
            }
            for each in story.statements
        ],
        "orig_id": story.name,
    }


@documents("allennlp", ".jsonl")
def _allennlp(story: Story) -> Any:
    return {
        "id": story.name,
        "words": [each.words for each in story.tokens],
        "tags": _tags(story, CONLL),
        "mask": [True] * len(story.tokens),
        "logits": [[0.1, 0.9]],
    }


@writer("tacred")
def _tacred(stories: Sequence[Story], folder: Path) -> Path:
    path = folder / f"{STEM}.jsonl"
    lines = [json.dumps(each, ensure_ascii=False) for story in stories for each in _pairs(story)]
    path.write_text("".join(f"{each}\n" for each in lines), "utf-8")
    return path


def _pairs(story: Story) -> Iterator[dict[str, Any]]:
    """The sentences, each with what it states of two names."""
    for number, tokens in enumerate(story.sentences):
        first = story.first_token(number)
        named = [each for each in story.mentions if each.sentence == number]
        stated = [
            (each.subject, KBP[each.predicate], each.object)
            for each in story.statements
            if each.subject.sentence == number
        ]
        # Names of one type that stand side by side are told apart by their marks only.
        none = [(one, "no_relation", other) for one, other in pairwise(named)]
        tags = {
            place: SERVICES[each.thing.type]
            for each in named
            for place in range(each.first, each.beyond)
        }
        if not named:
            yield {"docid": story.name, "token": [each.words for each in tokens]}
        for subject, relation, object_ in (*stated, *none):
            yield {
                "id": f"{story.name}-{number}-{relation}",
                "docid": story.name,
                "relation": relation,
                "token": [each.words for each in tokens],
                "subj_start": subject.first - first,
                "subj_end": subject.beyond - first - 1,
                "obj_start": object_.first - first,
                "obj_end": object_.beyond - first - 1,
                "subj_type": SERVICES[subject.thing.type],
                "obj_type": SERVICES[object_.thing.type],
                "stanford_ner": [tags.get(first + place, "O") for place in range(len(tokens))],
            }


@writer("word_table")
def _word_table(stories: Sequence[Story], folder: Path) -> Path:
    path = folder / f"{STEM}.csv"
    labels = {"Person": "per", "Organization": "org", "Place": "geo"}
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("Sentence #", "Word", "POS", "Tag", "document"))
        for story in stories:
            tags = _tags(story, labels)
            for number, tokens in enumerate(story.sentences):
                for place, token in enumerate(tokens):
                    begin = f"Sentence: {number + 1}" if place == 0 else ""
                    tag = tags[story.first_token(number) + place]
                    table.writerow((begin, token.words, "NN", tag, story.name))
    return path
