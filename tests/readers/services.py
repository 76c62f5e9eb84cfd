"""What the tests of services share: reading an answer, and what is looked at in an article."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette_newsgraph.anchoring import anchor
from datasette_newsgraph.article import Article, Entity, Evidence, Mention, Quote
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import comprehend, diffbot, google_nl, langextract
from datasette_newsgraph.readers.formats.corenlp import reader as corenlp
from datasette_newsgraph.readers.source import Source

READERS: dict[str, Any] = {
    "corenlp": corenlp,
    "google_nl": google_nl,
    "comprehend": comprehend,
    "diffbot": diffbot,
    "langextract": langextract,
}


def read(path: Path, name: str) -> list[Parsed]:
    with closing(Source(path)) as source:
        return [READERS[name].parse(entry.raw) for entry in READERS[name].entries(source)]


def parsed(name: str, given: Any) -> Parsed:
    result = READERS[name].parse(json.dumps(given).encode())
    assert isinstance(result, Parsed)
    return result


def article(name: str, given: Any) -> Article:
    return parsed(name, given).article


def types(given: Article) -> dict[str, str]:
    return {entity.name: entity.type for entity in given.entities}


def called(given: Article, name: str) -> Entity:
    (found,) = [entity for entity in given.entities if entity.name == name]
    return found


def statements(given: Article) -> list[tuple[str, str, Any]]:
    names = {entity.id: entity.name for entity in given.entities}
    return [
        (
            names[each.subject],
            each.predicate,
            each.value if each.object is None else names[each.object],
        )
        for each in given.relations
    ]


def spans(given: Entity) -> list[tuple[int | None, int | None, str | None]]:
    return [(each.start, each.end, each.text) for each in given.mentions]


def read_out(given: Parsed) -> list[str | None]:
    """What the text reads at each mention, evidence and quote, once they are anchored."""
    text, found = given.article.text, anchor(given.article, given.unit).spans
    assert text is not None
    parts: list[Mention | Evidence | Quote] = [
        *(mention for entity in given.article.entities for mention in entity.mentions),
        *(each for relation in given.article.relations for each in relation.evidence),
        *given.article.quotes,
    ]
    words: list[str | None] = []
    for each in parts:
        at = found.get(id(each))
        start, end = (each.start, each.end) if at is None else (at.start, at.end)
        words.append(None if start is None else text[start:end])
    return words


def reasons(given: Parsed) -> list[str]:
    return [fault.reason for fault in given.faults]


def tokenised(*sentences: str, begin: int = 0, code_points: bool = False) -> dict[str, Any]:
    """A document of sentences of words with single blanks, with offsets in UTF-16."""
    place, points, found = begin, begin, []
    for index, sentence in enumerate(sentences):
        tokens: list[dict[str, Any]] = []
        for number, word in enumerate(sentence.split(), 1):
            length = len(word.encode("utf-16-le")) // 2
            token = {
                "index": number,
                "originalText": word,
                "characterOffsetBegin": place,
                "characterOffsetEnd": place + length,
                "before": " " if place else "",
                "after": " ",
            }
            if code_points:
                token |= {"codepointOffsetBegin": points, "codepointOffsetEnd": points + len(word)}
            tokens.append(token)
            place, points = place + length + 1, points + len(word) + 1
        found.append({"index": index, "tokens": tokens})
    return {"sentences": found}


def name_it(
    document: dict[str, Any], sentence: int, first: int, end: int, ner: str, **more: Any
) -> None:
    """Add an entity mention."""
    tokens = document["sentences"][sentence]["tokens"][first:end]
    document["sentences"][sentence].setdefault("entitymentions", []).append(
        {
            "text": " ".join(token["originalText"] for token in tokens),
            "ner": ner,
            "tokenBegin": first,
            "tokenEnd": end,
            "characterOffsetBegin": tokens[0]["characterOffsetBegin"],
            "characterOffsetEnd": tokens[-1]["characterOffsetEnd"],
            **more,
        }
    )


def link(text: str, sentence: int, first: int, end: int, type_: str = "PROPER", **more: Any) -> Any:
    """A link of a coreference chain, counted from 0 here, its head the last token."""
    return {
        "text": text,
        "type": type_,
        "sentNum": sentence + 1,
        "startIndex": first + 1,
        "endIndex": end + 1,
        "headIndex": end,
        **more,
    }
