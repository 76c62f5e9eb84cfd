"""Writers of the formats of nodes and edges."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.readers.story import Statement, Story, Thing
from tests.readers.writing import STEM, about, documents, writer


def properties_of(story: Story, thing: Thing) -> dict[str, Any]:
    """What a node has beside its name and type."""
    found: dict[str, Any] = {"aliases": story.surfaces(thing)}
    return {**found, "wikidata_id": thing.item} if thing.item else found


def said_of(story: Story, statement: Statement) -> dict[str, Any]:
    """What an edge has beside its ends and its predicate."""
    return {
        "confidence": statement.confidence,
        "evidence": story.reading(statement.subject.sentence),
    }


@documents("node_link", ".json")
def _node_link(story: Story) -> Any:
    """As networkx writes it."""
    return {
        "directed": True,
        "multigraph": True,
        "graph": {**about(story), "text": story.text},
        "nodes": [
            {"type": each.type, **properties_of(story, each), "id": each.name}
            for each in story.things
        ],
        "edges": [
            {
                "relation": each.predicate,
                **said_of(story, each),
                "source": each.subject.thing.name,
                "target": each.object.thing.name,
                "key": number,
            }
            for number, each in enumerate(story.statements)
        ],
    }


def _data(kind: str, values: Mapping[str, Any]) -> Iterable[str]:
    for key, value in values.items():
        words = "<SEP>".join(value) if isinstance(value, list) else str(value)
        yield f"<data key={quoteattr(f'{kind} {key}')}>{escape(words)}</data>\n"


#: The columns of each kind of element, as ``_data`` has them.
_COLUMNS = {
    "graph": ("url", "title", "published", "language", "text"),
    "node": ("type", "aliases", "wikidata_id"),
    "edge": ("relation", "confidence", "evidence"),
}


@writer("graphml")
def _graphml(stories: Sequence[Story], folder: Path) -> Path:
    lines = ['<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n']
    lines += [
        f'<key id="{kind} {key}" for="{kind}" attr.name="{key}" attr.type="string"/>\n'
        for kind, keys in _COLUMNS.items()
        for key in keys
    ]
    for story in stories:
        lines.append('<graph edgedefault="directed">\n')
        lines += _data("graph", {**about(story), "text": story.text})
        for thing in story.things:
            lines.append(f"<node id={quoteattr(thing.name)}>\n")
            lines += _data("node", {"type": thing.type, **properties_of(story, thing)})
            lines.append("</node>\n")
        for each in story.statements:
            ends = each.subject.thing.name, each.object.thing.name
            lines.append("<edge source={} target={}>\n".format(*map(quoteattr, ends)))
            lines += _data("edge", {"relation": each.predicate, **said_of(story, each)})
            lines.append("</edge>\n")
        lines.append("</graph>\n")
    path = folder / f"{STEM}.graphml"
    path.write_text("".join([*lines, "</graphml>\n"]), "utf-8")
    return path


def _attvalues(values: Mapping[str, Any]) -> str:
    found = (
        f"<attvalue for={quoteattr(key)}"
        f" value={quoteattr('<SEP>'.join(value) if isinstance(value, list) else str(value))}/>\n"
        for key, value in values.items()
    )
    return f"<attvalues>\n{''.join(found)}</attvalues>\n"


@writer("gexf")
def _gexf(stories: Sequence[Story], folder: Path) -> Path:
    """A thing is of all the articles that name it, and so is there once."""
    things: dict[Thing, dict[str, Any]] = {}
    for story in stories:
        for thing in story.things:
            values = things.setdefault(thing, {"type": thing.type, "aliases": [], "source_url": []})
            values["source_url"].append(story.url)
            own = properties_of(story, thing)
            own["aliases"] = [*dict.fromkeys([*values["aliases"], *own["aliases"]])]
            values.update(own)
    lines = ['<gexf xmlns="http://gexf.net/1.3" version="1.3">\n<graph>\n']
    for kind in ("node", "edge"):
        lines.append(f'<attributes class="{kind}">\n')
        lines += (
            f'<attribute id="{key}" title="{key}" type="string"/>\n'
            for key in (*_COLUMNS[kind], "source_url")
        )
        lines.append("</attributes>\n")
    lines.append("<nodes>\n")
    for number, (thing, values) in enumerate(things.items()):
        lines.append(f'<node id="n{number}" label={quoteattr(thing.name)}>\n')
        lines += [_attvalues(values), "</node>\n"]
    lines.append("</nodes>\n<edges>\n")
    numbers = {thing: f"n{number}" for number, thing in enumerate(things)}
    for story in stories:
        for each in story.statements:
            ends = numbers[each.subject.thing], numbers[each.object.thing]
            lines.append(
                '<edge source="{}" target="{}" label={}>\n'.format(*ends, quoteattr(each.predicate))
            )
            lines += [_attvalues({**said_of(story, each), "source_url": story.url}), "</edge>\n"]
    path = folder / f"{STEM}.gexf"
    path.write_text("".join([*lines, "</edges>\n</graph>\n</gexf>\n"]), "utf-8")
    return path


@writer("neo4j")
def _neo4j(stories: Sequence[Story], folder: Path) -> Path:
    """As ``apoc.export.json`` writes it: articles are nodes, too."""
    things = list(dict.fromkeys(each for story in stories for each in story.things))
    ids = {thing: f"{number}" for number, thing in enumerate(things)}
    found: list[dict[str, Any]] = []
    for thing in things:
        properties: dict[str, Any] = {"name": thing.name, "aliases": []}
        for story in stories:
            properties |= {
                **properties_of(story, thing),
                "aliases": [*dict.fromkeys([*properties["aliases"], *story.surfaces(thing)])],
            }
        found.append(
            {"id": ids[thing], "labels": ["__Entity__", thing.type], "properties": properties}
        )
    found += [
        {
            "id": story.name,
            "labels": ["Article"],
            "properties": {**about(story), "text": story.text},
        }
        for story in stories
    ]
    nodes = [{"type": "node", **each} for each in found]
    ties: list[tuple[str, str, str, dict[str, Any]]] = []
    for story in stories:
        ties += ((story.name, "MENTIONS", ids[each], {}) for each in story.things)
        ties += (
            (
                ids[each.subject.thing],
                each.predicate.upper().replace(" ", "_"),
                ids[each.object.thing],
                {**said_of(story, each), "source_url": story.name},
            )
            for each in story.statements
        )
    relationships = [
        {
            "type": "relationship",
            "id": f"{number}",
            "label": label,
            "properties": properties,
            "start": {"id": one},
            "end": {"id": other},
        }
        for number, (one, label, other, properties) in enumerate(ties)
    ]
    path = folder / f"{STEM}.json"
    lines = (json.dumps(each, ensure_ascii=False) for each in (*nodes, *relationships))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
