"""Three components for any pipeline of spaCy: layout before the parser, entities and facts behind NER.

Each writes plain dicts to ``doc._.newsgraph`` (:class:`Facts`).
They are entry points of the group ``spacy_factories``, so that ``nlp.add_pipe("newsgraph_layout",
first=True)`` works wherever this package is installed.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from datasette_newsgraph.article import Article
from datasette_newsgraph.extraction.layout import lay_out
from datasette_newsgraph.extraction.layout.blocks import Block, cut
from datasette_newsgraph.extraction.nlp.facts import Facts, as_name, facts_in, names_in, zones_of
from datasette_newsgraph.extraction.nlp.lexicons import lexicon_for
from datasette_newsgraph.extraction.nlp.page import Page

LAYOUT, ENTITIES, FACTS = "newsgraph_layout", "newsgraph_entities", "newsgraph_facts"

if not Doc.has_extension("newsgraph"):
    Doc.set_extension("newsgraph", default=None)


def facts_of(doc: Doc) -> Facts:
    """Return what the components know of a document so far; they add to it."""
    if doc._.newsgraph is None:
        doc._.newsgraph = {}
    found: Facts = doc._.newsgraph
    return found


@Language.factory(LAYOUT)
class LayoutComponent:
    """Finds the zones of a page, unless they are given, and lets a sentence begin with each block."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Add ``zones``, ``published`` and ``publisher`` to a document."""
        facts, text = facts_of(doc), doc.text
        if "zones" not in facts:
            page = lay_out(Article(id="", text=text))
            facts["zones"] = [
                {"zone": each.zone, "start": each.start, "end": each.end} for each in page.zones
            ]
            facts["published"], facts["publisher"] = page.published, page.publisher
        begins = {block.start for block in cut(text)}
        begins |= {zone["end"] + 1 for zone in facts["zones"] if zone["zone"] == "dateline"}
        for index, start in enumerate(doc.to_array(["IDX"]).tolist()):
            if start in begins:
                doc[index].is_sent_start = True
        return doc


@Language.factory(ENTITIES, default_config={"lexicons": []})
class EntitiesComponent:
    """Finds the names of a page: those of the model, put right and completed."""

    def __init__(self, nlp: Language, name: str, lexicons: list[str]) -> None:
        self.name = name
        self.lexicon = lexicon_for(nlp.lang, lexicons)

    def __call__(self, doc: Doc) -> Doc:
        """Add ``names`` to a document."""
        facts = facts_of(doc)
        publisher = facts.get("publisher")
        given = [publisher] if publisher else []
        facts["names"] = names_in(page_of(doc), self.lexicon, given)
        return doc


@Language.factory(FACTS, default_config={"lexicons": []})
class FactsComponent:
    """Finds dates, quotes and relations between the names of a page."""

    def __init__(self, nlp: Language, name: str, lexicons: list[str]) -> None:
        self.name = name
        self.lexicon = lexicon_for(nlp.lang, lexicons)

    def __call__(self, doc: Doc) -> Doc:
        """Add ``dates``, ``quotes`` and ``relations`` to a document."""
        facts = facts_of(doc)
        names = [as_name(name) for name in facts.get("names", [])]
        page = page_of(doc)
        blocks: list[Block] = cut(page.text)
        facts.update(facts_in(page, names, self.lexicon, blocks, facts.get("published")))
        return doc


#: The page that was made last: two components follow each other on one document.
_last: list[Page] = []


def page_of(doc: Doc) -> Page:
    """Return the page of a document whose zones are known."""
    if not _last or _last[0].doc is not doc:
        _last[:] = [Page(doc, zones_of(facts_of(doc)))]
    return _last[0]
