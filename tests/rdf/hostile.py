"""Values that break RDF writers, each with what must come of it, and a record with all of them."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.identity import is_blank
from datasette_newsgraph.vocabulary import PREFIXES

#: Any string may be a name, a title, a verb … and must come out to the letter.
STRINGS = {
    "plain": "Ana",
    "empty": "",
    "space only": " ",
    "spaces around": "  a \t ",
    "NUL": "a\0b",
    "control": "a\x01b",
    "vertical tab": "a\x0bb",
    "backspace and form feed": "a\b\fb",
    "escape": "\x1b[31mred",
    "DEL": "a\x7fb",
    "CR": "a\rb",
    "CR LF": "a\r\nb",
    "LF": "a\nb",
    "next line, line and paragraph separator": "a\u0085b\u2028c\u2029d",
    "quotes and backslash": "a\"b'c\\d",
    "quote at the end": 'a\n"',
    "three quotes": 'a\n"""b',
    "three apostrophes": "'''",
    "backslash at the end": "a\n\\",
    "escapes in letters": "\\u0041 \\n \\x \\U0001F600",
    "end of a literal": '" . <http://evil/s> <http://evil/p> "pwn',
    "end of an IRI": "x> <http://evil/p> <http://evil/o> .\n<y",
    "a language or datatype": '"@en "^^<http://evil/d>',
    "a blank node": "_:b0",
    "a keyword of JSON-LD": "@id",
    "a keyword of Turtle": "@prefix a: <http://evil/> .",
    "a number": "1.0",
    "a boolean": "true",
    "JSON": '{"@id": "http://evil/"}',
    "braces and percent": "{key} {{subject}} {0!r} %s %(a)s 100% ${x} `x`",
    "XML": "a]]>b<&amp;</script>",
    "non-character": "a\ufffeb\uffffc\U0010ffffd",
    "lone surrogate": "a\ud800b",
    "two surrogates the wrong way round": "a\udc00\ud800b",
    "private use": "a\ue000b",
    "replacement character": "a\ufffdb",
    "byte order mark": "\ufeffa",
    "overriding direction": "a\u202eb\u202cc",
    "joiners": "می\u200cخواهم 👩\u200d🚀",
    "combining": "e\u0301 é \u0301a",
    "astral": "\U0001f600 𝒜",
    "Persian": "نرگس محمدی",
    "long": "long " * 2000,
}


def stored(text: str) -> str:
    """What loading makes of a string: NUL and lone surrogates become U+FFFD, one for one."""
    return "".join(
        "\ufffd" if each == "\0" or "\ud800" <= each <= "\udfff" else each for each in text
    )


def collapsed(text: str) -> str:
    """What loading makes of a name: each run of white space is a space, the ends have none."""
    return " ".join(stored(text).split())


