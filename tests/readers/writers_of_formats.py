"""One article, and a writer of it for every format: the bytes that the tools themselves would write.

A writer puts into its format all that the format has a place for; what that is, is told by the table
in ``test_same_article.py``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pytest

# The article ------------------------------------------------------------------------------------


class Thing(NamedTuple):
    """Somebody or something that articles name; ``item`` is its number in Wikidata."""

    type: str
    name: str
    item: str | None = None


class Token(NamedTuple):
    """A token, whether a blank comes behind it, and where it stands in the text."""

    words: str
    blank: bool
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(frozen=True)
class Mention:
    """Where an article names a thing: tokens ``first`` to ``beyond`` of all, ends exclusive."""

    thing: Thing
    surface: str
    sentence: int
    first: int
    beyond: int
    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class Statement:
    """What a sentence says of two mentions in it."""

    subject: Mention
    predicate: str
    object: Mention
    confidence: float


@dataclass(frozen=True)
class Sentence:
    """Words and names in their order; statements as (place of a name, predicate, place of another).

    A name is a thing, or a thing with other words for it.
    """

    parts: tuple[str | Thing | tuple[Thing, str], ...]
    statements: tuple[tuple[int, str, int], ...] = ()


@dataclass(frozen=True)
class Story:
    """An article. All sentences end in a full stop, with a blank before it if it ``is_spaced``: then
    the text is its tokens joined by blanks.
    """

    number: int
    given: tuple[Sentence, ...]
    is_spaced: bool = False

    @property
    def url(self) -> str:
        return f"https://example.org/{self.number}"

    @property
    def title(self) -> str:
        return f"Report no. {self.number}"

    @property
    def name(self) -> str:
        """What a tool calls the document."""
        return f"story-{self.number}"

    #: When it was published, and the language that it is said to be in.
    published = "2015-11-30"
    language = "en"

    @cached_property
    def sentences(self) -> list[list[Token]]:
        """The tokens of each sentence."""
        found, place = list[list[Token]](), 0
        for number, sentence in enumerate(self.given):
            words = [each for part in sentence.parts for each in _words(part).split()]
            tokens: list[Token] = []
            for each in (*words, "."):
                is_last = each == "." and len(tokens) == len(words)
                is_glued = len(tokens) == len(words) - 1 and not self.is_spaced
                blank = number < len(self.given) - 1 if is_last else not is_glued
                tokens.append(Token(each, blank, place))
                place += len(each) + blank
            found.append(tokens)
        return found

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of all sentences."""
        return [each for sentence in self.sentences for each in sentence]

    @cached_property
    def text(self) -> str:
        return "".join(each.words + " " * each.blank for each in self.tokens)

    def first_token(self, sentence: int) -> int:
        """How many tokens come before a sentence."""
        return sum(map(len, self.sentences[:sentence]))

    def span(self, sentence: int) -> tuple[int, int]:
        """The first character of a sentence and the one behind its last."""
        tokens = self.sentences[sentence]
        return tokens[0].start, tokens[-1].end

    def reading(self, sentence: int) -> str:
        start, end = self.span(sentence)
        return self.text[start:end]

    @cached_property
    def _mentions(self) -> list[list[Mention]]:
        found, place, count = list[list[Mention]](), 0, 0
        for number, sentence in enumerate(self.given):
            mentions = []
            for part in sentence.parts:
                surface = _words(part)
                beyond = place + len(surface.split())
                if not isinstance(part, str):
                    thing = part if isinstance(part, Thing) else part[0]
                    start, end = self.tokens[place].start, self.tokens[beyond - 1].end
                    sure = round(0.99 - count % 40 / 100, 2)
                    span = (place, beyond, start, end, sure)
                    mentions.append(Mention(thing, surface, number, *span))
                    count += 1
                place = beyond
            place += 1
            found.append(mentions)
        return found

    @cached_property
    def mentions(self) -> list[Mention]:
        return [each for sentence in self._mentions for each in sentence]

    @cached_property
    def statements(self) -> list[Statement]:
        given = [
            (self._mentions[number][one], predicate, self._mentions[number][other])
            for number, sentence in enumerate(self.given)
            for one, predicate, other in sentence.statements
        ]
        return [
            Statement(*each, confidence=round(0.95 - count % 40 / 100, 2))
            for count, each in enumerate(given)
        ]

    @cached_property
    def things(self) -> list[Thing]:
        """The things that are named, in the order of the text."""
        return list(dict.fromkeys(each.thing for each in self.mentions))

    def surfaces(self, thing: Thing) -> list[str]:
        """All words for a thing, in the order of the text."""
        return list(dict.fromkeys(each.surface for each in self.mentions if each.thing == thing))


