"""Raw articles on their way into a database or a file of records, with an extractor of our own."""

from __future__ import annotations

import gc
import gzip
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.extraction.extractor import Options
from datasette_newsgraph.extraction.request import Extraction
from datasette_newsgraph.loading.load import load_files
from tests.extraction.extractors import Plugins, plugins
from tests.loading.processes import command_of

__all__ = ["plugins"]

Run = Callable[..., Result]
STORY = "Laurent Fabius met Ban in Paris. They spoke of the climate for two hours.\n"
ASKED = Extraction("capitals")


@pytest.fixture
def run() -> Run:
    """``run("extract", path)``: the result of ``newsgraph extract path`` with our extractor."""

    def runs(command: str, *arguments: Any) -> Result:
        named = [command, *map(str, arguments), "--extractor", "capitals"]
        return CliRunner().invoke(cli, named)

    return runs


def written(result: Result) -> list[dict[str, Any]]:
    """The records that a command has written to standard output."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def stories(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.txt").write_text(f"Story {number}. {STORY}")
    return folder


def test_a_text_becomes_a_record(tmp_path: Path, run: Run, plugins: Plugins) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    result = run("extract", path)
    assert result.exit_code == 0, result.output
    (record,) = written(result)
    assert record["text"] == STORY
    assert [each["name"] for each in record["entities"]][:3] == ["Laurent", "Fabius", "Ban"]
    assert record["extractor"] == {"name": "capitals", "version": "1"}
    assert "1 record written, 0 rejected" in result.stderr


def test_a_load_extracts_as_it_reads(
    tmp_path: Path, run: Run, plugins: Plugins, db_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    assert run("load", db_path, path, "--extract").exit_code == 0
    assert rows(db_path, "SELECT count(*) FROM mentions") == [(5,)]
    assert rows(db_path, "SELECT tool, version FROM extractions") == [("capitals", "1")]
    # What is written and loaded gives the same graph.
    other = tmp_path / "other.db"
    records = tmp_path / "a.jsonl"
    assert run("extract", path, "-o", records).exit_code == 0
    load_files(other, [records])
    query = "SELECT name, type, mentions FROM entity_index ORDER BY 1"
    assert rows(db_path, query) == rows(other, query)


def test_what_has_not_changed_is_not_extracted_again(
    tmp_path: Path, plugins: Plugins, db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stories(tmp_path / "in", 3)
    first = load_files(db_path, [folder], extract=ASKED)
    assert (first.new, len(plugins.seen)) == (3, 3)
    again = load_files(db_path, [folder], extract=ASKED)
    assert (again.unchanged, plugins.seen) == (3, [])
    (folder / "001.txt").write_text("Ban left Paris. He will be back.")
    changed = load_files(db_path, [folder], extract=ASKED)
    assert (changed.new, changed.unchanged, len(plugins.seen)) == (1, 2, 1)
    # Another version of the extractor, or another option, makes other records.
    monkeypatch.setenv("CAPITALS_VERSION", "2")
    assert load_files(db_path, [folder], extract=ASKED).changed == 3
    asked = Extraction("capitals", Options(published="2021"))
    assert load_files(db_path, [folder], extract=asked).changed == 3


def test_what_is_extracted_already_is_loaded_as_it_is(
    tmp_path: Path, plugins: Plugins, db_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(STORY)
    found = {"id": "e1", "type": "Place", "name": "Lima"}
    lines = [
        {"id": "b", "text": "Lima.", "entities": [found]},
        {"id": "c", "text": "Paris opens the talks. All came."},
    ]
    (folder / "b.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    (folder / "c.jsonl").write_text(
        '{"text": "Oslo.", "ents": [{"start": 0, "end": 4, "label": "GPE"}]}'
    )
    summary = load_files(db_path, [folder], extract=ASKED)
    assert summary.formats == {"a.txt": "text", "b.jsonl": "record", "c.jsonl": "spacy"}
    assert {"Lima", "Paris", "Oslo", "Ban"} <= {
        name for (name,) in rows(db_path, "SELECT name FROM entities")
    }
    assert len(plugins.seen) == 2


def test_several_processes_extract_the_same_in_the_same_order(
    tmp_path: Path, run: Run, plugins: Plugins
) -> None:
    folder = stories(tmp_path / "in", 5)
    lines = tmp_path / "rows.jsonl"
    lines.write_text("".join(f'{{"text": "Row {n}. {STORY.strip()}"}}\n' for n in range(20)))
    one = run("extract", folder, lines)
    plugins.seen_lines()
    two = run("extract", folder, lines, "--jobs", 2)
    assert one.exit_code == two.exit_code == 0, two.output
    assert written(one) == written(two)
    processes = {line.split()[-1] for line in plugins.seen_lines()}
    # The first process may be through with all before the second one is there.
    assert 1 <= len(processes) <= 2
    assert str(os.getpid()) not in processes


def test_a_process_that_dies_is_one_line(
    tmp_path: Path, run: Run, plugins: Plugins, db_path: Path
) -> None:
    plugins.install(
        "deadly",
        "import os\n"
        "class Deadly:\n"
        "    name = version = digest = 'deadly'\n"
        "    model = None\n"
        "    def extract(self, articles):\n"
        "        for each in articles:\n"
        "            if 'Row 13' in each.text: os._exit(9)\n"
        "            yield each\n"
        "make = lambda options: Deadly()\n",
    )
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f'{{"text": "Row {n:02} came. It went."}}\n' for n in range(40)))
    arguments = ["load", db_path, path, "--extract", "--jobs", "2", "--extractor", "deadly"]
    result = CliRunner().invoke(cli, [str(each) for each in arguments])
    assert result.exit_code == 1
    said = rf"Error: {re.escape(str(path))}: line (\d+) or behind: a process that extracts has died"
    found = re.match(said, result.stderr.splitlines()[-1])
    assert found is not None
    # What was done before is there, and settled; the batch before may have been in another process.
    assert found[1] in ("1", "9")
    assert rows(db_path, "SELECT count(*) FROM article_index") == [(int(found[1]) - 1,)]


def test_a_kill_costs_one_batch(tmp_path: Path, plugins: Plugins, db_path: Path) -> None:
    plugins.install(
        "slow",
        "import time\n"
        "class Slow:\n"
        "    name = version = digest = 'slow'\n"
        "    model = None\n"
        "    def extract(self, articles):\n"
        "        for each in articles:\n"
        "            if 'Row 20' in each.text: print('waiting', flush=True); time.sleep(60)\n"
        "            yield each\n"
        "make = lambda options: Slow()\n",
    )
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f'{{"text": "Row {n:02} came. It went."}}\n' for n in range(40)))
    code = (
        f"import sys; sys.path[:0] = {[str(tmp_path / 'plugins')]!r}\n"
        "from datasette_newsgraph.extraction.request import Extraction\n"
        "from datasette_newsgraph.loading.load import load_files\n"
        f"load_files({str(db_path)!r}, [{str(path)!r}], extract=Extraction('slow'))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"waiting\n"
        process.send_signal(signal.SIGKILL)
    assert rows(db_path, "SELECT count(*) FROM articles") == [(16,)]


def test_no_process_outlives_a_load_that_is_killed(
    tmp_path: Path, plugins: Plugins, db_path: Path
) -> None:
    plugins.install(
        "endless",
        "import os, time\n"
        "class Endless:\n"
        "    name = version = digest = 'endless'\n"
        "    model = None\n"
        "    def extract(self, articles):\n"
        "        print(os.getpid(), flush=True)\n"
        "        time.sleep(60)\n"
        "        yield from articles\n"
        "make = lambda options: Endless()\n",
    )
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "plugins")}
    command = [sys.executable, "-m", "datasette_newsgraph", "load", str(db_path), str(path)]
    command += ["--extract", "--extractor", "endless", "--jobs", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    for _ in range(200):
        if not Path(f"/proc/{worker}").exists():
            break
        time.sleep(0.05)
    else:
        pytest.fail(f"the process {worker} is still there")


def test_what_the_user_says_is_for_articles_that_do_not(
    tmp_path: Path, run: Run, plugins: Plugins
) -> None:
    path = tmp_path / "rows.jsonl"
    known = {"text": STORY, "date": "2015-11-30", "publisher": "Own", "language": "fr"}
    path.write_text(json.dumps(known) + "\n" + json.dumps({"text": "Ban came. He went."}))
    given = ["--published", "18 July 2021", "--publisher", "Given", "--language", "en"]
    first, second = written(run("extract", path, *given))
    assert (first["published"], first["publisher"], first["language"]) == (
        "2015-11-30",
        "Own",
        "fr",
    )
    assert (second["published"], second["publisher"], second["language"]) == (
        "2021-07-18",
        "Given",
        "en",
    )
    # The extractor has seen it so.
    assert [line.split()[1] for line in plugins.seen_lines()] == ["2015-11-30", "2021-07-18"]


def test_what_an_extractor_does_not_find_is_said(
    tmp_path: Path, run: Run, plugins: Plugins, db_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    said = "of French, no statements are found"
    load = ["load", db_path, path, "--extract", "--language"]
    assert said not in run(*load, "en").stderr
    assert said in run(*load, "fr").stderr
    # Nothing has changed, and nothing is extracted.
    assert said not in run(*load, "fr").stderr
    assert said in run("extract", path, "--language", "fr").stderr


def test_what_is_not_sure_enough_is_left_out(tmp_path: Path, run: Run, plugins: Plugins) -> None:
    path = tmp_path / "a.txt"
    # "capitals" is surer of a statement the later its names stand; of the first it says nothing.
    path.write_text("Ann met Bob and Cy and Di and Ed.")
    (whole,) = written(run("extract", path))
    assert [each.get("confidence") for each in whole["relations"]] == [None, 0.25, 0.5, 0.75]
    (part,) = written(run("extract", path, "--min-confidence", "0.5"))
    assert [each.get("confidence") for each in part["relations"]] == [None, 0.5, 0.75]


def test_what_an_extractor_leaves_is_cleared_away(
    tmp_path: Path, plugins: Plugins, db_path: Path
) -> None:
    plugins.install(
        "untidy",
        "import gc\n"
        "class Untidy:\n"
        "    name = version = digest = 'untidy'\n"
        "    model = None\n"
        "    def extract(self, articles):\n"
        "        assert gc.isenabled()\n"
        "        yield from articles\n"
        "make = lambda options: Untidy()\n",
    )
    folder = stories(tmp_path / "in", 1)
    # Another test of this process may have left it off.
    gc.enable()
    assert load_files(db_path, [folder], extract=Extraction("untidy")).new == 1


def test_a_list_of_articles_describes_texts(tmp_path: Path, run: Run, plugins: Plugins) -> None:
    folder = stories(tmp_path / "in", 2)
    table = folder / "articles.csv"
    table.write_text("filename,title,date\n000.txt,First,2015-11-30\n001.txt,Second,2015-12-01\n")
    records = written(run("extract", folder, "--articles", table))
    assert [(each["title"], each["published"]) for each in records] == [
        ("First", "2015-11-30"),
        ("Second", "2015-12-01"),
    ]


def test_what_cannot_be_read_in_a_folder_stops_nothing(
    tmp_path: Path, run: Run, plugins: Plugins, db_path: Path
) -> None:
    folder = stories(tmp_path / "in", 1)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_bytes(b" \n")
    (folder / "binary").write_bytes(bytes(range(256)))
    (folder / "a.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "page.html").write_text("<!DOCTYPE html><html><body>Log in</body></html>")
    (folder / "cut.json").write_text('[{"text": "Ban came. He spoke."}, {"text": "Ba')
    (folder / "old.txt").write_bytes("Das Ende naht, sagte König Öse.".encode("cp1252"))
    loaded = run("load", db_path, folder, "--extract")
    assert loaded.exit_code == 1
    assert "4 records read: 3 new, 0 changed, 0 unchanged, 1 rejected" in loaded.stderr
    assert "1 text not UTF-8, read as Windows-1252 1" in loaded.stderr
    assert rows(db_path, "SELECT source, reason FROM rejects")[0][0] == "page.html"
    result = run("extract", folder)
    assert result.exit_code == 1
    assert len(written(result)) == 3
    for name, reason in {
        "empty.txt": "is empty",
        "blank.txt": "is empty",
        "binary": "is binary",
        "a.pdf": "is a PDF file",
    }.items():
        for each in (loaded, result):
            assert f"not read: {folder / name} {reason}" in each.stderr
    assert f"{folder / 'cut.json'}: is not a JSON array" in result.stderr
    assert result.stderr.splitlines()[-1] == (
        "Error: 5 files and 1 record could not be read; the rest was written"
    )


def test_an_interrupted_load_ends_at_once(tmp_path: Path, plugins: Plugins, db_path: Path) -> None:
    plugins.install(
        "sleepy",
        "import time\n"
        "class Sleepy:\n"
        "    name = version = digest = 'sleepy'\n"
        "    model = None\n"
        "    def extract(self, articles):\n"
        "        print('asleep', flush=True)\n"
        "        time.sleep(120)\n"
        "        yield from articles\n"
        "make = lambda options: Sleepy()\n",
    )
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "plugins")}
    options = ("--extract", "--extractor", "sleepy", "--jobs", "2")
    command = command_of(("load", db_path, path, *options), file_size=0)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == b"asleep\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    *_, last = errors.decode().splitlines()
    assert last == "Interrupted. What was loaded is kept; run the same command to continue."
    assert "Traceback" not in errors.decode()


def test_a_file_is_whole_or_absent(tmp_path: Path, run: Run, plugins: Plugins) -> None:
    folder = stories(tmp_path / "in", 2)
    out = tmp_path / "out.jsonl.gz"
    assert run("extract", folder, "-o", out).exit_code == 0
    assert len(gzip.decompress(out.read_bytes()).splitlines()) == 2
    before = out.read_bytes()
    assert run("extract", folder, "-o", out, "--model", "absent").exit_code == 2
    assert out.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in", "out.jsonl.gz", "plugins"]


def test_nothing_is_written_where_the_extractor_gives_up(
    tmp_path: Path, plugins: Plugins, db_path: Path
) -> None:
    plugins.install(
        "tired",
        "from datasette_newsgraph.errors import InputError\n"
        "class Tired:\n"
        "    name = version = digest = 'tired'\n"
        "    model = None\n"
        "    def extract(self, articles):\n"
        "        for each in articles:\n"
        "            if 'Story 2' in each.text: raise InputError('the service is gone')\n"
        "            yield each\n"
        "make = lambda options: Tired()\n",
    )
    folder, out = stories(tmp_path / "in", 5), tmp_path / "out.jsonl"
    result = CliRunner().invoke(
        cli, ["extract", str(folder), "-o", str(out), "--extractor", "tired"]
    )
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "Error: the service is gone"
    assert not out.exists()
    # What was loaded before is kept.
    arguments = ["load", str(db_path), str(folder), "--extract", "--extractor", "tired"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "Error: the service is gone"
    assert rows(db_path, "SELECT count(*) FROM article_index") == [(2,)]


def test_an_input_is_not_written_over(tmp_path: Path, run: Run, plugins: Plugins) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    result = run("extract", path, "-o", path)
    assert result.exit_code == 2
    assert path.read_text() == STORY


def test_standard_input_is_a_text(tmp_path: Path, plugins: Plugins) -> None:
    command = [sys.executable, "-m", "datasette_newsgraph", "extract", "-"]
    command += ["--extractor", "capitals"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "plugins")}
    done = subprocess.run(command, input=STORY.encode(), capture_output=True, env=environment)
    assert json.loads(done.stdout)["text"] == STORY


def test_a_bar_is_shown_where_it_is_wanted(tmp_path: Path, run: Run, plugins: Plugins) -> None:
    assert "Extracting" in run("extract", stories(tmp_path / "in", 2), "--progress").stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--published", "soon"], "--published: 'soon' is no date"),
        (["--published", "05/03/2021"], "day or month first?"),
        (["--language", "the English one"], "--language: 'the English one' is no tag"),
        (["--jobs", "0"], "0 is not in the range"),
        (["--min-confidence", "2"], "2.0 is not in the range"),
        (["--model", "absent"], "there is no model 'absent'"),
    ],
)
@pytest.mark.parametrize("command", ["extract", "load"])
def test_what_cannot_be_asked_is_wrong_usage(
    tmp_path: Path,
    run: Run,
    plugins: Plugins,
    db_path: Path,
    command: str,
    options: list[str],
    said: str,
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    before = [] if command == "extract" else [db_path, "--extract"]
    result = run(command, *before, path, *options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not db_path.exists()


def test_an_unknown_extractor_is_told_with_those_that_are_there(plugins: Plugins) -> None:
    result = CliRunner().invoke(cli, ["extract", "-", "--extractor", "nobody"], input=STORY)
    assert result.exit_code == 2
    assert "there is no extractor 'nobody'; installed are capitals" in result.stderr


def test_an_extractor_without_what_it_needs_says_so(plugins: Plugins) -> None:
    plugins.install("poor", "import no_such_module\n")
    result = CliRunner().invoke(cli, ["extract", "-", "--extractor", "poor"], input=STORY)
    assert result.exit_code == 2
    assert "the extractor poor cannot be used (No module named 'no_such_module')" in result.stderr


def test_options_of_extraction_need_it(tmp_path: Path, run: Run, db_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    result = CliRunner().invoke(cli, ["load", str(db_path), str(path), "--model", "x"])
    assert result.exit_code == 2
    assert "--model is for --extract, which is not given" in result.stderr


@pytest.mark.parametrize("wrong", [{"jobs": 0}, {"options": Options(min_confidence=2)}])
def test_python_is_told_what_cannot_be_asked(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Extraction(**wrong)
