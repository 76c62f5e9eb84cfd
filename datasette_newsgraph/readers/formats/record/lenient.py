"""Decode a record that the strict decoder refused, and say what of it could not be taken.

What is wrong in one part (an entity without a name, a zone of an unknown name) costs that part and
becomes a fault, what is wrong in the article itself costs the record. Unknown fields are counted,
numbers that are none become null, NUL and lone surrogates become U+FFFD, one for one, so that no
offset shifts.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import msgspec

from datasette_newsgraph import article as records
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.notes import Notes
from datasette_newsgraph.readers import Fault, Parsed
from datasette_newsgraph.readers.shapes import MAX_DIGITS, refusing, writable

#: The parts of an article, or of one of its parts, that are records of their own.
_PARTS: dict[type[records.Record], dict[str, type[records.Record]]] = {
    records.Article: {
        "zones": records.Zone,
        "entities": records.Entity,
        "relations": records.Relation,
        "quotes": records.Quote,
        "vocabulary": records.Term,
    },
    records.Entity: {"mentions": records.Mention},
    records.Relation: {"evidence": records.Evidence},
}
_NUMBERS = {
    **dict.fromkeys(("start", "end", "given_start", "given_end", "moved"), int),
    **dict.fromkeys(("confidence", "latitude", "longitude"), float),
}
_IDS = ("id", "subject", "object", "speaker")
_NUMBER = re.compile(r"\[\d+\]")
# Beyond it no offset makes sense, and SQLite and floats lose digits.
_MAX_NUMBER = 1 << 53


class _Lenient:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.notes = Notes()
        #: Where the parts that were taken stood, by the path of their list.
        self.places: dict[str, list[int]] = {}

    def number(self, text: str) -> float | None:
        value = float(text)
        if math.isfinite(value):
            return value
        self.notes.numbers_dropped += 1
        return None

    def integer(self, text: str) -> int | None:
        if len(text) <= MAX_DIGITS:
            return int(text)
        self.notes.numbers_dropped += 1
        return None

    def no_number(self, _text: str) -> None:
        self.notes.numbers_dropped += 1

    def record(self, kind: type[records.Record], given: dict[str, Any], place: str) -> Any:
        """Return ``given`` as builtins that convert to ``kind``; parts that do not are left out."""
        known: dict[str, Any] = {}
        fields = {each.name: each for each in msgspec.structs.fields(kind)}
        for name, value in given.items():
            path = f"{place}.{name}".removeprefix(".")
            if name not in fields:
                self.notes.unknown_fields[_NUMBER.sub("[]", path)] += 1
            elif value is None:
                continue  # null is the same as absent, also where a list is asked for
            elif name in _PARTS.get(kind, {}):
                known[name] = self.parts(_PARTS[kind][name], value, path)
            elif name in _NUMBERS and kind is not records.Zone:
                known[name] = self.numeric(value, _NUMBERS[name])
            elif name in _IDS and type(value) is int:
                known[name] = str(value)
            elif name == "extractor" and isinstance(value, dict):
                known[name] = self.record(records.Extractor, value, path)
            elif name == "anchored":
                known[name] = self.anchored(value, path)
            else:
                known[name] = value
        return known

    def anchored(self, value: Any, path: str) -> dict[str, Any]:
        """Return what is said of a span; what says nothing costs that, not the span: it has a status
        that there is none of, and is counted where that is found out.
        """
        said = self.record(records.Anchored, value, path) if isinstance(value, dict) else {}
        try:
            msgspec.convert(said, records.Anchored)
        except msgspec.ValidationError:
            return {"offset_status": ""}
        return said

    def parts(self, kind: type[records.Record], values: Any, path: str) -> list[Any]:
        taken: list[Any] = []
        if not isinstance(values, list):
            reason = f"{path}: expected a list, got {type(values).__name__}"
            self.faults.append(Fault(reason, values))
            return taken
        places = self.places[path] = []
        for number, value in enumerate(values):
            place = f"{path}[{number}]"
            try:
                if not isinstance(value, dict):
                    raise msgspec.ValidationError(
                        f"Expected `object`, got `{type(value).__name__}`"
                    )
                part = self.record(kind, value, place)
                msgspec.convert(part, kind)
            except msgspec.ValidationError as error:
                self.faults.append(Fault(f"{place}: {error}", value))
            else:
                taken.append(part)
                places.append(number)
        return taken

    def numeric(self, value: Any, kind: type) -> Any:
        """Return the number, or None for what is none: 1.5 as an offset, "12", true."""
        if type(value) is int and abs(value) <= _MAX_NUMBER:
            return value
        if type(value) is float and (kind is float or value.is_integer()):
            return kind(value)
        self.notes.numbers_dropped += 1
        return None


def parse_leniently(raw: bytes) -> Parsed:
    """Decode one record as far as it goes.

    Raises RecordError, whose text is the reason for ``rejects``, if it is no JSON object, or has no
    usable id, or a field of the article itself is of a wrong type.
    """
    lenient = _Lenient()
    with refusing("line", "not an article record"):
        given = json.loads(
            raw.decode("utf-8"),
            parse_float=lenient.number,
            parse_int=lenient.integer,
            parse_constant=lenient.no_number,
        )
        if not isinstance(given, dict):
            raise RecordError(f"expected a JSON object, got {type(given).__name__}")
        known = lenient.record(records.Article, writable(given), "")
        article = msgspec.convert(known, records.Article)
    return Parsed(article, lenient.faults, lenient.notes, lenient.places)
