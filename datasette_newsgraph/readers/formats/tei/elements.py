"""What the elements of a text are: names, breaks, zones, what is read and what is not."""

from __future__ import annotations

from datasette_newsgraph.article import ZoneName
from datasette_newsgraph.readers.formats.tei.flow import Break

#: Names with the labels that they are given unless their type says more.
NAMES: dict[str, str | None] = {
    "persName": "persName",
    "orgName": "orgName",
    "placeName": "placeName",
    "geogName": "geogName",
    "settlement": "placeName",
    "district": "placeName",
    "region": "placeName",
    "country": "placeName",
    "bloc": "placeName",
    "objectName": "object",
    "eventName": "event",
    "date": "date",
    "rs": None,
    "name": None,
}
#: Names of which the type says what they are of; of the others it says what kind of name they are.
TYPED = frozenset({"rs", "name"})

_PARAGRAPHS = (
    "p ab head div div0 div1 div2 div3 div4 div5 div6 div7 lg list table figure u sp opener closer"
    " byline dateline signed salute trailer titlePart docAuthor docDate docImprint epigraph argument"
    " postscript stage castList titlePage front back body group text floatingText listBibl figDesc"
    " docTitle caption"
)
_LINES = "l item row label speaker castItem addrLine fw"
BREAKS: dict[str, Break] = {
    **dict.fromkeys(_PARAGRAPHS.split(), Break.PARAGRAPH),
    **dict.fromkeys(_LINES.split(), Break.LINE),
    "cell": Break.SPACE,
    "gap": Break.SPACE,
}
#: Where a line, a column or a page of the source ends, maybe within a word.
MILESTONES = frozenset({"lb", "pb", "cb", "gb", "milestone"})

ZONES: dict[str, ZoneName] = {
    "byline": "byline",
    "docAuthor": "byline",
    "signed": "byline",
    "dateline": "dateline",
    "docDate": "dateline",
    "docTitle": "title",
    "figDesc": "caption",
    "caption": "caption",
    "back": "footer",
}
#: Elements that are no text to be read: what was struck out, running heads, apparatus, metadata.
SKIPPED = frozenset(
    [
        "del",
        "surplus",
        "fw",
        "facsimile",
        "sourceDoc",
        "xenoData",
        "graphic",
        "formula",
        "notatedMusic",
        "binaryObject",
        "index",
        "interp",
        "interpGrp",
        "spanGrp",
        "linkGrp",
        "fLib",
        "fvLib",
        "listTranspose",
        "am",
        "metamark",
        "certainty",
        "precision",
        "desc",
        "listChange",
    ]
)
#: What an edition gives beside what it prefers: the first that stands together is read.
ALTERNATIVES = {
    "choice": frozenset({"orig", "sic", "abbr"}),
    "app": frozenset({"rdg", "rdgGrp", "witDetail", "note"}),
}
#: Notes that stand in these stand in a sentence: they are read behind the text.
INLINE = frozenset(
    [
        "p",
        "ab",
        "head",
        "seg",
        "s",
        "l",
        "item",
        "cell",
        "quote",
        "q",
        "said",
        "hi",
        "name",
        "rs",
        "persName",
        "placeName",
        "orgName",
        "title",
        "emph",
        "foreign",
        "date",
        "ref",
        "bibl",
        "cit",
        "salute",
        "signed",
        "dateline",
        "byline",
        "label",
        "w",
        "term",
        "mentioned",
        "soCalled",
    ]
)
#: Where on a page notes stand that are apart from the text.
APART = frozenset({"foot", "bottom", "end", "margin"})
#: What somebody is quoted with, or says; those in ``SAID`` are quotes whoever says them.
QUOTES = frozenset({"said", "q", "quote", "u", "sp"})
SAID = frozenset({"said"})
TOKENS = frozenset({"w", "pc", "c"})
#: Registers, which are no text wherever they stand.
LISTS = frozenset({"listPerson", "listPlace", "listOrg", "listEvent", "listObject", "listRelation"})
