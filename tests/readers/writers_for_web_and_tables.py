"""Writers of NIF, Web Annotations and tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.readers.story import Story
from tests.readers.writing import CONLL, STEM, about, documents, item_iri, utf16, writer


@writer("nif")
def _nif(stories: Sequence[Story], folder: Path) -> Path:
    classes = {"Person": "Person", "Organization": "Organisation", "Place": "Place"}
    lines = [
        "@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .",
        "@prefix itsrdf: <http://www.w3.org/2005/11/its/rdf#> .",
        "@prefix dbo: <http://dbpedia.org/ontology/> .",
        "@prefix dcterms: <http://purl.org/dc/terms/> .",
    ]
    for story in stories:
        context = f"<{story.url}#char=0,{len(story.text)}>"
        lines.append(
            f"{context} a nif:Context ; nif:isString {_quoted(story.text)}@{story.language} ;"
            f" nif:sourceUrl <{story.url}> ; dcterms:title {_quoted(story.title)} ;"
            f" dcterms:issued {_quoted(story.published)} ."
        )
        for each in story.mentions:
            identity = "".join(f" itsrdf:taIdentRef <{iri}> ;" for iri in item_iri(each.thing))
            lines.append(
                f"<{story.url}#char={each.start},{each.end}> a nif:Phrase ;"
                f" nif:referenceContext {context} ; nif:beginIndex {each.start} ;"
                f" nif:endIndex {each.end} ; nif:anchorOf {_quoted(each.surface)} ;"
                f"{identity} itsrdf:taClassRef dbo:{classes[each.thing.type]} ;"
                f" itsrdf:taConfidence {each.confidence} ."
            )
    path = folder / f"{STEM}.ttl"
    path.write_text("\n".join(lines), "utf-8")
    return path


def _quoted(text: str) -> str:
    """A literal of Turtle, which escapes what JSON does, but no pairs of surrogates."""
    return json.dumps(text, ensure_ascii=False)


@writer("web_annotation")
def _web_annotation(stories: Sequence[Story], folder: Path) -> Path:
    items = []
    for story in stories:
        for number, each in enumerate(story.mentions):
            bodies: list[dict[str, str]] = [
                {"type": "SpecificResource", "purpose": "identifying", "source": iri}
                for iri in item_iri(each.thing)
            ]
            bodies.append(
                {"type": "TextualBody", "purpose": "classifying", "value": each.thing.type}
            )
            items.append(
                {
                    "id": f"{story.url}/annotations/{number}",
                    "type": "Annotation",
                    "body": bodies,
                    "target": {
                        "source": story.url,
                        "selector": [
                            {"type": "TextPositionSelector", "start": each.start, "end": each.end},
                            {
                                "type": "TextQuoteSelector",
                                "exact": each.surface,
                                "prefix": story.text[max(0, each.start - 8) : each.start],
                                "suffix": story.text[each.end : each.end + 8],
                            },
                        ],
                    },
                }
            )
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": items,
    }
    path = folder / f"{STEM}.jsonld"
    path.write_text(json.dumps(page), "utf-8")
    return path


@writer("triples")
def _triples(stories: Sequence[Story], folder: Path) -> Path:
    def rows() -> Iterator[dict[str, Any]]:
        for story in stories:
            for each in story.statements:
                start, end = story.span(each.subject.sentence)
                yield {
                    "article": story.url,
                    **about(story),
                    "text": story.text,
                    "subject": each.subject.surface,
                    "subject_type": each.subject.thing.type,
                    "subject_id": each.subject.thing.item or "",
                    "predicate": each.predicate,
                    "object": each.object.surface,
                    "object_type": each.object.thing.type,
                    "object_id": each.object.thing.item or "",
                    "evidence": story.text[start:end],
                    "start": start,
                    "end": end,
                    "confidence": each.confidence,
                }

    found = list(rows())
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, list(found[0]))
    table.writeheader()
    table.writerows(found)
    path = folder / f"{STEM}.csv"
    path.write_text(file.getvalue(), "utf-8", newline="")
    return path


@writer("label_studio_table")
def _label_studio_table(stories: Sequence[Story], folder: Path) -> Path:
    path = folder / f"{STEM}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = (
            "annotation_id",
            "annotator",
            "id",
            "label",
            "lead_time",
            "text",
            *about(stories[0]),
        )
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        for story in stories:
            regions = [
                {
                    "start": utf16(story, each.start),
                    "end": utf16(story, each.end),
                    "text": each.surface,
                    "labels": [CONLL[each.thing.type]],
                }
                for each in story.mentions
            ]
            label = json.dumps(regions, ensure_ascii=False)
            table.writerow((7, 1, story.name, label, 3.5, story.text, *about(story).values()))
    return path


@documents("schema_org", ".jsonld")
def _schema_org(story: Story) -> Any:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "url": story.url,
        "headline": story.title,
        "datePublished": story.published,
        "inLanguage": story.language,
        "articleBody": story.text,
        "mentions": [
            {
                "@type": each.type,
                "name": each.name,
                "alternateName": [words for words in story.surfaces(each) if words != each.name],
                "sameAs": item_iri(each),
            }
            for each in story.things
        ],
    }


@documents("ninjs_entities", ".jsonl")
def _ninjs_entities(story: Story) -> Any:
    def of(type_: str) -> list[dict[str, Any]]:
        return [
            {"name": words, "uri": "".join(item_iri(each)), "rel": "about"}
            for each in story.things
            if each.type == type_
            for words in dict.fromkeys((each.name, *story.surfaces(each)))
        ]

    return {
        "uri": story.url,
        "url": story.url,
        "type": "text",
        "headline": story.title,
        "versioncreated": story.published,
        "language": story.language,
        "body_text": story.text,
        "person": of("Person"),
        "organisation": of("Organization"),
        "place": of("Place"),
    }
