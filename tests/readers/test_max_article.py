"""What is held of a file at once has a limit, whatever the file says: --max-article."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import InputError, UsageError
from datasette_newsgraph.labels.given import GivenMap
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.formats import Format
from datasette_newsgraph.readers.limits import MAX_ARTICLE, OPTION, Limit, described, read_size
from tests.cost import steps_of
from tests.readers.files_of_formats import every_format, write_example

Query = Callable[..., list[tuple[Any, ...]]]
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(cli, [str(each) for each in arguments])


LIMIT = 64 << 10
BOMB = 8 << 20
#: What a load may take for blocks, samples and rows, however small the limit is.
MEMORY = 6 << 20
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"


# One value without an end, in every format ------------------------------------------------------


def packed(path: Path, *parts: str, size: int = BOMB) -> Path:
    """Write a file of many times the last part but one; packed, it is small."""
    *begin, again, end = parts
    block = again * max(1, (1 << 16) // len(again))
    with gzip.open(f"{path}.gz", "wt", compresslevel=1, encoding="utf-8") as file:
        file.writelines(begin)
        for _ in range(size // len(block)):
            file.write(block)
        file.write(end)
    return Path(f"{path}.gz")


def annotations(folder: Path) -> Path:
    (folder / "a.ann").write_text("T1\tPerson 0 4\tAnna\n" + "#1\tNote T1\tab ab\n" * (BOMB // 16))
    return folder / "a.ann"


def tables(folder: Path) -> Path:
    for name in ("documents", "text_units", "entities"):
        (folder / f"{name}.csv").write_text("id,title,text,document_id,text_unit_ids\n")
    with (folder / "documents.csv").open("a") as file:
        file.write('1,a,"' + "ab " * (BOMB // 3))
    return folder


def node_tables(folder: Path) -> Path:
    (folder / "edges.csv").write_text("Source,Target\n1,1\n")
    (folder / "nodes.csv").write_text('Id,Label\n1,"' + "ab " * (BOMB // 3))
    return folder


def lightrag(folder: Path) -> Path:
    (folder / "kv_store_text_chunks.json").write_text('{"c": {"content": "' + "ab " * (BOMB // 3))
    (folder / "graph_chunk_entity_relation.graphml").write_text("<graphml><graph/></graphml>")
    return folder


def docs(folder: Path) -> Path:
    (folder / "a.spacy").write_bytes(zlib.compress(b"\x84\xa5attrs" + bytes(BOMB)))
    return folder / "a.spacy"


def xml(root: str) -> Callable[[Path], Path]:
    """A document without an end, as the file itself."""
    return lambda folder: packed(folder / "a.xml", f"<{root}><text>", "ab ", f"</text></{root}>")


def turtle(folder: Path) -> Path:
    begin = f"<http://e.org/a#char=0,3> a <{NIF}Context> ; <{NIF}isString> "
    return packed(folder / "a.ttl", f'{begin}"', "ab ", '" .\n')


def export(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        rows = "1-1\t0-2\tab\t\n" * (BOMB // 13)
        archive.writestr("curation/a.txt/CURATION_USER.tsv", f"#FORMAT=WebAnno TSV 3.3\n{rows}")
    return folder / "a.zip"


BOMBS: dict[str, Callable[[Path], Path]] = {
    "docbin": docs,
    "brat": annotations,
    "graphrag": tables,
    "nif": turtle,
    "tei": xml("TEI"),
    "naf": xml("NAF"),
    "node_tables": node_tables,
    "lightrag": lightrag,
    "graphml": lambda folder: packed(
        folder / "a.graphml", '<graphml><graph><node id="', "ab ", '"/></graph></graphml>'
    ),
    "gexf": lambda folder: packed(
        folder / "a.gexf", '<gexf><graph><nodes><node id="', "ab ", '"/></nodes></graph></gexf>'
    ),
    "cat": xml("Document"),
    "conll": lambda folder: packed(folder / "a.tsv", f"{'word' * 400}\tO\n", ""),
    "conll2012": lambda folder: packed(
        folder / "a.conll", "#begin document (a)\n", f"{'word' * 400} -\n", ""
    ),
    "conllu": lambda folder: packed(
        folder / "a.conllu", f"1\t{'word' * 400}" + "\t_" * 8 + "\n", ""
    ),
    "webanno": lambda folder: packed(
        folder / "a.tsv", "#FORMAT=WebAnno TSV 3.3\n#Text=ab\n", "1-1\t0-2\tab\t\n", ""
    ),
    "inception": export,
    "uima_xmi": lambda folder: packed(
        folder / "a.xmi",
        '<x:XMI xmlns:x="http://www.omg.org/XMI" xmlns:c="http:///uima/cas.ecore"><c:Sofa s="',
        "ab ",
        '"/></x:XMI>',
    ),
    "label_studio_table": lambda folder: packed(
        folder / "a.csv", 'annotation_id,annotator,label,text\n1,2,[],"', "ab ", '"\n'
    ),
    "word_table": lambda folder: packed(folder / "a.csv", "word,tag\n", f"{'word' * 400},O\n", ""),
    "triples": lambda folder: packed(
        folder / "a.csv", 'subject,predicate,object\na,b,"', "ab ", '\na,b,c\n"'
    ),
}


@pytest.fixture(scope="module")
def long_line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of JSON, whatever its format, of which one string is over the limit."""
    path = tmp_path_factory.mktemp("json") / "a.jsonl"
    return packed(path, '{"text": "', "ab ", '"}\n')


