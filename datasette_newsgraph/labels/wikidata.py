"""The labels of Wikidata's properties, and of corpora that are labelled with them."""

from __future__ import annotations

from datasette_newsgraph.labels.rules import NUMBER, Preset, Rule
from datasette_newsgraph.wikidata_classes import CLASSES
from datasette_newsgraph.wikidata_properties import KNOWN, PROPERTIES

#: What stands before a property's id where it is a predicate: Wikidata's prefix ``wdt``.
DIRECT = "http://www.wikidata.org/prop/direct/"

_BY_ID = {id_: Rule(label, DIRECT + id_) for id_, label in KNOWN.items()}

#: By id, as DocRED writes properties, and by label, as what REBEL generates reads.
WIKIDATA = Preset(
    "Wikidata's properties",
    predicates={
        **_BY_ID,
        **{label: _BY_ID[id_] for id_, label in KNOWN.items()},
    },
)

#: Types by the ids of classes; numbers are none.
WIKIDATA_CLASSES = Preset(
    "Wikidata's classes",
    {id_: NUMBER if type_ == "Quantity" else type_ for id_, type_ in CLASSES.items()},
)

DOCRED = Preset(
    "DocRED and Re-DocRED",
    {
        "PER": "Person",
        "ORG": "Organization",
        "LOC": "Place",
        "MISC": "Thing",
        "TIME": "Date",
        "NUM": NUMBER,
    },
    {id_: _BY_ID[id_] for id_ in PROPERTIES},
)
