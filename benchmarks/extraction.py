"""How good the extraction is: names, aliases, dates and relations of 24 Wikinews articles.

``python benchmarks/extraction.py ../shared/corpora/wikinews.jsonl`` extracts the texts alone and
compares with the annotation of the same file, and with relations that a person has judged
(``judged_relations.tsv``). Any file of article records with entities will do for the names.

A name is found if a found person, organisation or place holds its head: "Lima" in "the city of Lima
in Peru". A found name is right if it holds the head of an annotated one. It may hold two, as "Lima
Airport" does where "Lima" in it is annotated, too. Groups and adjectives of countries ("Peruvian") are
not counted, since the annotation does not mark them. The model alone is counted in the same way,
without its label ``NORP``. With heads from the annotated syntax it has precision .756 and recall .836.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from datasette_newsgraph.article import Article
from datasette_newsgraph.extraction.extractor import Options
from datasette_newsgraph.extraction.layout import lay_out
from datasette_newsgraph.extraction.nlp import make
from datasette_newsgraph.extraction.nlp.lexicons import load_lexicon
from datasette_newsgraph.extraction.nlp.model import Model, load_model

JUDGED = Path(__file__).with_name("judged_relations.tsv")
_NAMED = frozenset(("Person", "Organization", "Place"))
#: What the model calls them.
_LABELS = {
    "PERSON": "Person",
    "ORG": "Organization",
    "GPE": "Place",
    "LOC": "Place",
    "FAC": "Place",
}
#: Behind the head of a name in English.
_BEHIND_HEAD = re.compile(
    r"\s*(?:[,(;:–—]|\b(?:of|from|who|which|that|in|at|for|to|and|on|with|'s|’s)\b).*$", re.DOTALL
)


class Span(NamedTuple):
    """A mention of a thing: its span, the position of its head, the thing and its type."""

    start: int
    end: int
    head: int
    thing: str
    type: str


class Found(NamedTuple):
    """How many heads are annotated and names found; how many heads hit, and how many names right."""

    gold: int
    found: int
    hit: int
    typed: int
    right: int

    def plus(self, other: Found) -> Found:
        """Return the sums of two."""
        return Found(*(one + another for one, another in zip(self, other, strict=True)))


class Figures(NamedTuple):
    """What is measured; shares from 0 to 1."""

    precision: float
    recall: float
    typed_recall: float
    alias_precision: float
    alias_recall: float
    dates: float
    titles: float


def head_of(text: str, start: int, end: int) -> int:
    """Return the position of the last word of a name before "of" and the like.

    >>> head_of("the University of Lima", 0, 22)
    4
    """
    words = re.sub(r"(?:'s|’s)$", "", text[start:end])
    first = re.match(r"(?:(?:the|a|an|this|its|his|her|their)\s+)*", words, re.IGNORECASE)
    begin = first.end() if first else 0
    cut = _BEHIND_HEAD.sub("", words[begin:]) or words[begin:]
    last = list(re.finditer(r"\S+", cut))
    return start + begin + (last[-1].start() if last else 0)


def spans_of(article: Article, types: Iterable[str]) -> list[Span]:
    """Return the mentions of entities of some types."""
    text, kept = article.text or "", frozenset(types)
    return [
        Span(m.start, m.end, head_of(text, m.start, m.end), entity.id, entity.type)
        for entity in article.entities
        if entity.type in kept
        for m in entity.mentions
        if m.start is not None and m.end is not None
    ]


def names_of(article: Article) -> list[Span]:
    """Return the annotated people, organisations and places that have a name."""
    text = article.text or ""
    return [each for each in spans_of(article, _NAMED) if text[each.head].isupper()]


def is_adjective(name: Span, text: str) -> bool:
    """Tell whether a name is the adjective of a country, or its people."""
    known = load_lexicon().names.get(text[name.start : name.end])
    return known is not None and known.kind == "demonym"


def of_model_alone(given: Sequence[Article]) -> Found:
    """Return what the model finds without our rules."""
    nlp = load_model(Model.find(None))
    names = Found(0, 0, 0, 0, 0)
    for article in given:
        found = [
            Span(e.start_char, e.end_char, e.start_char, "", _LABELS[e.label_])
            for e in nlp(article.text or "").ents
            if e.label_ in _LABELS
        ]
        names = names.plus(found_of(names_of(article), found))
    return names


def pairs_of(gold: Sequence[Span], found: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Return which found mention each annotated one is: that of its head, else one that has its head
    and whose head it has; none twice.
    """
    free = list(found)
    pairs = []
    rest = []
    for each in gold:
        match = next((f for f in free if f.head == each.head), None)
        if match is None:
            rest.append(each)
            continue
        free.remove(match)
        pairs.append((each, match))
    for each in rest:
        match = next(
            (f for f in free if f.start <= each.head < f.end and each.start <= f.head < each.end),
            None,
        )
        if match is not None:
            free.remove(match)
            pairs.append((each, match))
    return pairs


def found_of(gold: Sequence[Span], found: Sequence[Span]) -> Found:
    """Return how many annotated heads are found, also with their type, and how many names are right."""
    heads = {each.head: each.type for each in gold}
    hit: dict[int, bool] = {}
    right = 0
    for name in found:
        held = [head for head in heads if name.start <= head < name.end]
        right += bool(held)
        for head in held:
            hit[head] = hit.get(head, False) or heads[head] == name.type
    return Found(len(heads), len(found), len(hit), sum(hit.values()), right)


