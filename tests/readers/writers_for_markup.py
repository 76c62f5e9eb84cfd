"""Writers of formats of XML, and of the tools that grew up with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.readers.story import Story, Thing
from tests.readers.writing import STEM, item_iri, writer

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
            "<text><body><p>",
            _tei_text(story, ids),
            "</p></body><back>",
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
    path.write_text("".join((*parts, "</teiCorpus>")), "utf-8")
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
