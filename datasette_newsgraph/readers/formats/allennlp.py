"""Read what AllenNLP predicts: names, coreference, and the arguments of verbs (SRL, OpenIE).

- ``words`` with ``tags`` (BIOUL) are names. Each record is one sentence.
- ``verbs`` state relations: of the first argument (``ARG0``, or else ``ARG1``) to the next, with the
  words of the verb as predicate, and the sentence as evidence. Arguments are things that are local to
  the article, unless they are names. Other arguments (``ARGM-TMP``, ``ARG3``) are counted.
- Each of the ``clusters`` of a ``document`` is one entity, a ``Thing``, as nothing tells a type. Its
  name is what most of its names are, or a longer one that contains it. What is a name is told by
  capitals. Other words are mentions, pronouns are counted and not taken. A cluster without a name is
  local to the article.
- The text is the tokens, joined by blanks.

Offsets: tokens of the record, from 0, end inclusive.

Example::

    {"words": ["Wangari", "Maathai", "lives", "in", "Nairobi", "."],
     "tags": ["B-PER", "L-PER", "O", "O", "U-LOC", "O"],
     "mask": [true, true, true, true, true, true], "logits": [[0.1]],
     "verbs": [{"verb": "lives", "description": "[ARG0: Wangari Maathai] [V: lives] …",
                "tags": ["B-ARG0", "I-ARG0", "B-V", "B-ARG1", "I-ARG1", "O"]}]}
"""

from __future__ import annotations

from collections import Counter

from msgspec import field

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.chains import Chains, Link, core, kind_of, plain_words
from datasette_newsgraph.readers.columns.tag_lists import add_names, check_lengths, joined
from datasette_newsgraph.readers.columns.tags import OUTSIDE, spans, tag_of
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.tokens import JoinedText, TokenSpan

__all__ = ["entries", "parse"]

_VERB = "V"
#: The arguments of a verb, of which the first two are taken.
_CORE = ("ARG0", "ARG1", "ARG2")


class _Verb(Shape):
    verb: str | None = None
    tags: list[str] = field(default_factory=list)


class _Prediction(Shape):
    words: list[str] = field(default_factory=list)
    tags: list[str] | None = None
    verbs: list[_Verb] | None = None
    document: list[str] = field(default_factory=list)
    clusters: list[list[list[int]]] | None = None
    id: str | int | None = None


def parse(raw: bytes) -> Parsed:
    """Make one prediction an article; raises RecordError if it has no tokens."""
    given = decode(raw, _Prediction)
    tokens = given.words or given.document
    text = joined(tokens)
    building = Building(text.text)
    passed_over: Counter[str] = Counter()
    if given.tags:
        check_lengths(tokens, given.tags, "tags")
        add_names(building, text, given.tags, "tags")
    if given.clusters:
        passed_over += _add_clusters(building, text, tokens, given.clusters)
    if given.verbs:
        passed_over += _add_verbs(building, text, given.verbs)
    parsed = building.finish("AllenNLP", local_ids=(given.id,), passed_over=passed_over)
    parsed.is_joined = True
    return parsed


# Coreference ------------------------------------------------------------------------------------


def _add_clusters(
    building: Building, text: JoinedText, tokens: list[str], clusters: list[list[list[int]]]
) -> Counter[str]:
    plain = plain_words(tokens)
    found: dict[str, list[Link]] = {}
    for number, cluster in enumerate(clusters):
        for index, ends in enumerate(cluster):
            place = f"clusters[{number}][{index}]"
            if len(ends) != 2 or not 0 <= ends[0] <= ends[1] < len(tokens):
                building.fault(f"{place}: {ends} is no span of {len(tokens)} tokens", ends)
                continue
            first, end = ends[0], ends[1] + 1
            kind = kind_of(tokens, first, end, plain)
            link = Link(place, first, end, kind, core(tokens, first, end))
            found.setdefault(str(number), []).append(link)
    chains = Chains(building, tokens, text.span)
    chains.add(found)
    return chains.passed_over


# Verbs ------------------------------------------------------------------------------------------


def _add_verbs(building: Building, text: JoinedText, verbs: list[_Verb]) -> Counter[str]:
    passed_over: Counter[str] = Counter()
    known = {
        (each.start, each.end): entity for entity in building.entities for each in entity.mentions
    }
    for number, verb in enumerate(verbs):
        place = f"verbs[{number}]"
        if len(verb.tags) != len(text.tokens):
            reason = f"{len(verb.tags)} tags of {len(text.tokens)} tokens"
            building.fault(f"{place}: {reason}", verb.verb)
            continue
        found: dict[str, TokenSpan] = {}
        for first, end, label in spans(
            tag_of(tag, "prefixed", ("O",)) or OUTSIDE for tag in verb.tags
        ):
            span = text.span(first, end)
            if span is not None and label not in found:
                found[label] = span
        ends = [label for label in _CORE if label in found][:2]
        others = len(found) - len(ends) - (_VERB in found)
        if len(ends) < 2:
            passed_over["verbs with less than two arguments"] += 1
            continue
        if others:
            passed_over["further arguments of verbs"] += others
        subject, object_ = (
            _argument(building, known, f"{place}: {label}", found[label]) for label in ends
        )
        if subject is not None and object_ is not None:
            predicate = found[_VERB].surface if _VERB in found else verb.verb
            whole = Evidence(start=0, end=len(text.text), text=text.text)
            building.relation(subject, predicate, object_, evidence=[whole])
    return passed_over


def _argument(
    building: Building,
    known: dict[tuple[int | None, int | None], Entity],
    place: str,
    span: TokenSpan,
) -> Entity | None:
    entity = known.get((span.start, span.end))
    if entity is None:
        entity = building.mention(place, span.surface, None, *span)
        if entity is not None:
            entity.local = True
            known[span.start, span.end] = entity
    return entity