EX = "http://ex.org/"
#: What is given as an IRI, and the IRI that is written; None where it is none.
IRIS: dict[str, str | None] = {
    f"{EX}a b": f"{EX}a%20b",
    f"  {EX}a\n": f"{EX}a",
    f"{EX}a<b>": f"{EX}a%3Cb%3E",
    f'{EX}a"b': f"{EX}a%22b",
    f"{EX}a\\b": f"{EX}a%5Cb",
    f"{EX}a{{b}}": f"{EX}a%7Bb%7D",
    f"{EX}a|b^c`d": f"{EX}a%7Cb%5Ec%60d",
    f"{EX}Zoë": f"{EX}Zoë",
    f"{EX}100%zz": f"{EX}100%25zz",
    f"{EX}%": f"{EX}%25",
    f"{EX}%C3%A9": f"{EX}%C3%A9",
    f"{EX}a\x01b": f"{EX}a%01b",
    f"{EX}a\x7fb": f"{EX}a%7Fb",
    f"{EX}a\nb": f"{EX}a%0Ab",
    f"{EX}a\0b": f"{EX}a%EF%BF%BDb",
    f"{EX}surrogate\ud800": f"{EX}surrogate%EF%BF%BD",
    f"{EX}a\u202eb": f"{EX}a%E2%80%AEb",
    f"{EX}a\ufffeb": f"{EX}a%EF%BF%BEb",
    f"{EX}a\ue000b": f"{EX}a%EE%80%80b",
    # Allowed by RFC 3987, but rdflib cannot read the file and jsonld.js drops the triple.
    f"{EX}a\u00a0b": f"{EX}a%C2%A0b",
    f"{EX}a\u2009b": f"{EX}a%E2%80%89b",
    f"{EX}a\u2028b": f"{EX}a%E2%80%A8b",
    f"{EX}a\u3000b": f"{EX}a%E3%80%80b",
    f"{EX}a\ufeffb": f"{EX}a%EF%BB%BFb",
    f'{EX}x> <http://evil/p> "pwn" .\n<{EX}y': (
        f"{EX}x%3E%20%3Chttp://evil/p%3E%20%22pwn%22%20.%0A%3C{EX}y"
    ),
    f"{EX}a#b#c": f"{EX}a#b%23c",
    f"{EX}#": f"{EX}#",
    f"{EX}?": f"{EX}?",
    f"{EX}a[b]": f"{EX}a%5Bb%5D",
    f"{EX}a'b(c),d;e!*+=~:@": f"{EX}a'b(c),d;e!*+=~:@",
    f"{EX}a?b=c&d#e": f"{EX}a?b=c&d#e",
    f"{EX}\U0001f600": f"{EX}\U0001f600",
    f"{EX}·a\u0301": f"{EX}·a\u0301",
    f"{EX}a/../b": f"{EX}a/../b",
    f"{EX}./a": f"{EX}./a",
    f"{EX}/a//b": f"{EX}/a//b",
    f"{EX}a.": f"{EX}a.",
    f"{EX}-a": f"{EX}-a",
    f"{EX}1a": f"{EX}1a",
    "http://ex.org": "http://ex.org",
    "HTTP://EX.ORG/A": "HTTP://EX.ORG/A",
    "http://ex.org:80/": "http://ex.org:80/",
    "http://user:word@ex.org/": "http://user:word@ex.org/",
    "http://[::1]:80/x": "http://[::1]:80/x",
    "http://пример.рф/": "http://пример.рф/",
    "http://ex.org:port/x": None,
    "http://[ex.org]/": None,
    "http://a b/": None,
    "http:///x": None,
    "javascript:alert(1)": "javascript:alert(1)",
    "urn:uuid:1234": "urn:uuid:1234",
    "mailto:ana@ex.org": "mailto:ana@ex.org",
    "tag:ex.org,2020:a": "tag:ex.org,2020:a",
    "data:text/plain,a b": "data:text/plain,a%20b",
    # Schemes that are prefixes in our Turtle, or terms of our JSON-LD.
    "schema:x": "schema:x",
    "rdf:type": "rdf:type",
    "ng:x": "ng:x",
    "article:1": "article:1",
    "entity:x": "entity:x",
    "mention:1": "mention:1",
    "name:foo": "name:foo",
    "type:x": "type:x",
    "id:1": "id:1",
    "headline://x": "headline://x",
    "url:x": "url:x",
    # Under namespaces that have a prefix, but no local names that every reader knows.
    **{
        f"{PREFIXES['schema']}{local}": f"{PREFIXES['schema']}{local}"
        for local in (
            "",
            "a.b",
            "a.",
            ".a",
            "-a",
            "1a",
            "a/b",
            "a:b",
            "a~b",
            "a'b",
            "a%20b",
            "é",
            "a#b",
        )
    },
    f"{PREFIXES['owl']}Thing": f"{PREFIXES['owl']}Thing",
    # No absolute IRIs.
    "": None,
    "foo/bar": None,
    "/foo": None,
    "//ex.org/x": None,
    "#x": None,
    "1:x": None,
    "é:x": None,
    "_:b0": None,
    "@type": None,
    "schema:": None,
    "Barack Obama": None,
}

