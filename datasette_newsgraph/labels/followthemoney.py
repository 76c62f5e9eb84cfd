"""Labels of FollowTheMoney: schemata of things, schemata of links, and properties that are links."""

from __future__ import annotations

from datasette_newsgraph.labels.rules import Preset

_TYPES = {
    "Thing": "Thing",
    "Person": "Person",
    "LegalEntity": "LegalEntity",
    "Organization": "Organization Company PublicBody",
    "Place": "Address Territory",
    "Event": "Event Trip",
    "Vehicle": "Vehicle Vessel Airplane",
    "CreativeWork": (
        "Article Audio Document Email Folder HyperText Image Message Note Package Pages PlainText"
        " Table Video Workbook"
    ),
    "Asset": "Asset",
    "BankAccount": "BankAccount CryptoWallet",
    "Contract": "Contract CallForTenders License",
    "CourtCase": "CourtCase",
    "Position": "Position",
    "Project": "Project",
    "RealEstate": "RealEstate",
    "Security": "Security",
    "UserAccount": "UserAccount",
}

FOLLOWTHEMONEY = Preset(
    "FollowTheMoney",
    {schema: type_ for type_, schemata in _TYPES.items() for schema in schemata.split()},
    {
        # Schemata that join two things.
        "Associate": "associated with",
        "Call": "called",
        "ContractAward": "awarded to",
        "Control": "controls",
        "CourtCaseParty": "party to",
        "Debt": "owes",
        "Directorship": "director of",
        "Documentation": "documents",
        "Employment": "works for",
        "Family": "relative",
        "Membership": "member of",
        "Occupancy": "holds position",
        "Ownership": "owner of",
        "Payment": "paid",
        "ProjectParticipant": "participates in",
        "Representation": "represents",
        "Similar": "possibly same as",
        "Succession": "succeeded by",
        "UnknownLink": "linked to",
        # Properties of one thing that name another, or a value.
        "addressEntity": "address",
        "authority": "contracting authority",
        "bank": "bank",
        "country": "country",
        "endLocation": "end location",
        "holder": "holder",
        "identification": "identification number",
        "involved": "involves",
        "issuer": "issuer",
        "operator": "operator",
        "organization": "position at",
        "organizer": "organizer",
        "owner": "owned by",
        "parent": "parent organization",
        "partOf": "part of",
        "project": "project",
        "risk": "risk",
        "riskSource": "source of risk",
        "sanction": "sanctioned under",
        "startLocation": "start location",
        "vehicle": "vehicle",
    },
)
