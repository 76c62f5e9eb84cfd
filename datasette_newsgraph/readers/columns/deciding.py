"""Decide from a sample of a file which of its columns holds the tokens and which their tags.

Each column is judged by all of its cells, so that one odd line decides nothing; where two columns
could be meant, or the tokens of one cannot be words, there is a reason instead of a guess.
"""

from __future__ import annotations

from functools import partial

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.columns.cell_places import Columns
from datasette_newsgraph.readers.columns.lines import sentences_of
from datasette_newsgraph.readers.columns.sample import Table, table_of
from datasette_newsgraph.readers.columns.tag_column import of_names, outermost
from datasette_newsgraph.readers.columns.tags import TagSet
from datasette_newsgraph.readers.columns.token_column import (
    counts_tokens,
    language_of,
    token_column,
)

#: So much of a file is looked at.
SAMPLE = 256 << 10

#: A file must have as many lines of tokens to be known by them.
_KNOWN_BY = 3


def decide(text: str) -> Columns | None:
    """Return where tokens and tags are in the lines of ``text``; None if it has no lines but comments.

    Raises RecordError with the reason where it is not certain.
    """
    sentences = sentences_of(text)
    if not sentences:
        return None
    return _decided(table_of(sentences))


def looks_tagged(head: bytes) -> bool:
    """Tell whether the beginning of a file is columns of which one has tags, be it certain or not
    which of them are meant.
    """
    whole = head if len(head) < SAMPLE else head[:SAMPLE].rpartition(b"\n")[0]
    text = whole.decode("utf-8", "replace")
    sentences = sentences_of(text)
    try:
        table = table_of(sentences) if sentences else None
        found = table and [each.tags for each in table.columns if each.tags]
    except RecordError:
        return False
    if not table or not found:
        return False
    known = table.total
    if known < _KNOWN_BY:
        try:
            columns = _decided(table)
        except RecordError:
            return False
        hashes = (line for line in text.split("\n") if line.startswith("#"))
        known += sum(map(columns.is_token, hashes))
    return known >= _KNOWN_BY and any(map(partial(_is_known_by, table.total), found))


def _is_known_by(total: int, tags: TagSet) -> bool:
    """Tell whether tags are more than a column of words with an O now and then: of labels alone a third
    of all tokens must be in no name, and none be a single letter, as blood groups are.
    """
    if tags.scheme == "prefixed":
        return True
    is_plain = tags.scheme == "labels" and any(len(label) == 1 for label in tags.labels)
    return 3 * tags.labels.total() <= 2 * total and not is_plain


def _decided(table: Table) -> Columns:
    tagged = [(each, each.tags) for each in table.columns if each.tags is not None]
    if not tagged:
        raise RecordError(
            "no entities in it: no column has the tags of names (O, and B-PER, I-PER or the like);"
            " give the file that has them"
        )
    number = next(
        (each.place for each in table.columns if each.tags is None and counts_tokens(table, each)),
        None,
    )
    token = token_column(table, number)
    tag, tags, inner = outermost(table, of_names(tagged))
    return Columns(
        count=table.width,
        separator=table.separator,
        token=token.place,
        tag=tag.place,
        scheme=tags.scheme,
        outside=tags.outside,
        number=number,
        inner=inner,
        language=language_of(token.cells),
        labels=tuple(sorted(tags.labels)) if tags.scheme == "labels" else (),
        has_numbers=tags.has_numbers,
    )