def aliases_of(pairs: Sequence[tuple[Span, Span]]) -> tuple[float, float]:
    """Return the B-cubed sums of precision and recall of one article."""
    precision = recall = 0.0
    for gold, found in pairs:
        same_gold = sum(g.thing == gold.thing for g, _ in pairs)
        same_found = sum(f.thing == found.thing for _, f in pairs)
        both = sum(g.thing == gold.thing and f.thing == found.thing for g, f in pairs)
        precision += both / same_found
        recall += both / same_gold
    return precision, recall


def measure(given: Sequence[Article], found: Sequence[Article]) -> Figures:
    """Return the figures of extracted articles beside the annotated ones."""
    counts: Counter[str] = Counter()
    names = Found(0, 0, 0, 0, 0)
    alias_precision = alias_recall = 0.0
    for annotated, extracted in zip(given, found, strict=True):
        text = annotated.text or ""
        gold = names_of(annotated)
        of_types = spans_of(extracted, _NAMED)
        names = names.plus(found_of(gold, [s for s in of_types if not is_adjective(s, text)]))
        pairs = pairs_of(gold, spans_of(extracted, {*_NAMED, "Group"}))
        counts["both"] += len(pairs)
        precision, recall = aliases_of(pairs)
        alias_precision += precision
        alias_recall += recall
        dates = spans_of(extracted, {"Date"})
        for date in spans_of(annotated, {"Date"}):
            counts["gold dates"] += 1
            counts["dates"] += any(d.start < date.end and date.start < d.end for d in dates)
        counts["titles"] += extracted.title == annotated.title
    return Figures(
        precision=names.right / names.found,
        recall=names.hit / names.gold,
        typed_recall=names.typed / names.gold,
        alias_precision=alias_precision / counts["both"],
        alias_recall=alias_recall / counts["both"],
        dates=counts["dates"] / max(1, counts["gold dates"]),
        titles=counts["titles"] / len(given),
    )


Key = tuple[str, str, str, str]


def judged() -> dict[Key, tuple[str, str]]:
    """Return the verdicts and patterns by article, subject, predicate and object."""
    found = {}
    for line in JUDGED.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            article, _, _, pattern, subject, predicate, object_, verdict = line.split("\t")
            found[article, subject, predicate, object_] = (verdict, pattern)
    return found


def relations_of(articles: Iterable[Article]) -> list[tuple[Key, str]]:
    """Return the relations between entities, each with its pattern."""
    found = []
    for article in articles:
        names = {entity.id: entity.name for entity in article.entities}
        for each in article.relations:
            if each.object is not None:
                key = (article.id, names[each.subject], each.predicate, names[each.object])
                found.append((key, each.pattern or ""))
    return found


def verdicts_of(articles: Iterable[Article]) -> Counter[str]:
    """Return how many relations were judged right, coarse or wrong, and how many were not."""
    known = judged()
    return Counter(known.get(key, ("not judged", ""))[0] for key, _ in relations_of(articles))


def records_of(path: Path) -> tuple[list[Article], list[Article]]:
    """Return the annotated articles of a file, and what is extracted from their texts alone."""
    given = [
        msgspec.json.decode(line, type=Article) for line in path.read_bytes().splitlines() if line
    ]
    texts = [lay_out(Article(id=each.id, text=each.text)) for each in given]
    found = list(make(Options()).extract(texts))
    return given, [each for each in found if isinstance(each, Article)]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="article records with entities")
    given, found = records_of(parser.parse_args().path)
    print("| what | share |\n| --- | ---: |")
    for name, share in measure(given, found)._asdict().items():
        print(f"| {name.replace('_', ' ')} | {share:.3f} |")
    alone = of_model_alone(given)
    print(f"\nThe model alone: precision {alone.right / alone.found:.3f}, ", end="")
    print(
        f"recall {alone.hit / alone.gold:.3f} of {alone.gold}, typed {alone.typed / alone.gold:.3f}"
    )
    counts = verdicts_of(found)
    print("\n| relations | number |\n| --- | ---: |")
    for verdict in ("right", "coarse", "wrong", "not judged"):
        print(f"| {verdict} | {counts[verdict]} |")
    total = counts["right"] + counts["coarse"] + counts["wrong"]
    if total:
        print(f"\n{counts['right'] / total:.2f} of {total} judged relations are right,")
        print(f"{(counts['right'] + counts['coarse']) / total:.2f} right or right but coarse.")
    by_pattern: dict[str, Counter[str]] = {}
    for verdict, pattern in judged().values():
        by_pattern.setdefault(pattern, Counter())[verdict] += 1
    print("\n| pattern | judged | right | coarse | wrong |\n| --- | ---: | ---: | ---: | ---: |")
    for pattern, each in sorted(by_pattern.items()):
        numbers = " | ".join(str(each[v]) for v in ("right", "coarse", "wrong"))
        print(f"| {pattern} | {sum(each.values())} | {numbers} |")


if __name__ == "__main__":
    main()
