"""GraphML and GEXF, as the programs that analyse graphs write them."""

from __future__ import annotations

from typing import Any

import pytest

from datasette_newsgraph.readers import Parsed
from tests.readers.conftest import Load

#: One graph, as each program has it.
GRAPHML = {
    "networkx": """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d1" for="edge" attr.name="relation" attr.type="string"/>
  <key id="d0" for="node" attr.name="type" attr.type="string"/>
  <graph edgedefault="directed">
    <node id="Ada Yonath"><data key="d0">Person</data></node>
    <node id="Weizmann Institute"><data key="d0">Organization</data></node>
    <edge source="Ada Yonath" target="Weizmann Institute"><data key="d1">works at</data></edge>
  </graph>
</graphml>""",
    "Neo4j": """<graphml>
<key id="name" for="node" attr.name="name"/><key id="labels" for="node" attr.name="labels"/>
<key id="label" for="edge" attr.name="label"/>
<graph id="G" edgedefault="directed">
<node id="n0" labels=":__Entity__:Person"><data key="labels">:__Entity__:Person</data><data
 key="name">Ada Yonath</data></node>
<node id="n1" labels=":Organization"><data key="labels">:Organization</data><data
 key="name">Weizmann Institute</data></node>
<edge id="e0" source="n0" target="n1" label="works at"><data key="label">works at</data></edge>
</graph></graphml>""",
    "TinkerPop": """<graphml>
<key id="labelV" for="node" attr.name="labelV" attr.type="string"/>
<key id="labelE" for="edge" attr.name="labelE" attr.type="string"/>
<key id="name" for="node" attr.name="name" attr.type="string"/>
<graph><node id="1"><data key="labelV">Person</data><data key="name">Ada Yonath</data></node>
<node id="2"><data key="labelV">Organization</data><data key="name">Weizmann Institute</data></node>
<edge id="7" source="1" target="2"><data key="labelE">works at</data></edge></graph></graphml>""",
    "yEd": """<graphml xmlns:y="http://www.yworks.com/xml/graphml">
<key for="node" id="d6" yfiles.type="nodegraphics"/><key for="edge" id="d10" yfiles.type="x"/>
<key attr.name="type" attr.type="string" for="node" id="d4"><default>Person</default></key>
<graph><node id="n0"><data key="d6"><y:ShapeNode><y:Geometry x="1"/><y:NodeLabel>Ada Yonath
</y:NodeLabel></y:ShapeNode></data></node>
<node id="n1"><data key="d4">Organization</data><data key="d6"><y:ShapeNode><y:NodeLabel
>Weizmann Institute</y:NodeLabel></y:ShapeNode></data></node>
<edge source="n0" target="n1"><data key="d10"><y:PolyLineEdge><y:EdgeLabel>works at<y:Path/>
</y:EdgeLabel></y:PolyLineEdge></data></edge></graph></graphml>""",
    "a graph in a node": """<graphml>
<key id="t" for="node" attr.name="type" attr.type="string"/>
<graph><node id="Weizmann Institute"><data key="t">Organization</data>
<graph><node id="Ada Yonath"><data key="t">Person</data></node></graph></node>
<edge source="Ada Yonath" target="Weizmann Institute" label="works at"/></graph></graphml>""",
}
GEXF = {
    "Gephi": """<?xml version='1.0' encoding='UTF-8'?>
<gexf xmlns="http://gexf.net/1.3" version="1.3" xmlns:viz="http://gexf.net/1.3/viz">
<meta lastmodifieddate="2024-01-02"><creator>Gephi 0.10</creator></meta>
<graph defaultedgetype="directed" mode="static">
<attributes class="node"><attribute id="type" title="Type" type="string"/>
<attribute id="modularity_class" title="Modularity Class" type="integer"><default>0</default>
</attribute></attributes>
<nodes><node id="a" label="Ada Yonath"><attvalues><attvalue for="type" value="Person"/>
<attvalue for="modularity_class" value="3"/></attvalues><viz:size value="9"/></node>
<node id="w" label="Weizmann Institute"><attvalues><attvalue for="type" value="Organization"/>
</attvalues></node></nodes>
<edges><edge id="0" source="a" target="w" label="works at" weight="2"/></edges></graph></gexf>""",
    "version 1.1": """<gexf xmlns="http://www.gephi.org/gexf" version="1.1"><graph>
<attributes class="node"><attribute id="0" title="type" type="string"/></attributes>
<attributes class="edge"><attribute id="0" title="relation" type="string"/></attributes>
<nodes><node id="Ada Yonath" label="Ada Yonath"><attvalues><attvalue id="0" value="Person"/>
</attvalues><nodes><node id="Weizmann Institute" label="Weizmann Institute"><attvalues>
<attvalue id="0" value="Organization"/></attvalues></node></nodes></node></nodes>
<edges><edge source="Ada Yonath" target="Weizmann Institute"><attvalues><attvalue id="0"
 value="works at"/></attvalues></edge></edges></graph></gexf>""",
}


