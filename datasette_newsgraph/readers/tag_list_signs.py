"""By what JSON is known that has a list of tokens and one of as many tags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.readers.format_signs import Sample

#: What the lists are called.
TOKENS = ("tokens", "words")
TAGS = ("ner_tags", "tags", "ner", "labels", "ner_labels", "bio_tags")
#: The tag of a token in no name, or the prefix of one in a name: parts of speech have neither.
_OF_NAMES = re.compile(r"O\Z|[BIESLU]-")


@dataclass(frozen=True)
class TagLists:
    """JSON objects with a list of tokens and one of as many tags, which are of the type ``of``: names
    or numbers. Beside them is one of ``beside``, if there are any, and none of ``without``.
    """

    of: type = str
    beside: tuple[str, ...] = ()
    without: tuple[str, ...] = ("entities", "verbs")
    weight: int = 4

    def score(self, sample: Sample) -> float:
        """Return 1 where some record is such an object."""
        return float(any(map(self._fits, sample.records)))

    def _fits(self, record: Any) -> bool:
        if not isinstance(record, dict) or any(name in record for name in self.without):
            return False
        if self.beside and not any(name in record for name in self.beside):
            return False
        tokens = next((record[name] for name in TOKENS if _is_list_of(record.get(name), str)), ())
        return any(
            _is_list_of(record.get(name), self.of)
            and len(record[name]) == len(tokens)
            and (self.of is not str or any(map(_OF_NAMES.match, record[name])))
            for name in TAGS
        )

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        kind = "strings" if self.of is str else "numbers"
        beside = (
            f", beside {' or '.join(f'`{each}`' for each in self.beside)}" if self.beside else ""
        )
        return f"JSON with `tokens` (or `words`) and as many `ner_tags` (or `tags`), {kind}{beside}"


def _is_list_of(given: Any, kind: type) -> bool:
    return isinstance(given, list) and bool(given) and all(type(each) is kind for each in given)
