"""Read GATE: GATE XML, bdoc JSON (``.bdocjs``, of gatenlp too), and what GATE Cloud answers.

- Annotations become mentions, whatever their type: Person, Location, Organization, Date and so on.
  Those of words, sentences and layout (Token, Sentence, Split, Lookup …) are counted.
- Only one set is read, as several would say the same things twice: ``Key``, which people have
  annotated, else the default set, else the one with most names. What is in others is counted.
- Annotations that match each other (``matches``) are one entity, called by its fullest name. Pronouns
  among them are no mentions.
- The features ``inst``, ``uri`` and ``wikidata`` identify an entity, ``normalized`` is its value, and
  ``class`` is what a ``Mention`` is of.
- Relations (``RelationSet`` in XML) lead from their first member to the others.
- Features of the document that are called ``title``, ``date`` and so on describe the article, and
  ``gate.SourceURL`` is its address.

Offsets: in XML those of the nodes in the text. In bdoc JSON code points, or UTF-16 code units (Java's)
if the ``offset_type`` is ``j``, and these in what GATE Cloud answers. The end is exclusive.

Example::

    {"text": "Ngozi Okonjo-Iweala leads the WTO in Geneva. Okonjo-Iweala took office in 2021.",
     "annotation_sets": {"": {"name": "", "next_annid": 6, "annotations": [
       {"type": "Person", "start": 0, "end": 19, "id": 1, "features": {"matches": [1, 4]}},
       {"type": "Organization", "start": 30, "end": 33, "id": 2,
        "features": {"inst": "http://www.wikidata.org/entity/Q7825"}},
       {"type": "Location", "start": 37, "end": 43, "id": 3, "features": {"locType": "city"}},
       {"type": "Person", "start": 45, "end": 58, "id": 4, "features": {"matches": [1, 4]}},
       {"type": "Date", "start": 74, "end": 78, "id": 5, "features": {"normalized": "2021"}}]}},
     "features": {"gate.SourceURL": "https://example.org/2021/wto", "title": "First day"},
     "offset_type": "p", "name": "wto.txt"}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import is_blank
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.formats.gate.annotations import ORIGINAL, Annotations, chosen
from datasette_newsgraph.readers.formats.gate.document import Document, read
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.xml_input import documents

__all__ = ["entries", "parse"]

_HEAD = 1 << 12
_ADDRESS = "gate.SourceURL"
_BOM = b"\xef\xbb\xbf"


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents of a file of XML or JSON."""
    if source.head(_HEAD).removeprefix(_BOM).lstrip()[:1] == b"<":
        return documents(source, "GateDocument")
    return records(source, resume)


def parse(raw: bytes) -> Parsed:
    """Make one document an article; raises RecordError if nothing is in it."""
    document = read(raw)
    about = dict(document.features)
    address = about.pop(_ADDRESS, None)
    if isinstance(address, str) and address.startswith(("http://", "https://")):
        about.setdefault("url", address)
    fields = about_article({"title": _title(document), **about})
    annotations = Annotations(document, chosen(document), fields.get("language"))
    if not document.text and not annotations.building.entities:
        raise RecordError("no entities in it, and no text")
    passed_over = annotations.passed_over + Counter(fields.pop("passed_over", None))
    return annotations.building.finish(
        "GATE",
        local_ids=(document.name, address if isinstance(address, str) else None),
        passed_over=passed_over,
        **fields,
    )


def _title(document: Document) -> str | None:
    """Return the title of the page that a document was, if it was one."""
    building = Building(document.text, document.unit)
    for each in document.sets.get(ORIGINAL, ()):
        if each.type.casefold() == "title":
            words = building.words(each.start, each.end) or ""
            return None if is_blank(words) else " ".join(words.split())
    return None
