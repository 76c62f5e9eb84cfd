"""Exports as JavaScript reads them: N3.js, strictest of all in Turtle, jsonld.js in safe mode, and
jsonld-streaming-parser, which holds nothing back.

The packages are installed once, into ``.node`` beside the tests; without Node, npm or a registry the
tests are skipped. NEWSGRAPH_NODE=required makes that an error, as in CI.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.rdf.ontology import vocabulary_document
from tests.rdf import hostile
from tests.rdf.rdf_tools import (
    BASE,
    NQUADS,
    canonical_doubles,
    explain,
    export,
    read_with_pyoxigraph,
)

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "js"
PACKAGES = ROOT / ".node"
EXAMPLES = ROOT / "examples" / "articles.jsonl"

#: Media types, each with a script that judges it, and the script's arguments.
JUDGES: list[tuple[str, list[str]]] = [
    ("text/turtle", ["check_n3.mjs", "text/turtle"]),
    ("application/n-triples", ["check_n3.mjs", "application/n-triples"]),
    ("application/n-quads", ["check_n3.mjs", "application/n-quads"]),
    ("application/trig", ["check_n3.mjs", "application/trig"]),
    ("application/ld+json", ["check_jsonld.mjs"]),
    ("application/ld+json", ["check_jsonld_stream.mjs"]),
]
JUDGED = [
    pytest.param(format_, script, id=f"{format_.name}-{script[0]}")
    for media_type, script in JUDGES
    for format_ in FORMATS
    if format_.media_type == media_type
]
every_judge = pytest.mark.parametrize(("format_", "script"), JUDGED)


def _unavailable(reason: str) -> None:
    if os.environ.get("NEWSGRAPH_NODE") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def node() -> Path:
    """Where the packages of ``js/package.json`` are installed."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        _unavailable("node and npm are not here")
    assert npm is not None
    wanted = (SCRIPTS / "package.json").read_bytes()
    installed = PACKAGES / hashlib.sha256(wanted).hexdigest()[:12]
    if not installed.is_dir():
        PACKAGES.mkdir(exist_ok=True)
        (PACKAGES / ".gitignore").write_text("*\n", "utf-8")
        # It gets its name when it is whole; of two processes at it, one is first.
        with tempfile.TemporaryDirectory(dir=PACKAGES) as name:
            _install(npm, Path(name), wanted)
            with suppress(OSError):
                (Path(name) / "packages").rename(installed)
    return installed


def _install(npm: str, folder: Path, wanted: bytes) -> None:
    packages = folder / "packages"
    packages.mkdir()
    (packages / "package.json").write_bytes(wanted)
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    try:
        run = subprocess.run(command, cwd=packages, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        _unavailable("npm install takes longer than two minutes")
    else:
        if run.returncode:
            _unavailable(f"npm install failed: {run.stderr.strip()[-200:]}")


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The examples, and all that is hostile."""
    folder = tmp_path_factory.mktemp("js")
    load_files(folder / "examples.db", [EXAMPLES], base_iri=BASE)
    load(folder / "hostile.db", hostile.records(), base_iri=BASE)
    return {name: folder / f"{name}.db" for name in ("examples", "hostile")}


def check(node: Path, document: bytes, format_: Format, script: list[str]) -> None:
    """Fail unless JavaScript reads in a document what pyoxigraph does."""
    run = subprocess.run(
        ["node", str(SCRIPTS / script[0]), *script[1:]],
        input=document,
        capture_output=True,
        env=os.environ | {"NODE_PACKAGES": str(node)},
    )
    assert run.returncode == 0, run.stderr.decode()[-2000:]
    triples = read_with_pyoxigraph(run.stdout, NQUADS)
    ours = read_with_pyoxigraph(document, format_)
    if script == ["check_jsonld_stream.mjs"]:
        # It takes no address of IPv6 for an IRI, and drops what is said of it.
        ours = [each for each in ours if not any(re.match(r"<\w+://\[", term) for term in each)]
    # Each writes numbers of xsd:double in its own way, and N3.js languages as they are.
    found, expected = canonical_doubles(set(triples)), canonical_doubles(set(ours))
    assert found == expected, explain(found, expected)
    assert len(triples) == len(ours) > 0


@every_judge
@pytest.mark.parametrize("name", ["examples", "hostile"])
@pytest.mark.parametrize("with_text", [False, True])
def test_javascript_reads_the_same_triples(
    node: Path,
    databases: dict[str, Path],
    name: str,
    with_text: bool,
    format_: Format,
    script: list[str],
) -> None:
    check(node, export(databases[name], format_, with_text=with_text), format_, script)


@every_judge
def test_javascript_reads_the_same_vocabulary(
    node: Path, format_: Format, script: list[str]
) -> None:
    check(node, vocabulary_document(format_, BASE), format_, script)


@every_judge
def test_the_judges_do_judge(node: Path, format_: Format, script: list[str]) -> None:
    """A document that is cut short is an error to them, as are a term that means nothing and a type
    that comes too late for a stream.
    """
    broken = {
        "check_jsonld.mjs": b'{"@id": "http://ex.org/a", "no-such-term": "x"}',
        "check_jsonld_stream.mjs": b'{"@id": "http://ex.org/a", "@type": "http://ex.org/T"}',
    }.get(script[0], b"<http://ex.org/a> <http://ex.org/b> .")
    with pytest.raises(AssertionError):
        check(node, broken, format_, script)


def test_a_context_is_never_fetched(node: Path) -> None:
    format_ = format_named("jsonld")
    document = b'{"@context": "https://schema.org/", "name": "x"}'
    with pytest.raises(AssertionError, match="Dereferencing a URL"):
        check(node, document, format_, ["check_jsonld.mjs"])
