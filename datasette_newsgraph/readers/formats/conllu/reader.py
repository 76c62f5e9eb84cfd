r"""Read CoNLL-U whose last column has names or entities: GUM, CorefUD, and what Stanza writes.

- ``Entity=`` opens and closes mentions of entities by brackets, and ``# global.Entity`` tells the order
  of their fields (``eid-etype-head-other``, or GUM's ``GRP-etype-infstat-…``). All mentions of one
  entity are one entity of its ``etype``. Entities that are mentioned once are entities, too.
- A mention whose head is a proper noun names its entity: the name that most mentions have, or a longer
  one that contains it, is its name, others are aliases. The article before a name and the genitive
  behind it are not part of it. Where the file has no parts of speech, capitals tell.
- Other mentions ("the president") are mentions of it. An entity without any name is called by its first
  mention, and is local to the article. Pronouns are counted and not taken, an entity that has nothing
  else is none, and mentions without words (zero anaphora) are counted.
- GUM's ``identity`` is the page of the English Wikipedia. ``Wikidata=Q…``, ``EntityLink=`` or
  ``Identity=`` beside the first word of a name identify it, too.
- ``Bridge=`` and ``SplitAnte=`` are relations from the later entity to the one before it, with their
  sentence as evidence. Their predicate is the label, or else ``bridging`` and ``part of``.
- ``NE=``, ``NER=`` and ``ner=`` are tags of names, as in columns (``B-PER``, ``S-PERSON``), or the
  numbered ones of NameTag. If there are ``Entity=`` brackets as well, a name in them is a mention of
  their entity, and gives its type if they have none.
- Of a mention of several parts (``e1[1/2]``) each part is a mention.
- The text has the spacing of the file: ``SpaceAfter=No``, ``SpacesAfter=\n``, or else what ``# text``
  reads if that has the same words. Multiword tokens (``3-4``) stand as they are written. Paragraphs
  (``# newpar``) are set apart by a blank line, other sentences by a blank.
- Documents begin with ``# newdoc``; a file without it is one document. ``# meta::title``,
  ``sourceURL``, ``dateCreated``, ``author`` and the like describe the article, and rows of the articles
  file are joined by its ``newdoc id``. Trees, information status, salience and all other attributes are
  passed over.

Offsets: none; they are counted from the words, in code points, end exclusive.

Example::

    # newdoc id = peace-prize-2021
    # global.Entity = eid-etype-head-other
    # meta::title = The prize goes to two journalists
    # meta::dateCreated = 2021-10-08
    # sent_id = 1
    # text = Maria Ressa leads Rappler .
    1	Maria	Maria	PROPN	_	_	3	nsubj	_	Entity=(e1-person-1-
    2	Ressa	Ressa	PROPN	_	_	1	flat	_	Entity=e1)
    3	leads	lead	VERB	_	_	0	root	_	_
    4	Rappler	Rappler	PROPN	_	_	3	obj	_	Entity=(e2-organization-1-)|Bridge=e1<e2:led by
    5	.	.	PUNCT	_	_	3	punct	_	_

    # sent_id = 2
    # text = The journalist founded it.
    1	The	the	DET	_	_	2	det	_	Entity=(e1-person-2-
    2	journalist	journalist	NOUN	_	_	3	nsubj	_	Entity=e1)
    3	founded	found	VERB	_	_	0	root	_	_
    4	it	it	PRON	_	_	3	obj	_	Entity=(e2-organization-1-)|SpaceAfter=No
    5	.	.	PUNCT	_	_	3	punct	_	_
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.article import Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed, shapes
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.chains import Chains, Link
from datasette_newsgraph.readers.formats.conllu.document_cutting import documents
from datasette_newsgraph.readers.formats.conllu.lines import Document, read_document
from datasette_newsgraph.readers.formats.conllu.mentions import link_of
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_NO_WORDS = "mentions without words"
_MASK = re.compile(r"_+")
#: Of so few words nothing is told.
_FEW = 3


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the lines of each document behind the one that tells the fields of entities."""
    return documents(source)


def parse(raw: bytes) -> Parsed:
    """Make an article of one document; raises RecordError where it has no words."""
    found = read_document(shapes.decode_text(raw))
    words = found.words
    if not words:
        reason = f": {found.faults[0][0]}" if found.faults else ""
        raise RecordError(f"no entities in it: it has no line with a word{reason}")
    masked = sum(_MASK.fullmatch(each) is not None for each in words)
    if len(words) > _FEW and 10 * masked >= 9 * len(words):
        raise RecordError(
            "nearly all words are '_': the words are not in this copy; get the one that has them"
        )
    building = Building(found.layout.text)
    for reason, part in found.faults:
        building.fault(reason, part)
    chains = Chains(building, words, found.layout.span)
    chains.add(_links(found), found.names)
    _relate(building, chains, found)
    found.passed_over.update(chains.passed_over)
    about = found.about
    parsed = building.finish(
        "CoNLL-U",
        local_ids=(about.get("newdoc"),),
        **about_article({"date": about.get("dateCreated"), **about}),
    )
    parsed.is_joined = True
    parsed.notes.passed_over.update(found.passed_over)
    return parsed


def _links(found: Document) -> dict[str, list[Link]]:
    """Return the mentions of each entity, in the order of the text."""
    chains: dict[str, list[Link]] = {}
    for each in sorted(found.brackets.found, key=lambda each: (each.first, -each.end)):
        if each.first >= each.end:
            found.passed_over[_NO_WORDS] += 1
            continue
        link = found.links.get(each.first)
        chains.setdefault(each.id, []).append(link_of(found, each, (link,) if link else ()))
    return chains


def _relate(building: Building, chains: Chains, found: Document) -> None:
    known = {each.id for each in found.brackets.found}
    for tie, place, sentence in found.ties:
        ends = [chains.entities.get(each) for each in (tie.subject, tie.object)]
        if ends[0] is not None and ends[1] is not None:
            span = found.layout.sentence(sentence)
            evidence = [Evidence(start=span.start, end=span.end, text=span.surface)] if span else []
            building.relation(ends[0], tie.label, ends[1], evidence=evidence)
        elif {tie.subject, tie.object} <= known:
            found.passed_over["relations of what only pronouns mention"] += 1
        else:
            missing = tie.object if tie.subject in known else tie.subject
            building.fault(f"{place} of this document: {missing!r} is no entity of it", tie)
