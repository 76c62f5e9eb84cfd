"""A reconciliation service: what it says of itself and answers, in version 0.2 or the draft."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from datasette_newsgraph.authorities import OTHER, canonical_identifier
from datasette_newsgraph.errors import ServiceError
from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.reconciling.asking import Connection

#: Names that are asked for at a time where a service does not say, and at most.
_BATCH, _LARGEST = 10, 50
#: Code points of a name that a service gives.
_NAME = 500
_DRAFT = "1.0-draft"

_Told = TypeVar("_Told")


class Query(NamedTuple):
    """A name to ask for, of a type of the graph."""

    name: str
    type: str


class Answer(NamedTuple):
    """A thing that a service has for a name. ``score`` is None where it gives none."""

    iri: str
    name: str
    types: tuple[str, ...]
    score: float | None
    is_match: bool


class _Type(msgspec.Struct):
    id: str
    name: str = ""


class _View(msgspec.Struct):
    url: str


class _Manifest(msgspec.Struct, rename="camel"):
    name: str = ""
    versions: list[str] = []
    identifier_space: str = ""
    view: _View | None = None
    default_types: list[_Type] = []
    batch_size: int | None = None


class _Candidate(msgspec.Struct):
    id: str
    name: str
    score: float | None = None
    match: bool = False
    type: list[_Type | str] = []


class _Result(msgspec.Struct):
    result: list[_Candidate]


class _DraftResult(msgspec.Struct):
    candidates: list[_Candidate]


class _DraftResults(msgspec.Struct):
    results: list[_DraftResult]


@dataclass(frozen=True)
class Service:
    """A service at an address. ``types`` are the ids of those that it offers, by normalised label."""

    connection: Connection
    url: str
    name: str
    is_draft: bool
    batch: int
    space: str
    view: str
    types: dict[str, str]

    def ask(self, queries: Sequence[Query], most: int) -> list[list[Answer]]:
        """Return of each query at most so many answers, the likeliest first. Raises ServiceError."""
        found = self._match(queries, most) if self.is_draft else self._reconcile(queries, most)
        return [list(map(self._answer, candidates[:most])) for candidates in found]

    def _reconcile(self, queries: Sequence[Query], most: int) -> list[list[_Candidate]]:
        batch = {
            f"q{number}": {"query": query.name, "limit": most, **self._type(query)}
            for number, query in enumerate(queries)
        }
        form = urlencode({"queries": json.dumps(batch)}).encode()
        body = self.connection.post(self.url, form, "application/x-www-form-urlencoded")
        told = _decoded(body, dict[str, _Result], self.url)
        if missing := [name for name in batch if name not in told]:
            raise ServiceError(f"{self.url}: the answer has nothing for the query {missing[0]}")
        return [told[name].result for name in batch]

    def _match(self, queries: Sequence[Query], most: int) -> list[list[_Candidate]]:
        batch = [
            {
                "conditions": [{"matchType": "name", "propertyValue": query.name}],
                "limit": most,
                **self._type(query),
            }
            for query in queries
        ]
        parts = urlsplit(self.url)
        url = parts._replace(path=f"{parts.path.rstrip('/')}/match").geturl()
        body = self.connection.post(
            url, json.dumps({"queries": batch}).encode(), "application/json"
        )
        results = _decoded(body, _DraftResults, url).results
        if len(results) != len(queries):
            raise ServiceError(f"{url}: {len(results)} results for {len(queries)} queries")
        return [each.candidates for each in results]

    def _type(self, query: Query) -> dict[str, str]:
        """Return the type to ask for, if the service has one of that name."""
        type_ = self.types.get(normalise_label(query.type))
        return {} if type_ is None else {"type": type_}

    def _answer(self, candidate: _Candidate) -> Answer:
        types = (each if isinstance(each, str) else each.name or each.id for each in candidate.type)
        return Answer(
            self.iri_of(candidate.id),
            candidate.name[:_NAME],
            tuple(each[:_NAME] for each in types),
            candidate.score,
            candidate.match,
        )

    def iri_of(self, id_: str) -> str:
        """Return the canonical IRI of a thing: that of an authority that is known, if any way leads to
        one. Of some services the identifier space is no more than a name, and of some the view.

        Raises ServiceError where no way leads to an IRI.
        """
        encoded = quote(id_, safe="")
        viewed = self.view.replace("{{id}}", encoded).replace("{+id}", id_).replace("{id}", encoded)
        is_beginning = self.space.endswith(("/", "#", "=", ":"))
        ways = [
            id_,
            *([self.space + id_, self.space + encoded] if is_beginning else []),
            viewed,
            f"{self.space}/{encoded}",
        ]
        found = [each for way in ways if (each := canonical_identifier(way)) is not None]
        known = [iri for rank, iri in found if rank < OTHER]
        iri = next(iter([*known, *(iri for _, iri in found)]), None)
        if iri is None:
            raise ServiceError(
                f"{self.url}: it does not say which IRIs its things have; its manifest has to have an"
                " identifierSpace or a view"
            )
        return iri


def read_service(connection: Connection, url: str) -> Service:
    """Return the service at an address, which may be asked. Raises ServiceError if there is none."""
    answered, body = connection.get(url)
    manifest = _decoded(body, _Manifest, url)
    # A manifest without versions is of 0.1, which is asked as 0.2 is.
    is_draft = _DRAFT in manifest.versions and not {"0.1", "0.2"} & set(manifest.versions)
    if not manifest.name:
        raise ServiceError(
            f"{url}: this is no manifest of a reconciliation service; give the address of the service"
        )
    service = Service(
        connection,
        answered,
        manifest.name[:_NAME],
        is_draft,
        max(1, min(manifest.batch_size or _BATCH, _LARGEST)),
        manifest.identifier_space,
        manifest.view.url if manifest.view else "",
        _types_of(manifest.default_types),
    )
    service.iri_of("1")
    return service


def _types_of(types: Iterable[_Type]) -> dict[str, str]:
    return {normalise_label(label): each.id for each in types for label in (each.id, each.name)}


def _decoded(body: bytes, type_: Any, url: str) -> Any:
    try:
        return msgspec.json.decode(body, type=type_)
    except (msgspec.DecodeError, RecursionError) as error:
        reason = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        raise ServiceError(
            f"{url}: the answer is not as the specification has it: {reason}"
        ) from error
