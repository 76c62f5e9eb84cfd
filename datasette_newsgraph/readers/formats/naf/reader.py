"""Read NAF and KAF, as NewsReader's tools and spaCy-to-NAF write them: layers of annotation in XML.

- Each entity has a mention for each of its spans. Of the references to one authority (DBpedia,
  Wikidata) the surest identifies it.
- In a chain of coreference, entities of different names are related as "possibly same as"; nominals
  ("the city") become mentions of the first, pronouns do not.
- A predicate of semantic roles is an event if some role of it is an entity: it is named by its
  words and local to the article, and its roles are relations, with the sentence as evidence. Those
  in one chain of the type ``event`` are one event. Others, and roles that are no entities, are
  counted.
- Times become dates with their value. An attributed statement is a quote.
- Title, author, date, magazine and address are those of the header.
- Factuality, opinions, topics and relations of time and cause are counted; dependencies, chunks and
  trees are passed over.

Offsets: code points of ``raw``. Where the words are not there, they are looked for. Without ``raw`` the
text is made of the words, each at its offset.

Example::

    <?xml version="1.0" encoding="UTF-8"?>
    <NAF xml:lang="en" version="v3">
      <nafHeader>
        <fileDesc title="New head for the bank" creationtime="2011-11-01T09:00:00Z"/>
        <public publicId="b-17" uri="https://example.org/2011/bank"/>
      </nafHeader>
      <raw><![CDATA[Draghi leads the bank in Frankfurt.]]></raw>
      <text>
        <wf id="w1" offset="0" length="6" sent="1">Draghi</wf>
        <wf id="w2" offset="7" length="5" sent="1">leads</wf>
        <wf id="w3" offset="13" length="3" sent="1">the</wf>
        <wf id="w4" offset="17" length="4" sent="1">bank</wf>
        <wf id="w5" offset="22" length="2" sent="1">in</wf>
        <wf id="w6" offset="25" length="9" sent="1">Frankfurt</wf>
      </text>
      <terms>
        <term id="t1"><span><target id="w1"/></span></term>
        <term id="t2"><span><target id="w2"/></span></term>
        <term id="t6"><span><target id="w6"/></span></term>
      </terms>
      <entities>
        <entity id="e1" type="PERSON"><references><span><target id="t1"/></span></references>
          <externalReferences><externalRef resource="spotlight" confidence="0.9"
            reference="http://dbpedia.org/resource/Mario_Draghi"/></externalReferences></entity>
        <entity id="e2" type="LOCATION"><references><span><target id="t6"/></span></references>
        </entity>
      </entities>
      <srl>
        <predicate id="pr1"><span><target id="t2"/></span>
          <externalReferences><externalRef resource="FrameNet" reference="Leadership"/>
          </externalReferences>
          <role id="r1" semRole="A0"><span><target id="t1" head="yes"/></span></role>
          <role id="r2" semRole="AM-LOC"><span><target id="t6"/></span></role></predicate>
      </srl>
    </NAF>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.naf.annotations import Annotations
from datasette_newsgraph.readers.formats.naf.layers import Layers
from datasette_newsgraph.readers.formats.naf.text import Text
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.xml_input import documents, walk

__all__ = ["entries", "parse"]

_ADDRESS = re.compile(r"https?://\S+")


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents of a file, mostly the one that it is."""
    return documents(source, "NAF", "KAF")


def parse(raw: bytes) -> Parsed:
    """Make one document an article; raises RecordError if it is no XML, or nothing is in it."""
    layers = Layers()
    walk(raw, layers)
    text = Text(layers, len(raw))
    annotations = Annotations(layers, text)
    building = annotations.building
    if building.text is None and not building.entities:
        raise RecordError("no entities in it, and no text: neither raw nor words (wf)")
    if text.too_far:
        reason = f"text: {text.too_far} words are too far away from the others"
        building.fault(reason, text.too_far)
    file, public = (layers.header.get(each, {}) for each in ("fileDesc", "public"))
    address = public.get("uri") or ""
    is_address = bool(_ADDRESS.fullmatch(address))
    parsed = building.finish(
        "NAF",
        model=", ".join(dict.fromkeys(layers.models)) or None,
        local_ids=(public.get("publicId"), None if is_address else address, file.get("filename")),
        passed_over=layers.passed_over,
        **_about(file, layers),
        url=address if is_address else None,
        published=first_date(filter(None, (file.get("creationtime"), annotations.created))),
    )
    parsed.is_joined = text.is_joined
    return parsed


def _about(file: dict[str, str], layers: Layers) -> dict[str, Any]:
    author, section = file.get("author"), file.get("section")
    found = {
        "title": file.get("title"),
        "publisher": file.get("magazine") or file.get("publisher"),
        "language": layers.language,
        "authors": [author] if author and author.strip() else None,
        "sections": [section] if section and section.strip() else None,
    }
    return {name: value for name, value in found.items() if value}
