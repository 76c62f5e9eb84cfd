"""What is marked in XML, and annotations of the tools that grew up with it."""

from __future__ import annotations

from datasette_newsgraph.readers.format_signs import Pattern, root_pattern
from datasette_newsgraph.readers.table.format import Format

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
    ),
)
