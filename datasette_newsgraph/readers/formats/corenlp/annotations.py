"""What the annotations of a CoreNLP document say: entities, coreference, triples and quotes."""

from __future__ import annotations

import re
from bisect import bisect_right

from datasette_newsgraph.article import Entity, Evidence, Mention, Quote
from datasette_newsgraph.authorities import wikipedia_page
from datasette_newsgraph.identity import normalise_name
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.building import NORMALISED_VALUE, POSSIBLY_SAME, Building
from datasette_newsgraph.readers.formats.corenlp.document import (
    CorefMention,
    Document,
    DocumentTokens,
    EntityMention,
    Triple,
)
from datasette_newsgraph.readers.plain_values import datatype_of

_NOBODY = ("", "Unknown")
_ARTICLE = re.compile(r"\A(?:the|an?) ")
_TEMPORAL = ("DATE", "TIME")
#: "Barack Obama, the 44th president of the United States" is a proper noun too, but no name.
_MOST_WORDS_OF_A_NAME = 5


class Annotations:
    """The annotations of one document, each of which may refer to those before it."""

    def __init__(self, document: Document, tokens: DocumentTokens) -> None:
        self.document = document
        self.tokens = tokens
        self.building = Building(tokens.text, tokens.unit)
        self.by_name: dict[str, Entity] = {}
        self.by_span: dict[tuple[int, int], Entity] = {}
        #: The entity of whatever coreference gave a place, pronouns too.
        self.by_link: dict[tuple[int, int], Entity] = {}
        self.values: set[tuple[str, str]] = set()
        for number, sentence in enumerate(document.sentences or ()):
            for place, mention in enumerate(sentence.entitymentions or ()):
                index = number if sentence.index is None else sentence.index
                self._mention(f"sentences[{number}].entitymentions[{place}]", mention, index)
        self.spans = sorted(self.by_span)
        self._aliases: set[tuple[str, str]] = set()
        self._pairs: set[tuple[str, str]] = set()
        for key, chain in (document.corefs or {}).items():
            self._chain(f"corefs[{key!r}]", chain)
        for number, sentence in enumerate(document.sentences or ()):
            index = number if sentence.index is None else sentence.index
            for name, triples in (("kbp", sentence.kbp), ("openie", sentence.openie)):
                for place, triple in enumerate(triples or ()):
                    self._triple(f"sentences[{number}].{name}[{place}]", triple, index)
        self._quotes()

    def _mention(self, place: str, mention: EntityMention, sentence: int) -> None:
        if _is_pronoun(mention.text or ""):
            return
        start = self.tokens.offset(mention.character_offset_begin)
        end = self.tokens.offset(mention.character_offset_end)
        if start is None or end is None:
            first, last = mention.token_begin, mention.token_end
            span = None if first is None or last is None else self._span(sentence, [first, last])
            start, end = span or (None, None)
        sure = (mention.ner_confidences or {}).get(mention.ner or "")
        entity = self.building.mention(
            place,
            mention,
            mention.ner,
            start,
            end,
            mention.text,
            # Rules are not sure to any degree: -1.
            confidence=None if sure is None or sure < 0 else sure,
            same_as=_wikipedia_page(mention.entitylink),
        )
        if entity is None:
            return
        self.by_name.setdefault(normalise_name(mention.text or entity.name), entity)
        if start is not None and end is not None:
            self.by_span.setdefault((start, end), entity)
        timex = mention.timex
        value = (timex and timex.value) or mention.normalized_ner
        if value and value.strip() and (entity.id, value) not in self.values:
            self.values.add((entity.id, value))
            of_date = mention.ner in _TEMPORAL or bool(timex)
            datatype = datatype_of(value, of_date=of_date)
            self.building.relation(entity, NORMALISED_VALUE, value=value, datatype=datatype)

    def _span(self, sentence: int, pair: list[int] | None) -> tuple[int, int] | None:
        if pair is None or len(pair) != 2:
            return None
        span = self.tokens.span(sentence, pair[0], pair[1], 0)
        return span and (span.start, span.end)

    # Coreference --------------------------------------------------------------------------------

    def _chain(self, place: str, chain: list[CorefMention]) -> None:
        # The representative mention first: the sort is stable.
        for link in (ordered := sorted(chain, key=lambda each: not each.is_representative_mention)):
            entity = self._named(link)
            if entity is not None:
                break
        else:
            return  # It names nobody.
        for link in ordered:
            sentence, first, end = _tokens_of(link)
            words = _name(link.text or "")
            span = self.tokens.span(sentence, first, end, 2 * len(words) + 2)
            if span is None:
                if link.start_index is not None and not self.tokens.sentence(sentence):
                    self.building.fault(f"{place}: has no sentence {link.sent_num}", link)
                continue
            named = self._named(link)
            self.by_link.setdefault((span.start, span.end), named or entity)
            surface = span.surface if _same_words(span.surface, link.text) else words
            if link.type == "PROPER" and words and len(words.split()) <= _MOST_WORDS_OF_A_NAME:
                self._alias(named or entity, words)
            if named is None and link.type in ("PROPER", "NOMINAL") and surface:
                entity.mentions.append(Mention(start=span.start, end=span.end, text=surface))
            if named is not None and named is not entity:
                self._possibly_same(
                    named, entity, Evidence(start=span.start, end=span.end, text=surface or None)
                )

    def _alias(self, entity: Entity, name: str) -> None:
        """Add another name of an entity, by which it is found as well."""
        if name != entity.name and (entity.id, name) not in self._aliases:
            self._aliases.add((entity.id, name))
            entity.aliases.append(name)
        self.by_name.setdefault(normalise_name(name), entity)

    def _possibly_same(self, one: Entity, other: Entity, evidence: Evidence) -> None:
        if (one.id, other.id) not in self._pairs:
            self._pairs.add((one.id, other.id))
            self.building.relation(one, POSSIBLY_SAME, other, evidence=[evidence])

    def _named(self, link: CorefMention) -> Entity | None:
        """Return the entity mention that a proper noun has for its head, or that it is."""
        sentence, first, end = _tokens_of(link)
        span = self._span(sentence, [first, end])
        if span is None:
            return None
        if span in self.by_span:
            return self.by_span[span]
        head = None if link.head_index is None else link.head_index - 1
        at = None if head is None else self._span(sentence, [head, head + 1])
        if link.type != "PROPER" or at is None:
            return None
        before = bisect_right(self.spans, (at[0], 1 << 62)) - 1
        if before < 0:
            return None
        start, stop = self.spans[before]
        if at[1] <= stop and span[0] <= start and stop <= span[1]:
            return self.by_span[start, stop]
        return None

    # Triples ------------------------------------------------------------------------------------

    def _triple(self, place: str, triple: Triple, sentence: int) -> None:
        subject = self._argument(f"{place}: subject", triple.subject, triple.subject_span, sentence)
        if subject is None:
            return
        object_ = self._argument(f"{place}: object", triple.object, triple.object_span, sentence)
        if object_ is None:
            return
        whole = self.tokens.sentence(sentence)
        self.building.relation(
            subject,
            triple.relation,
            object_,
            confidence=triple.confidence,
            evidence=[]
            if whole is None
            else [Evidence(start=whole.start, end=whole.end, text=whole.surface)],
        )

    def _argument(
        self, place: str, gloss: str | None, pair: list[int] | None, sentence: int
    ) -> Entity | None:
        words = gloss or ""
        first, end = pair if pair and len(pair) == 2 else (0, 0)
        span = self.tokens.span(sentence, first, end, 2 * len(words) + 2)
        at = span and self.by_span.get((span.start, span.end))
        name = normalise_name(_name(words))
        if at is not None and normalise_name(at.name) == name:
            return at
        # KBP names whom the words at the span mean: "Barack Obama" of "he".
        found = self.by_name.get(name) or at or self.by_name.get(_ARTICLE.sub("", name, count=1))
        if found is None and span is not None:
            found = self.by_link.get((span.start, span.end))
        if found is not None:
            return found
        if span is None:
            # Somewhere in its sentence.
            span = self.tokens.sentence(sentence)
        surface = words
        if span is not None and _same_words(span.surface, words):
            surface = span.surface
        start, stop = (span.start, span.end) if span is not None else (None, None)
        thing = self.building.mention(place, gloss, None, start, stop, surface, name=words)
        if thing is not None:
            thing.local = True
        return thing

    # Quotes -------------------------------------------------------------------------------------

    def _quotes(self) -> None:
        for number, quote in enumerate(self.document.quotes or ()):
            start = self.tokens.offset(quote.begin_index)
            end = self.tokens.offset(quote.end_index)
            if not (quote.text and quote.text.strip()) and self.building.words(start, end) is None:
                self.building.fault(f"quotes[{number}]: has no words", quote)
                continue
            speaker = self._speaker(f"quotes[{number}]", quote.canonical_speaker, quote.speaker)
            self.building.quotes.append(
                Quote(
                    speaker=speaker.id if speaker else None,
                    start=start,
                    end=end,
                    text=quote.text,
                    direct=True,
                )
            )

    def _speaker(self, place: str, *names: str | None) -> Entity | None:
        given = [each for each in names if each is not None and each.strip() not in _NOBODY]
        for name in given:
            if known := self.by_name.get(normalise_name(name)):
                return known
        # Who speaks is a person, though no named one.
        for name in given:
            if not _is_pronoun(name):
                speaker = self.building.mention(place, name, "PERSON", None, None, name)
                if speaker is not None:
                    self.by_name[normalise_name(name)] = speaker
                return speaker
        return None


def _tokens_of(link: CorefMention) -> tuple[int, int, int]:
    """Return sentence, first token and end, counted from 0."""
    return (link.sent_num or 0) - 1, (link.start_index or 0) - 1, (link.end_index or 0) - 1


def _name(words: str) -> str:
    words = words.strip()
    for genitive in (" 's", " ’s", "'s", "’s"):
        words = words.removesuffix(genitive)
    return words


def _same_words(one: str, other: str | None) -> bool:
    """Tell whether two texts are the same but for white space, which tokens lose."""
    return bool(one) and "".join(one.split()) == "".join((other or "").split())


def _is_pronoun(words: str) -> bool:
    # "US" is none.
    return words.casefold() in pronouns_of("en") and (words.islower() or words.istitle())


def _wikipedia_page(title: str | None) -> list[str]:
    title = (title or "").strip()
    if title in ("", "O", "-"):
        return []
    return [wikipedia_page(title)]
