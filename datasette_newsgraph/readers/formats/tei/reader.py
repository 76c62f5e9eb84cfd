"""Read TEI, P5 and P4: texts in which names are marked, with registers of what they name.

- ``persName``, ``orgName``, ``placeName``, ``geogName``, ``settlement`` and the like, ``rs``, ``name``,
  ``date``, and titles that refer to something become mentions. What an ``rs`` or ``name`` is, its
  ``type`` says, or the entry that it refers to.
- Names that refer to one thing (``ref``, ``key``, else ``corresp``) are one entity, whatever their
  words; of several references each has the mention. An address, ``gnd:``, ``wd:``, ``geonames:``,
  ``viaf:`` and prefixes of ``listPrefixDef`` identify it. A reference to a file elsewhere is the
  entity's id in this document.
- Lists (``listPerson``, ``listPlace``, ``listOrg``, ``listEvent`` and so on), wherever they stand,
  give entities their names, identifiers (``idno``), coordinates, dates and places of birth and
  death, occupations and affiliations. ``relation`` becomes relations. Entries that are neither
  mentioned nor related nor quoted are left out.
- A name is the entity's alias; the words of an ``rs`` are not.
- What is ``said``, and what a ``q``, ``quote``, ``u`` or ``sp`` says ``who`` says, is a quote.
- Title, date, newspaper, authors, language, address and terms of use are those of the header.
- Heads, bylines, datelines and captions are zones. A note within a sentence is read behind the text.
- Of a ``choice`` the regular form is read, of an ``app`` the lemma. What was deleted, page headers and
  facsimiles are left out. Files that are included (``xi:include``) are not read.
- Each ``TEI`` of a ``teiCorpus`` is an article.

Offsets: none. The text is put together of the elements: white space is one blank, lines of the source
are joined (``break="no"``, soft hyphens, ¬), paragraphs are apart, and tokens are joined as ``join``
says.

Example::

    <?xml version="1.0" encoding="UTF-8"?>
    <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en">
      <teiHeader><fileDesc>
        <titleStmt><title>Peace prize for planting trees</title></titleStmt>
        <publicationStmt><idno type="URI">https://example.org/2004/prize</idno></publicationStmt>
        <sourceDesc><bibl><title level="j">The Morning Post</title>
          <date when="2004-12-11">11 December 2004</date></bibl></sourceDesc>
      </fileDesc></teiHeader>
      <standOff>
        <listPerson>
          <person xml:id="maathai">
            <persName><forename>Wangari</forename> <surname>Maathai</surname></persName>
            <idno type="Wikidata">Q46795</idno>
          </person>
        </listPerson>
        <listOrg><org xml:id="belt"><orgName>Green Belt Movement</orgName></org></listOrg>
        <listRelation><relation name="founder of" active="#maathai" passive="#belt"/></listRelation>
      </standOff>
      <text><body>
        <head>Kenyan honoured</head>
        <p><persName ref="#maathai">Professor Maathai</persName> received the prize in
          <placeName ref="wd:Q585">Oslo</placeName> on <date when="2004-12-10">Friday</date>.
          <said who="#maathai">We are called to assist the Earth,</said> she said.</p>
      </body></text>
    </TEI>
"""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.tei.assembly import Assembly
from datasette_newsgraph.readers.formats.tei.document import Document
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.xml_input import documents, walk

__all__ = ["entries", "parse"]


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents of a corpus, or the one that a file is."""
    return documents(source, "TEI", "TEI.2")


def parse(raw: bytes) -> Parsed:
    """Make one document an article; raises RecordError if it is no XML, or nothing is in it."""
    document = Document()
    walk(raw, document)
    assembly = Assembly(document)
    if not assembly.building.text and not assembly.building.entities:
        raise RecordError("no entities in it, and no text")
    return assembly.building.finish(
        "TEI",
        local_ids=(document.id, *document.header.ids),
        passed_over=assembly.passed_over,
        **document.header.fields(),
    )
