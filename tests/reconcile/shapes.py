"""The shapes that the specification asks of answers, in our own words: as types, of which an answer has
every field that has to be there, and no other field than those that may be.

Version 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/) and the
draft of 1.0 (https://reconciliation-api.github.io/specs/1.0-draft/), by their sections.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import msgspec

_Shape = TypeVar("_Shape")
Address = Annotated[str, msgspec.Meta(pattern="^https?://[^ ]+$")]
Filled = Annotated[str, msgspec.Meta(min_length=1)]
#: With a place for the id of an entity, as each version writes it.
WithId = Annotated[str, msgspec.Meta(pattern=r"^https?://[^ ]*\{\{id\}\}[^ ]*$")]
WithIdInDraft = Annotated[str, msgspec.Meta(pattern=r"^https?://[^ {}]*\{id\}[^ {}]*$")]
Positive = Annotated[int, msgspec.Meta(ge=1)]
UpTo100 = Annotated[float, msgspec.Meta(ge=0, le=100)]


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An object without any field that is not declared."""


class Named(Strict):
    """A type or a property: its id and its name."""

    id: Filled
    name: Filled


# The manifest: section 4.3 of 0.2, section "Service Manifest" of the draft --------------------------


class View(Strict):
    url: WithId


class ViewInDraft(Strict):
    url: WithIdInDraft


class Preview(Strict):
    url: WithId
    width: Positive
    height: Positive


class PreviewInDraft(Strict):
    width: Positive
    height: Positive


class Place(Strict):
    """Where a service is: both parts make its address."""

    service_url: Address
    service_path: Annotated[str, msgspec.Meta(pattern="^/")]


class Suggest(Strict):
    entity: Place | None = None
    type: Place | None = None
    property: Place | None = None


class SuggestInDraft(Strict):
    entity: bool = False
    type: bool = False
    property: bool = False


class Extend(Strict):
    """Section 7: where properties are proposed, and what may be set for each."""

    propose_properties: Place | None = None
    property_settings: list[Any] = []


class Manifest(Strict):
    versions: Annotated[list[Literal["0.1", "0.2"]], msgspec.Meta(min_length=1)]
    name: Filled
    identifierSpace: Address  # noqa: N815
    schemaSpace: Address  # noqa: N815
    view: View
    documentation: Address | None = None
    serviceVersion: str | None = None  # noqa: N815
    defaultTypes: list[Named] = []  # noqa: N815
    batchSize: Positive | None = None  # noqa: N815
    preview: Preview | None = None
    suggest: Suggest | None = None
    extend: Extend | None = None


class ManifestInDraft(Strict):
    versions: Annotated[list[Literal["1.0-draft"]], msgspec.Meta(min_length=1)]
    name: Filled
    view: ViewInDraft | None = None
    documentation: Address | None = None
    serviceVersion: str | None = None  # noqa: N815
    defaultTypes: list[Named] = []  # noqa: N815
    batchSize: Positive | None = None  # noqa: N815
    standardizedScore: bool = False  # noqa: N815
    preview: PreviewInDraft | None = None
    suggest: SuggestInDraft | None = None


# Candidates: sections 5.2 and "Match Service" -------------------------------------------------------


class Candidate(Strict):
    id: Filled
    name: Filled
    score: UpTo100
    match: bool
    type: list[Named]
    description: Filled | msgspec.UnsetType = msgspec.UNSET


class Result(Strict):
    result: list[Candidate]


class Candidates(Strict):
    candidates: list[Candidate]


class Results(Strict):
    results: list[Candidates]


# Suggestions: section 6 -----------------------------------------------------------------------------


class SuggestedEntity(Named):
    notable: list[Named] = []
    description: Filled | msgspec.UnsetType = msgspec.UNSET


class SuggestedEntities(Strict):
    result: list[SuggestedEntity]


class SuggestedTypes(Strict):
    result: list[Named]


# Data extension: sections 7.1 and 7.2 of 0.2 --------------------------------------------------------


class Proposal(Strict):
    properties: list[Named]
    type: str | None = None
    limit: Positive | None = None


#: The kinds of values that properties of ours have.
KINDS: dict[str, type[Any]] = {"str": str, "int": int, "float": float}


class Extension(Strict):
    """By entity and property; of each value its only field tells the kind: see ``values_of``."""

    meta: list[Named]
    rows: dict[str, dict[str, list[dict[str, Any]]]]


def values_of(extension: Extension, id_: str, property_: str) -> list[Any]:
    """The values of a property of an entity, each of which has one of the kinds that may be."""
    pairs = [each for given in extension.rows[id_][property_] for each in given.items()]
    assert len(pairs) == len(extension.rows[id_][property_])
    assert all(type(value) is KINDS[kind] and value != "" for kind, value in pairs)
    return [value for _, value in pairs]


class Wrong(Strict):
    """What is said of a request that cannot be answered: of our own, as neither version says it."""

    error: Filled


def shaped(answer: Any, shape: type[_Shape]) -> _Shape:
    """An answer in JSON, if it has a shape; fails if it has not."""
    assert answer.headers["content-type"].startswith("application/json"), answer.text
    return msgspec.json.decode(answer.content, type=shape, strict=True)
