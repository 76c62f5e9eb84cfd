"""Labels of corpora that systems for relations and historical newspapers are trained on."""

from __future__ import annotations

from datasette_newsgraph.labels.rules import ALIAS, DROP, NUMBER, Preset

CONLL04 = Preset(
    "CoNLL04",
    {"Peop": "Person", "Org": "Organization", "Loc": "Place", "Other": "Thing"},
    {
        "Kill": "killed",
        "Live_In": "lives in",
        "Located_In": "located in",
        "OrgBased_In": "based in",
        "Work_For": "works for",
    },
)

CROSSRE = Preset(
    "CrossRE and CrossNER",
    {
        "person": "Person",
        "politician": "Person",
        "researcher": "Person",
        "scientist": "Person",
        "writer": "Person",
        "musicalartist": "Person",
        "organisation": "Organization",
        "politicalparty": "Organization",
        "university": "Organization",
        "band": "Organization",
        "location": "Place",
        "country": "Place",
        "event": "Event",
        "election": "Event",
        "conference": "Event",
        "album": "CreativeWork",
        "song": "CreativeWork",
        "book": "CreativeWork",
        "poem": "CreativeWork",
        "magazine": "CreativeWork",
        "academicjournal": "CreativeWork",
        "literarygenre": "Concept",
        "musicgenre": "Concept",
        "discipline": "Concept",
        "field": "Concept",
        "theory": "Concept",
        "task": "Task",
        "algorithm": "Method",
        "metrics": "Metric",
        "award": "Award",
        "product": "Product",
        "musicalinstrument": "Product",
        "programlang": "Language",
        "astronomicalobject": "CelestialBody",
        "chemicalcompound": "Substance",
        "chemicalelement": "Substance",
        "enzyme": "Substance",
        "protein": "Substance",
        "misc": "Thing",
    },
    {
        "artifact": "artifact",
        "cause-effect": "causes",
        "compare": "compared with",
        "general-affiliation": "affiliation",
        "named": ALIAS,
        "opposite": "opposed to",
        "origin": "origin",
        "part-of": "part of",
        "physical": "located in",
        "related-to": "related to",
        "role": "has role in",
        "social": "social relation with",
        "temporal": "happened at",
        "topic": "topic",
        "type-of": "type of",
        "usage": "uses",
        "win-defeat": "won against",
    },
)

SCIERC = Preset(
    "SciERC",
    {
        "Task": "Task",
        "Method": "Method",
        "Metric": "Metric",
        "Material": "Material",
        "OtherScientificTerm": "Concept",
        "Generic": "Thing",
    },
    {
        "COMPARE": "compared with",
        "CONJUNCTION": "named together with",
        "EVALUATE-FOR": "measures",
        "FEATURE-OF": "feature of",
        "HYPONYM-OF": "type of",
        "PART-OF": "part of",
        "USED-FOR": "used for",
    },
)

MREBEL = Preset(
    "mREBEL",
    {
        "per": "Person",
        "org": "Organization",
        "loc": "Place",
        "eve": "Event",
        "date": "Date",
        "time": "Time",
        "cel": "CelestialBody",
        "concept": "Concept",
        "dis": "Disease",
        "media": "CreativeWork",
        "misc": "Thing",
        "num": NUMBER,
        "number": NUMBER,
        "unk": "Thing",
    },
)

RE3D = Preset(
    "re3d",
    {
        "Organisation": "Organization",
        "Person": "Person",
        "Location": "Place",
        "Coordinate": "Place",
        "Temporal": "Date",
        "Nationality": "Nationality",
        "MilitaryPlatform": "Vehicle",
        "Vehicle": "Vehicle",
        "Weapon": "Weapon",
        "DocumentReference": "CreativeWork",
        "CommsIdentifier": "PhoneNumber",
        "Url": "WebAddress",
        "Frequency": NUMBER,
        "Money": NUMBER,
        "Quantity": NUMBER,
    },
    {
        "AlliesOf": "ally of",
        "Apart": "apart from",
        "BelongsTo": "belongs to",
        "CoLocated": "located with",
        "CommWith": "communicates with",
        "Dislikes": "dislikes",
        "FightingAgainst": "fighting against",
        "HasAttrOf": "has attribute",
        "InChargeOf": "in charge of",
        "IsSynonymOf": ALIAS,
        "Likes": "likes",
    },
)

