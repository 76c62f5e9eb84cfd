"""Read tables of words with tags (CSV, TSV), as Kaggle has them of the Groningen Meaning Bank.

- A row is a word with its tag (``Sentence #,Word,POS,Tag``; ``sentence_idx,word,tag``), or a sentence
  with a list of tags (``Sentence,POS,Tag``; ``text,labels``). The list may be as Python writes it, or
  have blanks between tags. A sentence begins where its number changes; it may stand on its first word
  only.
- The tags are IOB1, IOB2, IOBES, BILOU or only labels, as the first rows have them.
- A column of documents (``document``, ``doc_id``, ``article_id``, ``filename``) tells articles apart,
  and rows of the articles file are joined by it. A table without it is one article, as are columns of
  tokens in which no document begins.
- A row with other cells than the header, or other tags than words, is rejected. No name goes on over
  it.
- The text is the words, joined by blanks (Chinese, Japanese, Thai without). A file that is not UTF-8 is
  read as Windows-1252, which has Latin-1 in it.

Offsets: none; they are counted from the words, in code points, end exclusive.

Example::

    Sentence #,Word,POS,Tag
    Sentence: 1,Thousands,NNS,O
    ,marched,VBD,O
    ,through,IN,O
    ,London,NNP,B-geo
    Sentence: 2,Tony,NNP,B-per
    ,Blair,NNP,I-per
    ,spoke,VBD,O
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed, delimited, shapes
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.columns import Columns
from datasette_newsgraph.readers.columns.lines import each_line
from datasette_newsgraph.readers.columns.spacing import blanks_between
from datasette_newsgraph.readers.columns.tags import OUTSIDE, Tag, spans
from datasette_newsgraph.readers.formats.word_table.document_rows import FAULT, documents
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.table_rows import Decoding, rows_of
from datasette_newsgraph.readers.tokens import JoinedText
from datasette_newsgraph.readers.word_tables import decide

__all__ = ["entries", "parse"]

_SAMPLE = 256 << 10
#: Stands above the words of each document: the tags are those of the file, not of one document.
_DECIDED = b"# columns: "
#: So much of a cell is shown.
_SHOWN = 60


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the words of each document behind the line that tells what their tags are.

    Raises InputError where no columns have words and tags.
    """
    head, is_whole = source.sample(_SAMPLE)
    if not head.strip():
        return
    whole = head if is_whole else head.rpartition(b"\n")[0]
    text = whole.decode("utf-8", "replace")
    found = decide(delimited.rows(text, delimited.delimiter_of(text)))
    if found is None:
        raise InputError(
            f"{source.path}: has no columns of words and of their tags; its first line must name them"
            " (word, tag), with O and B-PER or the like below"
        )
    columns, tags = found
    decided = Columns(count=2, scheme=tags.scheme, outside=tags.outside)
    rows = rows_of(source, Decoding(head))
    next(rows, None)
    yield from documents(
        rows, columns, _DECIDED + msgspec.json.encode(decided) + b"\n", source.limit
    )


def parse(raw: bytes) -> Parsed:
    """Make an article of the words of one document; raises RecordError where it has none."""
    first, _, rest = raw.partition(b"\n")
    if not first.startswith(_DECIDED):
        raise RecordError("its first line does not tell what the tags are")
    try:
        columns = msgspec.json.decode(first[len(_DECIDED) :], type=Columns)
    except msgspec.DecodeError as error:
        raise RecordError(f"its first line does not tell what the tags are: {error}") from error
    words = _Words(columns)
    words.read(shapes.decode_text(rest))
    if not words.sentences:
        reason = f": {words.faults[0][0]}" if words.faults else ""
        raise RecordError(f"no entities in it: it has no row with a word and its tag{reason}")
    return _article(words)


class _Words:
    """The words of a document with their tags, by sentence."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.name = ""
        self.sentences: list[list[str]] = []
        self.tags: list[list[Tag]] = []
        self.faults: list[tuple[str, str]] = []

    def read(self, text: str) -> None:
        """Read the lines of a document."""
        words: list[str] = []
        tags: list[Tag] = []
        is_cut = False
        count = 0
        known: dict[str, str] = {}
        for number, line in enumerate(each_line(text)):
            if not line:
                words, tags = [], []
                continue
            if line.startswith(FAULT):
                row, reason, shown = line[1:].split("\t", 2)
                self.faults.append((f"row {row}: {reason}", shown))
                is_cut = True
                continue
            word, tab, cell = line.partition("\t")
            if not tab and number == 0:
                self.name = word.removeprefix("# ")
                continue
            count += 1
            if not words:
                self.sentences.append(words)
                self.tags.append(tags)
            tag = self._columns.tag_of(cell)
            if tag is None:
                given, shown = cell[:_SHOWN], word[:_SHOWN]
                reason = f"word {count}: {given!r} is no tag; {shown!r} is taken for no name"
                self.faults.append((reason, word))
            taken = tag or OUTSIDE
            # A word that comes again is not held again.
            words.append(known.setdefault(word, word))
            tags.append(taken.beginning() if is_cut else taken)
            is_cut = tag is None


def _article(words: _Words) -> Parsed:
    text = JoinedText(words.sentences, blanks_between(words.sentences))
    building = Building(text.text)
    for reason, part in words.faults:
        building.fault(reason, part)
    for number, tags in enumerate(words.tags):
        for first, end, label in spans(tags):
            place = text.first_tokens[number] + first
            span = text.span(place, place + end - first)
            start, stop, surface = span or (None, None, None)
            building.mention(f"word {place + 1}", surface, label, start, stop, surface)
    parsed = building.finish("table of words", local_ids=(words.name,))
    parsed.is_joined = True
    return parsed
