"""Writers of the formats of graphs by language models, and of services."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.readers.story import Mention, Story, Thing
from tests.readers.writing import PLAIN, SERVICES, STEM, about, documents, item_iri, utf8, writer


@documents("langchain", ".jsonl")
def _langchain(story: Story) -> Any:
    def properties(thing: Thing) -> dict[str, Any]:
        found: dict[str, Any] = {"aliases": story.surfaces(thing)}
        return {**found, "wikidata_id": thing.item} if thing.item else found

    metadata = about(story)
    return {
        "nodes": [
            {"id": each.name, "type": each.type, "properties": properties(each)}
            for each in story.things
        ],
        "relationships": [
            {
                "source": {"id": each.subject.thing.name, "type": each.subject.thing.type},
                "target": {"id": each.object.thing.name, "type": each.object.thing.type},
                "type": each.predicate.upper().replace(" ", "_"),
                "properties": {
                    "confidence": each.confidence,
                    "evidence": story.reading(each.subject.sentence),
                },
            }
            for each in story.statements
        ],
        "source": {
            "page_content": story.text,
            "metadata": {"source": metadata.pop("url"), **metadata},
        },
    }


@documents("structured", ".jsonl")
def _structured(story: Story) -> Any:
    return {
        **about(story),
        "text": story.text,
        "entities": [
            {
                "name": each.name,
                "type": PLAIN[each.type],
                "aliases": story.surfaces(each),
                "wikidata_id": each.item,
            }
            for each in story.things
        ],
        "relationships": [
            {
                "source": each.subject.thing.name,
                "target": each.object.thing.name,
                "relation": each.predicate,
                "confidence": each.confidence,
                "evidence": story.reading(each.subject.sentence),
            }
            for each in story.statements
        ],
    }


@documents("langextract", ".jsonl")
def _langextract(story: Story) -> Any:
    extractions: list[dict[str, Any]] = [
        {
            "extraction_class": PLAIN[each.thing.type],
            "extraction_text": each.surface,
            "char_interval": {"start_pos": each.start, "end_pos": each.end},
            "alignment_status": "match_exact",
            "attributes": {},
        }
        for each in story.mentions
    ]
    for each in story.statements:
        start, end = story.span(each.subject.sentence)
        extractions.append(
            {
                "extraction_class": "relationship",
                "extraction_text": story.text[start:end],
                "char_interval": {"start_pos": start, "end_pos": end},
                "alignment_status": "match_exact",
                "attributes": {
                    "subject": each.subject.surface,
                    "object": each.object.surface,
                    "type": each.predicate,
                    "confidence": each.confidence,
                },
            }
        )
    return {"document_id": story.url, "text": story.text, "extractions": extractions}


Tables = dict[str, list[dict[str, Any]]]


def _graphrag_tables(stories: Sequence[Story]) -> Tables:
    """GraphRAG knows a thing by its name in capitals; each document is one text unit here."""
    units: dict[tuple[str, str], list[str]] = {}
    claims = []
    for story in stories:
        for each in story.mentions:
            key = each.surface.upper(), SERVICES[each.thing.type]
            unit = units.setdefault(key, [])
            if f"u-{story.number}" not in unit:
                unit.append(f"u-{story.number}")
        claims += [
            {
                "subject_id": each.subject.surface.upper(),
                "object_id": each.object.surface.upper(),
                "type": each.predicate.upper(),
                "status": "TRUE",
                "description": "A claim.",
                "source_text": story.reading(each.subject.sentence),
                "text_unit_id": f"u-{story.number}",
            }
            for each in story.statements
        ]
    return {
        "documents": [
            {"id": f"d-{each.number}", "title": each.title, "text": each.text} for each in stories
        ],
        "text_units": [
            {"id": f"u-{each.number}", "text": each.text, "document_id": f"d-{each.number}"}
            for each in stories
        ],
        "entities": [
            {"title": title, "type": type_, "description": "", "text_unit_ids": found}
            for (title, type_), found in units.items()
        ],
        "covariates": claims,
    }


@writer("graphrag")
def _graphrag(stories: Sequence[Story], folder: Path) -> Path:
    for name, rows in _graphrag_tables(stories).items():
        if rows:
            file = io.StringIO(newline="")
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
            (folder / f"{name}.csv").write_text(file.getvalue(), "utf-8", newline="")
    return folder


def write_graphrag_as_parquet(stories: Sequence[Story], folder: Path) -> Path:
    """As GraphRAG itself writes its tables."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    for name, rows in _graphrag_tables(stories).items():
        if rows:
            parquet.write_table(arrow.Table.from_pylist(rows), folder / f"{name}.parquet")
    return folder


