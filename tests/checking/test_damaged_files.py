"""Database files with damaged bytes: every command says so in one line, or does its work.

Hundreds of files are tried by ``make test-long``; figures are printed with ``-s``.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyoxigraph
import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from hypothesis import settings

from datasette_newsgraph import load
from datasette_newsgraph.cli import cli
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from tests.checking.test_repair import RECORDS
from tests.permissions.marked_news import IS_1_0

IS_LONG = settings.get_current_profile_name() == "long"
FILES = 400 if IS_LONG else 15
#: Bytes of a page.
PAGE = 4096
KINDS = ("flipped", "zeroed", "swapped", "cut off", "spoilt")


@cache
def whole() -> tuple[bytes, bytes]:
    """The bytes of a database, and its export."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "news.db")
        load(path, [{**each, "id": f"{each['id']}{n}"} for each in RECORDS for n in range(20)])
        with open_store(path) as db, closing(stream(db, format_named("ntriples"))) as blocks:
            return path.read_bytes(), b"".join(blocks)


def damaged(choose: Random, kind: str) -> bytes:
    """The bytes of the database with something wrong."""
    data = bytearray(whole()[0])
    at = choose.randrange(len(data))
    page = at // PAGE * PAGE
    if kind == "flipped":
        for place in [at, *(choose.randrange(len(data)) for _ in range(choose.randint(0, 20)))]:
            data[place] ^= 1 << choose.randrange(8)
    elif kind == "zeroed":
        data[page : page + PAGE] = bytes(len(data[page : page + PAGE]))
    elif kind == "swapped":
        other = choose.randrange(len(data)) // PAGE * PAGE
        data[page : page + PAGE], data[other : other + PAGE] = (
            data[other : other + PAGE],
            data[page : page + PAGE],
        )
    elif kind == "cut off":
        del data[at:]
    else:
        data[at : at + 50] = choose.randbytes(len(data[at : at + 50]))
    return bytes(data)


def run(*arguments: object) -> int:
    """Run a command and return its exit code; it says nothing, does its work, or has one line."""
    result = CliRunner().invoke(cli, [str(each) for each in arguments])
    told = f"{arguments}: {result.output[-500:]}"
    assert result.exception is None or isinstance(result.exception, SystemExit), (
        told,
        result.exception,
    )
    assert result.exit_code in (0, 1), told
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) <= 1, told
    assert "Traceback" not in result.output
    if result.exit_code and arguments[0] not in ("check", "repair"):
        assert errors != [], told
    return result.exit_code


def outcome(seed: int, folder: Path) -> list[str]:
    """What the commands make of a damaged file: words for what is counted."""
    choose = Random(seed)
    kind = KINDS[seed % len(KINDS)]
    data = damaged(choose, kind)
    path, out = folder / "news.db", folder / "graph.nt"
    path.write_bytes(data)
    found = ["files"]
    checked = run("check", path)
    looked_at = run("check", "--quick", path)
    found += ["check: 1"] * checked + ["check --quick: 1"] * looked_at
    run("stats", path)
    for option, name in ((), "export"), (("--check",), "export --check"):
        out.unlink(missing_ok=True)
        code = run("export", "-q", *option, path, "-o", out)
        assert out.exists() == (code == 0)
        if code == 0:
            found.append(f"{name}: 0")
            written = out.read_bytes()
            # Whatever is in it, it is RDF.
            for _ in pyoxigraph.parse(written, format=pyoxigraph.RdfFormat.N_TRIPLES):
                pass
            if written != whole()[1]:
                found += [f"{name}: other triples"] + [
                    f"{name}: other triples, and check finds nothing"
                ] * (checked == 0)
    assert path.read_bytes() == data
    repaired = run("repair", path)
    found += ["repair: 0"] * (repaired == 0)
    if repaired == 0:
        assert run("check", path) == 0
    else:
        # What a load or a removal makes of it, it makes of it in the end.
        path.write_bytes(data)
    run("remove", "-q", path, "--article", "a1")
    records = folder / "more.jsonl"
    records.write_text('{"id": "new", "text": "New"}\n')
    run("load", "-q", path, records)
    return found


@pytest.mark.parametrize("part", range(5))
def test_every_command_survives_a_damaged_file(part: int, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    for seed in range(part, FILES, 5):
        counts.update(outcome(seed, tmp_path))
    print(f"\n{KINDS[part]}: {dict(sorted(counts.items()))}")
    assert counts["files"] == len(range(part, FILES, 5))


@pytest.fixture
def broken_name(tmp_path: Path) -> Path:
    """A database in which the name of a table is not text: SQLite says so, in that very name."""
    path = tmp_path / "broken.db"
    data = bytearray(whole()[0])
    data[data.index(b"_sqlite_migrations") + 1] = 0xFF
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "command", ["check", "stats", "export", "repair", "base-iri", "vocabulary", "decisions"]
)
def test_a_name_that_is_not_text(broken_name: Path, command: str) -> None:
    result = CliRunner().invoke(cli, [command, str(broken_name)])
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "the names of its tables are not text in UTF-8; restore it" in result.output


@pytest.mark.skipif(IS_1_0, reason="Datasette 1.0 does not start beside a file that it cannot read")
@pytest.mark.parametrize("kind", ["name", "cut", "no database"])
@pytest.mark.asyncio
async def test_a_damaged_file_beside_others(tmp_path: Path, broken_name: Path, kind: str) -> None:
    """Datasette starts; the damaged one says what it is, and our pages of the others are there."""
    data = whole()[0]
    (tmp_path / "news.db").write_bytes(data)
    if kind != "name":
        broken_name.write_bytes(data[: len(data) // 3] if kind == "cut" else b"no database" * 99)
    datasette = Datasette([str(tmp_path / "news.db"), str(broken_name)])
    await datasette.invoke_startup()
    for address, status in (
        ("/news/-/newsgraph", 200),
        ("/news/-/newsgraph.nt", 200),
        ("/-/newsgraph", 200),
        ("/broken/-/newsgraph", 409),
    ):
        answer = await datasette.client.get(address)
        assert answer.status_code == status, address
    assert "the database is damaged; restore it from a copy" in answer.text


def test_most_damage_is_found() -> None:
    """The campaign would find nothing if nothing were damaged."""
    assert all(damaged(Random(seed), kind) != whole()[0] for seed in range(5) for kind in KINDS)
