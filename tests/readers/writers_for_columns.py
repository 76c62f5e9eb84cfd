"""Writers of formats of tokens: columns, tables and lists with tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.readers.story import Mention, Story
from tests.readers.writing import PLAIN, STEM, about, writer


def _opened(story: Story) -> dict[int, Mention]:
    return {each.first: each for each in story.mentions}


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
