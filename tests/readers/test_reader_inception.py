"""Project exports of INCEpTION: whose annotations are taken, from archives and from folders."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import InputError, NewsgraphError, UsageError
from datasette_newsgraph.loading.load import load_files
from tests.readers.test_same_article import LEAGUE_MEETS
from tests.readers.writers_for_cas import as_json, as_xmi, structures, tsv

NE = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
#: Who is named in the annotations of each person.
LABELS = {"ana": "PER", "ben": "LOC", "CURATION_USER": "ORG", "INITIAL_CAS": "MISC"}


def annotated(label: str, text: str = "Oslo") -> str:
    return (
        f"#FORMAT=WebAnno TSV 3.3\n#T_SP={NE}|value\n\n\n#Text={text}\n"
        f"1-1\t0-{len(text)}\t{text}\t{label}\t\n"
    )


def files(*who: str, document: str = "oslo.txt", **others: str) -> dict[str, str]:
    """The files of an export in which these people have annotated a document, each in her way."""
    found = {f"source/{document}": "Oslo", **others}
    for each in who:
        kind = "curation" if each == "CURATION_USER" else "annotation"
        found[f"{kind}/{document}/{each}.tsv"] = annotated(LABELS[each])
    return found


def zipped(contents: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return file.getvalue()


def write_zip(contents: Mapping[str, str | bytes], folder: Path) -> Path:
    path = folder / "export.zip"
    path.write_bytes(zipped(contents))
    return path


def write_folder(contents: Mapping[str, str | bytes], folder: Path) -> Path:
    path = folder / "export"
    for name, data in contents.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return path


Write = Callable[[Mapping[str, str | bytes], Path], Path]
in_both = pytest.mark.parametrize("write", [write_zip, write_folder], ids=["zip", "folder"])


def labels(query: Any) -> list[str]:
    return [label for (label,) in query("SELECT type FROM entities")]


def reasons(query: Any) -> list[str]:
    return [reason for (reason,) in query("SELECT reason FROM rejects ORDER BY line")]


# Whose annotations --------------------------------------------------------------------------------


@in_both
@pytest.mark.parametrize(
    ("who", "annotator", "taken"),
    [
        (["ana"], None, "Person"),
        (["ana", "INITIAL_CAS"], None, "Person"),
        (["ana", "ben", "CURATION_USER"], None, "Organization"),
        (["ana", "ben", "CURATION_USER"], "ben", "Place"),
        (["ana", "ben"], "ana", "Person"),
        (["ana", "CURATION_USER"], "CURATION_USER", "Organization"),
    ],
)
def test_the_annotations_of_one(
    write: Write,
    who: list[str],
    annotator: str | None,
    taken: str,
    db_path: Path,
    tmp_path: Path,
    query: Any,
) -> None:
    summary = load_files(db_path, [write(files(*who), tmp_path)], annotator=annotator)
    assert (summary.new, summary.rejected, summary.unused) == (1, 0, {})
    assert labels(query) == [taken]
    assert query("SELECT tool FROM extractions") == [("INCEpTION",)]


@in_both
def test_of_several_none_is_taken_without_a_word(
    write: Write, db_path: Path, tmp_path: Path, query: Any
) -> None:
    path = write({**files("ana", "ben"), **files("ana", document="rome.txt")}, tmp_path)
    summary = load_files(db_path, [path])
    assert (summary.new, summary.rejected) == (1, 1)
    assert reasons(query) == [
        "oslo.txt: is annotated by ana, ben, and not curated; choose one of them with --annotator NAME"
    ]


def test_numbers_behind_the_names_of_annotators(db_path: Path, tmp_path: Path, query: Any) -> None:
    """WebAnno makes names of at least three characters and a number of them."""
    contents = {
        "annotation/oslo.txt/jo_5057921735397434942.tsv": annotated("PER"),
        "annotation/oslo.txt/ben17216769940206591217.tsv": annotated("LOC"),
        "annotation_ser/oslo.txt/jo.ser": "",
    }
    path = write_zip({"exportedproject.json": "{}", **contents}, tmp_path)
    load_files(db_path, [path])
    assert reasons(query)[0].startswith("oslo.txt: is annotated by ben, jo, and not curated")
    load_files(db_path, [path], annotator="jo")
    assert labels(query) == ["Person"]


def test_who_is_excused_does_not_count(db_path: Path, tmp_path: Path, query: Any) -> None:
    states = [
        {"name": "oslo.txt", "user": "ana", "state": "FINISHED"},
        {"name": "oslo.txt", "user": "ben", "state": "IGNORE"},
    ]
    project = json.dumps({"name": "Cities", "annotation_documents": states, "layers": [{}]})
    path = write_zip({"exportedproject7.json": project, **files("ana", "ben")}, tmp_path)
    assert load_files(db_path, [path]).new == 1
    assert labels(query) == ["Person"]


@pytest.mark.parametrize("project", ["", "[", '{"annotation_documents": 7}'])
def test_what_says_who_has_done_what_need_not_be_readable(
    project: str, db_path: Path, tmp_path: Path
) -> None:
    path = write_zip({"exportedproject.json": project, **files("ana")}, tmp_path)
    assert load_files(db_path, [path]).new == 1


@pytest.mark.parametrize(
    ("contents", "annotator"),
    [({**files(), "log/a.log": ""}, None), (files("ana"), "ben"), (files("INITIAL_CAS"), "ben")],
)
def test_what_nobody_or_somebody_else_has_annotated_is_left_out(
    contents: dict[str, str], annotator: str | None, db_path: Path, tmp_path: Path
) -> None:
    path = write_zip({"exportedproject.json": "{}", **contents}, tmp_path)
    summary = load_files(db_path, [path], annotator=annotator)
    assert (summary.new, summary.rejected, summary.left_out) == (0, 0, 1)


def test_what_it_was_imported_with_is_read_if_nobody_has_annotated_it(
    db_path: Path, tmp_path: Path, query: Any
) -> None:
    load_files(db_path, [write_zip(files("INITIAL_CAS"), tmp_path)])
    assert query("SELECT count(*) FROM mentions") == [(1,)]


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        (
            {"annotation_ser/oslo.txt/ana.ser": "", "annotation_ser/oslo.txt/INITIAL_CAS.ser": ""},
            "oslo.txt: its annotations are in the .ser form, not read; export it as UIMA CAS JSON,",
        ),
        (
            {"annotation/oslo.txt/ana.txt": "Oslo", "annotation_ser/oslo.txt/ana.ser": ""},
            "oslo.txt: its annotations are in the .txt form, not read",
        ),
        (
            {"annotation/oslo.txt/ana.zip": zipped({"TypeSystem.xml": "<a/>"})},
            "oslo.txt: annotation/oslo.txt/ana.zip has no annotations in it that are read",
        ),
        (
            {"annotation/oslo.txt/ana.zip": b"PK\x03\x04"},
            "oslo.txt: annotation/oslo.txt/ana.zip: is a damaged zip archive",
        ),
        ({"annotation/oslo.txt/ana.xmi": "<a/>"}, "oslo.txt: its root is no XMI element"),
    ],
)
@in_both
def test_annotations_that_cannot_be_read_are_rejected(
    write: Write,
    others: dict[str, str | bytes],
    reason: str,
    db_path: Path,
    tmp_path: Path,
    query: Any,
) -> None:
    contents = {"exportedproject.json": "{}", **files("ana", document="rome.txt"), **others}
    summary = load_files(db_path, [write(contents, tmp_path)])
    assert (summary.new, summary.rejected) == (1, 1)
    assert reasons(query)[0].startswith(reason)


# The documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ana.tsv", tsv(LEAGUE_MEETS)),
        ("ana.xmi", as_xmi(structures(LEAGUE_MEETS))),
        ("ana.json", as_json(structures(LEAGUE_MEETS))),
        (
            "ana.zip",
            zipped({"TypeSystem.xml": "<a/>", "league.xmi": as_xmi(structures(LEAGUE_MEETS))}),
        ),
    ],
)
def test_a_document_in_each_form(
    name: str, data: str | bytes, db_path: Path, tmp_path: Path, query: Any
) -> None:
    load_files(db_path, [write_zip({f"annotation/league.txt/{name}": data}, tmp_path)])
    assert query("SELECT count(*) FROM mentions") == [(len(LEAGUE_MEETS.mentions),)]
    assert query("SELECT count(*) FROM evidence") == [(len(LEAGUE_MEETS.statements),)]


def test_rows_of_the_articles_file_are_joined_by_the_name_of_the_document(
    db_path: Path, tmp_path: Path, query: Any
) -> None:
    rows = tmp_path / "articles.jsonl"
    rows.write_text('{"id": "oslo.txt", "title": "Snow", "url": "https://example.org/snow"}\n')
    load_files(db_path, [write_zip(files("ana"), tmp_path)], articles=rows)
    assert query("SELECT title FROM articles") == [("Snow",)]


def test_several_exports_in_one_folder(db_path: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, text in enumerate(("Oslo", "Rome")):
        data = zipped({"curation/a.txt/CURATION_USER.tsv": annotated("LOC", text)})
        (tmp_path / "in" / f"{number}.zip").write_bytes(data)
    assert load_files(db_path, [tmp_path / "in"]).new == 2


def test_an_archive_of_brats_files_is_read_as_their_folder(db_path: Path, tmp_path: Path) -> None:
    path = write_zip({"a/1.txt": "Oslo", "a/1.ann": "T1\tLOC 0 4\tOslo\n", "b.md": ""}, tmp_path)
    summary = load_files(db_path, [path])
    assert (summary.new, summary.formats) == (1, {"export.zip": "brat"})
    assert summary.unused == {"export.zip": ["b.md"]}


# Archives that are not to be read -----------------------------------------------------------------


def with_link() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("annotation/a.txt/ana.tsv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def encrypted() -> bytes:
    data = bytearray(zipped(files("ana")))
    data[6] |= 1
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    return bytes(data)


def too_many() -> bytes:
    data = bytearray(zipped(files("ana")))
    data[-12:-10] = b"\xff\xff"
    return bytes(data[:-22] + b"PK\x06\x06" + bytes(20) + (1 << 40).to_bytes(8, "little") * 2
                 + bytes(16) + b"PK\x06\x07" + bytes(4)
                 + (len(data) - 22).to_bytes(8, "little") + bytes(4) + data[-22:])  # fmt: skip


REFUSED = {
    "outside": (
        zipped({**files("ana"), "../../etc/cron.d/a": ""}),
        r"has a file that leads out of it \(\.\./\.\./etc/cron\.d/a\)",
    ),
    "absolute": (zipped({**files("ana"), "/etc/passwd": ""}), "has a file that leads out of it"),
    "of Windows": (zipped({**files("ana"), "C:\\a": ""}), "has a file that leads out of it"),
    "link": (with_link(), r"has a link in it \(annotation/a\.txt/ana\.tsv\)"),
    "encrypted": (encrypted(), r"is encrypted; unpack it and load the folder"),
    "bomb": (
        zipped({**files("ana"), "log/a": bytes(80 << 20)}),
        "unpacks to more than 200 times its size",
    ),
    "too many": (too_many(), "says that it has 1,099,511,627,776 files"),
    "cut off": (zipped(files("ana"))[:-40], "is a damaged zip archive .*; get the file again"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(data: bytes, reason: str, db_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(InputError, match=rf"a\.zip: {reason}") as found:
        load_files(db_path, [path])
    assert "\n" not in str(found.value)


def test_what_it_says_of_its_files_is_not_believed(
    db_path: Path, tmp_path: Path, query: Any
) -> None:
    """One that is over the limit is rejected, and the others are read."""
    contents = {**files("ana"), "annotation/rome.txt/ana.tsv": annotated("LOC", "Rome" * 9999)}
    summary = load_files(db_path, [write_zip(contents, tmp_path)], max_article="20K")
    assert (summary.new, summary.rejected) == (1, 1)
    assert "is longer than 20 KiB; raise --max-article" in reasons(query)[0]


def test_a_bomb_in_an_inner_archive_is_not_unpacked(
    db_path: Path, tmp_path: Path, query: Any
) -> None:
    bomb = zipped({"ana.xmi": "<a>" * (30 << 20)})
    path = write_zip({**files(), "annotation/oslo.txt/ana.zip": bomb}, tmp_path)
    load_files(db_path, [path])
    assert "unpacks to more than 200 times its size" in reasons(query)[0]


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, 2000), bits=st.integers(1, 255), cut=st.integers(0, 60))
def test_damage_is_an_error_with_one_line_at_most(
    place: int, bits: int, cut: int, tmp_path: Path
) -> None:
    data = bytearray(zipped({"exportedproject.json": "{}", **files("ana", "CURATION_USER")}))
    data[place % len(data)] ^= bits
    path = tmp_path / "a.zip"
    path.write_bytes(data[: len(data) - cut])
    (tmp_path / "news.db").unlink(missing_ok=True)
    try:
        load_files(tmp_path / "news.db", [path])
    except NewsgraphError as error:
        assert "\n" not in str(error)  # noqa: PT017 - most damage does no harm


# The option ---------------------------------------------------------------------------------------


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments])


@pytest.mark.parametrize("command", ["load", "inspect", "convert"])
def test_every_command_that_reads_files_has_it(command: str, db_path: Path, tmp_path: Path) -> None:
    path = write_zip(files("ana", "ben"), tmp_path)
    database = [db_path] if command == "load" else []
    without, with_it = (
        run(command, *database, path, *option) for option in ([], ["--annotator", "ana"])
    )
    assert "choose one of them with --annotator NAME" in without.output
    assert (with_it.exit_code, "--annotator" in with_it.output) == (0, False)


def test_it_is_for_files_that_have_annotators(db_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(annotated("LOC"))
    with pytest.raises(UsageError, match="--annotator is for project exports of INCEpTION"):
        load_files(db_path, [path], annotator="ana")
