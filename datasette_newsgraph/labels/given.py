"""Read a map of labels that a user gives (``--map FILE``), in TOML or JSON.

::

    # Instead of the presets of the format; may be left out.
    preset = ["docred"]

    [types]
    PERSON = "Person"
    VEH = { type = "Vehicle", iri = "https://schema.org/Vehicle" }
    CARDINAL = "drop"

    [predicates]
    SEEN_WITH = "drop"
    employs = { predicate = "works for", inverse = true }
    "org:founded_by" = { predicate = "founded by", iri = "schema:founder" }
    P17 = { iri = "wdt:P17" }
    IsSynonymOf = { alias = true }

    # What keys mean in the JSON of language models.
    [keys]
    who = "name"
    remark = "drop"

On the left stand the tool's labels, in any case. On the right a string is the new label, or "drop";
a table says more. With an ``iri`` but no new label, the label stays what it is without the entry.
An IRI is absolute, or has a prefix of ``vocabulary.PREFIXES`` or ``wdt``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from datasette_newsgraph.article import LabelKind
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.identity import collapse, normalise_label
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.labels.presets import PRESETS
from datasette_newsgraph.labels.rules import DROP, Rule
from datasette_newsgraph.labels.wikidata import DIRECT
from datasette_newsgraph.readers.limits import DEFAULT, Limit
from datasette_newsgraph.readers.named_keys import folded
from datasette_newsgraph.readers.structured.keys import NO_KEYS, ROLES, GivenKeys
from datasette_newsgraph.vocabulary import PREFIXES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_SECTIONS: dict[str, LabelKind] = {"types": "type", "predicates": "predicate"}
_FLAGS: dict[LabelKind, tuple[str, ...]] = {
    "type": ("drop",),
    "predicate": ("drop", "inverse", "alias"),
}
_DROP = "drop"
_KEYS = "keys"
_PREFIXES = {**PREFIXES, "wdt": DIRECT}
_DIGEST_DIGITS = 16


@dataclass(frozen=True)
class GivenMap:
    """A user's map: rules by normalised label, and presets that take the place of the format's."""

    types: dict[str, Rule] = field(default_factory=dict)
    predicates: dict[str, Rule] = field(default_factory=dict)
    presets: tuple[str, ...] | None = None
    keys: GivenKeys = NO_KEYS

    @classmethod
    def read(cls, path: str | Path, limit: Limit = DEFAULT) -> GivenMap:
        """Read a file; raises InputError that names the key at fault."""
        try:
            with open(path, "rb") as file:
                data = file.read(limit.article + 1)
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}; check the map's name") from error
        if len(data) > limit.article:
            raise InputError(f"{path}: {limit.too_long('the map')}")
        given = _decode(str(path), data)
        return _Checking(str(path)).map(given)

    @property
    def digest(self) -> str:
        """What tells this map from another one."""
        content = json.dumps(asdict(self), sort_keys=True, default=sorted)
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:_DIGEST_DIGITS]


def _decode(path: str, data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start + 1} is not UTF-8; save it as UTF-8"
        ) from error
    is_json = path.endswith(".json") or (not path.endswith(".toml") and text.lstrip()[:1] == "{")
    try:
        if is_json:
            return json.loads(text, object_pairs_hook=lambda pairs: _unique(path, pairs))
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{path}: is not TOML ({error}); put labels with anything but letters, digits, - and _"
            ' in quotes: "org:founded_by"'
        ) from error
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: is not JSON ({error}); correct it there") from error
    except (ValueError, RecursionError) as error:
        # A number too long for Python, brackets too deep for it.
        raise InputError(
            f"{path}: has a value that cannot be read ({error}); leave it out"
        ) from error


def _unique(path: str, pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"{path}: {key!r} is there twice; leave one out")
        found[key] = value
    return found


class _Checking:
    """Turns what a file says into rules, or says what is wrong with it."""

    def __init__(self, path: str) -> None:
        self._path = path
        #: The IRI given to each new label: a label has one term.
        self._terms: dict[tuple[LabelKind, str], str] = {}

    def _error(self, place: str, what: str) -> InputError:
        return InputError(f"{self._path}: {place}: {what}")

    def map(self, given: Any) -> GivenMap:
        if not isinstance(given, dict):
            raise InputError(f"{self._path}: is no map; write [types] and [predicates] in it")
        for key in given:
            if key not in (*_SECTIONS, "preset", _KEYS):
                raise self._error(
                    repr(key), "is not known; a map has preset, [types], [predicates] and [keys]"
                )
        types, predicates = (
            self._section(name, kind, given.get(name, {})) for name, kind in _SECTIONS.items()
        )
        presets = self._presets(given.get("preset"))
        return GivenMap(types, predicates, presets, self._keys(given.get(_KEYS, {})))

    def _keys(self, given: Any) -> GivenKeys:
        if not isinstance(given, dict):
            raise self._error(
                _KEYS, f'is no table; write [{_KEYS}] and keys below it: who = "name"'
            )
        roles: dict[str, tuple[str, ...]] = {}
        dropped = set()
        for key, role in given.items():
            if role == _DROP:
                dropped.add(folded(key))
            elif role in ROLES:
                roles[role] = (*roles.get(role, ()), folded(key))
            else:
                raise self._error(
                    f"{_KEYS}.{key}", f"{role!r} is nothing that a key can be; there are "
                    + ", ".join((*ROLES, _DROP)),
                )  # fmt: skip
        return GivenKeys(roles, frozenset(dropped))

    def _presets(self, given: Any) -> tuple[str, ...] | None:
        if given is None:
            return None
        names = [given] if isinstance(given, str) else given
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise self._error("preset", "is no list of names; there are " + ", ".join(PRESETS))
        for name in names:
            if name not in PRESETS:
                raise self._error("preset", f"{name!r} is none; there are " + ", ".join(PRESETS))
        return tuple(names)

    def _section(self, name: str, kind: LabelKind, given: Any) -> dict[str, Rule]:
        if not isinstance(given, dict):
            raise self._error(name, f'is no table; write [{name}] and labels below it: A = "B"')
        rules: dict[str, Rule] = {}
        for label, entry in given.items():
            place = f"{name}.{json.dumps(label, ensure_ascii=False)}"
            normalised = normalise_label(label)
            if not normalised:
                raise self._error(place, "is no label; write the tool's label there")
            if normalised in rules:
                raise self._error(place, "is there before, in other letters; leave one out")
            rules[normalised] = rule = self._rule(place, kind, entry)
            self._check_term(place, kind, rule.label or label, rule.iri)
        return rules

    def _rule(self, place: str, kind: LabelKind, entry: Any) -> Rule:
        if isinstance(entry, str):
            if collapse(entry) == _DROP:
                return DROP
            if "://" in entry:
                return Rule(iri=self._iri(place, entry))
            return Rule(self._label(place, kind, entry))
        if not isinstance(entry, dict):
            raise self._error(place, f'write a label, "drop", or {{ {kind} = "…", iri = "…" }}')
        flags = _FLAGS[kind]
        for key, value in entry.items():
            if key not in (kind, "iri", *flags):
                raise self._error(
                    f"{place}.{key}", f"is not known; there are {', '.join((kind, 'iri', *flags))}"
                )
            if key in flags and not isinstance(value, bool):
                raise self._error(f"{place}.{key}", "is neither true nor false")
        rule = Rule(
            self._label(place, kind, entry[kind]) if kind in entry else None,
            self._iri(f"{place}.iri", entry["iri"]) if "iri" in entry else None,
            **{flag: entry.get(flag, False) for flag in flags},
        )
        if rule == Rule():
            raise self._error(place, f'says nothing; write {kind} = "…", iri = "…" or drop = true')
        if (rule.drop or rule.alias) and rule not in (DROP, Rule(alias=True, inverse=rule.inverse)):
            raise self._error(place, "leaves the label out and says more of it; keep one of both")
        return rule

    def _label(self, place: str, kind: LabelKind, given: Any) -> str:
        if not isinstance(given, str) or not normalise_label(given):
            raise self._error(place, f"{given!r} is no label; write the {kind}'s new label")
        return collapse(given)

    def _iri(self, place: str, given: Any) -> str:
        prefix, colon, local = given.partition(":") if isinstance(given, str) else ("", "", "")
        if colon and prefix in _PREFIXES and not local.startswith("//"):
            given = _PREFIXES[prefix] + local
        elif not isinstance(given, str) or ("://" not in given and prefix != "urn"):
            given = None
        iri = clean_iri(given) if isinstance(given, str) else None
        if iri is None:
            raise self._error(
                place,
                "is not an absolute IRI; write https://… or one of the prefixes "
                + ", ".join(f"{each}:" for each in _PREFIXES),
            )
        return iri

    def _check_term(self, place: str, kind: LabelKind, label: str, iri: str | None) -> None:
        if iri is not None:
            known = self._terms.setdefault((kind, normalise_label(label)), iri)
            if known != iri:
                raise self._error(
                    place, f"the label {label!r} has the IRI {known} already; keep one of them"
                )
