"""Writers of the formats of entity recognisers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.readers.story import Mention, Story
from tests.readers.writing import (
    CONLL,
    KBP,
    ONTONOTES,
    PLAIN,
    SERVICES,
    STEM,
    about,
    documents,
    utf16,
    writer,
)


@documents("spacy", ".jsonl")
def _spacy(story: Story) -> Any:
    spans = [
        {"start": each.start, "end": each.end, "label": ONTONOTES[each.thing.type]}
        for each in story.mentions
    ]
    linked = [
        {**span, "kb_id": each.thing.item or ""}
        for span, each in zip(spans, story.mentions, strict=True)
    ]
    return {
        "text": story.text,
        "ents": spans,
        "spans": {"linked": linked},
        "tokens": [
            {"id": number, "start": each.start, "end": each.end}
            for number, each in enumerate(story.tokens)
        ],
        "_": {
            **about(story),
            "rel": {f"({one}, {two})": scores for (one, two), scores in _scored(story).items()},
        },
    }


def _scored(story: Story) -> dict[tuple[int, int], dict[str, float]]:
    """The scores of each predicate by the first tokens of both ends."""
    found: dict[tuple[int, int], dict[str, float]] = {}
    for each in story.statements:
        scores = found.setdefault((each.subject.first, each.object.first), {"no relation": 0.1})
        scores[each.predicate] = each.confidence
    return found


@cache
def _vocabulary() -> Any:
    """English of spaCy's, which takes longer to make than all that is written with it."""
    return pytest.importorskip("spacy").blank("en").vocab


@writer("docbin")
def _docbin(stories: Sequence[Story], folder: Path) -> Path:
    vocab = _vocabulary()
    from spacy.tokens import Doc, DocBin, Span

    packed = DocBin(store_user_data=True)
    for story in stories:
        tokens = story.tokens
        doc = Doc(
            vocab, words=[each.words for each in tokens], spaces=[each.blank for each in tokens]
        )
        doc.set_ents(
            [
                Span(
                    doc,
                    each.first,
                    each.beyond,
                    ONTONOTES[each.thing.type],
                    kb_id=each.thing.item or "",
                )
                for each in story.mentions
            ]
        )
        for name, value in {**about(story), "rel": _scored(story)}.items():
            doc.user_data["._.", name, None, None] = value  # type: ignore[index]
        packed.add(doc)
    path = folder / f"{STEM}.spacy"
    packed.to_disk(path)
    return path


@documents("corenlp", ".json")
def _corenlp(story: Story) -> Any:
    sentences = []
    for number, tokens in enumerate(story.sentences):
        first = story.first_token(number)
        sentences.append(
            {
                "index": number,
                "entitymentions": [
                    {
                        "docTokenBegin": each.first,
                        "docTokenEnd": each.beyond,
                        "tokenBegin": each.first - first,
                        "tokenEnd": each.beyond - first,
                        "text": each.surface,
                        "characterOffsetBegin": utf16(story, each.start),
                        "characterOffsetEnd": utf16(story, each.end),
                        "ner": (label := SERVICES[each.thing.type]),
                        "nerConfidences": {label: each.confidence},
                    }
                    for each in story.mentions
                    if each.sentence == number
                ],
                "kbp": [
                    {
                        "subject": each.subject.surface,
                        "subjectSpan": [each.subject.first - first, each.subject.beyond - first],
                        "relation": KBP[each.predicate],
                        "relationSpan": [-2, -1],
                        "object": each.object.surface,
                        "objectSpan": [each.object.first - first, each.object.beyond - first],
                    }
                    for each in story.statements
                    if each.subject.sentence == number
                ],
                "tokens": [
                    {
                        "index": index,
                        "word": each.words,
                        "originalText": each.words,
                        "characterOffsetBegin": utf16(story, each.start),
                        "characterOffsetEnd": utf16(story, each.end),
                        "before": " " if each.start and story.text[each.start - 1] == " " else "",
                        "after": " " * each.blank,
                    }
                    for index, each in enumerate(tokens, 1)
                ],
            }
        )
    return {"docId": story.name, "sentences": sentences, "corefs": {}}


@documents("stanza", ".json")
def _stanza(story: Story) -> Any:
    tags = _tags(story, ONTONOTES, "BIES")
    return [
        [
            {
                "id": index,
                "text": each.words,
                "upos": "X",
                "start_char": each.start,
                "end_char": each.end,
                "ner": tags[story.first_token(number) + index - 1],
            }
            for index, each in enumerate(tokens, 1)
        ]
        for number, tokens in enumerate(story.sentences)
    ]


def _tags(story: Story, labels: dict[str, str], scheme: str) -> list[str]:
    """The tag of each token, in IOB2 or (``BIES``) with the ends marked too."""
    tags = ["O"] * len(story.tokens)
    for each in story.mentions:
        label = labels[each.thing.type]
        size = each.beyond - each.first
        parts = ["B", *["I"] * (size - 1)]
        if "E" in scheme:
            parts[-1] = "S" if size == 1 else "E"
        tags[each.first : each.beyond] = [f"{part}-{label}" for part in parts]
    return tags


