"""By what a table of words with tags is known."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.format_signs import Sample
from datasette_newsgraph.readers.word_tables import decide

#: So much of a file is looked at.
_LOOKED_AT = 64 << 10


@dataclass(frozen=True)
class TaggedTable:
    """A table whose header names a column of words and one of tags, which are tags of names."""

    weight: int = 4

    def score(self, sample: Sample) -> float:
        """Return 1 where the table is such."""
        head = sample.head
        if sample.is_json or head.lstrip()[:1] in (b"{", b"[", b"<"):
            return 0.0
        if len(head) > _LOOKED_AT:
            head = head[:_LOOKED_AT].rpartition(b"\n")[0]
        text = head.decode("utf-8", "replace")
        delimiter = delimited.delimiter_of(text)
        header = text.lstrip().partition("\n")[0]
        if delimiter not in header:
            return 0.0
        found = decide(delimited.rows(text, delimiter))
        if found is None:
            return 0.0
        # With tabs and nothing but words and tags it is as well columns of tokens.
        columns = found[0]
        return float(delimiter != "\t" or columns.is_sentence or columns.sentence is not None)

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        return (
            "a first line that names columns `word` and `tag` (or `sentence` and a list of tags), with"
            " `O` and `B-…`, `I-…` or labels below"
        )
