"""Whom "he said" means: the subject of the sentence before, else the speaker before, else nobody."""

from __future__ import annotations

import pytest

from datasette_newsgraph.article import Article
from datasette_newsgraph.extraction.extractor import Options
from datasette_newsgraph.extraction.layout import lay_out
from datasette_newsgraph.extraction.nlp import make
from datasette_newsgraph.extraction.nlp.spacy_extractor import SpacyExtractor

KOVACS = "Anna Kovacs said the match was lost in the first half."
QUOTE = "“I will not talk about the lost match,” {} said."


@pytest.fixture(scope="module")
def extractor() -> SpacyExtractor:
    made = make(Options())
    assert isinstance(made, SpacyExtractor)
    return made


def speaker_in(extractor: SpacyExtractor, text: str) -> str | None:
    """The speaker of the last direct quote."""
    (found,) = extractor.extract([lay_out(Article(id="a", text=text))])
    assert isinstance(found, Article)
    names = {entity.id: entity.name for entity in found.entities}
    return names.get([quote for quote in found.quotes if quote.direct][-1].speaker or "")


@pytest.mark.parametrize(
    ("paragraphs", "speaker"),
    [
        ([KOVACS, "My rival, Pat Kerrigan, was angry. " + QUOTE.format("he")], "Pat Kerrigan"),
        ([KOVACS, "Tom Li was ill. Pat Kerrigan's sister rang, but he said: “I will stay.”"], None),
        ([KOVACS, "Tom Li was ill. He described Pat Kerrigan as “a very good friend”."], "Tom Li"),
        ([KOVACS, "Coach Pat Kerrigan praised the fans.", QUOTE.format("he")], "Pat Kerrigan"),
        ([KOVACS, "The fans were loud.", QUOTE.format("she")], "Anna Kovacs"),
        ([KOVACS, "The fans of Pat Kerrigan were loud.", QUOTE.format("she")], None),
        ([KOVACS, "She left.", "It rained.", "The fans were loud.", QUOTE.format("she")], None),
        (
            [KOVACS, "“We will come back,” she said. Pat Kerrigan agreed. " + QUOTE.format("he")],
            "Pat Kerrigan",
        ),
        ([KOVACS, "“We will come back,” she said. " + QUOTE.format("he")], None),
    ],
    ids=[
        *("same paragraph", "name beside it", "name behind it", "one before", "last"),
        *("other named", "far", "back", "other pronoun"),
    ],
)  # fmt: skip
def test_who_is_meant(
    extractor: SpacyExtractor, paragraphs: list[str], speaker: str | None
) -> None:
    assert speaker_in(extractor, "\n\n".join(paragraphs)) == speaker


def test_a_paragraph_that_begins_with_a_dateline_has_quotes(extractor: SpacyExtractor) -> None:
    text = "Cup match lost\n\nLIMA (AP) - “We lost the match,” Anna Kovacs said.\n\nIt rained."
    assert speaker_in(extractor, text) == "Anna Kovacs"


def test_a_quote_without_a_verb_is_not_of_who_spoke_before_somebody_was_named(
    extractor: SpacyExtractor,
) -> None:
    text = f"{KOVACS} Then the fans booed Pat Kerrigan. “I will not talk about it at all.”"
    assert speaker_in(extractor, text) is None