@every_format
def test_one_value_without_an_end_is_not_held(
    tmp_path: Path, db_path: Path, query: Query, long_line: Path, format_: Format
) -> None:
    assert format_.name in BOMBS or ".json" in format_.endings, "this format has no bomb yet"
    if format_.extra == "spacy":
        pytest.importorskip("spacy")
    for each in ("example", "bomb"):
        (tmp_path / each).mkdir()
    # What is imported and made for the first file is not of the second.
    load_files(db_path, [write_example(format_, tmp_path / "example")], format_name=format_.name)
    path = BOMBS[format_.name](tmp_path / "bomb") if format_.name in BOMBS else long_line
    told = ""
    tracemalloc.start()
    try:
        load_files(db_path, [path], format_name=format_.name, max_article=LIMIT)
    except InputError as error:
        told = str(error)
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    told += " ".join(reason for (reason,) in query("SELECT reason FROM rejects"))
    assert OPTION in told
    assert peak < MEMORY


def test_bombs_take_no_memory(tmp_path: Path) -> None:
    """As a system counts it, which includes what is made outside of Python's own memory."""
    size = 30 << 20
    paths = [
        packed(tmp_path / "a.ttl", f'<urn:a> <{NIF}isString> "', "a" * 999, '" .\n', size=size),
        packed(tmp_path / "a.csv", 'subject,predicate,object\na,b,"', "a" * 999, "", size=size),
        packed(tmp_path / "a.tsv", f"{'word' * 400}\tO\n", "", size=size),
    ]
    assert all(path.stat().st_size < 1 << 20 for path in paths)
    script = (
        "import resource, sys\n"
        "from datasette_newsgraph.errors import InputError\n"
        "from datasette_newsgraph.loading.load import load_files\n"
        "from datasette_newsgraph.readers.formats.nif import turtle_input\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10\n"
        "database, *paths = sys.argv[1:]\n"
        "load_files(database, [])\n"
        "before = peak()\n"
        "for path in paths:\n"
        "    try: load_files(database, [path], max_article='1M')\n"
        "    except InputError as error: assert '--max-article' in str(error)\n"
        "print(before, peak())\n"
    )
    command = [sys.executable, "-c", script, tmp_path / "a.db", *paths]
    printed = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=300
    ).stdout
    before, after = map(int, printed.split())
    # In MiB; one of the files alone has 30.
    assert after - before < 24


# The rest of a file -----------------------------------------------------------------------------

LONG = "x" * 5000


def rows_of(*rows: str) -> str:
    return "\n".join(["article,subject,predicate,object", *rows, ""])


PARTLY = {
    "record": ("a.jsonl", f'{{"id": "a"}}\n{{"id": "b", "title": "{LONG}"}}\n{{"id": "c"}}\n', [2]),
    "an array": (
        "a.json",
        f'[{{"id": "a"}}, {{"id": "b", "title": "{LONG}"}}, {{"id": "c"}}]',
        [2],
    ),
    "a row": ("a.csv", rows_of("a,s,p,o", f"b,s,p,{LONG}", "c,s,p,o"), [3]),
    "an open quotation mark": ("a.csv", rows_of("a,s,p,o", 'b,s,p,"o', *["c,s,p,o"] * 500), [3, 4]),
    "rows together": ("a.csv", rows_of("a,s,p,o", *["b,s,p,o"] * 500, "c,s,p,o"), [3]),
    "documents": (
        "a.tsv",
        "-DOCSTART-\tO\nRome\tB-LOC\n-DOCSTART-\tO\n"
        + "Rome\tB-LOC\n" * 500
        + "-DOCSTART-\tO\nOslo\tB-LOC\n",
        [3],
    ),
    "statements": (
        "a.jsonl",
        "".join(
            f'{{"subject": "s", "predicate": "p", "object": "o", "article": "{article}"}}\n'
            for article in ("a", *"b" * 100, "c")
        ),
        [2],
    ),
}


