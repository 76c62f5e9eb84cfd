"""Our own types and predicates: labels that need no mapping."""

from __future__ import annotations

from datasette_newsgraph.identity import VALUE_TYPES, normalise_label

#: Types of what is in the news, and of what tools find in it. The first five have published classes.
TYPES = (
    "Person",
    "Organization",
    "Place",
    "Event",
    "Thing",
    "Date",
    "Time",
    "Quantity",
    "Money",
    "Percent",
    "Ordinal",
    "Cardinal",
    # Peoples, faiths and parties, as adjectives too: what OntoNotes calls NORP.
    "Group",
    "Nationality",
    "Religion",
    "Ideology",
    "Language",
    "Law",
    "CreativeWork",
    "Product",
    "Award",
    "JobTitle",
    "Vehicle",
    "Weapon",
    "CrimeCharge",
    "CauseOfDeath",
    "Disease",
    "Substance",
    "Species",
    "CelestialBody",
    "Concept",
    "Task",
    "Method",
    "Metric",
    "Material",
    "WebAddress",
    "EmailAddress",
    "PhoneNumber",
    "Asset",
    "BankAccount",
    "Contract",
    "CourtCase",
    "LegalEntity",
    "Position",
    "Project",
    "RealEstate",
    "Security",
    "UserAccount",
)
TYPE_BY_LABEL = {normalise_label(each): each for each in TYPES} | {"organisation": "Organization"}

#: Numbers and amounts are no entities, unless somebody asks for them. Dates and times are.
NUMERIC = VALUE_TYPES - {"date", "time"}

#: Predicates that readers write themselves.
PREDICATES = frozenset({"related to", "possibly same as", "normalised value"})