#: A language as given, and the tag of the headline; "" where it must have none.
LANGUAGES = {
    "en": "en",
    "EN-us": "en-us",
    "und": "und",
    "fa": "fa",
    "zh-Hant-TW": "zh-hant-tw",
    "de-1996": "de-1996",
    "es-419": "es-419",
    "sr-Latn": "sr-latn",
    "sl-rozaj-biske-1994": "sl-rozaj-biske-1994",
    "de-DE-u-co-phonebk": "de-de-u-co-phonebk",
    "en-x-story": "en-x-story",
    "": "",
    "en_US": "",
    "en US": "",
    "en-": "",
    "-en": "",
    "en--us": "",
    "123": "",
    "abcdefghijk": "",
    "en-abcdefghi": "",
    "en\n": "",
    " en": "",
    "ён": "",
    'en . <http://evil/s> <http://evil/p> "x': "",
    # Right by Turtle's grammar, but not well-formed (BCP 47, section 2.2.9): pyoxigraph refuses
    # the whole document.
    "a": "",
    "x": "",
    "en-a": "",
    "en-x": "",
    "en-u": "",
    "en-1": "",
    "en-12": "",
    "en-us-us": "",
    "en-latn-latn": "",
    "i-foo": "",
}

#: A date as given, and its datatype; None where it is no date of the calendar, or of another form.
DATES = {
    "2024": "xsd:gYear",
    "0001": "xsd:gYear",
    "-0044": "xsd:gYear",
    "2024-05": "xsd:gYearMonth",
    "-0044-03": "xsd:gYearMonth",
    "2024-05-01": "xsd:date",
    "12024-01-01": "xsd:date",
    "-0044-03-15": "xsd:date",
    "2024-02-29": "xsd:date",
    "2000-02-29": "xsd:date",
    "-0004-02-29": "xsd:date",
    "2024-05-01T10:00:00": "xsd:dateTime",
    "2024-05-01T10:00:00Z": "xsd:dateTime",
    "2024-05-01T10:00:00+05:45": "xsd:dateTime",
    "2024-05-01T10:00:00-14:00": "xsd:dateTime",
    "2024-05-01T10:00:00.123456789Z": "xsd:dateTime",
    "2024-05-01T24:00:00": "xsd:dateTime",
    "2024-05-01T24:00:00.000Z": "xsd:dateTime",
    "": None,
    "0000": None,
    "-0000": None,
    "0000-01-01": None,
    "0000-12-31T10:00:00": None,
    "2024-00": None,
    "2024-13": None,
    "2024-13-45": None,
    "2024-05-00": None,
    "2024-02-30": None,
    "2023-02-29": None,
    "1900-02-29": None,
    "2024-04-31": None,
    "2024-02-30T10:00:00": None,
    "24": None,
    "024": None,
    "02024": None,
    "2024-5-1": None,
    "2024-05-01T10:00Z": None,
    "2024-05-01T24:00:01": None,
    "2024-05-01T25:00:00": None,
    "2024-05-01T10:60:00": None,
    "2016-12-31T23:59:60Z": None,
    "2024-05-01T10:00:00.": None,
    "2024-05-01T10:00:00+14:01": None,
    "2024-05-01T10:00:00+0500": None,
    "2024-05-01 10:00:00": None,
    "2024-05-01t10:00:00z": None,
    " 2024-05-01 ": None,
    "2024-05-01\n": None,
    "２０２４": None,
    "٢٠٢٤-٠٥": None,
    "May 2024": None,
    "2024-W18": None,
    "2024~": None,
    "P1Y": None,
    "now": None,
    # Days, months and seconds without hyphens: more than four digits alone are no year.
    "12024": None,
    "20240501": None,
    "202405": None,
    "1714557600": None,
    "1" * 5000: None,
    f"{'1' * 5000}-02-29": None,
}

