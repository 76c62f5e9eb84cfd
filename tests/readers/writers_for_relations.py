"""Writers of the formats of corpora of relations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.readers.story import Mention, Story, Thing
from tests.readers.writers_for_names import _tags
from tests.readers.writing import (
    CONLL,
    CONLL04,
    PLAIN,
    PROPERTIES,
    SERVICES,
    STEM,
    documents,
    writer,
)


@documents("docred", ".json")
def _docred(story: Story) -> Any:
    statements: dict[tuple[Thing, str, Thing], list[int]] = {}
    for each in story.statements:
        key = each.subject.thing, each.predicate, each.object.thing
        statements.setdefault(key, []).append(each.subject.sentence)
    return {
        "title": story.title,
        "sents": [[each.words for each in tokens] for tokens in story.sentences],
        "vertexSet": [
            [
                {
                    "name": each.surface,
                    "type": CONLL[thing.type],
                    "sent_id": each.sentence,
                    "pos": [
                        each.first - story.first_token(each.sentence),
                        each.beyond - story.first_token(each.sentence),
                    ],
                }
                for each in story.mentions
                if each.thing == thing
            ]
            for thing in story.things
        ],
        "labels": [
            {
                "h": story.things.index(one),
                "t": story.things.index(other),
                "r": PROPERTIES[predicate],
                "evidence": evidence,
            }
            for (one, predicate, other), evidence in statements.items()
        ],
    }


@documents("spert", ".json")
def _spert(story: Story) -> Any:
    return {
        "tokens": [each.words for each in story.tokens],
        "entities": [
            {"type": CONLL04[each.thing.type], "start": each.first, "end": each.beyond}
            for each in story.mentions
        ],
        "relations": [
            {
                "type": each.predicate,
                "head": story.mentions.index(each.subject),
                "tail": story.mentions.index(each.object),
            }
            for each in story.statements
        ],
        "orig_id": story.name,
    }


@documents("dygie", ".jsonl")
def _dygie(story: Story) -> Any:
    numbers = range(len(story.sentences))
    return {
        "doc_key": story.name,
        "dataset": "news",
        "sentences": [[each.words for each in tokens] for tokens in story.sentences],
        "ner": [
            [
                [each.first, each.beyond - 1, CONLL[each.thing.type]]
                for each in story.mentions
                if each.sentence == number
            ]
            for number in numbers
        ],
        "relations": [
            [
                [
                    each.subject.first,
                    each.subject.beyond - 1,
                    each.object.first,
                    each.object.beyond - 1,
                    each.predicate,
                ]
                for each in story.statements
                if each.subject.sentence == number
            ]
            for number in numbers
        ],
    }


@writer("oneie")
def _oneie(stories: Sequence[Story], folder: Path) -> Path:
    lines = [json.dumps(each) for story in stories for each in _sentences_of_oneie(story)]
    path = folder / f"{STEM}.jsonl"
    path.write_text("".join(f"{each}\n" for each in lines), "utf-8")
    return path


def _sentences_of_oneie(story: Story) -> Iterator[dict[str, Any]]:
    ids = {
        each: f"{story.name}-E{story.things.index(each.thing) + 1}-{number}"
        for number, each in enumerate(story.mentions, 1)
    }
    for number, tokens in enumerate(story.sentences):
        first = story.first_token(number)
        yield {
            "doc_id": story.name,
            "sent_id": f"{story.name}-{number}",
            "tokens": [each.words for each in tokens],
            "sentence": story.reading(number),
            "entity_mentions": [
                {
                    "id": ids[each],
                    "text": each.surface,
                    "entity_type": CONLL[each.thing.type],
                    "mention_type": "NAM",
                    "start": each.first - first,
                    "end": each.beyond - first,
                }
                for each in story.mentions
                if each.sentence == number
            ],
            "relation_mentions": [
                {
                    "id": f"{story.name}-R{place}-1",
                    "relation_type": each.predicate,
                    "relation_subtype": each.predicate,
                    "arguments": [
                        {"entity_id": ids[each.subject], "role": "Arg-1"},
                        {"entity_id": ids[each.object], "role": "Arg-2"},
                    ],
                }
                for place, each in enumerate(story.statements)
                if each.subject.sentence == number
            ],
            "event_mentions": [],
        }


@documents("maven", ".jsonl")
def _maven(story: Story) -> Any:
    """As MAVEN-Arg has them: without what happened, there are only names."""
    entities: list[dict[str, Any]] = [
        {
            "id": f"ENTITY_{number}",
            "type": PLAIN[thing.type].title(),
            "mention": [
                {"id": str(place), "mention": each.surface, "offset": [each.start, each.end]}
                for place, each in enumerate(story.mentions)
                if each.thing == thing
            ],
        }
        for number, thing in enumerate(story.things)
    ]
    return {
        "id": story.name,
        "title": story.title,
        "document": story.text,
        "entities": entities,
        "events": [],
    }


@writer("fewrel")
def _fewrel(stories: Sequence[Story], folder: Path) -> Path:
    """A list for each relation, as in FewRel; each sentence of it is all of an article."""

    def end(mention: Mention) -> list[Any]:
        tokens = list(range(mention.first, mention.beyond))
        return [mention.thing.name.lower(), mention.thing.item or "", [tokens]]

    relations: dict[str, list[Any]] = {}
    for story in stories:
        for each in story.statements:
            record = {
                "tokens": [token.words for token in story.tokens],
                "h": end(each.subject),
                "t": end(each.object),
            }
            relations.setdefault(PROPERTIES[each.predicate], []).append(record)
    path = folder / f"{STEM}.json"
    path.write_text(json.dumps(relations), "utf-8")
    return path


@writer("nyt")
def _nyt(stories: Sequence[Story], folder: Path) -> Path:
    lines = [
        {
            "sentText": story.text,
            "articleId": story.name,
            "sentId": "1",
            "relationMentions": [
                {
                    "em1Text": each.subject.surface,
                    "em2Text": each.object.surface,
                    "label": each.predicate,
                }
                for each in story.statements
            ],
            "entityMentions": [
                {
                    "start": place,
                    "text": each.surface,
                    "label": SERVICES[each.thing.type],
                }
                for place, each in enumerate(story.mentions)
            ],
        }
        for story in stories
    ]
    path = folder / f"{STEM}.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines), "utf-8")
    return path


@documents("rebel", ".jsonl")
def _rebel(story: Story) -> Any:
    def span(mention: Mention) -> dict[str, Any]:
        return {
            "uri": mention.thing.item,
            "boundaries": [mention.start, mention.end],
            "surfaceform": mention.surface,
            "annotator": "Me",
        }

    return {
        "docid": story.name,
        "title": story.title,
        "uri": "Q1",
        "text": story.text,
        "entities": list(map(span, story.mentions)),
        "sentences_boundaries": [
            list(story.span(number)) for number in range(len(story.sentences))
        ],
        "triples": [
            {
                "subject": span(each.subject),
                "predicate": {
                    "uri": PROPERTIES[each.predicate],
                    "boundaries": None,
                    "surfaceform": each.predicate,
                },
                "object": span(each.object),
                "sentence_id": each.subject.sentence,
                "confidence": each.confidence,
            }
            for each in story.statements
        ],
    }


@writer("conll")
def _conll(stories: Sequence[Story], folder: Path) -> Path:
    lines = ["TOKEN\tNE-COARSE-LIT\tNEL-LIT\tMISC"]
    for story in stories:
        lines += [
            f"# hipe2022:document_id = {story.name}",
            f"# hipe2022:date = {story.published}",
            f"# hipe2022:language = {story.language}",
        ]
        tags = _tags(story, {"Person": "pers", "Organization": "org", "Place": "loc"}, "IOB2")
        links = {
            place: each.thing.item or "NIL"
            for each in story.mentions
            for place in range(each.first, each.beyond)
        }
        lines += [
            f"{each.words}\t{tags[place]}\t{links.get(place, '_')}\t"
            + ("_" if each.blank else "NoSpaceAfter")
            for place, each in enumerate(story.tokens)
        ]
        lines.append("")
    path = folder / f"{STEM}.tsv"
    path.write_text("\n".join(lines), "utf-8")
    return path
