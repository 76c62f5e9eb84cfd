"""Writers of what WebAnno and INCEpTION export: one document in all its forms."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.readers.story import Story
from tests.readers.writing import CONLL, STEM, item_iri, utf16, writer

_NAMED_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_RELATION = "webanno.custom.Relation"
_METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_TOKEN = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
_ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n"}


def _text_of_tsv(words: str) -> str:
    return "".join(_ESCAPED.get(each, each) for each in words)


def _value_of_tsv(value: str) -> str:
    return re.sub(r"->|[\\\[\]|_;*]", lambda found: f"\\{found[0]}", _text_of_tsv(value))


def tsv(story: Story) -> str:
    """The story as WebAnno TSV 3.3, each span with a number."""
    numbers = {each: number for number, each in enumerate(story.mentions, 1)}
    lines = [
        "#FORMAT=WebAnno TSV 3.3",
        f"#T_SP={_NAMED_ENTITY}|identifier|value",
        f"#T_RL={_RELATION}|label|BT_{_NAMED_ENTITY}",
        "",
    ]
    names = {
        story.first_token(sentence) + place: f"{sentence + 1}-{place + 1}"
        for sentence, tokens in enumerate(story.sentences)
        for place, _ in enumerate(tokens)
    }
    for sentence, tokens in enumerate(story.sentences):
        lines += ["", f"#Text={_text_of_tsv(story.reading(sentence))}"]
        for place, token in enumerate(tokens, story.first_token(sentence)):
            here = [each for each in story.mentions if each.first <= place < each.beyond]
            iris = [*(next(iter(item_iri(each.thing)), None) for each in here)]
            columns = [
                _stacked(
                    ("*" if iri is None else _value_of_tsv(iri), numbers[each])
                    for each, iri in zip(here, iris, strict=True)
                ),
                _stacked((CONLL[each.thing.type], numbers[each]) for each in here),
            ]
            stated = [each for each in story.statements if each.object.first == place]
            columns += [
                "|".join(_value_of_tsv(each.predicate) for each in stated) or "_",
                "|".join(
                    f"{names[each.subject.first]}[{numbers[each.subject]}_{numbers[each.object]}]"
                    for each in stated
                )
                or "_",
            ]
            start, end = utf16(story, token.start), utf16(story, token.end)
            row = (names[place], f"{start}-{end}", _text_of_tsv(token.words), *columns)
            lines.append("\t".join(row) + "\t")
    return "\n".join(lines) + "\n"


def _stacked(values: Iterable[tuple[str, int]]) -> str:
    return "|".join(f"{value}[{number}]" for value, number in values) or "_"


@writer("webanno")
def _webanno(stories: Sequence[Story], folder: Path) -> Path:
    path = folder / f"{STEM}.tsv"
    path.write_text("\n".join(map(tsv, stories)), "utf-8", newline="")
    return path


Structures = list[tuple[str, dict[str, Any]]]


def structures(story: Story) -> Structures:
    """The story as feature structures: type and features, of which those with "@" are references."""

    def place(start: int, end: int) -> dict[str, Any]:
        return {"@sofa": 1, "begin": utf16(story, start), "end": utf16(story, end)}

    given: Structures = [
        ("uima.cas.Sofa", {"sofaNum": 1, "sofaID": "_InitialView", "sofaString": story.text}),
        (_METADATA, {**place(0, len(story.text)), "documentId": story.name, "language": "en"}),
    ]
    given += [(_TOKEN, place(each.start, each.end)) for each in story.tokens]
    ids = {each: len(given) + number for number, each in enumerate(story.mentions, 1)}
    for each in story.mentions:
        features = {**place(each.start, each.end), "value": CONLL[each.thing.type]}
        if iris := item_iri(each.thing):
            features["identifier"] = iris[0]
        given.append((_NAMED_ENTITY, features))
    for stated in story.statements:
        ends = {"@Governor": ids[stated.subject], "@Dependent": ids[stated.object]}
        span = place(stated.object.start, stated.object.end)
        given.append((_RELATION, {**span, **ends, "label": stated.predicate}))
    return given


def as_json(given: Structures) -> str:
    """Feature structures as UIMA's JSON; their ids count from 1."""
    found = [
        {"%ID": number, "%TYPE": type_, **features}
        for number, (type_, features) in enumerate(given, 1)
    ]
    members = list(range(2, len(found) + 1))
    views = {"_InitialView": {"%SOFA": 1, "%MEMBERS": members}}
    cas = {"%TYPES": {}, "%FEATURE_STRUCTURES": found, "%VIEWS": views}
    return json.dumps(cas, ensure_ascii=False)


def as_xmi(given: Structures) -> str:
    """Feature structures as XMI: several values are elements, ids of several are in one attribute."""
    packages = sorted({type_.rpartition(".")[0] for type_, _ in given} | {"uima.cas"})
    prefixes = {each: f"p{number}" for number, each in enumerate(packages)}
    declared = "".join(
        f' xmlns:{prefix}="http:///{package.replace(".", "/")}.ecore"'
        for package, prefix in prefixes.items()
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"{declared} xmi:version="2.0">',
    ]
    for number, (type_, features) in enumerate(given, 1):
        package, _, name = type_.rpartition(".")
        attributes = {"xmi:id": number, **features}
        elements = "".join(
            f"<{key}>{escape(each)}</{key}>"
            for key, value in features.items()
            if isinstance(value, list) and not key.startswith("@")
            for each in value
        )
        written = "".join(
            f" {key.lstrip('@')}={_quoted(value)}"
            for key, value in attributes.items()
            if key.startswith("@") or not isinstance(value, list)
        )
        tag = f"{prefixes[package]}:{name}"
        lines.append(f"  <{tag}{written}>{elements}</{tag}>")
    return "\n".join([*lines, "</xmi:XMI>"]) + "\n"


def _quoted(value: Any) -> str:
    words = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return quoteattr(words, {"\n": "&#10;"})


def _write_each(
    stories: Sequence[Story], folder: Path, ending: str, written: Callable[[Story], str]
) -> Path:
    for story in stories:
        (folder / f"{story.name}{ending}").write_text(written(story), "utf-8")
    return folder


@writer("uima_xmi")
def _uima_xmi(stories: Sequence[Story], folder: Path) -> Path:
    return _write_each(stories, folder, ".xmi", lambda story: as_xmi(structures(story)))


@writer("uima_json")
def _uima_json(stories: Sequence[Story], folder: Path) -> Path:
    return _write_each(stories, folder, ".json", lambda story: as_json(structures(story)))


@writer("inception")
def _inception(stories: Sequence[Story], folder: Path) -> Path:
    """An export in which each document is in another form, the first in an archive of its own."""
    path = folder / f"{STEM}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as export:
        export.writestr("exportedproject.json", json.dumps({"name": "stories"}))
        for number, story in enumerate(stories):
            place = f"annotation/{story.name}.txt/ana"
            export.writestr(f"source/{story.name}.txt", story.text)
            if number % 3 == 0:
                with export.open(f"{place}.zip", "w") as file, zipfile.ZipFile(file, "w") as inner:
                    inner.writestr("TypeSystem.xml", "<typeSystemDescription/>")
                    inner.writestr("ana.xmi", as_xmi(structures(story)))
            elif number % 3 == 1:
                export.writestr(f"{place}.tsv", tsv(story))
            else:
                export.writestr(f"{place}.json", as_json(structures(story)))
    return path
