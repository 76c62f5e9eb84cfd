"""Writers of formats of XML, and of the tools that grew up with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.readers.story import Story, Thing
from tests.readers.writing import (
    CONLL,
    ONTONOTES,
    SERVICES,
    STEM,
    about,
    documents,
    item_iri,
    writer,
)

#: The list, the entry and the name of things of each type in TEI.
_REGISTERS = {
    "Person": ("listPerson", "person", "persName"),
    "Organization": ("listOrg", "org", "orgName"),
    "Place": ("listPlace", "place", "placeName"),
}


@writer("tei")
def _tei(stories: Sequence[Story], folder: Path) -> Path:
    parts = ["<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'><teiHeader/>"]
    for story in stories:
        ids = {thing: f"t{number}" for number, thing in enumerate(story.things)}
        parts += (
            f"<TEI xml:lang='{story.language}'><teiHeader><fileDesc><titleStmt>",
            f"<title>{story.title}</title></titleStmt><publicationStmt>",
            f"<idno type='URI'>{story.url}</idno></publicationStmt><sourceDesc><bibl>",
            f"<date when='{story.published}'/></bibl></sourceDesc></fileDesc></teiHeader>",
            "<text><body>",
            f"<p>{_tei_text(story, ids)}</p>",
            "</body><back>",
            *(_tei_entry(thing, ids) for thing in story.things),
            "<listRelation>",
            *(
                f"<relation name='{each.predicate}' active='#{ids[each.subject.thing]}'"
                f" passive='#{ids[each.object.thing]}'/>"
                for each in story.statements
            ),
            "</listRelation></back></text></TEI>",
        )
    path = folder / f"{STEM}.xml"
    path.write_text("\n".join((*parts, "</teiCorpus>")), "utf-8")
    return path


def _tei_text(story: Story, ids: dict[Thing, str]) -> str:
    parts, place = [], 0
    for each in story.mentions:
        name = _REGISTERS[each.thing.type][2]
        parts += (
            escape(story.text[place : each.start]),
            f"<{name} ref='#{ids[each.thing]}'>{escape(each.surface)}</{name}>",
        )
        place = each.end
    return "".join((*parts, escape(story.text[place:])))


def _tei_entry(thing: Thing, ids: dict[Thing, str]) -> str:
    listed, entry, name = _REGISTERS[thing.type]
    idno = "".join(f"<idno type='URL'>{iri}</idno>" for iri in item_iri(thing))
    return (
        f"<{listed}><{entry} xml:id={quoteattr(ids[thing])}><{name}>{escape(thing.name)}</{name}>"
        f"{idno}</{entry}></{listed}>"
    )


@writer("naf")
def _naf(stories: Sequence[Story], folder: Path) -> Path:
    for story in stories:
        of_word = {number: f"w{number}" for number in range(len(story.tokens))}
        parts = (
            f"<NAF xml:lang='{story.language}' version='v3'><nafHeader><fileDesc title='{story.title}'",
            f" creationtime='{story.published}T00:00:00Z'/><public uri='{story.url}'/></nafHeader>",
            f"<raw>{escape(story.text)}</raw><text>",
            *(
                f"<wf id='{of_word[number]}' offset='{each.start}' length='{len(each.words)}'>"
                f"{escape(each.words)}</wf>"
                for number, each in enumerate(story.tokens)
            ),
            "</text><terms>",
            *(
                f"<term id='t{each}'><span><target id='{each}'/></span></term>"
                for each in of_word.values()
            ),
            "</terms><entities>",
            *(_naf_entity(story, thing) for thing in story.things),
            "</entities></NAF>",
        )
        (folder / f"{story.name}.naf").write_text("\n".join(parts), "utf-8")
    return folder


def _naf_entity(story: Story, thing: Thing) -> str:
    # That with the name comes first.
    mentions = [each for each in story.mentions if each.thing == thing]
    mentions.sort(key=lambda each: each.surface != thing.name)
    spans = "".join(
        f"<span><!--{each.surface}-->"
        + "".join(f"<target id='tw{number}'/>" for number in range(each.first, each.beyond))
        + "</span>"
        for each in mentions
    )
    references = "".join(f"<externalRef reference='{iri}'/>" for iri in item_iri(thing))
    return (
        f"<entity type='{ONTONOTES[thing.type]}'><references>{spans}</references>"
        f"<externalReferences>{references}</externalReferences></entity>"
    )


@documents("gate", ".jsonl")
def _gate(story: Story) -> Any:
    numbers = {each: number for number, each in enumerate(story.mentions)}
    return {
        "text": story.text,
        "annotation_sets": {
            "": {
                "annotations": [
                    {
                        "type": SERVICES[each.thing.type].title(),
                        "start": each.start,
                        "end": each.end,
                        "id": number,
                        "features": {
                            "matches": [
                                other
                                for mention, other in numbers.items()
                                if mention.thing == each.thing
                            ],
                            "inst": "".join(item_iri(each.thing)),
                        },
                    }
                    for each, number in numbers.items()
                ]
            }
        },
        "features": about(story),
        "offset_type": "p",
    }


@writer("cat")
def _cat(stories: Sequence[Story], folder: Path) -> Path:
    for story in stories:
        tokens = [
            f"<token t_id='{story.first_token(number) + place}' sentence='{number}'>"
            f"{escape(each.words)}</token>"
            for number, sentence in enumerate(story.sentences)
            for place, each in enumerate(sentence)
        ]
        ids = {each: number for number, each in enumerate(story.mentions)}
        instances = {each: len(ids) + number for number, each in enumerate(story.things)}
        mentions = [
            f"<ENTITY_MENTION m_id='{number}' syntactic_type='NAM' head={quoteattr(each.surface)}>"
            + "".join(f"<token_anchor t_id='{n}'/>" for n in range(each.first, each.beyond))
            + "</ENTITY_MENTION>"
            for each, number in ids.items()
        ]
        entities = [
            f"<ENTITY m_id='{number}' ent_type='{CONLL[each.type]}'"
            f" external_ref='{''.join(item_iri(each))}'/>"
            for each, number in instances.items()
        ]
        relations = [
            f"<REFERS_TO><source m_id='{number}'/><target m_id='{instances[each.thing]}'/></REFERS_TO>"
            for each, number in ids.items()
        ] + [
            f"<HAS_PARTICIPANT sem_role='{each.predicate}'><source m_id='{ids[each.subject]}'/>"
            f"<target m_id='{ids[each.object]}'/></HAS_PARTICIPANT>"
            for each in story.statements
        ]
        parts = (
            f"<Document doc_name='{story.name}'>",
            *tokens,
            *("<Markables>", *mentions, *entities, "</Markables>"),
            *("<Relations>", *relations, "</Relations></Document>"),
        )
        (folder / f"{story.name}.xml").write_text("\n".join(parts), "utf-8")
    return folder
