"""Folders with tables of nodes and edges."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.formats.node_tables.reader import entries, parse
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.test_reader_node_link import said

WANTED = (
    {("Person", "Gro Harlem Brundtland"), ("Organization", "World Health Organization")},
    {("Gro Harlem Brundtland", "director-general of", "World Health Organization")},
)

#: One graph, as each program has it.
PROGRAMS: dict[str, dict[str, str]] = {
    "Gephi": {
        "graph [Nodes].csv": "Id,Label,timeset,Type,modularity_class,pageranks,"
        "closnesscentrality,weighted indegree\n"
        "1,Gro Harlem Brundtland,,Person,0,0.3,1.0,0\n"
        "2,World Health Organization,,Organization,1,0.6,0.0,1\n",
        "graph [Edges].csv": "Source,Target,Type,Id,Label,timeset,Weight\n"
        "1,2,Directed,0,director-general of,,1.0\n",
    },
    "with semicolons": {
        "nodes.csv": "sep=;\nID;Name;Category\na;Gro Harlem Brundtland;Person\n"
        "b;World Health Organization;Organization\n",
        "links.tsv": "from\tto\trelation\na\tb\tdirector-general of\n",
    },
    "neo4j-admin": {
        "people.csv": "personId:ID(Person),name,born:int,:LABEL\n"
        "1,Gro Harlem Brundtland,1939,Person;Entity\n",
        "bodies.csv": "bodyId:ID(Body),name:string,seats:string[],:LABEL,note:IGNORE\n"
        "1,World Health Organization,Geneva;Copenhagen,Organization,x\n",
        "roles.csv": ":START_ID(Person),:END_ID(Body),:TYPE\n1,1,director-general of\n",
    },
    "APOC": {
        "all.csv": '"_id","_labels","name","_start","_end","_type","since"\n'
        '"0",":Person","Gro Harlem Brundtland",,,,\n'
        '"1",":Organization","World Health Organization",,,,\n'
        ',,,"0","1","director-general of","1998"\n',
    },
}


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def load(path: Path) -> list[Parsed]:
    with closing(open_input(path)) as source:
        assert recognise(source).name == "node_tables"
        return [parse(each.raw) for each in entries(source)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_says_the_same(tmp_path: Path, program: str) -> None:
    (parsed,) = load(write(tmp_path / "graph", PROGRAMS[program]))
    assert (parsed.faults, said(parsed)) == ([], WANTED)


def test_a_table_of_apoc_is_whole_by_itself(tmp_path: Path) -> None:
    (parsed,) = load(write(tmp_path, PROGRAMS["APOC"]) / "all.csv")
    assert said(parsed) == WANTED
    assert parsed.article.relations[0].start_date == "1998"


def test_neo4j_admin_declares_types_of_values(tmp_path: Path) -> None:
    (parsed,) = load(write(tmp_path / "graph", PROGRAMS["neo4j-admin"]))
    values = [(each.predicate, each.value) for each in parsed.article.relations if not each.object]
    assert values == [("born", 1939), ("seats", "Geneva"), ("seats", "Copenhagen")] or values == [
        ("seats", "Geneva"),
        ("seats", "Copenhagen"),
        ("born", 1939),
    ]


def test_a_row_that_does_not_fit_costs_only_itself(tmp_path: Path) -> None:
    files = dict(PROGRAMS["Gephi"])
    files["graph [Nodes].csv"] += "3,Too,few\n,Nobody,,Person,0,0.1,0,0\n"
    files["graph [Edges].csv"] += "1,9,Directed,1,knows,,1\n1,,Directed,2,knows,,1\n"
    files["notes.csv"] = "when,what\n1998,elected\n"
    (parsed,) = load(write(tmp_path / "graph", files))
    assert said(parsed) == WANTED
    assert [each.reason for each in parsed.faults] == [
        "graph [Edges].csv: line 4: has not two ends",
        "graph [Nodes].csv: line 4: the row has 3 cells, but the header 8",
        "graph [Nodes].csv: line 5: has no id",
        "notes.csv: is no table of nodes or of edges",
        "graph [Edges].csv: line 3: '9' is no node",
    ]


@pytest.mark.parametrize(
    ("files", "said_"),
    [
        ({"a.csv": "personId:ID,name\n1,Ana\n"}, None),
        ({"a.csv": ":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n"}, "give the folder that has it"),
        ({"a.csv": "Id,Label,timeset\n1,Ana,\n"}, "give the folder that has both tables"),
    ],
    ids=["nodes", "edges", "Gephi's nodes"],
)
def test_one_table_alone_says_what_to_give(
    tmp_path: Path, files: dict[str, str], said_: str | None
) -> None:
    path = write(tmp_path, files) / "a.csv"
    if said_ is None:
        (parsed,) = load(path)
        assert [each.name for each in parsed.article.entities] == ["Ana"]
    else:
        with pytest.raises(InputError, match=said_):
            load(path)


def test_a_folder_without_nodes_says_what_is_missing(tmp_path: Path) -> None:
    write(tmp_path / "graph", {"edges.csv": "Source,Target\n1,2\n"})
    with pytest.raises(InputError, match="has no table of nodes"):
        list(entries(Folder(tmp_path / "graph")))


@pytest.mark.parametrize(
    "files",
    [
        {"articles.csv": "id,title,text\n1,A,B\n", "triples.csv": "source,type,target\na,b,c\n"},
        {"a.csv": "subject,predicate,object\na,b,c\n", "b.csv": "id,text\n1,x\n"},
        {
            "entities.csv": "id,title,type,text_unit_ids\n1,ANA,PERSON,u\n",
            "relationships.csv": "source,target,text_unit_ids\nANA,BOB,u\n",
            "text_units.csv": "id,text,document_id\nu,x,d\n",
        },
    ],
    ids=["statements with articles", "statements", "GraphRAG"],
)
def test_other_tables_are_not_taken(tmp_path: Path, files: dict[str, str]) -> None:
    with closing(open_input(write(tmp_path / "graph", files))) as source:
        try:
            assert recognise(source).name == "graphrag"
        except InputError as error:
            assert "is not a folder of" in str(error)  # noqa: PT017 - GraphRAG's is one
