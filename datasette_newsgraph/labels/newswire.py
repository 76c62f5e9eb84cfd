"""Labels of the schemes that most tools for news are trained on."""

from __future__ import annotations

from datasette_newsgraph.labels.rules import ALIAS, DROP, NUMBER, Preset, Rules

ONTONOTES = Preset(
    "OntoNotes 5",
    {
        "PERSON": "Person",
        "NORP": "Group",
        "FAC": "Place",
        "ORG": "Organization",
        "GPE": "Place",
        "LOC": "Place",
        "PRODUCT": "Product",
        "EVENT": "Event",
        "WORK_OF_ART": "CreativeWork",
        "LAW": "Law",
        "LANGUAGE": "Language",
        "DATE": "Date",
        "TIME": "Time",
        "PERCENT": NUMBER,
        "MONEY": NUMBER,
        "QUANTITY": NUMBER,
        "ORDINAL": NUMBER,
        "CARDINAL": NUMBER,
    },
)

CONLL = Preset(
    "CoNLL-2003",
    {
        "PER": "Person",
        "PERS": "Person",
        "ORG": "Organization",
        "LOC": "Place",
        "LOCATION": "Place",
        "MISC": "Thing",
        "MISCELLANEOUS": "Thing",
    },
)

CORENLP = Preset(
    "Stanford CoreNLP",
    {
        "PERSON": "Person",
        "LOCATION": "Place",
        "ORGANIZATION": "Organization",
        "MISC": "Thing",
        "CITY": "Place",
        "STATE_OR_PROVINCE": "Place",
        "COUNTRY": "Place",
        "NATIONALITY": "Nationality",
        "RELIGION": "Religion",
        "IDEOLOGY": "Ideology",
        "TITLE": "JobTitle",
        "CRIMINAL_CHARGE": "CrimeCharge",
        "CAUSE_OF_DEATH": "CauseOfDeath",
        "URL": "WebAddress",
        "EMAIL": "EmailAddress",
        "HANDLE": "WebAddress",
        "DATE": "Date",
        "TIME": "Time",
        "DURATION": "Time",
        "SET": "Time",
        "MONEY": NUMBER,
        "NUMBER": NUMBER,
        "ORDINAL": NUMBER,
        "PERCENT": NUMBER,
    },
)

_ACE_SUBTYPES = {
    "PHYS": {"Located": "located in", "Near": "near", "Part-Whole": "part of"},
    "PART-WHOLE": {
        "Geographical": "part of",
        "Geo": "part of",
        "Subsidiary": "subsidiary of",
        "Artifact": "part of",
    },
    "PER-SOC": {
        "Business": "business relation with",
        "Family": "relative",
        "Lasting-Personal": "personal relation with",
        "Lasting": "personal relation with",
    },
    "ORG-AFF": {
        "Employment": "works for",
        "Ownership": "owner of",
        "Founder": "founder of",
        "Student-Alum": "alumni of",
        "Sports-Affiliation": "plays for",
        "Investor-Shareholder": "shareholder of",
        "Investor": "shareholder of",
        "Membership": "member of",
    },
    "ART": {
        "User-Owner-Inventor-Manufacturer": "user, owner or maker of",
        "User": "user, owner or maker of",
    },
    "GEN-AFF": {
        "Citizen-Resident-Religion-Ethnicity": "belongs to",
        "Org-Location": "based in",
        "Org-Location-Origin": "based in",
    },
}


def _with_subtypes() -> dict[str, str]:
    """Return subtypes alone, and behind their type as different data sets write them."""
    rules: dict[str, str] = {}
    for type_, subtypes in _ACE_SUBTYPES.items():
        for subtype, predicate in subtypes.items():
            rules[f"{type_}:{subtype}"] = rules[f"{type_}.{subtype}"] = predicate
            # What an "Artifact" is depends on the type.
            if subtype not in ("Artifact", "User", "Geo"):
                rules[subtype] = predicate
    return rules


ACE = Preset(
    "ACE 2004 and 2005",
    {
        "PER": "Person",
        "ORG": "Organization",
        "GPE": "Place",
        "LOC": "Place",
        "FAC": "Place",
        "VEH": "Vehicle",
        "WEA": "Weapon",
    },
    {
        "PHYS": "located in",
        "PART-WHOLE": "part of",
        "PER-SOC": "personal relation with",
        "ORG-AFF": "affiliation",
        "EMP-ORG": "works for",
        "OTHER-AFF": "affiliation",
        "GPE-AFF": "belongs to",
        "GEN-AFF": "belongs to",
        "ART": "user, owner or maker of",
        "METONYMY": "stands for",
        "DISC": "stands for",
        **_with_subtypes(),
    },
)

_KBP_PLACES = ("city", "cities", "stateorprovince", "statesorprovinces", "country", "countries")


def _kbp_places() -> Rules:
    """Return the predicates that say what kind of place their object is, which its type says too."""
    rules: dict[str, str] = {}
    for place in _KBP_PLACES:
        for predicate, of in (
            ("place of birth", "birth"),
            ("place of death", "death"),
            ("residence", "residence"),
        ):
            rules[f"per:{place}_of_{of}"] = predicate
        rules[f"org:{place}_of_headquarters"] = "headquarters location"
        rules[f"org:{place}_of_branch"] = "location of branch"
    return rules


KBP = Preset(
    "TAC KBP and TACRED",
    predicates={
        **_kbp_places(),
        "no_relation": DROP,
        "per:age": "age",
        "per:alternate_names": ALIAS,
        "per:cause_of_death": "cause of death",
        "per:charges": "charged with",
        "per:children": "child",
        "per:date_of_birth": "date of birth",
        "per:date_of_death": "date of death",
        "per:employee_of": "works for",
        "per:employee_or_member_of": "employee or member of",
        "per:identity": ALIAS,
        "per:member_of": "member of",
        "per:origin": "origin",
        "per:other_family": "relative",
        "per:parents": "parent",
        "per:religion": "religion",
        "per:schools_attended": "educated at",
        "per:siblings": "sibling",
        "per:spouse": "spouse",
        "per:title": "job title",
        "org:alternate_names": ALIAS,
        "org:date_dissolved": "dissolution date",
        "org:date_founded": "founding date",
        "org:dissolved": "dissolution date",
        "org:founded": "founding date",
        "org:founded_by": "founded by",
        "org:member_of": "member of",
        "org:members": "member",
        "org:number_of_employees/members": "number of employees or members",
        "org:number_of_employees_members": "number of employees or members",
        "org:parents": "parent organization",
        "org:political/religious_affiliation": "political or religious affiliation",
        "org:political_religious_affiliation": "political or religious affiliation",
        "org:shareholders": "shareholder",
        "org:subsidiaries": "subsidiary",
        "org:top_members/employees": "top member or employee",
        "org:top_members_employees": "top member or employee",
        "org:website": "website",
    },
)
