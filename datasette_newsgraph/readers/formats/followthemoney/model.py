"""What newsgraph needs to know of FollowTheMoney's model: which schema is what, and what joins what."""

from __future__ import annotations

#: Schemata that join two things: the properties that hold them.
LINKS: dict[str, tuple[str, str]] = {
    "Associate": ("person", "associate"),
    "Call": ("caller", "receiver"),
    "ContractAward": ("contract", "supplier"),
    "Control": ("controller", "controlled"),
    "CourtCaseParty": ("party", "case"),
    "Debt": ("debtor", "creditor"),
    "Directorship": ("director", "organization"),
    "Employment": ("employee", "employer"),
    "Family": ("person", "relative"),
    "Membership": ("member", "organization"),
    "Occupancy": ("holder", "post"),
    "Ownership": ("owner", "asset"),
    "Payment": ("payer", "beneficiary"),
    "ProjectParticipant": ("participant", "project"),
    "Representation": ("agent", "client"),
    "Similar": ("candidate", "match"),
    "Succession": ("predecessor", "successor"),
    "UnknownLink": ("subject", "object"),
}
#: What says in its own words how the two are joined, the first that is there.
ROLES = ("role", "relationship")

#: Schemata that say something of one thing: the property that holds it, the predicate, and those
#: of which the first that is there has the words.
REMARKS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Identification": ("holder", "identification", ("number",)),
    "Note": ("entity", "note", ("description", "summary")),
    "Passport": ("holder", "identification", ("passportNumber", "number")),
    "Risk": ("entity", "risk", ("reason", "topics", "status", "summary")),
    "Sanction": ("entity", "sanction", ("program", "authority", "reason", "summary")),
}

#: Schemata that say that a thing is in a document: the properties of document and thing.
IN_DOCUMENT: dict[str, tuple[str, str]] = {
    "Documentation": ("document", "entity"),
    "Mention": ("document", "resolved"),
}

DOCUMENTS = frozenset(
    {
        "Article",
        "Audio",
        "Document",
        "Email",
        "HyperText",
        "Image",
        "Message",
        "Pages",
        "PlainText",
        "Table",
        "Video",
    }
)
#: Pages repeat the text of their document, folders have none.
PASSED_OVER = frozenset({"Folder", "Package", "Page", "Workbook"})

#: Properties of a thing that hold another.
REFERENCES = (
    "addressEntity",
    "authority",
    "bank",
    "endLocation",
    "holder",
    "involved",
    "issuer",
    "operator",
    "organization",
    "organizer",
    "owner",
    "parent",
    "partOf",
    "project",
    "riskSource",
    "startLocation",
    "vehicle",
)
#: Properties of a thing that are statements with a value.
VALUES = (
    "birthDate",
    "birthPlace",
    "country",
    "deathDate",
    "dissolutionDate",
    "incorporationDate",
    "jurisdiction",
    "nationality",
    "position",
)

ALIASES = ("alias", "weakAlias", "previousName", "abbreviation")
#: Where a thing's name is looked for.
NAMES = (
    "name",
    "caption",
    "title",
    "fileName",
    "full",
    "subject",
    *ALIASES,
    "publicKey",
    "iban",
    "registrationNumber",
    "caseNumber",
    "username",
    "email",
    "phone",
    "summary",
)
#: An address that is not given in full is put together from these.
ADDRESS = ("remarks", "street", "street2", "postalCode", "city", "region", "state", "country")
#: Names that the ingestion of a document found in its text, and the schema of such things.
FOUND = {
    "peopleMentioned": "Person",
    "companiesMentioned": "Organization",
    "locationMentioned": "Address",
}

#: Languages as FollowTheMoney has them, where BCP 47 has two letters.
LANGUAGES = {
    "ara": "ar", "ces": "cs", "dan": "da", "deu": "de", "ell": "el", "eng": "en", "est": "et",
    "fas": "fa", "fin": "fi", "fra": "fr", "heb": "he", "hun": "hu", "ita": "it", "jpn": "ja",
    "kor": "ko", "lav": "lv", "lit": "lt", "nld": "nl", "nor": "no", "pol": "pl", "por": "pt",
    "ron": "ro", "rus": "ru", "slk": "sk", "spa": "es", "srp": "sr", "swe": "sv", "tur": "tr",
    "ukr": "uk", "zho": "zh",
}  # fmt: skip


def ends(schema: str) -> tuple[str, ...]:
    """Return the properties that hold the things which an entity of this schema speaks of."""
    if schema in REMARKS:
        return REMARKS[schema][:1]
    if schema in IN_DOCUMENT:
        return IN_DOCUMENT[schema][1:]
    return LINKS.get(schema, REFERENCES)


def is_thing(schema: str) -> bool:
    """Tell whether entities of this schema are entities of ours; what is not known is."""
    return not (schema in LINKS or schema in REMARKS or schema in IN_DOCUMENT)
