"""Writers of the formats of what builds graphs of texts: LightRAG, kg-gen, iText2KG, OneKE."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.readers.story import Mention, Story, Thing
from tests.readers.writers_for_nodes_and_edges import properties_of, said_of
from tests.readers.writing import documents, writer


@writer("node_tables")
def _node_tables(stories: Sequence[Story], folder: Path) -> Path:
    """As Gephi writes its two tables; a thing is of all the articles that name it."""
    things: dict[Thing, dict[str, Any]] = {}
    for story in stories:
        for thing in story.things:
            values = things.setdefault(thing, {"source_url": [], "aliases": []})
            values["source_url"].append(story.url)
            own = properties_of(story, thing)
            values |= own | {"aliases": [*dict.fromkeys(values["aliases"] + own["aliases"])]}
    numbers = {thing: number for number, thing in enumerate(things)}
    nodes = [
        {
            "Id": numbers[thing],
            "Label": thing.name,
            "Type": thing.type,
            "aliases": json.dumps(values["aliases"]),
            "wikidata_id": values.get("wikidata_id", ""),
            "source_url": "<SEP>".join(values["source_url"]),
        }
        for thing, values in things.items()
    ]
    edges = [
        {
            "Source": numbers[each.subject.thing],
            "Target": numbers[each.object.thing],
            "Type": "Directed",
            "Id": number,
            "Label": each.predicate,
            "Weight": 1.0,
            "source_url": story.url,
            **said_of(story, each),
        }
        for story in stories
        for number, each in enumerate(story.statements)
    ]
    for name, rows in (("nodes", nodes), ("edges", edges)):
        file = io.StringIO(newline="")
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
        (folder / f"{name}.csv").write_text(file.getvalue(), "utf-8", newline="")
    return folder


def _named(mentions: Sequence[Mention]) -> list[tuple[str, str]]:
    """Type and name of what is known by nothing else."""
    return list(dict.fromkeys((each.thing.type, each.surface) for each in mentions))


@writer("lightrag")
def _lightrag(stories: Sequence[Story], folder: Path) -> Path:
    """LightRAG knows a thing by its name; each document is one chunk here."""
    chunks: dict[tuple[str, str], list[str]] = {}
    for story in stories:
        for key in _named(story.mentions):
            chunks.setdefault(key, []).append(f"chunk-{story.number}")
    keys = {"n": ("entity_id", "entity_type", "source_id"), "e": ("keywords", "source_id")}
    lines = ["<graphml>\n"]
    for kind, names in keys.items():
        of = "node" if kind == "n" else "edge"
        lines += (
            f'<key id="{kind}-{each}" for="{of}" attr.name="{each}" attr.type="string"/>\n'
            for each in names
        )
    lines.append('<graph edgedefault="undirected">\n')
    for (type_, name), found in chunks.items():
        lines.append(f"<node id={quoteattr(name)}>\n")
        values = (name, type_, "<SEP>".join(found))
        for key, value in zip(keys["n"], values, strict=True):
            lines.append(f'<data key="n-{key}">{escape(value)}</data>\n')
        lines.append("</node>\n")
    for story in stories:
        for each in story.statements:
            ends = quoteattr(each.subject.surface), quoteattr(each.object.surface)
            lines.append(f"<edge source={ends[0]} target={ends[1]}>\n")
            lines.append(f'<data key="e-keywords">{escape(each.predicate)}</data>\n')
            lines.append(f'<data key="e-source_id">chunk-{story.number}</data>\n</edge>\n')
    lines.append("</graph>\n</graphml>\n")
    (folder / "graph_chunk_entity_relation.graphml").write_text("".join(lines), "utf-8")
    stores = {
        "text_chunks": {
            f"chunk-{each.number}": {
                "content": each.text,
                "chunk_order_index": 0,
                "full_doc_id": f"doc-{each.number}",
                "file_path": f"{each.name}.txt",
            }
            for each in stories
        },
        "full_docs": {
            f"doc-{each.number}": {"content": each.text, "file_path": f"{each.name}.txt"}
            for each in stories
        },
    }
    for store, values_ in stores.items():
        path = folder / f"kv_store_{store}.json"
        path.write_text(json.dumps(values_, ensure_ascii=False) + "\n", "utf-8")
    return folder


@documents("kg_gen", ".jsonl")
def _kg_gen(story: Story) -> Any:
    return {
        "entities": [each.name for each in story.things],
        "edges": sorted({each.predicate for each in story.statements}),
        "relations": [
            [each.subject.thing.name, each.predicate, each.object.thing.name]
            for each in story.statements
        ],
        "entity_clusters": {each.name: [each.name, *story.surfaces(each)] for each in story.things},
        "edge_clusters": None,
    }


@documents("itext2kg", ".json")
def _itext2kg(story: Story) -> Any:
    def entity(type_: str, name: str) -> dict[str, Any]:
        return {"label": type_, "name": name, "properties": {"embeddings": None}}

    return {
        "text": story.text,
        "entities": [entity(*each) for each in _named(story.mentions)],
        "relationships": [
            {
                "startEntity": entity(each.subject.thing.type, each.subject.surface),
                "endEntity": entity(each.object.thing.type, each.object.surface),
                "name": each.predicate,
            }
            for each in story.statements
        ],
    }


@documents("oneke", ".jsonl")
def _oneke(story: Story) -> Any:
    """As a model answers that is trained on IEPile, asked for both at once."""
    found: dict[str, list[Any]] = {}
    for type_, name in _named(story.mentions):
        found.setdefault(type_.lower(), []).append(name)
    for each in story.statements:
        ends = {"subject": each.subject.surface, "object": each.object.surface}
        found.setdefault(each.predicate, []).append(ends)
    return {"doc_id": story.name, "input": story.text, "output": found}