def said(parsed: Parsed) -> tuple[set[tuple[str, str]], list[tuple[str, str, Any]]]:
    names = {each.id: each.name for each in parsed.article.entities}
    return (
        {(each.type, each.name) for each in parsed.article.entities},
        [
            (names[each.subject], each.predicate, names.get(each.object or "", each.value))
            for each in parsed.article.relations
        ],
    )


@pytest.mark.parametrize(
    ("format_", "program"),
    [*(("graphml", each) for each in GRAPHML), *(("gexf", each) for each in GEXF)],
)
def test_every_program_says_the_same(load: Load, format_: str, program: str) -> None:
    text = (GRAPHML if format_ == "graphml" else GEXF)[program]
    recognised, (parsed,) = load(text, f"a.{format_}")
    assert (recognised, parsed.faults) == (format_, [])
    assert said(parsed) == (
        {("Person", "Ada Yonath"), ("Organization", "Weizmann Institute")},
        [("Ada Yonath", "works at", "Weizmann Institute")],
    )


LIGHTRAG = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d9" for="edge" attr.name="source_id" attr.type="string"/>
<key id="d8" for="edge" attr.name="keywords" attr.type="string"/>
<key id="d7" for="edge" attr.name="description" attr.type="string"/>
<key id="d6" for="edge" attr.name="weight" attr.type="double"/>
<key id="d4" for="node" attr.name="created_at" attr.type="long"/>
<key id="d3" for="node" attr.name="source_id" attr.type="string"/>
<key id="d2" for="node" attr.name="description" attr.type="string"/>
<key id="d1" for="node" attr.name="entity_type" attr.type="string"/>
<key id="d0" for="node" attr.name="entity_id" attr.type="string"/>
<graph edgedefault="undirected">
<node id="ADA YONATH"><data key="d0">ADA YONATH</data><data key="d1">PERSON</data>
<data key="d2">A chemist&lt;SEP&gt;A laureate</data>
<data key="d3">chunk-1&lt;SEP&gt;chunk-2</data><data key="d4">1766629718</data></node>
<node id="WEIZMANN"><data key="d0">WEIZMANN</data><data key="d1">ORGANIZATION</data>
<data key="d3">chunk-1</data></node>
<edge source="ADA YONATH" target="WEIZMANN"><data key="d6">9.0</data>
<data key="d7">She works there.</data><data key="d8">work, research</data>
<data key="d9">chunk-1</data></edge>
</graph></graphml>"""


def test_lightrag_alone_has_an_article_for_each_source(load: Load) -> None:
    _, (first, second) = load(LIGHTRAG, "graph_chunk_entity_relation.graphml")
    assert (first.local_ids, second.local_ids) == (("chunk-1",), ("chunk-2",))
    assert said(first) == (
        {("PERSON", "ADA YONATH"), ("ORGANIZATION", "WEIZMANN")},
        [
            ("ADA YONATH", "work, research", "WEIZMANN"),
            ("ADA YONATH", "relationship description", "She works there."),
        ],
    )
    assert said(second) == ({("PERSON", "ADA YONATH")}, [])
    assert second.article.entities[0].description == "A chemist\nA laureate"


def test_values_have_their_types(load: Load) -> None:
    keys = "".join(
        f'<key id="{type_}" for="node" attr.name="{name}" attr.type="{type_}"/>'
        for name, type_ in (("born", "int"), ("alive", "boolean"), ("prizes", "string"))
    )
    node = (
        '<node id="Ada Yonath"><data key="int">1939</data><data key="boolean">true</data>'
        '<data key="string">["Wolf", "Nobel"]</data></node>'
    )
    _, (parsed,) = load(f"<graphml>{keys}<graph>{node}</graph></graphml>", "a.graphml")
    assert [(each.predicate, each.value) for each in parsed.article.relations] == [
        ("born", 1939),
        ("alive", True),
        ("prizes", "Wolf"),
        ("prizes", "Nobel"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        (
            "a.graphml",
            '<graphml><graph><node id="Ana"><data key="d7">x</data></node></graph></graphml>',
            "node 'Ana': no <key> has the id 'd7'",
        ),
        (
            "a.graphml",
            '<graphml><graph><node id="Ana"/><edge source="Ana"/></graph></graphml>',
            "edge 'Ana': has not two ends",
        ),
        (
            "a.graphml",
            '<graphml><graph><node id="Ana"/><hyperedge id="h"><endpoint node="Ana"/></hyperedge>'
            "</graph></graphml>",
            "hyperedge 'h': a hyperedge has more than two ends",
        ),
        (
            "a.gexf",
            '<gexf><graph><nodes><node id="Ana"><attvalues><attvalue for="9" value="x"/>'
            "</attvalues></node></nodes></graph></gexf>",
            "node 'Ana': no <attribute> has the id '9'",
        ),
        (
            "a.gexf",
            '<gexf><graph><nodes><node id="Ana"/></nodes><edges><edge id="1" source="Ana"/></edges>'
            "</graph></gexf>",
            "edge '1': has not two ends",
        ),
    ],
)
def test_a_part_that_cannot_be_taken_is_a_fault(
    load: Load, name: str, text: str, fault: str
) -> None:
    _, (parsed,) = load(text, name)
    assert [each.reason for each in parsed.faults] == [fault]
    assert [each.name for each in parsed.article.entities] == ["Ana"]
