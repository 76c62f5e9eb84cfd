"""Wikidata's classes that corpora give as types, and our types for them."""

from __future__ import annotations

from collections.abc import Iterable

#: By our types, the most telling first: of what is a brand, a product and an organization, the news
#: speak as of the organization; and of a state, which is one, too, as of a place.
_BY_TYPE = {
    "Person": "Q215627 Q5 Q95074 Q3658341 Q15632617",
    "Place": (
        "Q17334923 Q27096213 Q2221906 Q618123 Q82794 Q15642541 Q56061 Q6256 Q3624078 Q515 Q1549591"
        " Q486972 Q35657 Q5107 Q23442 Q4022 Q8502 Q46831 Q23397 Q165 Q41176 Q811979 Q1248784 Q13226383"
        " Q839954 Q19953632 Q1048835"
    ),
    "Organization": (
        "Q43229 Q4830453 Q783794 Q891723 Q6881511 Q7278 Q327333 Q31855 Q3918 Q38723 Q476028 Q847017"
        " Q12973014 Q1194951 Q11032 Q192283 Q41298 Q1616075 Q163740 Q16334295 Q215380"
    ),
    "Event": "Q1656682 Q1190554 Q13418847 Q198 Q178561 Q16510064 Q27020041 Q40231 Q132241 Q2020153",
    "Law": "Q7748 Q820655 Q131569",
    "Award": "Q618779 Q4220917",
    "CreativeWork": (
        "Q17537576 Q732577 Q11424 Q5398426 Q15416 Q7725634 Q571 Q2188189 Q482994 Q134556 Q7889 Q838948"
        " Q3305213 Q47461344 Q2431196 Q105543609"
    ),
    "Group": "Q41710 Q231002 Q33829 Q2472587",
    "Language": "Q34770 Q17376908 Q315",
    "Religion": "Q9174 Q13414953 Q5390013",
    "Ideology": "Q12909644 Q7257",
    "JobTitle": "Q4164871 Q12737077 Q28640 Q294414",
    "Disease": "Q12136 Q112193867 Q18123741",
    "Species": "Q16521 Q729 Q756 Q7432",
    "Substance": "Q11173 Q79529 Q11344 Q8386 Q12140 Q113145171",
    "CelestialBody": "Q6999 Q523 Q634",
    "Vehicle": "Q42889 Q29048322 Q11446 Q11436",
    "Weapon": "Q728 Q15142894",
    "Product": "Q2424752 Q431289 Q1183543 Q7397 Q9143 Q28877",
    "Date": "DATETIME",
    "Concept": "Q7184903 Q151885 Q11862829 Q349 Q31629 Q2267705 Q188451 Q8142",
    "Quantity": "QUANTITY",
    "Thing": "OTHER Q35120 Q488383",
}
#: Our types by the ids of classes, and by what ELEVANT has in their place, in order of preference.
CLASSES = {id_: type_ for type_, ids in _BY_TYPE.items() for id_ in ids.split()}
_RANKS = {id_: rank for rank, id_ in enumerate(CLASSES)}


def most_telling(classes: Iterable[str]) -> str | None:
    """Return the one of a thing's classes by which its type is told; the first if none is known, None
    if there is none.

    >>> most_telling(["Q2424752", "Q431289", "Q43229"])
    'Q43229'
    """
    return min(classes, key=lambda id_: _RANKS.get(id_, len(_RANKS)), default=None)