#: (value, datatype as given, literal text, its datatype) of a relation.
VALUES: list[tuple[Any, str | None, str, str | None]] = [
    (1, None, "1", "xsd:integer"),
    (-7, None, "-7", "xsd:integer"),
    (10**18, None, "1000000000000000000", "xsd:integer"),
    (1.5, None, "1.5", "xsd:decimal"),
    (1.0, None, "1.0", "xsd:decimal"),
    (-0.0, None, "-0.0", "xsd:decimal"),
    (1e21, None, "1e+21", "xsd:double"),
    (1e-7, None, "1e-07", "xsd:double"),
    (True, None, "true", "xsd:boolean"),
    (False, None, "false", "xsd:boolean"),
    (True, "string", "true", None),
    (True, "number", "true", None),
    (1, "boolean", "1", None),
    (1, "string", "1", None),
    (2024, "date", "2024", "xsd:gYear"),
    ("1", "number", "1", "xsd:integer"),
    ("01", "number", "01", "xsd:integer"),
    ("+1", "number", "+1", "xsd:integer"),
    ("1.", "number", "1.", "xsd:decimal"),
    (".5", "number", ".5", "xsd:decimal"),
    ("0.10", "number", "0.10", "xsd:decimal"),
    ("1E3", "number", "1E3", "xsd:double"),
    ("1e400", "number", "1e400", "xsd:double"),
    ("1" * 5000, "number", "1" * 5000, "xsd:integer"),
    ("", "number", "", None),
    (".", "number", ".", None),
    ("-", "number", "-", None),
    ("1e", "number", "1e", None),
    ("NaN", "number", "NaN", None),
    ("nan", "number", "nan", None),
    ("INF", "number", "INF", None),
    ("inf", "number", "inf", None),
    ("1,000", "number", "1,000", None),
    ("1_000", "number", "1_000", None),
    ("0x10", "number", "0x10", None),
    (" 1", "number", " 1", None),
    ("1\n", "number", "1\n", None),
    ("٣", "number", "٣", None),
    ("true", "boolean", "true", "xsd:boolean"),
    ("True", "boolean", "True", None),
    ("1", "boolean", "1", None),
    ("yes", "boolean", "yes", None),
    ("2024-02-30", "date", "2024-02-30", None),
    ("2024-02-29", "date", "2024-02-29", "xsd:date"),
    ("2024-02-29", "string", "2024-02-29", None),
    ("2024-02-29", None, "2024-02-29", None),
    ("<b>x", None, "<b>x", None),
]


def record_of(number: int, text: str) -> dict[str, Any]:
    """An article that has the text in every place that takes any string."""
    surface = {"start": 0, "end": 1, "text": text}
    return {
        "id": f"{number} {text}",
        "url": text,
        "title": text,
        "publisher": text,
        "authors": [text],
        "sections": [text],
        "published": text,
        "licence": text,
        "text": f"{number}{text}",
        "entities": [
            {
                "id": text,
                "type": f"Type {text}",
                "name": f"Name {number} {text}",
                "aliases": [f"Alias {text}"],
                "description": text,
                "mentions": [surface, {"start": 0, "end": len(text) + len(str(number))}],
            }
        ],
        "relations": [
            {
                "subject": text,
                "predicate": f"predicate {text}",
                "value": text,
                "start_date": text,
                "end_date": text,
                "evidence": [surface],
            }
        ],
        "quotes": [{"speaker": text, **surface, "verb": text}],
        "extractor": {"name": f"{number} {text}", "version": text, "model": text},
    }


