"""Read columns of tokens and tags: CoNLL files, and the HIPE-2022 tables of historical newspapers.

Each line has one token with its tags in columns, separated by tabs or blanks. A blank line stands
between sentences.

- HIPE names its columns in a first line. The coarse literal tag is the label, and the literal link is
  the Wikidata item. `NoSpaceAfter` is heeded, so that a word broken by `¬` at the end of a line stays
  as it was printed.
- Of other files, newsgraph looks at the first 256 KiB. The tags are in the column whose cells are tags:
  IOB1, IOB2, IOBES, BILOU, `PER-B`, only `B` and `I`, or only labels. The tokens are in the first of
  the other columns that does not number them. If names stand in names (GermEval), the outer ones are
  taken and the others are counted.
- A file is refused, with the reason, if no column has tags, if two columns have the tags of names and
  differ, if nearly all tokens are numbers or masks, or if labels without prefixes look like words.
- A line that has other columns than the file, or a tag of another scheme, is rejected. No name goes on
  over it.
- A line that begins with `#` is a comment, unless it has all columns and a tag in its place. Comments
  give the title, date, language, web address and publisher (`publication_title`) of the article. The
  source in the comments of GermEval is the web address, if all sentences of a document have the same.
- Documents begin with `-DOCSTART-`, `# newdoc`, a `document_id` or another `# file:`. A file without
  any of these is one document.
- The text is the tokens, joined by blanks. Chinese, Japanese, Thai and similar scripts are joined
  without blanks. If all tokens begin with a language (`en:Paris`), it is the language of the article.

Offsets: none; they are counted from the tokens, in code points, end exclusive.

Example::

    TOKEN	NE-COARSE-LIT	NEL-LIT	MISC
    # hipe2022:document_id = example-1889-05-06
    # hipe2022:date = 1889-05-06
    # hipe2022:language = en
    The	O	_	_
    Exposition	B-prod	NIL	_
    opened	O	_	_
    in	O	_	_
    Paris	B-loc	Q90	NoSpaceAfter
    .	O	_	EndOfSentence
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed, shapes
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.columns import SAMPLE, Columns, decide
from datasette_newsgraph.readers.columns.lines import each_line
from datasette_newsgraph.readers.columns.spacing import blanks_between
from datasette_newsgraph.readers.columns.tags import spans
from datasette_newsgraph.readers.formats.conll.document_cutting import documents
from datasette_newsgraph.readers.formats.conll.token_lines import Lines, read_lines
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.tokens import JoinedText

__all__ = ["entries", "parse"]

_HEADER = b"TOKEN\t"
#: Stands above the lines of each document: the columns are those of the file, not of one document.
_DECIDED = b"# columns: "
_ITEM = re.compile(r"Q[1-9]\d*")


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the lines of each document behind the one that tells the columns.

    Raises InputError where it is not certain which columns have the tokens and their tags.
    """
    head, is_whole = source.sample(SAMPLE)
    header = head.partition(b"\n")[0].rstrip(b"\r")
    if (named := _named(header)) is not None:
        yield from documents(source, named, header, is_named=True)
        return
    if not is_whole:
        head = head.rpartition(b"\n")[0] or head
    try:
        found = decide(head.decode("utf-8", "replace"))
    except RecordError as error:
        raise InputError(f"{source.path}: {error}") from error
    if found is None:
        if is_whole:
            return
        raise InputError(
            f"{source.path}: its first {SAMPLE >> 10} KiB have no line with a token and its tag;"
            " shorten the comments"
        )
    yield from documents(source, found, _DECIDED + msgspec.json.encode(found), is_named=False)


def parse(raw: bytes) -> Parsed:
    """Make an article of one document; raises RecordError where it has no tokens, or where it is not
    certain which columns have them and their tags.
    """
    columns, text = _columns_and_lines(raw)
    if columns is not None:
        found = read_lines(each_line(text), columns)
        if found.sentences:
            return _article(found, columns)
    raise RecordError("no entities in it: it has no line with a token and its tag")


def _columns_and_lines(raw: bytes) -> tuple[Columns | None, str]:
    first, _, rest = raw.partition(b"\n")
    if first.startswith(_DECIDED):
        try:
            columns = msgspec.json.decode(first[len(_DECIDED) :], type=Columns)
        except msgspec.DecodeError as error:
            raise RecordError(f"its first line does not tell the columns: {error}") from error
        return columns, shapes.decode_text(rest)
    if (named := _named(first)) is not None:
        return named, shapes.decode_text(rest)
    text = shapes.decode_text(raw)
    return decide(text), text


def _named(header: bytes) -> Columns | None:
    """Return the columns that the first line of HIPE names; None if it is none."""
    if not header.startswith(_HEADER):
        return None
    names = header.decode("utf-8", "replace").upper().split("\t")
    places = {name.strip(): place for place, name in enumerate(names)}
    fine = next((place for name, place in places.items() if name.startswith("NE-")), None)
    if fine is None:
        return None
    return Columns(
        count=len(names),
        tag=places.get("NE-COARSE-LIT", fine),
        outside=("O", "_", "-"),
        link=places.get("NEL-LIT"),
        misc=places.get("MISC"),
        is_named=True,
    )


def _article(lines: Lines, columns: Columns) -> Parsed:
    words = [[token.words for token in sentence] for sentence in lines.sentences]
    blanks = [
        bytes(blank and not token.is_close for token, blank in zip(sentence, between, strict=True))
        for sentence, between in zip(lines.sentences, blanks_between(words), strict=True)
    ]
    text = JoinedText(words, blanks)
    building = Building(text.text)
    for reason, line in lines.faults:
        building.fault(reason, line)
    if columns.is_named and lines.is_masked:
        building.fault("its tags are all `_`: the names are left out of this copy", None)
    for number, sentence in enumerate(lines.sentences):
        for first, end, label in spans(token.tag for token in sentence):
            found = text.span(first, end, number)
            if found is not None:
                link = sentence[first].link
                building.mention(
                    f"token {text.first_tokens[number] + first + 1}",
                    sentence[first],
                    label,
                    found.start,
                    found.end,
                    found.surface,
                    same_as=[identifier_iri("Wikidata", link)] if _ITEM.fullmatch(link) else [],
                )
    about = lines.about
    source = next(iter(lines.sources)) if len(lines.sources) == 1 else ""
    parsed = building.finish(
        "HIPE or CoNLL columns",
        url=about.get("url") or (source if "://" in source else None),
        title=about.get("title"),
        publisher=about.get("publisher"),
        published=first_date([about.get("date", "")]),
        language=about.get("language") or columns.language,
        local_ids=(about.get("document_id"), about.get("newdoc id"), about.get("file")),
    )
    parsed.is_joined = True
    parsed.label_scheme = "hipe" if columns.is_named else None
    parsed.notes.passed_over.update(lines.passed_over)
    return parsed