_HIPE = {
    "Person": "pers pers.ind pers.ind.articleauthor pers.coll",
    "Organization": "org org.adm org.ent org.ent.pressagency",
    "Place": (
        "loc loc.adm loc.adm.town loc.adm.reg loc.adm.nat loc.adm.sup loc.phys loc.phys.geo"
        " loc.phys.hydro loc.phys.astro loc.oro loc.fac loc.add loc.add.phys loc.add.elec loc.unk"
        " building street"
    ),
    "Product": "prod prod.doctr object humanprod HumanProd",
    "CreativeWork": "prod.media work scope",
    "Date": "time time.date time.date.abs date",
    "Time": "time.hour time.hour.abs",
}
HIPE = Preset(
    "HIPE 2020 and 2022",
    {label: type_ for type_, labels in _HIPE.items() for label in labels.split()},
)

GUM = Preset(
    "GUM and CorefUD",
    {
        "abstract": "Concept",
        "animal": "Species",
        "event": "Event",
        "number": NUMBER,
        "object": "Thing",
        "organization": "Organization",
        "other": "Thing",
        "person": "Person",
        "place": "Place",
        "plant": "Species",
        "substance": "Substance",
        "time": "Time",
    },
)

GMB = Preset(
    "Groningen Meaning Bank",
    {
        "art": "Product",
        "eve": "Event",
        "geo": "Place",
        "gpe": "Place",
        "nat": "Thing",
        "org": "Organization",
        "per": "Person",
        "tim": "Date",
    },
)

TEI = Preset(
    "TEI",
    {
        "persName": "Person",
        "person": "Person",
        "orgName": "Organization",
        "org": "Organization",
        "institution": "Organization",
        "placeName": "Place",
        "place": "Place",
        "geogName": "Place",
        "settlement": "Place",
        "event": "Event",
        "work": "CreativeWork",
        "bibl": "CreativeWork",
        "title": "CreativeWork",
        "date": "Date",
        "time": "Time",
        "group": "Group",
        "object": "Thing",
    },
)

NYT = Preset(
    "NYT and NYT10, relations of Freebase",
    predicates={
        "NA": DROP,
        "None": DROP,
        "/business/company/advisors": "advised by",
        "/business/company/founders": "founded by",
        "/business/company/industry": "industry",
        "/business/company/major_shareholders": "owned by",
        "/business/company/place_founded": "location of formation",
        "/business/company_shareholder/major_shareholder_of": "owner of",
        "/business/person/company": "works for",
        "/location/administrative_division/country": "country",
        "/location/country/administrative_divisions": "contains place",
        "/location/country/capital": "capital",
        "/location/location/contains": "contains place",
        "/location/neighborhood/neighborhood_of": "part of",
        "/people/deceased_person/place_of_death": "place of death",
        "/people/ethnicity/geographic_distribution": "residence",
        "/people/ethnicity/people": "member",
        "/people/person/children": "child",
        "/people/person/ethnicity": "ethnic group",
        "/people/person/nationality": "nationality",
        "/people/person/place_lived": "residence",
        "/people/person/place_of_birth": "place of birth",
        "/people/person/profession": "occupation",
        "/people/person/religion": "religion",
        "/sports/sports_team/location": "location",
        "/sports/sports_team_location/teams": "location of team",
    },
)

CAT = Preset(
    "MEANTIME",
    {
        "PER": "Person",
        "ORG": "Organization",
        "LOC": "Place",
        "PRO": "Product",
        "FIN": "Concept",
        "MIX": "Thing",
        "EVENT": "Event",
        "MONEY": NUMBER,
        "PERCENT": NUMBER,
        "QUANTITY": NUMBER,
        "DATE": "Date",
        "TIME": "Time",
        "DURATION": "Time",
        "SET": "Time",
    },
    {"CLINK": "causes"},
)
