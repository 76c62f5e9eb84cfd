"""The table of presets: the label schemes that are known, by the names that formats and maps use."""

from __future__ import annotations

from functools import cache

from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.labels import corpora, newswire, own, services
from datasette_newsgraph.labels.followthemoney import FOLLOWTHEMONEY
from datasette_newsgraph.labels.rules import Preset, rules_of
from datasette_newsgraph.labels.wikidata import DOCRED, WIKIDATA, WIKIDATA_CLASSES
from datasette_newsgraph.vocabulary import PREDICATES as PUBLISHED

PRESETS: dict[str, Preset] = {
    "ontonotes": newswire.ONTONOTES,
    "conll": newswire.CONLL,
    "ace": newswire.ACE,
    "corenlp": newswire.CORENLP,
    "kbp": newswire.KBP,
    "conll04": corpora.CONLL04,
    "crossre": corpora.CROSSRE,
    "scierc": corpora.SCIERC,
    "docred": DOCRED,
    "wikidata": WIKIDATA,
    "wikidata_classes": WIKIDATA_CLASSES,
    "mrebel": corpora.MREBEL,
    "nyt": corpora.NYT,
    "re3d": corpora.RE3D,
    "hipe": corpora.HIPE,
    "gum": corpora.GUM,
    "gmb": corpora.GMB,
    "tei": corpora.TEI,
    "cat": corpora.CAT,
    "followthemoney": FOLLOWTHEMONEY,
    "google": services.GOOGLE,
    "comprehend": services.COMPREHEND,
    "uie": services.UIE,
    "gate": services.GATE,
    "schema_org": services.SCHEMA_ORG,
    "plain": services.PLAIN,
}


@cache
def known_predicates() -> frozenset[str]:
    """Return the normalised predicates that need no mapping: published ones, our own, and those that
    presets map to.
    """
    targets = {
        normalise_label(rule.label)
        for preset in PRESETS.values()
        for rule in rules_of(preset)[1].values()
        if rule.label
    }
    return frozenset(PUBLISHED) | own.PREDICATES | targets
