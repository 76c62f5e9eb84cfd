"""Writers of the formats in which people annotate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.readers.story import Mention, Story
from tests.readers.writing import CONLL, ONTONOTES, PLAIN, STEM, about, documents, utf16, writer


@documents("label_studio", ".json")
def _label_studio(story: Story) -> Any:
    ids = {each: f"r{number}" for number, each in enumerate(story.mentions)}
    result: list[dict[str, Any]] = [
        {
            "id": ids[each],
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": utf16(story, each.start),
                "end": utf16(story, each.end),
                "text": each.surface,
                "labels": [CONLL[each.thing.type]],
            },
        }
        for each in story.mentions
    ]
    result += [
        {
            "from_id": ids[each.subject],
            "to_id": ids[each.object],
            "type": "relation",
            "direction": "right",
            "labels": [each.predicate],
        }
        for each in story.statements
    ]
    return {
        "id": 100 + story.number,
        "data": {"text": story.text, **about(story)},
        "annotations": [{"id": 1, "was_cancelled": False, "result": result}],
        "predictions": [],
    }


@documents("prodigy", ".jsonl")
def _prodigy(story: Story) -> Any:
    def span(mention: Mention) -> dict[str, Any]:
        found = {
            "start": mention.start,
            "end": mention.end,
            "token_start": mention.first,
            "token_end": mention.beyond - 1,
            "label": ONTONOTES[mention.thing.type],
        }
        return {**found, "kb_id": mention.thing.item} if mention.thing.item else found

    return {
        "text": story.text,
        "meta": about(story),
        "_input_hash": story.number,
        "_task_hash": -story.number,
        "tokens": [
            {
                "text": each.words,
                "start": each.start,
                "end": each.end,
                "id": number,
                "ws": each.blank,
            }
            for number, each in enumerate(story.tokens)
        ],
        "spans": list(map(span, story.mentions)),
        "relations": [
            {
                "head": each.subject.beyond - 1,
                "child": each.object.beyond - 1,
                "head_span": span(each.subject),
                "child_span": span(each.object),
                "label": each.predicate,
            }
            for each in story.statements
        ],
        "answer": "accept",
    }


@documents("doccano", ".jsonl")
def _doccano(story: Story) -> Any:
    ids = {each: 10 + number for number, each in enumerate(story.mentions)}
    return {
        "id": story.number,
        "text": story.text,
        **about(story),
        "entities": [
            {
                "id": ids[each],
                "label": ONTONOTES[each.thing.type],
                "start_offset": each.start,
                "end_offset": each.end,
            }
            for each in story.mentions
        ],
        "relations": [
            {
                "id": number,
                "from_id": ids[each.subject],
                "to_id": ids[each.object],
                "type": each.predicate,
            }
            for number, each in enumerate(story.statements)
        ],
        "Comments": [],
    }


@writer("ner_annotator")
def _ner_annotator(stories: Sequence[Story], folder: Path) -> Path:
    annotations = [
        [
            story.text,
            {
                "entities": [
                    [
                        utf16(story, each.start),
                        utf16(story, each.end),
                        PLAIN[each.thing.type].upper(),
                    ]
                    for each in story.mentions
                ]
            },
        ]
        for story in stories
    ]
    path = folder / f"{STEM}.json"
    classes = [each.upper() for each in PLAIN.values()]
    path.write_text(json.dumps({"classes": classes, "annotations": annotations}), "utf-8")
    return path


@documents("pubannotation", ".json")
def _pubannotation(story: Story) -> Any:
    ids = {each: f"T{number}" for number, each in enumerate(story.mentions, 1)}
    return {
        "sourcedb": "news",
        "sourceid": story.name,
        "text": story.text,
        "denotations": [
            {
                "id": ids[each],
                "span": {"begin": each.start, "end": each.end},
                "obj": PLAIN[each.thing.type].title(),
            }
            for each in story.mentions
        ],
        "attributes": [
            attribute
            for number, each in enumerate(story.mentions, 1)
            for attribute in (
                {"id": f"A{number}", "subj": ids[each], "pred": "Wikidata", "obj": each.thing.item},
                {"id": f"C{number}", "subj": ids[each], "pred": "score", "obj": each.confidence},
            )
            if attribute["obj"]
        ],
        "relations": [
            {
                "id": f"R{number}",
                "subj": ids[each.subject],
                "pred": each.predicate,
                "obj": ids[each.object],
            }
            for number, each in enumerate(story.statements, 1)
        ],
    }


@writer("brat")
def _brat(stories: Sequence[Story], folder: Path) -> Path:
    for story in stories:
        ids = {each: f"T{number}" for number, each in enumerate(story.mentions, 1)}
        lines = [
            f"{ids[each]}\t{PLAIN[each.thing.type].title()} {each.start} {each.end}\t{each.surface}"
            for each in story.mentions
        ]
        lines += [
            f"R{number}\t{each.predicate.replace(' ', '_')}"
            f" Arg1:{ids[each.subject]} Arg2:{ids[each.object]}"
            for number, each in enumerate(story.statements, 1)
        ]
        lines += [
            f"N{number}\tReference {ids[each]} Wikidata:{each.thing.item}\t{each.thing.name}"
            for number, each in enumerate(story.mentions, 1)
            if each.thing.item
        ]
        (folder / f"{story.name}.txt").write_text(story.text, "utf-8", newline="")
        (folder / f"{story.name}.ann").write_text("".join(f"{each}\n" for each in lines), "utf-8")
    return folder