def records() -> list[dict[str, Any]]:
    """One article for each string, and one each for the IRIs, languages, dates and values."""
    strings = [record_of(number, text) for number, text in enumerate(STRINGS.values())]
    of_iris = [
        {
            "id": f"iri {number}",
            "url": given,
            "licence": given,
            "entities": [
                {"id": "e", "type": "Person", "name": f"IRI {number}", "same_as": [given]},
            ],
            "relations": [
                {"subject": "e", "predicate": "homepage", "value": given, "datatype": "IRI"}
            ],
        }
        for number, given in enumerate(IRIS)
    ]
    of_languages = [
        {"id": f"language {number}", "title": "Title", "language": given}
        for number, given in enumerate(LANGUAGES)
    ]
    of_dates = [
        {
            "id": f"date {number}",
            "published": given,
            "entities": [{"id": "e", "type": "Person", "name": f"Date {number}"}],
            "relations": [
                {
                    "subject": "e",
                    "predicate": "birth date",
                    "value": given,
                    "datatype": "date",
                    "start_date": given,
                    "end_date": given,
                }
            ],
        }
        for number, given in enumerate(DATES)
    ]
    of_values = [
        {
            "id": f"value {number}",
            "entities": [{"id": "e", "type": "Person", "name": f"Value {number}"}],
            "relations": [
                {"subject": "e", "predicate": "score", "value": value}
                | ({} if datatype is None else {"datatype": datatype})
            ],
        }
        for number, (value, datatype, _, _) in enumerate(VALUES)
    ]
    return [*strings, *of_iris, *of_languages, *of_dates, *of_values]


# --- What is to do harm in a page, or to spoil it ----------------------------------------------

_HARM = "window.pwned = 1; alert(1)"
#: Any of these may be a name, a title, a predicate, an address, a text … and is to be shown as it is.
MARKUP = {
    "script": f"<script>{_HARM}</script>",
    "end of an attribute": f'"><img src="x" onerror="{_HARM}">',
    "end of an attribute in apostrophes": f"'><svg onload='{_HARM}'></svg>",
    "attribute": f"x onmouseover={_HARM} autofocus onfocus={_HARM} y",
    "end of a script": f"</script><script>{_HARM}</script>",
    "end of anything": f"</title></textarea></style></svg></template><script>{_HARM}</script>",
    "comment": f"--><script>{_HARM}</script><!-- <!--<script>",
    "CDATA": f"]]><script>{_HARM}</script><![CDATA[",
    "template of ours": "{{7*7}} {% raw %} {# x #}",
    "template of JavaScript": f"`${{{_HARM}}}` \\u003cscript\\u003e",
    "JavaScript's address": "javascript:window.pwned=1",
    "its address in disguise": "java\tscript:window.pwned=1//\n",
    "its address behind a control": "\x01javascript:window.pwned=1",
    "data's address": f"data:text/html,<script>{_HARM}</script>",
    "address of elsewhere": f'http://evil.example/"onclick="{_HARM}',
    "address without a scheme": "//evil.example/x.js",
    "address of nothing": "http://",
    "base": "<base href='//evil.example/'><link rel=stylesheet href='//evil.example/x.css'>",
    "frame": f"<iframe srcdoc='<script>parent.{_HARM}</script>' src='//evil.example/'></iframe>",
    "refresh": "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "form": "</form><form action='//evil.example/'><input name=q autofocus></form>",
    "style": "</style><style>* { display: none; background: url(//evil.example/) }</style>",
    "drawing": f"<a xlink:href='javascript:{_HARM}'><animate onbegin='{_HARM}'/></a>",
    "references": "&#x; &#x3C;script&#x3E; &lt;b&gt; &amp;amp; &#0; &nosuch;",
    "header": f"a\r\nSet-Cookie: x=1\r\n\r\n<script>{_HARM}</script>",
    "turned round": "left \u202ethgir",
    "turned round for good": "\u202e\u202e\u2067\u2068desolcnu",
    "closed more than opened": "\u202c\u202c\u2069\u2069\u2069 end",
    "isolated": "\u2066\u2067open",
    "marks of direction": "\u200f\u061c\u200ea\u200f",
    "nothing to be seen": "\u200b\u200c\u200d\u2060\ufeff",
    "soft hyphens": "\xad" * 20,
    "blank that is no space": "\u3164\u115f\u2800",
    "controls": "a\x01\x08\x0b\x0c\x1b[31m\x7f\x9bb",
    "path": "../../-/newsgraph?x=1#y%2e%2e/",
    "long": "x" * 10_000,
    "long and wide": "﷽" * 1_000,
    "long with references": "&<>\"'" * 2_000,
    "tall": "a" + "\u0301" * 500,
}


