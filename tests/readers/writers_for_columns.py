"""Writers of formats of tokens: columns, tables and lists with tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.readers.story import Story
from tests.readers.writing import ONTONOTES, PLAIN, STEM, about, writer


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
