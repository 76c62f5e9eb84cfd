"""Writers of what WebAnno and INCEpTION export: one document in all its forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.readers.story import Story
from tests.readers.writing import CONLL, STEM, item_iri, utf16, writer

_NAMED_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_RELATION = "webanno.custom.Relation"
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
