"""What is marked in XML, and annotations of the tools that grew up with it."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Keys, Pattern, root_pattern
from datasette_newsgraph.readers.table.format import JSON, Format

MARKUP: tuple[Format, ...] = (
    Format(
        "tei",
        "TEI XML",
        (".xml", ".tei"),
        (
            Pattern(
                root_pattern(b"TEI", b"TEI.2", b"teiCorpus", b"teiCorpus.2"),
                "XML whose root is `TEI`, `teiCorpus` or (P4) `TEI.2`",
                weight=4,
            ),
        ),
        labels=("tei", "conll", "ontonotes", "plain"),
        known_as="TEI",
    ),
    Format(
        "naf",
        "NAF XML",
        (".naf", ".xml"),
        (
            Pattern(
                root_pattern(b"NAF", b"KAF"),
                "XML whose root is `NAF` or `KAF`",
                weight=4,
            ),
        ),
        labels=("ontonotes", "conll", "corenlp", "ace", "plain"),
        known_as="NAF",
    ),
    Format(
        "gate",
        "GATE XML and bdoc JSON",
        (".bdocjs", ".xml", *JSON),
        (
            Pattern(root_pattern(b"GateDocument"), "XML whose root is `GateDocument`", weight=4),
            Keys(("text", "annotation_sets", "offset_type")),
            Keys(("text", "annotation_sets", "features")),
            # What GATE Cloud answers; posts of Twitter have the like.
            Pattern(
                rb'"entities"\s*:\s*\{\s*"(?!(?:hashtags|urls|symbols|media|mentions|user_mentions|'
                rb'annotations|description)")[^"\n]{1,99}"\s*:\s*\[\s*\{\s*"indices"\s*:\s*\[',
                "JSON whose `entities` have a list for each label, of objects with `indices`",
                weight=4,
            ),
        ),
        labels=("gate", "corenlp", "ontonotes", "conll", "plain"),
        known_as="GATE",
    ),
    Format(
        "cat",
        "CAT XML (MEANTIME)",
        (".xml", ".cat"),
        (
            Pattern(
                root_pattern(b"Document") + rb"[^>]{0,4000}>\s*<token\s[^>]{0,400}\bt_id=",
                "XML whose root is `Document`, with numbered tokens (`token t_id`)",
                weight=4,
            ),
        ),
        labels=("cat", "ace", "conll", "ontonotes", "plain"),
    ),
)