@documents("flair", ".jsonl")
def _flair(story: Story) -> Any:
    return {
        "text": story.text,
        "labels": [],
        "entities": [
            {
                "text": each.surface,
                "start_pos": each.start,
                "end_pos": each.end,
                "labels": [
                    {"value": label, "confidence": each.confidence}
                    for label in (CONLL[each.thing.type], each.thing.item)
                    if label
                ],
            }
            for each in story.mentions
        ],
        "relations": [
            {
                "from_text": each.subject.surface,
                "to_text": each.object.surface,
                "from_idx": each.subject.first,
                "to_idx": each.object.first,
                "labels": [{"value": each.predicate, "confidence": each.confidence}],
            }
            for each in story.statements
        ],
        "tokens": [
            {"text": each.words, "start_pos": each.start, "end_pos": each.end}
            for each in story.tokens
        ],
    }


@documents("gliner", ".json")
def _gliner(story: Story) -> Any:
    return [
        {
            "start": each.start,
            "end": each.end,
            "text": each.surface,
            "label": PLAIN[each.thing.type],
            "score": each.confidence,
        }
        for each in story.mentions
    ]


@documents("transformers", ".json")
def _transformers(story: Story) -> Any:
    return [
        {
            "entity_group": PLAIN[each.thing.type].upper(),
            "score": each.confidence,
            "word": each.surface,
            "start": each.start,
            "end": each.end,
        }
        for each in story.mentions
    ]


@documents("gliner_relex", ".jsonl")
def _gliner_relex(story: Story) -> Any:
    def end(mention: Mention) -> dict[str, Any]:
        return {
            "start": mention.start,
            "end": mention.end,
            "text": mention.surface,
            "type": PLAIN[mention.thing.type],
            "entity_idx": story.mentions.index(mention),
        }

    relations = [
        {
            "head": end(each.subject),
            "tail": end(each.object),
            "relation": each.predicate,
            "score": each.confidence,
        }
        for each in story.statements
    ]
    return {"entities": _gliner(story), "relations": relations}


@documents("glirel", ".jsonl")
def _glirel(story: Story) -> Any:
    words = [each.words for each in story.tokens]
    return {
        "tokens": words,
        "ner": [
            [each.first, each.beyond - 1, ONTONOTES[each.thing.type], each.surface]
            for each in story.mentions
        ],
        "relations": [
            {
                "head_pos": [each.subject.first, each.subject.beyond],
                "tail_pos": [each.object.first, each.object.beyond],
                "head_text": words[each.subject.first : each.subject.beyond],
                "tail_text": words[each.object.first : each.object.beyond],
                "label": each.predicate,
                "score": each.confidence,
            }
            for each in story.statements
        ],
    }


@documents("uie", ".json")
def _uie(story: Story) -> Any:
    found: dict[str, list[dict[str, Any]]] = {}
    for each in story.mentions:
        relations: dict[str, list[dict[str, Any]]] = {}
        for statement in story.statements:
            if statement.subject == each:
                end = {**_of_uie(statement.object), "probability": statement.confidence}
                relations.setdefault(statement.predicate, []).append(end)
        span = _of_uie(each)
        found.setdefault(PLAIN[each.thing.type], []).append(
            {**span, "relations": relations} if relations else span
        )
    return found


def _of_uie(mention: Mention) -> dict[str, Any]:
    span = {"text": mention.surface, "start": mention.start, "end": mention.end}
    return {**span, "probability": mention.confidence}


@documents("elevant", ".jsonl")
def _elevant(story: Story) -> Any:
    classes = {"Person": "Q215627", "Organization": "Q43229", "Place": "Q27096213|Q17334923"}
    return {
        "id": story.name,
        "title": story.title,
        "text": story.text,
        "evaluation_span": [0, len(story.text)],
        "labels": [
            {
                "id": number,
                "span": [each.start, each.end],
                "entity_id": each.thing.item or f"Unknown{story.things.index(each.thing)}",
                "name": each.thing.name if each.thing.item else "Unknown",
                "parent": None,
                "children": [],
                "optional": False,
                "type": classes[each.thing.type],
            }
            for number, each in enumerate(story.mentions)
        ],
    }


@documents("gliner_training", ".json")
def _gliner_training(story: Story) -> Any:
    return {
        "tokenized_text": [each.words for each in story.tokens],
        "ner": [[each.first, each.beyond - 1, PLAIN[each.thing.type]] for each in story.mentions],
    }


@documents("spacy_training", ".json")
def _spacy_training(story: Story) -> Any:
    tags = _tags(story, ONTONOTES, "BIES")
    biluo = [tag.replace("E-", "L-", 1).replace("S-", "U-", 1) for tag in tags]
    sentences = [
        {
            "tokens": [
                {
                    "id": index,
                    "orth": each.words,
                    "space": " " * each.blank,
                    "ner": biluo[story.first_token(number) + index],
                }
                for index, each in enumerate(tokens)
            ],
            "brackets": [],
        }
        for number, tokens in enumerate(story.sentences)
    ]
    links = {
        f"({each.start}, {each.end})": {each.thing.item: 1.0}
        for each in story.mentions
        if each.thing.item
    }
    paragraph = {"raw": story.text, "sentences": sentences, "cats": [], "links": [links]}
    return {"id": story.number, "paragraphs": [paragraph]}