def _words(part: str | Thing | tuple[Thing, str]) -> str:
    return part if isinstance(part, str) else part.name if isinstance(part, Thing) else part[1]


# What tools call things -------------------------------------------------------------------------

ONTONOTES = {"Person": "PERSON", "Organization": "ORG", "Place": "GPE"}
CONLL = {"Person": "PER", "Organization": "ORG", "Place": "LOC"}
SERVICES = {"Person": "PERSON", "Organization": "ORGANIZATION", "Place": "LOCATION"}
PLAIN = {"Person": "person", "Organization": "organization", "Place": "location"}
CONLL04 = {"Person": "Peop", "Organization": "Org", "Place": "Loc"}
PROPERTIES = {"founded by": "P112", "member of": "P463", "headquarters location": "P159"}
KBP = {
    "founded by": "org:founded_by",
    "member of": "org:member_of",
    "headquarters location": "org:city_of_headquarters",
}
PREDICATES = tuple(PROPERTIES)

#: The file that a writer makes; tools that give a document no id of their own are joined by it.
STEM = "stories"
Writer = Callable[[Sequence[Story], Path], Path]
WRITERS: dict[str, Writer] = {}


def writer(of: str) -> Callable[[Writer], Writer]:
    """Enter a function as the writer of a format."""

    def enter(function: Writer) -> Writer:
        WRITERS[of] = function
        return function

    return enter


def documents(of: str, ending: str) -> Callable[[Callable[[Story], Any]], Callable[[Story], Any]]:
    """Enter a function that makes a story an object as the writer of a JSON format: one a line, or
    the elements of an array.
    """

    def enter(function: Callable[[Story], Any]) -> Callable[[Story], Any]:
        def write(stories: Sequence[Story], folder: Path) -> Path:
            path = folder / f"{STEM}{ending}"
            found = [function(each) for each in stories]
            values: list[Any] = [found] if ending == ".json" else found
            lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in values)
            path.write_text("".join(lines), "utf-8")
            return path

        WRITERS[of] = write
        return function

    return enter


def write_sidecar(stories: Iterable[Story], folder: Path, *, by_number: bool = False) -> Path:
    """Write what formats without it are given by ``--articles``: by what the tool calls a document, or
    by its number in the file.
    """
    path = folder / "articles.jsonl"
    rows = [
        {
            "id": f"{STEM}#{number}" if by_number else story.name,
            "filename": f"{story.name}.txt",
            **about(story),
            "text": story.text,
        }
        for number, story in enumerate(stories, 1)
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    return path


def about(story: Story) -> dict[str, str]:
    """What is said of the article itself."""
    return {
        "url": story.url,
        "title": story.title,
        "published": story.published,
        "language": story.language,
    }


def utf16(story: Story, offset: int) -> int:
    """An offset as Java and JavaScript count."""
    return len(story.text[:offset].encode("utf-16-le")) // 2


def utf8(story: Story, offset: int) -> int:
    """An offset in bytes."""
    return len(story.text[:offset].encode())


def item_iri(thing: Thing) -> list[str]:
    return [f"http://www.wikidata.org/entity/{thing.item}"] if thing.item else []


# Recognisers of names ---------------------------------------------------------------------------


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


# Annotation by people ---------------------------------------------------------------------------


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


# Corpora of relations ---------------------------------------------------------------------------


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


# Graphs of language models, and services --------------------------------------------------------


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


# Annotations of the web, and tables -------------------------------------------------------------


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
