"""XML as it comes: what is told of it, what is refused of it, and files that are cut into documents."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from collections.abc import Callable
from contextlib import closing, suppress
from encodings.aliases import aliases
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.errors import DamagedInput, InputError, RecordError
from datasette_newsgraph.readers.limits import DEFAULT, Limit
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.xml_input import XML, documents, local, walk
from datasette_newsgraph.readers.xml_parser import MAX_DEPTH

Write = Callable[[bytes], Path]


class Heard:
    """Everything that was told of a document, in order."""

    def __init__(self) -> None:
        self.all: list[Any] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.all.append((name, attributes))

    def end(self, name: str) -> None:
        self.all.append(f"/{name}")

    def words(self, text: str) -> None:
        if self.all and isinstance(self.all[-1], str) and not self.all[-1].startswith("/"):
            text = self.all.pop() + text
        self.all.append(text)


def heard(raw: bytes | str) -> list[Any]:
    target = Heard()
    walk(raw.encode() if isinstance(raw, str) else raw, target)
    return target.all


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(data: bytes) -> Path:
        path = tmp_path / "corpus.xml"
        path.write_bytes(data)
        return path

    return written


def cut(path: Path, *names: str, limit: Limit = DEFAULT) -> list[Entry]:
    with closing(Source(path, limit)) as source:
        return list(documents(source, *names))


# One document -------------------------------------------------------------------------------------


def test_elements_and_words_are_told_in_order() -> None:
    assert heard('<p n="1">Ressa <b>wins</b> &amp; &#233;<br/></p>') == [
        ("p", {"n": "1"}),
        "Ressa ",
        ("b", {}),
        "wins",
        "/b",
        " & é",
        ("br", {}),
        "/br",
        "/p",
    ]


def test_names_have_their_namespace() -> None:
    raw = '<a xmlns="urn:a" xmlns:b="urn:b" b:x="1" y="2" xml:id="p1"><b:c/></a>'
    assert heard(raw)[:2] == [
        ("{urn:a}a", {"{urn:b}x": "1", "y": "2", f"{XML}id": "p1"}),
        ("{urn:b}c", {}),
    ]
    assert [local(each) for each in ("{urn:a}a", "a")] == ["a", "a"]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("ISO-8859-1", "latin-1"),
        ("US-ASCII", "ascii"),
        ("windows-1252", "cp1252"),
        ("ISO-8859-2", "iso8859-2"),
        ("koi8-r", "koi8-r"),
    ],
)
def test_encodings_are_read(name: str, codec: str) -> None:
    words = {"ascii": "Orban", "koi8-r": "Москва"}.get(codec, "é")
    raw = f'<?xml version="1.0" encoding="{name}"?><p>{words}</p>'.encode(codec)
    assert heard(raw) == [("p", {}), words, "/p"]


@pytest.mark.parametrize("name", sorted(set(aliases.values())))
def test_no_encoding_is_more_than_a_reject(name: str) -> None:
    with suppress(RecordError):
        assert heard(f'<?xml version="1.0" encoding="{name}"?><p/>'.encode()) == [("p", {}), "/p"]


def test_xml_1_1_is_read_as_1_0() -> None:
    assert heard('<?xml version="1.1"?><p/>') == [("p", {}), "/p"]


def test_a_doctype_is_passed_over(tmp_path: Path) -> None:
    dtd = tmp_path / "tei.dtd"
    dtd.write_text('<!ENTITY nbsp "&#160;">')
    for doctype in (
        "<!DOCTYPE p>",
        f'<!DOCTYPE p SYSTEM "{dtd}">',
        f'<!DOCTYPE p PUBLIC "-//TEI//DTD" "file://{dtd}">',
        '<!DOCTYPE p [<!ELEMENT p ANY><!ATTLIST p n CDATA "1">]>',
    ):
        assert heard(f"{doctype}<p>Paris</p>") == [("p", {}), "Paris", "/p"]


LAUGHS = "<!DOCTYPE p [<!ENTITY a 'ha'>\n<!ENTITY b '&a;&a;'>]><p>&b;</p>"
DEEP = "<p>" * (MAX_DEPTH + 1) + "</p>" * (MAX_DEPTH + 1)
MANY = "".join(f"<!ATTLIST p n{each} CDATA '1'>" for each in range(300))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            LAUGHS,
            "line 1, column 25: declares the entity a, and entities are not read; write the file",
        ),
        ("<!DOCTYPE p [<!ENTITY % a SYSTEM 'a.dtd'>%a;]><p/>", "declares the entity a"),
        ("<!DOCTYPE p [<!ENTITY a SYSTEM '/etc/passwd'>]><p>&a;</p>", "declares the entity a"),
        ("<!DOCTYPE p [<!NOTATION g SYSTEM 'g'><!ENTITY a SYSTEM 'a' NDATA g>]><p/>", "entity a"),
        (
            "<p>\n&nbsp;</p>",
            "line 2, column 1: &nbsp; is no entity of XML itself, and DTDs are not",
        ),
        ("<p>\n&nbsp;</p>", "write &#160; for it"),
        ("<p>&chapter2;</p>", "line 1, column 4: &chapter2; is no entity of XML itself"),
        ('<!DOCTYPE p SYSTEM "a.dtd">\n<p n="&eacute;"/>', "line 2: &eacute; is no entity of XML"),
        ('<!DOCTYPE p SYSTEM "a.dtd">\n<p><!--&a;-->&mdash;</p>', "line 2: &mdash; is no entity"),
        (f"<!DOCTYPE p [{MANY}]><p/>", "declares more than 200 attributes"),
        (DEEP, "line 1, column 3001: its elements are nested more than 1,000 deep"),
        ("<p>\n<b></p>", "line 2, column 6: is no well-formed XML (mismatched tag); mend it there"),
        ("", "line 1, column 1: is no well-formed XML (no element found)"),
        ("<p>", "is no well-formed XML (no element found)"),
        ("<p/><p/>", "is no well-formed XML (junk after document element)"),
        ("Not XML", "line 1, column 1: is no well-formed XML (syntax error)"),
        (
            b"<p>\xff</p>",
            "line 1, column 4: is no well-formed XML (not well-formed (invalid token))",
        ),
        (b"<p>\x00</p>", "line 1, column 4"),
        ("<p>\ufffe</p>", "line 1, column 4"),
        (b"<p>\xed\xa0\x80</p>", "line 1, column 4"),
        ("<p>&#0;</p>", "line 1, column 4"),
        ("<p>&#xD800;</p>", "line 1, column 4"),
        ("<a:p/>", "unbound prefix"),
        (
            '<?xml version="1.0" encoding="GBK"?><p/>',
            "line 1: is in the encoding GBK, which is not",
        ),
        ('<?xml version="1.0" encoding="nonesuch"?><p/>', "is in the encoding nonesuch"),
        ('<?xml version="1.0" encoding="rot13"?><p/>', "is in the encoding rot13"),
        ('<?xml version="1.0" encoding="punycode"?><p/>', "is in the encoding punycode"),
    ],
)
def test_what_is_wrong_is_one_line(raw: bytes | str, message: str) -> None:
    with pytest.raises(RecordError) as error:
        heard(raw)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_what_a_target_raises_comes_out() -> None:
    class Fussy(Heard):
        def words(self, text: str) -> None:
            raise ValueError(text)

    with pytest.raises(ValueError, match="Paris"):
        walk(b"<p>Paris</p>", Fussy())


def test_an_entity_may_be_spoken_of() -> None:
    raw = '<!DOCTYPE p SYSTEM "a.dtd"><p><![CDATA[&nbsp;]]><!-- &nbsp; --><?a &nbsp;?></p>'
    assert heard(raw)[1] == "&nbsp;"


@pytest.mark.parametrize("part", [b"<!--", b"<![CDATA[", b"<?a ", b"&", b"<", b"<a x='", b"]]>"])
def test_repeated_marks_take_no_time(part: bytes) -> None:
    raw = b'<!DOCTYPE p SYSTEM "a.dtd"><p>' + part * 200_000
    began = time.process_time()
    with pytest.raises(RecordError):
        heard(raw)
    assert time.process_time() - began < 2


@given(st.binary(max_size=60).map(lambda each: b"<p>" + each + b"</p>") | st.binary(max_size=60))
def test_bytes_of_any_kind_are_told_or_refused(raw: bytes) -> None:
    with suppress(RecordError):
        assert heard(raw)


# Files --------------------------------------------------------------------------------------------


def test_a_file_is_cut_into_its_documents(write: Write) -> None:
    path = write(
        b'<?xml version="1.0"?>\n<!-- two --><corpus xmlns="urn:t" xmlns:x="urn:x" xml:lang="en">\n'
        b'<head>Talks</head><TEI n="1">Paris<TEI>in</TEI></TEI>\n <part xmlns:x="urn:y">'
        b'<TEI xml:lang="fr" x:n="2" ></TEI\n><TEI/></part><TEI>/></TEI></corpus>\n'
    )
    found = cut(path, "TEI")
    assert [(each.line, each.raw.decode()) for each in found] == [
        (1, '<TEI xmlns="urn:t" xmlns:x="urn:x" xml:lang="en" n="1">Paris<TEI>in</TEI></TEI>'),
        (2, '<TEI xmlns="urn:t" xmlns:x="urn:y" xml:lang="fr" x:n="2" ></TEI\n>'),
        (3, '<TEI xmlns="urn:t" xmlns:x="urn:y" xml:lang="en"/>'),
        (4, '<TEI xmlns="urn:t" xmlns:x="urn:x" xml:lang="en">/></TEI>'),
    ]
    assert [heard(each.raw)[0][0] for each in found] == ["{urn:t}TEI"] * 4


def test_a_root_of_the_name_is_the_whole_file(write: Write) -> None:
    data = b'<?xml version="1.0"?>\n<t:TEI xmlns:t="urn:t"><t:TEI/></t:TEI>\n'
    found = cut(write(b"\xef\xbb\xbf" + data), "TEI")
    assert [(each.line, each.raw) for each in found] == [(1, data)]


def test_documents_keep_the_encoding_of_their_file(write: Write) -> None:
    raw = '<?xml version="1.0" encoding="ISO-8859-1"?><c xmlns="urn:é€">{}</c>'
    raw = raw.replace("€", "&#8364;").format("<d>Orbán</d><d/>")
    found = cut(write(raw.encode("latin-1")), "d")
    assert [heard(each.raw) for each in found] == [
        [("{urn:é€}d", {}), "Orbán", "/{urn:é€}d"],
        [("{urn:é€}d", {}), "/{urn:é€}d"],
    ]


def test_one_document_over_the_limit_costs_no_other(write: Write) -> None:
    long = b"<d>" + b"<p>Paris</p>" * 300_000 + b"</d>"
    path = write(b"<c>" + b"<d>Rome</d>" + long + b"<d>Oslo</d>" + b"</c>")
    found = cut(path, "d", limit=Limit(1 << 20))
    assert [each.fault for each in found] == [
        None,
        "the element is longer than 1 MiB; raise --max-article to load it",
        None,
    ]
    assert found[1].raw.startswith(b"<d><p>")
    assert found[2].raw == b"<d>Oslo</d>"


def test_one_document_that_is_too_deep_costs_no_other(write: Write) -> None:
    found = cut(write(b"<c><d>" + DEEP.encode() + b"</d><d>Oslo</d></c>"), "d")
    assert [each.fault for each in found] == ["its elements are nested more than 1,000 deep", None]


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        (
            b"<e></d></c>",
            "line 1, column 20: is no well-formed XML (mismatched tag); mend it there, or",
        ),
        (b"<d>", "no element found"),
        (b"<!-- " + b"x" * 3_000_000, "is longer than 1 MiB; raise --max-article"),
        (b"<e>" * 1001, "nested more than 1,000 deep"),
        (
            b"<e " + b" ".join(b'xmlns:a%d="urn:a"' % n for n in range(9000)) + b"/>",
            "too many namesp",
        ),
    ],
)
def test_what_comes_before_a_damage_is_read(write: Write, rest: bytes, message: str) -> None:
    path = write(b"<c><d>Rome</d>" + rest)
    found: list[bytes] = []
    with closing(Source(path, Limit(1 << 20))) as source, pytest.raises(DamagedInput) as error:
        found.extend(each.raw for each in documents(source, "d"))
    assert found == [b"<d>Rome</d>"]
    assert message in str(error.value)
    assert str(error.value).startswith(f"{path}: line ")


def test_entities_of_a_corpus_are_refused(write: Write) -> None:
    with pytest.raises(InputError, match="declares the entity a, and entities are not read"):
        cut(write(b"<!DOCTYPE c [<!ENTITY a 'ha'>]><c><d>&a;</d></c>"), "d")
    with pytest.raises(InputError, match="is in the encoding GBK"):
        cut(write(b'<?xml version="1.0" encoding="GBK"?><c><d/></c>'), "d")


def test_a_packed_file_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "corpus.xml.gz"
    packed = gzip.compress(b"<c>" + b"".join(b"<d>%d</d>" % n for n in range(200_000)) + b"</c>")
    path.write_bytes(packed[: len(packed) // 2])
    found: list[Entry] = []
    with closing(Source(path)) as source, pytest.raises(DamagedInput, match="stream is damaged"):
        found.extend(documents(source, "d"))
    assert len(found) > 10_000


def test_a_file_is_hashed_as_it_is_cut(write: Write) -> None:
    path = write(b"<c><d/></c>")
    with closing(Source(path)) as source:
        list(documents(source, "d"))
        assert source.sha256 is not None


def test_a_large_file_takes_no_memory(write: Write) -> None:
    document = b"<d>" + b"<p>In Paris, talks began.</p>" * 1000 + b"</d>\n"
    path = write(b"<c>" + document * 1000 + b"</c>")
    tracemalloc.start()
    with closing(Source(path)) as source:
        assert sum(1 for _ in documents(source, "d")) == 1000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20


@given(
    st.recursive(
        st.sampled_from(
            ["Paris", "<!-- <d> -->", "<![CDATA[</d>]]>", "<b/>", "<d/>", "é", "<?a >?>"]
        ),
        lambda each: (
            st.lists(each, max_size=4).map(lambda parts: f"<b>{''.join(parts)}</b>")
            | st.lists(each, max_size=4).map(lambda parts: f"<d x='>'>{''.join(parts)}</d >")
        ),
        max_leaves=12,
    )
)
def test_documents_are_what_the_whole_has(inside: str) -> None:
    """What is told of the documents is what is told of them in the file."""

    class Outermost(Heard):
        depth = 0

        def start(self, name: str, attributes: dict[str, str]) -> None:
            self.depth += bool(self.depth) or name == "d"
            if self.depth:
                super().start(name, attributes)

        def end(self, name: str) -> None:
            if self.depth:
                super().end(name)
                self.depth -= 1

        def words(self, text: str) -> None:
            if self.depth:
                super().words(text)

    raw = f"<c>{inside}</c>".encode()
    expected = Outermost()
    walk(raw, expected)
    found = Heard()
    for each in cut_bytes(raw):
        walk(each.raw, found)
    assert found.all == expected.all


def cut_bytes(raw: bytes) -> list[Entry]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.xml"
        path.write_bytes(raw)
        return cut(path, "d")
