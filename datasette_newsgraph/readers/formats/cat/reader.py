"""Read CAT XML, as the corpora of NewsReader (MEANTIME, ECB+) and others are annotated in it.

- The mentions that refer to one instance (``REFERS_TO``) are one entity. It is called by its fullest
  name, or by its ``TAG_DESCRIPTOR`` if no mention is a name; then it is local to the article. Names
  are aliases, other words ("the lenders") are not, and pronouns are no mentions.
- ``external_ref`` identifies an entity or event, ``ent_type`` is its type.
- An event is an entity of the type ``Event``, local to the article; its class is its ``event type``.
- Participants are relations, with their role (``sem_role``) as predicate; so are ``TLINK``, ``CLINK``,
  ``SLINK``, ``GLINK`` and any others, by their ``reltype`` or their name. Their evidence is the
  sentence.
- ``TIMEX3`` become dates with their value, other values (``VALUE``) are of their type. The time of
  creation dates the article.
- The text is the tokens, joined by blanks. Rows of the articles file are joined by ``doc_name``.

Offsets: the numbers of tokens (``token_anchor``).

Example::

    <?xml version="1.0" encoding="UTF-8"?>
    <Document doc_name="launch-2021.txt" lang="en">
    <token t_id="1" sentence="0" number="0">Ariane</token>
    <token t_id="2" sentence="0" number="1">launched</token>
    <token t_id="3" sentence="0" number="2">the</token>
    <token t_id="4" sentence="0" number="3">telescope</token>
    <token t_id="5" sentence="0" number="4">on</token>
    <token t_id="6" sentence="0" number="5">Saturday</token>
    <token t_id="7" sentence="0" number="6">.</token>
    <Markables>
    <ENTITY_MENTION m_id="1" syntactic_type="NAM"><token_anchor t_id="1"/></ENTITY_MENTION>
    <ENTITY_MENTION m_id="2" syntactic_type="NOM"><token_anchor t_id="3"/><token_anchor t_id="4"/>
    </ENTITY_MENTION>
    <EVENT_MENTION m_id="3" pred="launch" certainty="CERTAIN" polarity="POS">
    <token_anchor t_id="2"/></EVENT_MENTION>
    <TIMEX3 m_id="4" type="DATE" value="2021-12-25"><token_anchor t_id="6"/></TIMEX3>
    <ENTITY m_id="5" ent_type="PRO" TAG_DESCRIPTOR="Ariane 5"
     external_ref="http://dbpedia.org/resource/Ariane_5"/>
    <ENTITY m_id="6" ent_type="PRO" TAG_DESCRIPTOR="space telescope" external_ref=""/>
    <EVENT m_id="7" class="OTHER" TAG_DESCRIPTOR="launch"/>
    </Markables>
    <Relations>
    <REFERS_TO r_id="1"><source m_id="1"/><target m_id="5"/></REFERS_TO>
    <REFERS_TO r_id="2"><source m_id="2"/><target m_id="6"/></REFERS_TO>
    <REFERS_TO r_id="3"><source m_id="3"/><target m_id="7"/></REFERS_TO>
    <HAS_PARTICIPANT r_id="4" sem_role="Arg0"><source m_id="3"/><target m_id="1"/></HAS_PARTICIPANT>
    <TLINK r_id="5" reltype="IS_INCLUDED"><source m_id="3"/><target m_id="4"/></TLINK>
    </Relations>
    </Document>
"""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.dates.forms import first_date
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.cat.annotations import Annotations
from datasette_newsgraph.readers.formats.cat.document import Document
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.xml_input import documents, walk

__all__ = ["entries", "parse"]


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents of a file, mostly the one that it is."""
    return documents(source, "Document")


def parse(raw: bytes) -> Parsed:
    """Make one document an article; raises RecordError if it is no XML, or has no tokens."""
    document = Document()
    walk(raw, document)
    text = document.text()
    if not text.text:
        raise RecordError("no entities in it, and no tokens: not a document of CAT")
    annotations = Annotations(document, text)
    address = document.attributes.get("url", "")
    fields = {
        "url": address if address.startswith(("http://", "https://")) else None,
        "language": document.language,
        "published": first_date(filter(None, (annotations.published,))),
    }
    names = ("doc_name", "doc_id", "id")
    parsed = annotations.building.finish(
        "CAT",
        local_ids=[document.attributes.get(each) for each in names],
        passed_over={name: n for name, n in annotations.passed_over.items() if n},
        **{name: value for name, value in fields.items() if value},
    )
    parsed.is_joined = True
    return parsed