@pytest.mark.parametrize("name", PARTLY)
def test_the_rest_is_read(db_path: Path, tmp_path: Path, query: Query, name: str) -> None:
    file, text, lines = PARTLY[name]
    (tmp_path / file).write_text(text, "utf-8")
    new = 1 if len(lines) > 1 else 2
    for number in range(2):
        summary = load_files(db_path, [tmp_path / file], max_article="4K")
        assert (summary.new, summary.rejected) == (0 if number else new, len(lines))
    found = query("SELECT line, reason FROM rejects ORDER BY line")
    assert [line for line, _ in found] == lines
    assert all(re.search(r"longer than 4 KiB; raise --max-article", reason) for _, reason in found)
    assert load_files(db_path, [tmp_path / file]).rejected < len(lines)


def test_what_is_held_of_a_file_has_a_limit_too(db_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(rows_of(*(f"a{number},s,p,o" for number in range(500))))
    with pytest.raises(InputError, match=r"a\.csv: is larger than 16 KiB.* raise --max-article"):
        load_files(db_path, [path], max_article=4096)


def test_rows_that_have_no_end_are_not_looked_for_again_and_again() -> None:
    def steps(count: int) -> int:
        # Wherever reading begins, there is an open quotation mark.
        lines = "a,b\n" + 'x","y\n' * count
        return steps_of(lambda: list(delimited.rows(lines, ",", Limit(1000))))

    assert steps(4000) < 2.5 * steps(2000)


# Files beside it --------------------------------------------------------------------------------


def test_maps_and_sidecars_have_the_limit(db_path: Path, tmp_path: Path) -> None:
    given = tmp_path / "a.jsonl"
    given.write_text('{"id": "a"}\n')
    label_map = tmp_path / "map.toml"
    label_map.write_text("#" * 5000)
    assert GivenMap.read(label_map) == GivenMap()
    for name, text in (("a.csv", f"id,text\na,{LONG}\n"), ("a.json", f'{{"id": "{LONG}"}}')):
        (tmp_path / name).write_text(text)
        with pytest.raises(InputError, match=rf"{name}: (line|row) \d: .* raise --max-article"):
            load_files(db_path, [given], articles=tmp_path / name, max_article="4K")
    with pytest.raises(
        InputError, match=r"map\.toml: the map is longer than 4 KiB; raise --max-art"
    ):
        load_files(db_path, [given], label_map=label_map, max_article="4K")


# The option -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "size"),
    [("1", 1), ("300k", 300 << 10), ("64M", MAX_ARTICLE), ("2 GiB", 2 << 30), ("7B", 7), (9, 9)],
)
def test_sizes(given: str | int, size: int) -> None:
    assert read_size(given) == size
    assert read_size(described(size).replace("bytes", "").replace(",", "")) == size


@pytest.mark.parametrize("given", ["", "0", "M", "-1", "1.5M", "many", 0, -1, "9" * 20, "\u0663"])
def test_no_sizes(given: str | int) -> None:
    with pytest.raises(UsageError, match="is no size; write bytes, or a size like 300K, 64M or 2G"):
        read_size(given)


@pytest.mark.parametrize("command", ["load", "inspect", "convert"])
def test_every_command_that_reads_files_has_it(
    run: Run, db_path: Path, tmp_path: Path, command: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"id": "a"}}\n{{"id": "b", "title": "{LONG}"}}\n')
    database = [db_path] if command == "load" else []
    wrong = run(command, *database, path, "--max-article", "much")
    assert (wrong.exit_code, "--max-article: 'much' is no size" in wrong.stderr) == (2, True)
    limited, other = (
        run(command, *database, path, *options) for options in (["--max-article", "4K"], [])
    )
    told = {
        "load": f"line 2 of a.jsonl: the line is longer than 4 KiB; raise {OPTION}",
        "inspect": "1 record rejected",
        "convert": OPTION,
    }[command]
    assert told in limited.output
    assert (other.exit_code, told in other.output) == (0, False)
