"""Read the JSON of Stanford CoreNLP: one document as an object, several as an array or as lines.

- Entity mentions become entities. ``entitylink`` gives the address of the Wikipedia page,
  ``normalizedNER`` and ``timex`` give a normalised value.
- KBP and OpenIE triples become relations, with their sentence as evidence. Their arguments are the
  entity mentions at that place or of that name, or else what coreference says of them. An argument
  that is neither ("the boy", a clause) becomes a ``Thing`` that is local to the article, so that
  the phrases of OpenIE do not become entities of the whole collection.
- Quotes keep their speaker.
- In a coreference chain, short proper names become aliases of the entity of the representative
  mention, and nominals ("the president") become mentions of it. Entities with different names stay
  apart, and are related to that one as "possibly same as". Pronouns become neither, but a triple
  about "he" is about the one whom coreference names.
- If there is no ``text``, it is put together from the tokens, each at its offset, with what is
  ``before`` and ``after`` it. What is not known is blank.

Offsets: UTF-16 code units (Java's), end exclusive (``characterOffsetBegin``). Newer servers also
give code points for all tokens (``codepointOffsetBegin``); then these are used. Spans of triples
count the tokens of the sentence from 0, those of coreference from 1. A mention without offsets has
the place of its tokens.

Example::

    {"docId": "cop21.txt", "docDate": "2015-11-30", "text": "Fabius opened the talks in Paris.",
     "sentences": [{"index": 0,
       "entitymentions": [
         {"text": "Fabius", "ner": "PERSON", "characterOffsetBegin": 0, "characterOffsetEnd": 6,
          "tokenBegin": 0, "tokenEnd": 1, "entitylink": "Laurent_Fabius"},
         {"text": "Paris", "ner": "CITY", "characterOffsetBegin": 27, "characterOffsetEnd": 32,
          "tokenBegin": 5, "tokenEnd": 6}],
       "openie": [{"subject": "Fabius", "subjectSpan": [0, 1], "relation": "opened talks in",
                   "relationSpan": [1, 5], "object": "Paris", "objectSpan": [5, 6]}],
       "tokens": [
         {"index": 1, "originalText": "Fabius", "characterOffsetBegin": 0, "characterOffsetEnd": 6},
         {"index": 2, "originalText": "opened", "characterOffsetBegin": 7, "characterOffsetEnd": 13},
         {"index": 3, "originalText": "the", "characterOffsetBegin": 14, "characterOffsetEnd": 17},
         {"index": 4, "originalText": "talks", "characterOffsetBegin": 18, "characterOffsetEnd": 23},
         {"index": 5, "originalText": "in", "characterOffsetBegin": 24, "characterOffsetEnd": 26},
         {"index": 6, "originalText": "Paris", "characterOffsetBegin": 27, "characterOffsetEnd": 32,
          "after": ""},
         {"index": 7, "originalText": ".", "characterOffsetBegin": 32, "characterOffsetEnd": 33}]}]}
"""

from __future__ import annotations

from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.formats.corenlp.annotations import Annotations
from datasette_newsgraph.readers.formats.corenlp.document import Document, DocumentTokens
from datasette_newsgraph.readers.placed_text import blanks_allowed
from datasette_newsgraph.readers.shapes import decode

__all__ = ["entries", "parse"]


def parse(raw: bytes) -> Parsed:
    """Return the article of one document; raises RecordError."""
    document = decode(raw, Document)
    tokens = DocumentTokens(document, blanks_allowed(len(raw)))
    building = Annotations(document, tokens).building
    if building.text is None and not building.entities:
        raise RecordError("no entities in it, and no text: no sentences with tokens")
    if tokens.too_far:
        reason = f"sentences: {tokens.too_far} tokens are too far away from the others"
        building.fault(reason, tokens.too_far)
    sections = document.sections or []
    dates = (document.doc_date, *(section.date_time for section in sections))
    authors = (document.author, *(section.author for section in sections))
    parsed = building.finish(
        "Stanford CoreNLP",
        local_ids=(document.doc_id,),
        published=first_date(filter(None, dates)),
        authors=list(dict.fromkeys(each for each in authors if each and each.strip())),
    )
    parsed.is_joined = tokens.has_blanks
    return parsed
