"""Read WebAnno TSV 3 (3.0 to 3.3), which WebAnno and INCEpTION export.

- Named entities become mentions, and so do the spans of layers that somebody has made for a project.
  The type is the feature `value`, `label`, `type`, `entity` or the like; a layer without features
  gives its own name. A feature that is a Wikidata id or a web address identifies the entity.
- Relations go from their source (the governor) to their target. The roles of a slot feature
  (`ROLE_…`) are relations of the span that has the feature, which becomes an entity that is local to
  its article; the evidence is that span.
- The spans of a chain, and those that a layer named after coreference relates as `coref`, `ana`,
  `cata` or `appos`, are one entity, which has the fullest name. Without a name it is called by its
  first words ("the president"), and is local to its article. Pronouns are no mentions, and a chain of
  nothing else is no entity.
- In files of the GUM corpus, `identity` is a page of the English Wikipedia. Its `bridge` relations
  relate entities.
- Words, sentences, lemmas, parts of speech, dependencies and other layers of grammar are not used.
- The text is that of the sentences (`#Text=`). What stood between them is not in the file: it
  becomes blanks. An original from the articles file is better, and is used where it has the same
  words.

Offsets: UTF-16 code units (Java's), end exclusive. In files of other programs they may be code
points: a sentence with characters that are wider in UTF-16 tells it.

Example::

    #FORMAT=WebAnno TSV 3.3
    #T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value
    #T_RL=webanno.custom.Relation|label|BT_de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity


    #Text=Maia Sandu was sworn in in Chisinau.
    1-1\t0-4\tMaia\t*[1]\tPER[1]\t_\t_\t
    1-2\t5-10\tSandu\t*[1]\tPER[1]\t_\t_\t
    1-3\t11-14\twas\t_\t_\t_\t_\t
    1-4\t15-20\tsworn\t_\t_\t_\t_\t
    1-5\t21-23\tin\t_\t_\t_\t_\t
    1-6\t24-26\tin\t_\t_\t_\t_\t
    1-7\t27-35\tChisinau\thttp://www.wikidata.org/entity/Q21197\tLOC\tsworn in in\t1-1[1_0]\t
    1-8\t35-36\t.\t_\t_\t_\t_\t
"""  # noqa: D301 - an editor would make blanks of tabs

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import takewhile

from datasette_newsgraph.anchoring.units import UTF16
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cas.article import build
from datasette_newsgraph.readers.formats.webanno.header import FORMAT, read_header
from datasette_newsgraph.readers.formats.webanno.rows import Rows
from datasette_newsgraph.readers.formats.webanno.sentences import TEXT, GrowingText, unit_of
from datasette_newsgraph.readers.limits import KEPT, Limit
from datasette_newsgraph.readers.placed_text import blanks_allowed
from datasette_newsgraph.readers.shapes import decode_text
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_BEGINS = FORMAT.encode()
#: Bytes with which characters begin that are wider in UTF-16.
_WIDE = re.compile(rb"[\xf0-\xf4]")


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the lines of each document, numbered in their order: several may stand in one file."""
    held: list[bytes] = []
    number, size = 1, 0
    most = source.limit.article
    for line in source.lines(as_they_are=True):
        raw = line.raw.removeprefix(b"\xef\xbb\xbf")
        if raw.startswith(_BEGINS) and size:
            yield _document(number, held, size, source.limit)
            held, size, number = [], 0, number + 1
        size += len(raw) + 1 if line.fault is None else most + 1
        # Of a document over the limit the beginning is kept, to be shown.
        if size <= most or not held:
            held.append(raw)
    if any(each.strip() for each in held):
        yield _document(number, held, size, source.limit)


def _is_of_header(line: str) -> bool:
    return line.startswith("#") and not line.startswith(TEXT)


def _document(number: int, lines: list[bytes], size: int, limit: Limit) -> Entry:
    raw = b"\n".join(lines)
    if size > limit.article + 1:
        return Entry(number, raw[:KEPT], fault=limit.too_long("the document"))
    return Entry(number, raw)


def _lines(raw: bytes) -> Iterator[str]:
    """Yield the lines that are not blank, each decoded by itself: one wide character makes all of a
    string wide.
    """
    for number, line in enumerate(BytesIO(raw)):
        try:
            words = line.decode().rstrip("\r\n").replace("\0", "\ufffd")
        except UnicodeDecodeError:
            # It tells the byte.
            decode_text(raw)
            raise
        yield words if number else words.removeprefix("\ufeff")


def parse(raw: bytes) -> Parsed:
    """Make a document an article; raises RecordError if it is none, or empty."""
    header = read_header(
        list(takewhile(_is_of_header, (each for each in _lines(raw) if each.strip())))
    )
    unit = unit_of(_lines(raw), as_java=header.as_java) if _WIDE.search(raw) else UTF16
    text = GrowingText(unit, blanks_allowed(len(raw)))
    rows = Rows(header, text)
    for number, line in enumerate(_lines(raw), 1):
        if line.strip():
            rows.take(number, line)
    annotations = rows.finish()
    annotations.unit = unit
    if annotations.text is None:
        raise RecordError("no entities in it: it has no line with a token")
    building = build(annotations)
    parsed = building.finish("WebAnno", passed_over=annotations.passed_over)
    parsed.is_joined = text.has_blanks or rows.is_spaced
    return parsed