@writer("followthemoney")
def _followthemoney(stories: Sequence[Story], folder: Path) -> Path:
    """Things are of all the documents that name them, and so stand in the file once."""
    schemata = {"Person": "Person", "Organization": "Organization", "Place": "Address"}
    found: list[dict[str, Any]] = []
    things: dict[Thing, dict[str, list[str]]] = {}
    for story in stories:
        found.append(
            {
                "id": story.name,
                "schema": "Article",
                "properties": {
                    "title": [story.title],
                    "sourceUrl": [story.url],
                    "publishedAt": [story.published],
                    "language": ["eng"],
                    "bodyText": [story.text],
                },
            }
        )
        for thing in story.things:
            properties = things.setdefault(thing, {"proof": [], "alias": []})
            properties["proof"].append(story.name)
            names = [each for each in story.surfaces(thing) if each != thing.name]
            properties["alias"] += [each for each in names if each not in properties["alias"]]
        found += [
            {
                "id": f"{story.name}-{number}",
                "schema": "UnknownLink",
                "properties": {
                    "subject": [f"thing-{each.subject.thing.name}"],
                    "object": [f"thing-{each.object.thing.name}"],
                    "role": [each.predicate],
                    "proof": [story.name],
                },
            }
            for number, each in enumerate(story.statements)
        ]
    for thing, properties in things.items():
        name = "full" if thing.type == "Place" else "name"
        item = {"wikidataId": [thing.item]} if thing.item else {}
        found.append(
            {
                "id": f"thing-{thing.name}",
                "schema": schemata[thing.type],
                "properties": {name: [thing.name], **item, **properties},
            }
        )
    path = folder / f"{STEM}.ijson"
    path.write_text("".join(json.dumps(each) + "\n" for each in found), "utf-8")
    return path


@documents("google_nl", ".jsonl")
def _google_nl(story: Story) -> Any:
    """As v2 answers a request with ``encodingType: UTF8``."""
    return {
        "entities": [
            {
                "name": thing.name,
                "type": SERVICES[thing.type],
                "metadata": {},
                "mentions": [
                    {
                        "text": {"content": each.surface, "beginOffset": utf8(story, each.start)},
                        "type": "PROPER",
                        "probability": each.confidence,
                    }
                    for each in story.mentions
                    if each.thing == thing
                ],
            }
            for thing in story.things
        ],
        "sentences": [
            {
                "text": {
                    "content": story.reading(number),
                    "beginOffset": utf8(story, story.span(number)[0]),
                }
            }
            for number in range(len(story.sentences))
        ],
        "languageCode": story.language,
        "languageSupported": True,
    }


@documents("comprehend", ".jsonl")
def _comprehend(story: Story) -> Any:
    return {
        "File": f"{story.name}.txt",
        "Entities": [
            {
                "BeginOffset": each.start,
                "EndOffset": each.end,
                "Score": each.confidence,
                "Text": each.surface,
                "Type": SERVICES[each.thing.type],
            }
            for each in story.mentions
        ],
    }


@documents("diffbot", ".json")
def _diffbot(story: Story) -> Any:
    def named(thing: Thing) -> dict[str, Any]:
        return {
            "name": thing.name,
            "diffbotUri": f"https://diffbot.com/entity/E{thing.item or len(thing.name)}",
            "allUris": item_iri(thing),
            "allTypes": [{"name": "agent"}, {"name": PLAIN[thing.type]}],
        }

    def span(mention: Mention) -> dict[str, Any]:
        return {
            "text": mention.surface,
            "beginOffset": mention.start,
            "endOffset": mention.end,
            "isPronoun": False,
            "confidence": mention.confidence,
        }

    return {
        "entities": [
            {
                **named(thing),
                "salience": 0.5,
                "mentions": [span(each) for each in story.mentions if each.thing == thing],
            }
            for thing in story.things
        ],
        "facts": [
            {
                "humanReadable": "[…]",
                "entity": named(each.subject.thing),
                "property": {"name": each.predicate},
                "value": named(each.object.thing),
                "confidence": each.confidence,
                "evidence": [
                    {
                        "passage": story.reading(each.subject.sentence),
                        "entityMentions": [span(each.subject)],
                        "valueMentions": [span(each.object)],
                    }
                ],
            }
            for each in story.statements
        ],
        "language": story.language,
    }
