"""Read the columns of CoNLL-2012: OntoNotes, LitBank, GUM and other corpora with coreference.

- A document begins with ``#begin document (id); part n``. Each part is an article. Rows of the articles
  file are joined by ``id_n``, those of the first part by ``id``, too.
- Names are read from column 11 (``(PERSON*``, ``*)``), and chains from the last one (``(12``, ``12)``,
  ``(12)``). Trees, senses, speakers and the arguments of predicates are passed over. If there are fewer
  than twelve columns, the words are in the one behind the numbers, and only chains are read. In
  GUM's, a chain is called by its type and a page of Wikipedia, too (``(person-3-Marie_Curie``).
- A chain is one entity. A name that is one of its links, or the end of a short one ("President
  Mandela"), names it and gives its type. What most links are called is its name, or a longer name that
  contains it; others are aliases. The same name elsewhere is a mention of it, too.
- Other links ("the president") are mentions of it. A chain without a name is a ``Thing``, called by its
  first link, and local to the article. Pronouns are counted and not taken, and a chain of nothing else
  is none.
- The text is the tokens, joined by blanks (Chinese without). Brackets and quotation marks are as they
  stand in a text (``-LRB-``). A copy without words (``[WORD]``) is refused.

Offsets: none; they are counted from the tokens, in code points, end exclusive.

Example::

    #begin document (nw/example/0001); part 000
    nw/example/0001  0  0  Nelson   NNP  (TOP(S(NP*   -      -  -  -  (PERSON*  (ARG0*  (1
    nw/example/0001  0  1  Mandela  NNP  *)           -      -  -  -  *)        *)      1)
    nw/example/0001  0  2  visited  VBD  (VP*         visit  1  1  -  *         (V*)    -
    nw/example/0001  0  3  Oslo     NNP  (NP*)))      -      -  -  -  (GPE)     (ARG1*) -

    nw/example/0001  0  0  The        DT   (TOP(S(NP*  -       -  -  -  *       (ARG0*  (1
    nw/example/0001  0  1  president  NN   *)          -       -  -  -  *       *)      1)
    nw/example/0001  0  2  thanked    VBD  (VP*        thank   1  1  -  *       (V*)    -
    nw/example/0001  0  3  Norway     NNP  (NP*)))     -       -  -  -  (GPE)   (ARG1*) -

    #end document
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed, shapes
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.chains import Chains
from datasette_newsgraph.readers.columns.document_lines import DocumentLines
from datasette_newsgraph.readers.columns.lines import each_line
from datasette_newsgraph.readers.columns.spacing import blanks_between
from datasette_newsgraph.readers.formats.conll2012.token_lines import read_lines
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.tokens import JoinedText

__all__ = ["entries", "parse"]

_BEGINS = (b"#begin document", b"# begin document")
_ENDS = (b"#end document", b"# end document")
_NAMED = re.compile(
    r"^# ?begin document[ \t]*(?:\((.*)\)|([^;\n]*))[ \t]*(?:;[ \t]*part[ \t]*([0-9]{1,9}))?",
    re.MULTILINE,
)
_MASK = re.compile(r"\[WORD\]|_+")
#: Of so few words nothing is told.
_FEW = 3


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the lines of each part of a document."""
    document = DocumentLines(b"", source.limit)
    for entry in source.lines():
        begins = entry.raw.startswith(_BEGINS)
        if begins or entry.raw.startswith(_ENDS):
            document.comment(entry)
            if begins and document.has_tokens:
                yield document.entry()
                document = document.next()
        else:
            document.token(entry)
    if document.has_tokens:
        yield document.entry()


def parse(raw: bytes) -> Parsed:
    """Make an article of one part of a document; raises RecordError where its words are not in it."""
    text = shapes.decode_text(raw.removeprefix(b"\n"))
    found = read_lines(each_line(text))
    words = [word for sentence in found.sentences for word in sentence]
    if not words:
        reason = f": {found.faults[0][0]}" if found.faults else ""
        raise RecordError(f"no entities in it: it has no line with a word{reason}")
    masked = sum(_MASK.fullmatch(each) is not None for each in words)
    if len(words) > _FEW and 10 * masked >= 9 * len(words):
        raise RecordError(
            "nearly all words are '[WORD]': the words are not in this copy; get the one that has them"
            " (OntoNotes has a script for that, skeleton2conll)"
        )
    joined = JoinedText(found.sentences, blanks_between(found.sentences))
    building = Building(joined.text)
    for reason, line in found.faults:
        building.fault(reason, line)
    chains = Chains(building, words, joined.span)
    chains.add(found.chains, found.names)
    parsed = building.finish(
        "CoNLL-2012 columns", local_ids=_ids(text), passed_over=chains.passed_over
    )
    parsed.is_joined = True
    return parsed


def _ids(text: str) -> list[str]:
    """Return what the document is called, with the number of its part."""
    named = _NAMED.findall(text)
    if not named:
        return []
    bracketed, plain, part = named[-1]
    name, number = (bracketed or plain).strip(), int(part or 0)
    if not name:
        return []
    return [f"{name}_{number}", *[name] * (number == 0)]