def _sentences(text: str, others: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """A text with a string and others in it, and where each stands."""
    words, spans = "", []
    for each in (text, *others):
        words += "Named here: "
        spans.append((len(words), len(words) + len(each)))
        words += f"{each} .\n\n"
    return words, spans


def records_of_markup() -> list[dict[str, Any]]:
    """An article for each string, that names it and the next two; all else in it is the string.

    Where nothing can be seen of it, it cannot be a name, and has a letter before it there.
    """
    strings = [f"x{text}" if is_blank(text) else text for text in MARKUP.values()]
    types = {text: text if number % 2 else "Person" for number, text in enumerate(strings)}
    found = []
    for number, (text, given) in enumerate(zip(strings, MARKUP.values(), strict=True)):
        named = [strings[(number + step) % len(strings)] for step in range(3)]
        words, spans = _sentences(text, named[1:])
        end = len(words)
        words += f"Caption: {text}"
        entities = [
            {
                "id": f"e{step}",
                "type": types[each],
                "name": each,
                "aliases": [f"A{each}"],
                "description": each,
                "same_as": [each],
                "mentions": [{"start": start, "end": stop, "text": words[start:stop]}],
            }
            for step, (each, (start, stop)) in enumerate(zip(named, spans, strict=True))
        ]
        evidence = {"start": 0, "end": spans[0][1], "text": words[: spans[0][1]]}
        found.append(
            {
                "id": text,
                "url": text,
                "title": given,
                "publisher": given,
                "authors": [given],
                "sections": [given],
                "published": text if number % 3 else "2024-05-01",
                "language": "en",
                "licence": text,
                "text": words,
                "zones": [
                    {"zone": "body", "start": 0, "end": end},
                    {"zone": "caption", "start": end, "end": len(words)},
                ],
                "entities": entities,
                "relations": [
                    {"subject": "e0", "predicate": text, "object": "e1", "evidence": [evidence]}
                    | {"start_date": text, "end_date": text, "confidence": 0.5}
                    | {"pattern": text},
                    *([{"subject": "e0", "predicate": text, "value": text}] if number % 3 else []),
                ],
                "quotes": [{"speaker": "e0", "verb": text, **evidence}],
                "extractor": {"name": text, "version": text, "model": text},
            }
        )
    return found


#: What writes a key that begins with a hyphen, as no load does: into each table that has keys, and
#: where a former one stands.
HYPHENS = {
    **{
        table: f"UPDATE {table} SET key = '-' || key WHERE id % 2"
        for table in (
            ["extractions", "articles", "entities", "relations", "mentions", "evidence", "quotes"]
        )
    },
    "decided": "INSERT INTO decided (kind, key, verdict, value)"
    " SELECT 'entity', '-1', 'same', key FROM entities LIMIT 1",
    "as_given": "INSERT INTO as_given (kind, key, article_id, shown_key, relation_key, subject_key,"
    " object_key) SELECT 'evidence', 'x', 1, relations.key, '-1', subjects.key, objects.key"
    " FROM relations CROSS JOIN entities AS subjects ON subjects.id = subject_id"
    " CROSS JOIN entities AS objects ON objects.id = object_id LIMIT 1",
}
